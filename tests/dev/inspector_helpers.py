"""What the tests of the developer's side share: an entry for each exchange, and calls in time."""

from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.dev.playground.web.inspector import InspectorEntry, entries, entry
from tests.dev.emulator_harness import World, plain

FIELD: Final[JsonValue] = {
    "type": "input",
    "block_id": "town",
    "label": plain("Town"),
    "element": {"type": "plain_text_input", "action_id": "written"},
}


def latest(world: World) -> InspectorEntry:
    return entries(world.slack)[0]


def of(world: World, exchange: RecordedInteraction) -> InspectorEntry:
    return entry(world.slack, exchange.token)


def whats(found: InspectorEntry) -> list[str]:
    return [answer.what for answer in found.responses]


async def later(world: World, method: str, **arguments: JsonValue) -> dict[str, JsonValue]:
    """A call of the Web API a moment after whatever was before."""
    world.now += 0.25
    answer = await world.call(method, **arguments)
    world.now += 0.25
    return answer
