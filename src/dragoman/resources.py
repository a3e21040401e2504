"""Everything that is knowledge and not code: the one place that opens data/, checked on loading and held lazily.

``Tools`` is handed to every stage. It has no settings; what it holds depends only on the files of the
package, whose digest is part of each record's version.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import resources as packaged
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dragoman import __version__
from dragoman.errors import DataError

if TYPE_CHECKING:
    from dragoman.knowledge.authority import Authority
    from dragoman.knowledge.cleaning import Rule
    from dragoman.knowledge.coordinates import Coordinates
    from dragoman.knowledge.cues import Cues, Ending
    from dragoman.knowledge.forms import NameForms
    from dragoman.knowledge.frames import FrameIndex
    from dragoman.knowledge.gazetteer import Gazetteer
    from dragoman.knowledge.language import Engine
    from dragoman.knowledge.levels import Levels
    from dragoman.knowledge.naming import Entry
    from dragoman.knowledge.prompt import Orders, Prompt
    from dragoman.knowledge.screen import Screen
    from dragoman.knowledge.sieve import Sieve
    from dragoman.knowledge.titles import TitleIndex
    from dragoman.knowledge.variants import Variants
    from dragoman.knowledge.vessels import Vessels
    from dragoman.model import Source
    from dragoman.network.runtime import Network, Pieces

FOLDER = Path(str(packaged.files("dragoman"))) / "data"
MODEL = FOLDER / "model"
NAMES = FOLDER / "names.trie"  # made by tools/make_names.py
FORMS = FOLDER / "forms.npz"  # made by tools/make_forms.py
# A site's name that ends with two letters.
_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+(?P<letters>[A-Za-z]{2})/?")
NAMED_IN = (
    "states.csv",
    "regions.csv",
    "towns.csv",
    "organisations.csv",
    "metonyms.csv",
    "neutral.csv",
    "officials.csv",
)


@dataclass(frozen=True, slots=True)
class State:
    """A row of data/states.csv; ``code`` is ISO 3166-1 alpha-3."""

    code: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """A row of data/former.csv: the state, ISO 3166-1 alpha-3, that another's cities lay in from ``first`` to ``last``."""

    code: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Organisation:
    """A row of data/organisations.csv; ``kind`` is organisation or side."""

    party: str
    names: tuple[str, ...]
    kind: str
    seats: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Metonym:
    """A row of data/metonyms.csv."""

    name: str
    party: str
    place: str
    country: str  # where it stands


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Words beside a name that tell whether it is a town's (data/words.yaml), in lower case."""

    streets: AbstractSet[str]
    within: AbstractSet[str]
    at: AbstractSet[str]
    towards: AbstractSet[str]
    settlements: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Outlet:
    """A row of data/outlets.csv; ``country`` is ISO 3166-1 alpha-3 or empty for a body of several states."""

    name: str
    variants: tuple[str, ...]
    kind: str
    country: str


def rows(name: str, *columns: str) -> Iterator[dict[str, str]]:
    """Rows of a CSV file in data/; lines that begin with # are its header and are skipped.

    Raises:
        DataError: the file's columns are not ``columns``, or a row has too few or too many; names file and line.
    """
    path = FOLDER / name
    with path.open(encoding="utf-8", newline="") as file:
        lines = [(n, line) for n, line in enumerate(file, 1) if not line.startswith("#")]
    reader = csv.reader(line for _, line in lines)
    head = next(reader, [])
    if tuple(head) != columns:
        raise DataError(f"{path}:{lines[0][0] if lines else 1}: columns are {head}, not {list(columns)}")
    for (number, _), row in zip(lines[1:], reader, strict=False):
        if len(row) != len(columns):
            raise DataError(f"{path}:{number}: {len(row)} fields, not {len(columns)}")
        yield dict(zip(columns, row, strict=True))


def several(cell: str) -> tuple[str, ...]:
    """Values of one cell parted by ``;``."""
    return tuple(v.strip() for v in cell.split(";") if v.strip())


