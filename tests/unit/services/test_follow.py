import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue
from structlog.typing import EventDict

from bot.access import Actor
from bot.services.follow import (
    MAX_CONSECUTIVE_FAILURES,
    MAX_DURATION,
    MAX_PER_PROCESS,
    MAX_PER_USER,
    FollowService,
)
from bot.services.followed_card import MAX_UPDATES, RETRY_SECONDS
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    NOT_THE_API,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.ui import errors as error_texts
from bot.ui import notices
from bot.voicelogs.results import LookupResult
from tests.support import texts
from tests.support.samples import LIVE, NOW
from tests.support.services import CLICK, ServiceHarness
from tests.unit.services.scripted_lookup import Outcome, ScriptedLookup

Lines = list[EventDict]
LIVE_ID = UUID(LIVE)
MAX_USES = 5
"""Of a response_url (docs.slack.dev: handling user interaction)."""
ENDED = notices.FOLLOWING_ENDED
INTERNAL = error_texts.INTERNAL_ERROR

pytestmark = pytest.mark.usefixtures("lines")


class Follow(ServiceHarness):
    """A FollowService whose clock only pauses move forward, and what it posts."""

    def __init__(
        self, lookup: ScriptedLookup, *, limit: int = 2000, statuses: Sequence[int] = ()
    ) -> None:
        super().__init__(limit=limit, statuses=statuses)
        self.lookup = lookup
        self.now, self.elapsed = NOW, 0.0
        self.pauses: list[float] = []
        self.is_awake = asyncio.Event()
        self.is_awake.set()
        self.service = FollowService(
            runner=self.runner,
            voice_logs=VoiceLogs(lookup),
            presenter=replace(self.presenter, now=lambda: self.now),
            sleep=self._sleep,
            elapsed=lambda: self.elapsed,
        )

    async def _sleep(self, seconds: float) -> None:
        await self.is_awake.wait()
        self.pauses.append(seconds)
        self.now += timedelta(seconds=seconds)
        self.elapsed += seconds

    def press_follow(self, *, user: str = "U0ANNA", log_id: UUID = LIVE_ID) -> str | None:
        """Press Follow; return the title of an error message, if any."""
        actor = Actor(user, "T0ACME", "C0SUPPORT")
        message = self.service.start(replace(CLICK, actor=actor), log_id)
        return None if message is None else message.text.partition(".")[0]

    def press_stop(self, *, message_ts: str | None = CLICK.message_ts) -> None:
        """Press Stop following, as on a card of any process."""
        assert self.service.stop(replace(CLICK, message_ts=message_ts), LIVE_ID) is None

    async def run_to_end(self) -> None:
        """Let the pauses end."""
        self.is_awake.set()
        await self.tasks.join()

    @property
    def cards(self) -> list[dict[str, JsonValue]]:
        """The messages that replaced the card."""
        return [payload for payload in self.posted if payload["replace_original"]]

    @property
    def new_messages(self) -> list[str]:
        """The new messages."""
        return [str(each["text"]) for each in self.posted if not each["replace_original"]]

    @property
    def notes(self) -> list[str]:
        """The note about following on each update of the card."""
        return [str(payload["text"]).splitlines()[-2] for payload in self.cards]


async def follow_to_end(*outcomes: Outcome, statuses: Sequence[int] = ()) -> Follow:
    """Follow to the end."""
    follow = Follow(ScriptedLookup(*outcomes), statuses=[*statuses])
    assert follow.press_follow() is None
    await follow.tasks.join()
    return follow


async def followed(*outcomes: Outcome, limit: int = 2000) -> Follow:
    """Follow, until the first pause."""
    follow = Follow(ScriptedLookup(*outcomes), limit=limit)
    follow.is_awake.clear()
    assert follow.press_follow() is None
    await wait_for_first_pauses(follow)
    return follow


def outcomes(lines: Lines) -> list[str]:
    """Return how following ended, in the audit lines."""
    return [line["outcome"] for line in lines if line["event"] == "follow.ended"]


async def wait_for_first_pauses(follow: Follow) -> None:
    """Wait until each task is in its first pause."""
    async with asyncio.timeout(5):
        while len(follow.posted) < len(follow.tasks):  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)


async def run_other_tasks() -> None:
    """Let the other tasks run until all of them wait."""
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.mark.parametrize("changes", range(8))
async def test_a_response_url_is_used_five_times_at_most(changes: int, lines: Lines) -> None:
    statuses = ["ringing", "in-progress"] * 5
    follow = await follow_to_end("queued", *statuses[:changes], "completed")

    assert len(follow.posted) == min(1 + changes, MAX_UPDATES) + 2 <= MAX_USES
    assert follow.notes[-1] == ENDED
    assert len(follow.new_messages) == 1
    assert outcomes(lines) == ["over"]


