"""The gallery shows every message and view, rendered as on the page."""

from collections.abc import AsyncIterator
from typing import Final

import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.dev import gallery
from tests.browser.page import Session, open_session
from tests.browser.user_actions import button

MAX_BYTES: Final = 9_000
"""Per example, on average."""
SECTIONS: Final = gallery.sections()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shown(chromium: Browser) -> AsyncIterator[Page]:
    """The open gallery."""
    async with open_session(chromium) as session:
        await _open(session)
        yield session.page


async def _open(session: Session) -> None:
    await session.page.goto(f"{session.url}/gallery")
    await expect(session.page.get_by_role("heading", name="VoiceLog gallery")).to_be_visible()


def example(page: Page, section: str, name: str) -> Locator:
    """Locate an example by its section and name."""
    number = [each.name for each in SECTIONS].index(section) + 1
    names = [each.name for each in SECTIONS[number - 1].examples]
    return page.locator(f"#e{number}-{names.index(name) + 1}")


async def test_sections_and_examples_are_in_order(shown: Page) -> None:
    assert await shown.locator("h2[id^=section-]").all_inner_texts() == [
        section.name for section in SECTIONS
    ]

    captions = await shown.locator("figcaption").evaluate_all(
        "all => all.map(each => each.firstChild.textContent.trim())"
    )
    assert captions == [each.name.strip() for section in SECTIONS for each in section.examples]


async def test_no_example_is_empty(shown: Page) -> None:
    empty = await shown.locator("figure").evaluate_all(
        "all => all.filter(each => !each.querySelector('.blocks').innerText.trim())"
        ".map(each => each.id)"
    )
    assert empty == []


async def test_a_section_is_reached_from_the_navigation(shown: Page) -> None:
    for section in (SECTIONS[4], SECTIONS[-1]):
        await shown.get_by_role("navigation", name="Sections").get_by_text(section.name).click()
        await expect(
            shown.get_by_role("heading", name=section.name, exact=True)
        ).to_be_in_viewport()


async def test_html_ids_are_unique_and_references_resolve(shown: Page) -> None:
    ids = await shown.locator("[id]").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids))
    dangling = await shown.evaluate(
        """["for", "aria-labelledby", "aria-describedby"].flatMap((name) =>
          [...document.querySelectorAll(`[${name}]`)].flatMap((one) =>
            one.getAttribute(name).split(" ").filter((id) => !document.getElementById(id))))"""
    )
    assert dangling == []


async def test_menus_and_confirmations_open_without_effect(shown: Page) -> None:
    card = example(shown, SECTIONS[0].name, SECTIONS[0].examples[0].name)

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


async def test_the_gallery_page_is_small(shown: Page) -> None:
    size = await shown.evaluate("performance.getEntriesByType('navigation')[0].encodedBodySize")
    examples = sum(len(section.examples) for section in SECTIONS)
    assert size < MAX_BYTES * examples
