"""What counts as success, what error Slack reports, and how long to wait before a retry."""

import httpx
import pytest

from bot.slack.post import SlackError, pause_after, post
from tests.support.fake_time_loop import run_timed
from tests.support.slack import API, Scripted, ScriptedSlack, error_body, never_responding

CANARY = "textcanary +1 206 555 0104"


async def error_of(response: Scripted) -> SlackError:
    with pytest.raises(SlackError) as caught:
        await post(ScriptedSlack(response).http, API, {})
    assert "canary" not in caught.value.reason
    return caught.value


async def test_a_request_is_one_json_post_with_the_token_if_there_is_one() -> None:
    slack = ScriptedSlack((200, '{"ok": true, "view": 1}'))

    response = await post(slack.http, API, {"text": "hi"}, "xoxb-1")
    assert response.payload == {"ok": True, "view": 1}
    await post(slack.http, API, {})
    with_token, without = slack.requests
    assert (with_token.method, with_token.url) == ("POST", API)
    assert with_token.headers["content-type"] == "application/json; charset=utf-8"
    assert with_token.headers["authorization"] == "Bearer xoxb-1"
    assert "authorization" not in without.headers
    assert slack.posted == [{"text": "hi"}, {}]


@pytest.mark.parametrize(
    "body", ["ok", "", '{"ok":true}', "[]", "null", "<html>", "[" * 100_000, "x" * 2_000_000]
)
async def test_a_200_without_an_error_is_a_success(body: str) -> None:
    await post(ScriptedSlack((200, body)).http, API, {})


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ((200, error_body("channel_not_found")), "channel_not_found"),
        ((404, error_body("used_url")), "404 used_url"),
        ((404, "used_url"), "404 used_url"),
        ((404, f"<html>{CANARY}</html>"), "404"),
        ((404, f"No such URL {CANARY}"), "404"),
        ((404, "x" * 99), f"404 {'x' * 40}"),
        ((404, error_body("x" * 99)), f"404 {'x' * 40}"),
        ((404, "x" * 2_000_000), "404"),
        ((404, error_body(CANARY)), "404"),
        ((302, "", {"location": "https://evil.com/"}), "302"),
        *(
            ((200, error_body(code)), "200")
            for code in ("xoxb-canary", "<script>", "", None, 7, ["not_found"], {"a": "b"})
        ),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_rejection_is_permanent_and_has_an_error_code_or_a_status(
    response: Scripted, reason: str
) -> None:
    error = await error_of(response)
    assert (error.reason, pause_after(error), error.maybe_applied) == (reason, False, False)


@pytest.mark.parametrize(
    ("response", "reason", "pause", "maybe_applied"),
    [
        ((429, "", {"retry-after": "3"}), "429", 3, False),
        ((429, "", {"retry-after": "3600"}), "429", 5, False),
        ((429, "", {"retry-after": "soon"}), "429", 1, False),
        ((429, "", {"retry-after": "-1"}), "429", 1, False),
        ((429, error_body("ratelimited")), "429 ratelimited", 1, False),
        ((200, error_body("ratelimited")), "ratelimited", 1, False),
        ((200, error_body("ratelimited"), {"retry-after": "3"}), "ratelimited", 3, False),
        *(
            ((200, error_body(code)), code, 0.5, False)
            for code in ("internal_error", "fatal_error", "service_unavailable")
        ),
        ((500, "Oops"), "500", 0.5, False),
        ((502, "<html>"), "502", 0.5, True),  # a gateway may have forwarded it
        ((503, ""), "503", 0.5, False),
        ((504, ""), "504", 0.5, True),
        (httpx.ConnectError(CANARY), "ConnectError", 0.2, False),
        (httpx.ReadError(CANARY), "ReadError", 0.2, True),
        (ConnectionResetError(CANARY), "ConnectionResetError", 0.2, True),
    ],
    ids=str,
)
async def test_a_temporary_failure_has_a_pause_and_may_have_had_an_effect(
    response: Scripted, reason: str, pause: float, *, maybe_applied: bool
) -> None:
    error = await error_of(response)
    assert error.reason == reason
    assert pause_after(error) == pytest.approx(pause)
    assert error.maybe_applied is maybe_applied


async def test_half_of_a_surrogate_pair_is_not_sent() -> None:
    slack = ScriptedSlack((200, "ok"))
    with pytest.raises(SlackError, match="unencodable"):
        await post(slack.http, API, {"text": "\ud800"})
    assert slack.requests == []


def test_a_request_times_out_after_five_seconds() -> None:
    async def work() -> str:
        with pytest.raises(SlackError) as caught:
            await post(never_responding(), API, {})
        return caught.value.reason

    reason, seconds = run_timed(work)
    assert reason == "TimeoutError"
    assert seconds == pytest.approx(5)
