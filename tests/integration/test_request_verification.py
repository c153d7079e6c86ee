"""Requests that Slack didn't sign, or that can't be parsed, are rejected with one warning."""

import json
from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import sign
from bot.entrypoints.http import BODY_LIMIT, EVENTS_PATH
from tests.integration.clickable import FOREIGN
from tests.integration.harness import World
from tests.support import texts
from tests.support.raw_requests import FORM, SIGNING_SECRET
from tests.support.reading import only
from tests.support.samples import CANARY, CHANNEL, DOCUMENTED, NOW, SUPPORT, TEAM

EPOCH = int(NOW.timestamp())
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


class Case(TypedDict, total=False):
    """A request that isn't the command above, signed by Slack."""

    body: bytes
    content_type: str
    age_seconds: int
    secret: str
    headers: Mapping[str, str | bytes]


def payload(text: str) -> bytes:
    return urlencode({"payload": text}).encode()


def named(what: str, value: str | bytes) -> str:
    """Return a test ID."""
    return f"{what} {value!r:.12} of {len(value)}"


FORGED = "0" * 32
TIMESTAMPS: tuple[str | bytes, ...] = (
    *("", "yesterday", "-1", f"-{EPOCH}", f"{EPOCH}.0", f"{EPOCH:.3e}", "9" * 13, "9" * 5000),
    "١٧٩٥".encode(),
)
SIGNATURES: tuple[str | bytes, ...] = (
    *("", "v0=", "0" * 64, "v1=" + "0" * 64, "V0=" + "0" * 64, "v0=" + "A" * 64),
    *("v0=" + "g" * 64, "v0=" + "0" * 63, "v0=" + "0" * 65),
    *("v0=ü".encode(), b"v0=\xfc\xff"),
)
TOO_LARGE = b"x" * (BODY_LIMIT + 1)
REJECTED: dict[tuple[int, str], dict[str, Case]] = {
    (401, "signature"): {
        "forged": Case(secret=FORGED),
        "signature of another body": Case(headers={SIGNATURE: "v0=" + "0" * 64}),
        "signature of another time": Case(headers={TIMESTAMP: str(EPOCH + 1)}),
        "another body": Case(body=BODY + b"x", headers=sign(BODY, EPOCH, SIGNING_SECRET)),
    },
    (401, "timestamp over 5 minutes old, or this machine's clock is fast"): {
        **{f"{age} s old": Case(age_seconds=age) for age in (301, 86_400, EPOCH)}
    },
    (401, "timestamp over 5 minutes ahead, or this machine's clock is slow"): {
        **{f"{ahead} s ahead": Case(age_seconds=-ahead) for ahead in (301, 10**9)}
    },
    (401, "signature headers"): {
        "neither header": Case(headers={TIMESTAMP: "", SIGNATURE: ""}),
        **{named("timestamp", value): Case(headers={TIMESTAMP: value}) for value in TIMESTAMPS},
        **{named("signature", value): Case(headers={SIGNATURE: value}) for value in SIGNATURES},
    },
    (400, "not UTF-8"): {
        "form": Case(body=BODY + b"\xff\xfe"),
        "forged form": Case(body=BODY + b"\xff\xfe", secret=FORGED),
        "JSON": Case(body=b'{"type":"\xff"}', content_type=JSON),
    },
    (400, "malformed body"): {
        **{
            named("JSON", body): Case(body=body, content_type=JSON)
            for body in (
                *(f'{{"{CANARY}'.encode(), f'["{CANARY}"]'.encode(), f'"{CANARY}"'.encode()),
                *(b"null", b"5", b"", b"command=%2Fvoicelog", b"\xef\xbb\xbf{}", b"[" * 60_000),
                b'{"a":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
                b'{"a":' + b"9" * 5000 + b"}",
            )
        },
        **{
            named("payload", text): Case(body=payload(text))
            for text in (
                *(f"{{{CANARY}", f'["{CANARY}"]', f'"{CANARY}"'),
                *("", "x", "null", "7", "[" * 20_000),
                f'{{"a":{"[" * 10_000}{"]" * 10_000}}}',
            )
        },
        "two payloads": Case(body=payload("{}") + b"&" + payload("x")),
    },
    (413, "too large"): {
        "signed": Case(body=TOO_LARGE),
        "forged": Case(body=TOO_LARGE, secret=FORGED),
    },
    (415, "content type"): {
        type_: Case(content_type=type_)
        for type_ in (
            *("", "text/plain", "text/html", "multipart/form-data; boundary=x", "application/xml"),
        )
    },
}


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


@pytest.mark.parametrize(
    ("case", "status", "reason"),
    [
        pytest.param(case, status, reason, id=f"{reason:.25}: {name}")
        for (status, reason), cases in REJECTED.items()
        for name, case in cases.items()
    ],
)
async def test_request_is_rejected(world: World, case: Case, status: int, reason: str) -> None:
    lines, requested = len(world.log.lines()), len(world.requested_ids)
    signed: Case = {"body": BODY, **case}
    ack = await world.post_signed(**signed)
    (line,) = world.log.lines()[lines:]

    assert (ack.status_code, ack.content) == (status, b"")
    assert line | {"event": "request.rejected", "status": status, "reason": reason} == line
    assert len(world.bot.tasks) == 0
    assert len(world.requested_ids) == requested


async def test_body_at_the_size_limit_is_read(world: World) -> None:
    body = b"command=/other&pad=" + b"x" * BODY_LIMIT
    ack = await world.post_signed(body[:BODY_LIMIT])

    assert ack.status_code == 404


