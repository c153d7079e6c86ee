"""What Slack didn't sign, or nobody can read, is turned away at the door, quietly."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.entrypoints.http import BODY_LIMIT
from bot.ui import errors as error_texts
from tests.integration.harness import CANARY, DOCUMENTED, FORM, World, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON = "application/json"
COMMAND = {
    "command": "/voicelog",
    "text": f"{DOCUMENTED} {CANARY}",
    "user_id": "U0SUPPORT",
    "team_id": "T0ACME",
    "channel_id": "C0SUPPORT",
    "response_url": "https://hooks.slack.com/commands/T0ACME/1/x",
}
BODY = urlencode(COMMAND).encode()
TIMESTAMP, SIGNATURE = "X-Slack-Request-Timestamp", "X-Slack-Signature"


@dataclass(frozen=True)
class Knock:
    """A request to the bot, signed unless it says otherwise, and what should come of it."""

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
    "forged": Knock(401, "signature", secret="0" * 32),
    "signature of another body": Knock(401, "signature", headers={SIGNATURE: "v0=" + "0" * 64}),
    "five minutes and a second old": Knock(
        401, "timestamp over 5 minutes old, or this machine's clock is fast", age_seconds=301
    ),
    "from the future": Knock(
        401, "timestamp over 5 minutes ahead, or this machine's clock is slow", age_seconds=-301
    ),
    "no signature": Knock(401, "signature headers", headers={SIGNATURE: ""}),
    "no timestamp": Knock(401, "signature headers", headers={TIMESTAMP: ""}),
    "neither": Knock(401, "signature headers", headers={TIMESTAMP: "", SIGNATURE: ""}),
    "timestamp not a number": Knock(401, "signature headers", headers={TIMESTAMP: "yesterday"}),
    "timestamp in other digits": Knock(
        401, "signature headers", headers={TIMESTAMP: "١٧٩٥".encode()}
    ),
    "timestamp a fraction": Knock(401, "signature headers", headers={TIMESTAMP: "1795366800.5"}),
    "timestamp of a thousand digits": Knock(
        401, "signature headers", headers={TIMESTAMP: "9" * 1000}
    ),
    "timestamp negative": Knock(401, "signature headers", headers={TIMESTAMP: "-1"}),
    "signature not ASCII": Knock(401, "signature headers", headers={SIGNATURE: "v0=ü".encode()}),
    "signature in Latin 1": Knock(401, "signature headers", headers={SIGNATURE: b"v0=\xfc\xff"}),
    "signature of another version": Knock(
        401, "signature headers", headers={SIGNATURE: "v1=" + "0" * 64}
    ),
    "signature too short": Knock(401, "signature headers", headers={SIGNATURE: "v0=abc"}),
    "body not UTF-8": Knock(400, "not UTF-8", body=BODY + b"\xff\xfe"),
    "body not UTF-8 and forged": Knock(400, "not UTF-8", body=BODY + b"\xff\xfe", secret="0" * 32),
    "JSON not UTF-8": Knock(400, "not UTF-8", body=b'{"type":"\xff"}', content_type=JSON),
    "bad JSON": Knock(400, "malformed body", body=f'{{"{CANARY}'.encode(), content_type=JSON),
    "JSON array": Knock(400, "malformed body", body=f'["{CANARY}"]'.encode(), content_type=JSON),
    "JSON string": Knock(400, "malformed body", body=f'"{CANARY}"'.encode(), content_type=JSON),
    "JSON null": Knock(400, "malformed body", body=b"null", content_type=JSON),
    "no JSON at all": Knock(400, "malformed body", body=b"", content_type=JSON),
    "JSON nested too deep": Knock(400, "malformed body", body=b"[" * 60_000, content_type=JSON),
    "payload bad JSON": Knock(400, "malformed body", body=payload(f"{{{CANARY}")),
    "payload array": Knock(400, "malformed body", body=payload(f'["{CANARY}"]')),
    "payload number": Knock(400, "malformed body", body=payload("7")),
    "payload nested too deep": Knock(400, "malformed body", body=payload("[" * 20_000)),
    "over 64 KiB": Knock(413, "too large", body=b"x" * (BODY_LIMIT + 1)),
    "over 64 KiB and forged": Knock(
        413, "too large", body=b"x" * (BODY_LIMIT + 1), secret="0" * 32
    ),
    "no content type": Knock(415, "content type", content_type=""),
    "plain text": Knock(415, "content type", content_type="text/plain"),
    "multipart": Knock(415, "content type", content_type="multipart/form-data; boundary=x"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_request_that_is_not_slacks_or_not_readable_ends_at_the_door(
    world: World, case: str
) -> None:
    knock = REFUSED[case]
    lines, asked = len(world.log.lines()), len(world.asked_for)
    signed_with = {} if knock.secret is None else {"secret": knock.secret}
    answer = await world.knock(
        knock.body,
        content_type=knock.content_type,
        age_seconds=knock.age_seconds,
        headers=knock.headers,
        **signed_with,
    )
    (line,) = world.log.lines()[lines:]

    assert (answer.status_code, answer.content) == (knock.status, b"")
    assert (line["event"], line["status"], line["reason"]) == (
        "request.rejected",
        knock.status,
        knock.reason,
    )
    assert len(world.bot.tasks) == 0
    assert len(world.asked_for) == asked


async def test_a_body_of_exactly_64_kib_is_read(world: World) -> None:
    body = b"command=/other&pad=" + b"x" * BODY_LIMIT
    answer = await world.knock(body[:BODY_LIMIT])

    assert answer.status_code == 404


async def test_a_request_may_be_up_to_five_minutes_old(world: World) -> None:
    answer = await world.knock(urlencode({**COMMAND, "text": "help"}).encode(), age_seconds=299)

    assert answer.status_code == 200
    assert answer.json()["text"].startswith("VoiceLog.")


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
async def test_other_methods_and_paths_are_not_found(
    world: World, method: str, path: str, status: int
) -> None:
    lines = len(world.log.lines())
    answer = await world.http.request(method, world.url + path, content=CANARY)

    assert answer.status_code == status
    assert world.log.lines()[lines:] == []


@pytest.mark.parametrize("headers", [{}, {TIMESTAMP: "", SIGNATURE: ""}])
async def test_slacks_ssl_check_is_answered_signed_or_not(
    world: World, headers: Mapping[str, str]
) -> None:
    lines = len(world.log.lines())
    answer = await world.knock(b"ssl_check=1&token=deprecated", headers=headers)

    assert (answer.status_code, answer.content) == (200, b"")
    assert world.log.lines()[lines:] == []
    assert len(world.bot.tasks) == 0


async def test_slacks_url_verification_gets_its_challenge_back(world: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": CANARY}).encode()
    answer = await world.knock(body, content_type=f"{JSON}; charset=utf-8")

    assert answer.status_code == 200
    assert answer.json() == {"challenge": CANARY}


async def test_health_and_readiness(world: World) -> None:
    health = await world.http.get(f"{world.url}/healthz")
    ready = await world.http.get(f"{world.url}/readyz")

    assert (health.status_code, health.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


@pytest.mark.parametrize("missing", ["user_id", "team_id", "channel_id", "response_url"])
async def test_a_command_without_a_field_gets_an_apology_with_a_reference(
    world: World, missing: str
) -> None:
    form = {name: value for name, value in COMMAND.items() if name != missing}
    answer = await world.knock(urlencode(form).encode())

    assert_apology(world, answer.json()["text"])
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"


def assert_apology(world: World, text: str) -> None:
    assert text.startswith(error_texts.INTERNAL_ERROR.title)
    assert "Traceback" not in text
    assert "validation" not in text.lower()
    (line,) = world.log.lines(
        "listener.failed", request_id=text.rpartition("Reference ")[2].rstrip(".")
    )
    assert line["level"] == "error"
    assert line["origin"]


def shortcut(
    exchange: RecordedInteraction, changes: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    whole: dict[str, JsonValue] = {
        "type": "message_action",
        "callback_id": "voicelog_lookup",
        "response_url": exchange.response_url,
        "user": {"id": "U0SUPPORT", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "channel": {"id": "C0SUPPORT"},
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
async def test_a_shortcut_of_an_odd_shape_gets_an_apology_with_a_reference(
    world: World, changes: dict[str, JsonValue]
) -> None:
    exchange = await world.slack.command("help")
    answer = await world.knock(payload(json.dumps(shortcut(exchange, changes))))
    await world.idle()

    assert (answer.status_code, answer.text) == (200, "")
    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.response_type == "ephemeral"
    assert reference_in(post.posted)
    assert_apology(world, post.posted.text)


@pytest.mark.parametrize(
    "changes",
    [
        {"team": "missing"},
        {"team": None},
        {"team": {"id": None}},
        {"team": "T0ACME"},
        {"trigger_id": 5},
        {"enterprise": None},
        {"enterprise": {}},
        {"channel": "missing"},
        {"channel": []},
        {"channel": "C0SUPPORT"},
        {"user": "U0SUPPORT"},
        {"actions": {}},
        {"event": 5},
        {"authorizations": [5]},
        {"view": 5},
    ],
    ids=json.dumps,
)
async def test_a_shortcut_needs_no_more_than_it_uses(
    world: World, changes: dict[str, JsonValue]
) -> None:
    exchange = await world.slack.command("help")
    await world.knock(payload(json.dumps(shortcut(exchange, changes))))
    await world.idle()

    (post,) = exchange.posts
    assert post.posted is not None
    assert post.posted.text.startswith("Completed · 9 s")


async def test_a_shortcut_that_cannot_be_answered_is_a_line_in_the_log(world: World) -> None:
    lines = len(world.log.lines())
    exchange = await world.slack.command("help")
    answer = await world.knock(payload(json.dumps(shortcut(exchange, {"response_url": 5}))))

    await world.idle()

    assert answer.status_code == 200
    events = [line["event"] for line in world.log.lines()[lines:]]
    assert events == ["view.failed"], "its trigger is none that Slack has given"


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
]


@pytest.mark.parametrize("body", UNKNOWN, ids=json.dumps)
@pytest.mark.parametrize("content_type", [FORM, JSON])
async def test_a_signed_request_that_nobody_serves_is_404(
    world: World, body: dict[str, JsonValue], content_type: str
) -> None:
    lines = len(world.log.lines())
    text = json.dumps(body)
    answer = await world.knock(
        payload(text) if content_type == FORM else text.encode(), content_type=content_type
    )

    assert (answer.status_code, answer.content) == (404, b"")
    assert [line["event"] for line in world.log.lines()[lines:]] == ["request.unhandled"]


ODDLY_SHAPED: dict[str, bytes] = {
    "user a number": payload('{"type":"message_action","user":5}'),
    "team a number": payload('{"type":"message_action","team":5}'),
    "channel a number": payload('{"type":"message_action","channel":5}'),
    "enterprise a number": payload('{"type":"message_action","enterprise":5}'),
    "authorizations a number": payload('{"authorizations":5}'),
    "authorizations of numbers": payload('{"authorizations":[5]}'),
    "event a number": payload('{"type":"event_callback","event":5}'),
    "view a number": payload('{"type":"view_submission","view":5}'),
    "view without a state": payload('{"type":"view_submission","view":{"callback_id":"x"}}'),
}


@pytest.mark.parametrize("case", ODDLY_SHAPED)
async def test_bolt_takes_a_signed_request_of_any_shape(world: World, case: str) -> None:
    lines = len(world.log.lines())
    answer = await world.knock(ODDLY_SHAPED[case])
    (line,) = world.log.lines()[lines:]

    assert (answer.status_code, answer.content) == (404, b"")
    assert line["event"] == "request.unhandled"


@pytest.mark.parametrize("actions", [None, 5, [], [5], [{"action_id": None}]], ids=json.dumps)
async def test_a_click_on_something_that_is_not_named_gets_an_apology(
    world: World, actions: JsonValue
) -> None:
    exchange = await world.slack.command("help")
    clicked = shortcut(exchange, {"type": "block_actions", "actions": actions})
    answer = await world.knock(payload(json.dumps(clicked)))
    await world.idle()

    assert (answer.status_code, answer.content) == (200, b"")
    assert_apology(world, exchange.accepted[-1].text)


@pytest.mark.parametrize(
    "kind", ["a private word", ["a private word"], {"type": "a private word"}], ids=json.dumps
)
async def test_the_log_quotes_nothing_of_a_request_that_nobody_serves(
    world: World, kind: JsonValue
) -> None:
    lines = len(world.log.lines())
    answer = await world.knock(json.dumps({"type": kind}).encode(), content_type=JSON)

    assert answer.status_code == 404
    assert "a private word" not in json.dumps(world.log.lines()[lines:])
