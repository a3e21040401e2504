"""How much of the article is kept, and how much of the page's furniture is left out, beside trafilatura alone.

Pages are made: real statements of the corpus in the layouts of tools/pages, each with menus, related stories, cookie
banners, captions, share bars, adverts and comments. The furniture is known, so both shares can be counted, in runs of
three words.

    python tools/measure_pages.py [PAGES] [CORPUS.jsonl.gz]
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jinja2
import trafilatura

from dragoman.model import Document, Source
from dragoman.resources import Tools
from dragoman.stages.clean import clean
from dragoman.stages.ingest._html import article

PAGES = Path(__file__).parent / "pages"
CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "whitehouse_2021_2022.jsonl.gz"
READ_AS = frozenset({"title", "dateline", "body"})
FURNITURE: dict[str, Any] = {
    "menu": ["Home", "Politics", "World", "Economy", "Sport", "About us", "Photo gallery", "Contact", "Archive of news"],
    "related": ["Monsoon to reach the valley by weekend, says department", "Oil prices slip as traders weigh new supply figures",
                "Three held over warehouse fire on the outskirts", "National team names squad for spring tour of islands"],
    "cookie": "We use cookies to give you the best experience on our website and to analyse traffic. Read our privacy policy.",
    "caption": "File photo: Guests arrive at the venue under umbrellas. (Photo: Press Pool)",
    "share": "Share Facebook Twitter WhatsApp Telegram Email Print",
    "advert": "Subscribe to our newsletter and get the most important stories of the day in your inbox every morning.",
    "comments": ["Great article, thanks for sharing this with your readers!", "I do not agree with the author at all, shame on you.",
                 "First! Where can I find more about that topic, anyone?"],
    "rights": "Copyright 2024 The Example Times. All rights reserved. Reproduction without written permission is prohibited.",
    "tags": "Tags: diplomacy, visit, talks, cooperation",
}  # fmt: skip


def made(count: int, corpus: Path) -> list[tuple[str, str, str, list[str]]]:
    """Layout, page, article and furniture of ``count`` pages, layouts in turn; texts are spread over the corpus."""
    loader = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True)
    layouts = [loader.get_template(p.name) for p in sorted(PAGES.glob("*.html"))]
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = [r for r in rows if 600 < len(r["text"]) < 8000]
    out = []
    for k in range(count):
        row, layout = rows[k * len(rows) // count], layouts[k % len(layouts)]
        paragraphs = [" ".join(p.split()) for p in row["text"].split("\n\n") if p.strip()]
        page = layout.render(FURNITURE, title=row["title"], paragraphs=paragraphs, day=row["published"][:10], url=row["url"],
                             site="The Example Times", author="Jane Q. Reporter")  # fmt: skip
        used = [w for v in FURNITURE.values() for w in (v if isinstance(v, list) else [v]) if w in page]
        out.append((layout.name or "", page, " ".join(paragraphs), used))
    return out


def by_trafilatura(page: str) -> str:
    """What trafilatura's own extraction gives, as it is set by default."""
    return trafilatura.extract(page) or ""


def by_ingest(page: str) -> str:
    """What becomes the document's text."""
    return str(article(page).get("text", ""))


def by_dragoman(page: str) -> str:
    """What is read of it: the clean text, captions and signatures apart."""
    row = article(page)
    doc = clean(Document(Source("x", title=row.get("title")), str(row.get("text", ""))), TOOLS)
    assert doc.clean is not None
    return "\n".join(b.span.of(doc.clean.text) for b in doc.clean.blocks if b.kind in READ_AS)


def runs(text: str) -> set[tuple[str, ...]]:
    """Runs of three words."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def main() -> None:
    """Print a row a way of reading, and where layouts differ."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 240
    pages = made(count, Path(sys.argv[2]) if len(sys.argv) > 2 else CORPUS)
    ways: dict[str, Callable[[str], str]] = {
        "trafilatura alone": by_trafilatura,
        "dragoman, text": by_ingest,
        "dragoman, read": by_dragoman,
    }
    print(f"{len(pages)} made pages of {len({p[0] for p in pages})} layouts")
    for name, way in ways.items():
        kept, left, layouts = [], [], dict[str, list[float]]()
        begun = time.process_time()
        for layout, page, text, used in pages:
            found, whole = runs(way(page)), runs(text)
            furniture = set().union(*map(runs, used)) - whole
            kept.append(len(found & whole) / len(whole))
            left.append(1 - len(found & furniture) / len(furniture))
            layouts.setdefault(layout, []).append(kept[-1])
        cost = (time.process_time() - begun) / len(pages) * 1000
        worst = sorted((sum(v) / len(v), k) for k, v in layouts.items())[:3]
        print(f"{name:20} article kept {sum(kept) / len(kept):.4f}  furniture left out {sum(left) / len(left):.4f}  {cost:.0f} ms a page; least kept: "
              + ", ".join(f"{k.removesuffix('.html')} {v:.3f}" for v, k in worst))  # fmt: skip


TOOLS = Tools()
if __name__ == "__main__":
    main()
