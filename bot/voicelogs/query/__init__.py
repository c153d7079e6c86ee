"""Parses search queries: numbers, a time span and filter words, in any order.

A QueryError has codes, which ui/ turns into text.
"""

from bot.voicelogs.query.model import (
    CALLER_IDS,
    DIRECTIONS,
    FILTERS,
    FIND_LIMIT,
    KINDS,
    OUTCOMES,
    RECENT_LIMIT,
    RECENT_MAX,
    Field,
    InvalidReason,
    Query,
    QueryError,
    parse_saved,
)
from bot.voicelogs.query.parsing import (
    DEFAULT_WINDOW,
    SINCE_DAY,
    Fields,
    Parsed,
    find,
    from_fields,
    parse,
    recent,
    starts_search,
)

__all__ = [
    "CALLER_IDS",
    "DEFAULT_WINDOW",
    "DIRECTIONS",
    "FILTERS",
    "FIND_LIMIT",
    "KINDS",
    "OUTCOMES",
    "RECENT_LIMIT",
    "RECENT_MAX",
    "SINCE_DAY",
    "Field",
    "Fields",
    "InvalidReason",
    "Parsed",
    "Query",
    "QueryError",
    "find",
    "from_fields",
    "parse",
    "parse_saved",
    "recent",
    "starts_search",
]
