"""Reads the levels of events, and their details, in any of the usual spellings."""

import re
from typing import Final

from bot.signalwire.models import JsonObject, LogEvent, parse_uuid

_WARNINGS: Final = frozenset({"warn", "warning"})
"""`warning` is in older documentation (SignalWire docs, "List voice log events")."""
_SEPARATOR: Final = re.compile("[_ -]")
_ID_KEYS: Final = frozenset({"callid", "callsid", "legid", "segmentid"})


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


def is_of_another_leg(details: JsonObject, log_id: str) -> bool:
    """Whether an object in an event's details names legs, and none of them is this one."""
    texts = (
        text
        for key, text in details.items()
        if isinstance(text, str) and plain_key(key) in _ID_KEYS
    )
    ids = {parse_uuid(text) for text in texts} - {None}  # a SIP Call-ID may be there, too
    return bool(ids) and parse_uuid(log_id) not in ids
