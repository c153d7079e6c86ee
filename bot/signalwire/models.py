"""Models of voice logs and events, parsed leniently.

SignalWire's published schema allows no other fields, but has changed before. So unknown fields are
ignored, invalid or missing ones become None, and numbers may be strings. Only `id` is required.
Fields: SignalWire docs, "Get voice log".
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WrapValidator,
)

from bot.signalwire.audio_quality import MeasuredRecord
from bot.signalwire.fields import Money, NonNegative, OptionalText, Record, Timestamp

Scalar: TypeAlias = bool | Decimal | str | None
if TYPE_CHECKING:
    Json: TypeAlias = Scalar | list["Json"] | dict[str, "Json"]
else:
    Json = object  # pydantic can't resolve a recursive alias
JsonObject: TypeAlias = dict[str, Json]


class LogVariant(Enum):
    """The variants of the documented response, and UNKNOWN for any others."""

    CALL = auto()
    VIDEO_ROOM = auto()
    DIALOGFLOW = auto()
    FABRIC = auto()
    DELETED = auto()
    UNKNOWN = auto()


class CallPhase(Enum):
    """The phase of a leg, derived from its status."""

    NOT_STARTED = auto()
    RINGING = auto()
    LIVE = auto()
    OVER = auto()
    UNKNOWN = auto()


_VARIANTS: Final = {
    **dict.fromkeys(
        ("laml_call", "relay_pstn_call", "relay_sip_call", "relay_webrtc_call"), LogVariant.CALL
    ),
    **dict.fromkeys(("video_room_pstn_leg", "video_room_sip_leg"), LogVariant.VIDEO_ROOM),
    "dialogflow_call": LogVariant.DIALOGFLOW,
    "fabric_subscriber_device_leg": LogVariant.FABRIC,
}

_PHASES: Final = {
    **dict.fromkeys(("queued", "initiated", "created"), CallPhase.NOT_STARTED),
    "ringing": CallPhase.RINGING,
    **dict.fromkeys(("in-progress", "answered", "joined", "ending"), CallPhase.LIVE),
    **dict.fromkeys(
        ("completed", "ended", "busy", "failed", "no-answer", "canceled"), CallPhase.OVER
    ),
}

_IN_PROGRESS: Final = frozenset({CallPhase.NOT_STARTED, CallPhase.RINGING, CallPhase.LIVE})
_OTHER_SPELLINGS: Final = {"cancelled": "canceled", "noanswer": "no-answer"}
"""Spellings in SignalWire's other APIs, which also use upper case, spaces and underscores."""

STATUSES: Final = tuple(_PHASES)
"""Every documented status."""

UNANSWERED_STATUSES: Final = frozenset({"no-answer", "busy", "canceled"})
"""The statuses of legs that nobody answered. A `failed` leg may have been answered."""

LONGEST_CALL: Final = timedelta(hours=4)
"""A call ends after this time, unless its script sets another limit (SWML docs, `answer`)."""

_CHARGE_LINES_READ: Final = 1000
"""No real call has so many, but a 1 MB body may."""


def parse_uuid(text: str) -> UUID | None:
    """Parse an id from SignalWire; None if it isn't a UUID."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _as_object(value: object) -> object:
    if isinstance(value, dict):
        return value
    return {"details": value} if value else {}


def _has_fraction(moment: object) -> bool:
    if isinstance(moment, datetime):
        return moment.microsecond > 0
    return isinstance(moment, str) and "." in moment


def _documented_status(text: str | None) -> str | None:
    """Return a documented status in its documented spelling, and any other as it was sent."""
    plain = (text or "").strip().lower().replace("_", "-").replace(" ", "-")
    plain = _OTHER_SPELLINGS.get(plain, plain)
    return plain if plain in _PHASES else text


class ChargeDetail(Record):
    """One line of a leg's charge, in the leg's currency."""

    description: OptionalText = None
    charge: Money = None


def _objects_only(value: object) -> object:
    """Drop invalid charge lines, so that one doesn't hide the others."""
    if not isinstance(value, list):
        return []
    return [item for item in value[:_CHARGE_LINES_READ] if isinstance(item, dict)]


