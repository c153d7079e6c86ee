"""The legs of one call: the timeline and the list, and everything that can be missing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE
from bot.dev.emulator.signalwire.catalog_cases import CHILDREN, PARENT
from bot.dev.emulator.signalwire.fixtures import call, log_id
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    NOW,
    PROJECT,
    alone,
    around,
    card_context,
    entry,
    found,
)
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.signalwire.models import VoiceLog
from bot.ui import notices
from bot.ui.block_kit import View
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.results import CallLegs, Details, Found


def legs(now: datetime) -> build.Examples:
    """The modal with only the legs, as **Legs of the call** opens it."""
    return {
        "not loaded yet": _shown(Details(_parent(now))),
        **_calls(now),
        **_live(now),
        **_ends(now),
        **_charges(now),
        **_odd(now),
        **_with_parts_missing(now),
    }


def _shown(
    what: Details, *, name_project: bool = False, now: datetime = NOW, notes: Sequence[str] = ()
) -> View:
    context = card_context(names_projects=name_project, now=now, notes=notes)
    return details_view.legs_view(what, context)


def _parent(now: datetime) -> Found:
    return found(entry(PARENT, now).body)


def _call_legs(legs: Sequence[Found], now: datetime, asked: int = 0) -> Details:
    log = legs[asked]
    logs = tuple(each.log for each in legs)
    return Details(log, legs=CallLegs(log.log, logs, around(legs[0], now)))


def _calls(now: datetime) -> build.Examples:
    exact = now + timedelta(milliseconds=137)
    parent = _parent(exact)
    three = [parent, *(found(entry(child, exact).body) for child in CHILDREN)]
    whole = _call_legs(three, now)
    return {
        "the first leg of three": _shown(whole),
        "a leg that nobody answered": _shown(_call_legs(three, now, asked=1)),
        "in several projects": _shown(whole, name_project=True),
        "numbers are masked for everyone": _shown(masking.mask_details(whole)),
        "opened from a shared card": _shown(
            masking.mask_details(whole), notes=[notices.full_numbers(whole.found.log_id)]
        ),
        "no other legs": _shown(_call_legs([parent], now)),
    }


def _live(now: datetime) -> build.Examples:
    live = found(entry(LIVE, now).state_at(47).body)
    later = now + timedelta(seconds=47)
    unbilled: dict[str, JsonValue] = {"charge": 0, "billing_ms": None}
    unended = {"duration_ms": None, **unbilled}
    ringing, unanswered = (
        found(call(child, now + timedelta(seconds=after), parent_id=LIVE, **fields))
        for child, after, fields in (
            (CHILDREN[0], 32, {"status": "ringing", **unended}),
            (CHILDREN[1], 4, {"status": "no-answer", "duration_ms": 25_310, **unbilled}),
        )
    )
    stale = _leg(now, 1, -7 * 24 * 3600, status="answered", duration=14, duration_ms=None, charge=0)
    rang = _leg(now, 2, -7 * 24 * 3600 + 5, status="ended", duration_ms=18_200, **unbilled)
    ahead = _leg(now, 3, 3600.2, status="queued", **unended)
    kinds = (
        _leg(now, 4, 3300, status="in-progress", **unended),
        _leg(now, 5, 3310.2),
        _leg(now, 6, 3320.2, status="ended", **unbilled),
        _leg(now, 7, 3330.2, status="transferred", **unbilled),
        _leg(now, 8, 3340, status="failed", **unended),
    )

    def shown(*legs: Found) -> View:
        return _shown(_call_legs(legs, now), now=later)

    return {
        "the legs are still live": shown(live, ringing),
        "a leg is over, and two are live": shown(live, unanswered, ringing),
        "a live leg alone": shown(live),
        "a leg without an end, and one that was never billed": shown(stale, rang),
        "a leg of each kind": shown(*kinds),
        "a leg that begins a moment from now": _shown(_call_legs([ahead, live], now)),
    }


def _ends(now: datetime) -> build.Examples:
    """Which leg ended first, as precisely as the logs show it."""

    def shown(*legs: tuple[float, dict[str, JsonValue]]) -> View:
        logs = [_leg(now, n, after, **fields) for n, (after, fields) in enumerate(legs, 1)]
        return _shown(_call_legs(logs, now))

    def lasts(milliseconds: int) -> dict[str, JsonValue]:
        return {"duration_ms": milliseconds}

    def seconds(duration: int) -> dict[str, JsonValue]:
        return {"duration": duration, "duration_ms": None}

    long = (0.2, lasts(60_000))
    return {
        "the second leg ended first": shown(long, (4.2, lasts(53_900))),
        "a moment between the ends": shown(long, (4.2, lasts(55_960))),
        "minutes between the ends": shown(long, (4.2, lasts(312_000))),
        "two legs ended together": shown(long, (4.2, lasts(56_000))),
        "in whole seconds, far apart": shown(long, (4.2, seconds(51))),
        "in whole seconds, too close": shown((0.0, seconds(60)), (4.0, seconds(55))),
        "in whole seconds, the last is certain": shown(
            (0.2, seconds(95)), (4.2, seconds(50)), (5.2, seconds(50))
        ),
        "in whole seconds, none is certain": shown(
            (0.2, seconds(60)), (4.2, seconds(56)), (5.2, seconds(55))
        ),
    }


def _charges(now: datetime) -> build.Examples:
    leg = partial(_leg, now)
    one, two, three = leg(1, 0.2, charge=0.0032), leg(2, 5.2, charge=None), leg(3, 9.2)
    free = leg(4, 5.2, charge=None, billing_ms=None)
    some = _call_legs([one, two, three], now)
    read = CallLegs(one.log, (one.log, two.log, three.log))
    unread = replace(read, list_error=UnavailableError("503", 3))
    return {
        "one of three legs has no charge": _shown(some),
        "one of two legs has no charge": _shown(_call_legs([one, free], now)),
        "no leg has a charge": _shown(_call_legs([two, free], now)),
        "a leg has no charge, and some may be missing": _shown(replace(some, legs=unread)),
        "a leg has no charge, and some were left out": _shown(
            replace(some, legs=replace(read, omitted=4))
        ),
    }


def _leg(now: datetime, number: int, seconds: float = 0.0, **changes: JsonValue) -> Found:
    created = now - timedelta(hours=1) + timedelta(seconds=seconds)
    return found(call(log_id("1e900000", number), created, **changes))


def _odd(now: datetime) -> build.Examples:
    leg = partial(_leg, now)
    timeless = Found(leg(1).log_id, PROJECT, VoiceLog(id=str(leg(1).log_id)))
    second = replace(timeless, log=VoiceLog(id=str(leg(2).log_id), parent_id=timeless.log.id))
    orphan = leg(1, parent_id=log_id("1e900000", 99))
    hostile = leg(2, 5, from_="<!channel>", to="*b* `c`", parent_id="<!here> <https://e.example|x>")
    idless = replace(leg(2, 5), log=VoiceLog(id="not-an-id", status="completed"))
    tiny = leg(2, 5, duration=1, duration_ms=400, status="failed")
    endless = leg(3, 9, duration_ms=None, status="transferred")
    lengthless, lengthless_too = (leg(n, duration_ms=None) for n in (1, 2))
    whole_hour = leg(4, 3600, duration_ms=4_000_000)
    many = [leg(number, number * 3, status="ended") for number in range(1, 31)]
    return {
        "a leg whose parent isn't listed": _shown(_call_legs([orphan], now)),
        "two legs that began together": _shown(_call_legs([leg(1), leg(2)], now)),
        "a leg under a second, one of unknown length, a long one": _shown(
            _call_legs([leg(1), tiny, endless, whole_hour], now)
        ),
        "legs of unknown length": _shown(_call_legs([lengthless, lengthless_too], now)),
        "a leg without a start": _shown(_call_legs([leg(2), timeless], now)),
        "no leg has a start": _shown(_call_legs([timeless, second], now)),
        "a leg with an invalid id": _shown(_call_legs([leg(1), idless], now)),
        "hostile text": _shown(_call_legs([leg(1), hostile], now)),
        "more legs than letters": _shown(_call_legs(many, now, asked=29)),
        "a log without a time to search around": _shown(
            Details(timeless, legs=CallLegs(timeless.log, (timeless.log,)))
        ),
    }


def _with_parts_missing(now: datetime) -> build.Examples:
    documented, parent = found(entry(DOCUMENTED, now).body), _parent(now)
    one = alone(documented, now)
    two = replace(alone(parent, now), legs=(parent.log, found(entry(CHILDREN[0], now).body).log))
    unavailable = UnavailableError("503", 3)
    cases = {
        "one leg was left out": replace(two, omitted=1),
        "seven legs were left out": replace(two, omitted=7),
        "no other leg is shown, and one was left out": replace(one, omitted=1),
        "the parents form a cycle": replace(one, parent_error="cycle"),
        "too many parents": replace(one, parent_error="too_deep"),
        "the parent's id is invalid": replace(one, parent_error="not_an_id"),
        "the list was never searched": replace(one, searched_span=None),
        "the list couldn't be read to its end": replace(two, list_error=unavailable),
        "the list couldn't be read": replace(one, searched_span=None, list_error=unavailable),
        "there is no list": replace(one, searched_span=None, list_error=LogNotFoundError()),
        "the parent couldn't be looked up": replace(one, parent_error=unavailable),
        "both the parent and the list failed": replace(
            one,
            searched_span=None,
            parent_error=LogNotFoundError(),
            list_error=unavailable,
        ),
    }
    shown = {
        name: Details(Found(documented.log_id, PROJECT, each.log), legs=each)
        for name, each in cases.items()
    }
    return {
        **{name: _shown(each) for name, each in shown.items()},
        "an internal error with the legs": _shown(Details(documented, legs="internal_error")),
    }
