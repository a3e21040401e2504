"""A small register made by hand, with what exports stumble over: formulas, quotes, marks, months, cancelled acts, copies."""

from __future__ import annotations

from datetime import date

from dragoman.export import Holdings, in_memory
from dragoman.model import (
    AccountRef,
    Claim,
    Conflict,
    Origin,
    Participation,
    Person,
    Record,
    StatusStep,
    Tenure,
    When,
    Where,
)
from dragoman.resources import Tools

TOOLS = Tools()


def account(key: str, outlet: str | None = "Anadolu", **more: object) -> AccountRef:
    told = {
        "key": key,
        "doc_id": f"doc-{key}",
        "local_id": "e1",
        "outlet": outlet,
        "url": f"https://example.org/{key}?a=1&b=2",
        "title": f"Ministers meet, “again” <{key}>",
        "published": date(2024, 5, 4),
        "sources": ("Foreign Ministry", outlet or "desk"),
        "evidence": "met in Ankara",
    }
    return AccountRef(**{**told, **more})  # type: ignore[arg-type]


def record(key: str, **more: object) -> Record:
    told = {
        "id": key,
        "kind": "meeting",
        "status": "held",
        "salience": "main",
        "part_of": None,
        "date": When("2024-05-03", None, "day", "text"),
        "place": Where("Ankara", "Ankara", "TUR", "Foreign Ministry"),
        "participants": (AYDIN, QULIYEV),
        "parties": ("AZE", "TUR"),
        "topics": ("economic", "military"),
        "framework": None,
        "sources": ("Foreign Ministry", "Anadolu"),
        "evidence": "met in Ankara",
        "accounts": (account(key),),
    }
    return Record(**{**told, **more})  # type: ignore[arg-type]


AYDIN = Participation(
    "p-aydin", "Kemal Aydın", "Foreign Minister", None, "TUR", "host", False, ("K. Aydin", "Kemal Aydın")
)
QULIYEV = Participation("p-quliyev", "Rauf Quliyev", "Foreign Minister", None, "AZE", "guest", True, ("Rauf Quliyev",))
GENERAL = Participation("p-general", "=SUM(A1)", "Chief of the General Staff", "Colonel General", "AZE", "guest", True)
LEADER = Participation("p-leader", "Ana Čović", "President", None, "SRB", "guest", True)
HOST = Participation("p-host", "Emre Kaya", "President", None, "TUR", "host", False)
UNNAMED = Participation(None, None, "Qatari delegation", None, "QAT", "guest", False)

RECORDS = (
    record("r1", accounts=(account("a1"), account("a2", "Trend", copy_of="doc-a1")), independent=1),
    record(
        "r2",
        date=When("2024-05-03", "2024-05-05", "day", "text"),
        kind="visit",
        participants=(GENERAL, HOST),
        topics=("military",),
        accounts=(account("b1"), account("b2", "Trend"), account("b3", None)),
        independent=3,
        conflicts=(Conflict("date", {"2024-05-03": ("b1",), "2024-05-04": ("b2", "b3")}),),
        history=(StatusStep("planned", date(2024, 5, 1), "b1"), StatusStep("held", date(2024, 5, 4), "b2")),
    ),
    record("r3", date=When("2024-06", None, "month", "text"), status="planned", kind="visit", participants=(LEADER, HOST), parties=("SRB", "TUR")),
    record("r4", status="cancelled", kind="call", place=None, participants=(UNNAMED,), parties=("QAT", "TUR"), accepted=True),
    record("r5", date=When(), status="denied", evidence="-denied by both"),
    record("r6", date=When("2024-07-09", "2024-07-11", "day", "text"), kind="conference", framework="NATO Summit", place=Where("Belgrade", "Belgrade", "SRB", None), participants=(HOST, AYDIN, QULIYEV, LEADER), parties=("AZE", "NATO", "SRB", "TUR")),
    record("r7", date=When("2024-07-10", None, "day", "text"), part_of="r6", place=Where("Belgrade", "Belgrade", "SRB", None), participants=(HOST, LEADER), parties=("SRB", "TUR")),
)  # fmt: skip
PEOPLE = (
    Person("p-aydin", "Kemal Aydın", ("K. Aydin", "Kemal Aydın"), ("TUR",), (Tenure("Foreign Minister", "TUR", "2024-05-03", "2024-07-11", ("doc-r1",)),), 2),
)  # fmt: skip
CLAIMS = (
    Claim("a1", "doc-a1", "place.city", "Ankara", (Origin("text", 3, 9), Origin("title", 0, 6)), None, ("Anadolu",), "net", "0.1.0"),
    Claim("a1", "doc-a1", "date.start", "2024-05-03", (), "published", (), None, "0.1.0"),
)  # fmt: skip


def sample() -> Holdings:
    return in_memory(RECORDS, TOOLS, PEOPLE, CLAIMS)


def written(name: str, holdings: Holdings | None = None) -> bytes:
    """The single file that a format makes."""
    import io

    from dragoman.export import export

    out = io.BytesIO()
    export(holdings or sample(), name, "-", out)
    return out.getvalue()
