"""Tells how long calls lasted, `longer than 5 min`, from how far back a search goes, `5 min`."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from bot.voicelogs.query.lengths import NUMERALS

LONGEST_FORM: Final = 9
"""Tokens, as in `duration is more than 1 hour and 30 min`."""

_NUMBER: Final = rf"(?:[0-9]+(?:\.[0-9]+)? ?|(?:{'|'.join(NUMERALS)}) )"
_UNIT: Final = "(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)"
_LENGTH: Final = rf"(?![0-9]{{4}} ?h){_NUMBER}{_UNIT}(?: ?(?:and )?[0-9]+ ?{_UNIT})?"
"""Unlike the time of day in `after 1500 hrs`."""
_LABEL: Final = (
    "(?:duration(?:_?(?:ms|secs?|seconds?))?|bill(?:sec|ing_ms)|length|lasting|lasted|lasts|taking"
    "|took)(?: is| was| of)?"
)
_COMPARISON: Final = (
    "(?:(?:long|short|great)er than|more than|less than|over|under|above|below|exceeding"
    "|at least|at most|[<>]=?|[≤≥])"
)
_SUFFIX: Final = "(?:long|in (?:length|duration)|or (?:longer|shorter|more|less))"
_AFTER: Final = "(?:after|every|of) (?:about |around |only |just |exactly )?"
"""As in `failed after 2 min`; how far back a search goes isn't written so."""
_SECONDS: Final = rf"(?:{_NUMBER}{_UNIT} ?(?:and )?){{0,2}}{_NUMBER}(?:s|secs?|seconds?)"
"""Nobody searches so short a time, unless `last` or `since` is before it."""
_KIND: Final = "[0-9]{1,4}[ -](?:sec|second|min|minute|hr|hour) calls?"
"""As in `5 minute calls`, unlike `last 5 minutes`."""
_AND: Final = rf"{_NUMBER}{_UNIT}? ?(?:and|to|-) ?"
_WITHOUT_UNIT: Final = (
    "(?:(?:long|short)er than [0-9]{1,4}|(?:[<>]=?|[≤≥]) [0-9]{1,2})(?! (?:d|w|mo|y))"
)
"""After `>`, at most two digits: `5550100 > 5550103` is a call from one number to another."""
_FORM: Final = (
    rf"(?:(?:(?:{_LABEL}|last) )?{_COMPARISON} {_LENGTH}|{_WITHOUT_UNIT}|{_LABEL} {_LENGTH}"
    rf"|{_LABEL} (?:{_COMPARISON} )?[0-9]{{1,4}}|{_LABEL} [0-9]{{1,2}}(?::[0-9]{{2}}){{1,2}}"
    rf"|(?:{_AND})?{_LENGTH} {_SUFFIX}|between {_AND}{_LENGTH}(?: {_SUFFIX})?|{_KIND}"
    rf"|{_AFTER}{_LENGTH}|{_SECONDS})(?= |$)(?! ago)"
)


_CLOCKED: Final = re.compile("0?0:[0-9]{2}:[0-9]{2}|0:[0-9]{2}|[1-9]:[0-9]{2}:[0-9]{2}")
"""As rows have it beside a number. A time of day without seconds has two digits for midnight, and
one with seconds two digits for any hour.
"""
_CLOCKED_BESIDE_TWO: Final = re.compile("00:[0-9]{2}")
"""As rows have it beside two numbers; beside one it is rather a time of day."""


def is_clocked(word: str, *, numbers: int) -> bool:
    """Whether a word is a duration in a row with so many numbers: `0:42`, `00:03:12`."""
    is_beside_two = numbers > 1 and _CLOCKED_BESIDE_TWO.fullmatch(word)
    return bool(is_beside_two or (numbers and _CLOCKED.fullmatch(word)))


@cache
def _form() -> re.Pattern[str]:
    # Compiled when it is first needed: that takes about 15 ms, and the bot should start quickly.
    return re.compile(_FORM)


def count_words(tokens: Sequence[str]) -> int:
    """Count the words that a duration of calls begins with; 0 if they begin with none."""
    found = _form().match(" ".join(tokens[:LONGEST_FORM]).lower())
    return found.group().count(" ") + 1 if found else 0
