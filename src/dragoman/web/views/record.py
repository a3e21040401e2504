"""One engagement with its accounts, and one document with everything read in it."""

from __future__ import annotations

from itertools import chain

from dragoman.explain import set_aside
from dragoman.export import footnote
from dragoman.export.phrases import title
from dragoman.merge import rejected
from dragoman.model import Record, Telling
from dragoman.resources import Tools
from dragoman.store.past import items
from dragoman.store.read import Register
from dragoman.store.shapes import StoredDocument
from dragoman.web.asking import Asked
from dragoman.web.contexts import AccountShown, AsideShown, DocumentShown, EngagementShown, ToldShown
from dragoman.web.marks import Stretch, around, marks, stretches
from dragoman.web.views.shared import entries, entry

SIDE_BY_SIDE = 12  # accounts whose texts are shown; the others are named


def engagement(asked: Asked, register: Register, tools: Tools) -> EngagementShown:
    """The record of that id, or with that account.

    Raises:
        NotFound: there is none.
    """
    record = register.record(asked.of_path("id"))
    tellings = {t.key: t for t in register.tellings(record)}
    documents = register.documents_of(record)
    parts = register.parts(record)
    whole = register.record(record.part_of) if record.part_of else None
    near = {record.id, *(p.id for p in parts), record.part_of}
    together = [r for r in register.together(record, limit=20) if r.id not in near]
    judgements = register.judgements(record)
    return EngagementShown(
        title=title(record, tools),
        record=record,
        entry=entry(record),
        rejected=rejected(record, judgements),
        accounts=tuple(
            _account(record, tellings[a.key], documents[a.doc_id], shown=n < SIDE_BY_SIDE)
            for n, a in enumerate(record.accounts)
        ),
        conflicts=record.conflicts,
        history=items(record, judgements),
        judgements=judgements,
        whole=entry(whole) if whole else None,
        parts=entries(parts),
        together=entries(together[:8]),
        footnote=footnote(record, tools),
    )


def _account(record: Record, telling: Telling, document: StoredDocument, *, shown: bool) -> AccountShown:
    ref = next(a for a in record.accounts if a.key == telling.key)
    words: tuple[Stretch, ...] = ()
    if document.text is None:
        words = (Stretch(telling.engagement.evidence, evidence=True),)
    elif shown:
        words = around(document.text, list(marks(telling, record.participants)))
    return AccountShown(
        key=telling.key,
        doc_id=telling.doc_id,
        outlet=ref.outlet,
        title=ref.title,
        url=ref.url,
        published=ref.published.isoformat() if ref.published else None,
        status=telling.engagement.status,
        chain=tuple(dict.fromkeys([*telling.engagement.sources, *([ref.outlet] if ref.outlet else [])])),
        copy_of=ref.copy_of,
        words=words,
        kept=document.text is not None,
    )


def document(asked: Asked, register: Register, tools: Tools) -> DocumentShown:
    """The document of that id.

    Raises:
        NotFound: there is none.
    """
    doc = register.document(asked.of_path("id"))
    told = register.told_in(doc.doc_id)
    records = register.by_id([t.record for t in told])
    found = [
        list(chain.from_iterable(marks(t.telling, (), field=field, prefix=f"e{n}-") for n, t in enumerate(told, 1)))
        for field in ("title", "text")
    ]
    text = doc.text or ""
    aside = set_aside(text, doc.title, tools) if doc.text else ()
    return DocumentShown(
        title=doc.title or doc.doc_id,
        document=doc,
        headline=stretches(doc.title or "", found[0]),
        words=stretches(text, found[1]),
        told=tuple(ToldShown(n, entry(records[t.record])) for n, t in enumerate(told, 1) if t.record in records),
        aside=tuple(AsideShown(a.start, a.end, text[a.start : a.end], a.why) for a in aside),
        differing=register.differing_in(doc.doc_id),
        reading=register.reading(doc.doc_id),
    )
