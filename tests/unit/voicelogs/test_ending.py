from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.signalwire.models import JsonObject, LogEvent, Timeline, VoiceLog
from bot.voicelogs.ending import ending, has_compatibility_call
from bot.voicelogs.masking import mask_details
from bot.voicelogs.results import Details, Ending, Found, PartError
from tests.support.samples import NOW
from tests.support.texts import ID

OTHER = "0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11"
CREATED = NOW - timedelta(minutes=10)
CALL = CompatibilityCall(
    sid=str(ID),
    sip_result_code="486",
    answered_by="machine",
    start_time=CREATED,
    end_time=CREATED + timedelta(seconds=9),
)
NO_EVENTS = Timeline((), None)


def found(
    status: str | None = "ended", type_: str = "relay_pstn_call", created_at: datetime = CREATED
) -> Found:
    source = "laml" if type_ == "laml_call" else "realtime_api"
    log = VoiceLog(id=str(ID), type=type_, source=source, status=status, created_at=created_at)
    return Found(ID, "acme", log)


LAML = found("busy", "laml_call")


def ending_from(*details: JsonObject) -> Ending:
    """Return the ending from events with these details, oldest first."""
    events = tuple(
        LogEvent(event_at=CREATED + timedelta(seconds=n), details=each)
        for n, each in enumerate(details)
    )
    result = ending(found(), Timeline(events, None), None, NOW)
    assert result is not None
    return result


@pytest.mark.parametrize(
    "details",
    [
        *({name: "USER_BUSY"} for name in ("hangup_cause", "hangupCause", "HangupCause")),
        {"Hangup-Cause": "USER_BUSY"},
        {"hangup cause": " USER_BUSY "},
        {"call": {"hangup_cause": "USER_BUSY"}},
        {"params": {"call": [{"state": "ended"}, {"hangup_cause": "USER_BUSY"}]}},
        {"call_id": str(ID), "hangup_cause": "USER_BUSY"},
        {"callId": str(ID).upper(), "params": {"hangup_cause": "USER_BUSY"}},
        {"call_id": OTHER, "segment_id": str(ID), "hangup_cause": "USER_BUSY"},
        {"call_id": None, "hangup_cause": "USER_BUSY"},
        {"call_id": "a84b4c76e66710@pc33.example.com", "hangup_cause": "USER_BUSY"},
        {"hangup_cause": "USER_BUSY", "peer": {"hangup_cause": "NORMAL_CLEARING"}},
        {"hangup_cause": "USER_BUSY", "inner": {"hangup_cause": "NORMAL_CLEARING"}},
        {"inner": {"hangup_cause": "NORMAL_CLEARING"}, "hangup_cause": "USER_BUSY"},
        {"hangup_cause_code": Decimal(17), "hangup_cause": "USER_BUSY"},
        {"cause": "USER_BUSY", "causeCode": Decimal(17)},
    ],
)
def test_a_hangup_cause_is_found_at_any_depth_and_in_any_spelling(details: JsonObject) -> None:
    assert ending_from({"hangup_cause": "earlier"}, details).hangup_cause == "USER_BUSY"


@pytest.mark.parametrize(
    "details",
    [
        *({}, {"end_reasons": "USER_BUSY"}, {"cause": "timeout"}, {"sip_code": Decimal(0)}),
        *({"hangup_cause": cause} for cause in (None, "", False, "none", {"code": Decimal(17)})),
        {"note": "hangup_cause: USER_BUSY"},
        {"peer": {"hangup_cause": "USER_BUSY", "end_reason": "busy"}},
        {"parent": {"sip_code": Decimal(486)}},
        {"legs": [{"call_id": OTHER, "hangup_cause": "USER_BUSY"}]},
        {"call_id": OTHER, "params": {"hangup_cause": "USER_BUSY"}},
    ],
)
def test_other_details_are_ignored(details: JsonObject) -> None:
    assert ending_from(details) == Ending(is_complete=True)


@pytest.mark.parametrize(
    "name", ["sip_code", "sipCode", "sip_result_code", "SipResponseCode", "sip_status_code"]
)
@pytest.mark.parametrize("number", ["603", "603.0"])
def test_a_sip_code_may_be_a_number(name: str, number: str) -> None:
    assert ending_from({name: Decimal(number)}).sip_code == "603"


