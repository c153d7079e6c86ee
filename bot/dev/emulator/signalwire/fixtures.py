"""The shape of a log in the emulator, and builders for each documented variant.

Facts: signalwire.com/docs: REST API, Voice, "Get voice log" (the five variants and their fields).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

Body = dict[str, JsonValue]
_LAML_URL: Final = "https://acme.signalwire.com/api/laml/2010-04-01/Accounts/acme/Calls/"


@dataclass(frozen=True)
class Event:
    """One event of a log: time, level, name and engine-specific details."""

    at: datetime
    name: str
    level: str = "info"
    details: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def row(self) -> Body:
        """The event as SignalWire lists it, without the IDs of its project and log."""
        return {
            "event_at": iso_timestamp(self.at),
            "level": self.level,
            "name": self.name,
            "details": dict(self.details),
        }


@dataclass(frozen=True)
class LogFixture:
    """One log, in exactly the shape the API documents; its events are in no particular order.

    `description` is one line that says what is special about it. For a live call, `timeline`
    returns its state, given the seconds since it began. For a LaML call, `call` has further fields
    of the Compatibility API's record, and the log is missing until `written_after` seconds after
    that record was first requested.
    """

    body: Mapping[str, JsonValue]
    description: str = ""
    events: tuple[Event, ...] = ()
    timeline: "Callable[[float], LogFixture] | None" = None
    call: Mapping[str, JsonValue] = field(default_factory=dict)
    written_after: float = 0.0

    @property
    def id(self) -> str:
        return str(self.body["id"])

    def state_at(self, seconds: float) -> "LogFixture":
        """The log so many seconds after the call began."""
        return self if self.timeline is None else self.timeline(seconds)


def iso_timestamp(moment: datetime) -> str:
    """Format a datetime like the live API: UTC, milliseconds, with a Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _common(id_: str, type_: str, created: datetime, changes: Mapping[str, JsonValue]) -> Body:
    body: Body = {
        "id": id_,
        "from": "+12065550100",
        "to": "+12065550101",
        "source": "realtime_api",
        "charge": 0.01,
        "charge_details": [],
        "created_at": iso_timestamp(created),
        "type": type_,
        "url": None,
    }
    return {**body, **changes}


def call(id_: str, created: datetime, **changes: JsonValue) -> Body:
    """A Call Log; `changes` overrides any field, and `from_` sets `from`.

    Types: laml_call, relay_pstn_call (the default), relay_sip_call, relay_webrtc_call. A LaML call
    has a source and a URL of its own. The seconds follow from the milliseconds.
    """
    named = {key.rstrip("_"): value for key, value in changes.items()}
    milliseconds = named.get("duration_ms", 42_310)
    own: Body = {
        "direction": "inbound",
        "status": "completed",
        "duration": milliseconds // 1000 if isinstance(milliseconds, int) else None,
        "duration_ms": milliseconds,
        "billing_ms": 60_000,
        "parent_id": None,
    }
    if named.get("type") == "laml_call":
        own |= {"source": "laml", "url": _LAML_URL + id_}
    return _common(id_, "relay_pstn_call", created, {**own, **named})


def call_log(
    id_: str,
    description: str,
    created: datetime,
    *,
    events: tuple[Event, ...] = (),
    **changes: JsonValue,
) -> LogFixture:
    """A log of a call; `changes` as for `call`."""
    return LogFixture(call(id_, created, **changes), description, events)


def log_id(prefix: str, number: int) -> str:
    """An invented ID; its first eight digits say what kind of example it is."""
    return f"{prefix}-0000-4000-8000-{number:012d}"


def call_logs(
    prefix: str, created: datetime, cases: Mapping[str, Mapping[str, JsonValue]]
) -> tuple[LogFixture, ...]:
    """Logs of calls that began together: for each description, the changes as for `call`."""
    return tuple(
        LogFixture(call(log_id(prefix, number), created, **changes), description)
        for number, (description, changes) in enumerate(cases.items(), 1)
    )


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
    """A Dialogflow Log: a status and whole seconds; no direction, milliseconds or parent."""
    own: Body = {"source": "dialogflow", "status": "completed", "duration": 31, "charge": 0.05}
    return _common(id_, "dialogflow_call", created, own)


def fabric_leg(id_: str, created: datetime) -> Body:
    """A Fabric Device Log: a direction, a status that is always null, and no durations."""
    own: Body = {"to": "/private/reception", "direction": "outbound-dial", "status": None}
    return _common(id_, "fabric_subscriber_device_leg", created, {**own, "charge": 0})


def deleted(id_: str, created: datetime, discarded: datetime) -> Body:
    """A Deleted Log: exactly these three fields, without `type`."""
    return {
        "id": id_,
        "discarded_at": iso_timestamp(discarded),
        "created_at": iso_timestamp(created),
    }


def call_events(began: datetime, *moments: tuple[float, str]) -> tuple[Event, ...]:
    """The state changes of a call: for each, the seconds since it began, and the state."""
    return tuple(
        Event(began + timedelta(seconds=seconds), f"calling_call_{name}")
        for seconds, name in moments
    )


# Seconds after its beginning at which the live call rings, is answered, and ends.
RINGING_AT: Final = 2.0
ANSWERED_AT: Final = 5.0
ENDED_AT: Final = 65.0


def live_call(id_: str, began: datetime) -> LogFixture:
    """A call that began at `began`: it is queued, rings, is answered and ends.

    Its duration includes the ringing, and it is billed from the answer.
    """
    phases = (
        (0.0, "queued", "initiated"),
        (RINGING_AT, "ringing", "ringing"),
        (ANSWERED_AT, "in-progress", "answered"),
        (ENDED_AT, "completed", "ended"),
    )

    def at(seconds: float) -> LogFixture:
        reached = [phase for phase in phases if phase[0] <= max(seconds, 0.0)]
        lasted_ms = round(min(seconds, ENDED_AT) * 1000)
        over = seconds >= ENDED_AT
        body = call(
            id_,
            began,
            direction="outbound-api",
            status=reached[-1][1],
            charge=0.0115 if over else 0,
            duration_ms=lasted_ms if seconds >= ANSWERED_AT else None,
            billing_ms=round((ENDED_AT - ANSWERED_AT) * 1000) if over else None,
        )
        return LogFixture(
            body,
            "live once it is asked for: queued, ringing, in progress, completed after 65 s",
            call_events(began, *((when, name) for when, _, name in reached)),
        )

    return replace(at(0.0), timeline=at)
