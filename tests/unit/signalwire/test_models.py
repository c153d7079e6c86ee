import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import JsonValue, ValidationError

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.signalwire.models import CallPhase, ChargeDetail, LogVariant, VoiceLog

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ENTRIES = {entry.description: entry for entry in catalog(NOW)}
NOON = datetime(2024, 5, 6, 12, 20, tzinfo=UTC)
OPTIONAL = {
    *("type", "from", "to", "source", "direction", "status", "parent_id"),
    *("charge", "duration", "duration_ms", "billing_ms", "created_at", "discarded_at"),
}


def read(body: str) -> VoiceLog:
    return VoiceLog.model_validate(json.loads(body, parse_float=Decimal))


def log(**fields: object) -> VoiceLog:
    return VoiceLog.model_validate({"id": DOCUMENTED, **fields})


def with_number(written: str) -> VoiceLog:
    names = ("charge", "duration", "duration_ms", "billing_ms")
    return read(f'{{"id": "x", {", ".join(f"{json.dumps(n)}: {written}" for n in names)}}}')


def numbers(found: VoiceLog) -> set[Decimal | None]:
    return {found.charge, found.duration, found.duration_ms, found.billing_ms}


def test_the_documented_example_is_parsed_in_full() -> None:
    body = json.dumps(ENTRIES["the documentation's own example"].body)
    assert read(body) == VoiceLog(
        id=DOCUMENTED,
        type="relay_sip_call",
        from_="+12065551212",
        to="+12065553434",
        source="realtime_api",
        direction="inbound",
        status="completed",
        charge=Decimal("0.01"),
        duration=Decimal(9),
        duration_ms=Decimal(9638),
        billing_ms=Decimal(60_000),
        created_at=NOON,
    )


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("laml_call", LogVariant.CALL),
        *((f"relay_{kind}_call", LogVariant.CALL) for kind in ("pstn", "sip", "webrtc")),
        *((f"video_room_{kind}_leg", LogVariant.VIDEO_ROOM) for kind in ("pstn", "sip")),
        ("dialogflow_call", LogVariant.DIALOGFLOW),
        ("fabric_subscriber_device_leg", LogVariant.FABRIC),
        *((other, LogVariant.UNKNOWN) for other in ("agora_call", "", None)),
    ],
)
def test_the_type_determines_the_variant(type_: str | None, kind: LogVariant) -> None:
    assert log(type=type_).variant is kind


def test_a_discarded_log_without_a_type_is_deleted() -> None:
    discarded_at = "2024-05-06T12:20:00Z"
    assert log(type=None, discarded_at=discarded_at).variant is LogVariant.DELETED
    assert log(discarded_at=None).variant is LogVariant.UNKNOWN
    assert log(type="laml_call", discarded_at=discarded_at).variant is LogVariant.CALL


@pytest.mark.parametrize("discarded_at", ["", "yesterday", {}, 5, "0000-00-00T00:00:00Z", True])
def test_a_log_is_deleted_even_if_the_time_is_unreadable(discarded_at: JsonValue) -> None:
    found = log(discarded_at=discarded_at)
    assert (found.variant, found.discarded_at) == (LogVariant.DELETED, None)
    assert log(discarded_at=discarded_at, status="ringing").is_live is False


@pytest.mark.parametrize(
    ("statuses", "phase", "live"),
    [
        (("queued", "initiated", "created"), CallPhase.NOT_STARTED, True),
        (("ringing",), CallPhase.RINGING, True),
        (("in-progress", "answered", "joined", "ending"), CallPhase.LIVE, True),
        (("completed", "ended", "busy", "failed", "no-answer", "canceled"), CallPhase.OVER, False),
        (("transferring", None), CallPhase.UNKNOWN, False),
    ],
)
def test_the_status_determines_the_phase(
    statuses: Sequence[str | None], phase: CallPhase, *, live: bool
) -> None:
    for status in statuses:
        found = log(status=status)
        assert (found.phase, found.is_live) == (phase, live)


def test_a_validation_error_does_not_quote_the_log() -> None:
    with pytest.raises(ValidationError) as caught:
        VoiceLog.model_validate({"from": "+12065550100"})
    assert "2065550100" not in str(caught.value)


def test_an_id_may_be_a_number() -> None:
    assert read('{"id": 12}').id == "12"


@pytest.mark.parametrize("wrong", [None, [], {}, [1], {"x": 1}])
def test_a_field_that_is_null_or_of_the_wrong_type_is_none(wrong: JsonValue) -> None:
    others = OPTIONAL - {"discarded_at", "billing_ms"}
    assert log(**dict.fromkeys(others, wrong), charge_details=wrong) == log()


def test_undocumented_values_are_kept() -> None:
    found = log(type="agora_call", status="parked", direction="sideways", source="mars")
    assert (found.type, found.status, found.direction, found.source) == (
        *("agora_call", "parked", "sideways", "mars"),
    )


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_blank_text_is_none(blank: str) -> None:
    assert log(status=blank, to=blank, type=blank, parent_id=blank) == log()


