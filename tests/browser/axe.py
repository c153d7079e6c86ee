"""What axe-core says of a page. https://github.com/dequelabs/axe-core: rule descriptions."""

from typing import Final

from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]
    Axe,
)
from playwright.async_api import Page

_GRAVE: Final = frozenset({"serious", "critical"})


async def axe_violations(page: Page) -> list[str]:
    """Each serious or critical violation: its rule, what is wrong, and where."""
    # What is moving or fading has colors in between.
    await page.evaluate(
        "Promise.allSettled(document.getAnimations().map(each => (each.finish(), each.finished)))"
    )
    judged = await Axe().run(page)
    return [
        f"{found['id']}: {found['help']}: {node['target']} {node['failureSummary']}"
        for found in judged.response["violations"]
        if found["impact"] in _GRAVE
        for node in found["nodes"]
    ]
