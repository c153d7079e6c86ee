"""Every button and menu option of the bot, and messages and modals with one of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions, block_kit, card_buttons
from bot.ui.block_elements import Element, button, menu_option, overflow
from bot.ui.card_buttons import CardOptions
from bot.voicelogs.query import Query
from tests.integration.harness import World, sealed
from tests.support.reading import rendered
from tests.support.samples import CANARY, CHANNEL, DOCUMENTED, ENDED, SUPPORT, TEAM, THREAD

ID: Final = UUID(DOCUMENTED)
OLDER: Final = sealed(f"2026-11-02T15:30:00+00:00 - {Query().serialize()}")
AGAIN: Final = sealed(f"- - {Query().serialize()}")
NUMBER: Final = sealed("12065550100 others", "number")
NOT_SEALED: Final = "2026-11-02T15:00:00+00:00 - a-token 20 failed"
FOREIGN: Final = f"https://hooks.slack.com.{CANARY}.example/actions/1"
METADATA: Final = json.dumps({"channel": CHANNEL, "log": DOCUMENTED})
ELSEWHERE: Final = json.dumps({"channel": "C0OTHER", "log": DOCUMENTED})


@dataclass(frozen=True)
class Click:
    """An element to click, and the index of the option if it is a menu."""

    element: Mapping[str, JsonValue]
    option: int = 0

    def __str__(self) -> str:
        return self.action_id if self.chosen is None else self.value.partition(" ")[0]

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def chosen(self) -> dict[str, JsonValue] | None:
        """The selected option, if it is a menu."""
        options = self.element.get("options")
        if not isinstance(options, list):
            return None
        option = options[self.option]
        assert isinstance(option, dict)
        return option

    @property
    def value(self) -> str:
        return str((self.chosen or self.element).get("value", ""))


def clicks(*elements: Element) -> list[Click]:
    """Return a click for each element and for each option of a menu."""
    plain: list[dict[str, JsonValue]] = json.loads(json.dumps(elements))
    return [Click(element, option) for element in plain for option in range(len(_options(element)))]


def in_one_block(elements: Sequence[Element]) -> list[Element]:
    """Return the elements with their action IDs in one block."""
    (block,) = block_kit.actions(elements)
    assert block["type"] == "actions"
    return block["elements"]


def _options(element: Mapping[str, JsonValue]) -> list[JsonValue]:
    options = element.get("options")
    return options if isinstance(options, list) else [None]


def button_click(action_id: str, value: str = "") -> Click:
    return clicks(button(action_id, "Click", value))[0]


def option_click(value: str) -> Click:
    return clicks(overflow(actions.OVERFLOW, menu_option("Choose", value)))[0]


IN_MESSAGES: Final = clicks(
    *card_buttons.card_row(ID, is_live=True, options=CardOptions(thread_ts=THREAD)),
    *card_buttons.card_row(ID, is_live=False, options=CardOptions()),
    *card_buttons.card_row(ID, is_live=True, options=CardOptions(public=True)),
    *card_buttons.card_row(ID, is_live=True, options=CardOptions(followed=True, state="k7m2p9.1")),
    card_buttons.share_in_channel(ID, CardOptions(thread_ts=THREAD)),
    card_buttons.share(ID, CardOptions(was_shared=True)),
    actions.card(ID),
    actions.card(ID, label="Try again"),
    actions.retry([ID]),
    actions.retry([ID, UUID(ENDED)]),
    actions.retry([ID], THREAD, [NUMBER, "a-token"]),
    actions.look_up_rest([ID, UUID(ENDED)]),
    actions.look_up_rest([ID], THREAD),
    button(actions.SEARCH_OLDER, "Older calls", OLDER),
    button(actions.SEARCH_OLDER, "Older calls", NOT_SEALED),
    *in_one_block([button(actions.SEARCH_WIDER, "Without failed", AGAIN)] * 3),
    button(actions.CHANGE_SEARCH, "Change search", AGAIN),
    *in_one_block(actions.find_numbers([("+1 206-555-0100", NUMBER)] * 3)),
    actions.find_form(),
    actions.find_form(AGAIN),
    actions.typed_search("find calls", AGAIN),
    actions.typed_search("find calls", AGAIN, in_place=False),
    actions.show_help(),
    actions.show_status(),
    button(actions.SEARCH_RETRY, "Try again", AGAIN),
)
IN_MODALS: Final = clicks(
    actions.card(ID),
    button(actions.DETAILS, "Details", DOCUMENTED),
    button(actions.SEARCH_OLDER, "Older calls", OLDER),
    button(actions.SEARCH_WIDER, "Without failed", AGAIN),
    button(actions.CHANGE_SEARCH, "Change search", AGAIN),
    actions.retry([ID]),
    button(actions.SEARCH_RETRY, "Try again", AGAIN),
    actions.open_share_form(ID),
    actions.open_share_form(ID, is_in_place=True),
    *(
        button(action_id, "Click", DOCUMENTED)
        for action_id in (actions.RAW, actions.COPY, actions.COPY_IN_FULL)
    ),
    *(
        button(action_id, "Turn", "2")
        for action_id in (
            *(actions.PAGE, actions.PAGE_BACK, actions.ERRORS, actions.ERRORS_BACK),
            *(actions.RAW, actions.RAW_BACK),
        )
    ),
)
WITH_A_LOG: Final = (
    *(actions.CARD, actions.RETRY, actions.LOOK_UP_REST, actions.DETAILS, actions.REFRESH),
    *(actions.FOLLOW, actions.STOP_FOLLOWING, actions.LEGS, actions.COPY),
    *(actions.SHARE, actions.SHARE_IN_CHANNEL, actions.SHARE_FORM, actions.SHARE_FORM_BACK),
)
MALFORMED: Final = ("", "-", "not-an-id", "١٢٣", f"{DOCUMENTED}0", "\x00", "x" * 2000)

in_messages = pytest.mark.parametrize("clicked", IN_MESSAGES, ids=str)
in_modals = pytest.mark.parametrize("clicked", IN_MODALS, ids=str)


def action_with(action_id: str, value: str) -> dict[str, JsonValue]:
    """Return what Slack sends of a click, with a value that the builders don't allow."""
    if action_id != actions.LEGS:
        return {"type": "button", "action_id": action_id, "value": value}
    chosen: JsonValue = {"value": f"{action_id} {value}"}
    return {"type": "overflow", "action_id": actions.OVERFLOW, "selected_option": chosen}


