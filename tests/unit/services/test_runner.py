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
from bot.services.dedup import Deduplicator
from bot.services.runner import IDS_LOGGED, Runner
from bot.slack.interaction import Interaction
from bot.slack.responder import NotMaskedError, Responder
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


class FakeViews(Views):
    """Keeps what it is to show, unless it is told to refuse."""

    def __init__(self) -> None:
        super().__init__(AsyncWebClient(), "xoxb-nobody", semaphore=nullcontext())
        self.shown: list[tuple[str, str]] = []
        self.hashes: list[str | None] = []
        self.refusal: ViewError | None = None
        self.is_full = False

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        return self._show("open " + trigger_id, view)

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        if self.is_full:
            raise ViewError("push_limit_reached")
        return self._show("push " + trigger_id, view)

    async def update(self, modal: ViewRef, view: View) -> ViewRef:
        self.hashes.append(modal.hash)
        return self._show("update " + modal.view_id, view)

    def _show(self, how: str, view: View) -> ViewRef:
        if self.refusal is not None:
            raise self.refusal
        self.shown.append((how, render(view["blocks"])))
        return ViewRef("V2")


LOST = 0
"""Instead of a status: it is taken, and the answer to it is lost."""


@dataclass
class Bench:
    """A runner, and everything that it delivers."""

    access: Access = field(default_factory=Access)
    limit: int = 2000
    status: int = 200

    def __post_init__(self) -> None:
        self.posted = list[dict[str, JsonValue]]()
        self.views = FakeViews()
        self.tasks = BackgroundTasks(limit=self.limit)
        self.response_urls = ResponseUrlClient(
            new_client(httpx.MockTransport(self._take)),
            api_url="https://slack.com/api/",
            semaphore=asyncio.Semaphore(10),
        )
        self.runner = Runner(
            access=self.access,
            tasks=self.tasks,
            dedup=Deduplicator(),
            new_responder=self.responder,
        )

    def responder(self, interaction: Interaction, *, in_place: bool = False) -> Responder:
        return Responder(
            interaction,
            response_urls=self.response_urls,
            views=self.views,
            access=self.access,
            in_place=in_place,
        )

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(json.loads(request.content))
        if self.status == LOST:
            raise httpx.ReadError("lost")
        return httpx.Response(self.status)

    @property
    def titles(self) -> list[str]:
        """The first line of each message posted."""
        return [str(payload["text"]).splitlines()[0] for payload in self.posted]


async def succeed(_responder: Responder) -> None:
    await asyncio.sleep(0)


async def fail(_responder: Responder) -> None:
    raise ValueError("broken")


def test_an_allowed_user_is_neither_denied_nor_logged() -> None:
    with capture_logs() as lines:
        assert Bench().runner.deny(COMMAND, "lookup", [ID]) is None
    assert lines == []


def test_a_denial_has_a_request_id_and_is_logged_with_its_action() -> None:
    bench = Bench(Access(users={"U0BERT"}))
    with capture_logs() as lines:
        told = bench.runner.deny(CLICK, "share", [ID])

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
            "user": "U0ANNA",
            "team": "T0ACME",
            "channel": "C0DESK",
        }
    ]


def test_a_denial_logs_a_limited_number_of_ids() -> None:
    bench = Bench(Access(users={"U0BERT"}))
    with capture_logs() as lines:
        bench.runner.deny(COMMAND, "lookup", [UUID(int=number) for number in range(50)])

    assert len(lines[0]["ids"]) == IDS_LOGGED


def test_each_user_is_authorized_separately() -> None:
    bench = Bench(Access(users={"U0ANNA"}))
    eve = replace(CLICK, actor=Actor("U0EVE", "T0ACME", "C0DESK"))

    assert bench.runner.deny(CLICK, "details") is None
    assert bench.runner.deny(eve, "details") is not None


@pytest.mark.parametrize("interaction", [COMMAND, CLICK, IN_WINDOW, HOME])
async def test_successful_work_posts_nothing_by_itself(
    interaction: Interaction,
) -> None:
    bench = Bench()

    assert bench.runner.start(interaction, "lookup", succeed) is None
    assert len(bench.tasks) == 1
    await bench.tasks.join()
    assert (bench.posted, bench.views.shown) == ([], [])


async def test_failed_work_is_reported_and_logged_with_one_request_id() -> None:
    bench = Bench()
    with capture_logs() as lines:
        bench.runner.start(COMMAND, "lookup", fail)
        await bench.tasks.join()

    assert bench.titles == [f"{error_texts.INTERNAL_ERROR.title}."]
    assert str(bench.posted[0]["text"]).endswith("Reference k7m2.")
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("interaction.failed", "k7m2")
    ]


