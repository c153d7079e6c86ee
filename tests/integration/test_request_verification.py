"""Requests that Slack didn't sign, or that can't be read, are rejected without noise."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.entrypoints.http import BODY_LIMIT
from tests.integration.harness import FORM, World
from tests.support import texts
from tests.support.samples import CANARY, CHANNEL, DOCUMENTED, SUPPORT, TEAM

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = "application/json"
COMMAND = {
    "command": "/voicelog",
    "text": f"{DOCUMENTED} {CANARY}",
    "user_id": SUPPORT,
    "team_id": TEAM,
    "channel_id": CHANNEL,
    "response_url": "https://hooks.slack.com/commands/T0ACME/1/x",
}
BODY = urlencode(COMMAND).encode()
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@dataclass(frozen=True)
class Case:
    """A request, signed unless it says otherwise, with the expected status and reason."""

    status: int
    reason: str
    body: bytes = BODY
    content_type: str = FORM
    age_seconds: int = 0
    secret: str | None = None
    headers: Mapping[str, str | bytes] = field(default_factory=dict)


def payload(text: str) -> bytes:
    return urlencode({"payload": text}).encode()


REFUSED = {
    "forged": Case(401, "signature", secret="0" * 32),
    "signature of another body": Case(401, "signature", headers={SIGNATURE: "v0=" + "0" * 64}),
    "five minutes and a second old": Case(
        401, "timestamp over 5 minutes old, or this machine's clock is fast", age_seconds=301
    ),
    "from the future": Case(
        401, "timestamp over 5 minutes ahead, or this machine's clock is slow", age_seconds=-301
    ),
    "no signature": Case(401, "signature headers", headers={SIGNATURE: ""}),
    "no timestamp": Case(401, "signature headers", headers={TIMESTAMP: ""}),
    "neither": Case(401, "signature headers", headers={TIMESTAMP: "", SIGNATURE: ""}),
    "timestamp not a number": Case(401, "signature headers", headers={TIMESTAMP: "yesterday"}),
    "timestamp in other digits": Case(
        401, "signature headers", headers={TIMESTAMP: "١٧٩٥".encode()}
    ),
    "timestamp a fraction": Case(401, "signature headers", headers={TIMESTAMP: "1795366800.5"}),
    "timestamp of a thousand digits": Case(
        401, "signature headers", headers={TIMESTAMP: "9" * 1000}
    ),
    "timestamp negative": Case(401, "signature headers", headers={TIMESTAMP: "-1"}),
    "signature not ASCII": Case(401, "signature headers", headers={SIGNATURE: "v0=ü".encode()}),
    "signature in Latin 1": Case(401, "signature headers", headers={SIGNATURE: b"v0=\xfc\xff"}),
    "signature of another version": Case(
        401, "signature headers", headers={SIGNATURE: "v1=" + "0" * 64}
    ),
    "signature too short": Case(401, "signature headers", headers={SIGNATURE: "v0=abc"}),
    "body not UTF-8": Case(400, "not UTF-8", body=BODY + b"\xff\xfe"),
    "body not UTF-8 and forged": Case(400, "not UTF-8", body=BODY + b"\xff\xfe", secret="0" * 32),
    "JSON not UTF-8": Case(400, "not UTF-8", body=b'{"type":"\xff"}', content_type=JSON),
    "bad JSON": Case(400, "malformed body", body=f'{{"{CANARY}'.encode(), content_type=JSON),
    "JSON array": Case(400, "malformed body", body=f'["{CANARY}"]'.encode(), content_type=JSON),
    "JSON string": Case(400, "malformed body", body=f'"{CANARY}"'.encode(), content_type=JSON),
    "JSON null": Case(400, "malformed body", body=b"null", content_type=JSON),
    "no JSON at all": Case(400, "malformed body", body=b"", content_type=JSON),
    "JSON nested too deep": Case(400, "malformed body", body=b"[" * 60_000, content_type=JSON),
    "payload bad JSON": Case(400, "malformed body", body=payload(f"{{{CANARY}")),
    "payload array": Case(400, "malformed body", body=payload(f'["{CANARY}"]')),
    "payload number": Case(400, "malformed body", body=payload("7")),
    "payload nested too deep": Case(400, "malformed body", body=payload("[" * 20_000)),
    "over 64 KiB": Case(413, "too large", body=b"x" * (BODY_LIMIT + 1)),
    "over 64 KiB and forged": Case(413, "too large", body=b"x" * (BODY_LIMIT + 1), secret="0" * 32),
    "no content type": Case(415, "content type", content_type=""),
    "plain text": Case(415, "content type", content_type="text/plain"),
    "multipart": Case(415, "content type", content_type="multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
async def test_request_is_rejected(world: World, case: Case) -> None:
    lines, requested = len(world.log.lines()), len(world.requested_ids)
    signed_with = {} if case.secret is None else {"secret": case.secret}
    ack = await world.post_signed(
        case.body,
        content_type=case.content_type,
        age_seconds=case.age_seconds,
        headers=case.headers,
        **signed_with,
    )
    (line,) = world.log.lines()[lines:]

    assert (ack.status_code, ack.content) == (case.status, b"")
    assert (line["event"], line["status"], line["reason"]) == (
        "request.refused",
        case.status,
        case.reason,
    )
    assert len(world.bot.tasks) == 0
    assert len(world.requested_ids) == requested


async def test_body_of_64_kib_is_read(world: World) -> None:
    body = b"command=/other&pad=" + b"x" * BODY_LIMIT
    ack = await world.post_signed(body[:BODY_LIMIT])

    assert ack.status_code == 404


async def test_request_may_be_five_minutes_old(world: World) -> None:
    ack = await world.post_signed(urlencode({**COMMAND, "text": "help"}).encode(), age_seconds=299)

    assert ack.status_code == 200
    assert ack.json()["text"].startswith(f"{texts.HELP}.")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("DELETE", "/slack/events", 405),
        ("POST", "/", 404),
        ("GET", "/", 404),
        ("POST", "/slack/event", 404),
        ("POST", "/slack/events/../events%00", 404),
        ("POST", "/healthz", 405),
        ("POST", "/readyz", 405),
        ("GET", "/.env", 404),
    ],
)
async def test_other_methods_and_paths(world: World, method: str, path: str, status: int) -> None:
    lines = len(world.log.lines())
    ack = await world.http.request(method, world.url + path, content=CANARY)

    assert ack.status_code == status
    assert world.log.lines()[lines:] == []


@pytest.mark.parametrize("headers", [{}, {TIMESTAMP: "", SIGNATURE: ""}])
async def test_ssl_check_needs_no_signature(world: World, headers: Mapping[str, str]) -> None:
    lines = len(world.log.lines())
    ack = await world.post_signed(b"ssl_check=1&token=deprecated", headers=headers)

    assert (ack.status_code, ack.content) == (200, b"")
    assert world.log.lines()[lines:] == []
    assert len(world.bot.tasks) == 0


async def test_url_verification_returns_the_challenge(world: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": CANARY}).encode()
    ack = await world.post_signed(body, content_type=f"{JSON}; charset=utf-8")

    assert ack.status_code == 200
    assert ack.json() == {"challenge": CANARY}


async def test_health_and_readiness(world: World) -> None:
    health = await world.http.get(f"{world.url}/healthz")
    ready = await world.http.get(f"{world.url}/readyz")

    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("missing", ["user_id", "team_id", "channel_id", "response_url"])
async def test_command_without_a_field_is_an_internal_error(world: World, missing: str) -> None:
    form = {name: value for name, value in COMMAND.items() if name != missing}
    ack = await world.post_signed(urlencode(form).encode())

    assert_internal_error(world, ack.json()["text"])
    assert ack.status_code == 200
    assert ack.json()["response_type"] == "ephemeral"


def assert_internal_error(world: World, text: str) -> None:
    assert text.startswith(f"{texts.INTERNAL_ERROR}.")
    assert "Traceback" not in text
    assert "validation" not in text.lower()
    (line,) = world.log.lines("listener.fault", ref=text.rpartition("Reference ")[2].rstrip("."))
    assert line["level"] == "error"
    assert line["origin"]


def shortcut(
    interaction: RecordedInteraction, changes: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    whole: dict[str, JsonValue] = {
        "type": "message_action",
        "callback_id": "voicelog_lookup",
        "response_url": interaction.response_url,
        "user": {"id": SUPPORT, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": CHANNEL},
        "message": {"text": f"{DOCUMENTED} {CANARY}"},
        "trigger_id": "1.2.3",
    }
    return {name: value for name, value in {**whole, **changes}.items() if value != "missing"}


@pytest.mark.parametrize(
    "changes",
    [
        {"user": "missing"},
        {"user": {}},
        {"user": {"id": 5}},
        {"message": "missing"},
        {"message": None},
        {"message": [CANARY]},
    ],
    ids=json.dumps,
)
async def test_malformed_shortcut_is_an_internal_error(
    world: World, changes: dict[str, JsonValue]
) -> None:
    interaction = await world.slack.command("help")
    ack = await world.post_signed(payload(json.dumps(shortcut(interaction, changes))))
    await world.idle()

    assert (ack.status_code, ack.text) == (200, "")
    (message,) = interaction.accepted
    assert message.response_type == "ephemeral"
    assert_internal_error(world, message.text)


@pytest.mark.parametrize(
    "changes",
    [
        {"team": "missing"},
        {"team": None},
        {"team": {"id": None}},
        {"team": TEAM},
        {"trigger_id": 5},
        {"enterprise": None},
        {"enterprise": {}},
        {"channel": "missing"},
        {"channel": []},
        {"channel": CHANNEL},
        {"user": SUPPORT},
        {"actions": {}},
        {"event": 5},
        {"authorizations": [5]},
        {"view": 5},
    ],
    ids=json.dumps,
)
async def test_shortcut_needs_only_the_fields_it_uses(
    world: World, changes: dict[str, JsonValue]
) -> None:
    interaction = await world.slack.command("help")
    await world.post_signed(payload(json.dumps(shortcut(interaction, changes))))
    await world.idle()

    (message,) = interaction.accepted
    assert message.text.startswith(texts.COMPLETED)


async def test_shortcut_that_cannot_be_answered_is_logged(world: World) -> None:
    lines = len(world.log.lines())
    interaction = await world.slack.command("help")
    ack = await world.post_signed(payload(json.dumps(shortcut(interaction, {"response_url": 5}))))

    await world.idle()

    assert ack.status_code == 200
    events = [line["event"] for line in world.log.lines()[lines:]]
    assert events == ["window.failed"], "its trigger is invalid"


UNKNOWN: list[dict[str, JsonValue]] = [
    {},
    {"type": "message_action", "callback_id": "another"},
    {"type": "message_action", "callback_id": 5},
    {"type": "block_actions", "actions": [{"action_id": "another"}]},
    {"type": "block_actions"},
    {
        "type": "view_submission",
        "view": {"type": "modal", "callback_id": "another", "state": {"values": {}}},
    },
    {"type": "shortcut", "callback_id": "voicelog_lookup"},
    {"type": "event_callback", "event": {"type": "app_mention"}},
    {"type": "event_callback"},
    {"type": 5},
    {"type": None},
    {"command": "/another"},
    {"type": "message_action", "user": 5},
    {"type": "message_action", "team": 5},
    {"type": "message_action", "channel": 5},
    {"type": "message_action", "enterprise": 5},
    {"authorizations": 5},
    {"authorizations": [5]},
    {"type": "event_callback", "event": 5},
    {"type": "view_submission", "view": 5},
    {"type": "view_submission", "view": {"callback_id": "x"}},
]


@pytest.mark.parametrize("body", UNKNOWN, ids=json.dumps)
@pytest.mark.parametrize("content_type", [FORM, JSON])
async def test_unknown_request_is_404(
    world: World, body: dict[str, JsonValue], content_type: str
) -> None:
    lines = len(world.log.lines())
    text = json.dumps(body)
    ack = await world.post_signed(
        payload(text) if content_type == FORM else text.encode(), content_type=content_type
    )

    assert (ack.status_code, ack.content) == (404, b"")
    assert [line["event"] for line in world.log.lines()[lines:]] == ["request.unhandled"]


@pytest.mark.parametrize("actions", [None, 5, [], [5], [{"action_id": None}]], ids=json.dumps)
async def test_click_without_an_action_id_is_an_internal_error(
    world: World, actions: JsonValue
) -> None:
    interaction = await world.slack.command("help")
    clicked = shortcut(interaction, {"type": "block_actions", "actions": actions})
    ack = await world.post_signed(payload(json.dumps(clicked)))
    await world.idle()

    assert (ack.status_code, ack.content) == (200, b"")
    assert_internal_error(world, interaction.accepted[-1].text)


@pytest.mark.parametrize(
    "kind", ["a private word", ["a private word"], {"type": "a private word"}], ids=json.dumps
)
async def test_unknown_request_is_not_quoted_in_the_log(world: World, kind: JsonValue) -> None:
    lines = len(world.log.lines())
    ack = await world.post_signed(json.dumps({"type": kind}).encode(), content_type=JSON)

    assert ack.status_code == 404
    assert "a private word" not in json.dumps(world.log.lines()[lines:])
