"""The parts of the Details modal that show the leg itself: its facts, times and charges."""

from collections.abc import Iterator
from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, durations, labels, mrkdwn
from bot.ui import facts as main_facts
from bot.ui.block_kit import Block
from bot.ui.card_context import CardContext
from bot.ui.voice_log_card import CHARGES
from bot.voicelogs.call_times import CallTimes
from bot.voicelogs.results import Details

_CHARGES_LIMIT: Final = 100
_NO_SUM: Final = "Line items may not add up to the charge."


def facts(details: Details, context: CardContext) -> list[Block]:
    """Build the main facts of the card, with exact durations, engine and source."""
    found, log = details.found, details.found.log
    audio = main_facts.audio(log.quality)
    if audio is None and details.ending is not None:
        audio = main_facts.audio(details.ending.quality)
    project = context.project(found.project)
    identity = [
        *labels.labels(log, exact=True),
        project and f"project {project}",
        f"{labels.id_label(found)} {mrkdwn.code(log.id)}",
    ]
    lines = [audio, " · ".join(filter(None, identity)), *main_facts.notes(log, context.now)]
    return [
        *block_kit.fields(main_facts.main_facts(log, context.now, exact=True)),
        *map(block_kit.context, filter(None, lines)),
    ]


def call_times(details: Details, context: CardContext) -> list[Block]:
    """Build the line with the ring time and the talk time: `Rang 3.2 s · talked 1 min 09 s`.

    An empty list if the events show neither.
    """
    times = details.times or CallTimes()
    text = " · ".join(_call_times(times, details, context))
    return [block_kit.section(f"*{text[0].upper()}{text[1:]}*")] if text else []


def _call_times(times: CallTimes, details: Details, context: CardContext) -> Iterator[str]:
    if times.rang_ms is not None:
        end = ", then ended" if times.ended_unanswered else ""
        yield f"rang {durations.to_tenths(times.rang_ms)}{end}"
    if times.talked_ms is not None:
        yield f"talked {durations.to_tenths(times.talked_ms)}"
    if times.ended_at is not None:
        yield f"ended {mrkdwn.date_token(times.ended_at)}, according to its events"
    since, now = times.talking_since, context.now
    if since is not None and since <= now and details.found.log.is_ongoing(now):
        so_far = durations.milliseconds(now) - durations.milliseconds(since)
        yield f"talking for {durations.rounded(so_far)} (at {mrkdwn.time_token(now)})"


def charge_breakdown(log: VoiceLog) -> list[Block]:
    """Build the itemized charge, whose lines may not add up to the charge; empty without lines."""
    if not log.charge_details:
        return []
    lines = labels.charge_lines(log, _CHARGES_LIMIT, "more in Raw JSON")
    return [
        block_kit.header(CHARGES),
        *block_kit.sections(lines),
        block_kit.context(_NO_SUM),
    ]
