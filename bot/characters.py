"""Characters that nobody sees, and those that stand for others. It must not know what they say."""

import re
import unicodedata
from typing import Final

# The grapheme joiner, blank letters (Hangul fillers, the empty Braille cell), variation selectors.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_SLICE: Final = 256
"""Characters; a name isn't longer."""


def compatible(text: str) -> str:
    """`text` with one form for each character (NFKC): plain digits and letters for wide ones.

    A slice at a time: of marks upon one letter, normalizing puts each in its place among all the
    others, so that a text made of them would take time in the square of its length.
    """
    slices = (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in slices)


def is_unseen(character: str) -> bool:
    """Whether a character is of Unicode's category C (control, direction, zero width), or blank."""
    return unicodedata.category(character)[0] == "C" or _BLANK.match(character) is not None
