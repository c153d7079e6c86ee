"""The forms in which a time of day is written, with its zone."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

_NAMED_HOURS: Final = {"noon": 12, "midday": 12, "midnight": 0}
_OFFSETS: Final = {
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "jst": 9,
}  # fmt: skip
"""Hours from UTC (RFC 5322 §4.3). IST isn't here: it may be India's, Ireland's or Israel's."""
ZONE_NAME: Final = f"(?:{'|'.join(_OFFSETS)}|[ecmp]t|eastern|central|mountain|pacific)"

_ANNOUNCED: Final = r"(?:(?<=\bat )|(?<=\bsince )(?!20))"
"""Four digits are a time of day after `at` or `since`, but not the year in `since 2026`."""
_DIGITS: Final = "(?:[01][0-9]|2[0-3])[0-5][0-9]"
_WITH_MINUTES: Final = (
    rf"(?:(?=[0-9]{{1,2}}:)|{_ANNOUNCED}(?={_DIGITS}\b)|(?={_DIGITS} ?(?:h|hrs|hours|z|utc|gmt)\b)"
    r"|(?:(?<=\bat )|(?<=[0-9] ))(?=[0-9]{1,2}\.)|(?=[0-9]{1,2}\.[0-9]{2} ?[ap]\.?m\b))"
)
"""How a time of day begins that has minutes: `9:30`, `since 0930`, `0930 hrs`, `at 9.30`,
`9.30 pm`, or `20.11.2026 9.30`.
"""
_ZONE: Final = (
    rf"(?: ?(?:z|utc|gmt|(?P<zone>{ZONE_NAME})(?: (?P<season>[sd])(?:tandard|aylight))?(?: time)?"
    r"|(?P<base>(?:utc|gmt) ?)?(?P<sign>[+-])(?P<hours>(?(base)(?:1[0-4]|0?[0-9])|[0-9]{2}))"
    r"(?::?(?P<minutes>[0-9]{2})|(?(base)|(?(second)(?<! [+-][0-9]{2})|(?!))))))?"
)
"""An offset of hours alone needs `UTC` before it, or seconds: `17:24 UTC-5`, `17:24:05-05`."""
CLOCK: Final = (
    rf"(?:@ ?)?(?:(?:{_WITH_MINUTES}|(?=[0-9]{{1,2}}(?:[ap]\b| ?[ap]\.?m\b)))(?P<hour>[0-9]{{1,2}})"
    r"(?:[:.]?(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.[0-9]+)?)?)?"
    r"(?: ?(?P<half>[ap])(?:\.?m\.?|(?![a-z]))| ?(?:h|hrs|hours)|(?(minute)|(?!)))"
    rf"|(?P<named_hour>noon|midday|midnight)){_ZONE}"
)


def has_clock(form: re.Match[str]) -> bool:
    """Whether a form whose time of day is optional has one."""
    return bool(form["hour"] or form["named_hour"])


def at_clock(form: re.Match[str], day: date) -> datetime:
    """Return the time of a day, in UTC. Raises ValueError if there is none, as at 25:00."""
    hour, half = int(form["hour"] or _NAMED_HOURS[form["named_hour"]]), form["half"]
    if half:
        hour = hour % 12 + 12 * (half == "p")
    clock = time(hour, int(form["minute"] or 0), int(form["second"] or 0))
    east = timedelta(hours=int(form["hours"] or 0), minutes=int(form["minutes"] or 0))
    if name := form["zone"]:
        season = form["season"] or ("d" if _is_daylight(day) else "s")
        east = timedelta(hours=_OFFSETS[name if name in _OFFSETS else f"{name[0]}{season}t"])
    zone = timezone(-east if form["sign"] == "-" else east)
    return datetime.combine(day, clock, zone).astimezone(UTC)


def _is_daylight(day: date) -> bool:
    """Whether a day has daylight time in the United States (15 U.S.C. 260a)."""
    latest = (date(day.year, 3, 14), date(day.year, 11, 7))
    begins, ends = (each - timedelta(days=each.isoweekday() % 7) for each in latest)  # Sundays
    return begins <= day < ends
