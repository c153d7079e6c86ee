"""Parses the text of a search, of a command or of a form: numbers, times and filters in any order.

A QueryError has codes, which ui/ turns into text.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from bot.voicelogs import spelling
from bot.voicelogs.query import numbers, tickets, times, words
from bot.voicelogs.query.lengths import NUMERALS
from bot.voicelogs.query.model import (
    CALLER_IDS,
    DIRECTIONS,
    FILTERS,
    FIND_LIMIT,
    KINDS,
    OUTCOMES,
    RECENT_MAX,
    Field,
    InvalidReason,
    Query,
    QueryError,
    parse_saved,
)
from bot.voicelogs.query.parser import Parser
from bot.voicelogs.query.tokens import Token, split

__all__ = [
    "CALLER_IDS",
    "DEFAULT_WINDOW",
    "DIRECTIONS",
    "FILTERS",
    "FIND_LIMIT",
    "KINDS",
    "OUTCOMES",
    "RECENT_MAX",
    "SINCE_DAY",
    "Field",
    "Fields",
    "InvalidReason",
    "Query",
    "QueryError",
    "find",
    "from_fields",
    "parse",
    "parse_saved",
    "starts_search",
]

_ALL: Final[tuple[Field, ...]] = ("words", "window", "number", "count")
_MAY_BE_MISSPELLED: Final = frozenset[InvalidReason]({"unknown", "not_a_date"})
_LEAVES_THE_REST: Final = frozenset[InvalidReason]({"unknown", "unsupported", "mention"})
"""Without what is invalid for such a reason, the rest is a search."""


@dataclass(frozen=True)
class Parsed:
    """What is understood of a text, and what isn't."""

    query: Query
    """Everything that is understood."""
    errors: tuple[QueryError, ...] = ()
    """What isn't understood, in the text's order."""
    is_empty: bool = False
    """Whether the text asks for nothing, not even for a number of calls."""


DEFAULT_WINDOW: Final = "last 24 hours"
"""How far back a form searches unless another time span is chosen."""

SINCE_DAY: Final = "day"
"""The choice of a form that searches since its day."""


@dataclass(frozen=True)
class Fields:
    """What was entered in a form."""

    number: str = ""
    """One phone number or address, or two."""
    side: str = ""
    """`from` or `to`, for the first number; empty for either side."""
    window: str = ""
    """A time span as it is typed after `find`, or SINCE_DAY; empty for no limit."""
    day: str = ""
    """As YYYY-MM-DD, in UTC. It takes the place of DEFAULT_WINDOW, too."""
    filters: tuple[str, ...] = ()
    """Words from FILTERS."""


def parse(text: str, *, now: datetime, latest: bool = False) -> Parsed:
    """Parse the text of a search, or of one for the `latest` calls, so that `5` is their number.

    `now` is in UTC.
    """
    return _parse(text, _ALL, now, latest=latest)


def starts_search(text: str, *, now: datetime) -> bool:
    """Whether a text begins with a time or a number, such as `last 2 hours` or `last four 0103`."""
    tokens, _ = split(text)
    if tokens and numbers.is_piece(tokens[0]):
        return True
    return times.match([token.text for token in tokens], now) is not None


def find(text: str, *, now: datetime, latest: bool = False) -> Query:
    """Parse as `parse` does. Raises QueryError."""
    parsed = parse(text, now=now, latest=latest)
    if parsed.errors:
        raise parsed.errors[0]
    return parsed.query


def from_fields(fields: Fields, *, now: datetime) -> Query:
    """Parse what was entered in a form. `now` is in UTC.

    Raises:
        ExceptionGroup: with a QueryError for each invalid field.
    """
    numbers = _parse(fields.number, ("number",), now)
    if fields.side in {"from", "to"} and numbers.query.numbers:
        numbers = _parse(f"{fields.side} {fields.number}", ("number",), now)
    span = _parse_span(fields, now)
    filters = _parse(" ".join(fields.filters), ("words",), now)
    errors = [each.errors[0] for each in (numbers, span, filters) if each.errors]
    if errors:
        raise ExceptionGroup("fields", errors)
    query = replace(span.query, filters=filters.query.filters)
    found = numbers.query
    return replace(query, numbers=found.numbers, from_=found.from_, to=found.to)


