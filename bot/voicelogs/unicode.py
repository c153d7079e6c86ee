"""Characters that nobody sees, and those that stand for others. It must not know what they say."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# The grapheme joiner, blank letters (Hangul fillers, the empty Braille cell), variation selectors.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_SLICE: Final = 256
"""Characters; a name isn't longer."""
_MARKS_ON_A_LETTER: Final = 2  # as many as real languages stack
_LARGEST_NUMERAL: Final = 99
"""Of one character: a circled one goes up to 50."""


def nfkc(text: str) -> str:
    """`text` with one form for each character (NFKC): plain digits and letters for wide ones.

    A slice at a time: of marks upon one letter, normalizing puts each in its place among all the
    others, so that a text made of them would take time in the square of its length.
    """
    if text.isascii():
        return text
    slices = (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in slices)


def is_invisible(character: str) -> bool:
    """Whether a character is of Unicode's category C (control, direction, zero width), or blank."""
    return unicodedata.category(character)[0] == "C" or _BLANK.match(character) is not None


def one_line(text: str) -> str:
    """`text` on one line, without what can't be seen or reaches beyond its own place.

    That is Unicode's category C (control, direction-turning, zero-width, unassigned), letters that
    are blank, variation selectors, and marks beyond two on one letter: stacked ones cover the lines
    above.
    """
    if text.isascii() and text.isprintable():  # nothing of all that is, and nearly all text is this
        return " ".join(text.split())
    # Each character is judged once, however often it stands there.
    shown = text.translate({ord(character): _shown(character) for character in set(text)})
    return " ".join(_with_few_marks(shown).split())


def plain_digits(text: str) -> str:
    """`text` with 0 to 9 for whatever reads as a digit, and with plain signs for wide ones.

    Letters stay as they are, so that a wide or a raised one isn't taken for a plain one.
    """
    if text.isascii():
        return text
    return text.translate({ord(character): _plain(character) for character in set(text)})


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    value = unicodedata.numeric(character, -1)
    # A letter that is a numeral, such as the Chinese ones: what is more than 9 isn't a digit.
    largest = 9 if character.isalpha() else _LARGEST_NUMERAL
    if value in range(largest + 1):
        return str(int(value))
    form = unicodedata.normalize("NFKC", character)
    is_sign = form.isascii() and form.isprintable() and not any(map(str.isalpha, form))
    return form if is_sign or any(map(str.isdecimal, form)) else character


def _shown(character: str) -> str:
    if unicodedata.category(character)[0] == "Z" or character in "\n\r\t\v\f":
        return " "
    return "" if is_invisible(character) else character


def _with_few_marks(text: str) -> str:
    marks = "".join(one for one in set(text) if unicodedata.category(one) in {"Mn", "Me"})
    if not marks:
        return text
    any_mark = f"[{re.escape(marks)}]"
    return re.sub(f"({any_mark}{{{_MARKS_ON_A_LETTER}}}){any_mark}+", r"\1", text)
