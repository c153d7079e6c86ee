"""A search query in words: above its results, and on a button that starts it."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.ui import mrkdwn
from bot.voicelogs import masking
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import DIRECTIONS, FIND_LIMIT, Query

_DAY: Final = timedelta(days=1)
_UNITS: Final = (("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))
_SECOND: Final = ("second", timedelta(seconds=1))
_NO_MARKUP: Final = str.maketrans(dict.fromkeys("`<>&"))
_NUMBER_LIMIT: Final = 50
"""Characters, so that a header holds two."""


def title(query: Query, count: int, *, is_continued: bool = False, masked: bool = False) -> str:
    """Return what was found: `2 calls with +1 206-555-0103`; the same as plain text and mrkdwn.

    If `is_continued`, earlier results had newer calls.
    """
    noun = "call" if count == 1 else "calls"
    older = "older " if is_continued else ""
    if count and not older and query == Query(limit=query.limit):
        return f"The {count} latest calls" if count > 1 else "The latest call"
    return f"{count or 'No'} {older}{noun}{_parties(query, masked=masked)}"


def button_label(query: Query, now: datetime, *, masked: bool) -> str:
    """Name a search on its button: `Find calls with 555-0103 · last 2 hours · failed`."""
    if query == Query(limit=query.limit) or query.limit < FIND_LIMIT:
        calls = "Show the latest " + ("call" if query.limit == 1 else f"{query.limit} calls")
    else:
        calls = "Find calls"
    calls += _parties(query, masked=masked)
    return " · ".join(filter(None, [calls, button_span(query, now), *query.filters]))


def button_span(query: Query, now: datetime) -> str:
    """Return the time span for a button, which has no date tokens: `since Nov 12`."""
    since, until = query.since, query.until
    if query.length is not None:
        return span(query)
    if until is not None and _is_midnight(until):
        until -= _DAY
    return _range(*(_day_or_minute(each, now) if each else "" for each in (since, until)))


def _parties(query: Query, *, masked: bool) -> str:
    def shown(number: Number) -> str:
        text = number.formatted()
        text = masking.mask_address(text) if masked else text
        return mrkdwn.clip(mrkdwn.clean(text.translate(_NO_MARKUP)), _NUMBER_LIMIT)

    match query.numbers:
        case (one, other):
            return f" between {shown(one)} and {shown(other)}"
        case (one,):
            return f" with {shown(one)}"
    sides = (("from", query.from_), ("to", query.to))
    return "".join(f" {side} {shown(number)}" for side, number in sides if number is not None)


def conditions(query: Query) -> str:
    """Return the time span and the filters, in mrkdwn: `last 2 days · inbound · missed`."""
    groups = sorted(query.grouped_filters, key=lambda group: group[0] not in DIRECTIONS)
    return " · ".join(filter(None, [span(query), *map(alternatives, groups)]))


def alternatives(filters: tuple[str, ...]) -> str:
    """Return filters of one group: `busy, failed or missed`."""
    *others, last = filters
    return f"{', '.join(others)} or {last}" if others else last


def span(query: Query) -> str:
    """Return the time span, in mrkdwn; empty if there is none. A whole day is a day in UTC."""
    since, until = query.since, query.until
    if query.length is not None:
        return f"last {_length(query.length, in_hours=query.in_hours)}"
    if any(each and not _is_midnight(each) for each in (since, until)):
        tokens = (mrkdwn.date_token(each) if each else "" for each in (since, until))
        return _range(*tokens, same="on ")
    first = f"{since:%Y-%m-%d}" if since else ""
    last = f"{until - _DAY:%Y-%m-%d}" if until else ""
    days = _range(first, last, same="on ")
    return f"{days} (UTC)" if days else ""


def _range(first: str, last: str, *, same: str = "") -> str:
    """Join the ends of a time span, each of which may be empty; `same` is put before equal ones."""
    if first and last:
        return f"{same}{first}" if first == last else f"{first} to {last}"
    return f"since {first}" if first else f"until {last}" if last else ""


def since_day(query: Query) -> date | None:
    """Return the day, in UTC, that the search goes back to; None for any other time span."""
    if query.since is None or query.length is not None or query.until is not None:
        return None
    return query.since.date() if _is_midnight(query.since) else None


def _day_or_minute(moment: datetime, now: datetime) -> str:
    year = f", {moment:%Y}" if moment.year != now.year else ""
    day = f"{moment:%b} {moment.day}{year}"
    return day if _is_midnight(moment) else f"{day}, {moment:%H:%M} UTC"


def _is_midnight(moment: datetime) -> bool:
    return moment == moment.replace(hour=0, minute=0, second=0)


def _length(length: timedelta, *, in_hours: bool) -> str:
    """Return `2 days`, `24 hours`, `90 minutes`, or `hour` for a single one."""
    units = _UNITS if in_hours or length == _DAY else (("day", _DAY), *_UNITS)
    name, size = next((each for each in units if not length % each[1]), _SECOND)
    count = length // size
    return name if count == 1 else f"{count} {name}s"
