"""The gallery's examples, as the bot sends them."""

from typing import Final

from bot.dev import gallery
from bot.dev.gallery.model import Example

EXAMPLES: Final[tuple[Example, ...]] = tuple(
    example for section in gallery.sections() for example in section.examples
)
