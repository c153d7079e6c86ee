"""What holds for every test: nothing beyond loopback, no real pauses between retries."""

from collections.abc import Iterator

import pytest
import stamina


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="rewrite the files in tests/golden, and delete those of examples that are gone",
    )


@pytest.fixture(autouse=True)
def no_pauses_between_retries() -> Iterator[None]:
    """Retries happen, at once: stamina's own test mode."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
