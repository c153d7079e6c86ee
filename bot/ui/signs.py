"""The emoji that people see: one for each meaning, at the beginning of a title or a line.

A test checks that the gallery shows these and no others.
"""

from typing import Final

# ── The outcome of a request ──────────────────────────────────────────────────────────────────

OK: Final = "✅"
FAILED: Final = "❌"
"""Slack, SignalWire or the bot failed, or a setting is wrong."""
WARNING: Final = "⚠️"
"""Nothing failed, but the request wasn't carried out, or only in part."""
SEARCH: Final = "🔎"
"""Results, no results, or a search that isn't clear."""
DENIED: Final = "🔒"
WAITING: Final = "⏳"

# ── The status of a leg; `completed` is OK, and `failed` is FAILED ────────────────────────────

NOT_STARTED: Final = "🕓"
RINGING: Final = "🔔"
LIVE: Final = "🟢"
ENDED: Final = "⏹️"
BUSY: Final = "🚫"
NO_ANSWER: Final = "📵"
CANCELED: Final = "⚪"
UNKNOWN_STATUS: Final = "▫️"
NO_STATUS: Final = "📄"
DELETED: Final = "🗑️"
