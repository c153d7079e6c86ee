import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence

import httpx
import pytest
from pydantic import JsonValue
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.runtime.http_client import Client
from bot.slack.hosts import ResponseURL
from bot.slack.response_url import (
    EPHEMERAL,
    Delivery,
    Payload,
    ResponseUrlClient,
    Visibility,
    ephemeral,
)
from bot.ui import block_kit
from bot.ui.block_kit import Message
from tests.support.fake_time_loop import seconds_taken

URL = "https://hooks.slack.com/commands/T0123ABCD/1234/urlcanary"
ACCEPTED = ResponseURL(httpx.URL(URL))
TEXT = "textcanary +1 206 555 0104"
MESSAGE = Message(TEXT, [block_kit.section(TEXT)])
SLACK = "https://slack.com/api/"

THREAD = "1795000001.000100"
EVERYONE = Visibility(public=True)
IN_THREAD = Visibility(public=True, thread_ts=THREAD)

Scripted = tuple[int, str] | tuple[int, str, dict[str, str]] | Exception
OK: Scripted = (200, "ok")


def error_body(error: str) -> str:
    return json.dumps({"ok": False, "error": error})


class Slack:
    """Returns the responses in order, repeats the last one, and records the posts."""

    def __init__(self, *responses: Scripted) -> None:
        self.responses = list(responses)
        self.requests: list[httpx.Request] = []

    @property
    def posted(self) -> list[dict[str, JsonValue]]:
        return [json.loads(request.content) for request in self.requests]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        status, body, *headers = response
        return httpx.Response(status, text=body, headers=headers[0] if headers else None)


def new_client(
    handler: Slack | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]] | None = None,
    semaphore: asyncio.Semaphore | None = None,
) -> ResponseUrlClient:
    transport = httpx.MockTransport(handler or Slack(OK))
    return ResponseUrlClient(
        Client(transport), api=httpx.URL(SLACK), semaphore=semaphore or asyncio.Semaphore(10)
    )


async def send(
    slack: Slack,
    *,
    replace: bool = False,
    visibility: Visibility = EPHEMERAL,
    attempts: int = 3,
) -> tuple[Delivery, Sequence[EventDict]]:
    """Return the outcome of a post, and its log lines."""
    with capture_logs() as lines:
        taken = await new_client(slack).post(
            ACCEPTED,
            MESSAGE,
            request_id="abc123",
            replace_original=replace,
            visibility=visibility,
            attempts=attempts,
        )
    for line in lines:
        assert "canary" not in repr(line)
        assert "hooks.slack" not in repr(line)
        assert "0104" not in repr(line)
    return taken, [line for line in lines if str(line["event"]).startswith("reply.")]


def test_a_message_is_ephemeral() -> None:
    expected: Payload = {
        "response_type": "ephemeral",
        "text": TEXT,
        "blocks": [block_kit.section(TEXT)],
    }
    assert ephemeral(MESSAGE) == expected


async def test_a_reply_is_one_json_post() -> None:
    slack = Slack(OK)
    await send(slack)
    (request,) = slack.requests
    assert (request.method, str(request.url)) == ("POST", URL)
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    "body", ["ok", "", '{"ok":true}', "[]", "null", "<html>", "[" * 5000, "x" * 100_000]
)
async def test_a_200_without_an_error_is_a_success(body: str) -> None:
    slack = Slack((200, body))
    assert await send(slack) == (Delivery.DELIVERED, [])
    assert len(slack.requests) == 1


@pytest.mark.parametrize(
    "rejection",
    [
        (400, error_body("invalid_blocks")),
        (200, error_body("invalid_blocks")),
        (400, "invalid_blocks"),
        (400, error_body(TEXT)),
    ],
)
@pytest.mark.parametrize("visibility", [EPHEMERAL, EVERYONE])
async def test_rejected_blocks_are_posted_again_as_plain_text(
    rejection: tuple[int, str], visibility: Visibility
) -> None:
    slack = Slack(rejection, OK)
    taken, (line,) = await send(slack, replace=True, visibility=visibility)
    assert taken
    assert (line["event"], line["request_id"]) == ("reply.content_rejected", "abc123")
    first, second = slack.posted
    assert "blocks" in first
    assert second == {
        "response_type": first["response_type"],
        "replace_original": True,
        "text": TEXT,
        "mrkdwn": False,
    }


async def test_rejected_plain_text_is_a_failure() -> None:
    slack = Slack((400, error_body("invalid_blocks")))
    taken, lines = await send(slack)
    assert not taken
    assert len(slack.requests) == 2
    assert [line["event"] for line in lines] == ["reply.content_rejected", "reply.failed"]


