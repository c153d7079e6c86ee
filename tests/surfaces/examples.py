"""The gallery's examples, as the bot sends them."""

from datetime import UTC, datetime
from typing import Final

from bot.dev import gallery
from bot.dev.gallery.model import Example

NOW: Final = datetime(2026, 11, 28, 12, tzinfo=UTC)
EXAMPLES: Final[tuple[Example, ...]] = tuple(
    example for section in gallery.sections(NOW) for example in section.examples
)
