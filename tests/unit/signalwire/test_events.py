import json

import httpx
import pytest

from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import InvalidResponseError
from bot.signalwire.models import Timeline
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.results import Found
from tests.support.raw_json import as_text
from tests.support.signalwire import client_over
from tests.support.texts import ID


def client_with_response(body: bytes, status: int = 200) -> SignalWireClient:
    return client_over(httpx.MockTransport(lambda _: httpx.Response(status, content=body)))


async def timeline_of(*events: object) -> Timeline:
    return await client_with_response(json.dumps({"data": events}).encode()).list_events(ID)


async def names_of(*events: object) -> list[str | None]:
    return [event.name for event in (await timeline_of(*events)).events]


async def test_events_are_requested_below_their_log() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"data": []})

    assert (await client_over(httpx.MockTransport(answer)).list_events(ID)).events == ()
    assert [str(request.url) for request in requests] == [
        f"https://acme.signalwire.com/api/voice/logs/{ID}/events"
    ]
    assert requests[0].headers["authorization"].startswith("Basic ")


async def test_events_are_sorted_by_time_and_those_without_a_time_are_last() -> None:
    same = "2026-11-22T16:00:00Z"
    assert await names_of(
        {"name": "timeless"},
        {"name": "second", "event_at": same},
        {"name": "odd", "event_at": "yesterday"},
        {"name": "third", "event_at": same},
        {"name": "first", "event_at": "2026-11-22T16:59:59+01:00"},
    ) == ["first", "second", "third", "timeless", "odd"]


@pytest.mark.parametrize("odd", [None, 5, "event", [], [{"name": "x"}], {}, {"unknown": 1}])
async def test_a_row_that_is_not_an_event_is_skipped(odd: object) -> None:
    assert await names_of({"name": "one"}, odd, {"name": "two"}) == ["one", "two"]


async def test_an_events_details_may_hold_any_json() -> None:
    details = {"a": 1.5, "b": [None, True, {"c": "x"}], "d": 10**20, "e": -0.25}
    (event,) = (await timeline_of({"name": "x", "details": details})).events
    assert event.details == details


@pytest.mark.parametrize("sent", [None, "", [], {}, 5, "text", [1]])
async def test_details_that_are_not_an_object_are_kept_in_one(sent: object) -> None:
    (event,) = (await timeline_of({"details": sent, "level": "warn"})).events
    assert event.details == ({"details": sent} if sent else {})


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>", b"null", b"[]", b"{}", b'{"data":null}', b'{"data":{}}', b'{"data":"x"}'),
        *(b"[" * 100_000, b'{"data":' + b"9" * 5000 + b"}", b"\xff\xfe\xfd"),
    ],
    ids=lambda body: repr(body[:12]),
)
async def test_a_response_without_a_list_of_events_is_invalid(body: bytes) -> None:
    with pytest.raises(InvalidResponseError):
        await client_with_response(body).list_events(ID)


async def test_a_lookup_keeps_all_of_the_json_in_its_order_and_to_the_last_digit() -> None:
    sent = '{ "id":"x",\n "charge": 0.0100, "unknown": [1.50] }'
    result = await Lookup([client_with_response(sent.encode())]).get(ID)
    assert isinstance(result, Found)
    assert result.json is not None
    assert as_text(result.json) == '{"id": "x", "charge": "0.0100", "unknown": ["1.50"]}'
    assert result.json.size == len(sent)


async def test_a_repr_does_not_quote_the_json() -> None:
    timeline = await timeline_of({"name": "x", "details": {"caller": "+12065550112"}})
    record = await client_with_response(b'{"id":"x","unknown":"+12065550112"}').get_voice_log(ID)
    assert "document" not in repr(timeline)
    assert "2065550112" not in repr(record)
