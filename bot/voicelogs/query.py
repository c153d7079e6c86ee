"""Parses search queries: a number, a time window and filter words, in any order.

A QueryError has codes, which ui/ turns into text.
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Final, Literal, Self

from bot.signalwire.models import STATUSES, VoiceLog
from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import Number

FIND_LIMIT: Final = 20
RECENT_LIMIT: Final = 10
RECENT_MAX: Final = 20
OLDEST: Final = timedelta(days=3653)
"""Ten years."""

_TYPES: Final[Mapping[str, frozenset[str]]] = {
    "sip": frozenset({"relay_sip_call", "video_room_sip_leg"}),
    "pstn": frozenset({"relay_pstn_call", "video_room_pstn_leg"}),
    "webrtc": frozenset({"relay_webrtc_call"}),
    "laml": frozenset({"laml_call"}),
}
_DIRECTIONS: Final[Mapping[str, frozenset[str]]] = {
    "inbound": frozenset({"inbound"}),
    "outbound": frozenset({"outbound", "outbound-api", "outbound-dial"}),
}
_GROUPS: Final = ((*STATUSES, "live"), tuple(_DIRECTIONS), tuple(_TYPES))

FILTERS: Final = tuple(word for group in _GROUPS for word in group)
"""All filter words in canonical spelling."""

_SPELLINGS: Final = {word.replace("-", ""): word for word in FILTERS} | {
    "cancelled": "canceled",
    "phone": "pstn",
}

_QUOTES: Final = ",;\"'`“”‘’"  # noqa: RUF001 - typographic quotes
_SCHEME: Final = re.compile(r"(?:tel|whatsapp|mailto):", re.IGNORECASE)
_DIGITS_AND_MARKS: Final = re.compile(r"[0-9+().\-/]+")
_LONGEST_ADDRESS: Final = 255
_SPAN: Final = re.compile(r"([0-9]+)([mhdw])")
_SPAN_DIGITS: Final = 7
_UNITS: Final = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DATE: Final = re.compile(
    r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
    r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)

Field = Literal["number", "window", "words", "count"]
InvalidReason = Literal[
    "empty",  # nothing was asked for
    "unknown",  # not understood
    "too_short",  # fewer than three digits, or an address of fewer than three characters
    "too_long",  # more digits than a number has, more characters than an address
    "several",  # a second number, window or count
    "missing",  # "since" with nothing after it
    "not_a_date",  # neither a date nor a span, or no such date
    "future",  # the window begins now or later
    "too_far",  # the window begins over ten years ago
    "out_of_range",  # a count that isn't 1 to 20
]


@dataclass(eq=False)
class QueryError(Exception):
    """The query is invalid. `token` is the user's text (untrusted), or empty."""

    field: Field
    reason: InvalidReason
    token: str = ""


@dataclass(frozen=True)
class Query:
    """A search query.

    Attributes:
        number: the number that `from` or `to` must contain.
        since: in UTC and whole seconds.
        filters: words from FILTERS, in that order. Those of one kind (status, direction, type) are
            alternatives.
        limit: the maximum number of logs in a result.
    """

    number: Number | None = None
    since: datetime | None = None
    filters: tuple[str, ...] = ()
    limit: int = FIND_LIMIT

    def matches(self, log: VoiceLog) -> bool:
        """Whether a log matches. A log without a time is in every time window."""
        if self.since is not None and log.created_at is not None and log.created_at < self.since:
            return False
        for group in _GROUPS:
            asked = [word for word in self.filters if word in group]
            if asked and not any(_is(log, word) for word in asked):
                return False
        number = self.number
        return number is None or number.matches(log.from_) or number.matches(log.to)

    def filter_text(self) -> str:
        """Return the command's text without the number: `since 2026-11-20T14:00:00Z failed`."""
        since = [f"since {self.since:%Y-%m-%dT%H:%M:%SZ}"] if self.since is not None else []
        return " ".join([*since, *self.filters])

    def serialize(self) -> str:
        """Serialize all but the number, for `parse_saved`, in at most 300 characters."""
        return f"{self.limit} {self.filter_text()}"


def _is(log: VoiceLog, word: str) -> bool:
    if word in _TYPES:
        return log.type in _TYPES[word]
    if word in _DIRECTIONS:
        return log.direction in _DIRECTIONS[word]
    return log.is_live if word == "live" else log.status == word


def find(text: str, *, now: datetime) -> Query:
    """Parse the text after `find`. `now` is in UTC. Raises QueryError."""
    query = _Parser("words", "window", "number", now=now).read(text).query
    if query == Query():
        raise QueryError("number", "empty")
    return query


def recent(text: str, *, now: datetime) -> Query:
    """Parse the text after `recent`. `now` is in UTC. Raises QueryError."""
    reader = _Parser("words", "window", "count", now=now).read(text)
    return replace(reader.query, limit=RECENT_LIMIT if reader.count is None else reader.count)


def from_fields(number: str, window: str, words: str, *, now: datetime) -> Query:
    """Parse the three fields of a form, at least one of them not empty. `now` is in UTC.

    Raises:
        ExceptionGroup: with a QueryError for each invalid field.
    """
    written: tuple[tuple[Field, str], ...] = (
        ("number", number),
        ("window", window),
        ("words", words),
    )
    query, errors = Query(), list[QueryError]()
    for part, text in written:
        try:
            read = _Parser(part, now=now).read(text).query
        except QueryError as error:
            errors.append(error)
        else:
            query = replace(
                query,
                number=query.number or read.number,
                since=query.since or read.since,
                filters=query.filters or read.filters,
            )
    if query == Query() and not errors:
        errors.append(QueryError("number", "empty"))
    if errors:
        raise ExceptionGroup("fields", errors)
    return query


