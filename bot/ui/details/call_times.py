"""The line with a leg's ring time and talk time, to a tenth of a second."""

from decimal import Decimal
from typing import Final

from bot.ui import block_kit, durations, mrkdwn
from bot.ui.block_kit import Block
from bot.ui.card_context import CardContext
from bot.voicelogs.call_times import CallTimes
from bot.voicelogs.results import Details

_TENTH_MS: Final = 100
_TENTHS_LIMIT: Final = 100
"""From this many tenths on, whole seconds are shown."""


def line(details: Details, context: CardContext) -> list[Block]:
    """Build the line, if the events tell the times: `Rang 3.2 s · talked 1 min 09 s`."""
    parts = _parts(details.times, details, context) if details.times is not None else []
    if not parts:
        return []
    text = " · ".join(parts)
    return [block_kit.section(f"*{text[0].upper()}{text[1:]}*")]


def _parts(times: CallTimes, details: Details, context: CardContext) -> list[str]:
    parts: list[str] = []
    if times.rang_ms is not None:
        end = ", then ended" if times.ended_unanswered else ""
        parts.append(f"rang {to_tenths(times.rang_ms)}{end}")
    if times.talked_ms is not None:
        parts.append(f"talked {to_tenths(times.talked_ms)}")
    if times.ended_at is not None:
        parts.append(f"ended {mrkdwn.date_token(times.ended_at)}, according to its events")
    since, now = times.talking_since, context.now
    if since is not None and since <= now and details.found.log.is_ongoing(now):
        so_far = durations.milliseconds(now) - durations.milliseconds(since)
        parts.append(f"talking for {durations.rounded(so_far)} (at {mrkdwn.time_token(now)})")
    return parts


def to_tenths(milliseconds: int) -> str:
    """Format a duration, below ten seconds with tenths: `3.2 s`, `3 s`, `18 s`."""
    tenths = (2 * milliseconds + _TENTH_MS) // (2 * _TENTH_MS)
    if tenths >= _TENTHS_LIMIT:
        return durations.rounded(milliseconds)
    if not tenths:
        return "less than 0.1 s"
    return durations.exact_seconds(Decimal(tenths) / 10)