def message_with(world: World, clicked: Click, *, is_public: bool = False) -> PostedMessage:
    """Return a message that a user sees, perhaps from an older version of the bot."""
    kind = "in_channel" if is_public else "ephemeral"
    return PostedMessage(world.slack.new_ts(), CHANNEL, kind, _content(clicked))


def modal_with(
    world: World, clicked: Click, *, user_id: str = SUPPORT, metadata: str = METADATA
) -> OpenView:
    """Open a modal with this element."""
    view = json.loads(json.dumps(block_kit.modal("Voice log", [], metadata=metadata)))
    return world.slack.views.open(user_id, TEAM, {**view, **_content(clicked)})


def _content(clicked: Click) -> dict[str, JsonValue]:
    return {"blocks": [{"type": "actions", "elements": [{**clicked.element}]}]}


async def click_in(world: World, view: OpenView, clicked: Click) -> RecordedInteraction:
    return await world.succeeds(
        world.slack.click_in_view(view, clicked.action_id, option=clicked.option)
    )


async def click_on(
    world: World, message: PostedMessage, clicked: Click, user_id: str = SUPPORT
) -> RecordedInteraction:
    return await world.click(message, clicked.action_id, option=clicked.option, user_id=user_id)


def rendered_modal(world: World, user_id: str = SUPPORT) -> str:
    view = world.slack.modal(user_id)
    return "" if view is None else rendered(view)


def activity(world: World, interaction: RecordedInteraction | None = None) -> tuple[int, int, int]:
    """Return how many messages, views and SignalWire requests there were."""
    posts = len(interaction.posts) if interaction else 0
    return posts, len(world.slack.view_requests), len(world.signalwire.requests)
