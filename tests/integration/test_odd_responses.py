"""Whatever stands in a field that nobody needs, a card, a list and a window are what they were."""

import re
from typing import Final

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.ui import actions
from bot.ui import errors as error_texts
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, a_world, only
from tests.integration.modal_helpers import beneath, is_filled, shown, troubles

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHILD: Final = "fa000000-0000-4000-8000-000000000003"
ODD: Final = {
    "an exponent beyond all bounds": b"1e1000000000000000000",
    "more digits than Python reads": b"9" * 5000,
    "nesting": b"[" * 5000 + b"]" * 5000,
    "no number": b"NaN",
    "half a surrogate pair": b'"\\ud800"',
}
_OBJECT: Final = re.compile(rb"\{(?=\"(?:id|event_at)\")")


class Oddly:
    """Stands before SignalWire, and adds a field to every log and every event."""

    def __init__(self, odd: bytes) -> None:
        self._added = b'{"odd":' + odd + b","

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """The front of a project."""

        async def adding(scope: Scope, receive: Receive, send: Send) -> None:
            async def add(message: Message) -> None:
                if message["type"] == "http.response.start":
                    kept = [pair for pair in message["headers"] if pair[0] != b"content-length"]
                    message = {**message, "headers": kept}
                elif message["type"] == "http.response.body":
                    message = {
                        **message,
                        "body": _OBJECT.sub(lambda _: self._added, message["body"]),
                    }
                await send(message)

            await app(scope, receive, add)

        return adding


async def seen(world: World) -> list[str]:
    """A card, a search, and a window with events and legs; without what differs each time."""
    card = await world.answer(CHILD)
    found = await world.answer("find 5550103")
    exchange = await world.slack.click(card, actions.DETAILS)
    await world.idle()
    view = shown(world, "U0SUPPORT")
    assert is_filled(view)
    assert exchange.messages == []
    assert troubles(world, 0) == []
    parts = [beneath(view, part) for part in ("Timeline", "Legs of the call")]
    texts = [card.text, found.text, *parts]
    return [re.sub(r"ref\d+", "ref", text) for text in texts]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_an_odd_field_leaves_all_there_is_to_see(odd: bytes) -> None:
    async with a_world() as plain:
        expected = await seen(plain)
    async with a_world(Space(front=Oddly(odd))) as oddly:
        assert await seen(oddly) == expected


async def test_a_space_that_is_not_there_is_said_wherever_it_is_asked(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    world.signalwire.is_absent = True
    message = await world.answer(DOCUMENTED)
    assert message.text.startswith(error_texts.SPACE_NOT_FOUND.title)
    assert "may not exist" in message.text
    assert error_texts.SPACE_NOT_FOUND.title in only(await world.type("find 5550103")).text
    assert error_texts.SPACE_NOT_FOUND.title in only(await world.type("status")).text
