from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from tests.support.services import ServiceHarness


@pytest.fixture
def harness() -> ServiceHarness:
    return ServiceHarness()


@pytest.fixture
def lines() -> Iterator[list[EventDict]]:
    """The log."""
    with capture_logs() as lines:
        yield lines
    assert "canary" not in repr(lines)
