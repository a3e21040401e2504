"""What the network sees and says, in one place, so that training and reading cannot drift apart."""

from __future__ import annotations

from dragoman.model.register import KINDS, SIDES, STATUSES, TOPICS

TAGS = ("PER", "OFF", "GRP", "FRAME", "VENUE", "SRC")
KIND_NONE = 0  # trigger class 0 is "no engagement"; class i is KINDS[i - 1]

POS = (
    "", "ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN", "PUNCT", "SCONJ",
    "SYM", "VERB", "X", "SPACE",
)  # fmt: skip
PARTY_KINDS = ("", "name", "demonym", "capital", "organisation", "side")
PLACE_KINDS = ("", "country", "capital", "city", "region", "venue")
TITLE_KINDS = ("", "rank", "honorific", "office")
BLOCKS = ("body", "title", "dateline", "caption", "byline", "quote")
SHAPES = 8
SENTENCES = 16

FEATURE_DIM = 8
WORD_FEATURES = (
    SHAPES, len(POS), len(PARTY_KINDS), len(PLACE_KINDS), len(TITLE_KINDS), 3, len(BLOCKS), SENTENCES, 2,
)  # fmt: skip
"""shape, part of speech, party, place, title, date (none, absolute, relative), block, sentence's number, inside
quotation marks."""
MULTI_HOT = len(KINDS) + 96  # which kinds' frames match here, and the language model's own vector

PAIR_FEATURES = (24, 3, 14, 4, 8, 8)
"""distance in words by sign and size; same, next or another sentence; distance in sentences; block of the right one; how
many mentions of the right one's type stand between; how many other engagements have their anchor nearer to the right one (0
where the left one is no engagement)."""

EVENT_HEADS = {"status": len(STATUSES), "salience": 2, "topics": len(TOPICS), "split": 1}
PAIR_HEADS = {
    "takes_part": (2 + len(SIDES), 4),  # takes part, heads a delegation, sides
    "party": (1, 6),
    "date": (1, 5),
    "until": (1, 6),
    "place": (1, 3),
    "frame": (1, 0),
    "part_of": (1, 0),
    "holds": (1, 0),  # person and office
    "stands_for": (1, 13),  # person and party
}
"""Pairs scored: outputs and numbers of extra features."""
NONE_HEADS = {"date": 2, "until": 1, "place": 1, "frame": 1, "part_of": 1, "holds": 1}
"""Scores of "none of these" (for dates: the day of publication, and no date)."""
