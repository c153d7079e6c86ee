"""Nobody is left out: axe-core finds nothing grave, in either scheme, in any state of the page."""

import re
from typing import Literal

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from tests.browser.axe import faults_of
from tests.browser.page import Desk, a_desk
from tests.browser.user_actions import button, field, open_form, open_menu, press, said

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

Scheme = Literal["light", "dark"]
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
# Of all exhibits, those in which some element stands where in no exhibit before it stood one like
# it: axe-core takes a minute for all of them.
ONE_OF_EACH_KIND = """() => {
  const seen = new Set();
  for (const exhibit of document.querySelectorAll("figure")) {
    const kinds = [exhibit, ...exhibit.querySelectorAll("*")].map((one) =>
      [one.parentElement, one].map((each) => each.tagName + "." + each.className).join(">"));
    if (kinds.every((kind) => seen.has(kind))) exhibit.remove();
    kinds.forEach((kind) => seen.add(kind));
  }
  return document.querySelectorAll("figure").length;
}"""


async def a_card(desk: Desk) -> Locator:
    await desk.type(f"/voicelog {DOCUMENTED}")
    card = said(desk, "Completed · 9 s")
    await expect(card).to_have_count(1)
    return card


async def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@both_schemes
async def test_a_channel_its_menus_and_its_questions_have_no_grave_fault(
    chromium: Browser, scheme: Scheme
) -> None:
    async with a_desk(chromium, color_scheme=scheme) as desk:
        card = await a_card(desk)
        assert await faults_of(desk.page) == []

        await open_menu(card)
        assert await faults_of(desk.page) == []
        await press(card, "Plain text")
        assert await faults_of(desk.page) == []
        await open_menu(card)
        await press(card, "Plain text")

        await press(card, "Share")
        assert await faults_of(desk.page) == []


@both_schemes
async def test_windows_and_forms_have_no_grave_fault(chromium: Browser, scheme: Scheme) -> None:
    async with a_desk(chromium, color_scheme=scheme) as desk:
        await press(await a_card(desk), "Details")
        await expect(desk.window).to_contain_text("Timeline")
        assert await faults_of(desk.page) == []
        await press(desk.window, "Close")

        form = await open_form(desk)
        await field(form, "Phone number").fill("12")
        await press(form, "Search")
        await expect(field(form, "Phone number")).to_have_attribute("aria-invalid", "true")
        assert await faults_of(desk.page) == []


@both_schemes
async def test_home_and_the_side_for_developers_have_no_grave_fault(
    chromium: Browser, scheme: Scheme
) -> None:
    async with a_desk(chromium, color_scheme=scheme) as desk:
        await a_card(desk)
        side = desk.page.get_by_role("complementary", name="For developers")
        await side.get_by_text(f"/voicelog {DOCUMENTED}").first.click()
        await expect(side.get_by_role("heading", name="Request")).to_be_visible()
        await side.get_by_text("What there is to look up").click()
        assert await faults_of(desk.page) == []

        await press(desk.page.locator("header"), "VoiceLog · Home")
        await expect(desk.page.get_by_role("heading", name="Things to try")).to_be_visible()
        assert await faults_of(desk.page) == []


@both_schemes
async def test_the_gallery_has_no_grave_fault(chromium: Browser, scheme: Scheme) -> None:
    async with a_desk(chromium, color_scheme=scheme) as desk:
        await desk.page.goto(f"{desk.url}/gallery")
        assert 5 < await desk.page.evaluate(ONE_OF_EACH_KIND) < 50
        assert await faults_of(desk.page) == []


async def test_a_narrow_screen_has_all_of_it_and_nothing_scrolls_sideways(
    chromium: Browser,
) -> None:
    async with a_desk(chromium, color_scheme="light") as desk:
        page = desk.page
        await page.set_viewport_size({"width": 400, "height": 800})
        card = await a_card(desk)
        assert await fits(page)
        assert await faults_of(page) == []

        await card.get_by_label("More actions").click()
        await expect(button(card, "Legs of the call")).to_be_in_viewport(ratio=1)
        await press(card, "Details")
        await expect(desk.window).to_contain_text("Timeline")
        await expect(desk.window).to_be_in_viewport(ratio=1)
        assert await fits(page)
        await press(desk.window, "Close")

        await press(page.locator("header"), "VoiceLog · Home")
        await expect(page.get_by_role("heading", name="Things to try")).to_be_visible()
        assert await fits(page)
        await page.goto(f"{desk.url}/gallery")
        assert await fits(page)


