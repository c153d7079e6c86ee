"""Reads the levels of events, and the keys of their details, in any of the usual spellings."""

import re
from typing import Final

from bot.signalwire.models import LogEvent

_WARNINGS: Final = frozenset({"warn", "warning"})
"""`warning` is in older documentation (SignalWire docs, "List voice log events")."""
_SEPARATOR: Final = re.compile("[_ -]")


def is_error(event: LogEvent) -> bool:
    """Whether an event is of level `error`."""
    return _level(event) == "error"


def is_warning(event: LogEvent) -> bool:
    """Whether an event is of level `warn`."""
    return _level(event) in _WARNINGS


def _level(event: LogEvent) -> str:
    return (event.level or "").strip().lower()


def plain_key(key: str) -> str:
    """Return a key in lower case, without separators."""
    return _SEPARATOR.sub("", key.lower())
