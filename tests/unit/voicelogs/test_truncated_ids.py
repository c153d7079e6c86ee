import asyncio
import io
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import cast
from uuid import UUID

import httpx
import pytest
import stamina.instrumentation
import structlog
from pydantic import JsonValue

from bot.access import Access, Actor, Installation
from bot.cli.terminal import render
from bot.dev.emulator.slack import block_kit
from bot.runtime import logging as logs
from bot.runtime.clock import utc_now
from bot.runtime.http_client import new_client
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.services.sealed_search import SealedSearches
from bot.services.voice_logs import VoiceLogs
from bot.signalwire.errors import (
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    UnavailableError,
)
from bot.signalwire.models import VoiceLog
from bot.slack.interaction import Interaction
from bot.slack.responder import Responder
from bot.slack.response_url import ResponseUrlClient, ephemeral
from bot.slack.sealed_value import SealedValues
from bot.slack.views import Views
from bot.slack.web_client import web_client
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.ui.lookup_result import SourceText, lookup_result, result_list
from bot.voicelogs.ids import Ids
from bot.voicelogs.lookup import Lookup, Selection
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound
from tests.support.cards import card_context

FINE = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
BROKEN = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d11")
ALSO_BROKEN = UUID("0c1bb0f8-6f0e-4d3a-9a6e-7a2f4f3f9d12")
MISSING = UUID("40400000-0000-4000-8000-000000000404")
CANARY = "canary-4f1d"
APOLOGY = error_texts.INTERNAL_ERROR.title
URL = "https://hooks.slack.com/commands/T1/2/3"
JO = Actor("U1", "T1", "C1")


def found(log_id: UUID = FINE) -> Found:
    return Found(log_id, "acme", VoiceLog.model_validate({"id": str(log_id)}))


class StubLookup:
    """Finds what it is given and raises what it is given."""

    has_several_projects = False

    def __init__(self, outcomes: Mapping[UUID, LookupResult | Exception]) -> None:
        self._outcomes = outcomes
        self.asked: list[UUID] = []

    def select(self, ids: Sequence[UUID]) -> Selection:
        return Selection(ids)

    async def get(self, log_id: UUID) -> LookupResult:
        self.asked.append(log_id)
        outcome = self._outcomes[log_id]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