async def test_every_message_has_a_plain_text_that_says_what_its_blocks_say(desk: Desk) -> None:
    card = await a_card(desk)
    blocks = await card.locator(".blocks").inner_text()

    await open_menu(card)
    await press(card, "Plain text")

    plain = await card.locator(".as-plain").inner_text()
    for fact in ("Completed · 9 s", "+1 206-555-1212", "+1 206-555-3434", "$0.01", DOCUMENTED):
        assert fact in blocks
        assert fact in plain
    await expect(card.locator(".blocks")).to_be_hidden()
    for message in await desk.messages.all():
        words = await message.locator(".as-plain").text_content()
        assert words, await message.inner_text()


async def test_the_plain_text_stays_when_the_message_is_replaced(desk: Desk) -> None:
    card = await a_card(desk)
    await open_menu(card)
    await press(card, "Plain text")
    await desk.stage.slack.click(desk.stage.slack.messages.messages[-1], "voicelog_refresh")

    await expect(card).to_contain_text("(edited)")

    await expect(card.locator(".as-plain")).to_be_visible()
    await expect(button(card, "Details")).to_be_hidden()


async def test_new_messages_are_announced(desk: Desk) -> None:
    """A log is a live region: what is added to it is read out, politely."""
    log = desk.page.get_by_role("log", name="Messages")
    before = await log.get_by_role("article").count()

    await desk.type("Hello")

    await expect(log.get_by_role("article")).to_have_count(before + 1)
    await expect(log.get_by_role("article").last).to_contain_text("Hello")
    assert await log.evaluate("log => log.closest('[aria-live=off], [aria-hidden=true]')") is None


async def test_what_the_page_says_at_once_is_a_status_and_what_is_wrong_an_alert(
    desk: Desk,
) -> None:
    await desk.page.get_by_label("SignalWire latency").fill("2")

    status = desk.page.locator("p[role=status]")
    await expect(status).to_have_text("SignalWire now takes 2 s longer.")
    assert await desk.page.locator("#gone").get_attribute("role") == "alert"


async def test_windows_are_named_by_their_titles_and_landmarks_by_what_they_hold(
    desk: Desk,
) -> None:
    page = desk.page
    for name in ("main", "banner"):
        await expect(page.get_by_role(name)).to_have_count(1)
    await expect(page.get_by_role("navigation", name="Pages")).to_have_count(1)
    await expect(page.get_by_role("complementary", name="For developers")).to_have_count(1)
    card = await a_card(desk)
    await expect(page.get_by_role("article", name=re.compile("^VoiceLog APP"))).to_have_count(1)

    await press(card, "Details")

    await expect(page.get_by_role("dialog", name="Voice log")).to_be_visible()


async def test_no_two_messages_are_called_the_same_and_nothing_to_press_is_nameless(
    own_desk: Desk,
) -> None:
    await a_card(own_desk)

    names = await own_desk.page.evaluate(
        "[...document.querySelectorAll('.message h3')].map(each => each.textContent)"
    )
    assert len(set(names)) == len(names) > 5
    nameless = await own_desk.page.evaluate(
        """[...document.querySelectorAll("button, summary, a")]
          .filter((one) => !(one.ariaLabel ?? one.textContent).match(/\\p{L}/u))
          .map((one) => one.outerHTML)"""
    )
    assert nameless == []


async def test_colours_follow_the_system_until_somebody_chooses_others(chromium: Browser) -> None:
    async with a_desk(chromium, color_scheme="light") as desk:
        page = desk.page

        async def ground() -> str:
            return str(await page.evaluate("getComputedStyle(document.body).backgroundColor"))

        light = await ground()
        await page.emulate_media(color_scheme="dark")
        dark = await ground()
        assert light != dark

        choice = page.get_by_label("Theme")
        await choice.select_option("light")
        assert await ground() == light
        for address in (desk.url, f"{desk.url}/gallery"):
            await page.goto(address)
            await expect(choice).to_have_value("light")
            assert await ground() == light

        await choice.select_option("as the system")
        assert await ground() == dark
        await page.emulate_media(color_scheme="light")
        await choice.select_option("dark")
        await page.reload()
        assert await ground() == dark
