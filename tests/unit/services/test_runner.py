import asyncio
import json
from dataclasses import replace
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from bot.access import Access
from bot.services.runner import IDS_LOGGED, AccessDeniedError
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import NotMaskedError, Responder
from bot.slack.response_url import Visibility
from bot.slack.views import ViewRef
from bot.ui import access_denied, actions, block_kit
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message
from tests.support.services import CLICK, COMMAND, USER, ServiceHarness
from tests.support.texts import ID

MESSAGE = Message("All is well.", [block_kit.section("All is well.")])
IN_MODAL = Interaction(USER, "k7m2", trigger_id="trigger", view=ViewRef("V1", "hash"))
HOME = Interaction(USER, "k7m2", trigger_id="trigger")


async def succeed(_responder: Responder) -> None:
    await asyncio.sleep(0)


async def fail(_responder: Responder) -> None:
    raise ValueError("broken")


def test_an_allowed_user_is_neither_denied_nor_logged() -> None:
    with capture_logs() as lines:
        ServiceHarness().runner.authorize(COMMAND, "lookup", [ID])
    assert lines == []


def test_a_denial_has_a_request_id_and_is_logged_with_its_action() -> None:
    harness = ServiceHarness(access=Access(users={"U0BERT"}))
    with capture_logs() as lines, pytest.raises(AccessDeniedError) as denied:
        harness.runner.authorize(CLICK, "share", [ID])

    message = denied.value.message
    assert message.text.startswith(access_denied.TITLE)
    assert message.text.endswith("Reference k7m2.")
    assert lines == [
        {
            "event": "share.denied",
            "log_level": "info",
            "request_id": "k7m2",
            "ids": [str(ID)],
            "outcome": "user",
            "user": "U0ANNA",
            "team": "T0ACME",
            "channel": "C0SUPPORT",
        }
    ]


def test_a_denial_logs_a_limited_number_of_ids() -> None:
    harness = ServiceHarness(access=Access(users={"U0BERT"}))
    with capture_logs() as lines, pytest.raises(AccessDeniedError):
        harness.runner.authorize(COMMAND, "lookup", [UUID(int=number) for number in range(50)])

    assert len(lines[0]["ids"]) == IDS_LOGGED


@pytest.mark.parametrize("interaction", [COMMAND, CLICK, IN_MODAL, HOME])
async def test_successful_work_posts_nothing_by_itself(
    interaction: Interaction,
) -> None:
    harness = ServiceHarness()

    assert harness.runner.start(interaction, "lookup", succeed) is None
    assert len(harness.tasks) == 1
    await harness.tasks.join()
    assert (harness.posted, harness.views.shown) == ([], [])


async def test_failed_work_is_reported_and_logged_with_one_request_id() -> None:
    harness = ServiceHarness()
    with capture_logs() as lines:
        harness.runner.start(COMMAND, "lookup", fail)
        await harness.tasks.join()

    assert harness.titles == [f"{error_texts.INTERNAL_ERROR.title}."]
    assert str(harness.posted[0]["text"]).endswith("Reference k7m2.")
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("interaction.failed", "k7m2")
    ]


async def test_failed_work_in_a_modal_is_reported_there() -> None:
    harness = ServiceHarness()
    with capture_logs():
        harness.runner.start(IN_MODAL, "lookup", fail)
        await harness.tasks.join()

    ((call, shown),) = harness.views.shown
    assert call == "push trigger"
    assert error_texts.INTERNAL_ERROR.title in shown
    assert harness.posted == []


@pytest.mark.parametrize("retry", [[], [ID]])
async def test_failed_work_offers_try_again_if_it_has_ids(
    retry: list[UUID],
) -> None:
    harness = ServiceHarness()
    with capture_logs():
        harness.runner.start(COMMAND, "lookup", fail, retry=retry)
        await harness.tasks.join()

    assert ("voicelog_retry" in json.dumps(harness.posted[0]["blocks"])) is bool(retry)


async def test_an_interruption_is_reported_after_the_cleanup() -> None:
    harness, cleaned_up = ServiceHarness(), list[int]()

    async def work(_responder: Responder) -> None:
        async with harness.tasks.interruptible():
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                cleaned_up.append(len(harness.posted))

    harness.runner.start(CLICK, "lookup", work, retry=[ID])
    await asyncio.sleep(0)
    assert await harness.tasks.drain(0) == 0

    assert cleaned_up == [0]
    assert harness.titles == [f"{error_texts.RESTARTING.title}."]
    assert str(ID) in json.dumps(harness.posted[0]["blocks"])


@pytest.mark.parametrize(
    ("is_stopping", "problem", "reason"),
    [(False, error_texts.BUSY, "full"), (True, error_texts.RESTARTING, "stopping")],
)
async def test_work_is_rejected_at_the_task_limit_and_during_a_shutdown(
    *, is_stopping: bool, problem: error_texts.ErrorText, reason: str
) -> None:
    harness = ServiceHarness(limit=0)
    if is_stopping:
        await harness.tasks.drain(0)
    with capture_logs() as lines:
        message = harness.runner.start(CLICK, "lookup", fail, retry=[ID])

    assert message is not None
    assert message.text.startswith(problem.title)
    assert str(ID) in json.dumps(message.blocks)
    (line,) = lines
    assert (line["event"], line["request_id"]) == ("interaction.rejected", "k7m2")
    assert line["reason"] == reason
    assert (len(harness.tasks), harness.posted) == (0, [])


