"""What holds for everything that can be pressed: who may, how often it counts, what is in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import pytest
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions
from bot.voicelogs.query import Query
from tests.integration.click_helpers import (
    COLLEAGUE,
    OTHER,
    SUPPORT,
    again,
    assert_values_are_harmless,
    card,
    elements,
    labels,
    press,
    shared_card,
    value_for,
    values,
)
from tests.integration.harness import CANARY, DOCUMENTED, OpenWorld, World, only, reference_in
from tests.integration.search_helpers import sealed

pytestmark = pytest.mark.asyncio(loop_scope="module")

THREAD: Final = "1795000001.000100"
FURTHER: Final = sealed(f"2026-11-02T15:30:00+00:00 - {Query().serialize()}")
AGAIN: Final = sealed(f"- - {Query().serialize()}")
FOREIGN: Final = f"https://hooks.slack.com.{CANARY}.example/actions/1"
REFUSED: Final = "You can't look up voice logs here"
HELP: Final = "VoiceLog."


@dataclass(frozen=True)
class Press:
    """One thing to press: its name, and what it stands for."""

    action_id: str
    value: str = ""

    def __str__(self) -> str:
        return (
            f"{self.action_id} {self.value.partition(' ')[0]}" if self.is_menu else self.action_id
        )

    @property
    def is_menu(self) -> bool:
        return self.action_id == actions.OVERFLOW

    @property
    def element(self) -> dict[str, JsonValue]:
        if self.is_menu:
            line: JsonValue = {"text": _plain("line"), "value": self.value}
            return {"type": "overflow", "action_id": self.action_id, "options": [line]}
        own: dict[str, JsonValue] = {"type": "button", "action_id": self.action_id}
        return {**own, "text": _plain("press"), **({"value": self.value} if self.value else {})}


def _plain(text: str) -> JsonValue:
    return {"type": "plain_text", "text": text}


IN_MESSAGES: Final = (
    Press(actions.CARD, DOCUMENTED),
    Press(actions.RETRY, DOCUMENTED),
    Press(actions.RETRY, f"{DOCUMENTED} {OTHER}"),
    Press(actions.DETAILS, DOCUMENTED),
    Press(actions.REFRESH, DOCUMENTED),
    Press(actions.FOLLOW, DOCUMENTED),
    Press(actions.SHARE, DOCUMENTED),
    Press(actions.SHARE, f"{DOCUMENTED} {THREAD}"),
    Press(actions.SHARE_IN_CHANNEL, DOCUMENTED),
    Press(actions.OVERFLOW, f"{actions.LEGS} {DOCUMENTED}"),
    Press(actions.OVERFLOW, f"{actions.REFRESH} {DOCUMENTED}"),
    Press(actions.SEARCH_OLDER, FURTHER),
    Press(actions.SEARCH_RETRY, AGAIN),
    Press(actions.FIND_FORM),
)
IN_WINDOWS: Final = (
    Press(actions.CARD, DOCUMENTED),
    Press(actions.DETAILS, DOCUMENTED),
    Press(actions.PAGE, "2"),
    Press(actions.PAGE_BACK, "1"),
    Press(actions.RAW, DOCUMENTED),
    Press(actions.RAW_BACK, "1"),
    Press(actions.RETRY, DOCUMENTED),
    Press(actions.SEARCH_OLDER, FURTHER),
    Press(actions.SEARCH_RETRY, AGAIN),
)
WITH_A_LOG: Final = (
    *(actions.CARD, actions.RETRY, actions.DETAILS, actions.REFRESH),
    *(actions.FOLLOW, actions.LEGS, actions.SHARE, actions.SHARE_IN_CHANNEL),
)
MALFORMED: Final = ("", "-", "not-an-id", "١٢٣", f"{DOCUMENTED}0", "\x00", "x" * 2000)

in_messages = pytest.mark.parametrize("pressed", IN_MESSAGES, ids=str)
in_windows = pytest.mark.parametrize("pressed", IN_WINDOWS, ids=str)


def message_with(world: World, pressed: Press, *, is_public: bool = False) -> PostedMessage:
    """A message that is on somebody's screen, perhaps since an older version of the bot."""
    kind = "in_channel" if is_public else "ephemeral"
    return PostedMessage(world.slack.new_ts(), "C0SUPPORT", kind, _content(pressed))


