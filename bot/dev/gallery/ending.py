"""How a leg ended, and calls that only the Compatibility API has yet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import BUSY, DELAYED, FAILED, delayed_log
from bot.dev.emulator.signalwire.compatibility import record
from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Event, LogFixture, iso_timestamp
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    HOSTILE,
    PROJECT,
    alone,
    body,
    card_context,
    entry,
    found,
    reply,
    timeline,
)
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.signalwire.models import Timeline
from bot.signalwire.responses import parse_compatibility_call
from bot.ui.block_kit import View
from bot.ui.details import ending as details_ending
from bot.ui.details import view as details_view
from bot.voicelogs import ending, masking
from bot.voicelogs.results import Details, Found, PartError

_PROJECT_ID: Final = "5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b"


def endings(now: datetime) -> build.Examples:
    """The section of Details, from each of its sources."""
    return {**_laml(now), **_events(now), **_unknown(now)}


def without_log(now: datetime) -> build.Examples:
    """Calls that have no voice log yet."""
    return {**_cards(now), **_modals(now)}


def _laml(now: datetime) -> build.Examples:
    busy, failed = entry(BUSY, now), entry(FAILED, now)
    answered = LogFixture(
        _laml_body(now, status="completed"),
        call={
            "answered_by": "machine_start",
            "start_time": "Sun, 22 Nov 2026 12:04:09 +0000",
            "audio_in_mos": "3.2",
        },
    )
    no_code = LogFixture({**failed.body, "duration_ms": None}, call={"sip_result_code": None})
    return {
        "a LaML call that was busy": _example(found(busy.body), now, call=_call(busy)),
        "a LaML call, before its record has loaded": _example(found(busy.body), now, call=None),
        "a LaML call that a machine answered": _example(found(answered.body), now, _call(answered)),
        "a LaML call that failed for no known reason": _example(
            found(failed.body), now, _call(no_code)
        ),
        "a LaML call that failed, and isn't in the Compatibility API": _example(
            found(failed.body), now, LogNotFoundError()
        ),
        "a LaML call that failed, and the Compatibility API isn't responding": _example(
            found(failed.body), now, UnavailableError("503", 3)
        ),
        "a LaML call that was busy, and an internal error": _example(
            found(busy.body), now, "internal_error"
        ),
    }


def _events(now: datetime) -> build.Examples:
    words: dict[str, Mapping[str, JsonValue]] = {
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
    examples = {
        name: _example(found(_relay_body(now)), now, events=_ended_with(now, details))
        for name, details in words.items()
    }
    numbers = _details(
        found(_relay_body(now)),
        now,
        events=_ended_with(now, {"end_source": "sip:+12065550112@acme.example"}),
    )
    return {
        **examples,
        "a reason with a number, masked": _shown(masking.mask_details(numbers), now),
    }


def _unknown(now: datetime) -> build.Examples:
    failed = found(_relay_body(now))
    return {
        "a call that failed, and its events don't say why": _example(failed, now),
        "a call that failed, and its events couldn't be read": _example(
            failed, now, events=UnavailableError("503", 3)
        ),
        "a call that failed, as the command line prints it": reply(failed, setting=None, now=now),
    }


def _cards(now: datetime) -> build.Examples:
    just_now = iso_timestamp(now - timedelta(seconds=40))
    live = _laml_body(now, status="in-progress", created_at=just_now)
    failed = _laml_body(now, status="failed")
    no_code: dict[str, JsonValue] = {"sip_result_code": None}
    called = {
        "busy": _found(delayed_log(now)),
        "in progress": _found(LogFixture(live)),
        "failed": _found(LogFixture(failed)),
        "failed for no known reason": _found(LogFixture(failed, call=no_code)),
        "with a parent, a price and quality": _found(
            LogFixture(
                _laml_body(now, parent_id=DELAYED),
                call={"price": -0.005, "audio_in_mos": "4.5"},
            )
        ),
        "a price in euros": _found(LogFixture(_laml_body(now), call={"price_unit": "EUR"})),
    }
    return {
        **{name: reply(each, now=now) for name, each in called.items()},
        "masked": reply(masking.mask_result(called["busy"]), now=now),
        "with another log": reply(called["busy"], found(failed), now=now),
    }


def _modals(now: datetime) -> build.Examples:
    busy = _found(delayed_log(now))
    whole = _details(busy, now, call=busy.call, events=Timeline((), None))
    masked = masking.mask_details(details_view.reduce_to_json(whole))
    note, short = (details_ending.provisional(busy, has_events=has) for has in (True, False))
    noted, of_legs = (card_context(now=now, notes=notes) for notes in (note, short))
    return {
        "its details": _shown(whole, now),
        "its legs": details_view.legs_view(whole, of_legs),
        "its JSON": details_view.raw_view(whole, noted),
        "its JSON, masked": details_view.raw_view(masked, noted),
    }


def _laml_body(now: datetime, **changes: JsonValue) -> Mapping[str, JsonValue]:
    laml = {"type": "laml_call", "direction": "outbound-api"}
    return body(now, **{**laml, **changes})


def _relay_body(now: datetime) -> Mapping[str, JsonValue]:
    return body(now, status="failed", charge=0, billing_ms=None, duration_ms=None)


def _ended_with(now: datetime, details: Mapping[str, JsonValue]) -> Timeline:
    began = now - timedelta(hours=5)
    return timeline(
        [
            Event(began, "calling_call_initiated"),
            Event(began + timedelta(seconds=3), "calling_call_ended", "error", details),
        ]
    )


def _call(fixture: LogFixture) -> CompatibilityCall:
    return parse_compatibility_call(as_json(record(fixture, _PROJECT_ID, 0))).call


def _found(fixture: LogFixture) -> Found:
    """The result of a lookup if only the Compatibility API has the call."""
    sent = parse_compatibility_call(as_json(record(fixture, _PROJECT_ID, 0)))
    return Found(UUID(fixture.id), PROJECT, sent.call.as_voice_log(), sent.json, sent.call)


def _details(
    log: Found,
    now: datetime,
    call: CompatibilityCall | PartError | None = None,
    events: Timeline | PartError | None = None,
) -> Details:
    parts = events or timeline(())
    return Details(log, parts, alone(log, now), call, ending.ending(log, parts, call, now))


def _example(
    log: Found,
    now: datetime,
    call: CompatibilityCall | PartError | None = None,
    events: Timeline | PartError | None = None,
) -> View:
    return _shown(_details(log, now, call, events), now)


def _shown(what: Details, now: datetime) -> View:
    notes = details_ending.provisional(what.found, has_events=True)
    return details_view.view(what, card_context(now=now, notes=notes))
