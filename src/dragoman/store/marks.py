"""What was removed on purpose and must not come back: known by keyed hashes, never by name."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dragoman.knowledge.names import PARTICLES, folded
from dragoman.model import Document
from dragoman.store.file import Connection
from dragoman.store.rows import put, text_digest

KEY = "removal_key"  # in the table meta
CUT = "[…]"  # stands where a name was
SHORTEST = 3  # letters of a part of a name that is cut out wherever it stands alone
WORD = re.compile(r"\w+(?:['’ʻ`\-]\w+)*")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A spelling of somebody's name, and the party for which they act."""

    text: str
    party: str | None


@dataclass(frozen=True)
class Marks:
    """The marks of a register; without any nothing is hidden and nothing is kept out."""

    key: bytes = b""
    known: frozenset[tuple[str, str]] = frozenset()
    sizes: tuple[int, ...] = field(default=())  # words of names, the longest first

    def __bool__(self) -> bool:
        return bool(self.known)

    def mark(self, kind: str, words: str) -> str:
        """The keyed hash of something."""
        return hmac.new(self.key, f"{kind}:{words}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def has(self, kind: str, words: str) -> bool:
        """Whether it was removed."""
        return (kind, self.mark(kind, words)) in self.known

    def refuses(self, doc: Document) -> bool:
        """Whether the document was removed: by its id, its address or its text."""
        if not self.known:
            return False
        s = doc.source
        return (
            self.has("document", s.doc_id)
            or (s.url is not None and self.has("url", s.url))
            or self.has("text", text_digest(doc.text))
        )

    def names_in(self, text: str) -> Iterator[tuple[str, ...]]:
        """Names of removed people that stand in a text, as folded parts."""
        if not self.sizes:
            return
        words = [part for match in WORD.finditer(text) for part in folded(_POSSESSIVE.sub("", match[0]))]
        for size in self.sizes:
            for start in range(len(words) - size + 1):
                if self.has("name", " ".join(words[start : start + size])):
                    yield tuple(words[start : start + size])

    def is_of(self, name: str, party: str | None) -> bool:
        """Whether a participant's name is that of somebody who was removed."""
        parts = folded(name)
        if len(parts) > 1:
            return self.has("name", " ".join(parts))
        return bool(parts) and self.has("alone", f"{party or ''}|{parts[0]}")


def read(con: Connection) -> Marks:
    """The marks of a register."""
    rows = con.ask("SELECT kind, mark, size FROM marks")
    if not rows:
        return Marks()
    key = bytes.fromhex(con.one("SELECT value FROM meta WHERE name = ?", [KEY]))
    sizes = sorted({size for kind, _, size in rows if kind == "name"}, reverse=True)
    return Marks(key, frozenset((kind, mark) for kind, mark, _ in rows), tuple(sizes))


def key_of(con: Connection) -> Marks:
    """Marks without any yet, with the register's key, which is made where there is none."""
    kept = con.one("SELECT value FROM meta WHERE name = ?", [KEY])
    if kept is None:
        kept = secrets.token_hex(32)
        con.execute("INSERT INTO meta VALUES (?, ?)", [KEY, kept])
    return Marks(bytes.fromhex(kept))


def mark_documents(con: Connection, removal: str, documents: Iterable[tuple[str, str | None, str]]) -> None:
    """Keep documents, given by id, address and digest of the text, from coming back."""
    marks = key_of(con)
    rows = []
    for doc_id, url, digest in documents:
        for kind, words in (("document", doc_id), ("url", url), ("text", digest)):
            if words is not None:
                rows.append({"removal": removal, "kind": kind, "size": 0, "mark": marks.mark(kind, words)})
    put(con, "marks", rows)


def mark_names(con: Connection, removal: str, names: Iterable[Name]) -> None:
    """Keep names from coming back."""
    marks = key_of(con)
    found = set()
    for name in names:
        parts = folded(name.text)
        if len(parts) > 1:
            found.add(("name", len(parts), marks.mark("name", " ".join(parts))))
        elif parts:
            found.add(("alone", 1, marks.mark("alone", f"{name.party or ''}|{parts[0]}")))
    put(con, "marks", [{"removal": removal, "kind": k, "size": n, "mark": m} for k, n, m in sorted(found)])


def parts_of(names: Iterable[Iterable[str]]) -> frozenset[str]:
    """Parts of names that are cut out wherever they stand: no particles, no initials."""
    return frozenset(p for name in names for p in name if len(p) >= SHORTEST and p not in PARTICLES)


def cut(text: str, parts: frozenset[str]) -> str:
    """The text with a sign in the place of each word that is a part of a removed name."""
    if not parts:
        return text

    def instead(match: re.Match[str]) -> str:
        return CUT if parts & set(folded(_POSSESSIVE.sub("", match[0]))) else match[0]

    return re.sub(re.escape(CUT) + r"(?:[\s.\-]*" + re.escape(CUT) + ")+", CUT, WORD.sub(instead, text))
