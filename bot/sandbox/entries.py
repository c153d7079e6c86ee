"""The shape of a log the sandbox knows, and builders for each documented variant of it.

It must not know which logs there are, nor anything about HTTP.

Facts: signalwire.com/docs: REST API, Voice, "Get voice log" (the five variants and their fields).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

Body = dict[str, JsonValue]
NO_DETAILS: Final[Mapping[str, JsonValue]] = MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """One line of a log's timeline: when, how grave, what, and whatever the engine adds."""

    at: datetime
    name: str
    level: str = "info"
    details: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True)
class Moment:
    """What the log and its timeline look like at one moment."""

    body: Mapping[str, JsonValue]
    events: tuple[Event, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One log.

    Attributes:
        id: the log's id, a lower-case UUID.
        what: one line saying what is special about it.
        body: the log as JSON, in exactly the shape the API documents.
        events: its timeline, in no particular order, as the API promises none.
        moves: for a call still going on, its state that many seconds after the sandbox started;
            `body` and `events` are then its state at the start.
    """

    id: str
    what: str
    body: Mapping[str, JsonValue]
    events: tuple[Event, ...] = ()
    moves: Callable[[float], Moment] | None = None

    def after(self, seconds: float) -> Moment:
        """The log's state that many seconds after the sandbox started."""
        return Moment(self.body, self.events) if self.moves is None else self.moves(seconds)

    def body_after(self, seconds: float) -> Mapping[str, JsonValue]:
        """The log alone: a list asks ten thousand of them for it, for each of its pages."""
        return self.body if self.moves is None else self.moves(seconds).body


def stamp(moment: datetime) -> str:
    """A moment as the live API writes it: UTC, to the millisecond, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _common(id_: str, type_: str, created: datetime, changes: Mapping[str, JsonValue]) -> Body:
    body: Body = {
        "id": id_,
        "from": "+12065550100",
        "to": "+12065550101",
        "source": "realtime_api",
        "charge": 0.01,
        "charge_details": [],
        "created_at": stamp(created),
        "type": type_,
        "url": None,
    }
    return {**body, **changes}


def call(id_: str, created: datetime, **changes: JsonValue) -> Body:
    """A Call Log; `changes` overrides any field, with `from_` standing for `from`.

    Types: laml_call, relay_pstn_call (the default), relay_sip_call, relay_webrtc_call.
    """
    own: Body = {
        "direction": "inbound",
        "status": "completed",
        "duration": 42,
        "duration_ms": 42_310,
        "billing_ms": 60_000,
        "parent_id": None,
    }
    named = {key.rstrip("_"): value for key, value in changes.items()}
    return _common(id_, "relay_pstn_call", created, {**own, **named})


def video_leg(id_: str, created: datetime, type_: str, **changes: JsonValue) -> Body:
    """A Video Room Audio Leg Log: no `billing_ms`, no `parent_id`."""
    own: Body = {
        "direction": "inbound",
        "status": "joined",
        "duration": 754,
        "duration_ms": 754_120,
    }
    return _common(id_, type_, created, {**own, **changes})


def dialogflow(id_: str, created: datetime) -> Body:
    """A Dialogflow Log: a status and whole seconds, no direction, no milliseconds, no parent."""
    own: Body = {"source": "dialogflow", "status": "completed", "duration": 31, "charge": 0.05}
    return _common(id_, "dialogflow_call", created, own)


def fabric_leg(id_: str, created: datetime) -> Body:
    """A Fabric Device Log: a direction, a status that is always null, and no durations."""
    own: Body = {"to": "/private/reception", "direction": "outbound-dial", "status": None}
    return _common(id_, "fabric_subscriber_device_leg", created, {**own, "charge": 0})


def deleted(id_: str, created: datetime, discarded: datetime) -> Body:
    """A Deleted Log: exactly these three fields, and no `type`."""
    return {"id": id_, "discarded_at": stamp(discarded), "created_at": stamp(created)}


# Seconds after the sandbox started at which the live call rings, is answered, and ends.
RINGS: Final = 2.0
ANSWERED: Final = 5.0
ENDS: Final = 65.0


def live_call(id_: str, started: datetime) -> Callable[[float], Moment]:
    """A call that is queued, rings, is answered, grows longer and ends, as the clock goes on."""
    stages = (
        (0.0, "queued", "calling_call_initiated"),
        (RINGS, "ringing", "calling_call_ringing"),
        (ANSWERED, "in-progress", "calling_call_answered"),
        (ENDS, "completed", "calling_call_ended"),
    )

    def at(seconds: float) -> Moment:
        reached = [stage for stage in stages if stage[0] <= max(seconds, 0.0)]
        talked_ms = round((min(max(seconds, ANSWERED), ENDS) - ANSWERED) * 1000)
        over = seconds >= ENDS
        body = call(
            id_,
            started,
            direction="outbound-api",
            status=reached[-1][1],
            charge=0.0115 if over else 0,
            duration=talked_ms // 1000 if seconds >= ANSWERED else None,
            duration_ms=talked_ms if seconds >= ANSWERED else None,
            billing_ms=talked_ms if over else None,
        )
        events = tuple(Event(started + timedelta(seconds=when), name) for when, _, name in reached)
        return Moment(body, events)

    return at
