"""Makes the screenshots in the README: `python -m tests.browser.make_screenshots`.

Needs Chromium and, for the colors of the emoji, an emoji font (Debian: chromium and
fonts-noto-color-emoji). The clock is fixed, but Chromium's rounding to
pixels differs between runs, so commit a picture only if its content has changed.
"""

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import FloatRect, Locator, Page

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.local_stack import StackClock
from bot.dev.playground.run import playground
from bot.dev.playground.seed import APP
from tests.browser.page import open_browser
from tests.support.samples import CHILD, NOW

_FOLDER: Final = Path(__file__).parents[2] / "bot/dev/playground"


async def main() -> None:
    """Take screenshots of a card, the legs of a call, and search results."""
    async with (
        open_browser() as browser,
        playground(timing=StackClock(now=lambda: NOW)) as (url, _),
    ):
        page = await browser.new_page(
            viewport={"width": 640, "height": 1400},
            device_scale_factor=1.5,
            color_scheme="light",
            timezone_id="UTC",
        )
        await page.clock.set_fixed_time(NOW)
        await page.goto(url)
        await _save(await _reply(page, DOCUMENTED, "Details"), "screenshot.png")
        await _save(await _reply(page, "find missed 6h", "View"), "screenshot-search.png")
        card = await _reply(page, CHILD, "Details")
        await card.get_by_label("More actions").click()
        await card.get_by_role("button", name="Legs of the call").click()
        legs = page.locator("dialog.modal")
        await legs.get_by_role("button", name="View").first.wait_for()
        await _save(legs.locator(".body"), "screenshot-legs.png", margin=0)


async def _reply(page: Page, text: str, button: str) -> Locator:
    """Type a command; return the reply once it has this button."""
    box = page.get_by_label("Message or command")
    await box.fill(f"{APP.command} {text}")
    before = await page.get_by_role("article").count()
    await box.press("Enter")
    reply = page.get_by_role("article").nth(before)
    await reply.get_by_role("button", name=button, exact=True).first.wait_for()
    await box.blur()
    return reply


async def _save(what: Locator, name: str, margin: int = 12) -> None:
    """Take a screenshot of an element with a margin in CSS pixels."""
    await what.scroll_into_view_if_needed()
    box = await what.bounding_box()
    assert box is not None
    clip: FloatRect = {
        "x": box["x"] - margin,
        "y": box["y"] - margin,
        "width": box["width"] + 2 * margin,
        "height": box["height"] + 2 * margin,
    }
    picture = _FOLDER / name
    picture.write_bytes(await what.page.screenshot(clip=clip, animations="disabled"))
    print(f"{picture} ({picture.stat().st_size} bytes)")  # noqa: T201 - run by hand


if __name__ == "__main__":
    asyncio.run(main())
