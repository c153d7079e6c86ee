"""Makes the screenshot in the README: `python -m tests.browser.make_screenshot`.

Needs Chromium and, for the colors of the emoji, an emoji font (Debian: chromium and
fonts-noto-color-emoji).
"""

import asyncio
from pathlib import Path
from typing import Final

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.dev.playground.run import playground
from bot.dev.playground.seed import APP
from tests.browser.page import a_browser

PICTURE: Final = Path(__file__).parents[2] / "bot/dev/playground/screenshot.png"


async def main() -> None:
    """Type a command into a playground, and take a screenshot of the card."""
    async with a_browser() as browser, playground() as (url, stack):
        page = await browser.new_page(
            viewport={"width": 760, "height": 900},
            device_scale_factor=2,
            color_scheme="light",
            timezone_id="UTC",
        )
        await page.goto(url)
        await page.get_by_label("Message or command").fill(f"{APP.command} {DOCUMENTED}")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Details").wait_for()
        await stack.bot.tasks.join()
        await page.get_by_label("Message or command").blur()
        PICTURE.write_bytes(await page.get_by_role("article").last.screenshot())
    print(f"{PICTURE} ({PICTURE.stat().st_size} bytes)")  # noqa: T201 - run by hand


if __name__ == "__main__":
    asyncio.run(main())
