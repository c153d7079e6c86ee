"""Writes out times that people shorten, so that each of a text's words can be read by itself."""

import re
from typing import Final

MONTHS: Final = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_NAME_OF_MONTH: Final = rf"((?:{'|'.join(MONTHS)})[a-z]{{0,6}})"
_DAYS: Final = "([0-9]{1,2}) ?- ?([0-9]{1,2})"
_MONTH_AND_DAYS: Final = re.compile(rf"\b{_NAME_OF_MONTH} {_DAYS}(?![\w:/-])", re.IGNORECASE)
_DAYS_AND_MONTH: Final = re.compile(rf"(?<![\w:/-]){_DAYS} {_NAME_OF_MONTH}\b", re.IGNORECASE)

_DAY: Final = "(0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = "(0?[1-9]|1[0-2])"
_DAYS_BEFORE_MONTH: Final = re.compile(
    rf"(?<![\w/.-]){_DAY}\.?-{_DAY}([/.]{_MONTH}(?:[/.](?:20)?[0-9]{{2}})?)\.?(?![\w/.-])"
)
_DAYS_AFTER_MONTH: Final = re.compile(rf"(?<![\w/.-]){_MONTH}/{_DAY}-{_DAY}(?![\w/.-])")

_HOURS: Final = re.compile(
    r"(?<![\w:/.+-])(?P<first>[1-9]|1[0-2])(?P<minute>:[0-9]{2})?"
    r"(?P<rest>(?: ?- ?| (?:to|and|until|till?) )(?P<last>[1-9]|1[0-2])(?::[0-9]{2})?"
    r" ?(?P<half>[ap])\.?m\b)",
    re.IGNORECASE,
)
_HOURS_AFTER_HALF: Final = re.compile(
    r"(?P<rest>(?P<between>\bbetween )?(?<![\w:/.+-])(?P<first>[1-9]|1[0-2])(?::[0-9]{2})?"
    r" ?(?P<half>[ap])\.?m\.?(?: ?- ?| (?(between)and|(?:to|until|till?)) ))"
    r"(?P<last>(?P<hour>[1-9]|1[0-2])(?::[0-9]{2})?)(?![\w:/.-])(?! ?[ap]\.?m\b)",
    re.IGNORECASE,
)
_CLOCK: Final = r"[0-9]{1,2}(?::[0-9]{2})?(?: ?[ap]\.?m\.?)?"
_ZONE_OF_BOTH: Final = re.compile(
    rf"(?<![\w:/.+-])({_CLOCK})(?: ?(-) ?| (to|and|until|till?) )({_CLOCK}) ?([ecmp][sd]?t)\b",
    re.IGNORECASE,
)
_DECIMAL_COMMA: Final = re.compile(
    r"(?<![\w.,])([0-9]{1,2}),([0-9]{1,2})"
    r"(?= ?(?:h|hrs?|hours?|d|days?|w|weeks?|mins?|minutes?)\b)",
    re.IGNORECASE,
)
_POINT: Final = re.compile(
    r"(?<![\w.])(at )?([01]?[0-9]|2[0-3])\.([0-5][0-9])(?(1)(?!\.?\w)|(?= ?[ap]\.?m\b))",
    re.IGNORECASE,
)
"""As the British write a time of day: `3.15pm`, `at 15.15`."""
_POINT_AFTER_DATE: Final = re.compile(
    r"(?<![\w./-])((?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4}),? )"
    r"([01]?[0-9]|2[0-3])\.([0-5][0-9])(?![\w.])"
)
"""As in `2026-11-20 14.30`."""
_NAMED_ZONE: Final = re.compile(
    r"(?<=[0-9])(:[0-9]{2}| ?[ap]\.?m\.?) ([ecmp])(?:astern|entral|ountain|acific)"
    r"(?: ([sd])(?:tandard|aylight))?(?: time)?\b",
    re.IGNORECASE,
)
"""After a time of day: `3pm Eastern`, `15:00 Pacific Standard Time`."""
_SIGN: Final = re.compile(
    r"(?<![^\s=])(?:[@~] ?(?=[0-9]{1,2}(?::[0-9]{2}| ?[ap]\.?m\b))"
    r"|(?:now)?-(?=[0-9]{1,4} ?(?:[smhdw]|mins?|hrs?|hours?|days?)\b))",
    re.IGNORECASE,
)
"""What adds nothing to a time: `@3pm`, `~9:30`, `-2h`, `now-2h`."""
_HALF: Final = re.compile(r"(?<!\S)1[/\u2044]2 (?=(?:an )?(?:h|hrs?|hours?)\b)", re.IGNORECASE)
_WITHOUT_BLANK: Final = re.compile(r"\b(last|past)(?=[0-9])", re.IGNORECASE)
_WITHOUT_COLON: Final = re.compile(
    r"(?:\b(at|since|after|before|until|till) (?!(?<!\bat )20)"
    r"|(?<!\S)(?<!last )(?<!past )(?<!previous )(?=[0-9]{4} ?(?:h|hrs|hours|z|utc|gmt)\b))"
    r"([01][0-9]|2[0-3])([0-5][0-9])(?: ?(?:h|hrs|hours))?(?=z?(?:\s|$))",
    re.IGNORECASE,
)
"""A time of day, unlike the year in `since 2026` and the length in `last 1200 hours`."""
_COLON_AFTER_DATE: Final = re.compile("(?<=/[0-9]{4}):(?=[0-9]{2}:)")
"""As in the logs of web servers: `20/Nov/2026:17:24:00 +0000`."""
_FRACTION: Final = re.compile("(?<=:[0-9]{2}:[0-9]{2}),(?=[0-9]{3}(?![0-9]))")
"""As in the logs of Python and Java: `17:24:05,123`."""
_YEAR_LAST: Final = re.compile(
    rf"\b({_NAME_OF_MONTH} +[0-9]{{1,2}}|[0-9]{{1,2}} {_NAME_OF_MONTH})"
    r"( [0-9]{1,2}:[0-9]{2}[0-9:.]*(?: (?:[ap]m|utc|gmt|[ecmp][sd]?t|[+-][0-9]{4}))*)"
    r" ((?:19|20)[0-9]{2})(?![\w:/-])",
    re.IGNORECASE,
)
"""As `date` prints it: `Fri Nov 20 17:24:05 UTC 2026`."""
_NAME_OF_ZONE: Final = re.compile(r"(?<=(?:GMT|UTC)[+-][0-9]{4}) \([^()]{1,60}\)")
"""As JavaScript prints it after the offset: `GMT-0500 (Eastern Standard Time)`."""
_WITHOUT_DASHES: Final = re.compile(
    r"(?:(?<=\bon )|(?<=\bsince )|(?<=\bafter )|(?<=\bbefore )|(?<=\buntil )"
    r"|(?<![\w.+-])(?=[0-9]{4} [0-9]{2} [0-9]{2}(?! ?[0-9]+(?:[^:0-9]|$))))"
    r"((?:19|20)[0-9]{2}) ?(0[1-9]|1[0-2]) ?(0[1-9]|[12][0-9]|3[01])(?![\w-])",
    re.IGNORECASE,
)
"""A date, unlike the number 20261120 by itself: `on 20261120`, `2026 11 20`."""
_SPACED_DATE: Final = re.compile(r"(?<![\w.])([0-9]{1,2}\.) ([0-9]{1,2}\.) ((?:19|20)[0-9]{2})\b")
DAY_OF_DATE: Final = rf"[0-9]{{1,2}}\. (?:{_NAME_OF_MONTH}|[0-9]{{1,2}}\.)"
"""How a date begins in German and other languages, unlike a list's item: `20. Nov`, `20. 11.`."""