def _parse_span(fields: Fields, now: datetime) -> Parsed:
    if fields.window != SINCE_DAY and not (fields.day and fields.window == DEFAULT_WINDOW):
        if fields.day:
            return Parsed(Query(), (QueryError("day", "unused", fields.day),))
        return _parse(fields.window, ("window",), now)
    if not fields.day:
        return Parsed(Query(), (QueryError("day", "missing"),))
    parsed = _parse(fields.day, ("window",), now)
    return replace(parsed, errors=tuple(replace(each, field="day") for each in parsed.errors))


def _parse(text: str, fields: Sequence[Field], now: datetime, *, latest: bool = False) -> Parsed:
    typed, rest = split(text)
    tokens = tickets.separate(typed, fields, now)
    read = partial(_read, fields=fields, now=now, latest=latest)
    parsed = read(tokens)
    if rest:
        return replace(parsed, errors=(*parsed.errors, QueryError("words", "unknown", rest)))
    return _with_suggestions(parsed, tokens, read)


def _with_suggestions(
    parsed: Parsed, tokens: Sequence[Token], read: Callable[[Sequence[Token]], Parsed]
) -> Parsed:
    """Name the words that misspelled ones may be, with what the text then asks for."""
    unknown = [error for error in parsed.errors if error.reason in _MAY_BE_MISSPELLED]
    corrections = _corrections(word for error in unknown for word in error.token.split())
    while True:
        corrected = [replace(each, text=corrections.get(each.text, each.text)) for each in tokens]
        reading = read(corrected)
        left = " ".join(error.token for error in reading.errors if error.reason == "unknown")
        still_unknown = {*left.split()}
        understood = {word: near for word, near in corrections.items() if near not in still_unknown}
        if len(understood) == len(corrections):
            break
        corrections = understood
    reasons = {error.reason for error in reading.errors}
    # What isn't understood of "not inbuond" would make its opposite of the correction.
    if (
        not corrections
        or not reasons <= _LEAVES_THE_REST
        or any(map(words.is_negation, still_unknown))
    ):
        return parsed
    misspelled = []
    for error in unknown:
        known = [word for word in error.token.split() if word not in still_unknown]
        if known:
            error.token = " ".join(known)
            error.suggestion = " ".join(corrections.get(word, word) for word in known)
            error.readings = (reading.query,) if reading.query != parsed.query else ()
            misspelled.append(error)
    return replace(parsed, errors=(*misspelled, *reading.errors))


def _read(
    tokens: Sequence[Token], fields: Sequence[Field], now: datetime, *, latest: bool
) -> Parsed:
    """Parse, and if the text is ambiguous, report its readings as an error."""
    parsers = [
        Parser(tokens, fields, now, latest=latest, second=second) for second in (False, True)
    ]
    readings = [(parser.read(), parser) for parser in parsers]
    # "today at 8", before 8 pm, isn't ambiguous: the second reading is in the future.
    readings.sort(key=lambda reading: len(reading[1].errors))
    (query, best), (other, second) = readings
    errors = tuple(best.errors)
    if not best.ambiguous or query == other or len(errors) < len(second.errors):
        is_empty = not errors and best.count is None and query == Query(limit=query.limit)
        return Parsed(query, errors, is_empty)
    ambiguous = QueryError("window", "ambiguous", best.ambiguous, (query, other))
    return Parsed(_without_differences(query, other), (ambiguous, *errors))


def _without_differences(query: Query, other: Query) -> Query:
    """Return what two readings have in common, without a time span."""
    return replace(
        query,
        numbers=tuple(number for number in query.numbers if number in other.numbers),
        from_=query.from_ if query.from_ == other.from_ else None,
        to=query.to if query.to == other.to else None,
        since=None,
        until=None,
        length=None,
        in_hours=False,
    )


def _corrections(unknown: Iterable[str]) -> dict[str, str]:
    """Return the words that unknown ones may be."""
    return {
        word: near
        for word in unknown
        if word[0].isalpha()  # "-failed" is no misspelling
        and not (words.is_negation(word) or word.casefold() in NUMERALS)
        and (near := spelling.nearest(word.casefold(), words.VOCABULARY)) is not None
    }
