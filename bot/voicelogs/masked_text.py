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

from bot.voicelogs.masked_names import mask_caller_id, mask_names
from bot.voicelogs.masked_secrets import BULLET, Secret, by_form, by_key, passwords, recordings
from bot.voicelogs.unicode import nfkc, one_line, plain_digits

LEAST: Final = 7
"""Minimum digits of a number."""

_LEAST_IN_ADDRESS: Final = 5
"""Minimum digits in a log's `from` or `to`, which may be an extension."""
_KEPT: Final = 2
_DEEPEST: Final = 8
"""Maximum levels of escapes; deeper text is masked completely."""
_MOST_GROWTH: Final = 4
_MAY_GROW_TO: Final = 1000
"""Characters. Longer text is masked completely if decoding makes it _MOST_GROWTH times as long: one
letter may become eighteen (U+FDFA), and each level would be searched again."""

_MAY_BE_ESCAPED: Final = re.compile(r"[%&\\]")
_FIRST_TO_LAST: Final = re.compile(r"\+?[0-9].*[0-9]", re.DOTALL)
_NUMBER: Final = re.compile(rf"\+?[0-9](?:(?:[^A-Za-z0-9]*+|[Ww]++)[0-9]){{{LEAST - 1},}}")
"""LEAST or more digits, with any separators but the letters A to Z; `w` is a pause before digits
that are sent once the call is answered."""
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IP: Final = rf"{_BYTE}(?:\.{_BYTE}){{3}}(?::\d{{1,5}})?(?![\d.])"
_DATE: Final = r"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME: Final = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_UUID: Final = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_RFC_2822: Final = (
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3]?\d"
    r" (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?:19|20)\d\d"
    rf" {_TIME} (?:GMT|[+-][01]\d[034][05])(?!\d)"
)
_ZONE: Final = r"(?:Z|[+-]\d\d:?\d\d)?(?!\d)"
_BASIC_DATE: Final = r"(?<![\d+])(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_BASIC_TIME: Final = r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
_BASIC_ISO: Final = rf"{_BASIC_DATE}(?:T{_BASIC_TIME}{_ZONE}|[_-]{_BASIC_TIME}(?!\d))"
"""ISO 8601's basic format, or the like in the name of a file."""
_OTHER_DATE: Final = (
    r"(?:[0-3]?\d/[0-3]?\d/(?:19|20)\d\d|[0-3]?\d\.[0-3]?\d\.(?:19|20)\d\d"
    r"|(?:19|20)\d\d/[01]?\d/[0-3]?\d)"
)
_MOMENT: Final = rf"(?:{_DATE}[T ]{_TIME}{_ZONE}|{_BASIC_ISO}|{_RFC_2822})"
_GROUP: Final = "[0-9A-Fa-f]{1,4}"
_GROUPS: Final = rf"{_GROUP}(?::{_GROUP}){{0,6}}"
# With a letter, since digits and colons alone may be a number.
_IPV6: Final = (
    r"(?<![\w:.])(?=[0-9:]*[A-Fa-f])"
    rf"(?:(?:{_GROUP}:){{7}}{_GROUP}|(?:{_GROUPS})?::(?:{_GROUPS})?)(?![\w:])"
)
_MARKUP: Final = (
    r"</?(?i:a|b|br|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>0-9]*)?/?>"
)
# Never part of a number, whatever is adjacent. `IN IP4` is before an address in SDP (RFC 8866).
_NOT_A_NUMBER: Final = re.compile(
    rf"(?<![0-9A-Za-z]){_UUID}(?![0-9A-Za-z])|{_MOMENT}|{_IPV6}|{_MARKUP}"
    rf"|(?<=@){_IP}|(?<=IN IP4 ){_IP}",
    re.ASCII,
)
_SAFE: Final = re.compile(rf"(?!eyJ)[A-Za-z_]{{0,19}}|[0-9]{{1,4}}|{_UUID}|{_MOMENT}", re.ASCII)
"""A word, a short number, an id, a time. A longer word may be a token."""
# Not a number unless other digits are adjacent.
_NOT_A_NUMBER_ALONE: Final = re.compile(
    rf"{_DATE}|{_OTHER_DATE}(?:,?\ {_TIME})?|{_TIME}|{_IP}(?:[^0-9A-Za-z.:]+{_IP})*|0\.\d{{1,6}}",
    re.ASCII,
)
_MASKED: Final = re.compile(rf"\+[0-9]{{1,3}}\ {BULLET}+[0-9]{{{_KEPT}}}(?![0-9])")
_HOST: Final = re.compile(r"[^:;?>]*(:[0-9]{1,5})(?![0-9.])")
_IP_HOST: Final = re.compile(_IP, re.ASCII)
_ESCAPE: Final = re.compile(r"(?:[\\%]u[0-9a-fA-F]{4})+|(?:\\x[0-9a-fA-F]{2})+")
_ESCAPE_MARK: Final = re.compile(r"[\\%]u|\\x")
_ESCAPED_SPACE: Final = re.compile(r"\\[bfnrt]")
_COUNTRY: Final = re.compile(
    rf"(?:{'|'.join(map(str, COUNTRY_CODE_TO_REGION_CODE))})(?=[0-9]{{{_KEPT + 1}}})"
)


