"""The line with a leg's ring time and talk time, to a tenth of a second."""

from bot.ui import block_kit, durations, mrkdwn
from bot.ui.block_kit import Block
from bot.ui.card_context import CardContext
from bot.voicelogs.call_times import CallTimes
from bot.voicelogs.results import Details


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
        parts.append(f"rang {durations.to_tenths(times.rang_ms)}{end}")
    if times.talked_ms is not None:
        parts.append(f"talked {durations.to_tenths(times.talked_ms)}")
    if times.ended_at is not None:
        parts.append(f"ended {mrkdwn.date_token(times.ended_at)}, according to its events")
    since, now = times.talking_since, context.now
    if since is not None and since <= now and details.found.log.is_ongoing(now):
        so_far = durations.milliseconds(now) - durations.milliseconds(since)
        parts.append(f"talking for {durations.rounded(so_far)} (at {mrkdwn.time_token(now)})")
    return parts
