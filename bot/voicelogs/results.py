"""What the use cases come to: the words that lookup.py, legs.py, search.py and ui/ share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from bot.signalwire.errors import InvalidResponseError, SignalWireError, UnavailableError
from bot.signalwire.models import Timeline, VoiceLog, parse_uuid


@dataclass(frozen=True)
class Found:
    """A log, and the project that has it."""

    log_id: UUID
    project: str
    log: VoiceLog
    json: str = field(default="", repr=False, compare=False)
    """The record as SignalWire sent it."""

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "found"


@dataclass(frozen=True)
class NotFound:
    """No project had the log. `errors`: what each project answered, by its name; never empty."""

    log_id: UUID
    errors: Mapping[str, SignalWireError]

    @property
    def causes(self) -> Mapping[str, str]:
        """For logs: what lies behind an answer that didn't come or couldn't be read."""
        return {
            name: error.cause
            for name, error in self.errors.items()
            if isinstance(error, UnavailableError | InvalidResponseError)
        }

    @property
    def outcome(self) -> str:
        """One word for the audit line; `a+b` where the projects failed in different ways."""
        return "+".join(sorted({error.outcome for error in self.errors.values()}))


@dataclass(frozen=True)
class InternalError:
    """The bot itself broke on this id."""

    log_id: UUID

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "fault"


LookupResult = Found | NotFound | InternalError


@dataclass(frozen=True)
class TimeSpan:
    """A span of time, in UTC; `since` goes before `until`."""

    since: datetime
    until: datetime


@dataclass(frozen=True)
class CallLegs:
    """The legs of one call, as far as they were found.

    Attributes:
        log: the leg that was asked about.
        legs: all legs that belong together, that one among them, in the order in which they began.
        searched: the time for which SignalWire's list was read to its end; None if for none.
        left_out: how many legs were found beyond those.
        parent_trouble: why the way up to the first leg couldn't be gone to its end, if so: the
            parents name each other in a circle, are too many, aren't ids, or couldn't be had.
        list_trouble: why the list couldn't be read, or not to its end; None without trouble, also
            when it was merely too long to read it all.
    """

    log: VoiceLog
    legs: tuple[VoiceLog, ...]
    searched_span: TimeSpan | None = None
    omitted: int = 0
    parent_error: Literal["circle", "too_deep", "not_an_id"] | SignalWireError | None = None
    list_error: SignalWireError | None = None


@dataclass(frozen=True)
class Match:
    """A log that a search came upon."""

    project: str
    log: VoiceLog

    @property
    def log_id(self) -> UUID | None:
        """The id to look it up by; None if SignalWire sent one that is none."""
        return parse_uuid(self.log.id)


@dataclass(frozen=True)
class Cursor:
    """A place in the lists, newest first: what comes after is older, or as old with a lower id."""

    created_at: datetime
    log_id: str = ""


@dataclass(frozen=True)
class SearchResult:
    """What a search through the lists came to.

    Attributes:
        hits: newest first.
        looked_at: how many logs were looked at.
        back_to: every log newer than this was looked at; None if none was, or if all were.
        further: where to go on; None if there is nothing further back, or nothing could be read.
        errors: what went wrong, by project; what was found before is in `hits` even so.
    """

    matches: tuple[Match, ...]
    scanned: int
    scanned_back_to: datetime | None = None
    next_cursor: Cursor | None = None
    errors: Mapping[str, SignalWireError] = field(default_factory=dict)


PartError = SignalWireError | Literal["broken"]
"""What stood in the way of one part: SignalWire's side, or a fault of the bot's own."""


@dataclass(frozen=True)
class Details:
    """Everything there is to know of a log; each part by itself, so that one can be missing.

    None stands for a part that is still on its way.
    """

    found: Found
    timeline: Timeline | PartError | None = None
    legs: CallLegs | PartError | None = None


@dataclass(frozen=True)
class ProjectHealth:
    """How a SignalWire project answered a moment ago.

    Attributes:
        project: its name.
        trouble: why it can't be used; None if it can.
        ms: how long the answer took, in milliseconds.
    """

    project: str
    error: PartError | None
    duration_ms: int