def parse_saved(saved: str, number: Number | None, *, now: datetime) -> Query:
    """Restore a query from `Query.serialize`. `now` is in UTC. Raises QueryError if invalid."""
    return replace(recent(saved, now=now), number=number)


class _Parser:
    """Consumes tokens from the left, each by the first rule that accepts it."""

    def __init__(self, *parts: Field, now: datetime) -> None:
        self.query = Query()
        self.count: int | None = None
        self._parts = parts
        self._now = now

    def read(self, text: str) -> Self:
        """Parse all of `text`. Raises QueryError."""
        stripped = (token.strip(_QUOTES) for token in phone_numbers.normalize(text).split())
        tokens = deque(bare for token in stripped if (bare := _SCHEME.sub("", token, count=1)))
        rules = {
            "words": self._take_word,
            "window": self._take_window,
            "count": self._take_count,
            "number": self._take_number,
        }
        while tokens:
            if not any(rules[part](tokens) for part in self._parts):
                raise self._not_understood(tokens[0])
        return self

    def _not_understood(self, token: str) -> QueryError:
        match self._parts:
            case ("number",):
                return QueryError("number", "unknown", token)
            case ("window",):
                return QueryError("window", "not_a_date", token)
            case _:
                return QueryError("words", "unknown", token)

    def _take_word(self, tokens: deque[str]) -> bool:
        for taken in (1, 2):  # "in progress"
            squeezed = re.sub("[-_]", "", "".join(islice(tokens, taken))).casefold()
            if squeezed in _SPELLINGS:
                words = {*self.query.filters, _SPELLINGS[squeezed]}
                in_order = tuple(word for word in FILTERS if word in words)
                self.query = replace(self.query, filters=in_order)
                for _ in range(min(taken, len(tokens))):
                    tokens.popleft()
                return True
        return False

    def _take_window(self, tokens: deque[str]) -> bool:
        has_since = tokens[0].casefold() == "since"
        if has_since and len(tokens) == 1:
            raise QueryError("window", "missing", tokens[0])
        token = tokens[1 if has_since else 0]
        since = _parse_since(token, self._now)
        if since is None:
            if has_since:
                raise QueryError("window", "not_a_date", token)
            return False
        if self.query.since is not None:
            raise QueryError("window", "several", token)
        self.query = replace(self.query, since=since)
        for _ in range(2 if has_since else 1):
            tokens.popleft()
        return True

    def _take_count(self, tokens: deque[str]) -> bool:
        token = tokens[0]
        if not (token.isascii() and token.isdigit()):
            return False
        if self.count is not None:
            raise QueryError("count", "several", token)
        if len(token) > len(str(RECENT_MAX)) or not 1 <= int(token) <= RECENT_MAX:
            raise QueryError("count", "out_of_range", token)
        self.count = int(tokens.popleft())
        return True

    def _take_number(self, tokens: deque[str]) -> bool:
        is_address = phone_numbers.is_address(tokens[0])
        pieces = [tokens.popleft()] if is_address else []
        while not is_address and tokens and self._is_piece(tokens[0]):
            pieces.append(tokens.popleft())
        if not pieces:
            return False
        text = " ".join(pieces)
        if self.query.number is not None:
            raise QueryError("number", "several", text)
        parsed_number = phone_numbers.address(text) if is_address else phone_numbers.telephone(text)
        sought, most = parsed_number.fragment or parsed_number.digits, phone_numbers.MAX_DIGITS
        if len(sought) < phone_numbers.MIN_LENGTH:
            raise QueryError("number", "too_short", text)
        if len(sought) > (_LONGEST_ADDRESS if is_address else most):
            raise QueryError("number", "too_long", text)
        self.query = replace(self.query, number=parsed_number)
        return True

    def _is_piece(self, token: str) -> bool:
        is_date = "window" in self._parts and _DATE.fullmatch(token)
        return bool(_DIGITS_AND_MARKS.fullmatch(token)) and not is_date


def _parse_since(token: str, now: datetime) -> datetime | None:
    """Parse the start of a time window; None if the token isn't one. Raises QueryError."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    written = token.casefold()
    if span := _SPAN.fullmatch(written):
        if len(span[1]) > _SPAN_DIGITS or int(span[1]) * _UNITS[span[2]] > OLDEST:
            raise QueryError("window", "too_far", token)
        since = now - int(span[1]) * _UNITS[span[2]]
    elif written == "today":
        since = today
    elif written == "yesterday":
        since = today - timedelta(days=1)
    elif _DATE.fullmatch(token.upper()):
        since = _date(token)
    else:
        return None
    if since >= now:
        raise QueryError("window", "future", token)
    if since < now - OLDEST:
        raise QueryError("window", "too_far", token)
    return since.replace(microsecond=0)


def _date(token: str) -> datetime:
    try:
        moment = datetime.fromisoformat(token.upper())
    except ValueError as error:
        raise QueryError("window", "not_a_date", token) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
