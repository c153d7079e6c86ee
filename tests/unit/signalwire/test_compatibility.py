import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue

from bot.signalwire.audio_quality import AudioQuality
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import InvalidResponseError, UnavailableError
from bot.signalwire.models import LogVariant
from bot.signalwire.responses import parse_compatibility_call
from tests.support.fake_time_loop import seconds_taken
from tests.support.signalwire import ScriptedApi, client_over, new_project, stall
from tests.support.texts import ID

# As captured in 2024.
CAPTURED: dict[str, JsonValue] = {
    "sid": str(ID),
    "date_created": "Thu, 24 Oct 2024 22:08:24 +0000",
    "date_updated": "Thu, 24 Oct 2024 22:08:46 +0000",
    "parent_call_sid": None,
    "account_sid": "341c89fe-24f0-4265-8c1f-ba993b277d0c",
    "from": "+12065550100",
    "formatted_from": "(206) 555-0100",
    "to": "+12065550101",
    "status": "completed",
    "start_time": "Thu, 24 Oct 2024 22:08:25 +0000",
    "end_time": "Thu, 24 Oct 2024 22:08:46 +0000",
    "duration": 22,
    "price": 0.00928,
    "price_unit": "USD",
    "direction": "inbound",
    "answered_by": None,
    "audio_in_mos": "4.5",
    "sip_result_code": None,
}


def parsed(**changes: JsonValue) -> CompatibilityCall:
    body = json.dumps({**CAPTURED, **changes}).encode()
    return parse_compatibility_call(body).call


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_captured_record_is_parsed_in_full() -> None:
    call = parsed()
    assert (call.sid, call.from_, call.to) == (str(ID), "+12065550100", "+12065550101")
    assert (call.status, call.direction) == ("completed", "inbound")
    assert (call.duration, call.price) == (Decimal(22), Decimal("0.00928"))
    assert call.start_time == at("2024-10-24T22:08:25")
    assert call.end_time == at("2024-10-24T22:08:46")
    assert call.answered_by is call.sip_result_code is call.parent_call_sid is None
    assert call.quality == AudioQuality(audio_in_mos=Decimal("4.5"))


@pytest.mark.parametrize(
    ("sent", "charge"),
    [
        *((sent, Decimal("0.00928")) for sent in (0.00928, "0.00928")),
        *((sent, Decimal("0.005")) for sent in (-0.005, "-0.005")),
        *((sent, None) for sent in (None, "free")),
    ],
)
def test_the_charge_is_the_price_without_its_sign(sent: JsonValue, charge: Decimal | None) -> None:
    assert parsed(price=sent).as_voice_log().charge == charge


@pytest.mark.parametrize(("unit", "currency"), [("usd", None), (None, None), ("EUR", "EUR")])
def test_a_charge_in_another_currency_than_dollars_has_it(
    unit: str | None, currency: str | None
) -> None:
    assert parsed(price_unit=unit).as_voice_log().currency == currency


@pytest.mark.parametrize("sent", [[], {}, "", " ", True, None])
def test_an_odd_field_does_not_break_the_record(sent: JsonValue) -> None:
    odd: dict[str, JsonValue] = dict.fromkeys(CAPTURED.keys() - {"sid"}, sent)
    call = parsed(**odd, qos_metrics=sent, quality=sent)
    assert call.sid == str(ID)
    assert (call.end_time, call.sip_result_code, call.duration) == (None, None, None)


def test_a_call_as_a_log_has_only_the_fields_of_the_call() -> None:
    log = parsed(parent_call_sid="another").as_voice_log()
    assert (log.id, log.from_, log.to) == (str(ID), "+12065550100", "+12065550101")
    assert (log.status, log.direction, log.parent_id) == ("completed", "inbound", "another")
    assert log.duration == Decimal(22)
    assert log.created_at == at("2024-10-24T22:08:24")
    assert log.quality.audio_in_mos == Decimal("4.5")
    assert (log.type, log.source, log.billing_ms) == (None, None, None)
    assert not log.has_no_billing
    assert log.variant is LogVariant.UNKNOWN


def test_a_call_without_a_creation_time_is_dated_by_its_start() -> None:
    log = parsed(date_created=None).as_voice_log()
    assert log.created_at == at("2024-10-24T22:08:25")


async def test_a_call_is_one_request_to_the_url_of_its_project() -> None:
    api = ScriptedApi(httpx.Response(200, json=CAPTURED))
    client = client_over(httpx.MockTransport(api), new_project(project_id="my/project"))
    record = await client.get_compatibility_call(ID)
    assert record.call.sid == str(ID)
    assert record.json.document["price"] == Decimal("0.00928")
    (request,) = api.requests
    path = f"/api/laml/2010-04-01/Accounts/my%2Fproject/Calls/{ID}.json"
    assert (request.method, str(request.url)) == ("GET", f"https://acme.signalwire.com{path}")
    assert request.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "sent", [{"id": str(ID)}, [CAPTURED], {**CAPTURED, "sid": str(UUID(int=1))}]
)
async def test_a_response_without_the_call_is_invalid(sent: JsonValue) -> None:
    api = ScriptedApi(httpx.Response(200, json=sent))
    with pytest.raises(InvalidResponseError):
        await client_over(httpx.MockTransport(api)).get_compatibility_call(ID)


async def test_a_request_with_a_time_limit_has_one_attempt() -> None:
    api = ScriptedApi(httpx.Response(503), httpx.Response(200, json=CAPTURED))
    with pytest.raises(UnavailableError):
        await client_over(httpx.MockTransport(api)).get_compatibility_call(ID, seconds=3)
    assert len(api.requests) == 1


@pytest.mark.parametrize(("given", "taken"), [(3.0, 3.0), (60.0, 8.0), (0.0, 0.0)])
def test_a_time_limit_is_at_most_the_eight_seconds_of_any_request(
    given: float, taken: float
) -> None:
    async def work() -> None:
        client = client_over(httpx.MockTransport(stall))
        with pytest.raises(UnavailableError):
            await client.get_compatibility_call(ID, seconds=given)

    assert seconds_taken(work) == pytest.approx(taken)
