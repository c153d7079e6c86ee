"""The levels of events that people look for (SignalWire docs, "List voice log events")."""

from typing import Final

from bot.signalwire.models import LogEvent

_WARNINGS: Final = frozenset({"warn", "warning"})
"""The second in older documentation."""


def is_error(event: LogEvent) -> bool:
    """Whether an event is of level `error`."""
    return _level(event) == "error"


def is_warning(event: LogEvent) -> bool:
    """Whether an event is of level `warn`."""
    return _level(event) in _WARNINGS


def _level(event: LogEvent) -> str:
    return (event.level or "").strip().lower()
