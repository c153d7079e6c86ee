"""The panel for developers: requests are shown, controls take effect, and logs are listed."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

import pytest_asyncio
from playwright.async_api import Browser, Locator, expect
from pydantic import JsonValue

from bot.app import Timing
from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE
from bot.dev.playground.run import playground
from tests.browser.page import Session, open_session
from tests.browser.user_actions import (
    button,
    expect_new_message,
    messages_with,
    open_form,
    open_menu,
    posted,
    press,
    reset,
)

COMMAND: Final = f"/voicelog {DOCUMENTED}"
BUILDER: Final = "https://app.slack.com/block-kit-builder/#"
LATENCY: Final = "SignalWire latency"
FAILURES: Final = "SignalWire failure rate"
SLOW: Final = "SignalWire is responding slowly; the log will appear here."
NUMBER: Final = "+1 206-555-1212"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def shared_session(chromium: Browser) -> AsyncIterator[Session]:
    """The module's session: the bot reports at once that SignalWire is slow."""
    async with open_session(chromium, Timing(sleep=asyncio.sleep, progress_after=0)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def session(shared_session: Session) -> AsyncIterator[Session]:
    """The shared session, reset, with the default controls."""
    await reset(shared_session)
    yield shared_session
    shared_session.time.gate.open()
    stack = shared_session.stack
    stack.signalwire.latency_seconds, stack.signalwire.failure_rate = 0.0, 0.0
    if stack.environment:
        await stack.restart_with({})


def developer_panel(session: Session) -> Locator:
    return session.page.get_by_role("complementary", name="For developers")


def interaction_row(session: Session, what: str) -> Locator:
    """Locate the panel's latest interaction with this text."""
    rows = developer_panel(session).locator("#interactions").get_by_role("listitem")
    return rows.filter(has_text=what).first


async def look_up(session: Session, outcome: str) -> Locator:
    """Look up a log; wait for a reply with `outcome`, perhaps below a progress message."""
    before = await session.messages.count()
    await session.type(COMMAND)
    await expect(session.latest).to_contain_text(outcome)
    assert await session.messages.count() in {before + 1, before + 2}
    return session.latest


async def test_an_interaction_expands_to_its_request_and_posts(session: Session) -> None:
    await look_up(session, NUMBER)
    row = interaction_row(session, COMMAND)
    await expect(row).to_contain_text("ack 200 in ")
    await expect(row).to_contain_text(" ms, response_url 200")

    await row.locator("summary").click()

    request = row.get_by_role("group", name="Request", exact=True)
    await expect(request).to_contain_text(f'"text": "{DOCUMENTED}"')
    await expect(request).to_contain_text("X-Slack-Signature: v0=")
    await expect(row).to_contain_text("Valid: ok")
    await expect(row.get_by_role("heading", name="Acknowledgment: 200")).to_be_visible()
    sent = row.get_by_role("group", name="response_url, what was sent").last
    await expect(sent).to_contain_text(NUMBER)


async def assert_opens_in_builder(place: Locator, payload: Mapping[str, JsonValue]) -> None:
    """Assert that a place's last link to Block Kit Builder has this payload."""
    link = place.get_by_role("link", name="Open in Block Kit Builder").last
    href = await link.get_attribute("href") or ""
    assert href.startswith(BUILDER)
    assert json.loads(unquote(urlsplit(href).fragment)) == payload
    assert await link.get_attribute("rel") == "noopener noreferrer"


async def test_messages_and_views_open_in_block_kit_builder_as_they_are(session: Session) -> None:
    slack = session.stack.slack
    card = await look_up(session, NUMBER)
    _wait, reply = posted(session)
    await open_menu(card)
    await assert_opens_in_builder(card, {"blocks": reply.blocks})
    row = interaction_row(session, COMMAND)
    await row.locator("summary").click()
    await assert_opens_in_builder(row, {"blocks": reply.blocks})
    form = await open_form(session)
    await assert_opens_in_builder(form, slack.modals()[-1].payload)
    await press(form, "Close")
    await press(session.page.locator("header"), "VoiceLog · Home")
    tab = session.page.get_by_role("region", name="Home tab")
    await expect(tab).to_contain_text("credentials accepted")  # it is published twice
    home = slack.home_tab()
    assert home is not None
    await assert_opens_in_builder(tab, home.payload)


async def test_a_slow_signalwire_shows_progress(session: Session) -> None:
    session.time.gate.close()
    await developer_panel(session).get_by_label(LATENCY).fill("5")
    await expect(developer_panel(session).get_by_text("5 s", exact=True)).to_be_visible()
    status = session.page.get_by_role("main").get_by_role("status")
    await expect(status).to_have_text("SignalWire now takes 5 s longer.")

    before = await session.messages.count()
    await look_up(session, SLOW)
    session.time.gate.open()

    await expect(session.latest).to_contain_text(NUMBER)
    await expect(session.messages.nth(before)).to_contain_text(SLOW)


async def test_five_interactions_are_shown_and_the_others_on_request(own_session: Session) -> None:
    session, rows = own_session, developer_panel(own_session).locator("#interactions > li:visible")
    more = developer_panel(session).get_by_role("button", name="Show more")
    for count in range(1, 6):
        await session.type("/voicelog help")
        await expect(rows).to_have_count(count)
    await expect(more).to_be_hidden()
    await session.type("/voicelog status")
    await expect(more).to_be_visible()
    await expect(rows).to_have_count(5)

    await more.click()
    await expect(rows).to_have_count(6)
    await press(developer_panel(session), "Show fewer")
    await expect(rows).to_have_count(5)


async def test_an_opened_interaction_stays_when_newer_ones_push_it_down(
    own_session: Session,
) -> None:
    session = own_session
    async with expect_new_message(session):
        await session.type("/voicelog status")
    row = interaction_row(session, "/voicelog status")
    await row.locator("summary").click()
    for _ in range(5):
        async with expect_new_message(session):
            await session.type("/voicelog help")
    await expect(row.get_by_role("group", name="Request")).to_be_visible()

    await row.locator("summary").click()
    await expect(row).to_be_hidden()


async def test_a_button_starts_a_new_live_call_each_time(session: Session) -> None:
    await press(session.page.locator("header"), "VoiceLog · Home")
    await expect(session.messages.last).to_be_hidden()
    cards = messages_with(session, "Queued")
    for count in (1, 2):
        await press(developer_panel(session), "Start another live call")
        await expect(cards).to_have_count(count)
        await expect(button(session.latest, "Follow")).to_be_visible()


async def test_controls_keep_their_values_after_a_reload(session: Session) -> None:
    await developer_panel(session).get_by_label(LATENCY).fill("2.5")
    await expect(session.page.locator("#status")).to_contain_text("2.5 s")
    await developer_panel(session).get_by_label(FAILURES).fill("35")
    await expect(session.page.locator("#status")).to_contain_text("35%")
    await developer_panel(session).get_by_label("ALLOWED_USERS").select_option("U0SUPPORT")
    await expect(session.page.locator("#status")).to_contain_text("ALLOWED_USERS")

    await session.page.reload()

    await expect(developer_panel(session).get_by_label(LATENCY)).to_have_value("2.5")
    await expect(developer_panel(session).get_by_label(FAILURES)).to_have_value("35")
    await expect(developer_panel(session).get_by_label("ALLOWED_USERS")).to_have_value("U0SUPPORT")
    await expect(developer_panel(session).get_by_text("2.5 s", exact=True)).to_be_visible()


async def test_a_listed_log_fills_the_input_and_is_looked_up_with_enter(session: Session) -> None:
    await press(session.page.locator("header"), "VoiceLog · Home")
    await developer_panel(session).get_by_text("What there is to look up").click()

    sent = len(session.stack.slack.interactions)
    await press(developer_panel(session), COMMAND)

    box = session.page.get_by_label("Message or command")
    await expect(box).to_have_value(COMMAND)
    await expect(box).to_be_focused()
    assert len(session.stack.slack.interactions) == sent
    await box.press("Enter")
    await expect(messages_with(session, NUMBER)).to_have_count(1)


async def test_the_page_reports_a_stopped_server_and_reconnects(chromium: Browser) -> None:
    page = await chromium.new_page()
    async with playground() as (url, _):
        await page.goto(url)
        await expect(page.get_by_role("article").last).to_contain_text(LIVE)
    gone = page.get_by_role("alert").filter(has_text="The playground has stopped")
    await expect(gone).to_be_visible()

    async with playground(urlsplit(url).port or 0) as (url_again, _):
        assert url_again == url
        await expect(gone).to_be_hidden()
        await expect(page.get_by_role("article").last).to_contain_text(LIVE)
        await page.get_by_label("Message or command").fill(COMMAND)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("article").last).to_contain_text(NUMBER)
        await page.close()