@pytest.mark.parametrize("age_seconds", [299, -299])
async def test_clocks_may_differ_by_five_minutes(world: World, age_seconds: int) -> None:
    body = urlencode({**COMMAND, "text": "help"}).encode()
    ack = await world.post_signed(body, age_seconds=age_seconds)

    assert ack.status_code == 200
    assert ack.json()["text"].startswith(f"{texts.HELP}.")


METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
OTHERS = {
    405: [
        *(f"{method} {EVENTS_PATH}" for method in METHODS),
        *("POST /healthz", "DELETE /healthz", "POST /readyz", "DELETE /readyz"),
    ],
    404: [
        *("GET /", "POST /", "GET /.env", "POST /.env", "GET /slack", "POST /slack"),
        *("GET /slack/event", "POST /slack/event", "POST /slack/events/", "POST /healthz/"),
        *("POST /slack/events/more", "POST /slack/events/../events%00"),
        "POST /slack/oauth_redirect",
    ],
}


@pytest.mark.parametrize(
    ("status", "line"), [(status, line) for status, lines in OTHERS.items() for line in lines]
)
async def test_other_methods_and_paths(world: World, status: int, line: str) -> None:
    lines, (method, path) = len(world.log.lines()), line.split()
    headers = {"Content-Type": FORM, **sign(BODY, EPOCH, SIGNING_SECRET)}
    ack = await world.http.request(method, world.url + path, content=BODY, headers=headers)

    assert ack.status_code == status
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
    for path in ("/healthz", "/readyz"):
        assert (await world.http.head(world.url + path)).status_code == 200


@pytest.mark.parametrize("missing", ["user_id", "team_id", "channel_id", "response_url"])
async def test_command_without_a_field_is_an_internal_error(world: World, missing: str) -> None:
    form = {name: value for name, value in COMMAND.items() if name != missing}
    ack = await world.post_signed(urlencode(form).encode())

    assert_internal_error(world, ack.json()["text"])
    assert ack.status_code == 200
    assert ack.json()["response_type"] == "ephemeral"


@pytest.mark.parametrize("url", [FOREIGN, ""])
async def test_foreign_response_url_is_reported_in_the_ack(world: World, url: str) -> None:
    """Nothing is sent to the URL."""
    before, requested = len(world.log.lines()), len(world.requested_ids)
    ack = await world.post_signed(urlencode({**COMMAND, "response_url": url}).encode())
    await world.idle()
    (line,) = world.log.lines()[before:]

    assert ack.status_code == 200
    assert ack.json()["text"].startswith(f"{texts.INTERNAL_ERROR}.")
    assert str(line["request_id"]) in ack.json()["text"]
    assert (line["event"], line["level"]) == ("response_url.host_rejected", "error")
    assert len(world.requested_ids) == requested


def assert_internal_error(world: World, text: str) -> None:
    assert text.startswith(f"{texts.INTERNAL_ERROR}.")
    assert "Traceback" not in text
    assert "validation" not in text.lower()
    (line,) = world.log.lines(
        "listener.failed", request_id=text.rpartition("Reference ")[2].rstrip(".")
    )
    assert line["level"] == "error"
    assert line["origin"]


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
    world.alter_payloads(changes)

    assert_internal_error(world, (await world.reply_to(f"{DOCUMENTED} {CANARY}")).text)


@pytest.mark.parametrize(
    "changes",
    [
        {"team": "missing"},
        {"team": {"id": None}},
        {"channel": []},
        {"trigger_id": 5},
        *({"team": TEAM}, {"channel": CHANNEL}, {"user": SUPPORT}),  # the bare ID
    ],
    ids=json.dumps,
)
async def test_shortcut_needs_only_the_fields_it_uses(
    world: World, changes: dict[str, JsonValue]
) -> None:
    world.alter_payloads(changes)

    assert (await world.reply_to(DOCUMENTED)).text.startswith(texts.COMPLETED)


async def test_shortcut_that_cannot_be_answered_is_logged(world: World) -> None:
    lines = len(world.log.lines())
    world.alter_payloads({"response_url": 5, "trigger_id": "1.2.3"})
    interaction = await world.use_shortcut({"text": DOCUMENTED})

    assert (interaction.ack_status, interaction.posts) == (200, [])
    events = [line["event"] for line in world.log.lines()[lines:]]
    assert events == ["view.failed"], "its trigger is invalid"


@pytest.mark.parametrize("actions", [None, 5, [], [5], [{"action_id": None}]], ids=json.dumps)
async def test_click_without_an_action_id_is_an_internal_error(
    world: World, actions: JsonValue
) -> None:
    card = await world.ask(DOCUMENTED)
    world.alter_payloads({"actions": actions})

    assert_internal_error(world, only(await world.click(card)).text)


UNKNOWN: list[dict[str, JsonValue]] = [
    {},
    {"type": "message_action", "callback_id": "another"},
    {"type": "block_actions", "actions": [{"action_id": "another"}]},
    {
        "type": "view_submission",
        "view": {"type": "modal", "callback_id": "another", "state": {"values": {}}},
    },
    {"type": "shortcut", "callback_id": "voicelog_lookup"},
    {"type": "event_callback", "event": {"type": "app_mention"}},
    {"command": "/another"},
    # What would make Bolt raise before it reaches a listener.
    {"type": 5},
    {"type": "message_action", "callback_id": 5},
    {"type": "block_actions"},
    {"type": "event_callback"},
    {"type": "event_callback", "event": 5},
    {"type": "view_submission", "view": 5},
    {"type": "view_submission", "view": {"callback_id": "x"}},
    {"authorizations": [5]},
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
