"""The full card for one voice log."""

from collections.abc import Sequence
from typing import Final

from bot.signalwire.models import CallPhase, LogVariant, VoiceLog
from bot.ui import block_kit, labels, mrkdwn
from bot.ui.block_kit import Block, Element, Fact, Message
from bot.ui.card_context import CardContext
from bot.voicelogs.results import Found

CHARGE_LINES_LIMIT: Final = 15

_HOUR_SECONDS: Final = 3600
_CHARGES: Final = "Charge details"
_LIVE: Final = "This leg is live. Its duration and charge may still change."
_NOT_STARTED: Final = "This leg hasn't started. Its duration and charge may still change."
_FAILED: Final = (
    "The API doesn't say why a call failed. To find out, search for this id in the dashboard."
)


def card(found: Found, context: CardContext, *, buttons: Sequence[Element] = ()) -> Message:
    """Build a log's card.

    Args:
        found: the log.
        context: of the reply.
        buttons: the elements of the actions block at the end.
    """
    log = found.log
    emoji, _ = labels.status(log)
    headline = labels.headline(log)
    summary, details = _summary(log), _details(log, context.project(found.project))
    label_line, charges, notes = " · ".join(labels.labels(log)), _charge_lines(log), _notes(log)
    log_id = mrkdwn.code(log.id)
    body: list[Block] = [block_kit.header(f"{emoji} {headline}"), *block_kit.fields(summary)]
    body += [block_kit.context(label_line)] if label_line else []
    body += [block_kit.section("\n".join([f"*{_CHARGES}*", *charges]))] if charges else []
    body += block_kit.fields(details)
    body += [block_kit.context(note) for note in notes]
    body += [block_kit.context(f"Voice log id {log_id}"), *block_kit.actions(buttons)]
    lines = [
        headline,
        *(fact.as_text() for fact in summary),
        *([mrkdwn.mrkdwn_to_text(label_line)] if label_line else []),
        *([f"{_CHARGES}:"] if charges else []),
        *(mrkdwn.mrkdwn_to_text(line) for line in charges),
        *(fact.as_text() for fact in details),
        *notes,
        f"Voice log id: {mrkdwn.mrkdwn_to_text(log_id)}",
    ]
    return block_kit.message(lines, body)


def _summary(log: VoiceLog) -> list[Fact]:
    facts = []
    if log.from_ is not None:
        facts.append(Fact("From", mrkdwn.address(log.from_)))
    if log.to is not None:
        facts.append(Fact("To", mrkdwn.address(log.to)))
    return [*facts, *labels.charge(log)]


def _details(log: VoiceLog, project: str | None) -> list[Fact]:
    facts = labels.status_and_times(log)
    if log.duration_ms is not None:
        facts.append(Fact("Duration", mrkdwn.exact_duration(int(log.duration_ms))))
    elif log.duration is not None and log.duration >= _HOUR_SECONDS:  # the headline has no seconds
        facts.append(Fact("Duration", f"{int(log.duration)} s"))
    facts += labels.billed_time(log)
    if log.parent_id is not None:
        facts.append(Fact("Parent leg", mrkdwn.code(log.parent_id)))
    if project is not None:
        facts.append(Fact("Project", mrkdwn.code(project)))
    return facts


def _charge_lines(log: VoiceLog) -> list[str]:
    """Return the lines of the charge, which may not add up to it (SignalWire docs)."""
    lines = [labels.charge_line(item) for item in log.charge_details]
    if len(lines) > CHARGE_LINES_LIMIT:
        omitted = len(lines) - CHARGE_LINES_LIMIT
        lines = [*lines[:CHARGE_LINES_LIMIT], f"… and {omitted} more lines"]
    return lines


def _notes(log: VoiceLog) -> list[str]:
    notes = []
    if log.is_live:
        notes.append(_NOT_STARTED if log.phase is CallPhase.NOT_STARTED else _LIVE)
    if log.status == "failed":
        notes.append(_FAILED)
    if log.variant is LogVariant.DELETED:
        notes.append("SignalWire keeps nothing else about a deleted log.")
    return notes
