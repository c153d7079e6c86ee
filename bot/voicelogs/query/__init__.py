"""Parses search queries: numbers, a time span and filter words, in any order.

A QueryError has codes, which ui/ turns into text.
"""

from bot.voicelogs.query.model import (
    FILTERS,
    FIND_LIMIT,
    RECENT_LIMIT,
    RECENT_MAX,
    Field,
    InvalidReason,
    Query,
    QueryError,
    parse_saved,
)
from bot.voicelogs.query.parsing import Parsed, find, from_fields, parse, recent, starts_with_time

__all__ = [
    "FILTERS",
    "FIND_LIMIT",
    "RECENT_LIMIT",
    "RECENT_MAX",
    "Field",
    "InvalidReason",
    "Parsed",
    "Query",
    "QueryError",
    "find",
    "from_fields",
    "parse",
    "parse_saved",
    "recent",
    "starts_with_time",
]
