"""One interaction of each kind, and what Slack sends of it, to be sent again."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from hypothesis import strategies as st
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions
from tests.integration.harness import World
from tests.support.samples import DOCUMENTED

Payload = dict[str, JsonValue]
Interact = Callable[[World], Awaitable[RecordedInteraction]]

TEXT: Final = st.text(max_size=8) | st.just("\ud800") | st.just("9" * 5000)
ANY_JSON: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "values", "type", "x"]), inner, max_size=3)
        ),
        max_leaves=4,
    ),
    st.sampled_from([30, 450]).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)


def renewed(payload: Mapping[str, JsonValue], interaction: RecordedInteraction) -> Payload:
    """Return a payload with the trigger and the response URL of another interaction."""
    again = {**payload, "trigger_id": interaction.trigger_id}
    if "response_url" in payload:
        again["response_url"] = interaction.response_url
    clicked = payload.get("actions")
    if isinstance(clicked, list):
        again["actions"] = [
            {**action, "action_ts": f"{interaction.token}.1"}
            for action in clicked
            if isinstance(action, dict)
        ]
    return again


async def message_shortcut(world: World) -> RecordedInteraction:
    message: Payload = {"text": DOCUMENTED, "blocks": [], "files": [None], "attachments": []}
    return await world.use_shortcut(message)


async def global_shortcut(world: World) -> RecordedInteraction:
    return await world.slack.global_shortcut()


async def click_on_message(world: World) -> RecordedInteraction:
    return await world.slack.click(await world.ask(DOCUMENTED), actions.REFRESH)


async def click_in_modal(world: World) -> RecordedInteraction:
    return await world.slack.click_in_view(await world.open_details(DOCUMENTED), actions.RAW)


async def submission(world: World) -> RecordedInteraction:
    return await world.slack.submit(await world.open_form(), {"directions": "inbound"})


async def home(world: World) -> RecordedInteraction:
    return await world.slack.open_home()


async def command(world: World) -> RecordedInteraction:
    return await world.slack.command(f"{DOCUMENTED} {DOCUMENTED[:-1]}")


async def search(world: World) -> RecordedInteraction:
    return await world.slack.command("find <tel:+12065550100|x> 2d")


INTERACTIONS: Final[tuple[Interact, ...]] = (
    *(message_shortcut, global_shortcut, click_on_message, click_in_modal, submission),
)
OTHERS: Final[tuple[Interact, ...]] = (home, command, search)
