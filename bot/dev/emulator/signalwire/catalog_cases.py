"""Logs with special field values: charges, addresses, legs and oddities."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from bot.dev.emulator.signalwire.fixtures import (
    Event,
    LogFixture,
    call_events,
    call_log,
    call_logs,
    iso_timestamp,
    log_id,
)

if TYPE_CHECKING:
    from pydantic import JsonValue

SIP: Final = log_id("add00000", 1)
HOSTILE: Final = log_id("0dd00000", 3)
CHATTY: Final = log_id("0dd00000", 4)
PARENT: Final = log_id("fa000000", 1)
CHILDREN: Final = (log_id("fa000000", 2), log_id("fa000000", 3))


def charge_cases(now: datetime) -> tuple[LogFixture, ...]:
    created = now - timedelta(hours=1)
    return call_logs(
        "c0570000",
        created,
        {
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
            "over an hour long, eight digits of charge": {
                "created_at": iso_timestamp(created - timedelta(hours=1)),
                "duration_ms": 3_725_009,
                "billing_ms": 3_780_000,
                "charge": 0.50415001,
            },
        },
    )


def address_cases(now: datetime) -> tuple[LogFixture, ...]:
    """Logs whose `from` or `to` is not a phone number."""
    return call_logs(
        "add00000",
        now - timedelta(hours=2),
        {
            "SIP addresses at both ends": {
                "type": "relay_sip_call",
                "from": "sip:+12065550110@sip.signalwire.com",
                "to": "sip:reception@acme.dapp.signalwire.com",
            },
            "a WhatsApp call, logged as relay_pstn_call": {"to": "whatsapp:+12065550147"},
            "a bare word where a number is expected": {"from": "freeswitch", "to": "Anonymous"},
        },
    )


def leg_cases(now: datetime) -> tuple[LogFixture, ...]:
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


def edge_cases(now: datetime) -> tuple[LogFixture, ...]:
    """Logs that differ from the documentation or contain hostile text."""
    created = now - timedelta(hours=4)
    details: dict[str, JsonValue] = {"caller": "+12065550112", "note": "C" * 300}
    many = tuple(
        Event(
            created + timedelta(seconds=(n * 37) % 120),
            f"calling_call_step_{n}",
            ("info", "warn", "warning", "error", "debug")[n % 5],
            details,
        )
        for n in range(120)
    )
    cases: dict[str, dict[str, JsonValue]] = {
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
    return (
        *call_logs("0dd00000", created, cases),
        call_log(
            CHATTY,
            "120 events, unsorted, with every level and large details",
            created,
            duration_ms=120_000,
            billing_ms=120_000,
            events=many,
        ),
    )
