"""A voice log, or what stood in its way, as one row of a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, labels, mrkdwn
from bot.ui.block_kit import Button, Section
from bot.ui.card_context import CardContext


@dataclass(frozen=True)
class Row:
    """One row; `rest` are mrkdwn lines, `press` is at its right."""

    emoji: str
    headline: str
    lines: Sequence[str]
    accessory: Button | None = None

    def block(self) -> Section:
        """The row as it is posted."""
        return block_kit.section(
            "\n".join([f"{self.emoji} *{self.headline}*", *self.lines]), self.accessory
        )

    def as_text(self) -> str:
        """The row as a line of plain text."""
        return ". ".join(
            [self.headline, *(mrkdwn.mrkdwn_to_text(line).rstrip(".") for line in self.lines)]
        )


def of_log(log: VoiceLog, context: CardContext, *, project: str, press: Button | None) -> Row:
    """Build the row for a log."""
    project_shown = context.project(project)
    emoji, _ = labels.status(log)
    route = labels.route(log)
    facts = [mrkdwn.money(log.charge)] if log.charge is not None else []
    if log.created_at is not None:
        facts.append(mrkdwn.date_token(log.created_at))
    if log.discarded_at is not None:
        facts.append(f"deleted {mrkdwn.date_token(log.discarded_at)}")
    identity = [mrkdwn.code(log.id, 60), *([mrkdwn.code(project_shown)] if project_shown else [])]
    lines = [route or "", " · ".join(facts), " · ".join(identity)]
    return Row(emoji, labels.headline(log), [line for line in lines if line], press)
