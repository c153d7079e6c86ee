"""What holds for every test: nothing beyond loopback, no real pauses between retries."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import hypothesis
import pytest
import stamina
from pytest_asyncio import is_async_test

from tests.support.logging_restored import logging_restored

TESTS: Final = Path(__file__).parent
SLOW: Final = {"e2e", "load"}
"""Folders whose tests are marked `slow`; those of `browser` are marked `browser`."""
LOOP_SCOPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("integration", "network", "e2e", "load"), "module"),
    "browser": "session",
}
"""Folders whose tests share a world, and therefore an event loop: those of a module, or all."""

# The same examples in every run, however long each takes.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the files in tests/golden, and delete those of examples that are gone",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark each test as the table of its folder says, before any are deselected by their marks."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in SLOW:
            item.add_marker(pytest.mark.slow)
        if folder == "browser":
            item.add_marker(pytest.mark.browser)
        if folder in LOOP_SCOPES and is_async_test(item):
            scope = LOOP_SCOPES[folder]
            item.add_marker(pytest.mark.asyncio(loop_scope=scope), append=False)


@pytest.fixture
def usual_logging() -> Iterator[None]:
    """For tests that configure the logging of the process: it is as before afterwards."""
    with logging_restored():
        yield


@pytest.fixture(autouse=True)
def no_pauses_between_retries() -> Iterator[None]:
    """Retries happen, at once: stamina's own test mode."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
