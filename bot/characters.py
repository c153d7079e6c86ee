"""Which characters nobody sees, though they are there. It must not know what they stand in."""

import re
import unicodedata
from typing import Final

# The grapheme joiner, blank letters (Hangul fillers, the empty Braille cell), variation selectors.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def is_unseen(character: str) -> bool:
    """Whether a character is of Unicode's category C (control, direction, zero width), or blank."""
    return unicodedata.category(character)[0] == "C" or _BLANK.match(character) is not None
