"""A log as plain text, to paste into a ticket."""

from html import unescape

from bot.signalwire.models import LogVariant, VoiceLog
from bot.ui import ending_words, facts, labels, mrkdwn, voice_log_card
from bot.ui.card_context import CardContext
from bot.voicelogs.results import Found


def text(found: Found, context: CardContext) -> str:
    """Return what the log says, a fact on each line, with times in UTC, and links as sent."""
    log = found.log
    main = facts.main_facts(log, context.now, exact=True)
    audio = facts.audio(log.quality)
    charges = voice_log_card.charge_lines(log)
    lines = [
        *_status(log),
        *(fact.line for fact in main if fact.value != facts.UNKNOWN),
        *([f"{voice_log_card.CHARGES}:", *charges] if charges else []),
        *([audio] if audio else []),
        *facts.notes(log, context.now),
        *(f"{label}: {value}" for label, value in _rest(found, context).items() if value),
        f"{labels.id_label(found)}: {mrkdwn.code(log.id)}",
    ]
    return "\n".join(unescape(mrkdwn.strip_markup(line)) for line in lines)


def _rest(found: Found, context: CardContext) -> dict[str, str | None]:
    """Return what the card shows below its facts, in mrkdwn, by its name."""
    log, project = found.log, context.project(found.project)
    return {
        **ending_words.reasons(log),
        "Direction": labels.direction(log, exact=True),
        "Type": labels.type_label(log),
        "Parent ID": mrkdwn.code(log.parent_id) if log.parent_id is not None else None,
        "Project": project,
    }


def _status(log: VoiceLog) -> list[str]:
    sent = labels.raw_status(log)
    if sent is not None:
        return [f"Status: {mrkdwn.code(sent)}"]
    has_status = log.status is not None or log.variant is LogVariant.DELETED
    return [f"Status: {labels.status(log)[1]}"] if has_status else []
