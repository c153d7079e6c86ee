"""The gallery shows everything that the program can say, rendered as the page draws it."""

import json
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.dev import gallery
from tests.browser.page import Desk, a_desk
from tests.browser.user_actions import button
from tests.support.samples import NOW

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MOST_BYTES: Final = 3_500_000
ROOMS: Final = gallery.sections(NOW)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(chromium: Browser) -> AsyncIterator[Page]:
    """The gallery, opened."""
    async with a_desk(chromium) as desk:
        await _open(desk)
        yield desk.page


async def _open(desk: Desk) -> None:
    await desk.page.goto(f"{desk.url}/gallery")
    await expect(desk.page.get_by_role("heading", name="VoiceLog gallery")).to_be_visible()


def exhibit(page: Page, room: str, name: str) -> Locator:
    """One of them, by its room's name and its own."""
    number = [each.name for each in ROOMS].index(room) + 1
    names = [each.name for each in ROOMS[number - 1].examples]
    return page.locator(f"#e{number}-{names.index(name) + 1}")


async def test_every_room_and_every_exhibit_is_there_in_its_order(shown: Page) -> None:
    assert await shown.locator("h2[id^=section-]").all_inner_texts() == [
        room.name for room in ROOMS
    ]

    captions = await shown.locator("figcaption").evaluate_all(
        "all => all.map(each => each.firstChild.textContent.trim())"
    )
    assert captions == [each.name.strip() for room in ROOMS for each in room.examples]


async def test_nothing_is_unknown_and_nothing_is_empty(shown: Page) -> None:
    await expect(shown.locator(".unknown")).to_have_count(0)
    empty = await shown.locator("figure").evaluate_all(
        "all => all.filter(each => !each.querySelector('.blocks').innerText.trim())"
        ".map(each => each.id)"
    )
    assert empty == []


async def test_a_room_is_reached_from_the_list_of_rooms(shown: Page) -> None:
    for room in (ROOMS[4], ROOMS[-1]):
        await shown.get_by_role("navigation", name="Sections").get_by_text(room.name).click()
        await expect(shown.get_by_role("heading", name=room.name, exact=True)).to_be_in_viewport()


async def test_no_id_is_given_twice_and_whatever_is_named_by_an_id_is_there(shown: Page) -> None:
    ids = await shown.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    dangling = await shown.evaluate(
        """["for", "aria-labelledby", "aria-describedby"].flatMap((name) =>
          [...document.querySelectorAll(`[${name}]`)].flatMap((one) =>
            one.getAttribute(name).split(" ").filter((id) => !document.getElementById(id))))"""
    )
    assert dangling == []


async def test_menus_and_questions_can_be_looked_at_and_lead_nowhere(shown: Page) -> None:
    card = exhibit(shown, ROOMS[0].name, ROOMS[0].examples[0].name)

    await card.get_by_label("More actions").click()
    await button(card, "Legs of the call").click()
    await expect(button(card, "Legs of the call")).to_be_hidden()
    await button(card, "Share").click()
    question = shown.get_by_role("dialog", name="Share this voice log?")
    await expect(question).to_be_visible()
    await button(question, "Share").click()

    await expect(question).to_have_count(0)
    await button(card, "Details").click()
    await expect(shown.get_by_role("dialog")).to_have_count(0)


async def test_what_is_wrong_with_a_form_stands_at_its_fields(shown: Page) -> None:
    wrong = [each for room in ROOMS for each in room.examples if each.errors]
    assert wrong

    await expect(shown.locator(".field .error")).to_have_count(
        sum(len(each.errors) for each in wrong)
    )


async def test_a_message_can_be_read_as_plain_text(shown: Page) -> None:
    card = exhibit(shown, ROOMS[0].name, ROOMS[0].examples[0].name)

    await card.get_by_text("Plain text", exact=True).click()

    await expect(card.locator(".as-plain")).to_contain_text("Duration: 10 s")


async def test_each_exhibit_opens_in_block_kit_builder(shown: Page) -> None:
    hrefs = await shown.locator("figcaption a").evaluate_all("all => all.map(each => each.href)")
    examples = [each for room in ROOMS for each in room.examples]
    for href, each in zip(hrefs, examples, strict=True):
        assert href.startswith("https://app.slack.com/block-kit-builder/#")
        blocks = json.loads(unquote(urlsplit(href).fragment))["blocks"]
        assert [block["type"] for block in blocks] == [
            block["type"] for block in each.blocks if isinstance(block, dict)
        ], each.name


async def test_it_is_not_heavier_than_it_must_be(shown: Page) -> None:
    size = await shown.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    assert size < MOST_BYTES