class Counter:
    """A desk, and everything that comes of a question put to it."""

    def __init__(
        self, outcomes: Mapping[UUID, LookupResult | Exception], jobs: BackgroundTasks | None = None
    ) -> None:
        self.posts: list[dict[str, JsonValue]] = []
        self.lookup = StubLookup(outcomes)
        self.tasks = BackgroundTasks() if jobs is None else jobs
        access = Access()
        access.installation = Installation("T1")
        self._http = new_client(httpx.MockTransport(self._post))
        api_url = "https://slack.com/api/"
        new_responder = partial(
            Responder,
            response_urls=ResponseUrlClient(
                self._http, api_url=api_url, semaphore=asyncio.Semaphore(1)
            ),
            views=Views(web_client(api_url), "xoxb-1", semaphore=nullcontext()),
            access=access,
        )
        runner = Runner(
            access=access, tasks=self.tasks, dedup=Deduplicator(), new_responder=new_responder
        )
        self._desk = LookupService(
            runner=runner,
            tasks=self.tasks,
            voice_logs=VoiceLogs(cast("Lookup", self.lookup)),
            presenter=CardPresenter(Masking.SHARED, names_projects=False, now=utc_now),
            sealed=SealedSearches(SealedValues(("secret",), now=utc_now)),
            select=self.lookup.select,
            now=utc_now,
            progress_after=3600,
        )

    def take(self) -> Message | None:
        ids = Ids(tuple(self.lookup._outcomes))  # noqa: SLF001 - its own
        interaction = Interaction(JO, "k7m2", URL)
        return self._desk.start(interaction, ids, no_id=lambda _cut: pytest.fail("there are ids"))

    async def shown(self) -> str:
        """The text of the only message that the person gets."""
        async with self._http:
            assert self.take() is None
            await self.tasks.join()
        [post] = self.posts
        assert block_kit.problems(post) == []
        return str(post["text"])

    def _post(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == URL
        self.posts.append(json.loads(request.content))
        return httpx.Response(200, text="ok")


class LogBook(io.StringIO):
    """What is logged, as the process would write it."""

    def lines(self, event: str) -> list[dict[str, JsonValue]]:
        parsed: list[dict[str, JsonValue]] = [
            json.loads(line) for line in self.getvalue().splitlines()
        ]
        return [line for line in parsed if line["event"] == event]


@pytest.fixture
def book() -> Iterator[LogBook]:
    """The log of a test, and the loggers as they were before."""
    names = ["", logs.AUDIT, "slack_sdk", "slack_sdk.socket_mode", "slack_bolt"]
    names += ["httpx", "httpcore", "aiohttp", "asyncio", "uvicorn"]
    loggers = [logging.getLogger(name) for name in names]
    levels, handlers = [logger.level for logger in loggers], list(loggers[0].handlers)
    hooks = stamina.instrumentation.get_on_retry_hooks()
    written = LogBook()
    logs.configure("json", "info", written)
    yield written
    loggers[0].handlers = handlers
    stamina.instrumentation.set_on_retry_hooks(hooks)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
    structlog.reset_defaults()


def outcomes(book: LogBook) -> dict[str, JsonValue]:
    return {str(line["id"]): line["outcome"] for line in book.lines("lookup.done")}


# ── At the desk ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", [(FINE, BROKEN), (BROKEN, FINE)])
async def test_an_id_on_which_the_bot_breaks_does_not_hide_the_other_ones_log(
    order: tuple[UUID, UUID], book: LogBook
) -> None:
    all_of_it: dict[UUID, LookupResult | Exception] = {FINE: found(), BROKEN: RuntimeError(CANARY)}
    counter = Counter({log_id: all_of_it[log_id] for log_id in order})
    text = await counter.shown()
    assert "1 of 2 voice logs found" in text
    assert text.count(APOLOGY) == 1
    assert text.index(str(order[0])) < text.index(str(order[1]))
    assert "Reference k7m2." in text
    assert CANARY not in text
    assert outcomes(book) == {str(FINE): "found", str(BROKEN): "fault"}


async def test_a_single_id_on_which_the_bot_breaks_gets_an_apology_with_the_reference(
    book: LogBook,
) -> None:
    text = await Counter({BROKEN: RuntimeError(CANARY)}).shown()
    assert text == error_texts.internal_error("k7m2").text
    assert text.startswith(APOLOGY)
    assert "k7m2" in text
    assert outcomes(book) == {str(BROKEN): "fault"}


@pytest.mark.parametrize("error", [RuntimeError(CANARY), KeyError(CANARY), TimeoutError(CANARY)])
async def test_a_fault_is_logged_under_the_reference_without_the_exceptions_message(
    error: Exception, book: LogBook
) -> None:
    await Counter({FINE: found(), BROKEN: error}).shown()
    [line] = book.lines("lookup.failed")
    assert line["request_id"] == "k7m2"
    assert line["level"] == "error"
    assert line["error"] == type(error).__name__
    assert line["origin"]
    assert {audit["request_id"] for audit in book.lines("lookup.done")} == {"k7m2"}
    assert CANARY not in book.getvalue()
    assert book.lines("interaction.failed") == book.lines("task.failed") == []


async def test_every_id_may_be_broken_and_each_has_its_row_and_its_lines(book: LogBook) -> None:
    text = await Counter({BROKEN: RuntimeError(), ALSO_BROKEN: ValueError()}).shown()
    assert "0 of 2 voice logs found" in text
    assert text.count(APOLOGY) == 2
    assert len(book.lines("lookup.failed")) == 2
    assert outcomes(book) == {str(BROKEN): "fault", str(ALSO_BROKEN): "fault"}


async def test_what_lies_behind_a_miss_is_in_the_audit_line_as_names_and_statuses(
    book: LogBook,
) -> None:
    connection = UnavailableError("ConnectionResetError", 3)
    connection.__cause__ = ConnectionResetError(CANARY)
    errors = {
        "sales": connection,
        "support": UnavailableError("503", 3),
        "old": InvalidResponseError("not JSON"),
        "lacking": LogNotFoundError(CANARY),
    }
    await Counter({MISSING: NotFound(MISSING, errors)}).shown()
    [line] = book.lines("lookup.done")
    assert line["outcome"] == "not_found+unavailable+unreadable"
    assert line["causes"] == {
        "sales": "ConnectionResetError",
        "support": "503",
        "old": "not JSON",
    }
    assert CANARY not in book.getvalue()


@pytest.mark.parametrize(
    "outcome", [found(), NotFound(MISSING, {"acme": LogNotFoundError()}), RuntimeError()]
)
async def test_an_audit_line_has_no_causes_where_there_are_none(
    outcome: LookupResult | Exception, book: LogBook
) -> None:
    await Counter({MISSING: outcome}).shown()
    [line] = book.lines("lookup.done")
    assert "causes" not in line


async def test_a_desk_with_no_room_says_it_is_busy_and_begins_nothing(book: LogBook) -> None:
    counter = Counter({FINE: found()}, BackgroundTasks(limit=0))
    assert counter.take() == error_texts.busy("k7m2", retry=[FINE])
    await counter.tasks.join()
    assert counter.lookup.asked == []
    assert counter.posts == []
    [line] = book.lines("interaction.rejected")
    assert (line["request_id"], line["reason"]) == ("k7m2", "full")


async def test_a_desk_that_is_stopping_says_it_restarts_even_if_there_is_no_room(
    book: LogBook,
) -> None:
    counter = Counter({FINE: found()}, BackgroundTasks(limit=0))
    await counter.tasks.drain(0)
    assert counter.take() == error_texts.restarting("k7m2", retry=[FINE])
    assert counter.lookup.asked == []
    [line] = book.lines("interaction.rejected")
    assert line["reason"] == "stopping"


# ── On the cards ──────────────────────────────────────────────────────────────────────────────


def drawn(message: Message) -> str:
    return render(message.blocks).replace("\u2503 ", "")


def test_a_broken_id_alone_is_the_apology() -> None:
    message = lookup_result([InternalError(BROKEN)], card_context())
    assert message == error_texts.internal_error("k7m2")
    assert APOLOGY in drawn(message)
    assert "Reference k7m2." in drawn(message)


def test_the_apology_keeps_the_notes_about_other_ids() -> None:
    source = SourceText(ids=Ids(truncated=("b7182dc2…",)), rest=[FINE] * 3)
    message = lookup_result([InternalError(BROKEN)], card_context(), source)
    for shown in (drawn(message), message.text):
        assert APOLOGY in shown
        assert help_.left_out(3) in shown
        assert "b7182dc2…" in shown


def test_a_broken_id_among_others_is_a_row_in_its_place() -> None:
    lacking = NotFound(MISSING, {"acme": LogTooOldError(None)})
    results: list[LookupResult] = [InternalError(BROKEN), found(), lacking]
    message = result_list(results, card_context())
    assert message == lookup_result(results, card_context())
    assert block_kit.problems(json.loads(json.dumps(ephemeral(message)))) == []
    for shown in (drawn(message), message.text):
        assert "1 of 3 voice logs found" in shown
        assert shown.count(APOLOGY) == 1
        assert shown.index(APOLOGY) < shown.index(str(BROKEN)) < shown.index(str(FINE))
        assert shown.index(str(FINE)) < shown.index(str(MISSING))
        assert "Reference k7m2." in shown


def test_a_broken_id_can_be_tried_again_alone_and_in_its_row() -> None:
    alone = lookup_result([InternalError(BROKEN)], card_context(CardOptions()))
    assert alone == error_texts.internal_error("k7m2", retry=[BROKEN])
    results: list[LookupResult] = [InternalError(BROKEN), found()]
    several = lookup_result(results, card_context(CardOptions()))
    assert several == result_list(results, card_context(CardOptions()))
    [line] = [line for line in drawn(several).splitlines() if APOLOGY in line]
    assert line.endswith("[ Try again ]")


def test_a_broken_id_is_a_fault_in_the_audit() -> None:
    assert InternalError(BROKEN).outcome == "fault"
