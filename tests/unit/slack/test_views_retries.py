"""Time limits and pauses of views.* calls."""

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


async def error_of(doing: Awaitable[object]) -> ViewError:
    with pytest.raises(ViewError) as caught:
        await doing
    return caught.value


class Scripted(AsyncWebClient):
    """Responds at once: with the given errors in turn, then with success."""

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
    web = Scripted((status, headers))
    took = seconds_taken(
        lambda: Views(web, TOKEN, semaphore=nullcontext()).update(ViewRef("V1"), VIEW)
    )

    assert took == pytest.approx(seconds)
    assert web.calls == 2


def test_opening_times_out_after_five_seconds() -> None:
    web = Scripted(None)
    errors: list[ViewError] = []

    async def work() -> None:
        errors.append(
            await error_of(Views(web, TOKEN, semaphore=nullcontext()).open("1.2.3", VIEW))
        )

    assert seconds_taken(work) == pytest.approx(5)
    assert web.calls == 1
    assert (errors[0].reason, errors[0].trigger_expired) == ("TimeoutError", True)


def test_each_attempt_to_update_times_out_after_five_seconds() -> None:
    web = Scripted(None, None, None)
    errors: list[ViewError] = []

    async def work() -> None:
        errors.append(
            await error_of(Views(web, TOKEN, semaphore=nullcontext()).update(ViewRef("V1"), VIEW))
        )

    assert seconds_taken(work) == pytest.approx(15.4)
    assert web.calls == 3
    assert errors[0].closed is False


class Hanging(FairSemaphore):
    """A semaphore without any slots."""

    def __init__(self) -> None:
        super().__init__(0)


@pytest.mark.parametrize(
    ("do", "seconds"),
    [
        (lambda views: views.open("1.2.3", VIEW), TRIGGER_WAIT_SECONDS),
        (lambda views: views.push("1.2.3", VIEW), TRIGGER_WAIT_SECONDS),
        (lambda views: views.update(ViewRef("V1"), VIEW), UPDATE_WAIT_SECONDS),
        (lambda views: views.publish("U0ANNA", VIEW), UPDATE_WAIT_SECONDS),
    ],
    ids=["open", "push", "update", "publish"],
)
def test_waiting_for_a_slot_times_out_while_the_user_can_still_be_told(
    do: Callable[[Views], Awaitable[object]], seconds: float
) -> None:
    web, errors = Scripted(), list[ViewError]()

    async def work() -> None:
        errors.append(await error_of(do(Views(web, TOKEN, semaphore=Hanging()))))

    assert seconds_taken(work) == pytest.approx(seconds)
    assert web.calls == 0
    assert (errors[0].reason, errors[0].trigger_expired, errors[0].closed) == ("busy", True, False)


def test_a_slot_is_awaited_for_less_time_than_a_trigger_id_is_valid() -> None:
    assert TRIGGER_WAIT_SECONDS < 3
