"""axe-core finds no serious violation, in either color scheme, in any state of the page."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from tests.browser.axe import axe_violations
from tests.browser.page import Session, open_session
from tests.browser.user_actions import (
    ask,
    button,
    choose,
    field,
    messages_with,
    modal_named,
    open_form,
    open_menu,
    press,
)
from tests.support.samples import PARENT

# Only examples with a combination of element and parent that no earlier example has: axe-core
# takes a minute for all examples.
ONE_OF_EACH_KIND = """() => {
  const seen = new Set();
  for (const example of document.querySelectorAll("figure")) {
    const kinds = [example, ...example.querySelectorAll("*")].map((one) =>
      [one.parentElement, one].map((each) => each.tagName + "." + each.className).join(">"));
    if (kinds.every((kind) => seen.has(kind))) example.remove();
    kinds.forEach((kind) => seen.add(kind));
  }
  return document.querySelectorAll("figure").length;
}"""


async def look_up_card(session: Session) -> Locator:
    await session.type(f"/voicelog {DOCUMENTED}")
    card = messages_with(session, "Completed · 10 s")
    await expect(card).to_have_count(1)
    return card


async def fits(page: Page) -> bool:
    """Return whether nothing scrolls horizontally."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest_asyncio.fixture(params=["light", "dark"], loop_scope="session")
async def themed(chromium: Browser, request: pytest.FixtureRequest) -> AsyncIterator[Session]:
    """A session in each color scheme."""
    async with open_session(chromium, color_scheme=request.param) as session:
        yield session


async def test_the_channel_its_menus_and_confirmations_pass_axe(themed: Session) -> None:
    card = await look_up_card(themed)
    assert await axe_violations(themed.page) == []

    await open_menu(card)
    assert await axe_violations(themed.page) == []
    await press(card, "Plain text")
    assert await axe_violations(themed.page) == []
    await open_menu(card)
    await press(card, "Plain text")

    await press(card, "Share")
    assert await axe_violations(themed.page) == []


async def test_modals_and_forms_pass_axe(themed: Session) -> None:
    await press(await look_up_card(themed), "Details")
    await expect(themed.dialog).to_contain_text("Timeline")
    assert await axe_violations(themed.page) == []
    await press(themed.dialog, "Close")

    form = await open_form(themed)
    await field(form, "Phone number").fill("12")
    await press(form, "Search")
    await expect(field(form, "Phone number")).to_have_attribute("aria-invalid", "true")
    assert await axe_violations(themed.page) == []


async def test_the_home_tab_and_the_developer_panel_pass_axe(themed: Session) -> None:
    await look_up_card(themed)
    developer_panel = themed.page.get_by_role("complementary", name="For developers")
    await developer_panel.get_by_text(f"/voicelog {DOCUMENTED}").first.click()
    await expect(developer_panel.get_by_role("heading", name="Request")).to_be_visible()
    await developer_panel.get_by_text("What there is to look up").click()
    assert await axe_violations(themed.page) == []

    await press(themed.page.locator("header"), "VoiceLog · Home")
    await expect(themed.page.get_by_role("heading", name="Things to try")).to_be_visible()
    assert await axe_violations(themed.page) == []


async def test_the_gallery_passes_axe(themed: Session) -> None:
    await themed.page.goto(f"{themed.url}/gallery")
    assert 5 < await themed.page.evaluate(ONE_OF_EACH_KIND) < 50
    assert await axe_violations(themed.page) == []


async def test_a_narrow_screen_does_not_scroll_horizontally(chromium: Browser) -> None:
    async with open_session(chromium, color_scheme="light") as session:
        page = session.page
        await page.set_viewport_size({"width": 400, "height": 800})
        card = await look_up_card(session)
        assert await fits(page)
        assert await axe_violations(page) == []

        await card.get_by_label("More actions").click()
        await expect(button(card, "Legs of the call")).to_be_in_viewport(ratio=1)
        await press(card, "Details")
        await expect(session.dialog).to_contain_text("Timeline")
        await expect(session.dialog).to_be_in_viewport(ratio=1)
        assert await fits(page)
        await press(session.dialog, "Close")

        await press(page.locator("header"), "VoiceLog · Home")
        await expect(page.get_by_role("heading", name="Things to try")).to_be_visible()
        assert await fits(page)
        await page.goto(f"{session.url}/gallery")
        assert await fits(page)


async def test_the_chart_of_the_legs_fits_a_phone(own_session: Session) -> None:
    await own_session.page.set_viewport_size({"width": 320, "height": 800})
    await ask(own_session, PARENT)
    await choose(own_session.latest, "Legs of the call")
    chart = modal_named(own_session, "Legs of the call").locator("pre")

    await expect(chart).to_contain_text("not answered")
    assert await chart.evaluate("each => each.scrollWidth <= each.clientWidth")


async def test_landmarks_messages_modals_and_controls_have_names(own_session: Session) -> None:
    page = own_session.page
    for name in ("main", "banner"):
        await expect(page.get_by_role(name)).to_have_count(1)
    await expect(page.get_by_role("navigation", name="Pages")).to_have_count(1)
    await expect(page.get_by_role("complementary", name="For developers")).to_have_count(1)
    card = await look_up_card(own_session)
    # Additions to a log are announced.
    log = page.get_by_role("log", name="Messages")
    await expect(log.get_by_role("article", name=re.compile("^VoiceLog APP"))).to_have_count(1)
    assert await log.evaluate("log => log.closest('[aria-live=off], [aria-hidden=true]')") is None
    names = await page.locator(".message h3").all_text_contents()
    assert len(set(names)) == len(names) > 5
    nameless = await page.evaluate(
        """[...document.querySelectorAll("button, summary, a")]
          .filter((one) => !(one.ariaLabel ?? one.textContent).match(/\\p{L}/u))
          .map((one) => one.outerHTML)"""
    )
    assert nameless == []

    await press(card, "Details")

    await expect(page.get_by_role("dialog", name="Voice log")).to_be_visible()


async def test_colors_follow_the_system_until_the_user_chooses(chromium: Browser) -> None:
    async with open_session(chromium, color_scheme="light") as session:
        page = session.page

        async def background() -> str:
            return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))

        light = await background()
        await page.emulate_media(color_scheme="dark")
        dark = await background()
        assert light != dark

        choice = page.get_by_label("Theme")
        await choice.select_option("light")
        assert await background() == light
        for url in (session.url, f"{session.url}/gallery"):
            await page.goto(url)
            await expect(choice).to_have_value("light")
            assert await background() == light

        await choice.select_option("system")
        assert await background() == dark
        await page.emulate_media(color_scheme="light")
        await choice.select_option("dark")
        await page.reload()
        assert await background() == dark
