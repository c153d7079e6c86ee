"""The context in which tests render cards."""

from datetime import UTC, datetime

from bot.ui.card_buttons import CardOptions
from bot.ui.card_context import CardContext


def card_context(
    options: CardOptions | None = None, *, request_id: str = "k7m2", names_projects: bool = False
) -> CardContext:
    """Build the context; without `options`, lookups have no buttons, as in a terminal."""
    return CardContext(
        request_id,
        datetime(2026, 11, 22, 17, tzinfo=UTC),
        names_projects,
        options or CardOptions(),
        has_buttons=options is not None,
    )
