"""Time limits and pauses of `views.*` calls."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.runtime.fair_semaphore import FairSemaphore
from bot.slack.views import TRIGGER_WAIT_SECONDS, UPDATE_WAIT_SECONDS, ViewError, ViewRef, Views
from bot.ui import block_kit
from tests.support.fake_time_loop import seconds_taken

TOKEN = "xoxb-views"
VIEW = block_kit.modal("Voice log", [block_kit.section("Loading…")])
Call = Callable[[Views], Awaitable[object]]


async def open_modal(views: Views) -> None:
    await views.open("1.2.3", VIEW)


async def update_modal(views: Views) -> None:
    await views.update(ViewRef("V1"), VIEW)


class ScriptedWebClient(AsyncWebClient):
    """Responds at once: with the given errors in order, then with success."""

    def __init__(self, *answers: tuple[int, dict[str, str]] | None) -> None:
        super().__init__()
        self.left = list(answers)
        self.calls = 0

    async def api_call(self, api_method: str, **_arguments: object) -> AsyncSlackResponse:
        self.calls += 1
        answer = self.left.pop(0) if self.left else (200, {})
        if answer is None:
            await asyncio.Event().wait()
            raise AssertionError("unreachable")
        status, headers = answer
        taken: dict[str, object] = {"ok": status == 200, "view": {"id": "V1", "hash": "1.2"}}
        response = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=taken,
            headers=headers,
            status_code=status,
        )
        response.validate()  # type: ignore[no-untyped-call]  # slack_sdk has no types for it
        return response


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (429, {"Retry-After": "3"}, 3),
        (429, {"Retry-After": "3600"}, 5),
        (429, {"Retry-After": "soon"}, 1),
        (429, {"Retry-After": "-1"}, 1),
        (429, {}, 1),
        (500, {}, 0.5),
        (503, {}, 0.5),
    ],
)
def test_retry_after_is_honored_up_to_five_seconds(
    status: int, headers: dict[str, str], seconds: float
) -> None:
    web = ScriptedWebClient((status, headers))
    took = seconds_taken(
        lambda: Views(web, TOKEN, semaphore=nullcontext()).update(ViewRef("V1"), VIEW)
    )

    assert took == pytest.approx(seconds)
    assert web.calls == 2


def error_of(views: Views, call: Call) -> tuple[ViewError, float]:
    """Return the error of a call that fails, and the seconds it takes."""
    errors = list[ViewError]()

    async def work() -> None:
        with pytest.raises(ViewError) as caught:
            await call(views)
        errors.append(caught.value)

    seconds = seconds_taken(work)
    return errors[0], seconds


@pytest.mark.parametrize(
    ("call", "seconds", "attempts"),
    [(open_modal, 5, 1), (update_modal, 15.4, 3)],
    ids=["open", "update"],
)
def test_each_attempt_times_out_after_five_seconds(
    call: Call, seconds: float, attempts: int
) -> None:
    web = ScriptedWebClient(None, None, None)
    error, taken = error_of(Views(web, TOKEN, semaphore=nullcontext()), call)

    assert taken == pytest.approx(seconds)
    assert web.calls == attempts
    assert (error.reason, error.trigger_expired, error.closed) == ("TimeoutError", True, False)


@pytest.mark.parametrize(
    ("call", "seconds"),
    [
        (open_modal, TRIGGER_WAIT_SECONDS),
        (lambda views: views.push("1.2.3", VIEW), TRIGGER_WAIT_SECONDS),
        (update_modal, UPDATE_WAIT_SECONDS),
        (lambda views: views.publish("U0ANNA", VIEW), UPDATE_WAIT_SECONDS),
    ],
    ids=["open", "push", "update", "publish"],
)
def test_waiting_for_a_slot_times_out_in_time_to_notify_the_user(
    call: Call, seconds: float
) -> None:
    web = ScriptedWebClient()
    error, taken = error_of(Views(web, TOKEN, semaphore=FairSemaphore(0)), call)

    assert taken == pytest.approx(seconds)
    assert web.calls == 0
    assert (error.reason, error.trigger_expired, error.closed) == ("busy", True, False)


def test_waiting_for_a_slot_times_out_before_the_trigger_id_expires() -> None:
    assert TRIGGER_WAIT_SECONDS < 3
