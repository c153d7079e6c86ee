"""One set of emoji is shown, each with one meaning."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.dev import gallery
from bot.ui import signs
from tests.support.json_paths import strings

EMOJI_PRESENTATION: Final = "\N{VARIATION SELECTOR-16}"
SIGNS: Final = {
    value for name, value in vars(signs).items() if name.isupper() and isinstance(value, str)
}


def emoji(text: str) -> Iterator[str]:
    """Return the emoji in a text: wide symbols, and those with an emoji variation selector."""
    for sign, following in zip(text, text[1:] + " ", strict=True):
        if unicodedata.category(sign) != "So":
            continue
        if following == EMOJI_PRESENTATION:
            yield sign + following
        elif unicodedata.east_asian_width(sign) == "W":
            yield sign


def test_the_gallery_shows_every_sign_and_no_other_emoji() -> None:
    shown = {
        each
        for section in gallery.sections()
        for example in section.examples
        for text in strings(dict(example.payload))
        for each in emoji(text)
    }
    assert shown == SIGNS