async def test_failed_work_in_a_modal_is_reported_there() -> None:
    bench = Bench()
    with capture_logs():
        bench.runner.start(IN_WINDOW, "lookup", fail)
        await bench.tasks.join()

    ((how, said),) = bench.views.shown
    assert how == "push trigger"
    assert error_texts.INTERNAL_ERROR.title in said
    assert bench.posted == []


@pytest.mark.parametrize("retry", [[], [ID]])
async def test_failed_work_offers_try_again_if_it_has_ids(
    retry: list[UUID],
) -> None:
    bench = Bench()
    with capture_logs():
        bench.runner.start(COMMAND, "lookup", fail, retry=retry)
        await bench.tasks.join()

    assert ("voicelog_retry" in json.dumps(bench.posted[0]["blocks"])) is bool(retry)


async def test_an_interruption_is_reported_after_the_cleanup() -> None:
    bench, tidied = Bench(), list[int]()

    async def work(_responder: Responder) -> None:
        async with bench.tasks.interruptible():
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                tidied.append(len(bench.posted))

    bench.runner.start(CLICK, "lookup", work, retry=[ID])
    await asyncio.sleep(0)
    assert await bench.tasks.drain(0) == 0

    assert tidied == [0]
    assert bench.titles == [f"{error_texts.RESTARTING.title}."]
    assert str(ID) in json.dumps(bench.posted[0]["blocks"])


async def test_an_interruption_is_reported_even_if_the_cleanup_fails() -> None:
    bench = Bench()

    async def work(_responder: Responder) -> None:
        async with bench.tasks.interruptible():
            try:
                await asyncio.Event().wait()
            finally:
                raise ValueError("broken on the way out")

    bench.runner.start(CLICK, "lookup", work)
    await asyncio.sleep(0)
    with capture_logs():
        assert await bench.tasks.drain(0) == 0

    assert bench.titles == [f"{error_texts.RESTARTING.title}."]


async def test_work_is_rejected_at_the_task_limit() -> None:
    bench = Bench(limit=0)
    with capture_logs() as lines:
        told = bench.runner.start(CLICK, "lookup", fail, retry=[ID])

    assert told is not None
    assert told.text.startswith(error_texts.BUSY.title)
    assert [(line["event"], line["reason"]) for line in lines] == [("interaction.rejected", "full")]
    assert (len(bench.tasks), bench.posted) == (0, [])


async def test_work_is_rejected_during_a_shutdown() -> None:
    bench = Bench()
    await bench.tasks.drain(0)
    with capture_logs() as lines:
        told = bench.runner.start(CLICK, "lookup", fail)

    assert told is not None
    assert told.text.startswith(error_texts.RESTARTING.title)
    assert [(line["event"], line["reason"]) for line in lines] == [
        ("interaction.rejected", "stopping")
    ]


async def test_work_for_a_foreign_response_url_is_not_started() -> None:
    bench = Bench()
    with capture_logs() as lines:
        told = bench.runner.start(replace(CLICK, response_url=FOREIGN), "lookup", fail)

    assert told is not None
    assert told.text.startswith(error_texts.INTERNAL_ERROR.title)
    assert len(bench.tasks) == 0
    assert [line["event"] for line in lines] == ["response_url.rejected_host"]
    assert "canary" not in repr(lines)


async def test_nothing_is_posted_to_a_foreign_response_url() -> None:
    bench = Bench()
    with capture_logs() as lines:
        bench.runner.notify_later(replace(CLICK, response_url=FOREIGN), MESSAGE)
        await bench.tasks.join()

    assert bench.posted == []
    assert [line["event"] for line in lines] == ["reply.rejected_host"]


async def test_a_notice_is_sent_even_at_the_task_limit() -> None:
    bench = Bench(limit=0)
    bench.runner.notify_later(CLICK, MESSAGE)
    await bench.tasks.join()
    await bench.tasks.drain(0)
    bench.runner.notify_later(CLICK, MESSAGE)
    await bench.tasks.join()

    assert bench.titles == ["All is well."] * 2


@pytest.mark.parametrize("interaction", [COMMAND, CLICK])
async def test_a_notice_is_ephemeral_and_replaces_nothing(
    interaction: Interaction,
) -> None:
    bench = Bench()
    await bench.responder(replace(interaction, in_channel=True)).notify(MESSAGE)

    (payload,) = bench.posted
    assert payload["response_type"] == "ephemeral"
    assert payload["replace_original"] is False
    assert "thread_ts" not in payload


@pytest.mark.parametrize("interaction", [COMMAND, CLICK])
async def test_a_notice_that_may_be_delivered_is_posted_again(
    interaction: Interaction,
) -> None:
    bench = Bench(status=LOST)
    with capture_logs():
        await bench.responder(interaction).notify(MESSAGE)

    assert [payload["replace_original"] for payload in bench.posted] == [False] * 3


