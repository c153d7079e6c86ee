"""Masks phone numbers in text, except for the country code and the last two digits.

Callers choose their own names, so a number may have any digits and any separators. So the masking
applies to the text as displayed (`one_line`), with all escapes decoded. In doubt, it masks.
"""

import re
from collections.abc import Callable, Sequence
from html import unescape
from itertools import accumulate
from typing import Final
from urllib.parse import unquote

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from bot.voicelogs.unicode import nfkc, one_line, plain_digits

LEAST: Final = 7
"""Minimum digits of a number."""

_LEAST_IN_ADDRESS: Final = 5
"""Minimum digits in a log's `from` or `to`, which may be an extension."""
_DOT: Final = "•"
_KEPT: Final = 2
_DEEPEST: Final = 8
"""Maximum levels of escapes; deeper text is masked completely."""

_MAY_HOLD_NUMBER: Final = re.compile(
    rf"[%&\\\x7f-\U0010ffff]|(?:[0-9][^0-9]*+){{{_LEAST_IN_ADDRESS}}}"
)
_MAY_BE_ESCAPED: Final = re.compile(r"[%&\\]")
_DIGIT: Final = re.compile("[0-9]")
_NO_DIGIT: Final = re.compile("[^0-9]")
_FIRST_TO_LAST: Final = re.compile(r"\+?[0-9].*[0-9]", re.DOTALL)
_NUMBER: Final = re.compile(rf"\+?[0-9](?:[^A-Za-z0-9]*+[0-9]){{{LEAST - 1},}}")
"""LEAST or more digits, with any separators but the letters A to Z."""
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP: Final = rf"{_BYTE}(?:\.{_BYTE}){{3}}(?::\d{{1,5}})?(?![\d.])"
_DATE: Final = r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_UUID: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_MOMENT: Final = rf"{_DATE}[T ]{_TIME}(?:Z|[+-]\d\d:?\d\d)?(?!\d)"
# Never part of a number, whatever is adjacent.
_NO_NUMBER: Final = re.compile(
    rf"(?<![0-9A-Za-z]){_UUID}(?![0-9A-Za-z])|{_MOMENT}|(?<=@){_IP}", re.ASCII
)
_ID_OR_TIME: Final = re.compile(f"{_UUID}|{_MOMENT}", re.ASCII)
# Not a number unless other digits are adjacent.
_NO_NUMBER_ALONE: Final = re.compile(rf"{_DATE}|{_TIME}|{_IP}|0\.\d{{1,6}}", re.ASCII)
_MASKED: Final = re.compile(rf"\+[0-9]{{1,3}}\ {_DOT}+[0-9]{{{_KEPT}}}(?![0-9])")
_HOST: Final = re.compile(r"[^:;?>]*(:[0-9]{1,5})(?![0-9.])")
_IP_HOST: Final = re.compile(_IP, re.ASCII)
_ESCAPE: Final = re.compile(r"(?:[\\%]u[0-9a-fA-F]{4})+|(?:\\x[0-9a-fA-F]{2})+")
_ESCAPE_MARK: Final = re.compile(r"[\\%]u|\\x")
_CALLING_CODES: Final = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))


def mask_address(end: str) -> str:
    """Mask the digits of a `from` or `to`: `+1 ••••••••12`. A name is unchanged."""
    return _masked(end, _end_hidden)


def mask_text(words: str) -> str:
    """Mask everything that looks like a phone number; ids, dates and times are unchanged."""
    return words if _ID_OR_TIME.fullmatch(words) else _masked(words, _hidden)


def mask_across(texts: Sequence[str]) -> Sequence[str]:
    """Mask the numbers that are spread over several adjacent texts, in place."""
    joined = "\n".join(texts)
    blanked = _NO_NUMBER.sub(_blank, _same_length(joined))
    hidden = _dotted_numbers(joined, blanked, _dotted_in_place)
    if hidden == joined:
        return texts
    ends = accumulate(len(text) + 1 for text in texts)
    return [hidden[end - 1 - len(text) : end - 1] for text, end in zip(texts, ends, strict=True)]


