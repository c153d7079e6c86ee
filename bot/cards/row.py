"""A voice log, or what stood in its way, as one row of a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import blocks, leg
from bot.cards import text as words
from bot.cards.blocks import Button, Section
from bot.signalwire.models import VoiceLog


@dataclass(frozen=True)
class Row:
    """One row; `rest` are mrkdwn lines, `press` is at its right."""

    emoji: str
    headline: str
    lines: Sequence[str]
    accessory: Button | None = None

    def block(self) -> Section:
        """The row as it is posted."""
        return blocks.section(
            "\n".join([f"{self.emoji} *{self.headline}*", *self.lines]), self.accessory
        )

    def as_text(self) -> str:
        """The row as a line of plain text."""
        return ". ".join(
            [self.headline, *(words.mrkdwn_to_text(line).rstrip(".") for line in self.lines)]
        )


def of_log(log: VoiceLog, *, project: str | None, press: Button | None) -> Row:
    """The row for a log; `project` is named if given."""
    emoji, _ = leg.status(log)
    route = leg.route(log)
    facts = [words.money(log.charge)] if log.charge is not None else []
    if log.created_at is not None:
        facts.append(words.date_token(log.created_at))
    if log.discarded_at is not None:
        facts.append(f"deleted {words.date_token(log.discarded_at)}")
    identity = [words.code(log.id, 60), *([words.code(project)] if project else [])]
    lines = [route or "", " · ".join(facts), " · ".join(identity)]
    return Row(emoji, leg.headline(log), [line for line in lines if line], press)
