"""Violations that axe-core reports. https://github.com/dequelabs/axe-core: rule descriptions."""

from typing import Final

from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]
    Axe,
)
from playwright.async_api import Page

_REPORTED: Final = frozenset({"serious", "critical"})


async def axe_violations(page: Page) -> list[str]:
    """Return the serious and critical violations: the rule, its help, and the element."""
    # During animations, colors have intermediate values.
    await page.evaluate(
        "Promise.allSettled(document.getAnimations().map(each => (each.finish(), each.finished)))"
    )
    results = await Axe().run(page)
    return [
        f"{found['id']}: {found['help']}: {node['target']} {node['failureSummary']}"
        for found in results.response["violations"]
        if found["impact"] in _REPORTED
        for node in found["nodes"]
    ]