def mask_address(address: str) -> str:
    """Mask the digits of a `from` or `to`: `+1 ••••••••12`. SIP users of one word stay."""
    return _masked(address, _mask_plain_address)


def mask_text(text: str) -> str:
    """Mask all that looks like a phone number or a name; ids, dates and times are unchanged."""
    return _masked(text, _mask_plain)


def mask_label(label: str) -> str:
    """Mask a text, and several words in it as a name: of a room, a recording, an account."""
    return _masked(label, lambda plain: mask_caller_id(_mask_plain(plain)))


def mask_across(texts_and_kept: Sequence[tuple[str, bool]]) -> list[str]:
    """Mask the numbers that are spread over several adjacent texts, in place.

    Args:
        texts_and_kept: each text, and whether it is kept, since it is no part of a number.
    """
    texts = [text for text, _ in texts_and_kept]
    joined = "\n".join(texts)
    counted = [" " * len(text) if is_kept else text for text, is_kept in texts_and_kept]
    blanked = _NOT_A_NUMBER.sub(_blank, _same_length("\n".join(counted)))
    masked = _mask_numbers(joined, blanked, _bullets_in_place)
    starts = accumulate((len(text) + 1 for text in texts), initial=0)
    return [masked[start : start + len(text)] for text, start in zip(texts, starts, strict=False)]


def _masked(text: str, mask: Callable[[str], str]) -> str:
    """Decode all escapes, and mask the result; unchanged if no level has anything to mask."""
    if _SAFE.fullmatch(text):
        return text
    shown = plain_digits(one_line(text))
    found = False
    for _ in range(_DEEPEST):
        masked = mask(shown)
        found = found or masked != shown
        decoded = _decoded(shown)
        if decoded == shown:
            return masked if found else text
        if len(decoded) > max(_MAY_GROW_TO, _MOST_GROWTH * len(text)):
            break
        shown = _decoded(_secrets_masked(shown))
    return BULLET * LEAST


def _decoded(shown: str) -> str:
    """Decode one level of URI, HTML and JSON escapes in a displayed text, if it has any."""
    if not _MAY_BE_ESCAPED.search(shown):
        return shown
    plain = _ESCAPED_SPACE.sub(" ", unescape(unquote(nfkc(shown))))
    return plain_digits(one_line(_ESCAPE.sub(_character, plain)))


def _character(escape: re.Match[str]) -> str:
    encoding = "utf-8" if escape.group().startswith("\\x") else "utf-16-be"
    return bytes.fromhex(_ESCAPE_MARK.sub("", escape.group())).decode(encoding, "replace")


def _mask_plain(plain: str) -> str:
    """Mask the secrets, numbers and names in a displayed text."""
    return mask_names(_numbers_masked(_secrets_masked(plain)), emails=True)


def _secrets_masked(plain: str) -> str:
    """Mask secrets before numbers, since masked digits would hide what a token is."""
    for find in (by_key, by_form, passwords, recordings):
        plain = _hidden(plain, list(find(plain)))
    return plain