def read_yaml(name: str) -> Any:
    """A YAML file of data/.

    Raises:
        DataError: it is not YAML; names file and line.
    """
    import yaml

    path = FOLDER / name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise DataError(f"{path}: {error}") from error


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Tools:
    """Data, language model and network, each loaded when first asked for."""

    def __init__(self, *, threads: int | None = None) -> None:
        """``threads`` is how many documents the network reads at once (all cores, if nothing is said); no record depends on it."""
        self._threads = threads

    def load(self) -> None:
        """Load all that every document needs, but what may not be shared with a forked process: the network's sessions.

        Raises:
            StopRun: no language model is installed, or the network's files are incomplete.
        """
        for name in (
            "version",
            "engine",
            "gazetteer",
            "screen",
            "sieve",
            "authority",
            "forms",
            "titles",
            "frames",
            "cleaning",
            "cues",
            "thresholds",
        ):
            getattr(self, name)
        self.outlet("")
        self.network  # noqa: B018 (loads)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over every data file's name and bytes, shortened to ten hexadecimal digits."""
        total = hashlib.sha256()
        for path in sorted(p for p in FOLDER.rglob("*") if p.is_file()):
            total.update(path.relative_to(FOLDER).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
        return total.hexdigest()[:10]

    @cached_property
    def version(self) -> str:
        """What a record was made with: package version and digest of its data."""
        return f"{__version__}+{self.digest}"

    @cached_property
    def states(self) -> tuple[State, ...]:
        """States and territories."""
        return tuple(
            State(r["code"], several(r["names"]), several(r["demonyms"]), several(r["capitals"]))
            for r in rows("states.csv", "code", "names", "demonyms", "capitals")
        )

    @cached_property
    def former(self) -> dict[str, Former]:
        """Former states by the states of today that lie where they did."""
        return {
            r["state"]: Former(r["former"], date.fromisoformat(r["first"]), date.fromisoformat(r["last"]))
            for r in rows("former.csv", "state", "former", "first", "last")
        }

    @cached_property
    def organisations(self) -> tuple[Organisation, ...]:
        """Intergovernmental organisations and non-state sides."""
        return tuple(
            Organisation(r["party"], several(r["names"]), r["kind"], several(r["seat"]))
            for r in rows("organisations.csv", "party", "names", "kind", "seat")
        )

    @cached_property
    def seats(self) -> Mapping[str, frozenset[str]]:
        """The cities in which each organisation has a seat."""
        return {o.party: frozenset(o.seats) for o in self.organisations}

    @cached_property
    def metonyms(self) -> tuple[Metonym, ...]:
        """Buildings and by-names of governments."""
        return tuple(
            Metonym(r["name"], r["party"], r["place"], r["country"] or r["party"])
            for r in rows("metonyms.csv", "name", "party", "place", "country")
        )

    @cached_property
    def outlets(self) -> tuple[Outlet, ...]:
        """Agencies, papers, broadcasters, official sites."""
        return tuple(
            Outlet(r["name"], several(r["variants"]), r["kind"], r["country"])
            for r in rows("outlets.csv", "name", "variants", "kind", "country")
        )

    @cached_property
    def _outlet_index(self) -> dict[str, Outlet]:
        return {plain(n): o for o in reversed(self.outlets) for n in (o.name, *o.variants)}

    def outlet(self, name: str) -> Outlet | None:
        """The outlet of that name or variant, written however."""
        return self._outlet_index.get(plain(name))

    @cached_property
    def _party_index(self) -> dict[str, str]:
        named = [(s.code, (s.code, *s.names, *s.demonyms)) for s in self.states]
        named += [(o.party, (o.party, *o.names)) for o in self.organisations]
        return {plain(name): code for code, names in reversed(named) for name in names}

    def party(self, name: str) -> str | None:
        """The code of a party named by code, name or people, written however ("TUR", "turkey", "EU"), or None."""
        return self._party_index.get(plain(name))

    def source_country(self, source: Source) -> str | None:
        """State of the outlet that published a document, else that of its address, if that ends with a state's letters ("mfa.gov.lv")."""
        if source.outlet:
            known = self.outlet_country(source.outlet)
            if known or self.outlet(source.outlet):  # an agency of no state stays of none wherever it has its pages
                return known
        return self._site_country(urlsplit(source.url or "").hostname or "")

    def source_party(self, source: Source) -> str | None:
        """State of a document's source, else the only organisation that its outlet's name names ("League of Arab States, General Secretariat")."""
        state = self.source_country(source)
        if state or not source.outlet:
            return state
        told = {p.party for p in self.gazetteer.both(source.outlet)[0] if p.kind == "organisation"}
        return told.pop() if len(told) == 1 else None

    def bears_common_name(self, source: Source) -> bool:
        """Whether papers of several states have the outlet's name ("The Herald") and its address does not tell which one it is."""
        name = plain(source.outlet or "")
        return name in self._words["papers"] and not self._site_country(urlsplit(source.url or "").hostname or "")

    def outlet_country(self, name: str) -> str | None:
        """State of an outlet: from the table, else of whom a mission is one, else the only state that its name names, else that of the outlet
        with whose name it begins ("Kyodo News English Service"), else that of the only city that it names."""
        known = self.outlet(name)
        if known:
            return known.country or None
        parties, places = self.gazetteer.both(name)
        states = [(p.party, p.span.of(name).lower()) for p in parties if p.kind in {"name", "demonym", "capital"}]
        if states and self._missions.match(name):
            return states[0][0]
        told = {party for party, word in states if word not in self._languages}
        if not told:
            words = name.split()
            begins = (self.outlet(" ".join(words[:n])) for n in range(len(words) - 1, 0, -1))
            if longer := next((o for o in begins if o and o.country), None):
                return longer.country
            told = {p.country for p in places if p.kind == "city" and p.country} or {party for party, _ in states}
        return told.pop() if len(told) == 1 else self._site_country(name)

    def _site_country(self, name: str) -> str | None:
        """State whose two letters end the name of a site."""
        found = _SITE.fullmatch(name)
        return self._states_of_sites.get(found["letters"].lower()) if found else None

    @cached_property
    def _states_of_sites(self) -> dict[str, str]:
        """States by the ends of their sites' names (ISO 3166-1 alpha-2, and "uk"), those left out that everybody takes ("tv")."""
        from dragoman.knowledge.coordinates import states_by_letters

        sites = {letters.lower(): state for letters, state in states_by_letters().items()} | {"uk": "GBR"}
        return {letters: state for letters, state in sites.items() if letters not in self._words["domains_of_all"]}

    @cached_property
    def _missions(self) -> re.Pattern[str]:
        kinds = "|".join(map(re.escape, self._words["missions"]))
        return re.compile(rf"(?:the\s+)?(?:\S+\s+)?(?:{kinds})\b", re.IGNORECASE)

    @cached_property
    def _languages(self) -> frozenset[str]:
        return frozenset(self._words["languages"])

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """Names of parties and places: from the table that the package carries, worked out again where the data is newer."""
        from dragoman.knowledge.gazetteer import Gazetteer
        from dragoman.knowledge.nametable import NameTable

        table = NameTable.read(NAMES)
        if table is None or table.stamp != self.names_stamp:
            table = NameTable.made(self.all_names(), self.names_stamp)
        return Gazetteer(table, self.states)

    def all_names(self) -> dict[str, Entry]:
        """Every name of a party or place, worked out afresh, which takes seconds."""
        from dragoman.knowledge.naming import entries

        neutral = tuple(r["name"] for r in rows("neutral.csv", "name"))
        regions, towns = (
            tuple((r["name"], r["country"]) for r in rows(name, "name", "country"))
            for name in ("regions.csv", "towns.csv")
        )
        return entries(self.states, regions, towns, self.organisations, self.metonyms, neutral, self.name_parts)

    @cached_property
    def names_stamp(self) -> str:
        """Digest of the files that names come from: a table of names that was made from others is out of date."""
        total = hashlib.sha256()
        for name in NAMED_IN:
            total.update((FOLDER / name).read_bytes())
        return total.hexdigest()[:16]

    @cached_property
    def _officials(self) -> tuple[dict[str, str], ...]:
        return tuple(rows("officials.csv", "name", "office", "country", "country_name", "since", "until", "source"))

    @cached_property
    def authority(self) -> Authority:
        """The table of office-holders."""
        from dragoman.knowledge.authority import Authority

        return Authority((r["name"], r["country"]) for r in self._officials)

    @cached_property
    def officials_by_state(self) -> tuple[tuple[str, str], ...]:
        """Name and state of each office-holder of the table whose state has a code."""
        return tuple((r["name"], r["country"]) for r in self._officials if r["country"])

    @cached_property
    def forms(self) -> NameForms:
        """What forms the names of each state's office-holders take."""
        from dragoman.knowledge.forms import NameForms

        return NameForms.read(FORMS)

    @cached_property
    def name_parts(self) -> frozenset[str]:
        """Lower-case parts of the names of office-holders."""
        return frozenset(
            part for r in self._officials for part in r["name"].lower().replace("-", " ").split() if len(part) > 2
        )

    @cached_property
    def cleaning(self) -> tuple[Rule, ...]:
        """Patterns of page furniture and of the parts of an article."""
        import re

        from dragoman.knowledge.cleaning import Rule

        return tuple(
            Rule(r["id"], r["does"], re.compile(r["pattern"]), tuple(r["examples"]), r["counter"])
            for r in read_yaml("cleaning.yaml")
        )

    @cached_property
    def frames(self) -> FrameIndex:
        """Words that may denote engagements."""
        from dragoman.knowledge.frames import Frame, FrameIndex

        return FrameIndex(
            Frame(r["id"], r["kind"], tuple(r["phrases"]), tuple(r["examples"]), r["counter"])
            for r in read_yaml("frames.yaml")
        )

    @cached_property
    def screen(self) -> Screen:
        """What a text must hold to be read at all."""
        from dragoman.knowledge.screen import Screen

        return Screen(
            read_yaml("screen.yaml"), abbreviations=self.abbreviations, reach=int(self.thresholds["screen.reach"])
        )

    @cached_property
    def sieve(self) -> Sieve:
        """Which sentences have the words of an act between parties."""
        from dragoman.knowledge.sieve import Sieve

        return Sieve.read(MODEL)

    @cached_property
    def titles(self) -> TitleIndex:
        """Ranks, honorifics, office words."""
        from dragoman.knowledge.titles import TitleIndex

        words = read_yaml("titles.yaml")
        return TitleIndex(
            **{
                k: words[k]
                for k in (
                    "ranks",
                    "honorifics",
                    "offices",
                    "openers",
                    "suffixes",
                    "given",
                    "following",
                    "bodies",
                    "little",
                    "counterpart",
                )
            }
        )

    @cached_property
    def roles(self) -> Mapping[str, list[str]]:
        """Nouns that name an office-holder again, and the office words that they may stand for."""
        table: dict[str, list[str]] = read_yaml("roles.yaml")
        return table

    @cached_property
    def levels(self) -> Levels:
        """Levels of office, from words."""
        from dragoman.knowledge.levels import Levels

        return Levels(read_yaml("levels.yaml"))

    @cached_property
    def cow(self) -> Mapping[str, int]:
        """Correlates of War country codes by ISO 3166-1 alpha-3."""
        return {r["code"]: int(r["cow"]) for r in rows("cow.csv", "code", "cow")}

    @cached_property
    def plover(self) -> dict[str, Any]:
        """Which PLOVER event and mode a kind and status are."""
        table: dict[str, Any] = read_yaml("plover.yaml")
        return table

    @cached_property
    def comparison(self) -> dict[str, Any]:
        """How `dragoman compare` reads a register made by hand unless a mapping says otherwise."""
        import tomllib

        return tomllib.loads((FOLDER / "compare.toml").read_text(encoding="utf-8"))

    @cached_property
    def dated_heads(self) -> tuple[Mapping[str, str], ...]:
        """Rows of the table of officials on heads of state and government whose dates come from a list of terms."""
        heads = {"head_of_state", "head_of_government"}
        return tuple(r for r in self._officials if "CIA" not in r["source"] and self.levels.of(r["office"]) in heads)

    @cached_property
    def state_names(self) -> Mapping[str, str]:
        """First English name of each state by its code."""
        return {s.code: s.names[0] for s in self.states}

    @cached_property
    def coordinates(self) -> Coordinates:
        """Where cities lie."""
        from dragoman.knowledge.coordinates import Coordinates

        today: dict[str, tuple[str, ...]] = {}
        for state, was in self.former.items():
            today[was.code] = (*today.get(was.code, ()), state)
        return Coordinates(today)

    @cached_property
    def thresholds(self) -> dict[str, float]:
        """Cuts on the network's scores, as measured (data/thresholds.toml)."""
        import tomllib

        table = tomllib.loads((FOLDER / "thresholds.toml").read_text(encoding="utf-8"))
        return {key: float(value["value"]) for key, value in table.items()}

    @cached_property
    def variants(self) -> Variants:
        """Spellings of people's names."""
        from dragoman.knowledge.variants import Variants

        return Variants(
            [(r["written"], r["read"]) for r in rows("names.csv", "written", "read")],
            patronymics=self._words["patronymics"],
            descent=self._words["descent"],
        )

    @cached_property
    def _words(self) -> dict[str, Any]:
        table: dict[str, Any] = read_yaml("words.yaml")
        return table

    @cached_property
    def empty_words(self) -> frozenset[str]:
        """Folded words without weight when descriptions are compared."""
        return frozenset(self._words["empty"])

    @cached_property
    def separately(self) -> re.Pattern[str]:
        """Finds what says that one wording tells of several talks."""
        from dragoman.knowledge.cues import any_of

        return any_of(self._words["separately"])

    @cached_property
    def stamps(self) -> frozenset[str]:
        """What stands before the day of publication, in small letters."""
        return frozenset(self._words["stamps"])

    @cached_property
    def receiving(self) -> frozenset[str]:
        """Dictionary forms of verbs by which a host receives a guest."""
        return frozenset(self._words["receiving"])

    @cached_property
    def company(self) -> tuple[frozenset[str], frozenset[str]]:
        """Dictionary forms of what tells, beside names, who came along with a guest, and who was present at an act."""
        words = self._words["company"]
        return frozenset(words["along"]), frozenset(words["present"])

    @cached_property
    def abbreviations(self) -> frozenset[str]:
        """What is cut short before a name, in lower case and without its stop, which ends no sentence."""
        return frozenset(self._words["abbreviations"])

    @cached_property
    def place_words(self) -> PlaceWords:
        """Words that tell whether a name is a town's."""
        places = {kind: frozenset(words) for kind, words in self._words["places"].items()}
        return PlaceWords(frozenset(self._words["streets"]), **places)

    @cached_property
    def vessels(self) -> Vessels:
        """What stands before the names of ships."""
        from dragoman.knowledge.vessels import Vessels

        words = self._words["vessels"]
        return Vessels(frozenset(words["nouns"]), frozenset(words["prefixes"]))

    @cached_property
    def at_sea(self) -> re.Pattern[str]:
        """Finds an act placed on waters of no state."""
        from dragoman.knowledge.cues import at_sea

        return at_sea(self._words["waters"])

    @cached_property
    def ending(self) -> Ending:
        """Tells stretches of days that are over on the day told with them."""
        from dragoman.knowledge.cues import Ending

        return Ending(self._words["ending"])

    @cached_property
    def several(self) -> Mapping[str, int]:
        """Words that say how many people a plural means, with the number."""
        said: dict[str, int] = self._words["several"]
        return said

    @cached_property
    def ordinals(self) -> dict[str, str]:
        """Folded words that count, with the number that they stand for."""
        return {word: number for number, words in self._words["ordinals"].items() for word in words}

    @cached_property
    def domains(self) -> dict[str, str]:
        """Folded words of office titles, with what such an office is over."""
        return {word: domain for domain, words in self._domains["domains"].items() for word in words}

    @cached_property
    def rival_careers(self) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        """Domains of office that one person does not hold beside those of the other set."""
        return tuple((frozenset(one), frozenset(other)) for one, other in self._domains["rivals"])

    @cached_property
    def _domains(self) -> dict[str, Any]:
        table: dict[str, Any] = read_yaml("domains.yaml")
        return table

    @cached_property
    def officials(self) -> tuple[dict[str, str], ...]:
        """Rows of the table of office-holders: name, office, country, since, until, source."""
        return self._officials

    @cached_property
    def cues(self) -> Cues:
        """Words of attribution."""
        from dragoman.knowledge.cues import Cues

        return Cues(read_yaml("attribution.yaml"))

    @cached_property
    def prompt(self) -> Prompt:
        """What a language model is asked."""
        from dragoman.knowledge.prompt import Prompt

        return Prompt(**read_yaml("prompt.yaml"))

    @cached_property
    def orders(self) -> Orders:
        """Sentences that give orders to whoever reads by machine."""
        import re

        from dragoman.knowledge.prompt import Order, Orders

        return Orders(
            Order(r["id"], re.compile(r["pattern"], re.IGNORECASE), tuple(r["examples"]), r["counter"])
            for r in read_yaml("orders.yaml")
        )

    @cached_property
    def engine(self) -> Engine:
        """The language model."""
        from dragoman.knowledge.language import load_engine

        return load_engine(abbreviations=self.abbreviations)

    @cached_property
    def pieces(self) -> Pieces:
        """The encoder's word pieces."""
        from dragoman.network.runtime import Pieces

        return Pieces(MODEL)

    @cached_property
    def network(self) -> Network:
        """The reader's network."""
        from dragoman.network.runtime import Network

        return Network(MODEL, threads=self._threads or cores())


def plain(name: str) -> str:
    """A name folded for comparison: lower case, letters and digits only, no leading article."""
    words = "".join(c if c.isalnum() else " " for c in name.lower()).split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
