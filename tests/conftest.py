"""For every test: retries don't sleep."""

from collections.abc import Iterator

import pytest
import stamina


@pytest.fixture(autouse=True)
def no_pauses_between_retries() -> Iterator[None]:
    """Use stamina's test mode, in which retries don't sleep."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield
