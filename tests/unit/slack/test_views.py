"""Views are opened once and updated with retries."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Final

import pytest
from pydantic import JsonValue

from bot.runtime.fair_semaphore import FairSemaphore
from bot.runtime.http_client import Client
from bot.slack.post import SlackError
from bot.slack.views import (
    CLOSED,
    TRIGGER_EXPIRED,
    TRIGGER_WAIT_SECONDS,
    UPDATE_WAIT_SECONDS,
    ViewRef,
    Views,
)
from bot.ui import block_kit
from tests.support.fake_time_loop import run_timed, seconds_taken
from tests.support.slack import API, LOST, Scripted, ScriptedSlack, error_body, never_responding

TOKEN: Final = "xoxb-views"
VIEW: Final = block_kit.modal("Voice log", [block_kit.section("Loading…")])
SHOWN: Final[Scripted] = (200, '{"ok": true, "view": {"id": "V1", "hash": "1.2"}}')
CONFLICT: Final[Scripted] = (200, error_body("hash_conflict"))
Call = Callable[[Views], Awaitable[object]]


async def open_modal(views: Views) -> ViewRef:
    return await views.open("1.2.3", VIEW)


async def push_modal(views: Views) -> ViewRef:
    return await views.push("1.2.3", VIEW)


async def update_modal(views: Views) -> ViewRef:
    return await views.update(ViewRef("V1", "1.1"), VIEW)


async def update_unconditionally(views: Views) -> ViewRef:
    return await views.update(ViewRef("V1"), VIEW)


async def publish_home(views: Views) -> None:
    await views.publish("U0ANNA", VIEW)


def views_over(http: Client, semaphore: AbstractAsyncContextManager[object] | None = None) -> Views:
    return Views(http, TOKEN, api=API, semaphore=semaphore or nullcontext())


def error_of(call: Call, views: Views) -> tuple[SlackError, float]:
    """Return the error of a call that fails, and the seconds it takes."""

    async def work() -> SlackError:
        with pytest.raises(SlackError) as caught:
            await call(views)
        return caught.value

    return run_timed(work)


@pytest.mark.parametrize(
    ("call", "method", "arguments"),
    [
        (open_modal, "views.open", {"trigger_id": "1.2.3"}),
        (push_modal, "views.push", {"trigger_id": "1.2.3"}),
        (update_modal, "views.update", {"view_id": "V1", "hash": "1.1"}),
        (update_unconditionally, "views.update", {"view_id": "V1"}),
        (publish_home, "views.publish", {"user_id": "U0ANNA"}),
    ],
)
async def test_a_view_is_sent_with_its_target(
    call: Call, method: str, arguments: dict[str, JsonValue]
) -> None:
    slack = ScriptedSlack(SHOWN)
    shown = await call(views_over(slack.http))

    assert shown in {ViewRef("V1", "1.2"), None}
    assert [str(request.url) for request in slack.requests] == [f"{API}{method}"]
    assert slack.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert slack.posted == [{**arguments, "view": VIEW}]


@pytest.mark.parametrize("failure", [(429, ""), (500, ""), (503, "<html>"), LOST])
@pytest.mark.parametrize(
    ("call", "attempts"),
    [(open_modal, 1), (push_modal, 1), (update_modal, 3), (publish_home, 3)],
)
def test_a_call_has_up_to_three_attempts_unless_it_has_a_trigger_id(
    call: Call, attempts: int, failure: Scripted
) -> None:
    slack = ScriptedSlack(failure)
    error, _ = error_of(call, views_over(slack.http))

    assert error.code not in CLOSED | TRIGGER_EXPIRED
    assert len(slack.requests) == attempts
    if attempts > 1:
        responses = [failure, failure, SHOWN]
        seconds_taken(lambda: call(views_over(ScriptedSlack(*responses).http)))


@pytest.mark.parametrize(
    "failure", [LOST, (500, ""), (502, ""), (200, error_body("internal_error"))]
)
def test_only_an_update_whose_response_was_lost_may_have_changed_the_view(
    failure: Scripted,
) -> None:
    lost, rejected = ScriptedSlack(failure, CONFLICT), ScriptedSlack((429, ""), CONFLICT)
    shown, _ = run_timed(lambda: update_modal(views_over(lost.http)))
    error, _ = error_of(update_modal, views_over(rejected.http))

    assert shown == ViewRef("V1"), "without the hash, which is unknown"
    assert error.code in CLOSED


UNCONFIRMED: Final = ("<html>", "ok", "", "[]", '"ok"', "null", "[" * 100_000, '{"ok": "true"}')
WITHOUT_A_VIEW: Final = (
    '{"ok": true}',
    *(f'{{"ok": true, "view": {view}}}' for view in ("{}", "[]", '{"id": 7}')),
)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        *((call, body) for call in (open_modal, push_modal) for body in WITHOUT_A_VIEW),
        *(
            (call, body)
            for call in (open_modal, push_modal, update_modal, publish_home)
            for body in UNCONFIRMED
        ),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)
def test_an_unreadable_response_is_an_error(call: Call, body: str) -> None:
    slack = ScriptedSlack((200, body))
    error, _ = error_of(call, views_over(slack.http))

    assert error.reason == "unreadable response"
    assert error.maybe_applied
    assert len(slack.requests) == 1


@pytest.mark.parametrize("body", WITHOUT_A_VIEW)
@pytest.mark.parametrize(("call", "shown"), [(update_modal, ViewRef("V1")), (publish_home, None)])
async def test_a_view_that_is_known_need_not_be_in_the_response(
    call: Call, shown: ViewRef | None, body: str
) -> None:
    slack = ScriptedSlack((200, body))

    assert await call(views_over(slack.http)) == shown, "without the hash, which is unknown"
    assert len(slack.requests) == 1


def test_a_timeout_leaves_no_valid_trigger_id() -> None:
    error, seconds = error_of(open_modal, views_over(never_responding()))

    assert error.code in TRIGGER_EXPIRED
    assert seconds == pytest.approx(5)


@pytest.mark.parametrize(
    ("call", "seconds"),
    [
        (open_modal, TRIGGER_WAIT_SECONDS),
        (push_modal, TRIGGER_WAIT_SECONDS),
        (update_modal, UPDATE_WAIT_SECONDS),
        (publish_home, UPDATE_WAIT_SECONDS),
    ],
)
def test_waiting_for_a_slot_times_out_in_time_to_notify_the_user(
    call: Call, seconds: float
) -> None:
    assert TRIGGER_WAIT_SECONDS < 3, "a trigger_id is valid for three seconds"
    slack = ScriptedSlack(SHOWN)
    error, taken = error_of(call, views_over(slack.http, FairSemaphore(0)))

    assert taken == pytest.approx(seconds)
    assert slack.requests == []
    assert error.code in TRIGGER_EXPIRED
