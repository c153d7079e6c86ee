"""Text of users and callers is shown as text: no script, no request, no element."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.page import Session, open_session
from tests.browser.seeded_apps import post
from tests.browser.user_actions import messages_with, open_menu, press, reset
from tests.dev.emulator_harness import Json, button, plain, section

HOSTILE_LOG: Final = "0dd00000-0000-4000-8000-000000000003"
ATTACKS: Final = (
    "<img src=x onerror=window.ran=1>",
    "<script>window.ran=1</script>",
    "</pre></article></li><svg onload=window.ran=1>",
    '"><iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
    "<javascript:window.ran=1|SignalWire>",
    "javascript:window.ran=1",
    "{{ 7 * 7 }} ${window.ran=1}",
    "<!channel> <@U0FRONTDESK> &lt;script&gt;window.ran=1&lt;/script&gt;",
    "\u202e<b style=position:fixed>gro.elpmaxe\u202c \u2066\u200f\u0000\u0007",
)
FOREIGN: Final = ":is(img, script, svg, iframe, object, embed, link, style, [style], [onload])"


@pytest_asyncio.fixture(loop_scope="session")
async def session(shared_session: Session) -> AsyncIterator[Session]:
    """The shared session, reset; afterwards, no script has run and no foreign element is there."""
    await reset(shared_session)
    yield shared_session
    assert await shared_session.page.evaluate("window.ran") is None
    await expect(shared_session.page.locator("body").locator(FOREIGN)).to_have_count(0)
    await expect(shared_session.page.locator("a[href^='javascript' i]")).to_have_count(0)
    assert all(url.startswith(shared_session.url) for url in shared_session.requested_urls)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_typed_markup_is_shown_as_text(session: Session, attack: str) -> None:
    before = await session.messages.count()

    await session.type(attack)

    await expect(session.messages).to_have_count(before + 1)
    visible = "".join(letter for letter in attack if letter.isascii() and letter.isprintable())
    await expect(session.latest).to_contain_text(visible)
    await expect(session.latest.locator(".mention, code, .blocks a")).to_have_count(0)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_an_apps_markup_is_shown_as_text(session: Session, attack: str) -> None:
    text, mrkdwn = plain(attack), Json(type="mrkdwn", text=attack)
    lines = Json(type="rich_text_preformatted", elements=[Json(type="text", text=attack)])
    post(
        session,
        {"type": "header", "text": text},
        section(text=mrkdwn, fields=[text, mrkdwn], accessory=button(attack)),
        {"type": "context", "elements": [text, mrkdwn]},
        {"type": "rich_text", "elements": [lines]},
        text=attack,
    )

    await expect(session.latest.locator(".header")).to_be_visible()
    await open_menu(session.latest)
    await press(session.latest, "Plain text")
    await expect(session.latest.locator(".as-plain")).to_be_visible()


async def test_a_hostile_log_is_harmless_everywhere(session: Session) -> None:
    await session.type(f"/voicelog {HOSTILE_LOG}")
    card = messages_with(session, HOSTILE_LOG)
    await expect(card).to_contain_text("<!channel> <img src=x onerror=alert(1)>")
    await expect(card.locator(".mention, a[href^='https://evil']")).to_have_count(0)
    await press(card, "Details")
    await expect(session.dialog).to_contain_text("Timeline")
    await press(session.dialog, "Raw JSON")
    await expect(session.dialog).to_contain_text("onerror=alert(1)")
    await press(session.dialog, "Close")

    interactions = session.page.locator("#interactions summary")
    await interactions.filter(has_text=f"/voicelog {HOSTILE_LOG}").first.click()

    posted = session.page.get_by_role("group", name="response_url, what was sent")
    await expect(posted).to_contain_text("onerror=alert(1)")


async def test_an_injected_script_is_not_run(chromium: Browser) -> None:
    async with open_session(chromium) as session:
        await session.page.evaluate(
            """() => {
              const script = document.createElement("script");
              script.textContent = "window.ran = 1";
              document.body.append(script);
              const image = "<img src=data:, onerror=window.ran=1>";
              document.body.insertAdjacentHTML("beforeend", image);
            }"""
        )
        await session.page.wait_for_function("document.images[0].complete")

        assert await session.page.evaluate("window.ran") is None
        assert any("script-src" in error for error in session.console_errors)
        assert all("Content Security Policy" in error for error in session.console_errors)
        session.console_errors.clear()