class VoiceLog(MeasuredRecord):
    """A leg of a call. Its variant decides which fields it has; only `id` is always there."""

    id: Annotated[str, Field(min_length=1)]
    type: OptionalText = None
    from_: Annotated[OptionalText, Field(alias="from")] = None
    to: OptionalText = None
    source: OptionalText = None
    direction: OptionalText = None
    status: Annotated[OptionalText, AfterValidator(_documented_status)] = None
    charge: Money = None
    """For this leg, in US dollars if there is no `currency`."""
    currency: Annotated[
        OptionalText,
        Field(validation_alias="price_unit"),
        AfterValidator(lambda sent: None if (sent or "").upper() in {"USD", "$"} else sent),
    ] = None
    """Undocumented; None for US dollars."""
    charge_details: Annotated[
        tuple[ChargeDetail, ...],
        WrapValidator(lambda value, handler: handler(_objects_only(value))),
    ] = ()
    duration: NonNegative = None
    """Seconds; the time so far while the leg is live."""
    duration_ms: NonNegative = None
    """Milliseconds."""
    billing_ms: NonNegative = None
    """Billable milliseconds since the call was answered. None doesn't mean free of charge."""
    has_no_billing: Annotated[
        bool,
        Field(validation_alias="billing_ms"),
        BeforeValidator(lambda sent: sent is None),
    ] = False
    """Whether `billing_ms` was sent as null."""
    parent_id: OptionalText = None
    created_at: Timestamp = None
    is_created_at_exact: Annotated[
        bool,
        Field(validation_alias="created_at"),
        BeforeValidator(_has_fraction),
    ] = False
    """Whether `created_at` was sent with a fraction: the live API sends milliseconds, while the
    documentation's examples have whole seconds."""
    discarded_at: Timestamp = None
    was_discarded: Annotated[
        bool,
        Field(validation_alias="discarded_at"),
        BeforeValidator(lambda sent: sent is not None),
    ] = False
    """Whether `discarded_at` was sent, readable or not."""
    # Undocumented; the Compatibility API's records and RELAY's callbacks have them.
    sip_code: Annotated[OptionalText, Field(validation_alias="sip_result_code")] = None
    hangup_cause: OptionalText = None
    end_reason: OptionalText = None
    end_source: OptionalText = None
    answered_by: OptionalText = None

    @property
    def is_laml(self) -> bool:
        """Whether the leg is of a LaML call, so that the Compatibility API has a record of it."""
        return self.type == "laml_call" or self.source == "laml"

    @property
    def variant(self) -> LogVariant:
        """The variant for `type`; DELETED if the log was discarded, and has no `type` or no end."""
        if self.type is None:
            is_deleted = self.was_discarded
        else:
            is_deleted = self.discarded_at is not None and self.phase in _IN_PROGRESS
        if is_deleted:
            return LogVariant.DELETED
        return _VARIANTS.get(self.type or "", LogVariant.UNKNOWN)

    @property
    def phase(self) -> CallPhase:
        """Return the phase. Engines differ: LaML calls are `completed`, RELAY calls `ended`."""
        return _PHASES.get(self.status or "", CallPhase.UNKNOWN)

    @property
    def is_live(self) -> bool:
        """Whether the leg is in progress, so that its duration and charge may change."""
        return self.phase in _IN_PROGRESS and self.variant is not LogVariant.DELETED

    @property
    def is_unbilled(self) -> bool:
        """Whether no time is billed. Null beside a charge of null may mean "not yet"."""
        may_follow = self.phase is CallPhase.OVER and self.charge is None
        is_null = self.has_no_billing and (not may_follow or self.status in UNANSWERED_STATUSES)
        return is_null or self.billing_ms == 0

    def is_overdue(self, now: datetime) -> bool:
        """Whether the log shows a live leg that was created longer ago than a call lasts."""
        is_old = self.created_at is not None and now - self.created_at > LONGEST_CALL
        return is_old and self.is_live

    def is_ongoing(self, now: datetime) -> bool:
        """Whether the leg is live, and not overdue."""
        return self.is_live and not self.is_overdue(now)

    @property
    def duration_or_rounded_ms(self) -> int | None:
        """The duration in milliseconds, from `duration_ms` or else `duration`; None if deleted."""
        if self.variant is LogVariant.DELETED:
            return None
        if self.duration_ms is not None:
            return int(self.duration_ms)
        return None if self.duration is None else int(self.duration * 1000)


class LogEvent(Record):
    """An event of a voice log. Any field may be missing."""

    event_at: Timestamp = None
    level: OptionalText = None
    """`info`, `warn`, `error` or `debug`; `warning` in older documentation."""
    name: OptionalText = None
    """Free text; no list of names is published."""
    details: Annotated[JsonObject, PlainValidator(_as_object)] = Field(default_factory=dict)
    """Details from the engine: of any shape, perhaps large, perhaps personal data."""


@dataclass(frozen=True)
class RawJson:
    """The JSON of a response, and the response's size in bytes."""

    document: JsonObject = field(repr=False)
    size: int


@dataclass(frozen=True)
class RawVoiceLog:
    """A voice log and its JSON."""

    log: VoiceLog
    json: RawJson


@dataclass(frozen=True)
class Timeline:
    """A log's events in chronological order, and their JSON, unless only the events are used."""

    events: tuple[LogEvent, ...]
    json: RawJson | None
