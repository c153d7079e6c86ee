"""IDs, times and numbers that many tests use; the logs are in the emulated SignalWire's catalog."""

from datetime import UTC, datetime
from typing import Final

from bot.dev.emulator.signalwire.catalog import DELAYED, DOCUMENTED, LIVE
from bot.ui import actions

__all__ = ["DELAYED", "DOCUMENTED", "LIVE"]

ACTION_IDS: Final = [
    value
    for value in vars(actions).values()
    if isinstance(value, str) and value.startswith("voicelog_")
]
"""Of buttons and menus."""

NOW: Final = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
"""The current time in most tests."""

ENDED: Final = "ca110000-0000-4000-8000-000000000002"
BROWSER_CALL: Final = "ca110000-0000-4000-8000-000000000003"
PARENT: Final = "fa000000-0000-4000-8000-000000000001"
"""A call of three legs: this one and `CHILDREN`."""
CHILDREN: Final = (
    "fa000000-0000-4000-8000-000000000002",
    "fa000000-0000-4000-8000-000000000003",
)
CHILD: Final = CHILDREN[1]
LONG_TIMELINE: Final = "0dd00000-0000-4000-8000-000000000004"
"""120 events, on three pages."""
DELETED: Final = "de1e7ed0-0000-4000-8000-000000000001"
SIP_ADDRESS: Final = "add00000-0000-4000-8000-000000000001"
WHATSAPP_ADDRESS: Final = "add00000-0000-4000-8000-000000000002"
OTHER_ADDRESS: Final = "add00000-0000-4000-8000-000000000003"

# Requests for these logs fail.
NOT_FOUND: Final = "fa170404-0000-4000-8000-000000000000"
UNAUTHORIZED: Final = "fa170401-0000-4000-8000-000000000000"
UNAVAILABLE: Final = "fa170503-0000-4000-8000-000000000000"
UNAVAILABLE_ONCE: Final = "fa170503-0000-4000-8000-000000000001"
STALLED: Final = "fa170200-0000-4000-8000-000000000007"
EVENTS_FAIL: Final = "fa170500-0000-4000-8000-000000000001"
"""The log is found, but its events aren't."""
CALL_FAILS: Final = "fa170500-0000-4000-8000-000000000002"
"""A LaML log is found, but the Compatibility API fails."""
BUSY_LAML: Final = "57a70500-0000-4000-8000-000000000005"

SUPPORT: Final = "U0SUPPORT"
"""The user who acts unless a test names another."""
COLLEAGUE: Final = "U0COLLEAGUE"
TEAM: Final = "T0ACME"
STRANGER_TEAM: Final = "T0STRANGER"
CHANNEL: Final = "C0SUPPORT"
THREAD: Final = "1795000001.000100"

CALLER_NUMBER: Final = "+1 206-555-1212"
"""The caller of the documented example, as its card shows it."""
MASKED_CALLER: Final = "+1 ••••••••12"
CANARY: Final = "canary-4f1d"
"""In response bodies that must not be quoted."""
