"""The full card for one voice log."""

from collections.abc import Sequence
from typing import Final

from bot.signalwire.models import LogVariant, VoiceLog
from bot.ui import audio_quality, block_kit, facts, labels, mrkdwn
from bot.ui.block_kit import Block, Element, Message
from bot.ui.card_context import CardContext
from bot.voicelogs.results import Found

CHARGE_LINES_LIMIT: Final = 15

_CHARGES: Final = "Charge breakdown"
_FAILED: Final = (
    "The API doesn't say why a call failed. To find out, search for this id in the dashboard."
)
_DELETED: Final = "SignalWire keeps nothing else about a deleted log."


def card(found: Found, context: CardContext, *, buttons: Sequence[Element] = ()) -> Message:
    """Build a log's card.

    Args:
        found: the log.
        context: of the reply.
        buttons: the elements of the actions block at the end.
    """
    log = found.log
    emoji, _ = labels.status(log, context.now)
    headline = labels.headline(log, context.now)
    main = facts.main_facts(log, context.now)
    charges = _charge_lines(log)
    log_id = mrkdwn.code(log.id)
    notes = [*_context_lines(log, context, context.project(found.project)), *_notes(log)]
    body: list[Block] = [block_kit.header(f"{emoji} {headline}"), *block_kit.fields(main)]
    body += [block_kit.section("\n".join([f"*{_CHARGES}*", *charges]))] if charges else []
    body += [block_kit.context(note) for note in notes]
    body += [block_kit.context(f"Voice log id {log_id}"), *block_kit.actions(buttons)]
    lines = [
        headline,
        *(fact.as_text() for fact in main),
        *([f"{_CHARGES}:"] if charges else []),
        *(mrkdwn.mrkdwn_to_text(line) for line in charges),
        *(mrkdwn.mrkdwn_to_text(note) for note in notes),
        f"Voice log id: {mrkdwn.mrkdwn_to_text(log_id)}",
    ]
    return block_kit.message(lines, body)


def _charge_lines(log: VoiceLog) -> list[str]:
    """Return the lines of the charge, which may not add up to it (SignalWire docs)."""
    lines = [labels.charge_line(item) for item in log.charge_details]
    if len(lines) > CHARGE_LINES_LIMIT:
        omitted = len(lines) - CHARGE_LINES_LIMIT
        lines = [*lines[:CHARGE_LINES_LIMIT], f"… and {omitted} more lines"]
    return lines


def _context_lines(log: VoiceLog, context: CardContext, project: str | None) -> list[str]:
    audio = audio_quality.line(log.quality)
    parts = labels.labels(log)
    parts += [leg_of] if (leg_of := labels.parent(log)) else []
    if project is not None:
        parts.append(f"project {mrkdwn.code(project)}")
    return [
        *([audio] if audio else []),
        *([" · ".join(parts)] if parts else []),
        *facts.notes(log, context.now),
    ]


def _notes(log: VoiceLog) -> list[str]:
    notes = [_FAILED] if log.status == "failed" else []
    return [*notes, *([_DELETED] if log.variant is LogVariant.DELETED else [])]
