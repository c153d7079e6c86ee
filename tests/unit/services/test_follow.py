import asyncio
import json
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.access import Actor
from bot.runtime.http_client import new_client
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.follow import (
    MAX_CONSECUTIVE_FAILURES,
    MAX_DURATION,
    MAX_PER_PROCESS,
    MAX_PER_USER,
    MAX_UPDATES,
    POLL_SECONDS,
    FollowService,
)
from bot.services.presenter import CardPresenter
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import VoiceLog
from bot.slack.interaction import Interaction
from bot.slack.response_url import ResponseUrlClient
from bot.slack.views import Views
from bot.ui import errors as error_texts
from bot.ui import notices
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import Found, LookupResult, NotFound
from tests.unit.listeners.test_error_handler import a_runner

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
ID = UUID("11fe0000-0000-4000-8000-000000000001")
URL = "https://hooks.slack.com/actions/T0123ABCD/1234/urlcanary"
USES = 5
FOLLOWING = "Following: "
ENDED = notices.FOLLOWING_ENDED

Answer = str | SignalWireError | Exception
"""A status, what SignalWire answers instead, or a fault of the bot's own."""


class ScriptedLookup(Lookup):
    """Gives the answers in turn, the last one for good."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__([])
        self.answers = list(answers)
        self.asked = 0

    async def get(self, log_id: UUID) -> LookupResult:
        await asyncio.sleep(0)
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, SignalWireError):
            return NotFound(log_id, {"acme": answer})
        if isinstance(answer, Exception):
            raise answer
        log = VoiceLog.model_validate(
            {"id": str(log_id), "type": "relay_pstn_call", "status": answer}
        )
        return Found(log_id, "acme", log)


@dataclass
class Desk:
    """A Following with a clock that only pauses move, and what it posts."""

    lookup: ScriptedLookup
    limit: int = 2000
    statuses: list[int] = field(default_factory=list)
    moment: datetime = NOW
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.posted = list[dict[str, JsonValue]]()
        self.pauses: list[float] = []
        self.awake = asyncio.Event()
        self.awake.set()
        self.tasks = BackgroundTasks(limit=self.limit)
        response_urls = ResponseUrlClient(
            new_client(httpx.MockTransport(self._take)),
            api_url="https://slack.com/api/",
            semaphore=asyncio.Semaphore(100),
        )
        views = Views(AsyncWebClient(), "xoxb-nobody", semaphore=nullcontext())
        runner = a_runner(response_urls, views, self.tasks, Deduplicator())
        self.following = FollowService(
            runner=runner,
            tasks=self.tasks,
            voice_logs=VoiceLogs(self.lookup),
            presenter=CardPresenter(Masking.SHARED, names_projects=False, now=lambda: self.moment),
            now=lambda: self.moment,
            sleep=self._sleep,
            elapsed=lambda: self.passed,
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        status = self.statuses.pop(0) if self.statuses else 200
        if status == 200:
            self.posted.append(json.loads(request.content))
        return httpx.Response(status)

    async def _sleep(self, seconds: float) -> None:
        await self.awake.wait()
        self.pauses.append(seconds)
        self.moment += timedelta(seconds=seconds)
        self.passed += seconds

    def press(self, *, user: str = "U0ANNA", log_id: UUID = ID) -> str | None:
        """Press Follow; the title of what is said instead of following."""
        interaction = Interaction(Actor(user, "T0ACME", "C0DESK"), "k7m2", URL, message_ts="1.2")
        said = self.following.start(interaction, log_id)
        return None if said is None else said.text.partition(".")[0]

    @property
    def notes(self) -> list[str]:
        """What each message says becomes of the following."""
        return [str(payload["text"]).splitlines()[-2] for payload in self.posted]


async def followed(*answers: Answer, statuses: Sequence[int] = ()) -> tuple[Desk, EventDict]:
    """Follow to the end; the desk, and the audit line of it."""
    desk = Desk(ScriptedLookup(*answers), statuses=[*statuses])
    with capture_logs() as lines:
        assert desk.press() is None
        await desk.tasks.join()
    (line,) = [line for line in lines if line["event"] == "follow.ended"]
    assert "canary" not in repr(lines)
    return desk, line


async def holding(desk: Desk) -> None:
    """Let those who follow get as far as their first pause."""
    wanted = desk.lookup.asked
    for _ in range(10_000):
        await asyncio.sleep(0)
        if len(desk.posted) >= len(desk.tasks) and desk.lookup.asked >= wanted:
            return
    raise AssertionError("they never came to their first pause")


async def test_the_status_is_polled_every_five_seconds() -> None:
    desk, line = await followed("queued", "queued", "queued", "completed")

    assert desk.pauses == [POLL_SECONDS] * 3
    assert (line["outcome"], line["polls"], line["seconds"]) == ("over", 3, 15)


async def test_a_card_changes_only_when_the_status_does() -> None:
    desk, _ = await followed(*["in-progress"] * 50, "completed")

    assert len(desk.posted) == 2
    assert desk.notes[0].startswith(FOLLOWING)
    assert desk.notes[1] == ENDED


@pytest.mark.parametrize("changes", range(8))
async def test_a_response_url_is_used_less_than_five_times(changes: int) -> None:
    statuses = ["ringing", "in-progress"] * 5
    desk, line = await followed("queued", *statuses[:changes], "completed", statuses=[])

    assert len(desk.posted) == min(1 + changes, MAX_UPDATES) + 1
    assert len(desk.posted) < USES, "the last message may need a second try"
    assert desk.notes[-1] == ENDED
    assert line["outcome"] == "over"


async def test_the_last_update_has_two_attempts() -> None:
    desk, line = await followed("queued", "completed", statuses=[200, 503, 200])

    assert desk.notes[-1] == ENDED
    assert line["outcome"] == "over"


async def test_a_last_update_that_fails_twice_is_lost() -> None:
    desk, line = await followed("queued", "completed", statuses=[200, 503, 503, 200])

    assert line["outcome"] == "lost"
    assert len(desk.posted) == 1


async def test_a_failed_update_does_not_stop_following() -> None:
    desk, line = await followed("queued", "ringing", "completed", statuses=[200, 503])

    assert line["outcome"] == "over"
    assert desk.notes[-1] == ENDED


async def test_a_failed_first_update_does_not_stop_following() -> None:
    desk, line = await followed("queued", "completed", statuses=[503, 503])

    assert line["outcome"] == "over"
    assert desk.notes == [ENDED]


async def test_the_last_update_before_the_end_says_so() -> None:
    desk, _ = await followed("queued", "ringing", "in-progress", "ringing", "completed")

    assert [note == notices.FOLLOWING_TO_THE_END for note in desk.notes] == [
        *(False, False, True, False)
    ]


async def test_a_rejected_update_stops_following() -> None:
    desk, line = await followed("queued", "ringing", "completed", statuses=[200, 404])

    assert line["outcome"] == "lost"
    assert desk.lookup.asked == 2


@pytest.mark.parametrize("change", [timedelta(days=-30), timedelta(days=30)])
async def test_the_duration_does_not_depend_on_the_wall_clock(change: timedelta) -> None:
    desk = Desk(ScriptedLookup("in-progress"))
    desk.awake.clear()
    with capture_logs() as lines:
        assert desk.press() is None
        await asyncio.sleep(0.01)
        desk.moment += change
        desk.awake.set()
        await desk.tasks.join()
    (line,) = (line for line in lines if line["event"] == "follow.ended")

    assert (line["outcome"], line["seconds"]) == ("half_an_hour", MAX_DURATION.total_seconds())


async def test_following_stops_before_the_response_url_expires() -> None:
    desk, line = await followed("in-progress")

    assert line["outcome"] == "half_an_hour"
    assert timedelta(seconds=line["seconds"]) == MAX_DURATION < timedelta(minutes=30)
    assert desk.notes[-1] == notices.stopped_following(notices.HALF_AN_HOUR)


@pytest.mark.parametrize(
    "error",
    [
        LogNotFoundError(),
        RateLimitedError(30.0),
        UnavailableError("503", 3),
        InvalidResponseError("not JSON"),
        ValueError("broken"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_transient_errors_are_tolerated_a_few_times_in_a_row(error: Exception) -> None:
    few = [error] * (MAX_CONSECUTIVE_FAILURES - 1)
    patient, ended = await followed("queued", *few, "queued", *few, "completed")
    given_up, stopped = await followed("queued", *few, error)

    assert ended["outcome"] == "over"
    assert patient.notes[-1] == ENDED
    assert (stopped["outcome"], stopped["polls"]) == ("trouble", MAX_CONSECUTIVE_FAILURES)
    assert given_up.notes[-1].startswith("Following stopped: ")
    assert given_up.notes[-1].endswith(". Press Follow to resume.")


@pytest.mark.parametrize(
    "error",
    [AuthenticationError(), BadRequestError(422, [])],
    ids=lambda error: type(error).__name__,
)
async def test_a_permanent_error_stops_following_at_once(error: SignalWireError) -> None:
    desk, line = await followed("queued", error)

    assert (line["outcome"], line["polls"]) == ("trouble", 1)
    assert desk.notes[-1].startswith("Following stopped: ")


async def test_an_internal_error_is_reported_as_such() -> None:
    desk, _ = await followed("queued", ValueError("broken"))

    assert error_texts.INTERNAL_ERROR.title in desk.notes[-1]


async def test_a_stopped_card_shows_the_last_known_status() -> None:
    desk, _ = await followed("queued", "ringing", UnavailableError("503", 3))

    assert str(desk.posted[-1]["text"]).startswith("Ringing")


async def test_every_update_is_ephemeral_and_replaces_the_card() -> None:
    desk, _ = await followed("queued", "ringing", "completed")

    assert len(desk.posted) == 3
    for payload in desk.posted:
        assert payload["replace_original"] is True
        assert payload["response_type"] == "ephemeral"


async def test_a_user_can_follow_a_limited_number_of_legs() -> None:
    desk = Desk(ScriptedLookup("queued"))
    desk.awake.clear()
    ids = [UUID(int=number) for number in range(MAX_PER_USER + 1)]
    with capture_logs():
        begun = [desk.press(log_id=log_id) for log_id in ids]
        again = desk.press(log_id=ids[0])
        somebody_else = desk.press(user="U0BERT", log_id=ids[0])
        await holding(desk)
        desk.lookup.answers = ["completed"]
        desk.awake.set()
        await desk.tasks.join()
        desk.awake.clear()
        later = desk.press(log_id=ids[-1])
        await desk.tasks.drain(1)

    assert begun == [None] * MAX_PER_USER + [
        notices.FOLLOW_LIMIT_REACHED.format(limit=MAX_PER_USER)
    ]
    assert again == notices.ALREADY_FOLLOWING
    assert somebody_else is None
    assert later is None


async def test_a_process_can_follow_a_limited_number_of_legs() -> None:
    desk = Desk(ScriptedLookup("queued"))
    desk.awake.clear()
    with capture_logs():
        begun = [desk.press(user=f"U{number}") for number in range(MAX_PER_PROCESS)]
        one_more = desk.press(user="U0LATE")
        await holding(desk)
        stopping = asyncio.create_task(desk.tasks.drain(5))
        assert await stopping == 0

    assert begun == [None] * MAX_PER_PROCESS
    assert one_more == notices.FOLLOW_CAPACITY_REACHED
    assert len(desk.posted) == 2 * MAX_PER_PROCESS
    assert all("the bot is restarting" in note for note in desk.notes[MAX_PER_PROCESS:])


async def test_a_rejected_follow_does_not_count() -> None:
    desk = Desk(ScriptedLookup("queued"), limit=0)
    with capture_logs():
        said = [desk.press() for _ in range(MAX_PER_USER + 1)]

    assert said == [error_texts.BUSY.title] * (MAX_PER_USER + 1)


@pytest.mark.parametrize(
    "ending",
    [
        lambda desk: desk.lookup.answers.append(LogNotFoundError()),
        lambda desk: desk.statuses.append(404),
    ],
    ids=["gone at the first look", "the first message refused"],
)
async def test_a_leg_can_be_followed_again_after_a_failed_start(
    ending: Callable[[Desk], None],
) -> None:
    desk = Desk(ScriptedLookup("queued"))
    ending(desk)
    del desk.lookup.answers[:-1]
    with capture_logs():
        assert desk.press() is None
        await desk.tasks.join()
        desk.lookup.answers = ["completed"]
        assert desk.press() is None
        await desk.tasks.join()

    assert desk.notes[-1] == ENDED


async def test_a_shutdown_during_a_pause_stops_following_with_a_message() -> None:
    desk = Desk(ScriptedLookup("in-progress"))
    desk.awake.clear()
    with capture_logs() as lines:
        desk.press()
        await holding(desk)
        assert await desk.tasks.drain(60) == 0

    assert desk.notes[-1] == "Following stopped: the bot is restarting. Press Follow to resume."
    assert [line["outcome"] for line in lines if line["event"] == "follow.ended"] == ["restart"]
    assert desk.pauses == []


async def test_a_shutdown_during_a_poll_stops_following_with_a_message() -> None:
    build = asyncio.Event()

    class Hanging(ScriptedLookup):
        async def get(self, log_id: UUID) -> LookupResult:
            if self.asked:
                build.set()
                await asyncio.Event().wait()
            return await super().get(log_id)

    desk = Desk(Hanging("in-progress"))
    with capture_logs() as lines:
        desk.press()
        await build.wait()
        assert await desk.tasks.drain(60) == 0

    assert desk.notes[-1] == "Following stopped: the bot is restarting. Press Follow to resume."
    assert [line["outcome"] for line in lines if line["event"] == "follow.ended"] == ["restart"]


async def test_a_shutdown_before_the_first_poll_offers_try_again() -> None:
    class Hanging(ScriptedLookup):
        async def get(self, log_id: UUID) -> LookupResult:
            await asyncio.Event().wait()
            return await super().get(log_id)

    desk = Desk(Hanging("in-progress"))
    with capture_logs():
        desk.press()
        await asyncio.sleep(0)
        assert await desk.tasks.drain(0) == 0

    (payload,) = desk.posted
    assert str(payload["text"]).startswith(error_texts.RESTARTING.title)
    assert payload["replace_original"] is False
    assert str(ID) in json.dumps(payload["blocks"])


async def test_an_internal_error_at_the_start_is_reported_and_frees_the_leg() -> None:
    desk = Desk(ScriptedLookup(ValueError("broken")))
    with capture_logs():
        assert desk.press() is None
        await desk.tasks.join()
        assert desk.press() is None
        await desk.tasks.join()

    assert [str(payload["text"]).partition(".")[0] for payload in desk.posted] == [
        *(error_texts.INTERNAL_ERROR.title,) * 2
    ]