def test_a_number_is_accepted_as_text() -> None:
    found = read('{"id": "x", "from": 12065550100, "status": 7}')
    assert (found.from_, found.status) == ("12065550100", "7")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        *((written, Decimal(42)) for written in ("42", "42.0", '"42"')),
        *(('"0.0100"', Decimal("0.0100")), ("1e2", Decimal(100)), ("0", Decimal(0))),
    ],
)
def test_numbers_may_come_as_strings(written: str, number: Decimal) -> None:
    assert numbers(with_number(written)) == {number}


@pytest.mark.parametrize(
    "written",
    [
        *("NaN", "Infinity", "-Infinity", '"NaN"', '"Infinity"', '"sNaN"'),
        *("1e400", '"1e400"', "1e999999999", "1e-400", "-1e999999999", '"1e-999999999"'),
        *("9" * 16, "9" * 4000, '"' + "9" * 4000 + '"'),
        *('"a lot"', '""', '" "', '"$0.01"', '"0,01"', "true", "false", "[0.01]", "{}", "null"),
    ],
)
def test_a_number_that_cannot_be_printed_is_none(written: str) -> None:
    assert numbers(with_number(written)) == {None}


def test_a_negative_duration_is_none_and_a_negative_charge_is_kept() -> None:
    found = with_number("-1.5")
    assert (found.duration, found.duration_ms, found.billing_ms) == (None, None, None)
    assert found.charge == Decimal("-1.5")


@pytest.mark.parametrize(
    "written",
    ["0.01", "0.010", "0.00660", "0.121176", "0.50415001", "12.1", "1e-7", "0.1000000000000000055"],
)
def test_money_keeps_every_digit(written: str) -> None:
    found = read(f'{{"id": "x", "charge": {written}, "charge_details": [{{"charge": {written}}}]}}')
    assert str(found.charge) == str(Decimal(written))
    assert str(found.charge_details[0].charge) == str(Decimal(written))


def test_each_charge_line_is_parsed() -> None:
    found = log(
        charge_details=[
            {"description": "Text to Speech", "charge": Decimal("0.121176")},
            {"description": "Outbound Voice Minutes", "charge": "0.03382", "unit": "min"},
        ]
    )
    assert found.charge_details == (
        ChargeDetail(description="Text to Speech", charge=Decimal("0.121176")),
        ChargeDetail(description="Outbound Voice Minutes", charge=Decimal("0.03382")),
    )


@pytest.mark.parametrize(
    "written",
    [
        *("2024-05-06T12:20:00Z", "2024-05-06T12:20:00.000Z", "2024-05-06T12:20:00+00:00"),
        *("2024-05-06T14:20:00+02:00", "2024-05-06T12:20:00", "2024-05-06 12:20:00"),
        *("2024-05-06 12:20:00 UTC", "Mon, 06 May 2024 14:20:00 +0200"),
        *("2024-05-06 14:20:00 +0200", "2024-05-06 12:20:00 Z", " 2024-05-06T12:20:00Z\n"),
        *(1714998000000, "1714998000000", Decimal(1714998000000)),
        *("6 May 2024 12:20 GMT", "Mon, 06 May 2024 08:20:00 EDT"),
        "Mon, 06 May 2024 12:20:00 -0000",
    ],
)
def test_a_time_is_in_utc_with_or_without_a_zone(written: object) -> None:
    found = log(created_at=written, discarded_at=written)
    assert found.created_at == found.discarded_at == NOON
    assert found.created_at is not None
    assert found.created_at.tzinfo is UTC


def test_september_may_be_spelled_as_in_signalwires_docs() -> None:
    assert log(created_at="Wed, 19 Sept 2018 20:00:00 +0000").created_at == datetime(
        2018, 9, 19, 20, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "written",
    [
        *("", "yesterday", "2024-13-45T00:00:00Z", "9999-12-31T23:59:59-14:00", [], True),
        *(60000, 1206555121, "1206555121", "12065551212", 1.2e9, -1714998000000, 10**13),
        *("Mon, 06 May 2024 14:20:00 CEST", "Mon, 06 May 2024 14:20:00 +02:00"),
        *("Mon May 06 2024 14:20:00 GMT+0200 (CEST)", "May 6, 2024 2:20 PM"),
        *("Wed, 99 Sep 2018 20:00:00 +0000", "Wed, 19 Sep 2018 20:00:00 +99999999999"),
    ],
)
def test_an_invalid_time_is_none(written: JsonValue) -> None:
    assert log(created_at=written) == log()


@pytest.mark.parametrize(
    ("fields", "milliseconds"),
    [
        ({"duration": 9, "duration_ms": 9638}, 9638),
        ({"duration": 9}, 9000),
        ({"duration": "9.5"}, 9500),
        ({"duration_ms": "9638.7"}, 9638),
        ({"duration": 9, "duration_ms": 0}, 0),
        ({"duration": 9, "duration_ms": "?"}, 9000),
        ({"billing_ms": 60_000}, None),
    ],
)
def test_the_duration_comes_from_the_more_precise_field(
    fields: dict[str, JsonValue], milliseconds: int | None
) -> None:
    assert log(**fields).duration_or_rounded_ms == milliseconds