@pytest.mark.parametrize(
    ("rejection", "reason"),
    [
        *(
            ((status, error_body(code)), f"{status} {code}")
            for status in (200, 403, 404, 410)
            for code in ("used_url", "expired_url", "no_text", "channel_not_found")
        ),
        ((404, "used_url"), "404 used_url"),
        ((404, "<html>textcanary</html>"), "404"),
        ((404, "No such URL textcanary"), "404"),
        ((404, "x" * 99), f"404 {'x' * 40}"),
        ((404, "x" * 100_000), "404"),
        ((404, error_body(TEXT)), "404"),
        ((302, "", {"location": "https://evil.com/"}), "302"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_permanent_rejection_is_not_retried_and_logged_with_its_error_code(
    rejection: Scripted, reason: str
) -> None:
    slack = Slack(rejection, OK)
    taken, (line,) = await send(slack)
    assert not taken
    assert len(slack.requests) == 1
    assert (line["event"], line["log_level"]) == ("reply.failed", "error")
    assert (line["request_id"], line["reason"]) == ("abc123", reason)


@pytest.mark.parametrize(
    ("error", "reason", "is_perhaps_delivered"),
    [
        ((500, ""), "500", False),
        ((502, ""), "502", True),  # a gateway may have forwarded it
        ((503, ""), "503", False),
        ((504, ""), "504", True),
        (httpx.ConnectError(URL), "ConnectError", False),
        (ConnectionResetError(URL), "ConnectionResetError", True),
    ],
    ids=str,
)
async def test_a_persistent_error_is_logged_once_after_three_attempts(
    error: Scripted, reason: str, *, is_perhaps_delivered: bool
) -> None:
    slack = Slack(error)
    taken, (line,) = await send(slack)
    assert bool(taken) is is_perhaps_delivered
    assert len(slack.requests) == 3
    assert (line["event"], line["log_level"]) == ("reply.failed", "error")
    assert line["reason"] == reason


@pytest.mark.parametrize(
    "failure",
    [
        (500, "oops"),
        (503, ""),
        (429, error_body("ratelimited"), {"retry-after": "1"}),
        (429, ""),
        httpx.ConnectError("refused"),
        httpx.ReadError("reset"),
        ConnectionResetError(),
        TimeoutError(),
    ],
)
async def test_a_temporary_error_is_retried_without_a_log_line(failure: Scripted) -> None:
    slack = Slack(failure, failure, OK)
    assert await send(slack) == (Delivery.DELIVERED, [])
    # A message without a response may have been delivered; a duplicate is better than no message.
    assert [payload["replace_original"] for payload in slack.posted] == [False] * 3
    assert slack.posted == [slack.posted[0]] * 3


@pytest.mark.parametrize(
    ("response", "delivery"),
    [
        (OK, Delivery.DELIVERED),
        (httpx.ReadError("reset"), Delivery.UNKNOWN),
        (TimeoutError(), Delivery.UNKNOWN),
        ((502, "<html>"), Delivery.UNKNOWN),
        ((504, ""), Delivery.UNKNOWN),
        (httpx.ConnectError("refused"), Delivery.RETRYABLE),
        ((429, ""), Delivery.RETRYABLE),
        ((500, ""), Delivery.RETRYABLE),
        ((503, "oops"), Delivery.RETRYABLE),
        ((404, "used_url"), Delivery.FAILED),
        ((404, error_body("expired_url")), Delivery.FAILED),
        ((200, error_body("channel_not_found")), Delivery.FAILED),
        ((400, error_body("invalid_blocks")), Delivery.FAILED),
        ((302, ""), Delivery.FAILED),
    ],
)
@pytest.mark.parametrize("visibility", [EPHEMERAL, EVERYONE])
async def test_the_outcome_of_a_post_is_returned(
    response: Scripted, delivery: Delivery, visibility: Visibility
) -> None:
    assert (await send(Slack(response), visibility=visibility))[0] is delivery


def test_a_message_that_may_be_delivered_counts_as_delivered() -> None:
    assert [bool(delivery) for delivery in Delivery] == [True, True, False, False]


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        (EPHEMERAL, {"response_type": "ephemeral"}),
        (EVERYONE, {"response_type": "in_channel"}),
        (IN_THREAD, {"response_type": "in_channel", "thread_ts": THREAD}),
        (Visibility(thread_ts=THREAD), {"response_type": "ephemeral", "thread_ts": THREAD}),
    ],
)
@pytest.mark.parametrize("replace", [True, False])
async def test_a_message_has_the_requested_visibility(
    visibility: Visibility, expected: dict[str, JsonValue], *, replace: bool
) -> None:
    slack = Slack(OK)
    assert await send(slack, visibility=visibility, replace=replace) == (Delivery.DELIVERED, [])
    (payload,) = slack.posted
    shown = {"text": TEXT, "blocks": payload["blocks"]}
    assert payload == {**expected, **shown, "replace_original": replace}


@pytest.mark.parametrize(
    "rejection",
    [
        (400, error_body("invalid_blocks")),
        (400, error_body("invalid_arguments")),
        (200, error_body("invalid_blocks")),
        (404, error_body("thread_not_found")),
        (403, ""),
    ],
)
async def test_rejected_blocks_in_a_thread_are_not_posted_as_plain_text(
    rejection: tuple[int, str],
) -> None:
    slack = Slack(rejection, OK)
    taken, (line,) = await send(slack, visibility=IN_THREAD)
    assert not taken
    assert len(slack.requests) == 1
    assert line["event"] == "reply.failed"


UNCLEAR_FAILURES: list[Scripted] = [
    httpx.ReadError("reset"),
    TimeoutError(),
    OSError(),
    (502, ""),
    (504, ""),
]


@pytest.mark.parametrize("failure", UNCLEAR_FAILURES)
@pytest.mark.parametrize("visibility", [EVERYONE, IN_THREAD])
async def test_a_public_message_that_may_be_delivered_is_not_retried(
    failure: Scripted, visibility: Visibility
) -> None:
    slack = Slack(failure, OK)
    taken, (line,) = await send(slack, visibility=visibility)
    assert taken is Delivery.UNKNOWN
    assert [payload["replace_original"] for payload in slack.posted] == [False]
    assert line["event"] == "reply.failed"


@pytest.mark.parametrize("failure", UNCLEAR_FAILURES)
async def test_a_replacement_of_a_public_message_is_retried(failure: Scripted) -> None:
    slack = Slack(failure, OK)
    assert await send(slack, visibility=EVERYONE, replace=True) == (Delivery.DELIVERED, [])
    assert [payload["replace_original"] for payload in slack.posted] == [True] * 2


@pytest.mark.parametrize("failure", [(503, ""), (429, ""), httpx.ConnectError("refused")])
async def test_a_public_message_that_was_not_delivered_is_retried(failure: Scripted) -> None:
    slack = Slack(failure, failure, OK)
    assert await send(slack, visibility=EVERYONE) == (Delivery.DELIVERED, [])
    assert [payload["replace_original"] for payload in slack.posted] == [False] * 3


async def test_a_public_message_is_not_retried_after_a_rejection_and_a_disconnect() -> None:
    slack = Slack((503, ""), httpx.ReadError("reset"), OK)
    taken, _ = await send(slack, visibility=EVERYONE)
    assert taken is Delivery.UNKNOWN
    assert [payload["replace_original"] for payload in slack.posted] == [False] * 2


async def test_a_single_attempt_is_not_retried() -> None:
    slack = Slack((503, ""))
    taken, _ = await send(slack, attempts=1)
    assert not taken
    assert len(slack.requests) == 1


async def test_a_message_that_cannot_be_encoded_is_a_logged_failure() -> None:
    slack = Slack(OK)
    with capture_logs() as lines:
        taken = await new_client(slack).post(ACCEPTED, Message("\ud800", []), request_id="abc123")
    assert not taken
    assert slack.requests == []
    assert [line["event"] for line in lines] == ["reply.failed"]


async def test_the_semaphore_limits_concurrent_posts() -> None:
    active, max_active = 0, 0

    async def count(_request: httpx.Request) -> httpx.Response:
        nonlocal active, max_active
        active += 1
        max_active = max(max_active, active)
        for _ in range(5):
            await asyncio.sleep(0)
        active -= 1
        return httpx.Response(200)

    one = new_client(count, semaphore=asyncio.Semaphore(2))
    taken = await asyncio.gather(*(one.post(ACCEPTED, MESSAGE, request_id="r") for _ in range(8)))
    assert taken == [Delivery.DELIVERED] * 8
    assert max_active == 2


@pytest.mark.parametrize(
    ("failure", "seconds"),
    [
        ((429, "", {"retry-after": "3"}), 3),
        ((429, "", {"retry-after": "3600"}), 5),
        ((429, "", {"retry-after": "soon"}), 1),
        ((429, "", {"retry-after": "-1"}), 1),
        ((429, ""), 1),
        ((503, ""), 0.5),
        (httpx.ConnectError("refused"), 0.2),
    ],
)
def test_retry_after_is_honored_up_to_five_seconds(failure: Scripted, seconds: float) -> None:
    async def post() -> None:
        assert await new_client(Slack(failure, OK)).post(ACCEPTED, MESSAGE, request_id="abc123")

    with capture_logs():
        assert seconds_taken(post) == pytest.approx(seconds)


def test_each_attempt_times_out_after_five_seconds() -> None:
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    async def post() -> None:
        assert await new_client(never).post(ACCEPTED, MESSAGE, request_id="abc123"), (
            "it may be delivered"
        )

    with capture_logs() as lines:
        assert seconds_taken(post) == pytest.approx(15.4)
    assert lines[-1]["reason"] == "TimeoutError"
