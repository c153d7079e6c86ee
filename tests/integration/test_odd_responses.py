"""Odd values in fields that aren't needed change nothing in cards, results and modals."""

import re
from typing import Final

import pytest

from tests.integration.harness import Project, World, a_world
from tests.integration.intercept import Interceptor
from tests.integration.user_actions import open_details
from tests.support import texts
from tests.support.reading import is_filled, section_of
from tests.support.samples import CHILD

ODD: Final = {
    "exponent out of range": b"1e1000000000000000000",
    "more digits than Python reads": b"9" * 5000,
    "nesting": b"[" * 5000 + b"]" * 5000,
    "not a number": b"NaN",
    "half a surrogate pair": b'"\\ud800"',
}
_OBJECT: Final = re.compile(rb"\{(?=\"(?:id|event_at)\")")


def with_odd_fields(odd: bytes) -> Interceptor:
    """Add a field to every log and every event."""
    added = b'{"odd":' + odd + b","
    return Interceptor("", rewrite=lambda body: _OBJECT.sub(lambda _: added, body))


async def shown(world: World) -> list[str]:
    """Return a card, search results, events and legs, without what differs each time."""
    card = await world.ask(CHILD)
    found = await world.ask("find 5550103")
    view = await open_details(world, CHILD)
    assert is_filled(view)
    assert world.log.warning_lines() == []
    parts = [section_of(view, part) for part in ("Timeline", texts.LEGS)]
    return [re.sub(r"ref\d+", "ref", text) for text in (card.text, found.text, *parts)]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
async def test_odd_field_changes_nothing(odd: bytes) -> None:
    async with a_world() as plain:
        expected = await shown(plain)
    async with a_world(Project(front=with_odd_fields(odd))) as world:
        assert await shown(world) == expected
