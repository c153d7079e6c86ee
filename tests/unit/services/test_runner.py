import asyncio
import json
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.access import Access, Actor
from bot.cli.terminal import render
from bot.runtime.http_client import new_client
from bot.runtime.tasks import BackgroundTasks
from bot.services.runner import (
    CLICK_SECONDS,
    CLICKS_REMEMBERED,
    IDS_LOGGED,
    NotMaskedError,
    Runner,
    audit_fields,
)
from bot.slack.interaction import Interaction
from bot.slack.response_url import ResponseUrlClient, Visibility
from bot.slack.views import ViewError, ViewRef, Views
from bot.ui import access_denied, actions, block_kit
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message, View

URL = "https://hooks.slack.com/actions/T0123ABCD/1234/urlcanary"
FOREIGN = "https://hooks.slack.com.evil.example/urlcanary"
ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
ANNA = Actor("U0ANNA", "T0ACME", "C0DESK")
MESSAGE = Message("All is well.", [block_kit.section("All is well.")])
COMMAND = Interaction(ANNA, "k7m2", URL)
CLICK = replace(COMMAND, message_ts="1.2", trigger_id="trigger")
IN_WINDOW = Interaction(ANNA, "k7m2", trigger_id="trigger", view=ViewRef("V1", "hash"))
HOME = Interaction(ANNA, "k7m2", trigger_id="trigger")


