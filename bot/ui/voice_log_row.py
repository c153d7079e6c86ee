"""A voice log, or the error instead of it, as one row of a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, labels, mrkdwn
from bot.ui.block_kit import Button, Section
from bot.ui.card_context import CardContext


@dataclass(frozen=True)
class Row:
    """A row. `lines` are mrkdwn; `accessory` is shown to their right."""

    emoji: str
    headline: str
    lines: Sequence[str]
    accessory: Button | None = None

    def block(self) -> Section:
        """Build the row's block."""
        return block_kit.section(
            "\n".join([f"{self.emoji} *{self.headline}*", *self.lines]), self.accessory
        )

    def as_text(self) -> str:
        """Return the row as one line of plain text."""
        return ". ".join(
            [self.headline, *(mrkdwn.mrkdwn_to_text(line).rstrip(".") for line in self.lines)]
        )


def of_log(log: VoiceLog, context: CardContext, *, project: str, button: Button | None) -> Row:
    """Build the row of a log in `project`."""
    emoji, _ = labels.status(log)
    route = labels.route(log)
    facts = [mrkdwn.money(log.charge)] if log.charge is not None else []
    if log.created_at is not None:
        facts.append(mrkdwn.date_token(log.created_at))
    if log.discarded_at is not None:
        facts.append(f"deleted {mrkdwn.date_token(log.discarded_at)}")
    name = context.project(project)
    identity = [mrkdwn.code(log.id, 60), *([mrkdwn.code(name)] if name else [])]
    lines = [route or "", " · ".join(facts), " · ".join(identity)]
    return Row(emoji, labels.headline(log), [line for line in lines if line], button)
