"""The Details of real calls; see tests/cases."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import call
from bot.signalwire.models import VoiceLog
from bot.signalwire.responses import parse_compatibility_call, parse_events, parse_voice_log
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
from bot.voicelogs.call_times import call_times
from bot.voicelogs.ending import ending
from bot.voicelogs.results import CallLegs, Details, Found, TimeSpan
from tests.cases import DETAILS, DetailsCase
from tests.support.as_sent import refused
from tests.unit.ui.details_examples import rendered

NOW: Final = datetime(2026, 11, 28, 16, 38, 39, tzinfo=UTC)
BEGAN: Final = datetime(2024, 5, 6, 12, 20, tzinfo=UTC)
SEARCHED: Final = TimeSpan(BEGAN - timedelta(days=20), BEGAN + timedelta(days=1))
ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
LOG: Final = call(
    ID,
    BEGAN,
    from_="+12065551212",
    to="+12065553434",
    direction="outbound-api",
    status="ended",
    duration_ms=72_400,
    billing_ms=69_200,
)
LEG: Final = {**LOG, "duration": 80, "duration_ms": 80_000, "billing_ms": 76_000}
CALL: Final[Mapping[str, JsonValue]] = {
    "sid": ID,
    "from": "+12065551212",
    "to": "+12065553434",
    "direction": "outbound-api",
    "status": "completed",
    "duration": 56,
    "price": -0.0132,
    "price_unit": "USD",
    "date_created": "Mon, 06 May 2024 12:20:00 +0000",
    "start_time": "Mon, 06 May 2024 12:20:04 +0000",
    "end_time": "Mon, 06 May 2024 12:21:00 +0000",
}


def sent(body: Mapping[str, JsonValue]) -> bytes:
    return json.dumps(body).encode()


def parsed(case: DetailsCase) -> Details:
    raw = None if case.call is None else parse_compatibility_call(sent({**CALL, **case.call}))
    record = None if raw is None else raw.call
    timeline = parse_events(sent({"data": [*case.events]}))
    legs = [parse_voice_log(sent({**LEG, **leg})).log for leg in case.legs]
    if case.log is not None:
        log = legs[0] if legs else parse_voice_log(sent({**LOG, **case.log})).log
        found = Found(UUID(log.id), "acme", log)
    else:
        assert record is not None
        found = Found(UUID(record.sid), "acme", record.as_voice_log(), call=record)
    return Details(
        found,
        timeline,
        CallLegs(found.log, tuple(sorted(legs, key=_start)) or (found.log,), SEARCHED),
        record,
        ending(found, timeline, record, NOW),
        call_times(found.log, timeline.events),
    )


def _start(log: VoiceLog) -> datetime:
    return log.created_at or NOW


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in DETAILS])
def test_details_show_what_was_sent_and_no_more(case: DetailsCase) -> None:
    view = details_view.view(parsed(case), CardContext("k7m2", NOW))
    shown = rendered(view)

    assert [part for part in case.shows if part not in shown] == []
    assert [part for part in case.never if part in shown] == []
    assert refused(view) == []
