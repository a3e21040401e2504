"""The code of a party that somebody names: a state's code, name or people, an organisation's name."""

from __future__ import annotations

from dragoman.resources import Tools, plain


def party_code(name: str, tools: Tools) -> str | None:
    """The party's code ("TUR", "EU"), or None where the tables know no such party."""
    codes = {s.code for s in tools.states} | {o.party for o in tools.organisations}
    if name.strip().upper() in codes:
        return name.strip().upper()
    wanted = plain(name)
    for state in tools.states:
        if wanted in map(plain, (*state.names, *state.demonyms)):
            return state.code
    for organisation in tools.organisations:
        if wanted in map(plain, (organisation.party, *organisation.names)):
            return organisation.party
    return None
