"""The logs that the emulator has, each with one line that says what is special about it.

Logs that make requests fail are in `failures`.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.fixtures import (
    Body,
    Cases,
    Event,
    LogFixture,
    call,
    call_events,
    call_log,
    call_logs,
    deleted,
    live_call,
    log_id,
)

# The example of signalwire.com/docs: REST API, Voice, "Get voice log".
DOCUMENTED: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
BUSY: Final = log_id("57a70500", 5)
FAILED: Final = log_id("57a70500", 6)
FABRIC: Final = log_id("ca110000", 7)
DELETED: Final = log_id("de1e7ed0", 1)
LIVE: Final = log_id("11fe0000", 1)
DELAYED: Final = log_id("1a310000", 1)
SIP: Final = log_id("add00000", 1)
HOSTILE: Final = log_id("0dd00000", 3)
CHATTY: Final = log_id("0dd00000", 4)
PARENT: Final = log_id("fa000000", 1)
CHILDREN: Final = (log_id("fa000000", 2), log_id("fa000000", 3))
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
_VARIANTS: Final[Cases] = {
    "laml_call: a cXML call, the one type that has a url": {
        "type": "laml_call",
        "charge": 0.0066,
        "billing_ms": 5425,
    },
    "relay_pstn_call: an outbound call over the telephone network": {
        "direction": "outbound",
        "status": "ended",
    },
    "relay_webrtc_call: a call from a browser": {
        "type": "relay_webrtc_call",
        "from": "/private/browser",
        "charge": 0,
    },
    "video_room_pstn_leg: a telephone in a video room": {"type": "video_room_pstn_leg"},
    "video_room_sip_leg: a SIP device in a video room": {
        "type": "video_room_sip_leg",
        "status": "ended",
    },
    "dialogflow_call: no direction, no milliseconds, no parent": {
        "type": "dialogflow_call",
        "charge": 0.05,
    },
    "fabric_subscriber_device_leg: the status is always null": {
        "type": "fabric_subscriber_device_leg",
        "to": "/private/reception",
        "charge": 0,
    },
}
_CHARGES: Final[Cases] = {
    "charge_details: two lines": {
        "direction": "outbound",
        "charge": 0.154996,
        "charge_details": [
            {"description": "Text to Speech", "charge": 0.121176},
            {"description": "Outbound Voice Minutes", "charge": 0.03382},
        ],
        "duration_ms": 9326,
        "billing_ms": 5160,
    },
    "unanswered: billing_ms null, charge 0": {
        "status": "no-answer",
        "charge": 0,
        "duration_ms": 20_040,
        "billing_ms": None,
    },
    "billing_ms null and yet a charge of 0.0004": {
        "status": "ended",
        "charge": 0.0004,
        "charge_details": [{"description": "Text to Speech", "charge": 0.0004}],
        "duration_ms": 24_310,
        "billing_ms": None,
    },
}
_ADDRESSES: Final[Cases] = {
    "SIP addresses at both ends": {
        "type": "relay_sip_call",
        "from": "sip:+12065550110@sip.signalwire.com",
        "to": "sip:reception@acme.dapp.signalwire.com",
    },
    "a WhatsApp call, logged as relay_pstn_call": {"to": "whatsapp:+12065550147"},
    "a bare word where a number is expected": {"from": "freeswitch", "to": "Anonymous"},
}
"""Logs whose `from` or `to` is not a phone number."""
_ODD: Final[Cases] = {
    "agora_call: a type the documentation does not know, with a field it does not know": {
        "type": "agora_call",
        "audio_in_mos": "4.41",
        "room": {"name": "x"},
    },
    "numbers sent as strings": {
        "duration": "42",
        "duration_ms": "42310",
        "billing_ms": "60000",
        "charge": "0.0100",
    },
    "hostile text in every field": {
        "from": "<!channel> <img src=x onerror=alert(1)>",
        "to": "<https://evil.example|SignalWire> *bold* `code`\n\n> quote\u202e" + "A" * 5000,
        "charge_details": [{"description": "<!here> & ```" + "B" * 400, "charge": 0.01}],
        "parent_id": "../../../etc/passwd",
    },
}
"""Logs that differ from the documentation or contain hostile text."""


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


def _status(number: int, status: str, now: datetime) -> LogFixture:
    id_ = log_id("57a70500", number)
    happened = _EVENTS.get(status, ())
    is_over = "ended" in [name for _, name in happened]
    created = now - (timedelta(hours=number) if is_over else timedelta(minutes=1))
    if status == "joined":
        joined = now - timedelta(hours=number)
        return call_log(id_, f"status {status}", joined, type="video_room_pstn_leg")
    changes: Body = {"status": status}
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


def _leg_cases(now: datetime) -> tuple[LogFixture, ...]:
    unanswered, talked = CHILDREN
    began = now - timedelta(hours=3)
    rang = began + timedelta(seconds=2)
    answered = began + timedelta(seconds=21)
    return (
        call_log(
            PARENT,
            "a parent with two child legs",
            began,
            duration_ms=95_120,
            billing_ms=93_920,
            events=call_events(began, (0, "initiated"), (1.2, "answered"), (95.12, "ended")),
        ),
        call_log(
            unanswered,
            "a child leg that nobody answered",
            rang,
            direction="outbound-dial",
            to="+12065550102",
            status="no-answer",
            charge=0,
            duration_ms=18_040,
            billing_ms=None,
            parent_id=PARENT,
            events=call_events(rang, (0, "initiated"), (0.8, "ringing"), (18.04, "no_answer")),
        ),
        call_log(
            talked,
            "a child leg that was answered",
            answered,
            direction="outbound-dial",
            to="+12065550103",
            charge=0.0132,
            duration_ms=73_310,
            billing_ms=69_450,
            parent_id=PARENT,
            events=call_events(
                answered, (0, "initiated"), (0.7, "ringing"), (3.9, "answered"), (73.31, "ended")
            ),
        ),
    )


def _chatty(now: datetime) -> LogFixture:
    created = now - timedelta(hours=4)
    details: Body = {"caller": "+12065550112", "note": "C" * 300}
    levels = ("info", "warn", "warning", "error", "debug")
    events = (
        Event(
            created + timedelta(seconds=(n * 37) % 120),
            f"calling_call_step_{n}",
            levels[n % 5],
            details,
        )
        for n in range(120)
    )
    return call_log(
        CHATTY,
        "120 events, unsorted, with every level and large details",
        created,
        duration_ms=120_000,
        billing_ms=120_000,
        events=tuple(events),
    )


def catalog(now: datetime) -> tuple[LogFixture, ...]:
    """Every log, the documentation's own example first.

    Takes the current time, aware and in UTC. The live call begins then; all others, except the
    first, began shortly before.
    """
    statuses = (*_LAML_STATUSES, *_RELAY_STATUSES)
    return (
        _documented(),
        *call_logs("ca110000", now - timedelta(days=1), _VARIANTS),
        LogFixture(
            deleted(DELETED, now - timedelta(days=9), now - timedelta(days=2)),
            "deleted: only id, created_at and discarded_at are left",
        ),
        *(_status(number, status, now) for number, status in enumerate(statuses, 1)),
        *call_logs("c0570000", now - timedelta(hours=1), _CHARGES),
        call_log(
            log_id("c0570000", 4),
            "over an hour long, eight digits of charge",
            now - timedelta(hours=2),
            duration_ms=3_725_009,
            billing_ms=3_780_000,
            charge=0.50415001,
        ),
        *call_logs("add00000", now - timedelta(hours=2), _ADDRESSES),
        *_leg_cases(now),
        *call_logs("0dd00000", now - timedelta(hours=4), _ODD),
        _chatty(now),
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
