"""**Share…**: a form in a modal, whose card is posted to the conversation chosen in it."""

import json
from typing import Final
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import actions, card_buttons, errors, notices, share_form
from bot.ui.card_buttons import CardOptions
from bot.ui.mrkdwn import mrkdwn_to_text
from tests.integration.clickable import FOREIGN
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import button_labels, public, rendered, row_ids, to_json
from tests.support.samples import (
    CALLER_NUMBER,
    CHANNEL,
    CHILD,
    COLLEAGUE,
    DOCUMENTED,
    MASKED_CALLER,
    SUPPORT,
)

CHOSEN: Final = "C0ENGINEERING"
WHERE: Final = {share_form.FIELD: CHOSEN}
SHARED: Final = f"✅ Shared in <#{CHOSEN}>."


async def open_share_form(
    world: World, log_id: str = DOCUMENTED, user_id: str = SUPPORT
) -> OpenView:
    """Look up a log, and click **Details** and **Share…**."""
    details = await world.open_details(log_id, user_id)
    return await world.click_in_modal(details, actions.SHARE_FORM)


async def share(
    world: World, form: OpenView, channel_id: str = CHOSEN
) -> tuple[RecordedInteraction, OpenView]:
    """Submit the form; return the interaction, and the modal that the user then sees."""
    interaction = await world.slack.submit(form, {share_form.FIELD: channel_id})
    assert interaction.failed is None
    await world.idle()
    return interaction, world.modal(form.user_id)


def body_text(view: OpenView) -> str:
    """Return the modal's text without its title."""
    return rendered(view).partition("\n┃ ")[2]


def rejected_view(error: str) -> FailNext:
    """A response to the next request for a view."""
    return FailNext(200, json.dumps({"ok": False, "error": error}))


async def test_call_found_from_the_home_tab_is_shared_in_the_chosen_conversation(
    world: World,
) -> None:
    empty = await world.click_in_modal(await world.open_home(), actions.FIND_FORM)
    results = await world.submit(empty, {"number": "2065553434", "window": "any"})
    assert row_ids(results) == [DOCUMENTED]
    details = await world.click_in_modal(results, actions.CARD, value=DOCUMENTED)
    form = await world.click_in_modal(details, actions.SHARE_FORM)
    assert [view.title for view in world.slack.modals()] == [
        *(texts.FIND_FORM, "Voice log", "Share voice log")
    ]
    interaction, view = await share(world, form)

    assert body_text(view) == SHARED
    card = public(interaction)
    assert (card.channel_id, card.thread_ts) == (CHOSEN, None)
    assert card.payload["replace_original"] is False
    for shown in (card.text, rendered(card)):
        assert MASKED_CALLER in shown
        assert shown.endswith(notices.shared_by(SUPPORT))
    assert "1212" not in to_json(card)
    assert button_labels(card) == texts.PUBLIC_CARD_LABELS
    assert world.public_messages() == [card]
    (line,) = world.log.lines("share.published")
    assert (line["channel"], line["id"], line["masked"]) == (CHOSEN, DOCUMENTED, True)
    await world.slack.close(view)
    assert world.modal().id == details.id


async def test_form_says_who_will_see_what_and_asks_for_a_conversation(world: World) -> None:
    form = await open_share_form(world)
    options = CardOptions()
    everyone = card_buttons.who_has_access("the conversation you choose")

    assert (form.title, form.submit) == ("Share voice log", "Share")
    assert card_buttons.who_will_see(everyone, options) in rendered(form)
    assert [block.get("element") for block in form.blocks if isinstance(block, dict)][-1] == {
        "type": "conversations_select",
        "action_id": share_form.FIELD,
        "response_url_enabled": True,
        "default_to_current_conversation": True,
        "filter": {"exclude_bot_users": True},
    }


@pytest.mark.parametrize("mask", ["shared", "never", "always"])
async def test_card_is_masked_as_the_form_says(open_world: OpenWorld, mask: str) -> None:
    world = await open_world(environment={"MASK_NUMBERS": mask})
    form = await open_share_form(world)
    interaction, _ = await share(world, form)

    assert ("Phone numbers are shown in full." in rendered(form)) == (mask == "never")
    assert (CALLER_NUMBER in public(interaction).text) == (mask == "never")