@pytest.mark.parametrize("name", ["hangup_cause_code", "hangupCauseCode", "q850_cause"])
def test_a_hangup_cause_may_be_a_number(name: str) -> None:
    assert ending_from({name: Decimal(17)}).hangup_cause == "17"


def test_each_field_is_from_the_last_event_that_has_it() -> None:
    result = ending_from(
        {"end_reason": "busy", "end_source": "peer"},
        {"end_reason": "hangup"},
        {"state": "ended"},
    )
    assert (result.end_reason, result.end_source) == ("hangup", "peer")
    assert result.says_why


def test_a_laml_call_may_have_the_quality_that_its_log_lacks() -> None:
    call = CompatibilityCall.model_validate({"sid": str(ID), "audio_in_mos": "3.2"})
    result = ending(LAML, NO_EVENTS, call, NOW)
    assert result is not None
    assert result.quality.audio_in_mos == Decimal("3.2")


def test_the_compatibility_api_takes_precedence_over_the_events() -> None:
    events = Timeline((LogEvent(details={"sip_code": "500", "end_reason": "error"}),), None)
    result = ending(LAML, events, CALL, NOW)
    assert result is not None
    assert (result.sip_code, result.end_reason) == ("486", "error")


@pytest.mark.parametrize("status", ["queued", "ringing", "in-progress", "ending"])
def test_a_live_leg_has_no_ending(status: str) -> None:
    assert ending(found(status, "laml_call"), NO_EVENTS, CALL, NOW) is None


def test_a_deleted_log_has_no_ending() -> None:
    log = VoiceLog(id=str(ID), discarded_at=NOW, was_discarded=True)
    assert ending(Found(ID, "acme", log), NO_EVENTS, None, NOW) is None


@pytest.mark.parametrize(
    ("found_log", "expected"),
    [
        (LAML, True),
        (found(), False),
        (found("in-progress", "laml_call"), False),
        (Found(ID, "acme", LAML.log, call=CALL), False),
    ],
)
def test_the_compatibility_api_has_laml_calls_that_are_over(
    found_log: Found, *, expected: bool
) -> None:
    assert has_compatibility_call(found_log, NOW) is expected


ERROR = UnavailableError("503", 3)


@pytest.mark.parametrize(
    ("found_log", "timeline", "call", "is_complete"),
    [
        (found(), NO_EVENTS, None, True),
        *((found(), events, None, False) for events in (None, ERROR, "internal_error")),
        *((LAML, NO_EVENTS, call, True) for call in (CALL, LogNotFoundError())),
        *((LAML, NO_EVENTS, call, False) for call in (None, ERROR, "internal_error")),
        (LAML, None, CALL, False),
        (Found(ID, "acme", LAML.log, call=CALL), NO_EVENTS, CALL, True),
    ],
)
def test_an_ending_is_complete_if_all_its_sources_were_read(
    found_log: Found,
    timeline: Timeline | PartError | None,
    call: CompatibilityCall | PartError | None,
    *,
    is_complete: bool,
) -> None:
    result = ending(found_log, timeline, call, NOW)
    assert result is not None
    assert result.is_complete is is_complete


def test_an_ending_is_masked() -> None:
    number = "+12065550100"
    known = Ending(number, number, number, number, number, CREATED, CREATED)
    masked = mask_details(Details(found(), ending=known, call=CALL)).ending
    assert masked is not None
    words = (masked.sip_code, masked.hangup_cause, masked.end_reason, masked.end_source)
    assert {*words, masked.answered_by} == {"+1 ••••••••00"}
    assert (masked.started_at, masked.ended_at) == (CREATED, CREATED)


def test_a_masked_call_keeps_only_what_is_shown() -> None:
    of_call = Found(ID, "acme", LAML.log, call=CALL.model_copy(update={"from_": "+12065550100"}))
    masked = mask_details(Details(of_call, call=of_call.call))
    assert masked.call is None
    assert masked.found.call == CompatibilityCall(sid=str(ID), sip_result_code="486")
