"""The shape of a log in the emulator, and builders of logs.

Facts: signalwire.com/docs: REST API, Voice, "Get voice log" (the five variants and their fields).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

Body = dict[str, JsonValue]
Cases = Mapping[str, Mapping[str, JsonValue]]
"""For each description, the changes as for `call`."""
_LAML_URL: Final = "https://acme.signalwire.com/api/laml/2010-04-01/Accounts/acme/Calls/"
_VIDEO_LEG: Final[Body] = {
    "direction": "inbound",
    "status": "joined",
    "duration": 754,
    "duration_ms": 754_120,
}
_OWN_FIELDS: Final[Mapping[str, Body]] = {
    "video_room_pstn_leg": _VIDEO_LEG,
    "video_room_sip_leg": _VIDEO_LEG,
    "dialogflow_call": {"source": "dialogflow", "status": "completed", "duration": 31},
    "fabric_subscriber_device_leg": {"direction": "outbound-dial", "status": None},
}
"""The fields of the types that are no calls; the status of the last one is always null."""


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


def call(id_: str, created: datetime, **changes: JsonValue) -> Body:
    """A log with the fields of its type; `changes` overrides any field, and `from_` sets `from`.

    A log without a `type` is a relay_pstn_call. A LaML call has a source and a URL of its own.
    """
    named = {key.rstrip("_"): value for key, value in changes.items()}
    type_ = str(named.get("type", "relay_pstn_call"))
    shared: Body = {
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
    own = _OWN_FIELDS.get(type_) or _call_fields(named.get("duration_ms", 42_310))
    laml = {"source": "laml", "url": _LAML_URL + id_} if type_ == "laml_call" else {}
    return {**shared, **own, **laml, **named}


def _call_fields(milliseconds: JsonValue) -> Body:
    """The fields of laml_call, relay_pstn_call, relay_sip_call and relay_webrtc_call."""
    return {
        "direction": "inbound",
        "status": "completed",
        "duration": milliseconds // 1000 if isinstance(milliseconds, int) else None,
        "duration_ms": milliseconds,
        "billing_ms": 60_000,
        "parent_id": None,
    }


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


def call_logs(prefix: str, created: datetime, cases: Cases) -> tuple[LogFixture, ...]:
    """Logs of calls that began together."""
    return tuple(
        LogFixture(call(log_id(prefix, number), created, **changes), description)
        for number, (description, changes) in enumerate(cases.items(), 1)
    )


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