MEMORY: Final = json.dumps({"channel": "C0SUPPORT", "log": DOCUMENTED})


def window_with(
    world: World, pressed: Press, *, user_id: str = SUPPORT, memory: str = MEMORY
) -> OpenView:
    """A window of the bot's that is open."""
    own: dict[str, JsonValue] = {"type": "modal", "title": _plain("Voice log")}
    payload = {**own, **_content(pressed), "private_metadata": memory}
    return world.slack.views.open(user_id, world.slack.team_id, payload)


def _content(pressed: Press) -> dict[str, JsonValue]:
    row: JsonValue = {"type": "actions", "elements": [pressed.element]}
    return {"blocks": [row]} if pressed.element else {}


async def click_in(world: World, view: OpenView, action_id: str) -> RecordedInteraction:
    exchange = await world.slack.click_in_view(view, action_id)
    await world.idle()
    assert exchange.failed is None
    return exchange


def shown(world: World, user_id: str = SUPPORT) -> str:
    """What the window that a person sees says."""
    window = world.slack.modal(user_id)
    return "" if window is None else render(window.blocks)


def footprint(world: World, clicked: RecordedInteraction | None = None) -> tuple[int, int, int]:
    """How much was done until now: messages for a click, windows, lookups."""
    return (
        len(clicked.posts) if clicked else 0,
        len(world.slack.view_calls),
        len(world.signalwire.requests),
    )


async def knock(world: World, payload: Mapping[str, JsonValue]) -> None:
    """Send a click that no client of Slack's would; it is acknowledged like any other."""
    answer = await world.knock(urlencode({"payload": json.dumps(payload)}).encode())
    assert (answer.status_code, answer.text) == (200, "")
    await world.idle()