class FakeWindows(Views):
    """Keeps what it is to show, unless it is told to refuse."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient(), "xoxb-nobody", semaphore=nullcontext())
        self.shown: list[tuple[str, str]] = []
        self.refusal: ViewError | None = None
        self.is_full = False

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        return self._show("open " + trigger_id, view)

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        if self.is_full:
            raise ViewError("push_limit_reached")
        return self._show("push " + trigger_id, view)

    async def update(self, window: ViewRef, view: View) -> ViewRef:
        assert window.hash is None, "what is said goes in whatever stands there"
        return self._show("fill " + window.view_id, view)

    def _show(self, how: str, view: View) -> ViewRef:
        if self.refusal is not None:
            raise self.refusal
        self.shown.append((how, render(view["blocks"])))
        return ViewRef("V2")


LOST = 0
"""Instead of a status: it is taken, and the answer to it is lost."""


@dataclass
class Desk:
    """A reception, and everything that comes of it."""

    access: Access = field(default_factory=Access)
    limit: int = 2000
    status: int = 200
    passed: float = 0.0

    def __post_init__(self) -> None:
        self.posted = list[dict[str, JsonValue]]()
        self.windows = FakeWindows()
        self.jobs = BackgroundTasks(limit=self.limit)
        self.reception = Runner(
            access=self.access,
            response_urls=ResponseUrlClient(
                new_client(httpx.MockTransport(self._take)),
                api_url="https://slack.com/api/",
                semaphore=asyncio.Semaphore(10),
            ),
            windows=self.windows,
            jobs=self.jobs,
            elapsed=lambda: self.passed,
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(json.loads(request.content))
        if self.status == LOST:
            raise httpx.ReadError("lost")
        return httpx.Response(self.status)

    @property
    def said(self) -> list[str]:
        """The first line of each message posted."""
        return [str(payload["text"]).splitlines()[0] for payload in self.posted]


async def well() -> None:
    await asyncio.sleep(0)


async def broken() -> None:
    raise ValueError("broken")


async def forever() -> None:
    await asyncio.Event().wait()


def test_who_may_ask_is_not_refused_and_not_logged() -> None:
    with capture_logs() as lines:
        assert Desk().reception.deny(COMMAND, "lookup", [ID]) is None
    assert lines == []


def test_a_refusal_is_told_with_its_reference_and_written_down_with_its_wish() -> None:
    desk = Desk(Access(users={"U0BERT"}))
    with capture_logs() as lines:
        told = desk.reception.deny(CLICK, "share", [ID])

    assert told is not None
    assert told.text.startswith(access_denied.TITLE)
    assert told.text.endswith("Reference k7m2.")
    assert lines == [
        {
            "event": "share.denied",
            "log_level": "info",
            "request_id": "k7m2",
            "ids": [str(ID)],
            "outcome": "user",
            **audit_fields(ANNA),
        }
    ]


def test_a_refusal_names_no_more_ids_than_a_lookup_takes() -> None:
    desk = Desk(Access(users={"U0BERT"}))
    with capture_logs() as lines:
        desk.reception.deny(COMMAND, "lookup", [UUID(int=number) for number in range(50)])

    assert len(lines[0]["ids"]) == IDS_LOGGED


def test_a_refusal_is_looked_at_afresh_each_time() -> None:
    desk = Desk(Access(users={"U0ANNA"}))
    eve = replace(CLICK, actor=Actor("U0EVE", "T0ACME", "C0DESK"))

    assert desk.reception.deny(CLICK, "details") is None
    assert desk.reception.deny(eve, "details") is not None


def test_whom_an_audit_line_is_about() -> None:
    assert audit_fields(ANNA) == {"user": "U0ANNA", "team": "T0ACME", "channel": "C0DESK"}


def test_a_thing_happens_for_the_first_time_once() -> None:
    runner = Desk().reception

    assert [runner.claim(("click", 1)) for _ in range(3)] == [True, False, False]
    assert runner.claim(("click", 2))


def test_what_is_forgotten_may_happen_for_the_first_time_again() -> None:
    runner = Desk().reception
    runner.claim("share")
    runner.release("share")
    runner.release("never seen")

    assert runner.claim("share")


def test_what_was_seen_is_remembered_as_long_as_a_response_url_lasts() -> None:
    desk = Desk()
    desk.reception.claim("click")
    desk.passed = CLICK_SECONDS - 1
    seen_still = desk.reception.claim("click")
    desk.passed = CLICK_SECONDS + 1

    assert not seen_still
    assert desk.reception.claim("click")


def test_what_is_remembered_is_bounded() -> None:
    runner = Desk().reception
    for number in range(CLICKS_REMEMBERED + 1):
        runner.claim(number)

    assert not runner.claim(CLICKS_REMEMBERED)
    assert runner.claim(0)


@pytest.mark.parametrize("interaction", [COMMAND, CLICK, IN_WINDOW, HOME])
async def test_work_that_goes_well_is_begun_and_nothing_is_said_of_it(
    interaction: Interaction,
) -> None:
    desk = Desk()

    assert desk.reception.run(interaction, well) is None
    assert len(desk.jobs) == 1
    await desk.jobs.join()
    assert (desk.posted, desk.windows.shown) == ([], [])


async def test_work_that_breaks_is_told_and_logged_with_one_reference() -> None:
    desk = Desk()
    with capture_logs() as lines:
        desk.reception.run(COMMAND, broken)
        await desk.jobs.join()

    assert desk.said == [f"{error_texts.INTERNAL_ERROR.title}."]
    assert str(desk.posted[0]["text"]).endswith("Reference k7m2.")
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("interaction.failed", "k7m2")
    ]


async def test_work_that_breaks_in_a_window_is_told_there() -> None:
    desk = Desk()
    with capture_logs():
        desk.reception.run(IN_WINDOW, broken)
        await desk.jobs.join()

    ((how, said),) = desk.windows.shown
    assert how == "push trigger"
    assert error_texts.INTERNAL_ERROR.title in said
    assert desk.posted == []


@pytest.mark.parametrize("retry", [[], [ID]])
async def test_work_that_breaks_offers_another_try_where_there_is_something_to_try(
    retry: list[UUID],
) -> None:
    desk = Desk()
    with capture_logs():
        desk.reception.run(COMMAND, broken, retry=retry)
        await desk.jobs.join()

    assert ("voicelog_retry" in json.dumps(desk.posted[0]["blocks"])) is bool(retry)


async def test_work_that_is_interrupted_is_told_after_it_has_tidied_up() -> None:
    desk, tidied = Desk(), list[int]()

    async def work() -> None:
        try:
            await forever()
        finally:
            await asyncio.sleep(0)
            tidied.append(len(desk.posted))

    desk.reception.run(CLICK, work, retry=[ID])
    await asyncio.sleep(0)
    assert await desk.jobs.drain(0) == 0

    assert tidied == [0]
    assert desk.said == [f"{error_texts.RESTARTING.title}."]
    assert str(ID) in json.dumps(desk.posted[0]["blocks"])


async def test_work_that_breaks_while_it_is_interrupted_is_still_told_of() -> None:
    desk = Desk()

    async def work() -> None:
        try:
            await forever()
        finally:
            raise ValueError("broken on the way out")

    desk.reception.run(CLICK, work)
    await asyncio.sleep(0)
    with capture_logs():
        assert await desk.jobs.drain(0) == 0

    assert desk.said == [f"{error_texts.RESTARTING.title}."]


async def test_a_full_house_is_said_instead_of_begun() -> None:
    desk = Desk(limit=0)
    with capture_logs() as lines:
        told = desk.reception.run(CLICK, broken, retry=[ID])

    assert told is not None
    assert told.text.startswith(error_texts.BUSY.title)
    assert [(line["event"], line["reason"]) for line in lines] == [("interaction.rejected", "full")]
    assert (len(desk.jobs), desk.posted) == (0, [])


async def test_a_stopping_process_is_said_instead_of_begun() -> None:
    desk = Desk()
    await desk.jobs.drain(0)
    with capture_logs() as lines:
        told = desk.reception.run(CLICK, broken)

    assert told is not None
    assert told.text.startswith(error_texts.RESTARTING.title)
    assert [(line["event"], line["reason"]) for line in lines] == [
        ("interaction.rejected", "stopping")
    ]


async def test_work_for_a_foreign_response_url_is_not_begun() -> None:
    desk = Desk()
    with capture_logs() as lines:
        told = desk.reception.run(replace(CLICK, response_url=FOREIGN), broken)

    assert told is not None
    assert told.text.startswith(error_texts.INTERNAL_ERROR.title)
    assert len(desk.jobs) == 0
    assert [line["event"] for line in lines] == ["response_url.rejected_host"]
    assert "canary" not in repr(lines)


async def test_a_foreign_response_url_is_told_nothing() -> None:
    desk = Desk()
    with capture_logs() as lines:
        desk.reception.send_later(replace(CLICK, response_url=FOREIGN), MESSAGE)
        await desk.jobs.join()

    assert desk.posted == []
    assert [line["event"] for line in lines] == ["reply.rejected_host"]


async def test_there_is_always_room_to_tell_somebody_something() -> None:
    desk = Desk(limit=0)
    desk.reception.send_later(CLICK, MESSAGE)
    await desk.jobs.join()
    await desk.jobs.drain(0)
    desk.reception.send_later(CLICK, MESSAGE)
    await desk.jobs.join()

    assert desk.said == ["All is well."] * 2


@pytest.mark.parametrize("interaction", [COMMAND, CLICK])
async def test_what_is_said_in_a_channel_is_for_the_person_alone_and_replaces_nothing(
    interaction: Interaction,
) -> None:
    desk = Desk()
    await desk.reception.send(replace(interaction, in_channel=True), MESSAGE)

    (payload,) = desk.posted
    assert payload["response_type"] == "ephemeral"
    assert payload["replace_original"] is False
    assert "thread_ts" not in payload


@pytest.mark.parametrize("interaction", [COMMAND, CLICK])
async def test_what_may_be_there_is_said_again_and_replaces_nothing(
    interaction: Interaction,
) -> None:
    desk = Desk(status=LOST)
    with capture_logs():
        await desk.reception.send(interaction, MESSAGE)

    assert [payload["replace_original"] for payload in desk.posted] == [False] * 3


async def test_where_there_is_a_window_it_is_said_upon_it_and_nowhere_else() -> None:
    desk = Desk()
    await desk.reception.send(IN_WINDOW, MESSAGE)

    assert desk.posted == []
    assert [how for how, _ in desk.windows.shown] == ["push trigger"]


async def test_where_no_more_windows_fit_it_is_said_in_the_one_there_is() -> None:
    desk = Desk()
    desk.windows.is_full = True
    with capture_logs() as lines:
        await desk.reception.send(IN_WINDOW, MESSAGE)

    assert [how for how, _ in desk.windows.shown] == ["fill V1"]
    assert [line["reason"] for line in lines] == ["push_limit_reached"]


async def test_what_is_said_in_a_window_takes_the_place_of_what_stands_there() -> None:
    desk = Desk()
    await desk.reception.update_modal(HOME, ViewRef("V7", "hash"), MESSAGE)

    ((how, said),) = desk.windows.shown
    assert how == "fill V7"
    assert "All is well." in said


async def test_who_can_be_reached_in_no_way_is_a_line_in_the_log() -> None:
    desk = Desk()
    with capture_logs() as lines:
        await desk.reception.send(replace(HOME, trigger_id=""), MESSAGE)

    assert (desk.posted, desk.windows.shown) == ([], [])
    assert [(line["event"], line["request_id"]) for line in lines] == [("reply.no_channel", "k7m2")]


async def test_where_there_is_neither_a_window_of_its_own_is_opened() -> None:
    desk = Desk()
    await desk.reception.send(HOME, MESSAGE)

    ((how, said),) = desk.windows.shown
    assert how == "open trigger"
    assert "All is well." in said


@pytest.mark.parametrize(
    ("reason", "level"),
    [("not_found", "info"), ("hash_conflict", "info"), ("expired_trigger_id", "error")],
)
async def test_a_closed_window_is_no_alarm_and_a_refused_one_is(reason: str, level: str) -> None:
    desk = Desk()
    desk.windows.refusal = ViewError(reason)
    with capture_logs() as lines:
        await desk.reception.update_modal(HOME, ViewRef("V7"), MESSAGE)

    assert [(line["event"], line["log_level"], line["reason"]) for line in lines] == [
        ("view.failed", level, reason)
    ]


async def test_a_post_goes_where_and_to_whom_it_is_meant() -> None:
    desk = Desk()
    everyone = Visibility(public=True, thread_ts="1795000001.000100")

    masked = replace(MESSAGE, may_be_public=True)
    assert await desk.reception.post(CLICK, masked, audience=everyone)
    assert await desk.reception.post(CLICK, MESSAGE, replace=True)
    assert [
        (payload["response_type"], payload.get("thread_ts"), payload["replace_original"])
        for payload in desk.posted
    ] == [("in_channel", "1795000001.000100", False), ("ephemeral", None, True)]


async def test_a_post_is_tried_as_often_as_asked() -> None:
    desk = Desk(status=503)
    with capture_logs():
        assert not await desk.reception.post(CLICK, MESSAGE, attempts=1)

    assert len(desk.posted) == 1


async def test_a_post_without_a_response_url_is_an_error_line() -> None:
    desk = Desk()
    with capture_logs() as lines:
        assert not await desk.reception.post(HOME, MESSAGE)

    assert [line["event"] for line in lines] == ["reply.no_channel"]


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("replacing", [True, False])
async def test_what_nobody_has_masked_is_never_for_everyone(
    *, public: bool, replacing: bool
) -> None:
    desk, interaction = Desk(), replace(CLICK, in_channel=public)
    with pytest.raises(NotMaskedError):
        await desk.reception.post(
            interaction, MESSAGE, replace=replacing, audience=Visibility(public=True)
        )

    assert desk.posted == []


@pytest.mark.parametrize("masked", [True, False])
async def test_what_one_person_is_told_never_takes_the_place_of_what_everyone_sees(
    *, masked: bool
) -> None:
    desk, message = Desk(), replace(MESSAGE, may_be_public=masked)
    await desk.reception.post(replace(CLICK, in_channel=True), message, replace=True)
    await desk.reception.send(replace(CLICK, in_channel=True), message)

    assert [(payload["response_type"], payload["replace_original"]) for payload in desk.posted] == [
        ("ephemeral", False)
    ] * 2


async def test_what_one_person_is_told_of_a_public_message_has_nothing_to_press() -> None:
    row = block_kit.section("a log", actions.card(ID))
    message = Message("a log", [row, *block_kit.actions([actions.retry([ID])])])
    desk = Desk()
    await desk.reception.post(replace(CLICK, in_channel=True), message)
    await desk.reception.post(CLICK, message)

    public, private = desk.posted
    assert public["blocks"] == [block_kit.section("a log")]
    assert private["blocks"] == message.blocks
