"""A log as plain text, to paste into a ticket."""

from html import unescape

from bot.signalwire.models import LogVariant, VoiceLog
from bot.ui import audio_quality, facts, labels, mrkdwn
from bot.ui.card_context import CardContext
from bot.voicelogs.results import Found


def text(found: Found, context: CardContext) -> str:
    """Return what the log tells, a fact on each line, with times in UTC."""
    log = found.log
    main = facts.main_facts(log, context.now, exact=True)
    audio = audio_quality.line(log.quality)
    project = context.project(found.project)
    lines = [
        *_status(log),
        *(f"{fact.label}: {fact.value}" for fact in main if fact.value != facts.UNKNOWN),
        *([audio] if audio else []),
        *facts.notes(log, context.now),
        *([f"Project: {mrkdwn.code(project)}"] if project is not None else []),
        f"Voice log id: {mrkdwn.code(log.id)}",
    ]
    return "\n".join(map(_plain, lines))


def _status(log: VoiceLog) -> list[str]:
    sent = labels.raw_status(log)
    if sent is not None:
        return [f"Status: {mrkdwn.code(sent)}"]
    has_status = log.status is not None or log.variant is LogVariant.DELETED
    return [f"Status: {labels.status(log)[1]}"] if has_status else []


def _plain(line: str) -> str:
    """Convert mrkdwn built by this package to text that is copied; links stay as they are."""
    return unescape(mrkdwn.strip_markup(line))