async def test_direct_message_has_no_name_to_show(world: World) -> None:
    interaction, view = await share(world, await open_share_form(world), "D0FRONTDESK")

    assert body_text(view) == "✅ Shared in the direct message."
    assert public(interaction).channel_id == "D0FRONTDESK"


@pytest.mark.parametrize("is_late", [False, True])
async def test_form_submitted_again_because_its_ack_was_lost_shares_once(
    world: World, *, is_late: bool
) -> None:
    form = await open_share_form(world)
    world.hold_responses()
    interaction = await world.slack.submit(form, WHERE)
    if is_late:
        world.release_responses()
        await world.idle()
    payload = {**interaction.payload, "trigger_id": "9.9.another"}
    body = urlencode({"payload": json.dumps(payload)})
    ack = await world.post_signed(body.encode())
    world.release_responses()
    await world.idle()

    shown = json.dumps(ack.json(), ensure_ascii=False)
    assert ("Sharing…" in shown, SHARED in shown) == (not is_late, is_late)
    assert len(world.public_messages()) == 1
    assert body_text(world.modal()) == SHARED


async def test_two_forms_share_twice(world: World) -> None:
    for _ in range(2):
        await share(world, await open_share_form(world))

    assert len(world.public_messages()) == 2


async def test_chosen_conversation_must_be_allowed(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": f"{CHANNEL},C0ESCALATIONS"})
    form = await open_share_form(world)
    _, refused = await share(world, form)

    assert [*refused.errors] == [share_form.FIELD]
    assert CHOSEN in refused.errors[share_form.FIELD]
    assert world.public_messages() == []
    (line,) = world.log.lines("share.denied")
    assert (line["outcome"], line["channel"], line["ids"]) == ("channel", CHOSEN, [DOCUMENTED])
    interaction, view = await share(world, refused, "C0ESCALATIONS")
    assert body_text(view) == "✅ Shared in <#C0ESCALATIONS>."
    assert public(interaction).channel_id == "C0ESCALATIONS"


async def test_user_who_is_no_longer_allowed_cannot_share(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": SUPPORT})
    form = await open_share_form(world)
    still_open = world.slack.views.open(COLLEAGUE, "T0ACME", form.payload)
    _, view = await share(world, still_open)

    assert texts.DENIED in rendered(view)
    assert world.public_messages() == []


async def test_bad_host_is_rejected(world: World) -> None:
    form = await open_share_form(world)
    chosen: dict[str, JsonValue] = {
        "block_id": share_form.FIELD,
        "action_id": share_form.FIELD,
        "channel_id": CHOSEN,
        "response_url": FOREIGN,
    }
    world.alter_payloads({"response_urls": [chosen]})
    requests = len(world.signalwire.requests)
    interaction, view = await share(world, form)

    assert errors.INTERNAL_ERROR.title in rendered(view)
    assert (interaction.posts, world.public_messages()) == ([], [])
    assert len(world.signalwire.requests) == requests
    assert world.log.lines("response_url.host_rejected")


@pytest.mark.parametrize(
    "urls",
    [
        [],
        None,
        [5],
        [{"block_id": "another", "channel_id": CHOSEN, "response_url": "https://a.slack.com/1"}],
        [{"block_id": share_form.FIELD, "channel_id": "<!channel>", "response_url": "x"}],
        [{"block_id": share_form.FIELD, "channel_id": CHOSEN, "response_url": None}],
    ],
    ids=str,
)
async def test_without_a_response_url_another_conversation_can_be_chosen(
    world: World, urls: JsonValue
) -> None:
    form = await open_share_form(world)
    world.alter_payloads({"response_urls": urls})
    _, refused = await share(world, form)
    world.alter_payloads({})

    assert refused.errors == {share_form.FIELD: share_form.NO_RESPONSE_URL}
    assert world.public_messages() == []
    interaction, _ = await share(world, refused)
    assert public(interaction).channel_id == CHOSEN


@pytest.mark.parametrize(
    ("status", "problem"),
    [(0, notices.REJECTED), (404, notices.NOT_SHARED), (500, notices.NOT_SHARED)],
    ids=["Slack rejects the card", "404", "500"],
)
async def test_form_can_be_opened_again_after_a_failure(
    world: World, status: int, problem: str
) -> None:
    form = await open_share_form(world)
    if status:
        world.lookups.fail(status, 3)
    else:
        world.slack.fail_next = [FailNext(404, "channel_not_found")]
    interaction, view = await share(world, form)
    world.lookups.recover()

    assert problem in rendered(view)
    assert interaction.messages == []
    again = await world.click_in_modal(view, actions.SHARE_FORM_BACK)
    assert (again.id, again.submit) == (form.id, "Share")
    _, view = await share(world, again)
    assert body_text(view) == SHARED
    assert len(world.public_messages()) == 1


@pytest.mark.parametrize("is_shared", [False, True])
async def test_user_who_closed_the_form_gets_a_message_only_if_nothing_was_shared(
    world: World, *, is_shared: bool
) -> None:
    form = await open_share_form(world)
    world.lookups.fail(500, 0 if is_shared else 1)
    async with world.holding_responses():
        interaction = await world.slack.submit(form, WHERE)
        await world.slack.close(world.modal())

    (message,) = interaction.messages
    assert (message.response_type == "in_channel", message.channel_id) == (is_shared, CHOSEN)
    assert (notices.NOT_SHARED in message.text) == (not is_shared)
    if not is_shared:
        await world.click(message, actions.SHARE_FORM_BACK)
        assert world.modal().submit == "Share"


@pytest.mark.parametrize("failures", [1, 2])
async def test_user_hears_once_of_a_shared_card_though_the_modal_cannot_be_updated(
    world: World, failures: int
) -> None:
    form = await open_share_form(world)
    world.slack.fail_next_api = [rejected_view("invalid_arguments")] * failures
    interaction, view = await share(world, form)

    assert len(world.public_messages()) == 1
    told = [message for message in interaction.messages if message.response_type == "ephemeral"]
    if failures == 1:
        assert (body_text(view), told) == (SHARED, [])
    else:
        assert body_text(view) == mrkdwn_to_text(share_form.sharing().text)
        (message,) = told
        assert (message.channel_id, rendered(message)) == (CHOSEN, f"┃ {SHARED}")


@pytest.mark.parametrize("failures", [["invalid_arguments", "not_found"], ["hash_conflict"]])
async def test_user_who_has_left_the_form_gets_no_message_and_keeps_what_the_modal_shows(
    world: World, failures: list[str]
) -> None:
    form = await open_share_form(world)
    world.slack.fail_next_api = [rejected_view(error) for error in failures]
    interaction, view = await share(world, form)

    assert interaction.messages == world.public_messages() != []
    assert body_text(view) == mrkdwn_to_text(share_form.sharing().text)


@pytest.mark.parametrize("failures", [1, 2])
async def test_failure_to_share_is_reported_even_if_the_modal_cannot_be_updated(
    world: World, failures: int
) -> None:
    form = await open_share_form(world)
    world.lookups.fail(500, 1)
    world.slack.fail_next_api = [rejected_view("invalid_arguments")] * failures
    interaction, view = await share(world, form)

    (message,) = interaction.messages
    assert (message.response_type, message.channel_id) == ("ephemeral", CHOSEN)
    assert notices.NOT_SHARED in message.text
    assert (notices.NOT_SHARED in rendered(view)) == (failures == 1)


async def test_form_replaces_a_third_modal(world: World) -> None:
    """Slack allows a stack of three modals at most."""
    card = await world.ask(CHILD)
    third = await world.open_legs(card, CHILD)
    for _ in range(2):
        third = await world.click_in_modal(third, actions.CARD)
    form = await world.click_in_modal(third, actions.SHARE_FORM)

    assert len(world.slack.modals()) == 3
    assert (form.id, form.submit) == (third.id, "Share")
    assert body_text((await share(world, form))[1]) == SHARED
