"""An office that several people hold, said once in the plural: "Presidents A and B", "the foreign ministers of X and Y, A and B",
"A (X) and B (Y), co-rapporteurs of the Assembly". Each of them holds it in the singular."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from dragoman.knowledge.titles import TitleIndex
from dragoman.model import Annotation
from dragoman.network.features import word_range, words_under
from dragoman.stages.resolve._people import Cluster

Words = tuple[int, int]
OfStates = tuple[Words, str, frozenset[str]]
"""An office in the plural, in the singular, and the states it is said of."""
JOINS = frozenset(
    {",", "and", "&", "of", "from", "the", "(", ")", ":", "–", "—", "-", "'s", "’s"}
)  # what may stand between the members of a list
PARTS = frozenset({",", "–", "—", "("})  # what stands between a list and an office that is its apposition
LEADS = frozenset({"DET", "ADJ", "NUM", "PRON"})  # what may stand between that and the office: "both", "the respective"
LED = 3  # how many of them
BODY = frozenset({"of", "for"})  # what leads to the body that an office belongs to
NOUNS = frozenset({"NOUN", "PROPN"})
NAMING = NOUNS | {"ADJ"}
HYPHEN = "-"


class Shared(NamedTuple):
    """Offices said once for several: ``held`` by the number of each person, the words and the singular; of lists of people who are called
    counterparts, the word that says so and who they are; and what is said of states alone ("the foreign ministers of X and Y")."""

    held: dict[int, tuple[Words, str]]
    counterparts: list[tuple[int, list[int]]]
    of_states: list[OfStates]


def overlap(left: Words, right: Words) -> bool:
    """Whether two stretches of words share one."""
    return left[0] < right[1] and right[0] < left[1]


def shared_offices(
    note: Annotation, text: str, clusters: Sequence[Cluster], ranked: AbstractSet[int], titles: TitleIndex
) -> Shared:
    """Such offices of a document. ``ranked`` are the words of ranks and forms of address, which may stand before any of the names."""
    look = _Look(note, text, clusters, ranked, titles)
    shared = Shared({}, [], [])
    for word in look.heads():
        words = look.phrase(word)
        if titles.is_counterpart(look.one(word).lower()):
            shared.counterparts.append((word, look.listed(words) or look.listed_before(words)))
        elif words[1] - words[0] > 1 or not titles.says_little(look.one(word)):
            bare = words[1] - words[0] == 1 and not look.leads_to_body(words[1])
            holders = look.listed(words) or ([] if bare else look.listed_before(words))
            office = words, look.in_singular(words, word)
            for person in holders:
                shared.held.setdefault(person, office)
            states = frozenset(look.states_beside(words))
            if not holders and len(states) > 1:
                shared.of_states.append((*office, states))
    return shared


class _Look:
    """Where offices in the plural stand in a document, and what stands beside them."""

    def __init__(
        self, note: Annotation, text: str, clusters: Sequence[Cluster], ranked: AbstractSet[int], titles: TitleIndex
    ) -> None:
        self._tokens, self._text, self._titles = note.tokens, text, titles
        named = [(words, i) for i, cluster in enumerate(clusters) for words in cluster.named]
        self._first = {words[0]: (words[1], i) for words, i in named}
        self._last = {words[1] - 1: (words[0], i) for words, i in named}
        self._in_names = {word for words, _ in named for word in range(*words)}
        self._party = {i: p.party for p in note.parties if (w := word_range(note.tokens, p.span)) for i in range(*w)}
        places = words_under(note.tokens, [p.span for p in note.places])
        self._between = ranked | places | self._party.keys()
        self._blocked = self._in_names | places | self._party.keys()

    def heads(self) -> list[int]:
        """The words that are heads of offices in the plural."""
        words = (i for i, t in enumerate(self._tokens) if t.pos in NOUNS and i not in self._in_names)
        return [i for i in words if self._titles.singular(self._tokens[i].text)]

    def one(self, word: int) -> str:
        """A head in the singular."""
        return self._titles.singular(self._tokens[word].text) or ""

    def phrase(self, word: int) -> Words:
        """All words of the office whose head stands at ``word``, without states, articles and numbers."""
        tokens, a = self._tokens, word
        while a and self._goes_on(a - 1, word):
            before = tokens[a - 1]
            if before.text == HYPHEN and a > 1 and tokens[a - 2].span.end == before.span.start:
                a -= 2
            elif self._titles.describes(before.text) or before.pos in NOUNS:
                a -= 1
            else:
                break
        b = word + 1
        behind = b + 1 if b < len(tokens) and tokens[b].text == HYPHEN else b
        if behind < len(tokens) and self._titles.follows(tokens[behind].text):
            b = behind + 1
        if not self.leads_to_body(b):
            return a, b
        end = b + 1
        while self._goes_on(end, word) and (tokens[end].pos in NAMING or tokens[end].text in {"the", "and"}):
            end += 1
        while end > b + 1 and tokens[end - 1].pos not in NAMING:
            end -= 1
        return a, end if end > b + 1 else b

    def in_singular(self, words: Words, head: int) -> str:
        """The office as one of them holds it, also the body where each has one of his own ("of the Navies")."""
        start, end = self._tokens[words[0]].span.start, self._tokens[words[1] - 1].span.end
        span = self._tokens[head].span
        after = self._text[span.end : end].split(" ")
        return self._text[start : span.start] + self.one(head) + " ".join(self._titles.body(w) for w in after)

    def leads_to_body(self, word: int) -> bool:
        """Whether "of" or the like stands at ``word``."""
        return word < len(self._tokens) and self._tokens[word].text.lower() in BODY

    def listed(self, words: Words) -> list[int]:
        """The people named in a list right after the office; one alone only where nothing but a rank or a state stands between."""
        at, found, beside = self._past_number(words[1]), [], True
        while self._same(at, words[0]):
            if at in self._first:
                at, person = self._first[at]
                found.append(person)
            elif self._joins(at):
                beside = beside and (bool(found) or at in self._between)
                at += 1
            else:
                break
        # "Chairman of the Cabinet of Ministers X"
        of_a_body = any(map(self.leads_to_body, range(max(0, words[0] - 2), words[0])))
        return found if len(set(found)) > 1 or (beside and not of_a_body) else []

    def _past_number(self, word: int) -> int:
        """Where "of the two neighbours", if it stands at ``word``, is over."""
        at = word + 1
        while self._same(at, word) and self._tokens[at].pos == "DET":
            at += 1
        if not self.leads_to_body(word) or not self._same(at, word) or self._tokens[at].pos != "NUM":
            return word
        while self._goes_on(at, word) and self._tokens[at].pos in NAMING | {"NUM"}:
            at += 1
        return at

    def listed_before(self, words: Words) -> list[int]:
        """The people of a list to which the office is an apposition: "A and B, the foreign ministers of X and Y"."""
        at, found = words[0] - 1, []
        for _ in range(LED):
            at -= at > 0 and (self._tokens[at].pos in LEADS or at in self._between)
        if at <= 0 or self._tokens[at].text not in PARTS:
            return []
        at -= 1
        while self._same(at, words[0]):
            if at in self._last:
                first, person = self._last[at]
                found.append(person)
                at = first - 1
            elif self._joins(at):
                at -= 1
            else:
                break
        return found[::-1] if len(set(found)) > 1 else []

    def states_beside(self, words: Words) -> list[str]:
        """The parties of a list that stands right before or right after the office."""
        found = []
        for step, at in ((-1, words[0] - 1), (1, words[1])):
            while self._same(at, words[0]) and (at in self._party or self._tokens[at].text.lower() in JOINS):
                found += [self._party[at]] if at in self._party else []
                at += step
        return found

    def _joins(self, word: int) -> bool:
        return word in self._between or self._tokens[word].text.lower() in JOINS

    def _same(self, word: int, other: int) -> bool:
        """Whether there is such a word, in the sentence of another one."""
        return 0 <= word < len(self._tokens) and self._tokens[word].sentence == self._tokens[other].sentence

    def _goes_on(self, word: int, other: int) -> bool:
        return self._same(word, other) and word not in self._blocked