async def test_a_notice_to_a_modal_is_pushed_over_it() -> None:
    bench = Bench()
    await bench.responder(IN_WINDOW).notify(MESSAGE)

    assert bench.posted == []
    assert [how for how, _ in bench.views.shown] == ["push trigger"]


async def test_a_notice_replaces_the_modal_if_it_cannot_be_pushed() -> None:
    bench = Bench()
    bench.views.is_full = True
    with capture_logs() as lines:
        await bench.responder(IN_WINDOW).notify(MESSAGE)

    assert [how for how, _ in bench.views.shown] == ["update V1"]
    assert [line["reason"] for line in lines] == ["push_limit_reached"]


async def test_replace_modal_updates_the_modal() -> None:
    bench = Bench()
    await bench.responder(replace(HOME, view=ViewRef("V7", "hash"))).replace_modal(MESSAGE)

    ((how, said),) = bench.views.shown
    assert (how, bench.views.hashes) == ("update V7", [None])
    assert "All is well." in said


async def test_an_unreachable_user_is_logged() -> None:
    bench = Bench()
    with capture_logs() as lines:
        await bench.responder(replace(HOME, trigger_id="")).notify(MESSAGE)

    assert (bench.posted, bench.views.shown) == ([], [])
    assert [(line["event"], line["request_id"]) for line in lines] == [("reply.no_channel", "k7m2")]


async def test_a_notice_without_a_response_url_opens_a_modal() -> None:
    bench = Bench()
    await bench.responder(HOME).notify(MESSAGE)

    ((how, said),) = bench.views.shown
    assert how == "open trigger"
    assert "All is well." in said


@pytest.mark.parametrize(
    ("reason", "level"),
    [("not_found", "info"), ("hash_conflict", "info"), ("expired_trigger_id", "error")],
)
async def test_only_a_rejected_modal_is_logged_as_an_error(reason: str, level: str) -> None:
    bench = Bench()
    bench.views.refusal = ViewError(reason)
    with capture_logs() as lines:
        await bench.responder(replace(HOME, view=ViewRef("V7"))).replace_modal(MESSAGE)

    assert [(line["event"], line["log_level"], line["reason"]) for line in lines] == [
        ("view.failed", level, reason)
    ]


async def test_a_reply_has_the_requested_visibility() -> None:
    bench = Bench()
    everyone = Visibility(public=True, thread_ts="1795000001.000100")

    masked = replace(MESSAGE, may_be_public=True)
    assert await bench.responder(CLICK).reply(masked, visibility=everyone)
    assert await bench.responder(CLICK).reply(MESSAGE, replace_original=True)
    assert [
        (payload["response_type"], payload.get("thread_ts"), payload["replace_original"])
        for payload in bench.posted
    ] == [("in_channel", "1795000001.000100", False), ("ephemeral", None, True)]


async def test_a_reply_has_the_requested_number_of_attempts() -> None:
    bench = Bench(status=503)
    with capture_logs():
        assert not await bench.responder(CLICK).reply(MESSAGE, attempts=1)

    assert len(bench.posted) == 1


async def test_a_reply_without_a_response_url_is_logged() -> None:
    bench = Bench()
    with capture_logs() as lines:
        assert not await bench.responder(HOME).reply(MESSAGE)

    assert [line["event"] for line in lines] == ["reply.no_channel"]


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("replacing", [True, False])
async def test_an_unmasked_message_is_never_public(*, public: bool, replacing: bool) -> None:
    bench, interaction = Bench(), replace(CLICK, in_channel=public)
    with pytest.raises(NotMaskedError):
        await bench.responder(interaction).reply(
            MESSAGE, replace_original=replacing, visibility=Visibility(public=True)
        )

    assert bench.posted == []


@pytest.mark.parametrize("masked", [True, False])
async def test_an_ephemeral_reply_never_replaces_a_public_message(*, masked: bool) -> None:
    bench, message = Bench(), replace(MESSAGE, may_be_public=masked)
    await bench.responder(replace(CLICK, in_channel=True)).reply(message, replace_original=True)
    await bench.responder(replace(CLICK, in_channel=True)).notify(message)

    assert [
        (payload["response_type"], payload["replace_original"]) for payload in bench.posted
    ] == [("ephemeral", False)] * 2


async def test_an_ephemeral_reply_to_a_public_message_has_no_buttons() -> None:
    row = block_kit.section("a log", actions.card(ID))
    message = Message("a log", [row, *block_kit.actions([actions.retry([ID])])])
    bench = Bench()
    await bench.responder(replace(CLICK, in_channel=True)).reply(message)
    await bench.responder(CLICK).reply(message)

    public, private = bench.posted
    assert public["blocks"] == [block_kit.section("a log")]
    assert private["blocks"] == message.blocks
