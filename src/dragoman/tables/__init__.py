"""Tables of the register: every column declared once, for exports, frames and the codebook."""

from __future__ import annotations

from dragoman.tables.accounts import ACCOUNTS
from dragoman.tables.claims import CLAIMS
from dragoman.tables.column import TYPES, Column, Table
from dragoman.tables.participations import PARTICIPATIONS
from dragoman.tables.records import RECORDS
from dragoman.tables.trips import TRIPS

TABLES = (RECORDS, PARTICIPATIONS, ACCOUNTS, CLAIMS, TRIPS)

__all__ = ["ACCOUNTS", "CLAIMS", "PARTICIPATIONS", "RECORDS", "TABLES", "TRIPS", "TYPES", "Column", "Table"]
