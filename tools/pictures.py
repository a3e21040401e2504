"""Pictures of the pages for docs/pages: ``pictures.py REGISTER.duckdb [--compare FILE.csv --mapping FILE.toml]``.

The register is served to a Chromium on this machine, and each page is kept as a JPEG of the same width. Shown are the engagement that
most accounts tell of and differ on, a document of it, and the parties and people with most engagements.
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import quote

OUT = Path(__file__).parents[1] / "docs" / "pages"
WIDE, NARROW = {"width": 1200, "height": 1000}, {"width": 390, "height": 844}
TALLER = {"engagement": 1500, "timeline": 1160, "network": 1480}  # what shows a page's point only further down
QUALITY = 72  # of the JPEGs
WORDS = "defence minister"


def addresses(base: str) -> dict[str, str]:
    """An address for each picture."""

    def ask(path: str) -> Any:
        return json.loads(urllib.request.urlopen(base + path).read())

    told = [e for e in ask("/api/engagements?sort=-accounts&limit=100")["entries"] if e["contested"]]
    best = max(told, key=lambda e: (e["accounts"], sum(bool(p["name"]) for p in e["people"])))
    document = ask(f"/api/engagements/{best['id']}")["accounts"][0]["doc_id"]
    people = [p for p in ask("/api/people")["people"] if len(p["name"].split()) > 1]
    parties = [s["value"] for s in ask("/api/parties")["parties"]]
    return {
        "start": "/",
        "search": f"/engagements?q={quote(WORDS)}",
        "engagement": f"/engagements/{best['id']}",
        "document": f"/documents/{quote(document, safe='')}",
        "person": f"/people/{people[0]['id']}",
        "party": f"/parties/{parties[1]}",
        "timeline": "/timeline",
        "network": "/network",
        "map": "/map",
        "review": "/review?queue=one-act",
        "compare": "/compare",
    }


def serve(register: Path, port: int, rest: list[str]) -> subprocess.Popen[bytes]:
    """A server on the register that answers."""
    call = [sys.executable, "-m", "dragoman", "serve", "--register", str(register), "--port", str(port), *rest]
    server = subprocess.Popen(call, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt").read()
            return server
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server does not answer")


def main() -> None:
    """Take them."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("register", type=Path)
    parser.add_argument("--compare", type=Path)
    parser.add_argument("--mapping", type=Path)
    given = parser.parse_args()
    rest = [
        *(["--compare", str(given.compare)] if given.compare else []),
        *(["--mapping", str(given.mapping)] if given.mapping else []),
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    server = serve(given.register, port, rest)
    try:
        pages = addresses(base)
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            shots = [
                (n, path, WIDE | {"height": TALLER.get(n, WIDE["height"])}, "light")
                for n, path in pages.items()
                if n != "map"
            ]
            shots += [
                ("map-dark", pages["map"], WIDE, "dark"),
                ("engagement-narrow", pages["engagement"], NARROW, "dark"),
            ]
            for name, path, viewport, scheme in shots:
                page = browser.new_page(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(base + path)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=str(OUT / f"{name}.jpg"), type="jpeg", quality=QUALITY)
                page.close()
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