@pytest.mark.parametrize("failures", [[503], [200, 503], [503, 503]])
async def test_each_of_the_last_messages_is_retried(failures: list[int], lines: Lines) -> None:
    follow = await follow_to_end("queued", "completed", statuses=[200, *failures])

    assert follow.notes == [notices.FOLLOWING, ENDED]
    assert len(follow.new_messages) == 1
    assert outcomes(lines) == ["over"]
    assert follow.pauses[1:] == [RETRY_SECONDS] * failures.count(503)


@pytest.mark.parametrize("fails", [1, 2, 3, 4, 5, 20])
@pytest.mark.parametrize("changes", range(4))
async def test_no_failure_uses_a_response_url_more_than_five_times(
    fails: int, changes: int
) -> None:
    changing = ["ringing", "in-progress", "ringing"][:changes]
    follow = await follow_to_end("queued", *changing, "completed", statuses=[200, *[503] * fails])

    assert len(follow.attempts) <= MAX_USES


async def test_a_card_whose_last_state_was_lost_does_not_say_that_it_is_updated(
    lines: Lines,
) -> None:
    """After three updates, each of the two last messages has one attempt."""
    follow = await follow_to_end(
        *("queued", "ringing", "in-progress", "completed"), statuses=[200, 200, 200, 503]
    )

    assert follow.notes[-1] == notices.FOLLOWING_TO_THE_END
    assert len(follow.new_messages) == 1
    assert outcomes(lines) == ["undelivered"]
    assert len(follow.attempts) == MAX_USES


async def test_a_status_that_may_not_be_final_is_not_called_an_end() -> None:
    follow = await follow_to_end("queued", "waiting_in_line")

    assert follow.new_messages == [
        f"SignalWire's log no longer says that the call {LIVE} is live: waiting in line"
    ]


@pytest.mark.parametrize("statuses", [[200, 503], [503, 503]])
async def test_a_failed_update_does_not_stop_following(statuses: list[int], lines: Lines) -> None:
    follow = await follow_to_end("queued", "ringing", "completed", statuses=statuses)

    assert outcomes(lines) == ["over"]
    assert follow.notes[-1] == ENDED


@pytest.mark.parametrize("change", [timedelta(days=-30), timedelta(days=30)])
async def test_the_duration_does_not_depend_on_the_wall_clock(
    change: timedelta, lines: Lines
) -> None:
    follow = await followed("in-progress")
    follow.now += change
    await follow.run_to_end()

    (line,) = (line for line in lines if line["event"] == "follow.ended")
    assert (line["outcome"], line["seconds"]) == ("time_limit", MAX_DURATION.total_seconds())


async def test_four_failed_polls_in_a_row_do_not_end_following(lines: Lines) -> None:
    assert MAX_CONSECUTIVE_FAILURES == 5
    few = [UnavailableError("503", 3)] * (MAX_CONSECUTIVE_FAILURES - 1)
    follow = await follow_to_end("queued", *few, "queued", *few, "completed")

    assert outcomes(lines) == ["over"]
    assert follow.notes == [notices.FOLLOWING, ENDED]


@pytest.mark.parametrize(
    ("error", "polls", "can_resume"),
    [
        (LogNotFoundError(), MAX_CONSECUTIVE_FAILURES, False),
        (AuthenticationError(), 1, False),
        (BadRequestError(422, []), 1, False),
        (LogTooOldError(None), 1, False),
        (InvalidResponseError(NOT_THE_API), MAX_CONSECUTIVE_FAILURES, False),
        (InvalidResponseError("not JSON"), MAX_CONSECUTIVE_FAILURES, True),
        (RateLimitedError(30.0), MAX_CONSECUTIVE_FAILURES, True),
        (UnavailableError("503", 3), MAX_CONSECUTIVE_FAILURES, True),
        (ValueError("broken"), MAX_CONSECUTIVE_FAILURES, True),
    ],
    ids=repr,
)
async def test_a_permanent_error_ends_following_and_the_card_says_why_below_its_last_status(
    error: Exception, polls: int, lines: Lines, *, can_resume: bool
) -> None:
    follow = await follow_to_end("queued", "ringing", error)

    problem = error_texts.describe(error) if isinstance(error, SignalWireError) else INTERNAL
    (line,) = (line for line in lines if line["event"] == "follow.ended")
    assert (line["outcome"], line["polls"]) == ("lookup_failed", 1 + polls)
    assert follow.notes[-1] == notices.stopped_following(problem.title, can_resume=can_resume)
    assert str(follow.posted[-1]["text"]).startswith("Ringing")


