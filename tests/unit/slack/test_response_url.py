"""Messages are posted with retries, and as plain text if Slack rejects their blocks."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from pydantic import JsonValue
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.runtime.http_client import Client
from bot.slack.hosts import ResponseURL
from bot.slack.response_url import EPHEMERAL, Delivery, ResponseUrlClient, Visibility
from bot.ui import block_kit
from bot.ui.block_kit import Message
from tests.support.slack import API, LOST, OK, Scripted, ScriptedSlack, error_body

URL = "https://hooks.slack.com/commands/T0123ABCD/1234/urlcanary"
ACCEPTED = ResponseURL(httpx.URL(URL))
TEXT = "textcanary +1 206 555 0104"
MESSAGE = Message(TEXT, [block_kit.section(TEXT)])

THREAD = "1795000001.000100"
EVERYONE = Visibility(public=True)
IN_THREAD = Visibility(public=True, thread_ts=THREAD)


def new_client(http: Client, semaphore: asyncio.Semaphore | None = None) -> ResponseUrlClient:
    return ResponseUrlClient(http, api=API, semaphore=semaphore or asyncio.Semaphore(10))


async def send(
    slack: ScriptedSlack,
    *,
    replace: bool = False,
    visibility: Visibility = EPHEMERAL,
    attempts: int = 3,
) -> tuple[Delivery, Sequence[EventDict]]:
    """Return the outcome of a post, and its log lines."""
    with capture_logs() as lines:
        taken = await new_client(slack.http).post(
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
    slack = ScriptedSlack(rejection, OK)
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
    slack = ScriptedSlack((400, error_body("invalid_blocks")))
    taken, lines = await send(slack)
    assert not taken
    assert len(slack.requests) == 2
    assert [line["event"] for line in lines] == ["reply.content_rejected", "reply.failed"]


@pytest.mark.parametrize(
    ("failure", "visibility", "replace"),
    [
        ((503, ""), EPHEMERAL, False),
        ((429, error_body("ratelimited"), {"retry-after": "1"}), EPHEMERAL, False),
        (httpx.ConnectError("refused"), EPHEMERAL, False),
        # It may have been delivered; a duplicate is better than no message.
        (LOST, EPHEMERAL, False),
        # A replacement that is posted twice appears once.
        (LOST, EVERYONE, True),
        ((502, ""), EVERYONE, True),
    ],
)
async def test_a_temporary_error_is_retried_without_a_log_line(
    failure: Scripted, visibility: Visibility, *, replace: bool
) -> None:
    slack = ScriptedSlack(failure, failure, OK)
    sent = await send(slack, visibility=visibility, replace=replace)
    assert sent == (Delivery.DELIVERED, [])
    assert slack.posted == [slack.posted[0]] * 3
    assert slack.posted[0]["replace_original"] is replace


@pytest.mark.parametrize(
    ("response", "delivery"),
    [
        (LOST, Delivery.UNKNOWN),
        ((502, "<html>"), Delivery.UNKNOWN),
        (httpx.ConnectError("refused"), Delivery.RETRYABLE),
        ((429, ""), Delivery.RETRYABLE),
        ((503, "oops"), Delivery.RETRYABLE),
        ((404, "used_url"), Delivery.FAILED),
        ((200, error_body("channel_not_found")), Delivery.FAILED),
    ],
)
@pytest.mark.parametrize("visibility", [EPHEMERAL, EVERYONE])
async def test_the_outcome_of_a_failed_post_is_returned_and_logged_once(
    response: Scripted, delivery: Delivery, visibility: Visibility
) -> None:
    slack = ScriptedSlack(response)
    taken, (line,) = await send(slack, visibility=visibility)
    assert taken is delivery
    assert (line["event"], line["log_level"]) == ("reply.failed", "error")
    assert line["request_id"] == "abc123"
    is_final = delivery is Delivery.FAILED or (delivery is Delivery.UNKNOWN and visibility.public)
    assert len(slack.requests) == (1 if is_final else 3)


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
    slack = ScriptedSlack(OK)
    assert await send(slack, visibility=visibility, replace=replace) == (Delivery.DELIVERED, [])
    (payload,) = slack.posted
    shown = {"text": TEXT, "blocks": payload["blocks"]}
    assert payload == {**expected, **shown, "replace_original": replace}


@pytest.mark.parametrize(
    "rejection",
    [
        *((400, error_body(code)) for code in ("invalid_blocks", "invalid_arguments")),
        (200, error_body("invalid_blocks")),
        (404, error_body("thread_not_found")),
        (403, ""),
    ],
)
async def test_rejected_blocks_in_a_thread_are_not_posted_as_plain_text(
    rejection: tuple[int, str],
) -> None:
    slack = ScriptedSlack(rejection, OK)
    taken, (line,) = await send(slack, visibility=IN_THREAD)
    assert (bool(taken), len(slack.requests), line["event"]) == (False, 1, "reply.failed")


async def test_a_public_message_is_not_retried_after_a_rejection_and_a_disconnect() -> None:
    slack = ScriptedSlack((503, ""), LOST, OK)
    taken, _ = await send(slack, visibility=EVERYONE)
    assert taken is Delivery.UNKNOWN
    assert len(slack.requests) == 2


async def test_a_single_attempt_is_not_retried() -> None:
    slack = ScriptedSlack((503, ""))
    taken, _ = await send(slack, attempts=1)
    assert not taken
    assert len(slack.requests) == 1


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

    one = new_client(Client(httpx.MockTransport(count)), asyncio.Semaphore(2))
    taken = await asyncio.gather(*(one.post(ACCEPTED, MESSAGE, request_id="r") for _ in range(8)))
    assert taken == [Delivery.DELIVERED] * 8
    assert max_active == 2
