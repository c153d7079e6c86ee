"""A row of a list: a voice log, or the error in its place."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, facts, labels, mrkdwn
from bot.ui.block_elements import Button
from bot.ui.block_kit import Message, Section
from bot.ui.card_context import CardContext

_LAST_PERIOD: Final = re.compile(r"\.(`?)\Z")
_MANY: Final = 5
"""A list of this many rows or more has a line that counts them by status."""


@dataclass(frozen=True)
class Row:
    """A row: a headline in plain text, and mrkdwn beside it and below it."""

    emoji: str
    headline: str
    lines: Sequence[str]
    accessory: Button | None = None
    beside: str = ""

    def block(self) -> Section:
        """Build the row's block."""
        first = " · ".join(filter(None, [f"{self.emoji} *{self.headline}*", self.beside]))
        return block_kit.section("\n".join([first, *self.lines]), self.accessory)

    def line(self) -> str:
        """Return the row as one line of mrkdwn, for the message's plain text."""
        first = " · ".join(filter(None, [self.headline, self.beside]))
        return ". ".join(_LAST_PERIOD.sub(r"\1", line) for line in [first, *self.lines])


def list_message(
    title: str, heading: str, head: Sequence[str], rows: Sequence[Row], foot: Sequence[str]
) -> Message:
    """Build a message with a row for each log; `title` is what `heading` is in plain text.

    `head` and `foot` are lines of mrkdwn above and below.
    """
    message = block_kit.message(
        [title, *head, *(row.line() for row in rows)],
        [
            block_kit.header(heading),
            *map(block_kit.context, head),
            *(row.block() for row in rows),
        ],
    )
    return block_kit.with_notes(message, foot)


def of_log(
    log: VoiceLog,
    context: CardContext,
    *,
    project: str,
    button: Button | None,
    shows_id: bool,
    note: str = "",
) -> Row:
    """Build the row of a log, with a button that leads to its card, and a note in mrkdwn.

    `shows_id`: whether the row has the log's whole ID.
    """
    emoji, label = labels.status(log, context.now)
    charge = mrkdwn.money(log.charge, log.currency) if log.charge is not None else None
    beside = [each for each in (facts.brief_duration(log, context.now), charge) if each]
    last = [
        mrkdwn.date_token(log.created_at) if log.created_at is not None else None,
        f"deleted {mrkdwn.date_token(log.discarded_at)}" if log.discarded_at is not None else None,
        labels.parent(log),
        mrkdwn.code(log.id, 60) if shows_id else None,
        context.project(project),
        note,
    ]
    lines = [labels.route(log), " · ".join(filter(None, last))]
    return Row(emoji, label, [*filter(None, lines)], button, " · ".join(beside))


def summary(logs: Sequence[VoiceLog]) -> str:
    """Return how many logs are live, completed and so on; empty for a few: `7 live · 2 busy`."""
    if len(logs) < _MANY:
        return ""
    counts = Counter(map(labels.state, logs))
    states = sorted(counts.items(), key=lambda each: (each[0] != labels.LIVE, -each[1]))
    return " · ".join(f"{count} {state}" for state, count in states)