def _hidden(plain: str, secrets: Sequence[Secret]) -> str:
    """Hide secrets, and the digits outside of a secret of a number that begins or ends in it."""
    if not secrets:
        return plain
    marked = _replaced(plain, secrets, lambda secret: BULLET * (secret.end - secret.start))
    masked = _mask_numbers(
        marked,
        _NOT_A_NUMBER.sub(_blank, plain),
        lambda text, number: _bullets_in_place(text, number) if BULLET in text else text,
    )
    return _replaced(masked, secrets, lambda secret: secret.shown)


def _replaced(text: str, secrets: Sequence[Secret], write: Callable[[Secret], str]) -> str:
    pieces: list[str] = []
    end = 0
    for secret in secrets:
        pieces += [text[end : secret.start], write(secret)]
        end = secret.end
    return "".join([*pieces, text[end:]])


def _numbers_masked(plain: str) -> str:
    return _mask_numbers(plain, _NOT_A_NUMBER.sub(_blank, plain), _bullets)


def _mask_numbers(text: str, blanked: str, write: Callable[[str, str], str]) -> str:
    """Mask the numbers found in `blanked`, a copy of `text` in which everything else is blank.

    `write` gets each number as it is in `text`, and as it is in `blanked`.
    """
    pieces: list[str] = []
    end = 0
    for match in _NUMBER.finditer(blanked):
        number = match.group()
        if _NOT_A_NUMBER_ALONE.fullmatch(number):
            continue
        pieces.append(text[end : match.start()])
        end = match.end()
        pieces.append(write(text[match.start() : end], number))
    return "".join([*pieces, text[end:]])


def _same_length(text: str) -> str:
    """Replace all characters that read as digits by 0, keeping the length."""
    if text.isascii():
        return text
    digits = {
        one for one in set(text) if not one.isascii() and any(map(str.isdecimal, plain_digits(one)))
    }
    return text.translate(dict.fromkeys(map(ord, digits), "0")) if digits else text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _mask_plain_address(plain: str) -> str:
    """Mask the numbers in a displayed `from` or `to`."""
    plain = _secrets_masked(plain)
    user, at, host = plain.rpartition("@")
    if not at:
        user, host = host, ""
    is_number = _count(_MASKED.sub("", user, count=1)) > 0 and _count(user) >= _LEAST_IN_ADDRESS
    if is_number:
        user = _mask_digits(user)
    ip = _IP_HOST.match(host)
    kept = ip.group() if ip is not None else ""
    rest = host[len(kept) :]
    port = _HOST.match(rest)
    counted = rest if port is None else rest.replace(port[1], "", 1)
    # If the user is a number, digits of the host may continue it.
    if _count(counted) >= (_KEPT + 1 if is_number else _LEAST_IN_ADDRESS):
        rest = _mask_digits(rest)
    masked = _numbers_masked(user + at + kept + rest)
    return mask_caller_id(mask_names(masked, emails=False))


def _mask_digits(text: str) -> str:
    """Mask all digits of a part of an address."""
    return _FIRST_TO_LAST.sub(lambda match: _bullets(match.group(), match.group()), text, count=1)


def _count(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _bullets(text: str, number: str) -> str:
    """Mask a number, and drop its separators unless they contain letters or other digits.

    Args:
        text: the text as displayed.
        number: the same text without digits that aren't part of the number.
    """
    if text != number or any(map(str.isalpha, text)):
        return _bullets_in_place(text, number)
    plus, digits = number[: number.startswith("+")], "".join(filter(str.isdecimal, number))
    country = _COUNTRY.match(digits) if plus else None
    start = f"+{country.group()} " if country else plus
    hidden = max(len(digits) - (country.end() if country else 0) - _KEPT, 1)
    return f"{start}{BULLET * hidden}{digits[-_KEPT:]}"


def _bullets_in_place(text: str, number: str) -> str:
    """Mask a number, and keep its separators."""
    digits = [index for index, character in enumerate(number) if character.isdecimal()]
    hidden = frozenset(digits[:-_KEPT])
    return "".join(BULLET if index in hidden else one for index, one in enumerate(text))
