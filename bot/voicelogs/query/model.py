"""What a search asks for, and whether a log matches it."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, PlainSerializer, PlainValidator, TypeAdapter

from bot.signalwire.models import STATUSES, UNANSWERED_STATUSES, CallPhase, LogVariant, VoiceLog
from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import Number

FIND_LIMIT: Final = 20
RECENT_LIMIT: Final = 10
RECENT_MAX: Final = 20

_WITHOUT_BILLED_TIME: Final = frozenset({LogVariant.VIDEO_ROOM, LogVariant.DIALOGFLOW})
"""Their logs have no `billing_ms` (SignalWire docs, "Get voice log")."""

# What carriers and switches send in place of a withheld number; +266696687 spells ANONYMOUS.
_WITHHELD: Final = re.compile(
    r"(?:sips?:)?\+?(?:anonymous|restricted|private|unavailable|unknown|withheld|266696687)(?:[@;].*)?",
    re.IGNORECASE,
)


def _is_missed(log: VoiceLog) -> bool:
    """Whether nobody answered: RELAY ends every leg with `ended`, but bills only answered ones."""
    never_billed = not log.billing_ms and log.variant not in _WITHOUT_BILLED_TIME
    return log.status in UNANSWERED_STATUSES or (log.phase is CallPhase.OVER and never_billed)


def _is_answered(log: VoiceLog) -> bool:
    return log.phase is CallPhase.LIVE or (log.phase is CallPhase.OVER and not _is_missed(log))


def _has_status(*statuses: str) -> Callable[[VoiceLog], bool]:
    return lambda log: log.status in statuses


def _has_type(pattern: str) -> Callable[[VoiceLog], bool]:
    return lambda log: re.fullmatch(pattern, log.type or "") is not None


def _is_whatsapp(log: VoiceLog) -> bool:
    return any((end or "").casefold().startswith("whatsapp:") for end in (log.from_, log.to))


_Test = Callable[[VoiceLog], bool]
_GROUPS: Final[tuple[Mapping[str, _Test], ...]] = (
    {
        **{status: _has_status(status) for status in STATUSES},
        "completed": _has_status("completed", "ended"),  # LaML's word and RELAY's
        "answered": _is_answered,
        "missed": _is_missed,
        "live": lambda log: log.is_live,
    },
    {
        "inbound": lambda log: log.direction == "inbound",
        "outbound": lambda log: log.direction in {"outbound", "outbound-api", "outbound-dial"},
        "outbound-api": lambda log: log.direction == "outbound-api",
        "outbound-dial": lambda log: log.direction == "outbound-dial",
    },
    {
        "sip": _has_type("relay_sip_call|video_room_sip_leg"),
        "pstn": _has_type("relay_pstn_call|video_room_pstn_leg"),
        "webrtc": _has_type("relay_webrtc_call"),
        "laml": _has_type("laml_call"),
        "relay": _has_type("relay_.*"),
        "video": _has_type("video_room_.*"),
        "fabric": _has_type("fabric_.*"),
        "dialogflow": _has_type("dialogflow_.*"),
        "whatsapp": _is_whatsapp,
    },
    {"anonymous": lambda log: _WITHHELD.fullmatch(log.from_ or "") is not None},
)

OUTCOMES, DIRECTIONS, KINDS, CALLER_IDS = (tuple(group) for group in _GROUPS)
"""The filter words by what they are about. Those of one group are alternatives."""

_TESTS: Final = {word: test for group in _GROUPS for word, test in group.items()}
FILTERS: Final = tuple(_TESTS)
"""All filter words in canonical spelling."""


_Number = Annotated[
    Number,
    PlainSerializer(Number.saved),
    PlainValidator(lambda saved: phone_numbers.restore(str(saved))),
]


@dataclass(frozen=True)
class Query:
    """A search query."""

    __pydantic_config__ = ConfigDict(extra="forbid")  # for values that another version sealed

    numbers: tuple[_Number, ...] = ()
    """One that `from` or `to` must contain, or two that the call must be between."""
    since: datetime | None = None
    """The earliest time, in UTC and whole seconds."""
    filters: tuple[str, ...] = ()
    """Words from FILTERS, in that order."""
    limit: int = FIND_LIMIT
    from_: _Number | None = None
    to: _Number | None = None
    until: datetime | None = None
    """The end of the time span, in UTC and whole seconds; not itself part of it."""
    length: timedelta | None = None
    """How far back `since` is, if it was said so: `2h`, `last 3 days`, `today` (24 hours)."""
    in_hours: bool = False
    """Whether to say the length in hours, as for `yesterday`, which isn't two days."""

    @property
    def has_number(self) -> bool:
        """Whether any number or address is asked for."""
        return bool(self.numbers or self.from_ or self.to)

    @cached_property
    def grouped_filters(self) -> tuple[tuple[str, ...], ...]:
        """The filters, those of one group together."""
        groups = (tuple(word for word in self.filters if word in group) for group in _GROUPS)
        return tuple(filter(None, groups))

    def without(self, filters: Collection[str]) -> "Query":
        """Return the query without some of its filters."""
        return replace(self, filters=tuple(word for word in self.filters if word not in filters))

    def without_start(self) -> "Query":
        """Return the query as far back as possible."""
        return replace(self, since=None, length=None, in_hours=False)

    def is_in_span(self, moment: datetime | None) -> bool:
        """Whether a time is in the time span. A log without a time is in every span."""
        if moment is None:
            return True
        is_late_enough = self.since is None or moment >= self.since
        return is_late_enough and (self.until is None or moment < self.until)

    def matches(self, log: VoiceLog) -> bool:
        """Whether a log matches."""
        return (
            self.is_in_span(log.created_at)
            and self._matches_filters(log)
            and self._matches_numbers(log)
        )

    def _matches_filters(self, log: VoiceLog) -> bool:
        return all(any(_TESTS[word](log) for word in group) for group in self.grouped_filters)

    def _matches_numbers(self, log: VoiceLog) -> bool:
        sides = ((self.from_, log.from_), (self.to, log.to))
        if not all(number.matches(end) for number, end in sides if number is not None):
            return False
        match self.numbers:
            case (one, other):
                return (one.matches(log.from_) and other.matches(log.to)) or (
                    other.matches(log.from_) and one.matches(log.to)
                )
            case (one,):
                return one.matches(log.from_) or one.matches(log.to)
            case _:
                return True

    def filter_text(self) -> str:
        """Return the command's text without numbers: `since 2026-11-20T14:00:00Z failed`."""
        bounds = (("since", self.since), ("before", self.until))
        span = [f"{word} {moment:%Y-%m-%dT%H:%M:%SZ}" for word, moment in bounds if moment]
        return " ".join([*span, *self.filters])

    def serialize(self) -> str:
        """Serialize for `parse_saved`. It holds the numbers, so it must be sealed."""
        return _SAVED.dump_json(self, exclude_defaults=True).decode()


