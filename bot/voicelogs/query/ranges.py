"""Completes ranges of which one end is shortened, so that each end can be read by itself."""

import re
from typing import Final

from bot.voicelogs.query.clocks import ZONE_NAME
from bot.voicelogs.query.dates import MONTH_NAME

_TO: Final = "(?P<to> ?- ?| (?:to|and|&|until|till?|through|thru) )"
_ZONE: Final = rf" ?{ZONE_NAME}(?: standard| daylight)?(?: time)?\b"
_IS_HALF: Final = r"(?=[ap]\b| ?[ap]\.?m\b)"
_HOURS: Final = re.compile(
    r"(?<![\w:/.+-])(?P<between>between )?"
    r"(?P<first>(?P<first_hour>[0-9]{1,2})(?:[:.][0-9]{2})?"
    rf"(?:{_IS_HALF} ?(?P<first_half>[ap])(?:\.?m\.?)?)?)"
    rf"{_TO}"
    rf"(?P<last>(?P<last_hour>[0-9]{{1,2}})(?:[:.][0-9]{{2}}|[0-9]{{2}}(?={_ZONE}))?"
    rf"(?:{_IS_HALF} ?(?P<last_half>[ap])(?:\.?m\.?)?)?)"
    rf"(?P<zone>{_ZONE})?(?![\w:/-]|\.\w| (?:min(?:ute)?|h(?:ou)?r|day|week)s?\b)",
    re.IGNORECASE,
)
_HOUR_OF_HALF: Final = re.compile("[1-9]|1[0-2]")
_DAY: Final = "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = "(?:0?[1-9]|1[0-2])"
_NOT_IN_NUMBER: Final = "(?<![ )-][0-9]{3} )(?<![0-9] [0-9]{2} )"
"""Behind three digits, or two pairs, two more rather continue them: `+46 8 465 004 10 - 28/11`."""
_DAYS: Final = re.compile(
    rf"(?<![\w:/.-])(?:(?P<before>{MONTH_NAME}\.? |{_MONTH}/)|{_NOT_IN_NUMBER})"
    rf"(?P<first>{_DAY})\.?{_TO}(?P<last>{_DAY})"
    rf"(?P<after>\.? {MONTH_NAME}\b|[/.]{_MONTH}\b(?:[/.](?:20)?[0-9]{{2}}\b)?\.?)?(?![\w:/-])",
    re.IGNORECASE,
)


def complete(text: str) -> str:
    """Complete both ends of each range: the month, the half of the day and the zone.

    `Nov 20-22` becomes `Nov 20 - Nov 22`, `20-22/11` `20/11 - 22/11`, `2-4pm` `2pm - 4pm`, `9-5pm`
    `9am - 5pm`, `between 2pm and 4` `between 2pm and 4pm`, `2pm-4pm ET` `2pm ET - 4pm ET`.
    """
    return _HOURS.sub(_with_halves_and_zones, _DAYS.sub(_with_months, text))


def _with_months(days: re.Match[str]) -> str:
    before, after = days["before"] or "", days["after"] or ""
    if bool(before) is bool(after):
        return days.group()
    to = days["to"].replace("-", " - ")
    return f"{before}{days['first']}{after}{to}{before}{days['last']}{after}"


def _with_halves_and_zones(range_: re.Match[str]) -> str:
    given = [range_["first_half"] or "", range_["last_half"] or ""]
    is_list = range_["to"].strip() in {"and", "&"} and not range_["between"]
    zone = range_["zone"] or ""
    if not (given[1] or zone or (given[0] and not is_list)):
        return range_.group()
    hours = range_["first_hour"], range_["last_hour"]
    added = ""
    if given.count("") == 1 and all(map(_HOUR_OF_HALF.fullmatch, hours)):
        half = "".join(given).lower()
        # It is the same unless noon or midnight is between the hours, as in 9-5pm.
        is_same = int(hours[0]) % 12 <= int(hours[1]) % 12
        added = f"{half if is_same else 'ap'.replace(half, '')}m"
    first = f"{range_['first']}{'' if given[0] else added}{zone}"
    last = f"{range_['last']}{'' if given[1] else added}{zone}"
    return f"{range_['between'] or ''}{first}{range_['to'].replace('-', ' - ')}{last}"
