"""The emulator's logs and events have the fields and types that SignalWire documents.

Written from signalwire.com/docs: REST API, Voice, "Get voice log" and "List voice log events"; the
names of the types are ours. SignalWire's OpenAPI document has the same fields.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import LogFixture
from bot.dev.emulator.signalwire.server import SignalWireEmulator

NOW: Final = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
LOGS: Final = "/api/voice/logs"
PROJECT: Final = "0fface00-0000-4000-8000-000000000001"

BEYOND_THE_DOCUMENTATION: Final = frozenset(
    {
        "agora_call: a type the documentation does not know, with a field it does not know",
        "numbers sent as strings",
    }
)
"""Logs that differ on purpose, by description: the bot must read them all the same."""

EVERY_LOG: Final = {
    "id": "uuid",
    "from": "string",
    "to": "string",
    "source": "source",
    "charge": "number",
    "charge_details": "charge details",
    "created_at": "date-time",
    "type": "string",
}
CALL: Final = EVERY_LOG | {
    "url": "uri or null",
    "direction": "direction",
    "status": "status",
    "duration": "integer or null",
    "duration_ms": "integer or null",
    "billing_ms": "integer or null",
    "parent_id": "string or null",
}
VIDEO_LEG: Final = EVERY_LOG | {
    "url": "null",
    "direction": "direction",
    "status": "status",
    "duration": "integer or null",
    "duration_ms": "integer or null",
}
DIALOGFLOW: Final = EVERY_LOG | {"url": "null", "status": "status", "duration": "integer or null"}
FABRIC: Final = EVERY_LOG | {"url": "null", "direction": "direction", "status": "null"}
DELETED: Final = {"id": "uuid", "discarded_at": "date-time", "created_at": "date-time"}
FIELDS: Final[Mapping[str | None, Mapping[str, str]]] = {
    "laml_call": CALL,
    "relay_pstn_call": CALL,
    "relay_sip_call": CALL,
    "relay_webrtc_call": CALL,
    "video_room_pstn_leg": VIDEO_LEG,
    "video_room_sip_leg": VIDEO_LEG,
    "dialogflow_call": DIALOGFLOW,
    "fabric_subscriber_device_leg": FABRIC,
    None: DELETED,
}
CHARGE_DETAIL: Final = {"description": "string", "charge": "number"}
EVENT: Final = {
    "event_at": "date-time",
    "level": "level",
    "name": "string",
    "details": "object",
    "project_id": "uuid",
    "log_id": "uuid",
}
WORDS: Final = {
    "source": {"dialogflow", "laml", "realtime_api"},
    "direction": {"inbound", "outbound", "outbound-api", "outbound-dial"},
    "level": {"info", "warn", "warning", "error", "debug"},  # "warning" in older documentation
    "status": {
        *("queued", "initiated", "created", "ringing"),
        *("in-progress", "answered", "joined", "ending"),
        *("completed", "ended", "busy", "failed", "no-answer", "canceled"),
    },
}


def _is_uuid(value: JsonValue) -> bool:
    return isinstance(value, str) and str(UUID(value)) == value


def _is_date_time(value: JsonValue) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


def _is_integer(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, float) or _is_integer(value)


TYPES: Final[Mapping[str, Callable[[JsonValue], bool]]] = {
    "uuid": _is_uuid,
    "string": lambda value: isinstance(value, str),
    "date-time": _is_date_time,
    "integer": _is_integer,
    "number": _is_number,
    "object": lambda value: isinstance(value, dict),
    "uri": lambda value: isinstance(value, str) and urlsplit(value).scheme == "https",
    "null": lambda value: value is None,
    "charge details": lambda value: (
        isinstance(value, list) and not any(wrong_fields(CHARGE_DETAIL, item) for item in value)
    ),
}


def is_of(type_: str, value: JsonValue) -> bool:
    if type_ in WORDS:
        return value in WORDS[type_]
    return any(TYPES[alternative](value) for alternative in type_.split(" or "))


def wrong_fields(fields: Mapping[str, str], value: JsonValue) -> set[str]:
    """Return the names of fields that are missing, unknown, or of another type."""
    assert isinstance(value, dict)
    known = fields.keys() & value.keys()
    return (fields.keys() ^ value.keys()) | {
        name for name in known if not is_of(fields[name], value[name])
    }


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async def no_sleep(_seconds: float) -> None: ...

    emulator = SignalWireEmulator(
        project_id=PROJECT, api_token="PTtoken", clock=lambda: NOW, sleep=no_sleep
    )
    transport = httpx.ASGITransport(emulator.app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1:4010", auth=(PROJECT, "PTtoken")
    ) as client:
        yield client


DOCUMENTED: Final = [log for log in catalog(NOW) if log.description not in BEYOND_THE_DOCUMENTATION]


def test_every_documented_type_has_a_log() -> None:
    assert {log.body.get("type") for log in DOCUMENTED} == FIELDS.keys()


@pytest.mark.parametrize("log", DOCUMENTED, ids=lambda log: log.description[:40])
async def test_a_log_and_its_events_are_as_documented(
    client: httpx.AsyncClient, log: LogFixture
) -> None:
    log_id = log.id
    body = (await client.get(f"{LOGS}/{log_id}")).json()
    assert wrong_fields(FIELDS[body.get("type")], body) == set()
    events = (await client.get(f"{LOGS}/{log_id}/events")).json()
    assert set(events) == {"data"}
    assert [wrong_fields(EVENT, event) for event in events["data"]] == [set()] * len(events["data"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("duration", "9"),
        ("duration", True),
        ("charge", "0.01"),
        ("status", "done"),
        ("created_at", "2024-05-06T12:20:00"),
        ("parent_id", 1),
        ("charge_details", [{"description": "Text to Speech"}]),
        ("answered_at", None),
    ],
)
async def test_a_field_of_another_type_is_detected(
    client: httpx.AsyncClient, field: str, value: JsonValue
) -> None:
    body = (await client.get(f"{LOGS}/{DOCUMENTED[0].id}")).json()
    assert wrong_fields(CALL, body | {field: value}) == {field}
