"""How a leg ended, and calls that only the Compatibility API has yet."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import BUSY, DELAYED, FAILED, delayed_log
from bot.dev.emulator.signalwire.compatibility import record
from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Body, Event, LogFixture, iso_timestamp
from bot.dev.gallery.errors import HOSTILE, NOT_FOUND, UNAVAILABLE
from bot.dev.gallery.fixtures import ENTRIES, NOW, PROJECT, alone, body, found, logged, timeline
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, TERMINAL, reply
from bot.signalwire.compatibility import CompatibilityCall, RawCompatibilityCall
from bot.signalwire.models import Timeline
from bot.signalwire.responses import parse_compatibility_call
from bot.ui.block_kit import View
from bot.ui.details import ending as details_ending
from bot.ui.details import view as details_view
from bot.voicelogs import ending, masking
from bot.voicelogs.results import Details, Found, PartError

_PROJECT_ID: Final = "5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b"
_RELAY: Final = found(body(status="failed", charge=0, billing_ms=None, duration_ms=None))


def endings() -> Examples:
    """The section of Details, from each of its sources."""
    return {
        **{f"a LaML call{name}": _shown(each) for name, each in _laml().items()},
        **{name: _shown(each) for name, each in _relay().items()},
        "a call that failed, as the command line prints it": reply(_RELAY, context=TERMINAL),
    }


def _laml() -> dict[str, Details]:
    busy, failed = logged(BUSY), logged(FAILED)
    by_machine = LogFixture(
        _laml_body(status="completed"),
        call={
            "answered_by": "machine_start",
            "start_time": "Sun, 22 Nov 2026 12:04:09 +0000",
            "audio_in_mos": "3.2",
        },
    )
    no_code = LogFixture(
        {**ENTRIES[FAILED].body, "duration_ms": None}, call={"sip_result_code": None}
    )
    return {
        " that was busy": _details(busy, _sent(ENTRIES[BUSY]).call),
        ", before its record has loaded": _details(busy),
        " that a machine answered": _details(found(by_machine.body), _sent(by_machine).call),
        " that failed for no known reason": _details(failed, _sent(no_code).call),
        " that failed, and isn't in the Compatibility API": _details(failed, NOT_FOUND),
        " that failed, and the Compatibility API isn't responding": _details(failed, UNAVAILABLE),
        " that was busy, and an internal error": _details(busy, "internal_error"),
    }


def _relay() -> dict[str, Details]:
    fields: dict[str, Mapping[str, JsonValue]] = {
        "events with every field": {
            "end_reason": "error",
            "end_source": "network",
            "hangup_cause": "NO_ROUTE_DESTINATION",
            "sip_code": 404,
        },
        "events with other spellings": {
            "params": {"hangupCause": "user-busy", "sipCode": "SIP/2.0 486 busy here"}
        },
        "events with numbers": {"hangup_cause_code": 17, "sip_code": 486.0},
        "events with unknown words and codes": {
            "hangup_cause": "SOLAR_FLARE",
            "sip_code": "486 Out to lunch",
            "end_reason": HOSTILE,
        },
    }
    numbers = _ended_with({"end_source": "sip:+12065550112@acme.example"})
    return {
        **{name: _details(_RELAY, events=_ended_with(each)) for name, each in fields.items()},
        "a reason with a number, masked": masking.mask_details(_details(_RELAY, events=numbers)),
        "a call that failed, and its events don't say why": _details(_RELAY),
        "a call that failed, and its events couldn't be read": _details(_RELAY, events=UNAVAILABLE),
    }


def without_log() -> Examples:
    """Calls that have no voice log yet."""
    just_now = iso_timestamp(NOW - timedelta(seconds=40))
    failed = _laml_body(status="failed")
    fixtures = {
        "busy": delayed_log(NOW),
        "in progress": LogFixture(_laml_body(status="in-progress", created_at=just_now)),
        "failed": LogFixture(failed),
        "failed for no known reason": LogFixture(failed, call={"sip_result_code": None}),
        "with a parent, a price and quality": LogFixture(
            _laml_body(parent_id=DELAYED), call={"price": -0.005, "audio_in_mos": "4.5"}
        ),
        "a price in euros": LogFixture(_laml_body(), call={"price_unit": "EUR"}),
    }
    called = {name: _found(each) for name, each in fixtures.items()}
    busy = called["busy"]
    whole = _details(busy, busy.call, Timeline((), None))
    masked = masking.mask_details(details_view.reduce_to_json(whole))
    of_events, of_legs = (
        replace(CONTEXT, modal_notes=details_ending.provisional(busy, has_events=has))
        for has in (True, False)
    )
    return {
        **{name: reply(each) for name, each in called.items()},
        "masked": reply(masking.mask_result(busy)),
        "with another log": reply(busy, found(failed)),
        "its details": _shown(whole),
        "its legs": details_view.legs_view(whole, of_legs),
        "its JSON": details_view.raw_view(whole, of_events),
        "its JSON, masked": details_view.raw_view(masked, of_events),
    }


def _laml_body(**changes: JsonValue) -> Body:
    return body(**{"type": "laml_call", "direction": "outbound-api", **changes})


def _ended_with(details: Mapping[str, JsonValue]) -> Timeline:
    began = NOW - timedelta(hours=5)
    initiated = Event(began, "calling_call_initiated")
    ended = Event(began + timedelta(seconds=3), "calling_call_ended", "error", details)
    return timeline([initiated.row, ended.row])


def _sent(fixture: LogFixture) -> RawCompatibilityCall:
    return parse_compatibility_call(as_json(record(fixture, _PROJECT_ID, 0)))


def _found(fixture: LogFixture) -> Found:
    """The result of a lookup if only the Compatibility API has the call."""
    sent = _sent(fixture)
    return Found(UUID(fixture.id), PROJECT, sent.call.as_voice_log(), sent.json, sent.call)


def _details(
    log: Found,
    call: CompatibilityCall | PartError | None = None,
    events: Timeline | PartError | None = None,
) -> Details:
    parts = events or timeline([])
    return Details(log, parts, alone(log), call, ending.ending(log, parts, call, NOW))


def _shown(what: Details) -> View:
    notes = details_ending.provisional(what.found, has_events=True)
    return details_view.view(what, replace(CONTEXT, modal_notes=notes))
