"""The emulator's logs and events have the fields and types that SignalWire documents.

Written from signalwire.com/docs: REST API, Voice, "Get voice log" and "List voice log events"; the
names of the models are ours. SignalWire's OpenAPI document has the same fields.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

import httpx
import pytest
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

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

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Direction = Literal["inbound", "outbound", "outbound-api", "outbound-dial"]
_STATUSES: Final = (
    "queued|initiated|created|ringing|in-progress|answered|joined|ending"
    "|completed|ended|busy|failed|no-answer|canceled"
)
Status = Annotated[str, Field(pattern=f"^({_STATUSES})$")]


class Fields(BaseModel):
    """All of these fields are there, and no others."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ChargeDetail(Fields):
    description: str
    charge: float


class Log(Fields):
    id: Uuid
    from_: str = Field(alias="from")
    to: str
    source: Literal["dialogflow", "laml", "realtime_api"]
    charge: float
    charge_details: list[ChargeDetail]
    created_at: AwareDatetime
    type: str


class Call(Log):
    url: Annotated[str, Field(pattern="^https://")] | None
    direction: Direction
    status: Status
    duration: int | None
    duration_ms: int | None
    billing_ms: int | None
    parent_id: str | None


class VideoLeg(Log):
    url: None
    direction: Direction
    status: Status
    duration: int | None
    duration_ms: int | None


class Dialogflow(Log):
    url: None
    status: Status
    duration: int | None


class FabricLeg(Log):
    url: None
    direction: Direction
    status: None


class Deleted(Fields):
    id: Uuid
    discarded_at: AwareDatetime
    created_at: AwareDatetime


class Event(Fields):
    event_at: AwareDatetime
    level: Literal["info", "warn", "warning", "error", "debug"]
    """`warning` is in older documentation."""
    name: str
    details: dict[str, JsonValue]
    project_id: Uuid
    log_id: Uuid


class Events(Fields):
    data: list[Event]


MODELS: Final[Mapping[JsonValue, type[Fields]]] = {
    "laml_call": Call,
    "relay_pstn_call": Call,
    "relay_sip_call": Call,
    "relay_webrtc_call": Call,
    "video_room_pstn_leg": VideoLeg,
    "video_room_sip_leg": VideoLeg,
    "dialogflow_call": Dialogflow,
    "fabric_subscriber_device_leg": FabricLeg,
    None: Deleted,
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
    assert {log.body.get("type") for log in DOCUMENTED} == MODELS.keys()


@pytest.mark.parametrize("log", DOCUMENTED, ids=lambda log: log.description[:40])
async def test_a_log_and_its_events_are_as_documented(
    client: httpx.AsyncClient, log: LogFixture
) -> None:
    response = await client.get(f"{LOGS}/{log.id}")
    MODELS[log.body.get("type")].model_validate_json(response.content)
    assert response.json() == log.body
    response = await client.get(f"{LOGS}/{log.id}/events")
    events = Events.model_validate_json(response.content).data
    assert {(event.project_id, event.log_id) for event in events} <= {(PROJECT, log.id)}
