"""Parses the text of a search, of a command or of a form, with all its readings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.voicelogs import spelling
from bot.voicelogs.query import numbers, times, words
from bot.voicelogs.query.model import (
    FIND_LIMIT,
    RECENT_LIMIT,
    Field,
    InvalidReason,
    Query,
    QueryError,
)
from bot.voicelogs.query.parser import Parser
from bot.voicelogs.query.tokens import Token, split

_ALL: Final[tuple[Field, ...]] = ("words", "window", "number", "count")
_MAY_BE_MISSPELLED: Final = frozenset[InvalidReason]({"unknown", "not_a_date"})


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
    """Parse the text of a search. `now` is in UTC.

    Args:
        text: as typed.
        now: the current time, in UTC.
        latest: whether it is for the latest calls, so that `5` is their number.
    """
    return _parse(text, _ALL, now, latest=latest)


def starts_search(text: str, *, now: datetime) -> bool:
    """Whether a text begins with a time or a number, such as `last 2 hours` or `last four 0103`."""
    tokens, _ = split(text)
    if tokens and numbers.is_piece(tokens[0]):
        return True
    return times.match([token.text for token in tokens[: times.LONGEST_FORM]], now) is not None


def find(text: str, *, now: datetime) -> Query:
    """Parse the text after `find`. `now` is in UTC. Raises QueryError."""
    return _valid(parse(text, now=now))


def recent(text: str, *, now: datetime) -> Query:
    """Parse the text after `recent`. `now` is in UTC. Raises QueryError."""
    return _valid(parse(text, now=now, latest=True))


def from_fields(fields: Fields, *, now: datetime) -> Query:
    """Parse what was entered in a form. `now` is in UTC.

    Raises:
        ExceptionGroup: with a QueryError for each invalid field.
    """
    numbers = _parse(fields.number, ("number",), now)
    span = _parse_span(fields, now)
    filters = _parse(" ".join(fields.filters), ("words",), now)
    errors = [each.errors[0] for each in (numbers, span, filters) if each.errors]
    if errors:
        raise ExceptionGroup("fields", errors)
    query = replace(
        span.query, numbers=numbers.query.numbers, from_=numbers.query.from_, to=numbers.query.to
    )
    return _on_side(replace(query, filters=filters.query.filters), fields.side)


def _parse_span(fields: Fields, now: datetime) -> Parsed:
    if fields.window != SINCE_DAY and not (fields.day and fields.window == DEFAULT_WINDOW):
        if fields.day:
            return Parsed(Query(), (QueryError("day", "unused", fields.day),))
        return _parse(fields.window, ("window",), now)
    if not fields.day:
        return Parsed(Query(), (QueryError("day", "missing"),))
    parsed = _parse(fields.day, ("window",), now)
    return replace(parsed, errors=tuple(replace(each, field="day") for each in parsed.errors))


def _on_side(query: Query, side: str) -> Query:
    """Apply the side that was chosen, unless the text itself names one."""
    match side, query:
        case "from", Query(numbers=(one, *others), from_=None, to=None):
            return replace(query, numbers=(), from_=one, to=next(iter(others), None))
        case "to", Query(numbers=(one, *others), from_=None, to=None):
            return replace(query, numbers=(), to=one, from_=next(iter(others), None))
        case _:
            return query


def _valid(parsed: Parsed) -> Query:
    if parsed.errors:
        raise parsed.errors[0]
    return parsed.query


def _parse(text: str, fields: Sequence[Field], now: datetime, *, latest: bool = False) -> Parsed:
    tokens, rest = split(text)
    parsed = _parse_once(tokens, fields, now, latest=latest)
    if rest:
        return replace(parsed, errors=(*parsed.errors, QueryError("words", "unknown", rest)))
    if any(error.reason in _MAY_BE_MISSPELLED for error in parsed.errors):
        return _with_suggestions(parsed, tokens, fields, now, latest=latest)
    return parsed


def _parse_once(
    tokens: Sequence[Token], fields: Sequence[Field], now: datetime, *, latest: bool
) -> Parsed:
    """Parse, and if the text is ambiguous, report its readings as an error."""
    parsers = [
        Parser(fields, now, second=second, starts_with_count=latest) for second in (False, True)
    ]
    limit = RECENT_LIMIT if latest else FIND_LIMIT
    readings = [parser.read(tokens, limit=limit) for parser in parsers]
    first = parsers[0]
    is_future = len(parsers[1].errors) > len(first.errors)  # "today at 8", before 8 pm
    if not first.ambiguous or readings[0] == readings[1] or is_future:
        errors = tuple(first.errors)
        is_empty = not errors and not first.has_count and readings[0] == Query(limit=limit)
        return Parsed(readings[0], errors, is_empty)
    ambiguous = QueryError("window", "ambiguous", first.ambiguous, tuple(readings))
    unclear = replace(readings[0], since=None, until=None, length=None, in_hours=False)
    return Parsed(unclear, (ambiguous, *first.errors))


def _with_suggestions(
    parsed: Parsed,
    tokens: Sequence[Token],
    fields: Sequence[Field],
    now: datetime,
    *,
    latest: bool,
) -> Parsed:
    """Add to unknown words those that they may be, and to the errors what the text then means."""
    unknown = [error for error in parsed.errors if error.reason in _MAY_BE_MISSPELLED]
    misspelled = {word for error in unknown for word in error.token.split()}
    corrections = {
        word: near
        for word in misspelled
        if word[0].isalpha()  # "-failed" is no misspelling
        and not words.is_negation(word)
        and (near := spelling.nearest(word.casefold(), words.VOCABULARY)) is not None
    }
    corrected = [replace(each, text=corrections.get(each.text, each.text)) for each in tokens]
    reading = _parse_once(corrected, fields, now, latest=latest)
    if not reading.errors:
        for error in unknown:
            error.readings = (reading.query,)
            error.suggestion = " ".join(corrections.get(word, word) for word in error.token.split())
    return parsed