def write_out(text: str) -> str:
    """Write both ends of a range in full, a decimal comma as a point, and no sign before a time.

    `Nov 20-22` becomes `Nov 20 - Nov 22`, `2-4pm` `2pm-4pm`, `9-5pm` `9am-5pm`, `2pm-2:30`
    `2pm-2:30pm`, `2pm-4pm ET` `2pm ET - 4pm ET`, `1,5 h` `1.5 h`,
    `20. 11. 2026` `20.11.2026`, `at 0930` and `at 9.30` `at 09:30`, and `last2h` `last 2h`.
    """
    text = _YEAR_LAST.sub(r"\1 \5\4", _FRACTION.sub(".", _NAME_OF_ZONE.sub("", text)))
    text = _WITHOUT_DASHES.sub(r"\1-\2-\3", text)
    text = _DAYS_BEFORE_MONTH.sub(r"\1\3 - \2\3", text)
    text = _DAYS_AFTER_MONTH.sub(r"\1/\2 - \1/\3", text)
    text = _MONTH_AND_DAYS.sub(r"\1 \2 - \1 \3", text)
    text = _HALF.sub("half ", _WITHOUT_BLANK.sub(r"\1 ", _COLON_AFTER_DATE.sub(" ", text)))
    text = _NAMED_ZONE.sub(r"\1 \2\3t", _POINT_AFTER_DATE.sub(r"\1\2:\3", text))
    text = _POINT.sub(r"\1\2:\3", _WITHOUT_COLON.sub(r"\1 \2:\3", text))
    text = _SIGN.sub("", _DAYS_AND_MONTH.sub(r"\1 \3 - \2 \3", text))
    text = _DECIMAL_COMMA.sub(r"\1.\2", _SPACED_DATE.sub(r"\1\2\3", text))
    text = _HOURS_AFTER_HALF.sub(_with_later_half, _HOURS.sub(_with_half, text))
    return _ZONE_OF_BOTH.sub(_with_zone, text)


def _with_zone(hours: re.Match[str]) -> str:
    first, dash, word, last, zone = hours.groups()
    return f"{first} {zone} {dash or word} {last} {zone}"


def _other_half(half: str, first: str, last: str) -> str:
    """Return the half of the day of one hour of a range, given that of the other.

    It is the same unless noon or midnight is between the two, as in `9-5pm`.
    """
    if int(first) % 12 <= int(last) % 12:
        return half.lower()
    return "a" if half.lower() == "p" else "p"


def _with_later_half(hours: re.Match[str]) -> str:
    half = _other_half(hours["half"], hours["first"], hours["hour"])
    return f"{hours['rest']}{hours['last']}{half}m"


def _with_half(hours: re.Match[str]) -> str:
    half = _other_half(hours["half"], hours["first"], hours["last"])
    return f"{hours['first']}{hours['minute'] or ''}{half}m{hours['rest']}"
