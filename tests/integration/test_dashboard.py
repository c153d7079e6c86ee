"""**Open in SignalWire**: a link on cards and in Details, if DASHBOARD_URL is set."""

import json
from typing import Final

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.ui import actions
from bot.ui.block_elements import button
from tests.integration.clickable import activity, clicks, message_with
from tests.integration.harness import OpenWorld, World
from tests.support.reading import button_labels
from tests.support.samples import COLLEAGUE, DOCUMENTED, LIVE, STRANGER_TEAM

SET: Final = {"DASHBOARD_URL": "https://acme.example/logs/voice/{id}?tab=events"}
LINK: Final = f"https://acme.example/logs/voice/{DOCUMENTED}?tab=events"


def links_in(shown: PostedMessage | OpenView) -> list[str]:
    """Return the URLs of all buttons and menu options."""
    found: list[str] = []
    json.loads(json.dumps(shown.blocks), object_hook=lambda node: found.append(node.get("url", "")))
    return [url for url in found if url]


async def test_card_shared_card_and_details_have_the_link(open_world: OpenWorld) -> None:
    world = await open_world(environment=SET)
    for shown in (
        await world.ask(DOCUMENTED),
        await world.shared_card(),
        await world.open_details(DOCUMENTED),
    ):
        assert links_in(shown) == [LINK]
        assert button_labels(shown)[-1] == actions.OPEN_IN_SIGNALWIRE
    assert links_in(await world.ask(LIVE)) == [LINK.replace(DOCUMENTED, LIVE)]


async def test_without_the_setting_there_is_no_link(world: World) -> None:
    for shown in (await world.ask(DOCUMENTED), await world.open_details(DOCUMENTED, "U0NONE")):
        assert links_in(shown) == []
        assert actions.OPEN_IN_SIGNALWIRE not in button_labels(shown)


async def test_click_on_the_link_is_acknowledged_and_does_nothing_else(
    open_world: OpenWorld,
) -> None:
    """Slack opens the link, and sends the click too."""
    world = await open_world(environment=SET)
    card, details = await world.shared_card(), await world.open_details(DOCUMENTED, COLLEAGUE)
    before = activity(world)
    value = f"{actions.OPEN_DASHBOARD} {DOCUMENTED}"
    clicked = await world.click(card, actions.OVERFLOW, value=f"{value} U0SUPPORT")
    pressed = await world.succeeds(world.slack.click_in_view(details, actions.OPEN_DASHBOARD))

    assert clicked.posts == pressed.posts == []
    assert activity(world) == before
    assert not world.log.lines("action.unknown")


async def test_click_of_a_stranger_on_the_link_gets_no_reply(world: World) -> None:
    """The message with the link is visible to them, and their click has already opened it."""
    link = button(
        actions.OPEN_DASHBOARD, actions.OPEN_IN_SIGNALWIRE, DOCUMENTED, url=SET["DASHBOARD_URL"]
    )
    message = message_with(world, *clicks(link), is_public=True)
    interaction = await world.succeeds(
        world.slack.click(message, actions.OPEN_DASHBOARD, team_id=STRANGER_TEAM)
    )

    assert interaction.posts == []