@in_messages
@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
async def test_who_may_not_is_told_beside_what_was_pressed_and_nothing_is_done(
    open_world: OpenWorld,
    pressed: Press,
    is_public: bool,  # noqa: FBT001
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": SUPPORT})
    message = message_with(world, pressed, is_public=is_public)
    clicked = await press(world, message, pressed.action_id, user_id=COLLEAGUE)
    told = only(clicked)

    assert told.text.startswith(REFUSED)
    assert told.ts != message.ts
    assert told.payload["replace_original"] is False
    assert (world.asked_for, world.slack.view_calls) == ([], [])
    (line,) = world.log.lines(ref=reference_in(told))
    assert (str(line["event"]).partition(".")[2], line["outcome"]) == ("refused", "user")


@in_windows
async def test_who_may_no_longer_is_told_in_the_window_and_nothing_is_asked(
    open_world: OpenWorld, pressed: Press
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": SUPPORT})
    view = window_with(world, pressed, user_id=COLLEAGUE)
    await click_in(world, view, pressed.action_id)

    assert REFUSED in shown(world, COLLEAGUE)
    assert world.asked_for == []


@in_windows
async def test_a_click_in_a_window_is_authorised_by_the_channel_it_was_opened_from(
    open_world: OpenWorld, pressed: Press
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    await click_in(world, window_with(world, pressed), pressed.action_id)

    assert REFUSED in shown(world)
    assert world.asked_for == []


async def test_who_may_not_search_is_told_so_on_the_home_tab_as_well(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": SUPPORT})
    home = {"type": "home", **_content(Press(actions.FIND_FORM))}
    view = world.slack.views.publish(COLLEAGUE, world.slack.team_id, home)
    await click_in(world, view, actions.FIND_FORM)

    assert REFUSED in shown(world, COLLEAGUE)


@in_messages
async def test_a_stranger_in_a_shared_channel_may_press_nothing(
    world: World, pressed: Press
) -> None:
    asked, windows = len(world.asked_for), len(world.slack.view_calls)
    message = message_with(world, pressed, is_public=True)
    exchange = await world.slack.command("help")
    await knock(world, _stranger(world, exchange, message, pressed))

    (told,) = exchange.accepted
    assert told.text.startswith(REFUSED)
    assert "T0STRANGER" in told.text
    assert told.response_type == "ephemeral"
    assert (len(world.asked_for), len(world.slack.view_calls)) == (asked, windows)


def _stranger(
    world: World, exchange: RecordedInteraction, message: PostedMessage, pressed: Press
) -> dict[str, JsonValue]:
    """A click by somebody of another company, in a channel that both companies share."""
    return {
        **_click(world, message, pressed, exchange.response_url),
        "user": {"id": "U0STRANGER", "team_id": "T0STRANGER"},
    }


def _click(
    world: World, message: PostedMessage, pressed: Press, response_url: str
) -> dict[str, JsonValue]:
    return {
        "type": "block_actions",
        "team": {"id": world.slack.team_id},
        "user": {"id": SUPPORT, "team_id": world.slack.team_id},
        "channel": {"id": message.channel_id},
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel_id,
            "is_ephemeral": message.response_type == "ephemeral",
        },
        "trigger_id": f"1.2.{message.ts}",
        "response_url": response_url,
        "actions": [
            {
                **pressed.element,
                "selected_option": {"value": pressed.value},
                "action_ts": message.ts,
            }
            if pressed.is_menu
            else {**pressed.element, "action_ts": message.ts}
        ],
    }


@in_messages
async def test_a_click_that_is_delivered_twice_counts_once(world: World, pressed: Press) -> None:
    before = footprint(world)
    clicked = await press(world, message_with(world, pressed), pressed.action_id)
    done = footprint(world, clicked)
    await again(world, clicked)

    assert footprint(world, clicked) == done != before


@in_windows
async def test_a_click_in_a_window_that_is_delivered_twice_counts_once(
    world: World, pressed: Press
) -> None:
    before = footprint(world)
    clicked = await click_in(world, window_with(world, pressed), pressed.action_id)
    done = footprint(world, clicked)
    await again(world, clicked)

    assert footprint(world, clicked) == done != before


@in_messages
async def test_a_response_url_elsewhere_gets_nothing_and_nothing_is_asked(
    world: World, pressed: Press
) -> None:
    asked, windows = len(world.asked_for), len(world.slack.view_calls)
    lines = len(world.log.lines())
    message = message_with(world, pressed)
    await knock(world, _click(world, message, pressed, FOREIGN))
    events = {line["event"] for line in world.log.lines()[lines:] if line["level"] == "error"}

    assert events == {"interaction.refused_host", "reply.refused_host"}
    assert (len(world.asked_for), len(world.slack.view_calls)) == (asked, windows)


@pytest.mark.parametrize("value", ["", DOCUMENTED, "seven", f"{DOCUMENTED} {THREAD}"])
async def test_a_button_of_another_version_is_answered_with_help(world: World, value: str) -> None:
    message = message_with(world, Press("voicelog_again", value))
    told = only(await press(world, message, "voicelog_again"))

    assert told.text.startswith(HELP)
    assert told.ts != message.ts


@pytest.mark.parametrize("value", ["voicelog_gone x", "voicelog_gone", "gone", DOCUMENTED])
async def test_a_menu_line_of_another_version_is_answered_with_help(
    world: World, value: str
) -> None:
    message = message_with(world, Press(actions.OVERFLOW, value))
    told = only(await press(world, message, actions.OVERFLOW))

    assert told.text.startswith(HELP)


async def test_what_another_app_or_nobody_named_is_not_answered(world: World) -> None:
    message = message_with(world, Press("another_apps_button", DOCUMENTED))
    clicked = await world.slack.click(message, "another_apps_button")
    await world.idle()

    assert clicked.posts == []
    assert clicked.ack_status == 404
    assert world.log.lines("request.unhandled", kind="block_actions")


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("action_id", WITH_A_LOG)
async def test_a_value_that_names_no_log_is_answered_and_nothing_is_asked(
    world: World, action_id: str, value: str
) -> None:
    asked = len(world.asked_for)
    is_legs = action_id == actions.LEGS
    pressed = (
        Press(actions.OVERFLOW, f"{action_id} {value}") if is_legs else Press(action_id, value)
    )
    message = message_with(world, pressed)
    exchange = await world.slack.command("help")
    await knock(world, _click(world, message, pressed, exchange.response_url))

    (told,) = exchange.accepted
    assert told.response_type == "ephemeral"
    assert told.payload["replace_original"] is False
    assert "None" not in told.text
    assert len(world.asked_for) == asked


@pytest.mark.parametrize("page", ["", "0", "-1", "seven", "٣", "1" * 500, "99999"])
@pytest.mark.parametrize("action_id", [actions.PAGE, actions.RAW, actions.RAW_BACK])
async def test_a_page_that_there_is_not_shows_one_that_there_is(
    world: World, action_id: str, page: str
) -> None:
    await click_in(world, window_with(world, Press(action_id, page)), action_id)

    assert DOCUMENTED in shown(world) or "Completed" in shown(world)


@pytest.mark.parametrize("action_id", [actions.CARD, actions.DETAILS])
async def test_a_value_that_names_no_log_is_answered_in_the_window(
    world: World, action_id: str
) -> None:
    view = window_with(world, Press(action_id, "not-an-id"))
    before = shown(world)
    await click_in(world, view, action_id)

    assert shown(world) != before


@pytest.mark.parametrize("value", ["", DOCUMENTED, "seven"])
async def test_a_button_of_another_version_is_answered_in_the_window_with_help(
    world: World, value: str
) -> None:
    view = window_with(world, Press("voicelog_again", value))
    await click_in(world, view, "voicelog_again")

    assert "/voicelog" in shown(world)


@pytest.mark.parametrize("memory", ["{", '{"log": "seven"}'])
async def test_a_window_that_remembers_nonsense_is_answered_in_the_window(
    world: World, memory: str
) -> None:
    view = window_with(world, Press(actions.PAGE, "1"), memory=memory)
    before = shown(world)
    await click_in(world, view, actions.PAGE)

    assert shown(world) != before


@pytest.mark.parametrize("thread", ["", "x", "1.2.3", "1795000001", "../..", "1." + "1" * 40])
async def test_a_thread_that_is_none_is_not_posted_to(world: World, thread: str) -> None:
    pressed = Press(actions.SHARE, f"{DOCUMENTED} {thread}".rstrip())
    clicked = await world.slack.click(message_with(world, pressed), actions.SHARE)
    await world.idle()

    assert clicked.accepted != []
    assert all("thread_ts" not in message.payload for message in clicked.accepted)


@pytest.mark.parametrize(
    "left_out", ["container", "channel", "trigger_id", "user.team_id", "team", "response_url"]
)
async def test_a_click_that_lacks_something_is_acknowledged_and_breaks_nothing(
    world: World, left_out: str
) -> None:
    pressed = Press(actions.REFRESH, DOCUMENTED)
    exchange = await world.slack.command("help")
    payload = _click(world, message_with(world, pressed), pressed, exchange.response_url)
    name, _, inner = left_out.partition(".")
    if inner:
        payload[name] = {"id": SUPPORT}
    else:
        del payload[name]
    await knock(world, payload)

    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENTED,
        LIVE,
        f"{DOCUMENTED} {OTHER}",
        "fa170404-0000-4000-8000-000000000000",
        "recent 3",
        "find 555 30d",
        "find +12065550100 30d",
        "+1 206 555 0100",
    ],
)
async def test_no_button_holds_a_number_or_a_secret(world: World, text: str) -> None:
    _, message = await card(world, text)

    assert values(message) != []
    assert_values_are_harmless(message)
    assert not [v for v in values(message) if any(secret in v for secret in world.secrets)]


@pytest.mark.parametrize("log_id", [DOCUMENTED, LIVE])
async def test_a_card_has_three_buttons_and_a_menu(world: World, log_id: str) -> None:
    _, message = await card(world, log_id)

    assert [element["type"] for element in elements(message.blocks)] == [
        *("button", "button", "button", "overflow")
    ]


async def test_a_private_cards_buttons_work_for_the_one_who_sees_it(world: World) -> None:
    _, message = await card(world)
    await press(world, message, actions.DETAILS)

    assert "Completed" in shown(world)


async def test_the_legs_of_a_shared_card_open_for_whoever_presses(world: World) -> None:
    message = await shared_card(world)
    legs = value_for(message, actions.LEGS)
    await press(world, message, actions.OVERFLOW, value=legs, user_id="U0E")

    assert "Legs of the call" in labels(message)
    window = world.slack.modal("U0E")
    assert window is not None
    assert "Completed" in render(window.blocks)
