"""Tells which digits in a search are one written number."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import phonenumbers
from phonenumbers import (
    COUNTRY_CODE_TO_REGION_CODE,
    NumberParseException,
    PhoneNumber,
    PhoneNumberFormat,
    ValidationResult,
)

from bot.voicelogs import phone_numbers
from bot.voicelogs.query.tokens import Token

_PIECE: Final = re.compile(rf"(?:[0-9+().\-/]|{phone_numbers.HIDDEN})+")
_NOT_A_NUMBER: Final = re.compile(r"[0-9]{1,2}-[0-9]{1,2}|[0-9]+\.[0-9]{1,2}|1[0-9]{9}\.[0-9]{1,6}")
"""What no number begins with: hours, a decimal fraction, and the id of a call in Asterisk, which is
a time in seconds.
"""
_INTERNATIONAL: Final = re.compile(r"\(?(?:\+|00|011)")
_COUNTRIES: Final = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
"""Their codes."""
LOCAL: Final = 7
"""Digits of a North American number without its area code."""
_NATIONAL: Final = 10
_LONGEST: Final = {"0": 12, "1": 11}
"""Digits of a longer national number: with a trunk prefix, or with North America's code."""
_LONGEST_AREA: Final = 5
"""Digits of an area's code after a trunk prefix: 0171 1234567, 01632 960123."""
_LAST_FOUR: Final = 4
_STRAY: Final = 2
"""Digits of a piece that is rather a count of hours or days."""
_SHORTEST_IN_PAIRS: Final = 7
"""Digits of the shortest number that is written in groups of two: 555 34 34."""


def is_piece(token: Token) -> bool:
    """Whether a word is a number or a part of one: digits, punctuation, marks that hide digits."""
    is_document = phone_numbers.DOCUMENT_NUMBER.fullmatch(token.text) is not None
    return not is_document and _PIECE.fullmatch(token.text) is not None


def count_pieces(tokens: Sequence[Token], begins_time: Callable[[int], bool]) -> int:
    """Count the words that are one written number, perhaps part of one.

    `begins_time` tells whether a time begins with the word at an index.
    """
    if not tokens or not is_piece(tokens[0]) or _NOT_A_NUMBER.fullmatch(tokens[0].text):
        return 0
    pieces = [tokens[0].text]
    while (
        (most := len(pieces)) < len(tokens)
        and len(_digits("".join(pieces))) < phone_numbers.MAX_DIGITS
        and not tokens[most - 1].ends_item
        and is_piece(tokens[most])
        and not begins_time(most)
    ):
        pieces.append(tokens[most].text)
    if pieces[0] in _COUNTRIES:
        with_plus = [f"+{pieces[0]}", *pieces[1:]]  # 44 7700 900123
        count = _count_first(with_plus)
        if _is_whole(with_plus[:count]):
            return count
    count = _count_first(pieces)
    written = "".join(pieces[:count])
    return 0 if phone_numbers.has_hidden_digits(written) and not _digits(written) else count


def _count_first(pieces: Sequence[str]) -> int:
    """Count the pieces of the first number."""
    count = 1
    while count < len(pieces) and _continues(pieces[:count], pieces[count:]):
        count += 1
    while count > 1 and _is_stray(pieces[:count]):
        count -= 1
    return count


def _is_whole(pieces: Sequence[str]) -> bool:
    """Whether pieces with a country's code are a whole number, rather than part of one."""
    written = "".join(pieces)
    try:
        number = _parse_international(_digits(written))
    except NumberParseException:
        return False
    is_possible = phonenumbers.is_possible_number(number) and len(_digits(pieces[-1])) > _STRAY
    is_longer = len(_digits(written)) > _NATIONAL
    return is_longer and (phonenumbers.is_valid_number(number) or is_possible)


def _continues(pieces: Sequence[str], rest: Sequence[str]) -> bool:
    """Whether the first piece of the rest can belong to the same written number as `pieces`."""
    piece = rest[0]
    if piece.startswith(("+", "(+")):
        return False
    before, more = _digits("".join(pieces)), _digits(piece)
    if not more:
        return True
    if _INTERNATIONAL.match(pieces[0]):
        return _continues_international("".join(pieces), before, more)
    longest = _LONGEST.get(before[:1], _NATIONAL)
    if len(more) >= LOCAL:
        # After a country's or an area's code, or a trunk prefix; "line 2 5550103" has none.
        if len(before) <= phone_numbers.MIN_LENGTH:
            return len(before) != 1 or before in {"0", *_COUNTRIES}
        is_area = before.startswith("0") and len(before) <= _LONGEST_AREA
        return is_area and len(before + more) <= longest
    is_last_four = before.startswith("0") and len(before) == len(more) == _LAST_FOUR
    if is_last_four and not _is_area(pieces[0], rest[1:]):
        return False  # of two numbers: none of eight digits begins with a zero
    is_in_pairs = len(_digits(pieces[-1])) == len(more) == _STRAY  # 612 34 56 78
    is_complete = len(before) >= _NATIONAL or (len(before) == LOCAL and longest == _NATIONAL)
    return (is_in_pairs or not is_complete) and len(before + more) <= longest


def _is_area(piece: str, after: Sequence[str]) -> bool:
    """Whether four digits are an area's code: `(0221) 4710 000`, `0151 2345 6789`."""
    return piece.startswith("(") or (
        piece.startswith("0") and len(after) == 1 and len(_digits(after[0])) > _STRAY
    )


def _continues_international(written: str, before: str, more: str) -> bool:
    code = re.sub("^(?:00|011)", "", before) if "+" not in written else before
    if len(code + more) > phone_numbers.MAX_DIGITS:
        return False
    try:
        shorter, longer = map(_parse_international, (code, code + more))
    except NumberParseException:
        return True
    if phonenumbers.is_valid_number(shorter):
        # Two digits belong to it only as its country writes it: +46 8 555 010 30.
        written_so = phonenumbers.format_number(longer, PhoneNumberFormat.INTERNATIONAL)
        is_end = len(more) > _STRAY or written_so.endswith(f" {more}")
        return is_end and phonenumbers.is_valid_number(longer)
    reason = phonenumbers.is_possible_number_with_reason(longer)
    return bool(reason != ValidationResult.TOO_LONG)


def _parse_international(digits: str) -> PhoneNumber:
    """Parse a number that begins with its country's code. Raises NumberParseException."""
    return phonenumbers.parse(f"+{phone_numbers.as_dialed_today(digits)}")


def _is_stray(pieces: Sequence[str]) -> bool:
    """Whether the last piece is too short to end a written number."""
    last, total = len(_digits(pieces[-1])), len(_digits("".join(pieces)))
    follows_code = "+" in pieces[0] and total - last < phone_numbers.MIN_LENGTH
    if follows_code or phone_numbers.has_hidden_digits(pieces[-1]):
        return False
    return last <= 1 or (last <= _STRAY and total < _SHORTEST_IN_PAIRS)


def is_count(text: str) -> bool:
    """Whether a text is one or two digits, too short for a number."""
    return re.fullmatch("[0-9]{1,2}", text) is not None


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)