async def test_a_notice_is_sent_even_at_the_task_limit() -> None:
    harness = ServiceHarness(limit=0)
    harness.runner.notify_later(CLICK, MESSAGE)
    await harness.tasks.join()
    await harness.tasks.drain(0)
    harness.runner.notify_later(CLICK, MESSAGE)
    await harness.tasks.join()

    assert harness.titles == ["All is well."] * 2


@pytest.mark.parametrize("interaction", [COMMAND, CLICK])
async def test_a_notice_is_ephemeral_and_replaces_nothing(
    interaction: Interaction,
) -> None:
    harness = ServiceHarness()
    await harness.responder(replace(interaction, is_public=True)).notify(MESSAGE)

    (payload,) = harness.posted
    assert payload["response_type"] == "ephemeral"
    assert payload["replace_original"] is False
    assert "thread_ts" not in payload


async def test_a_notice_to_a_modal_is_pushed_over_it() -> None:
    harness = ServiceHarness()
    await harness.responder(IN_MODAL).notify(MESSAGE)

    assert harness.posted == []
    assert [call for call, _ in harness.views.shown] == ["push trigger"]


async def test_a_notice_replaces_the_modal_if_it_cannot_be_pushed() -> None:
    harness = ServiceHarness()
    harness.views.is_full = True
    await harness.responder(IN_MODAL).notify(MESSAGE)

    assert [call for call, _ in harness.views.shown] == ["update V1"]


async def test_replace_modal_updates_the_modal() -> None:
    harness = ServiceHarness()
    await harness.responder(replace(HOME, view=ViewRef("V7", "hash"))).replace_modal(MESSAGE)

    ((call, shown),) = harness.views.shown
    assert (call, harness.views.hashes) == ("update V7", [None])
    assert "All is well." in shown


async def test_an_unreachable_user_is_logged() -> None:
    harness = ServiceHarness()
    with capture_logs() as lines:
        await harness.responder(replace(HOME, trigger_id="")).notify(MESSAGE)

    assert (harness.posted, harness.views.shown) == ([], [])
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("reply.undeliverable", "k7m2")
    ]


async def test_a_notice_without_a_response_url_opens_a_modal() -> None:
    harness = ServiceHarness()
    await harness.responder(HOME).notify(MESSAGE)

    ((call, shown),) = harness.views.shown
    assert call == "open trigger"
    assert "All is well." in shown


@pytest.mark.parametrize(
    ("reason", "level"),
    [("not_found", "info"), ("hash_conflict", "info"), ("expired_trigger_id", "error")],
)
async def test_only_a_rejected_modal_is_logged_as_an_error(reason: str, level: str) -> None:
    harness = ServiceHarness()
    harness.views.error = SlackError(reason)
    with capture_logs() as lines:
        await harness.responder(replace(HOME, view=ViewRef("V7"))).replace_modal(MESSAGE)

    assert [(line["event"], line["log_level"], line["reason"]) for line in lines] == [
        ("view.failed", level, reason)
    ]


async def test_a_reply_without_a_response_url_is_logged() -> None:
    harness = ServiceHarness()
    with capture_logs() as lines:
        assert not await harness.responder(HOME).reply(MESSAGE)

    assert [line["event"] for line in lines] == ["reply.undeliverable"]


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("replacing", [True, False])
async def test_an_unmasked_message_is_never_public(*, public: bool, replacing: bool) -> None:
    harness, interaction = ServiceHarness(), replace(CLICK, is_public=public)
    with pytest.raises(NotMaskedError):
        await harness.responder(interaction).reply(
            MESSAGE, replace_original=replacing, visibility=Visibility(public=True)
        )

    assert harness.posted == []


@pytest.mark.parametrize("masked", [True, False])
async def test_an_ephemeral_reply_never_replaces_a_public_message(*, masked: bool) -> None:
    harness, message = ServiceHarness(), replace(MESSAGE, may_be_public=masked)
    await harness.responder(replace(CLICK, is_public=True)).reply(message, replace_original=True)
    await harness.responder(replace(CLICK, is_public=True)).notify(message)

    assert [
        (payload["response_type"], payload["replace_original"]) for payload in harness.posted
    ] == [("ephemeral", False)] * 2


async def test_an_ephemeral_reply_to_a_public_message_has_no_buttons() -> None:
    row = block_kit.section("a log", actions.card(ID))
    message = Message("a log", [row, *block_kit.actions([actions.retry([ID])])])
    harness = ServiceHarness()
    await harness.responder(replace(CLICK, is_public=True)).reply(message)
    await harness.responder(CLICK).reply(message)

    public, private = harness.posted
    assert public["blocks"] == [block_kit.section("a log")]
    assert private["blocks"] == message.blocks
