"""The table of pages: an address, the view that answers it, its template. Every page's data stand at the same address under /api."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dragoman.resources import Tools
from dragoman.store.read import Register
from dragoman.web import contexts, overviews
from dragoman.web.asking import FILTERS, Asked
from dragoman.web.contexts import Context
from dragoman.web.views import browse, charts, checking, groups, record

View = Callable[[Asked, Register, Tools], Context]
FILTERED = (*FILTERS, "contested", "rejected")
PAGED = ("sort", "page", "limit")


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Attributes:
        name: of its routes and of its template.
        path: address, with ``{names}`` in it; ``:path`` marks one that may hold slashes.
        view: makes its context.
        shape: type of the context.
        about: what it shows, for the API's description.
        takes: names of the query that it understands, for the API's description.
        own: those that it alone understands.
        menu: its word in the menu, None where it is not in it.
        scripts: static files that draw on it.
    """

    name: str
    path: str
    view: View
    shape: type
    about: str
    takes: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    menu: str | None = None
    scripts: tuple[str, ...] = ()


D3 = "vendor/d3/d3-{}.min.js"
BARS = tuple(
    D3.format(m)
    for m in (
        "array",
        "color",
        "format",
        "interpolate",
        "time",
        "time-format",
        "scale",
        "selection",
        "path",
        "shape",
        "axis",
    )
)
ZOOM = tuple(D3.format(m) for m in ("dispatch", "timer", "ease", "transition", "drag", "zoom"))
RHYTHM = (*BARS, "js/rhythm.js")
TIMELINE = (*BARS, *ZOOM, "js/timeline.js")
NETWORK = (*BARS, *ZOOM, D3.format("quadtree"), D3.format("force"), "js/network.js")
MAP = (*BARS, *ZOOM, D3.format("geo"), "vendor/topojson/topojson-client.min.js", "js/map.js")

PAGES: tuple[Page, ...] = (
    Page("start", "/", browse.start, contexts.Start, "What the register holds.", scripts=RHYTHM, menu="Start"),
    Page(
        "engagements", "/engagements", browse.listing, contexts.Listing, "Engagements by filters and by words (q).",
        (*FILTERED, "q", *PAGED), menu="Search", scripts=RHYTHM,
    ),
    Page(
        "engagement", "/engagements/{id}", record.engagement, contexts.EngagementShown,
        "One engagement with its accounts, conflicts, history, judgements and neighbours; by id, its beginning, or an account's key.",
        scripts=("js/lit.js", "js/copy.js"),
    ),
    Page("people", "/people", browse.people, contexts.People, "People of the authority file.", ("q", "party", "page", "limit"), menu="People"),
    Page(
        "person", "/people/{id}", groups.person, overviews.PersonShown, "A person: offices as read, diary, whom they met.",
        (*FILTERED, *PAGED), scripts=RHYTHM,
    ),
    Page("parties", "/parties", browse.parties, overviews.Parties, "Parties and pairs of them.", FILTERED, menu="Parties"),
    Page("party", "/parties/{code}", groups.party, overviews.PartyShown, "A party: rhythm, levels, topics, gaps.", FILTERED, scripts=RHYTHM),
    Page("pair", "/parties/{code}/{other}", groups.pair, overviews.PartyShown, "The same of a pair of parties.", FILTERED, scripts=RHYTHM),
    Page("timeline", "/timeline", charts.timeline, overviews.Timeline, "Engagements on a line of time.", FILTERED, menu="Timeline", scripts=TIMELINE),
    Page(
        "network", "/network", charts.network, overviews.Network, "Who meets whom; of=people or of=parties.",
        (*FILTERED, "of"), own=("of",), menu="Network", scripts=NETWORK,
    ),
    Page("map", "/map", charts.world, overviews.WorldMap, "Cities and states.", FILTERED, menu="Map", scripts=MAP),
    Page("documents", "/documents", browse.documents, contexts.Documents, "Documents.", ("page", "limit"), menu="Documents"),
    Page(
        "document", "/documents/{id:path}", record.document, contexts.DocumentShown,
        "A text as published, with everything read in it, and what was set aside.", scripts=("js/lit.js",),
    ),
    Page(
        "review", "/review", checking.review, overviews.Review, "Doubtful records, and what people said last.",
        ("queue", "page"), own=("queue",), menu="Review", scripts=("js/review.js",),
    ),
    Page("compare", "/compare", checking.compared, overviews.Compared, "A register made by hand against this one.", menu="Compare"),
)  # fmt: skip
