"""**Open in SignalWire**: a link on cards and in Details, if DASHBOARD_URL is set."""

import json
from typing import Final

from bot.dev.emulator.slack.workspace import OpenView, PostedMessage
from bot.ui import actions
from bot.ui.block_elements import button
from tests.integration.clickable import activity, click_payload, message_with, post_payload
from tests.integration.clickable import clicks as clicks_on
from tests.integration.harness import OpenWorld, World
from tests.integration.user_actions import click, open_details, shared_card
from tests.support.reading import button_labels
from tests.support.samples import COLLEAGUE, DOCUMENTED, LIVE, STRANGER_TEAM

SET: Final = {"DASHBOARD_URL": "https://acme.example/logs/voice/{id}?tab=events"}
LINK: Final = f"https://acme.example/logs/voice/{DOCUMENTED}?tab=events"
OPEN: Final = actions.OPEN_IN_SIGNALWIRE


def links_in(shown: PostedMessage | OpenView) -> list[str]:
    """Return the URLs of all buttons and menu options."""
    found: list[str] = []
    json.loads(json.dumps(shown.blocks), object_hook=lambda node: found.append(node.get("url", "")))
    return [url for url in found if url]


async def test_card_shared_card_and_details_have_the_link(open_world: OpenWorld) -> None:
    world = await open_world(environment=SET)
    for shown in (
        await world.ask(DOCUMENTED),
        await shared_card(world),
        await open_details(world, DOCUMENTED),
    ):
        assert links_in(shown) == [LINK]
        assert button_labels(shown)[-1] == OPEN
    assert links_in(await world.ask(LIVE)) == [LINK.replace(DOCUMENTED, LIVE)]


async def test_without_the_setting_there_is_no_link(world: World) -> None:
    for shown in (await world.ask(DOCUMENTED), await open_details(world, DOCUMENTED, "U0NONE")):
        assert links_in(shown) == []
        assert OPEN not in button_labels(shown)


async def test_click_on_the_link_is_acknowledged_and_does_nothing_else(
    open_world: OpenWorld,
) -> None:
    """Slack opens the link, and sends the click too."""
    world = await open_world(environment=SET)
    card, details = await shared_card(world), await open_details(world, DOCUMENTED, COLLEAGUE)
    before = activity(world)
    value = f"{actions.OPEN_DASHBOARD} {DOCUMENTED}"
    clicked = await click(world, card, actions.OVERFLOW, value=f"{value} U0SUPPORT")
    pressed = await world.until_idle(world.slack.click_in_view(details, actions.OPEN_DASHBOARD))

    for interaction in (clicked, pressed):
        assert (interaction.ack_status, interaction.failed, interaction.posts) == (200, None, [])
    assert activity(world) == before
    assert not world.log.lines("action.unknown")


async def test_click_of_a_stranger_on_the_link_gets_no_reply(world: World) -> None:
    """The message with the link is visible to them, and their click has already opened it."""
    (clicked,) = clicks_on(
        button(actions.OPEN_DASHBOARD, OPEN, DOCUMENTED, url=SET["DASHBOARD_URL"])
    )
    message = message_with(world, clicked, is_public=True)
    interaction = await world.slack.command("help")
    payload = click_payload(message, clicked, interaction.response_url)
    payload["user"] = {"id": "U0STRANGER", "team_id": STRANGER_TEAM}
    await post_payload(world, payload)

    assert interaction.accepted == []
