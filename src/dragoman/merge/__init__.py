"""merge: many accounts, one record. Pure: what comes out depends on the sets of accounts and judgements alone.

Piece by piece, as a register grows: :func:`block_keys` find candidates, :func:`link` scores a pair, :func:`cluster` groups a
connected component, :func:`build` computes the record of a group. :func:`merge_all` does all of it at once.
"""

from dragoman.merge.block import block_keys
from dragoman.merge.build import build, part_of, visit_key
from dragoman.merge.cluster import cluster, components
from dragoman.merge.correct import check, corrected, rejected
from dragoman.merge.keys import account_keys, latest_day
from dragoman.merge.link import Link, link, reach
from dragoman.merge.people import (
    Profile,
    identify,
    joined,
    officials,
    officials_by_key,
    person,
    person_keys,
    profiles,
    same_person,
)
from dragoman.merge.prepare import Prepared, prepare
from dragoman.merge.whole import Merged, merge_all
from dragoman.merge.wire import Signature, band_keys, is_copy, originals, signature

__all__ = [
    "Link",
    "Merged",
    "Prepared",
    "Profile",
    "Signature",
    "account_keys",
    "band_keys",
    "block_keys",
    "build",
    "check",
    "cluster",
    "components",
    "corrected",
    "identify",
    "is_copy",
    "joined",
    "latest_day",
    "link",
    "merge_all",
    "officials",
    "officials_by_key",
    "originals",
    "part_of",
    "person",
    "person_keys",
    "prepare",
    "profiles",
    "reach",
    "rejected",
    "same_person",
    "signature",
    "visit_key",
]
