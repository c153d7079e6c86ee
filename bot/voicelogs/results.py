"""The results of lookups, leg lookups and searches, shared with ui/."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from bot.signalwire.audio_quality import NOT_MEASURED, AudioQuality
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import (
    InvalidResponseError,
    LogNotFoundError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import RawJson, Timeline, VoiceLog, parse_uuid
from bot.voicelogs.call_times import CallTimes


@dataclass(frozen=True)
class Found:
    """A log and its project."""

    log_id: UUID
    project: str
    log: VoiceLog
    """The voice log, or the fields of it that `call` has."""
    json: RawJson | None = field(default=None, compare=False)
    """The JSON of the voice log, or of `call`."""
    call: CompatibilityCall | None = None
    """The Compatibility API's record, if no project has the voice log yet."""

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "found" if self.call is None else "compatibility"


@dataclass(frozen=True)
class NotFound:
    """No project returned the log. `errors`: each project's error, by name; never empty."""

    log_id: UUID
    errors: Mapping[str, SignalWireError]

    @property
    def is_missing(self) -> bool:
        """Whether all projects responded that they have no such log."""
        return all(isinstance(error, LogNotFoundError) for error in self.errors.values())

    @property
    def causes(self) -> Mapping[str, str]:
        """The causes of missing or unreadable responses, by project; for logs."""
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
    """The lookup failed with an unexpected exception."""

    log_id: UUID

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "internal_error"


LookupResult = Found | NotFound | InternalError


@dataclass(frozen=True)
class TimeSpan:
    """A span of time in UTC; `since` is before `until`."""

    since: datetime
    until: datetime


ParentError = SignalWireError | Literal["cycle", "too_deep", "not_an_id"]
"""Why the first leg couldn't be determined: the parents form a cycle, are too many, aren't valid
ids, or couldn't be read.
"""


@dataclass(frozen=True)
class CallLegs:
    """The legs of one call, as far as they were found."""

    log: VoiceLog
    """The requested leg."""
    legs: tuple[VoiceLog, ...]
    """All legs of the call, including `log`, by start time."""
    searched_span: TimeSpan | None = None
    """The time span for which SignalWire's list was read completely, if any."""
    omitted: int = 0
    """The number of further legs found."""
    parent_error: ParentError | None = None
    list_error: SignalWireError | None = None
    """Why the list couldn't be read completely; None if it was merely too long."""

    def is_complete(self, now: datetime) -> bool:
        """Whether no leg can be missing: the list was read for the whole time of those found."""
        failed = self.parent_error is not None or self.list_error is not None
        span = self.searched_span
        if failed or self.omitted or span is None:
            return False
        return all(_is_within(span, log, now) for log in self.legs)


def _is_within(span: TimeSpan, log: VoiceLog, now: datetime) -> bool:
    """Whether a leg certainly began and ended within a span; a live one lasts until now."""
    began, length_ms = log.created_at, log.duration_or_rounded_ms
    if began is None or began < span.since:
        return False
    if log.is_live:
        return now <= span.until
    # Adding a duration to a datetime may overflow.
    return length_ms is not None and length_ms <= (span.until - began) // timedelta(milliseconds=1)


@dataclass(frozen=True)
class Match:
    """A log that matches a search."""

    project: str
    log: VoiceLog

    @property
    def log_id(self) -> UUID | None:
        """The log's id; None if it isn't a UUID."""
        return parse_uuid(self.log.id)


@dataclass(frozen=True)
class Cursor:
    """A position in the lists, newest first: what follows is older, or as old with a lower id."""

    created_at: datetime
    log_id: str = ""


@dataclass(frozen=True)
class SearchResult:
    """The result of a search."""

    matches: tuple[Match, ...]
    """Newest first."""
    scanned: int
    scanned_back_to: datetime | None = None
    """All logs newer than this were scanned; None if none or all were scanned."""
    next_cursor: Cursor | None = None
    """Where to continue; None if there are no older logs, or none could be read."""
    errors: Mapping[str, SignalWireError] = field(default_factory=dict)
    """By project. Matches found before an error are in `matches`."""


PartError = SignalWireError | Literal["internal_error"]
"""Why a part is missing: an error from SignalWire, or an unexpected exception."""


@dataclass(frozen=True)
class Ending:
    """What is known about how a leg ended, in the words of its events or of the Compatibility API.

    The times and the quality are from the Compatibility API's record.
    """

    sip_code: str | None = None
    """The code of the final SIP response."""
    hangup_cause: str | None = None
    """FreeSWITCH's word, or the number of ITU-T Q.850."""
    end_reason: str | None = None
    """SignalWire's word, as is `end_source`."""
    end_source: str | None = None
    answered_by: str | None = None
    """`human`, `machine_start` and the like."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    quality: AudioQuality = NOT_MEASURED
    is_complete: bool = False
    """Whether everything that could say more was read."""
    error: PartError | None = None
    """Why the Compatibility API's record couldn't be read, if so."""

    @property
    def says_why(self) -> bool:
        """Whether any of them is a reason."""
        return any((self.sip_code, self.hangup_cause, self.end_reason, self.end_source))


@dataclass(frozen=True)
class Details:
    """All data about a log. Each part can fail separately; None means that it is still loading."""

    found: Found
    timeline: Timeline | PartError | None = None
    legs: CallLegs | PartError | None = None
    call: CompatibilityCall | PartError | None = None
    """The Compatibility API's record; None also if the leg can't have one, or is ongoing."""
    ending: Ending | None = None
    """Derived from the timeline and the call."""
    times: CallTimes | None = None
    """Derived from the timeline."""


@dataclass(frozen=True)
class ProjectHealth:
    """The result of a health check of a SignalWire project."""

    project: str
    error: PartError | None
    """Why it can't be used; None if it can."""
    duration_ms: int
    """The time that the check took, in milliseconds."""
