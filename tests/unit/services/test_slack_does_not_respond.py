"""Slack doesn't respond about a modal: the user is told by a message, also during a shutdown."""

import asyncio
from dataclasses import replace
from typing import Final

import pytest
from structlog.testing import capture_logs

from bot.runtime.tasks import SHUTDOWN_GRACE_SECONDS
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.share import ShareService
from bot.services.voice_logs import VoiceLogs
from bot.slack.responder import REPLACE_SECONDS, Responder
from bot.slack.views import ViewRef
from bot.ui import block_kit
from bot.ui.block_kit import View
from tests.support.fake_time_loop import run_timed
from tests.support.services import CLICK, RecordingViews, ServiceHarness
from tests.support.texts import ID, RESTARTING
from tests.unit.services.scripted_lookup import ScriptedLookup

DRAIN_SECONDS: Final = 10.0
FORM: Final = replace(CLICK, response_url=None, message_ts=None, view=ViewRef("V1"))


class HangingViews(RecordingViews):
    """Opens modals, but an update takes an hour."""

    async def update(self, modal: ViewRef, view: View) -> ViewRef:
        await asyncio.sleep(3600)
        return await super().update(modal, view)


def hanging() -> ServiceHarness:
    harness = ServiceHarness()
    harness.views = HangingViews()
    return harness


def test_a_message_for_a_modal_is_posted_while_the_process_may_be_stopping() -> None:
    async def work() -> list[str]:
        harness = hanging()
        responder = harness.responder(replace(CLICK, view=ViewRef("V1")))
        assert await responder.replace_modal(block_kit.message(["Sorry."], []))
        return harness.titles

    with capture_logs() as lines:
        titles, seconds = run_timed(work)
    assert titles == ["Sorry."]
    assert seconds == pytest.approx(REPLACE_SECONDS)
    assert seconds < SHUTDOWN_GRACE_SECONDS
    assert [(line["event"], line["reason"]) for line in lines] == [("view.failed", "TimeoutError")]


def test_interrupted_work_in_a_modal_is_reported_in_the_channel() -> None:
    async def work() -> tuple[list[str], int]:
        harness = hanging()

        async def load(responder: Responder) -> None:
            await responder.open_modal(block_kit.modal("Voice log", []))
            async with harness.tasks.interruptible():
                await asyncio.Event().wait()

        harness.runner.start(CLICK, "details", load)
        cancelled = await harness.tasks.drain(DRAIN_SECONDS)
        return harness.titles, cancelled

    with capture_logs():
        (titles, cancelled), _ = run_timed(work)
    assert (titles, cancelled) == ([f"{RESTARTING}."], 0)


def test_user_hears_of_a_shared_card_before_the_process_stops() -> None:
    async def work() -> tuple[list[str], int]:
        harness = hanging()
        service = ShareService(
            runner=harness.runner,
            forms=FormReplies(runner=harness.runner, timing=FormTiming()),
            voice_logs=VoiceLogs(ScriptedLookup("completed")),
            presenter=harness.presenter,
        )
        assert service.start_from_form(FORM, ID, replace(CLICK, message_ts=None)) is None
        cancelled = await harness.tasks.drain(DRAIN_SECONDS)
        return harness.titles, cancelled

    with capture_logs():
        ((_card, told), cancelled), seconds = run_timed(work)
    assert told == "Shared."
    assert cancelled == 1, "the modal still says that the card is being shared"
    assert seconds == pytest.approx(DRAIN_SECONDS + SHUTDOWN_GRACE_SECONDS)
