"""The clock, which is injected so that tests can set the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The current time as an aware UTC datetime."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)
