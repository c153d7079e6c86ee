"""What users do with cards, modals and forms. Each waits until the bot is idle.

Each click asserts that no button, on that message or a new one, has a number in its value.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.slack.sealed_value import SealedValues
from bot.ui import actions
from tests.integration.harness import SIGNING_SECRET, World, only
from tests.integration.log_capture import NUMBERS
from tests.support.reading import Shown, button_values, buttons
from tests.support.samples import DOCUMENTED, NOW, SUPPORT

if TYPE_CHECKING:
    from pydantic import JsonValue

_NOT_A_NUMBER: Final = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"  # a log ID
    r"|\b\d{1,20}\.\d{1,10}\b"  # a message's timestamp
    r"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)"
)
_NUMBER: Final = re.compile(r"\+\d|(?<![\w-])\d{5,}(?![\w-])")
_SAMPLE_NUMBER: Final = re.compile(r"555\D{0,3}(?:0\D{0,3}1|1212|3434)")
"""Matches every number of the catalog and of `sample_logs`, or its last digits."""


async def click(
    world: World,
    message: PostedMessage,
    action_id: str = actions.DETAILS,
    *,
    value: str | None = None,
    user_id: str = SUPPORT,
    team_id: str | None = None,
) -> RecordedInteraction:
    """Click a button or a menu option of a message."""
    assert_no_number_in_values(message)
    interaction = await world.slack.click(
        message, action_id, value=value, user_id=user_id, team_id=team_id
    )
    await world.idle()
    assert interaction.failed is None
    for posted in interaction.accepted:
        assert_no_number_in_values(posted)
    return interaction


async def redeliver(world: World, interaction: RecordedInteraction) -> None:
    """Deliver an interaction again."""
    again = await world.slack.redeliver(interaction)
    assert (again.ack_status, again.failed) == (200, None)
    await world.idle()


async def open_legs(
    world: World, card: PostedMessage, log_id: str, **who: str
) -> RecordedInteraction:
    """Choose **Legs of the call** from the menu of a card."""
    return await click(world, card, actions.OVERFLOW, value=f"{actions.LEGS} {log_id}", **who)


async def open_details(world: World, log_id: str, user_id: str = SUPPORT) -> OpenView:
    """Look up a log and click **Details**; return the modal."""
    interaction = await click(world, await world.ask(log_id, user_id=user_id), user_id=user_id)
    assert interaction.messages == []
    return modal_of(world, user_id)


async def click_in_modal(
    world: World, view: OpenView, action_id: str, *, value: str | None = None
) -> OpenView:
    """Click in a modal; return the modal that the user then sees."""
    interaction = await world.until_idle(world.slack.click_in_view(view, action_id, value=value))
    assert (interaction.failed, interaction.ack_body) == (None, "")
    return modal_of(world, view.user_id)


def modal_of(world: World, user_id: str = SUPPORT) -> OpenView:
    """Return the modal that a user sees.

    Assert that its values have no number, and its metadata only what a click in it needs.
    """
    view = world.slack.modal(user_id)
    assert view is not None, "no modal"
    assert_no_number_in_values(view)
    if view.private_metadata:
        assert set(json.loads(view.private_metadata)) <= {"channel", "log", "public"}
        assert not _NUMBER.search(_NOT_A_NUMBER.sub("", view.private_metadata))
        assert not [secret for secret in world.secrets if secret in view.private_metadata]
    return view


def home_of(world: World, user_id: str = SUPPORT) -> OpenView:
    """Return the Home tab that a user sees."""
    view = world.slack.home_tab(user_id)
    assert view is not None
    return view


async def card(
    world: World, text: str = DOCUMENTED, **who: str
) -> tuple[RecordedInteraction, PostedMessage]:
    """Look up a log; return the interaction, and the card as it was first posted."""
    interaction = await world.type(text, **who)
    return interaction, only(interaction)


async def shared_card(world: World, log_id: str = DOCUMENTED) -> PostedMessage:
    """Look up a log and share the card."""
    return public(await click(world, await world.ask(log_id), actions.SHARE))


def public(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message of an interaction that everyone sees, as it is now."""
    (message,) = [one for one in interaction.messages if one.response_type == "in_channel"]
    return message


def private(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message of an interaction that only the user sees, as it is now."""
    (message,) = [one for one in interaction.messages if one.response_type == "ephemeral"]
    return message


async def open_form(world: World, user_id: str = SUPPORT) -> OpenView:
    """Open the search form with the global shortcut."""
    interaction = await world.slack.global_shortcut(user_id=user_id)
    assert (interaction.ack_status, interaction.ack_body, interaction.failed) == (200, "", None)
    await world.idle()
    return modal_of(world, user_id)


async def submit(
    world: World,
    view: OpenView,
    values: Mapping[str, str | Sequence[str]],
    user_id: str = SUPPORT,
) -> OpenView:
    """Submit the search form; return the modal with the results, or with the errors."""
    interaction = await world.slack.submit(view, values)
    assert interaction.failed is None
    await world.idle()
    return modal_of(world, user_id)


async def search_older(world: World, message: PostedMessage) -> PostedMessage:
    """Click **Older calls**; return the last message that it posts."""
    return (await click(world, message, actions.SEARCH_OLDER)).messages[-1]


def sealed(text: str, purpose: str = "search") -> str:
    """Seal a value as the bot of every world does."""
    return SealedValues((SIGNING_SECRET,), now=lambda: NOW).seal(text, purpose=purpose)


def assert_no_number_in_values(shown: Shown) -> None:
    """Assert that values hold no phone number: only IDs, times, threads, pages and tokens."""
    for value in button_values(shown):
        assert not _NUMBER.search(_NOT_A_NUMBER.sub("", value)), value
        assert not any(number.removeprefix("+") in value for number in NUMBERS), value


def assert_slack_stores_no_number(world: World) -> None:
    """Assert that no value, metadata or log line of this world has a sample number."""
    sent: list[JsonValue] = [
        post.payload for interaction in world.slack.interactions for post in interaction.posts
    ]
    sent += [
        json.loads(one.ack_body) for one in world.slack.interactions if one.ack_body[:1] == "{"
    ]
    views: list[JsonValue] = [dict(one.view) for one in world.slack.view_requests]
    values = [button.value for node in [*sent, *views] for button in buttons(node)]
    values += [str(view.get("private_metadata", "")) for view in views if isinstance(view, dict)]
    assert values
    for text in [*values, world.log.getvalue()]:
        assert not _SAMPLE_NUMBER.search(_NOT_A_NUMBER.sub("", text)), text
