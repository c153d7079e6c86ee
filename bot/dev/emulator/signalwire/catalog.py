"""The logs that the emulator has, each with one line that says what is special about it.

Logs that make requests fail are in `failures`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from bot.dev.emulator.signalwire import catalog_cases
from bot.dev.emulator.signalwire.fixtures import (
    LogFixture,
    call,
    call_events,
    call_log,
    deleted,
    dialogflow,
    fabric_leg,
    live_call,
    log_id,
    video_leg,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

# The example of signalwire.com/docs: REST API, Voice, "Get voice log".
DOCUMENTED: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
BUSY: Final = log_id("57a70500", 5)
FAILED: Final = log_id("57a70500", 6)
FABRIC: Final = log_id("ca110000", 7)
DELETED: Final = log_id("de1e7ed0", 1)
LIVE: Final = log_id("11fe0000", 1)
DELAYED: Final = log_id("1a310000", 1)
WRITTEN_AFTER: Final = 30.0
"""Seconds after the delayed log was first looked up."""
_LAML_STATUSES: Final = (
    *("queued", "initiated", "ringing", "in-progress"),
    *("busy", "failed", "no-answer", "canceled", "completed"),
)
_RELAY_STATUSES: Final = ("created", "answered", "ending", "ended", "joined")
# The events of a call of each status, with the seconds since its beginning.
_TALKING: Final = ((0, "initiated"), (0.9, "ringing"), (4.2, "answered"))
_OVER: Final = (*_TALKING, (42.31, "ended"))
_EVENTS: Final[Mapping[str, tuple[tuple[float, str], ...]]] = {
    **dict.fromkeys(("queued", "initiated", "created"), _TALKING[:1]),
    "ringing": _TALKING[:2],
    **dict.fromkeys(("in-progress", "answered", "ending"), _TALKING),
    "busy": ((0, "initiated"), (2.84, "ended")),
    "failed": ((0, "initiated"), (0.31, "ended")),
    "no-answer": ((0, "initiated"), (1.1, "ringing"), (30.06, "ended")),
    "canceled": ((0, "initiated"), (0.9, "ringing"), (8.42, "ended")),
    **dict.fromkeys(("completed", "ended"), _OVER),
}


def _documented() -> LogFixture:
    created = datetime.fromisoformat("2024-05-06T12:20:00+00:00")
    return call_log(
        DOCUMENTED,
        "the documentation's own example",
        created,
        from_="+12065551212",
        to="+12065553434",
        created_at="2024-05-06T12:20:00Z",
        type="relay_sip_call",
        duration_ms=9638,
        events=call_events(created, (9.638, "ended"), (2.1, "answered"), (0.0, "initiated")),
    )


def _variants(now: datetime) -> tuple[LogFixture, ...]:
    id_ = partial(log_id, "ca110000")
    day = timedelta(days=1)
    return (
        call_log(
            id_(1),
            "laml_call: a cXML call, the one type that has a url",
            now - day,
            type="laml_call",
            charge=0.0066,
            billing_ms=5425,
        ),
        call_log(
            id_(2),
            "relay_pstn_call: an outbound call over the telephone network",
            now - day,
            direction="outbound",
            status="ended",
        ),
        call_log(
            id_(3),
            "relay_webrtc_call: a call from a browser",
            now - day,
            type="relay_webrtc_call",
            from_="/private/browser",
            charge=0,
        ),
        LogFixture(
            video_leg(id_(4), now - day, "video_room_pstn_leg"),
            "video_room_pstn_leg: a telephone in a video room",
        ),
        LogFixture(
            video_leg(id_(5), now - day, "video_room_sip_leg", status="ended"),
            "video_room_sip_leg: a SIP device in a video room",
        ),
        LogFixture(
            dialogflow(id_(6), now - day),
            "dialogflow_call: no direction, no milliseconds, no parent",
        ),
        LogFixture(
            fabric_leg(FABRIC, now - day),
            "fabric_subscriber_device_leg: the status is always null",
        ),
        LogFixture(
            deleted(DELETED, now - 9 * day, now - 2 * day),
            "deleted: only id, created_at and discarded_at are left",
        ),
    )


def _status(number: int, status: str, now: datetime) -> LogFixture:
    id_ = log_id("57a70500", number)
    happened = _EVENTS.get(status, ())
    is_over = "ended" in [name for _, name in happened]
    created = now - (timedelta(hours=number) if is_over else timedelta(minutes=1))
    if status == "joined":
        body = video_leg(id_, now - timedelta(hours=number), "video_room_pstn_leg", status=status)
        return LogFixture(body, f"status {status}")
    changes: dict[str, JsonValue] = {"status": status}
    if status in _LAML_STATUSES:
        changes |= {"type": "laml_call"}
    if happened != _OVER:
        changes |= {"charge": 0, "billing_ms": None}
    if status in {"queued", "initiated", "created", "ringing", "failed"}:
        changes |= {"duration_ms": None}
    elif is_over:
        changes |= {"duration_ms": round(happened[-1][0] * 1000)}
    events = call_events(created, *happened)
    return call_log(id_, f"status {status}", created, events=events, **changes)


def catalog(now: datetime) -> tuple[LogFixture, ...]:
    """Every log, the documentation's own example first.

    Takes the current time, aware and in UTC. The live call begins then; all others, except the
    first, began shortly before.
    """
    statuses = (*_LAML_STATUSES, *_RELAY_STATUSES)
    return (
        _documented(),
        *_variants(now),
        *(_status(number, status, now) for number, status in enumerate(statuses, 1)),
        *catalog_cases.charge_cases(now),
        *catalog_cases.address_cases(now),
        *catalog_cases.leg_cases(now),
        *catalog_cases.edge_cases(now),
        live_call(LIVE, now),
    )


def delayed_log(now: datetime) -> LogFixture:
    """A LaML call that only the Compatibility API has until its voice log is written.

    Takes the current time, aware and in UTC.
    """
    body = call(
        DELAYED,
        now - timedelta(seconds=40),
        type="laml_call",
        direction="outbound-api",
        status="busy",
        duration_ms=7_040,
        charge=0,
        billing_ms=None,
    )
    description = "a busy LaML call whose voice log is written 30 s after it is first looked up"
    return LogFixture(body, description, written_after=WRITTEN_AFTER)
