"""The full card for one voice log. Its title is in labels.py, its facts are in facts.py."""

from typing import Final

from bot.signalwire.models import LogVariant, VoiceLog
from bot.ui import block_kit, card_buttons, ending_words, facts, labels, mrkdwn
from bot.ui.block_kit import Block, Message
from bot.ui.card_context import CardContext
from bot.voicelogs.results import Found

CHARGE_LINES_LIMIT: Final = 15

CHARGES: Final = "Charge breakdown"
NO_VOICE_LOG: Final = "From the Compatibility API; there's no voice log yet."

_NOT_SAID: Final = "This record doesn't say why the call failed"
_SEE_DETAILS: Final = f"{_NOT_SAID}; Details may."
_SEE_DASHBOARD: Final = f"{_NOT_SAID}. Search for this ID in the SignalWire dashboard."
_DELETED: Final = "SignalWire keeps nothing else about a deleted log."


def card(found: Found, context: CardContext) -> Message:
    """Build a log's card, with its buttons."""
    log = found.log
    is_live = log.is_ongoing(context.now)
    buttons = card_buttons.card_row(found.log_id, is_live=is_live, options=context.options)
    emoji, _ = labels.status(log, context.now)
    headline = labels.headline(log, context.now)
    main = facts.main_facts(log, context.now)
    charges = charge_lines(log)
    log_id = mrkdwn.code(log.id)
    id_label = labels.id_label(found)
    notes = [*_context_lines(found, context), *_notes(found, has_details=context.has_buttons)]
    body: list[Block] = [block_kit.header(f"{emoji} {headline}"), *block_kit.fields(main)]
    body += [block_kit.section("\n".join([f"*{CHARGES}*", *charges]))] if charges else []
    body += [block_kit.context(note) for note in notes]
    body += [block_kit.context(f"{id_label} {log_id}"), *block_kit.actions(buttons)]
    lines = [
        headline,
        *(fact.line for fact in main),
        *([f"{CHARGES}:", *charges] if charges else []),
        *notes,
        f"{id_label}: {log_id}",
    ]
    return block_kit.message(lines, body)


def charge_lines(log: VoiceLog) -> list[str]:
    """Return the lines of the charge, in mrkdwn."""
    return labels.charge_lines(log, CHARGE_LINES_LIMIT, "more lines")


def _context_lines(found: Found, context: CardContext) -> list[str]:
    log, project = found.log, context.project(found.project)
    parts = [*labels.labels(log), labels.parent(log), project and f"project {project}"]
    lines = [facts.audio(log.quality), " · ".join(filter(None, parts))]
    return [*filter(None, lines), *facts.notes(log, context.now)]


def _notes(found: Found, *, has_details: bool) -> list[str]:
    log, call = found.log, found.call
    notes = [] if call is None else [NO_VOICE_LOG]
    if words := ending_words.reasons(log):
        notes.append(" · ".join(f"{name} {text}" for name, text in words.items()))
    elif log.status == "failed":
        notes.append(_SEE_DETAILS if has_details and call is None else _SEE_DASHBOARD)
    is_stripped = log.variant is LogVariant.DELETED and log.type is None
    return [*notes, *([_DELETED] if is_stripped else [])]
