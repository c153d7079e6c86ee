"""Normalizes text: invisible characters, combining marks, compatibility forms and digits."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

# The grapheme joiner, blank letters (Hangul fillers, the empty Braille cell), variation selectors.
_BLANK: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)

_SLICE: Final = 256
"""Characters normalized at a time; more than a name has."""
_MARKS_ON_A_LETTER: Final = 2  # the most that real languages stack
_LARGEST_NUMERAL: Final = 99
"""The largest value of one character; circled numbers go up to 50."""


def nfkc(text: str) -> str:
    """Normalize `text` to NFKC, for example wide digits and letters to plain ones.

    NFKC reorders runs of combining marks, which is quadratic; slicing bounds it.
    """
    if text.isascii():
        return text
    slices = (text[start : start + _SLICE] for start in range(0, len(text), _SLICE))
    return "".join(unicodedata.normalize("NFKC", piece) for piece in slices)


def is_invisible(character: str) -> bool:
    """Whether a character is in Unicode category C (control, direction, zero width) or blank."""
    return unicodedata.category(character)[0] == "C" or _BLANK.match(character) is not None


def one_line(text: str) -> str:
    """Put `text` on one line, without invisible characters or stacked marks.

    Removes Unicode category C (control, direction, zero width, unassigned), blank letters,
    variation selectors, and all but two marks per letter, since stacks cover the lines above.
    """
    if text.isascii() and text.isprintable():  # the common case
        return " ".join(text.split())
    # Classify each distinct character once.
    shown = text.translate({ord(character): _shown(character) for character in set(text)})
    return " ".join(with_few_marks(shown).split())


def plain_digits(text: str) -> str:
    """Replace all characters that read as digits by 0 to 9, and wide punctuation by ASCII.

    Letters are unchanged, so that a wide or superscript letter doesn't count as a plain one.
    """
    if text.isascii():
        return text
    return text.translate({ord(character): _plain(character) for character in set(text)})


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    value = unicodedata.numeric(character, -1)
    # A letter that is a numeral, such as a Chinese one, is a digit only up to 9.
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


def with_few_marks(text: str, others: Callable[[str], str] = lambda _: "") -> str:
    """Keep the first two marks on a letter; `others` returns what takes the place of the rest."""
    marks = "".join(one for one in set(text) if unicodedata.category(one) in {"Mn", "Me"})
    if not marks:
        return text
    any_mark = f"[{re.escape(marks)}]"
    stacked = f"({any_mark}{{{_MARKS_ON_A_LETTER}}})({any_mark}+)"
    return re.sub(stacked, lambda match: match[1] + others(match[2]), text)
