"""The side for developers: what passed is seen, what is turned is felt, all there is is listed."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import unquote, urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, expect
from pydantic import JsonValue

from bot.app import Timing
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, canned_failures, catalogue
from bot.dev.playground.run import playground
from bot.ui import access_denied
from bot.ui import errors as error_texts
from tests.browser.page import Desk, a_desk
from tests.browser.user_actions import open_form, open_menu, press, said, tidy
from tests.support.samples import NOW

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

COMMAND: Final = f"/voicelog {DOCUMENTED}"
BUILDER: Final = "https://app.slack.com/block-kit-builder/#"
LATENCY: Final = "SignalWire takes this much longer"
FAILURES: Final = "SignalWire fails this often"
KIND: Final = "SignalWire fails like this"
SLOW: Final = "SignalWire is responding slowly; the log will appear here."
NUMBER: Final = "+1 206-555-1212"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def same_desk(chromium: Browser) -> AsyncIterator[Desk]:
    """One for the whole module; its bot says at once that SignalWire is slow; the clock waits."""
    async with a_desk(chromium, Timing(sleep=asyncio.sleep, progress_after=0)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def desk(same_desk: Desk) -> AsyncIterator[Desk]:
    """It, tidied, with nothing turned."""
    await tidy(same_desk)
    yield same_desk
    same_desk.time.gate.open()
    stage = same_desk.stage
    stage.signalwire.latency_seconds, stage.signalwire.failure_share = 0.0, 0.0
    if stage.environment:
        await stage.restart_with({})


def side(desk: Desk) -> Locator:
    """All that is for developers."""
    return desk.page.get_by_role("complementary", name="For developers")


def exchange(desk: Desk, what: str) -> Locator:
    """The latest exchange in the panel of all in which this was done."""
    rows = side(desk).locator("#interactions").get_by_role("listitem")
    return rows.filter(has_text=what).first


async def turn(desk: Desk, control: str, choice: str) -> None:
    """Choose something for a setting, and wait until it is in force."""
    await side(desk).get_by_label(control, exact=True).select_option(choice)
    await expect(desk.page.locator("#status")).to_contain_text(control)


async def look_up(desk: Desk, outcome: str) -> Locator:
    """Ask for a log; `outcome` stands in the answer, which may stand below the wait."""
    before = await desk.messages.count()
    await desk.type(COMMAND)
    await expect(desk.answer).to_contain_text(outcome)
    assert await desk.messages.count() in {before + 1, before + 2}
    return desk.answer


def built(href: str | None) -> dict[str, JsonValue]:
    """What a link shows in Block Kit Builder."""
    assert href is not None
    assert href.startswith(BUILDER)
    shown: dict[str, JsonValue] = json.loads(unquote(urlsplit(href).fragment))
    return shown


async def test_an_exchange_says_what_was_done_and_how_it_was_acknowledged(desk: Desk) -> None:
    await look_up(desk, NUMBER)

    row = exchange(desk, COMMAND)
    await expect(row).to_contain_text("ack 200 in ")
    await expect(row).to_contain_text(" ms, response_url 200")


async def test_an_exchange_opens_to_its_request_its_posts_and_the_verdict(desk: Desk) -> None:
    await look_up(desk, NUMBER)
    row = exchange(desk, COMMAND)

    await row.locator("summary").click()

    request = row.get_by_role("group", name="Request", exact=True)
    await expect(request).to_contain_text(f'"text": "{DOCUMENTED}"')
    await expect(request).to_contain_text("X-Slack-Signature: v0=")
    await expect(row).to_contain_text("Valid: ok")
    await expect(row.get_by_role("heading", name="Acknowledgment: 200")).to_be_visible()
    sent = row.get_by_role("group", name="response_url, what was sent").last
    await expect(sent).to_contain_text(NUMBER)


async def test_an_open_exchange_stays_open_when_more_comes(desk: Desk) -> None:
    card = await look_up(desk, NUMBER)
    first = exchange(desk, COMMAND)
    await first.locator("summary").click()
    await expect(first.get_by_role("heading", name="Request")).to_be_visible()

    await press(card, "Details")
    await expect(desk.window).to_contain_text("Timeline")

    await expect(exchange(desk, "click on voicelog_details")).to_contain_text("views.open 200")
    await expect(first).to_contain_text("Valid: ok")
    await press(desk.window, "Close")


async def test_a_refused_post_is_marked_and_says_why(desk: Desk) -> None:
    await look_up(desk, NUMBER)
    answers_at = desk.stage.slack.interactions[-1].response_url
    async with httpx.AsyncClient() as anybody:
        await anybody.post(answers_at, json={"blocks": [{"type": "header"}]})

    row = exchange(desk, COMMAND)
    await expect(row).to_contain_text("response_url refused")
    await row.locator("summary").click()

    await expect(row.locator(".verdict.refused")).to_contain_text("Refused:")
    await expect(row.locator(".verdict.refused")).to_contain_text("/blocks/0/text: is required")
    colours = await row.locator(".verdict").evaluate_all(
        "all => all.map(each => getComputedStyle(each).color)"
    )
    assert colours[0] != colours[-1]


async def test_messages_open_in_block_kit_builder_as_they_are(desk: Desk) -> None:
    card = await look_up(desk, NUMBER)
    _wait, posted = desk.stage.slack.messages.messages
    await open_menu(card)
    link = card.get_by_role("link", name="Open in Block Kit Builder")
    assert built(await link.get_attribute("href")) == {"blocks": posted.blocks}
    assert await link.get_attribute("rel") == "noopener noreferrer"

    row = exchange(desk, COMMAND)
    await row.locator("summary").click()
    link = row.get_by_role("link", name="Open in Block Kit Builder").last
    assert built(await link.get_attribute("href")) == {"blocks": posted.blocks}
    assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_windows_and_the_home_tab_open_in_block_kit_builder_too(desk: Desk) -> None:
    form = await open_form(desk)
    view = desk.stage.slack.modals("U0SUPPORT")[-1]
    link = form.get_by_role("link", name="Open in Block Kit Builder")
    assert built(await link.get_attribute("href")) == dict(view.payload)
    await press(form, "Close")

    await press(desk.page.locator("header"), "VoiceLog · Home")
    tab = desk.page.get_by_role("region", name="Home tab")
    await expect(tab.get_by_role("heading", name="Status")).to_be_visible()
    home = desk.stage.slack.home_tab("U0SUPPORT")
    assert home is not None
    link = tab.get_by_role("link", name="Open in Block Kit Builder")
    assert built(await link.get_attribute("href")) == dict(home.payload)


async def test_a_slow_signalwire_is_waited_for_in_sight(desk: Desk) -> None:
    desk.time.gate.close()
    await side(desk).get_by_label(LATENCY).fill("5")
    await expect(side(desk).get_by_text("5 s", exact=True)).to_be_visible()
    await expect(desk.page.locator("#status")).to_have_text("SignalWire now takes 5 s longer.")

    before = await desk.messages.count()
    await look_up(desk, SLOW)
    desk.time.gate.open()

    await expect(desk.answer).to_contain_text(NUMBER)
    await expect(desk.messages.nth(before)).to_contain_text(SLOW)


async def test_a_signalwire_that_fails_is_told_of_and_later_it_works_again(desk: Desk) -> None:
    await side(desk).get_by_label(KIND).select_option("403 Forbidden")
    await side(desk).get_by_label(FAILURES).fill("100")
    await expect(desk.page.locator("#told")).to_have_text("SignalWire fails 100% of the time now.")
    answer = await look_up(desk, error_texts.CREDENTIALS_REJECTED.title)
    await expect(answer).not_to_contain_text(NUMBER)

    await side(desk).get_by_label(FAILURES).fill("0")
    await expect(desk.page.locator("#status")).to_have_text("SignalWire now fails 0% of the time.")

    await look_up(desk, NUMBER)


@pytest.mark.parametrize(
    ("control", "inside", "outside"),
    [
        ("ALLOWED_USERS", "U0SUPPORT", "U0ELSEWHERE"),
        ("ALLOWED_CHANNELS", "C0SUPPORT", "C0ELSEWHERE"),
        ("ALLOWED_TEAMS", "T0ACME", "T0ELSEWHERE"),
    ],
)
async def test_an_allow_list_leaves_out_and_lets_in(
    desk: Desk, control: str, inside: str, outside: str
) -> None:
    await turn(desk, control, outside)
    await look_up(desk, access_denied.TITLE)

    await turn(desk, control, inside)
    await expect(desk.page.locator("#status")).to_contain_text(inside)
    await look_up(desk, NUMBER)


async def test_numbers_are_masked_from_the_moment_that_is_chosen(desk: Desk) -> None:
    await turn(desk, "MASK_NUMBERS", "always")
    await expect(desk.page.locator("#status")).to_contain_text("always")
    masked = await look_up(desk, "Completed · 10 s")
    await expect(masked).not_to_contain_text("555")

    await turn(desk, "MASK_NUMBERS", "never")
    await expect(desk.page.locator("#status")).to_contain_text("never")
    await look_up(desk, NUMBER)


async def test_what_was_turned_stays_so_when_the_page_is_loaded_anew(desk: Desk) -> None:
    await side(desk).get_by_label(LATENCY).fill("2.5")
    await expect(desk.page.locator("#status")).to_contain_text("2.5 s")
    await side(desk).get_by_label(FAILURES).fill("35")
    await expect(desk.page.locator("#status")).to_contain_text("35%")
    await turn(desk, "ALLOWED_USERS", "U0SUPPORT")

    await desk.page.reload()

    await expect(side(desk).get_by_label(LATENCY)).to_have_value("2.5")
    await expect(side(desk).get_by_label(FAILURES)).to_have_value("35")
    await expect(side(desk).get_by_label("ALLOWED_USERS")).to_have_value("U0SUPPORT")
    await expect(side(desk).get_by_text("2.5 s", exact=True)).to_be_visible()


async def test_every_log_is_listed_with_what_is_special_about_it(desk: Desk) -> None:
    await side(desk).get_by_text("What there is to look up").click()

    lines = await side(desk).locator(".examples li").all_inner_texts()

    known = [(log.id, log.description) for log in catalogue(NOW)]
    known += [(fault.id, fault.description) for fault in canned_failures()]
    for log_id, what in known:
        assert f"/voicelog {log_id} {what}" in lines


async def test_a_listed_log_fills_the_box_and_is_looked_up_with_enter(desk: Desk) -> None:
    await press(desk.page.locator("header"), "VoiceLog · Home")
    await side(desk).get_by_text("What there is to look up").click()

    await press(side(desk), COMMAND)

    box = desk.page.get_by_label("Message or command")
    await expect(box).to_have_value(COMMAND)
    await expect(box).to_be_focused()
    await box.press("Enter")
    await expect(said(desk, NUMBER)).to_have_count(1)


async def test_the_page_says_that_the_server_has_stopped_and_goes_on_when_it_runs_again(
    chromium: Browser,
) -> None:
    page = await chromium.new_page()
    async with playground() as (url, _):
        await page.goto(url)
        await expect(page.get_by_role("article")).to_have_count(5)
    gone = page.get_by_text("The playground has stopped")
    await expect(gone).to_be_visible()

    async with playground(urlsplit(url).port or 0) as (url_again, _):
        assert url_again == url
        await expect(gone).to_be_hidden()
        await expect(page.get_by_role("article")).to_have_count(5)
        await page.get_by_label("Message or command").fill(COMMAND)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article").last).to_contain_text(NUMBER)
        await page.close()
