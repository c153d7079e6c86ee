"""The context in which messages and modals about voice logs are built."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.ui import mrkdwn
from bot.ui.card_buttons import CardOptions


@dataclass(frozen=True)
class CardContext:
    """Passed from a service to every builder of cards, rows and details.

    Attributes:
        request_id: shown with errors.
        now: the current time in UTC.
        names_projects: whether to show each log's project.
        options: what the buttons depend on.
        has_buttons: whether results of a lookup have buttons; in a terminal, they don't.
        metadata: of a modal about a log; see `block_kit.modal`.
        modal_notes: mrkdwn below the headline of such a modal.
    """

    request_id: str
    now: datetime
    names_projects: bool = False
    options: CardOptions = field(default_factory=CardOptions)
    has_buttons: bool = True
    metadata: str = ""
    modal_notes: Sequence[str] = ()

    def project(self, name: str) -> str | None:
        """Return the project's name in mrkdwn, if it is to be shown."""
        return mrkdwn.code(name) if self.names_projects else None
