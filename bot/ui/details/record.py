"""The parts of the Details modal that show the log itself: status, facts and charge breakdown."""

from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import audio_quality, block_kit, labels, mrkdwn
from bot.ui import facts as main_facts
from bot.ui.block_kit import Block
from bot.ui.card_context import CardContext
from bot.ui.details import sections
from bot.voicelogs.results import Details

_CHARGES_LIMIT: Final = 100
_NO_SUM: Final = "Line items may not add up to the charge."


def facts(details: Details, context: CardContext) -> list[Block]:
    """Build the main facts of the card, with exact durations, engine and source."""
    found, log = details.found, details.found.log
    audio = audio_quality.line(log.quality)
    if audio is None and details.ending is not None:
        audio = audio_quality.line(details.ending.quality)
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


def charge_breakdown(log: VoiceLog) -> list[Block]:
    """Build the itemized charge, whose lines may not add up to the charge; empty without lines."""
    if not log.charge_details:
        return []
    lines = mrkdwn.first_lines(
        log.charge_details, _CHARGES_LIMIT, "more in Raw JSON", labels.charge_line
    )
    return [
        block_kit.header("Charge breakdown"),
        *sections.sections(lines),
        block_kit.context(_NO_SUM),
    ]
