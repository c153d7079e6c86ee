"""Names a search on a button: **Find calls with 555-0103 · last 2 hours · failed**."""

from datetime import datetime, timedelta
from typing import Final

from bot.voicelogs import masking
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import FIND_LIMIT, Query

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


def search(query: Query, now: datetime, *, masked: bool) -> str:
    """Name all of a search. `now` is in UTC; `masked` hides most digits of numbers."""
    span = period(query, now)
    return " · ".join([_calls(query, masked=masked), *([span] if span else []), *query.filters])


def period(query: Query, now: datetime) -> str:
    """Name the time span: `last 2 hours`, `Nov 12`, `since Nov 12`; empty if there is none."""
    since, until = query.since, query.until
    if query.length is not None:
        return f"last {_length(query.length)}"
    if since is not None and until is not None:
        first, last = _moment(since, now), _last_moment(until, now)
        return first if first == last else f"{first} to {last}"
    if since is not None:
        return f"since {_moment(since, now)}"
    return f"until {_last_moment(until, now)}" if until is not None else ""


def number(wanted: Number, *, masked: bool) -> str:
    """Format a number as its country writes it."""
    text = wanted.formatted()
    return masking.mask_address(text) if masked else text


def _calls(query: Query, *, masked: bool) -> str:
    if query == Query(limit=query.limit) or query.limit < FIND_LIMIT:
        return "Show the latest " + ("call" if query.limit == 1 else f"{query.limit} calls")
    match [number(each, masked=masked) for each in query.numbers]:
        case [one, other]:
            return f"Find calls between {one} and {other}"
        case [one]:
            return f"Find calls with {one}"
        case _:
            sides = (("from", query.from_), ("to", query.to))
            words = [f"{side} {number(each, masked=masked)}" for side, each in sides if each]
            return " ".join(["Find calls", *words])


def _length(length: timedelta) -> str:
    if length >= 2 * _DAY and not length % _DAY:
        return f"{length // _DAY} days"
    if not length % _HOUR:
        hours = length // _HOUR
        return "hour" if hours == 1 else f"{hours} hours"
    minutes = max(length // timedelta(minutes=1), 1)
    return "minute" if minutes == 1 else f"{minutes} minutes"


def _moment(moment: datetime, now: datetime) -> str:
    year = f", {moment:%Y}" if moment.year != now.year else ""
    day = f"{moment:%b} {moment.day}{year}"
    return day if _is_midnight(moment) else f"{day}, {moment:%H:%M} UTC"


def _last_moment(end: datetime, now: datetime) -> str:
    """Name the day before an end at midnight, which isn't part of the time span."""
    return _moment(end - _DAY if _is_midnight(end) else end, now)


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)
