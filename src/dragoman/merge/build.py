"""The record of one act from all accounts of it and from what people have judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from dragoman.merge.correct import corrected
from dragoman.merge.prepare import AHEAD, Prepared, prepare, words
from dragoman.merge.voices import Heard, by_worth, elected, heard, told, votes
from dragoman.merge.when_where import date_conflict, date_of, place_conflict, place_of
from dragoman.merge.who import cast_of, participants_of, who_conflicts
from dragoman.model import AccountRef, Conflict, Judgement, Record, StatusStep, Telling
from dragoman.resources import Tools

MOST_TOPICS = 5  # the guide's limit
REMOTE = "call"


def build(
    tellings: Iterable[Telling | Prepared],
    judgements: Iterable[Judgement],
    copies: Mapping[str, str],
    people: Mapping[tuple[str, int], str],
    tools: Tools,
) -> Record:
    """The record of the accounts, which are all of one act.

    Args:
        tellings: at least one account.
        judgements: any; those on other records are passed over.
        copies: document to the document whose wire text it repeats.
        people: (account key, number of the participant) to id in the authority file.
        tools: the data files.

    Returns:
        The record. Its id is the key of its founding account, the earliest published. ``part_of`` is left empty: it needs to
        be known which record the visit's account is in (:func:`part_of`).
    """
    accounts = heard((prepare(t, tools) for t in tellings), copies)
    best = by_worth(accounts)
    cast = cast_of(accounts, people, tools)
    status = status_of(accounts)
    record = Record(
        id=accounts[0].key,
        kind=elected(best, lambda h: h.prepared.engagement.kind) or best[0].prepared.engagement.kind,
        status=status,
        salience="main" if any(h.prepared.engagement.salience == "main" for h in accounts) else "mention",
        part_of=None,
        date=date_of(accounts),
        place=place_of(accounts),
        participants=participants_of(accounts, cast),
        parties=parties_of(best),
        topics=_ranked(best, lambda h: h.prepared.engagement.topics)[:MOST_TOPICS],
        framework=framework_of(best, tools),
        sources=sources_of(accounts),
        evidence=best[0].prepared.engagement.evidence,
        accounts=tuple(_reference(h) for h in accounts),
        conflicts=tuple(_conflicts(accounts, cast, tools)),
        history=history_of(accounts),
        independent=len({h.voice for h in accounts}),
        basis=_basis(accounts),
    )
    return corrected(record, judgements)


def status_of(accounts: Sequence[Heard]) -> str:
    """What the act came to: what is told of it once it was over before what was planned, the latest account last.

    Where one account says held and another cancelled, more voices win, then the later account.
    """
    over = [h for h in accounts if h.prepared.engagement.status not in AHEAD]
    last_first = list(reversed(over or list(accounts)))
    return elected(last_first, lambda h: h.prepared.engagement.status) or accounts[0].prepared.engagement.status


def history_of(accounts: Sequence[Heard]) -> tuple[StatusStep, ...]:
    """Each change of status with the account that first tells of it, in order of publication; empty without a change."""
    steps: list[StatusStep] = []
    for h in accounts:
        status = h.prepared.engagement.status
        if not steps or steps[-1].status != status:
            steps.append(StatusStep(status, h.prepared.telling.published, h.key))
    return tuple(steps) if len(steps) > 1 else ()


def parties_of(accounts: Sequence[Heard]) -> tuple[str, ...]:
    """Parties that at least half of the voices give."""
    counted = votes(accounts, lambda h: h.prepared.engagement.parties or None)
    voices: dict[str, int] = {}
    for parties, n in counted.items():
        for p in parties:
            voices[p] = voices.get(p, 0) + n
    total = sum(counted.values())
    return tuple(sorted(p for p, n in voices.items() if 2 * n >= total))


def _ranked(accounts: Sequence[Heard], values: Callable[[Heard], Sequence[str]]) -> tuple[str, ...]:
    """Values by the number of voices that give them, then by their place in the lists and the order of accounts."""
    voices: dict[str, set[str]] = {}
    place: dict[str, tuple[int, int]] = {}
    for n, h in enumerate(accounts):
        for i, value in enumerate(values(h)):
            voices.setdefault(value, set()).add(h.voice)
            place[value] = min(place.get(value, (i, n)), (i, n))
    return tuple(sorted(voices, key=lambda v: (-len(voices[v]), place[v], v)))


def framework_of(accounts: Sequence[Heard], tools: Tools) -> str | None:
    """The framework that most voices mean, in the fullest wording."""
    named = [h for h in accounts if h.prepared.framework]
    if not named:
        return None

    def backing(h: Heard) -> int:
        return len({o.voice for o in named if o.prepared.framework & h.prepared.framework})

    most = max(backing(h) for h in named)
    texts = [h.prepared.engagement.framework or "" for h in named if backing(h) == most]
    return max(texts, key=lambda t: (len(words(t, tools)), -texts.index(t)))


def sources_of(accounts: Sequence[Heard]) -> tuple[str, ...]:
    """Voices of all accounts: who is cited, nearest to the event first, then the outlets, each once."""
    cited: dict[str, None] = {}
    outlets: dict[str, None] = {}
    for h in accounts:
        chain = h.prepared.engagement.sources
        outlet = h.prepared.telling.outlet
        for n, voice in enumerate(chain):
            last = voice == outlet or (n == len(chain) - 1 and n > 0)
            (outlets if last else cited).setdefault(voice)
    return (*cited, *(o for o in outlets if o not in cited))


def visit_key(telling: Telling, siblings: Mapping[tuple[str, str], str]) -> str | None:
    """Key of the account of the visit that the telling's act was part of; ``siblings`` maps (document, local id) to keys."""
    visit = telling.engagement.part_of
    return siblings.get((telling.doc_id, visit)) if visit else None