_SAVED: Final = TypeAdapter(Query)


def parse_saved(saved: str) -> Query:
    """Restore a query from `Query.serialize`. Raises ValueError if another version made it."""
    query = _SAVED.validate_json(saved)
    if not {*query.filters} <= {*FILTERS} or not 1 <= query.limit <= FIND_LIMIT:
        raise ValueError("not a saved query")
    return query


Field = Literal["number", "window", "day", "words", "count"]
InvalidReason = Literal[
    "unknown",  # not understood
    "unsupported",  # how long calls lasted, or one number or another
    "mention",  # a user or a channel of Slack
    "hidden",  # a masked number of which two parts are visible
    "ambiguous",  # understood in two ways: a number without a unit, a date without an order
    "too_short",  # fewer than three digits, or an address of fewer than three characters
    "too_long",  # more digits than a number has, more bytes than an address
    "several",  # a third number, a second number of one side, a second time span or count
    "missing",  # "since" or "from" with nothing after it, or no day chosen
    "unused",  # a day was chosen, but also another time span
    "not_a_date",  # neither a date nor a span, or no such date
    "future",  # the time span begins now or later
    "too_far",  # the time span begins over ten years ago
    "out_of_range",  # a count that isn't 1 to 20
]


@dataclass(eq=False)
class QueryError(Exception):
    """A part of a query is invalid."""

    field: Field
    """The kind of thing that the part is, or was taken for."""
    reason: InvalidReason
    token: str = ""
    """The user's words (untrusted), or empty."""
    readings: tuple[Query, ...] = ()
    """Complete queries, each of them one way to read it all: of an ambiguous part or of
    alternatives there are two, of a misspelled word there may be one.
    """
    suggestion: str = ""
    """The word that a misspelled one may be, or empty."""