async def test_a_user_can_follow_a_limited_number_of_legs() -> None:
    follow = Follow(ScriptedLookup("queued"))
    follow.is_awake.clear()
    ids = [UUID(int=number) for number in range(MAX_PER_USER + 1)]
    *started, refused = [follow.press_follow(log_id=log_id) for log_id in ids]
    again = follow.press_follow(log_id=ids[0])  # replaces the earlier one
    another_user = follow.press_follow(user="U0BERT", log_id=ids[0])
    await wait_for_first_pauses(follow)
    follow.lookup.outcomes = ["completed"]
    await follow.run_to_end()
    follow.is_awake.clear()
    later = follow.press_follow(log_id=ids[-1])
    await follow.tasks.drain(1)

    assert [*started, again, another_user, later] == [None] * (MAX_PER_USER + 3)
    assert refused == notices.FOLLOW_LIMIT_REACHED.format(limit=MAX_PER_USER)


async def test_a_process_can_follow_a_limited_number_of_legs() -> None:
    follow = Follow(ScriptedLookup("queued"))
    follow.is_awake.clear()
    started = [follow.press_follow(user=f"U{number}") for number in range(MAX_PER_PROCESS)]
    one_more = follow.press_follow(user="U0LATE")
    await wait_for_first_pauses(follow)
    assert await follow.tasks.drain(5) == 0

    assert started == [None] * MAX_PER_PROCESS
    assert one_more == notices.FOLLOW_CAPACITY_REACHED
    assert len(follow.posted) == 2 * MAX_PER_PROCESS
    assert all(error_texts.RESTARTING.title in note for note in follow.notes[MAX_PER_PROCESS:])


async def test_stop_following_of_another_card_says_that_it_may_still_be_updated(
    lines: Lines,
) -> None:
    """This is the case in a process other than the one that follows the call."""
    follow = await followed("queued", "queued", "completed")
    follow.press_stop(message_ts="7.8")
    await follow.run_to_end()

    assert follow.notes[1] == notices.PERHAPS_FOLLOWED
    assert outcomes(lines) == ["over"]
    assert [line["outcome"] for line in lines if line["event"] == "stop_following.done"] == [
        "found"
    ]


@pytest.mark.parametrize(
    ("outcome", "notes", "reply"),
    [("completed", [ENDED], ""), (UnavailableError("503", 3), [], texts.server_error(503))],
)
async def test_stop_following_says_that_a_call_is_over_but_leaves_the_card_of_an_unknown_log(
    outcome: Outcome, notes: list[str], reply: str
) -> None:
    follow = Follow(ScriptedLookup(outcome))
    follow.press_stop()
    await follow.tasks.join()

    assert follow.notes == notes
    assert "".join(follow.new_messages).startswith(reply)


async def test_an_update_in_progress_does_not_replace_the_stopped_card() -> None:
    on_its_way, released = asyncio.Event(), asyncio.Event()

    class SlowSlack(Follow):
        async def _accept(self, request: httpx.Request) -> httpx.Response:
            if len(self.posted) == 1 and not on_its_way.is_set():
                on_its_way.set()
                await released.wait()
            return await super()._accept(request)

    follow = SlowSlack(ScriptedLookup("queued", "ringing"))
    follow.press_follow()
    await on_its_way.wait()
    follow.press_stop()
    await run_other_tasks()
    released.set()
    await follow.tasks.join()

    assert follow.notes[-1] == notices.STOPPED_BY_USER


async def test_a_rejected_follow_does_not_end_the_earlier_one(lines: Lines) -> None:
    follow = await followed("queued", "completed", limit=1)
    assert follow.press_follow() == error_texts.BUSY.title
    await follow.run_to_end()

    assert follow.notes == [notices.FOLLOWING, ENDED]
    assert outcomes(lines) == ["over"]


async def test_a_rejected_follow_does_not_count() -> None:
    follow = Follow(ScriptedLookup("queued"), limit=0)
    titles = [follow.press_follow() for _ in range(MAX_PER_USER + 1)]

    assert titles == [error_texts.BUSY.title] * (MAX_PER_USER + 1)


@pytest.mark.parametrize(
    ("outcome", "statuses"),
    [(LogNotFoundError(), []), ("queued", [404])],
    ids=["the log is missing", "the first message is rejected"],
)
async def test_a_leg_can_be_followed_again_after_a_failed_start(
    outcome: Outcome, statuses: list[int]
) -> None:
    follow = await follow_to_end(outcome, statuses=statuses)
    follow.lookup.outcomes = ["completed"]
    assert follow.press_follow() is None
    await follow.tasks.join()

    assert follow.notes[-1] == ENDED


async def test_a_shutdown_before_the_first_poll_offers_try_again() -> None:
    class StalledLookup(ScriptedLookup):
        async def get(self, log_id: UUID) -> LookupResult:
            await asyncio.Event().wait()
            return await super().get(log_id)

    follow = Follow(StalledLookup("in-progress"))
    follow.press_follow()
    await asyncio.sleep(0)
    assert await follow.tasks.drain(0) == 0

    (payload,) = follow.posted
    assert str(payload["text"]).startswith(error_texts.RESTARTING.title)
    assert payload["replace_original"] is False
    assert LIVE in json.dumps(payload["blocks"])