def part_of(record: Record, visits: Mapping[str, str], home: Mapping[str, str]) -> str | None:
    """The record of the visit that most voices make this one part of; None where that is the record itself.

    Args:
        record: the record that may be part of a visit.
        visits: account key to the key of its visit's account (:func:`visit_key`).
        home: account key to the id of its record.
    """
    voices: dict[str, set[str]] = {}
    for a in record.accounts:
        visit = home.get(visits.get(a.key, ""))
        if visit and visit != record.id:
            voices.setdefault(visit, set()).add(a.copy_of or a.doc_id)
    return min(voices, key=lambda v: (-len(voices[v]), v)) if voices else None


def _reference(h: Heard) -> AccountRef:
    t = h.prepared.telling
    e = t.engagement
    return AccountRef(
        key=t.key,
        doc_id=t.doc_id,
        local_id=e.id,
        outlet=t.outlet,
        url=t.url,
        title=t.title,
        published=t.published,
        sources=e.sources,
        evidence=e.evidence,
        copy_of=h.voice if h.voice != t.doc_id else None,
        author=t.author,
        language=t.language,
    )


def _conflicts(accounts: Sequence[Heard], cast: object, tools: Tools) -> list[Conflict]:
    """What the accounts contradict each other in, by field."""
    found = [date_conflict(accounts), place_conflict(accounts, tools), _status_conflict(accounts), _kind(accounts)]
    found += [_parties(accounts)]
    found += who_conflicts(accounts, cast, tools)  # type: ignore[arg-type]
    return sorted((c for c in found if c is not None), key=lambda c: c.field)


def _status_conflict(accounts: Sequence[Heard]) -> Conflict | None:
    """Held here and cancelled there, or planned still in an account later than one that calls it off."""
    statuses = {h.prepared.engagement.status for h in accounts}
    ends = statuses - AHEAD
    if len(ends) < 2 and not _late_plan(accounts):
        return None
    return Conflict("status", told(accounts, lambda h: h.prepared.engagement.status))


def _late_plan(accounts: Sequence[Heard]) -> bool:
    """``accounts`` are in order of publication."""
    off = [h for h in accounts if h.prepared.engagement.status == "cancelled"]
    return any(
        h.prepared.engagement.status in AHEAD
        and any((h.prepared.published or 0) > (o.prepared.published or h.prepared.published or 0) for o in off)
        for h in accounts
    )


def _kind(accounts: Sequence[Heard]) -> Conflict | None:
    """In person here and by telephone there; whether a gathering is a meeting or a conference is a matter of wording."""
    kinds = {h.prepared.engagement.kind for h in accounts}
    if REMOTE not in kinds or len(kinds) == 1:
        return None
    return Conflict("kind", told(accounts, lambda h: h.prepared.engagement.kind))


def _parties(accounts: Sequence[Heard]) -> Conflict | None:
    """Two accounts that each name people of a party that the other does not have."""

    def lacks(a: Heard, b: Heard) -> bool:
        return bool({n.party for n in a.prepared.people if n.party} - b.prepared.parties)

    if not any(lacks(a, b) and lacks(b, a) for a, b in combinations(accounts, 2)):
        return None
    return Conflict("parties", told(accounts, lambda h: ", ".join(h.prepared.engagement.parties)))


def _basis(accounts: Sequence[Heard]) -> dict[str, str]:
    """Bases of the best account's inferred values that are the record's as well."""
    return dict(sorted(by_worth(accounts)[0].prepared.engagement.basis.items()))
