import json
from dataclasses import replace
from uuid import UUID

import pytest
from structlog.typing import EventDict

from bot.access import Access
from bot.services.runner import IDS_LOGGED, AccessDeniedError
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import NotMaskedError, Responder
from bot.slack.response_url import Visibility
from bot.slack.views import ViewRef
from bot.ui import actions, block_kit
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message
from tests.support.services import CLICK, COMMAND, USER, ServiceHarness
from tests.support.texts import ID

MESSAGE = Message("All is well.", [block_kit.section("All is well.")])
IN_MODAL = Interaction(USER, "k7m2", trigger_id="trigger", view=ViewRef("V1", "hash"))
HOME = Interaction(USER, "k7m2", trigger_id="trigger")


pytestmark = pytest.mark.usefixtures("lines")


async def fail(_responder: Responder) -> None:
    raise ValueError("broken")


def test_a_denial_logs_a_limited_number_of_ids(lines: list[EventDict]) -> None:
    harness = ServiceHarness(access=Access(users={"U0BERT"}))
    with pytest.raises(AccessDeniedError):
        harness.runner.authorize(COMMAND, "lookup", [UUID(int=number) for number in range(50)])

    assert len(lines[0]["ids"]) == IDS_LOGGED


async def test_failed_work_in_a_modal_is_reported_there(harness: ServiceHarness) -> None:
    harness.runner.start(IN_MODAL, "lookup", fail)
    await harness.tasks.join()

    ((call, shown),) = harness.views.shown
    assert call == "push trigger"
    assert error_texts.INTERNAL_ERROR.title in shown
    assert harness.posted == []


@pytest.mark.parametrize("retry", [[], [ID]])
async def test_failed_work_offers_try_again_if_it_has_ids(
    harness: ServiceHarness, retry: list[UUID]
) -> None:
    harness.runner.start(COMMAND, "lookup", fail, retry=retry)
    await harness.tasks.join()

    assert ("voicelog_retry" in json.dumps(harness.posted[0]["blocks"])) is bool(retry)


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
    harness: ServiceHarness, interaction: Interaction
) -> None:
    await harness.responder(replace(interaction, is_public=True)).notify(MESSAGE)

    (payload,) = harness.posted
    assert payload["response_type"] == "ephemeral"
    assert payload["replace_original"] is False
    assert "thread_ts" not in payload


async def test_a_notice_replaces_the_modal_if_it_cannot_be_pushed(harness: ServiceHarness) -> None:
    harness.views.is_full = True
    await harness.responder(IN_MODAL).notify(MESSAGE)

    assert [call for call, _ in harness.views.shown] == ["update V1"]


async def test_replace_modal_updates_the_modal(harness: ServiceHarness) -> None:
    await harness.responder(replace(HOME, view=ViewRef("V7", "hash"))).replace_modal(MESSAGE)

    ((call, shown),) = harness.views.shown
    assert (call, harness.views.hashes) == ("update V7", [None])
    assert "All is well." in shown


async def test_what_cannot_be_delivered_is_logged(
    harness: ServiceHarness, lines: list[EventDict]
) -> None:
    await harness.responder(replace(HOME, trigger_id="")).notify(MESSAGE)
    assert not await harness.responder(HOME).reply(MESSAGE)

    assert (harness.posted, harness.views.shown) == ([], [])
    assert [(line["event"], line["request_id"]) for line in lines] == [
        ("reply.undeliverable", "k7m2")
    ] * 2


@pytest.mark.parametrize(
    ("reason", "level"),
    [("not_found", "info"), ("hash_conflict", "info"), ("expired_trigger_id", "error")],
)
async def test_only_a_rejected_modal_is_logged_as_an_error(
    harness: ServiceHarness, lines: list[EventDict], reason: str, level: str
) -> None:
    harness.views.error = SlackError(reason)
    await harness.responder(replace(HOME, view=ViewRef("V7"))).replace_modal(MESSAGE)

    assert [(line["event"], line["log_level"], line["reason"]) for line in lines] == [
        ("view.failed", level, reason)
    ]


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize("replacing", [True, False])
async def test_an_unmasked_message_is_never_public(
    harness: ServiceHarness, *, public: bool, replacing: bool
) -> None:
    interaction = replace(CLICK, is_public=public)
    with pytest.raises(NotMaskedError):
        await harness.responder(interaction).reply(
            MESSAGE, replace_original=replacing, visibility=Visibility(public=True)
        )

    assert harness.posted == []


@pytest.mark.parametrize("masked", [True, False])
async def test_an_ephemeral_reply_never_replaces_a_public_message(
    harness: ServiceHarness, *, masked: bool
) -> None:
    message = replace(MESSAGE, may_be_public=masked)
    await harness.responder(replace(CLICK, is_public=True)).reply(message, replace_original=True)
    await harness.responder(replace(CLICK, is_public=True)).notify(message)

    assert [
        (payload["response_type"], payload["replace_original"]) for payload in harness.posted
    ] == [("ephemeral", False)] * 2


async def test_an_ephemeral_reply_to_a_public_message_has_no_buttons(
    harness: ServiceHarness,
) -> None:
    row = block_kit.section("a log", actions.card(ID))
    message = Message("a log", [row, *block_kit.actions([actions.retry([ID])])])
    await harness.responder(replace(CLICK, is_public=True)).reply(message)
    await harness.responder(CLICK).reply(message)

    public, private = harness.posted
    assert public["blocks"] == [block_kit.section("a log")]
    assert private["blocks"] == message.blocks