def _masked(words: str, hide: Callable[[str], str]) -> str:
    """Return the text unchanged if `hide` finds nothing at any level of escapes.

    Otherwise return the fully decoded text, with `hide` applied.
    """
    if not _MAY_HOLD_NUMBER.search(words):
        return words
    shown = plain_digits(one_line(words))
    found = False
    for _ in range(_DEEPEST):
        hidden = hide(shown)
        found = found or hidden != shown
        meant = plain_digits(one_line(_unescaped(nfkc(shown))))
        if meant == shown or not _MAY_BE_ESCAPED.search(shown):
            return hidden if found else words
        shown = meant
    return _DOT * LEAST


def _unescaped(text: str) -> str:
    """Decode one level of URI, HTML and JSON escapes."""
    plain = unescape(unquote(text))
    return _ESCAPE.sub(_character, plain)


def _character(escape: re.Match[str]) -> str:
    encoding = "utf-8" if escape.group().startswith("\\x") else "utf-16-be"
    return bytes.fromhex(_ESCAPE_MARK.sub("", escape.group())).decode(encoding, "replace")


def _hidden(plain: str) -> str:
    """Mask the numbers in a displayed text."""
    return _dotted_numbers(plain, _NO_NUMBER.sub(_blank, plain), _dotted)


def _dotted_numbers(words: str, blanked: str, dot: Callable[[str, str], str]) -> str:
    """Mask the numbers found in `blanked`, which has the same length as `words`."""
    pieces: list[str] = []
    end = 0
    for match in _NUMBER.finditer(blanked):
        number = match.group()
        if _NO_NUMBER_ALONE.fullmatch(number):
            continue
        pieces.append(words[end : match.start()])
        end = match.end()
        pieces.append(dot(words[match.start() : end], number))
    return "".join([*pieces, words[end:]])


def _same_length(words: str) -> str:
    """Replace all characters that read as digits by 0, keeping the length."""
    if words.isascii():
        return words
    others = (one for one in set(words) if not one.isascii())
    digits = {ord(one): "0" for one in others if _DIGIT.search(plain_digits(one))}
    return words.translate(digits) if digits else words


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _end_hidden(plain: str) -> str:
    """Mask the numbers in a displayed `from` or `to`."""
    user, at, host = plain.rpartition("@")
    if not at:
        user, host = host, ""
    is_number = _count(_MASKED.sub("", user, count=1)) > 0 and _count(user) >= _LEAST_IN_ADDRESS
    if is_number:
        user = _digits_hidden(user, user, _LEAST_IN_ADDRESS)
    ip = _IP_HOST.match(host)
    kept = ip.group() if ip is not None else ""
    rest = host[len(kept) :]
    port = _HOST.match(rest)
    counted = rest if port is None else rest.replace(port[1], "", 1)
    # Before the host there is a number already: then no digits after it may go on with that.
    least = _KEPT + 1 if is_number else _LEAST_IN_ADDRESS
    return _hidden(user + at + kept + _digits_hidden(rest, counted, least))


def _digits_hidden(words: str, counted: str, least: int) -> str:
    """Mask all digits of a part of an address, if `counted` has at least `least` of them."""
    number = _FIRST_TO_LAST.search(words)
    if number is None or _count(counted) < least:
        return words
    masked = _dotted(number.group(), number.group())
    return words[: number.start()] + masked + words[number.end() :]


def _count(text: str) -> int:
    return len(_NO_DIGIT.sub("", text))


def _dotted(words: str, number: str) -> str:
    """Mask a number, and drop its separators unless they contain letters or other digits.

    Args:
        words: the text as displayed.
        number: the same text without digits that aren't part of the number.
    """
    if words != number or any(map(str.isalpha, words)):
        return _dotted_in_place(words, number)
    digits = _NO_DIGIT.sub("", number)
    plus = "+" if number.startswith("+") else ""
    country = _country(digits) if plus else ""
    hidden = max(len(digits) - len(country) - _KEPT, 1)
    start = f"+{country} " if country else plus
    return f"{start}{_DOT * hidden}{digits[-_KEPT:]}"


def _dotted_in_place(words: str, number: str) -> str:
    hidden = _count(number) - _KEPT
    shown: list[str] = []
    for one, digit in zip(words, number, strict=True):
        is_digit = digit.isdecimal()
        shown.append(_DOT if is_digit and hidden > 0 else one)
        hidden -= is_digit
    return "".join(shown)


def _country(digits: str) -> str:
    """Return the country calling code of an international number, or an empty string."""
    for length in (1, 2, 3):
        code = digits[:length]
        if code in _CALLING_CODES:
            return code if len(digits) - length > _KEPT else ""
    return ""
