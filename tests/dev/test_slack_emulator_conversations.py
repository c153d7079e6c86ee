"""A conversation is chosen in a form, and the app may post to it."""

from collections.abc import Mapping
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.block_elements import CONVERSATIONS
from bot.dev.emulator.slack.workspace import OpenView
from tests.dev.emulator_harness import Json, World, inner, input_block, modal, plain

MENU: Final[Json] = {
    "type": "conversations_select",
    "action_id": "chosen",
    "response_url_enabled": True,
    "default_to_current_conversation": True,
}
ENGINEERING: Final = "C0ENGINEERING"
PUBLIC: Final[Json] = {"response_type": "in_channel", "text": "shared"}


def form(**changed: JsonValue) -> Json:
    element: Json = {
        name: value for name, value in {**MENU, **changed}.items() if value is not None
    }
    return modal(input_block(element, block_id="where"), submit=plain("Share"))


async def opened(world: World, **changed: JsonValue) -> OpenView:
    return await world.opened(form(**changed))


def urls(body: Mapping[str, JsonValue]) -> JsonValue:
    return body["response_urls"]


async def test_a_submission_has_a_response_url_for_the_chosen_conversation(world: World) -> None:
    sent = await world.slack.submit(await opened(world), {"where": ENGINEERING})
    body = sent.payload
    assert urls(body) == [
        {
            "block_id": "where",
            "action_id": "chosen",
            "channel_id": ENGINEERING,
            "response_url": sent.response_url,
        }
    ]
    assert inner(inner(body, "view"), "state", "values") == {
        "where": {"chosen": {"type": "conversations_select", "selected_conversation": ENGINEERING}}
    }
    assert "response_url" not in body
    assert "channel" not in body


async def test_a_message_to_the_response_url_is_shown_in_the_chosen_conversation(
    world: World,
) -> None:
    sent = await world.slack.submit(await opened(world), {"where": ENGINEERING})
    for _ in range(5):
        assert (await world.post(sent, **PUBLIC)).status_code == 200
    assert (await world.post(sent, **PUBLIC)).text == "used_url"
    assert {message.channel_id for message in sent.messages} == {ENGINEERING}
    assert {message.response_type for message in sent.messages} == {"in_channel"}


async def test_without_response_url_enabled_there_is_none(world: World) -> None:
    shown = await opened(world, response_url_enabled=None)
    sent = await world.slack.submit(shown, {"where": ENGINEERING})
    assert urls(sent.payload) == []
    assert sent.response_url == ""


async def test_without_a_choice_the_form_is_not_submitted(world: World) -> None:
    """Slack may not fill in the current conversation, so here it never does."""
    shown = await opened(world)
    requests = len(world.received)
    with pytest.raises(ValueError, match="where: this field is required"):
        await world.slack.submit(shown, {})
    assert len(world.received) == requests


async def test_an_optional_field_left_empty_has_no_response_url(world: World) -> None:
    blocks = form()["blocks"]
    assert isinstance(blocks, list)
    (field,) = blocks
    assert isinstance(field, dict)
    shown = await world.opened(modal({**field, "optional": True}, submit=plain("Share")))
    assert urls((await world.slack.submit(shown, {"where": ""})).payload) == []


@pytest.mark.parametrize(
    ("rules", "channel_id"),
    [
        (None, "C0UNKNOWN"),
        ({"exclude_bot_users": True}, "D0VOICELOG"),
    ],
)
async def test_only_conversations_in_the_menu_can_be_chosen(
    world: World, rules: JsonValue, channel_id: str
) -> None:
    shown = await opened(world, filter=rules)
    with pytest.raises(LookupError, match=channel_id):
        await world.slack.submit(shown, {"where": channel_id})
    assert (await world.slack.submit(shown, {"where": ENGINEERING})).failed is None


async def test_a_menu_without_a_filter_offers_every_conversation(world: World) -> None:
    for each in CONVERSATIONS:
        sent = await world.slack.submit(await opened(world), {"where": each.id})
        assert sent.channel_id == each.id
