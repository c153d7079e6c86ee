"""The legs of one call: the timeline and the list, and everything that can be missing."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import CHILDREN, DOCUMENTED, LIVE, PARENT, catalog
from bot.dev.emulator.signalwire.fixtures import Body, call, log_id
from bot.dev.gallery.errors import NOT_FOUND, UNAVAILABLE
from bot.dev.gallery.fixtures import LIVE_FOR, NOW, PROJECT, alone, around, found, logged
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, SEVERAL_PROJECTS, after, from_shared_card
from bot.signalwire.models import VoiceLog
from bot.ui.block_kit import View
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.results import CallLegs, Details, Found

_UNBILLED: Final[Body] = {"charge": 0, "billing_ms": None}
_UNENDED: Final[Body] = {**_UNBILLED, "duration_ms": None}


def legs() -> Examples:
    """The modal with only the legs, as **Legs of the call** opens it."""
    over = {**_ends(), **_charges(), **_odd(), **_with_parts_missing()}
    return {
        "not loaded yet": _shown(Details(logged(PARENT))),
        **_calls(),
        **{name: _shown(each, after(LIVE_FOR)) for name, each in _live().items()},
        "a leg that begins a moment from now": _shown(
            _call(_leg(3, 3600.2, status="queued", **_UNENDED), logged(LIVE, LIVE_FOR))
        ),
        **{name: _shown(each) for name, each in over.items()},
    }


def _shown(what: Details, context: CardContext = CONTEXT) -> View:
    return details_view.legs_view(what, context)


def _call(*legs: Found, asked: int = 0) -> Details:
    log = legs[asked]
    return Details(log, legs=CallLegs(log.log, tuple(leg.log for leg in legs), around(legs[0])))


def _leg(number: int, seconds: float = 0.0, **changes: JsonValue) -> Found:
    """A leg that began so many seconds after an hour ago."""
    created = NOW + timedelta(seconds=seconds - 3600)
    return found(call(log_id("1e900000", number), created, **changes))


def _calls() -> Examples:
    exact = {entry.id: entry.body for entry in catalog(NOW + timedelta(milliseconds=137))}
    three = [found(exact[each]) for each in (PARENT, *CHILDREN)]
    whole = _call(*three)
    masked = masking.mask_details(whole)
    return {
        "the first leg of three": _shown(whole),
        "a leg that nobody answered": _shown(_call(*three, asked=1)),
        "in several projects": _shown(whole, SEVERAL_PROJECTS),
        "numbers are masked for everyone": _shown(masked),
        "opened from a shared card": _shown(masked, from_shared_card(whole.found.log_id)),
        "no other legs": _shown(_call(three[0])),
    }


def _live() -> dict[str, Details]:
    live = logged(LIVE, LIVE_FOR)
    ringing, unanswered = (
        found(call(child, NOW + timedelta(seconds=seconds), parent_id=LIVE, **fields))
        for child, seconds, fields in (
            (CHILDREN[0], 32, {"status": "ringing", **_UNENDED}),
            (CHILDREN[1], 4, {"status": "no-answer", **_UNBILLED, "duration_ms": 25_310}),
        )
    )
    week = 7 * 24 * 3600
    stale = _leg(1, -week, status="answered", duration=14, duration_ms=None, charge=0)
    rang = _leg(2, 5 - week, status="ended", duration_ms=18_200, **_UNBILLED)
    kinds = (
        _leg(4, 3300, status="in-progress", **_UNENDED),
        _leg(5, 3310.2),
        _leg(6, 3320.2, status="ended", **_UNBILLED),
        _leg(7, 3330.2, status="transferred", **_UNBILLED),
        _leg(8, 3340, status="failed", **_UNENDED),
    )
    return {
        "the legs are still live": _call(live, ringing),
        "a leg is over, and two are live": _call(live, unanswered, ringing),
        "a live leg alone": _call(live),
        "a leg without an end, and one that was never billed": _call(stale, rang),
        "a leg of each kind": _call(*kinds),
    }


def _ends() -> dict[str, Details]:
    """Which leg ended first, as precisely as the logs show it."""

    def seconds(length: int) -> Body:
        return {"duration": length, "duration_ms": None}

    long = _leg(1, 0.2, duration_ms=60_000)
    of_second_leg: dict[str, Body] = {
        "the second leg ended first": {"duration_ms": 53_900},
        "a moment between the ends": {"duration_ms": 55_960},
        "minutes between the ends": {"duration_ms": 312_000},
        "two legs ended together": {"duration_ms": 56_000},
        "in whole seconds, far apart": seconds(51),
    }
    return {
        **{name: _call(long, _leg(2, 4.2, **end)) for name, end in of_second_leg.items()},
        "in whole seconds, too close": _call(_leg(1, 0, **seconds(60)), _leg(2, 4, **seconds(55))),
        "in whole seconds, the last is certain": _call(
            _leg(1, 0.2, **seconds(95)), _leg(2, 4.2, **seconds(50)), _leg(3, 5.2, **seconds(50))
        ),
        "in whole seconds, none is certain": _call(
            _leg(1, 0.2, **seconds(60)), _leg(2, 4.2, **seconds(56)), _leg(3, 5.2, **seconds(55))
        ),
    }


def _charges() -> dict[str, Details]:
    one, two, three = _leg(1, 0.2, charge=0.0032), _leg(2, 5.2, charge=None), _leg(3, 9.2)
    free = _leg(4, 5.2, charge=None, billing_ms=None)
    in_euros = _leg(5, 5.2, charge=0.0032, currency="EUR")
    some = _call(one, two, three)
    read = CallLegs(one.log, (one.log, two.log, three.log))
    return {
        "one of three legs has no charge": some,
        "one of two legs has no charge": _call(one, free),
        "no leg has a charge": _call(two, free),
        "no leg has a charge in dollars": _call(two, in_euros),
        "a leg has no charge, and some may be missing": replace(
            some, legs=replace(read, list_error=UNAVAILABLE)
        ),
        "a leg has no charge, and some were left out": replace(some, legs=replace(read, omitted=4)),
    }


def _odd() -> dict[str, Details]:
    one, two = _leg(1), _leg(2)
    timeless = replace(one, log=VoiceLog(id=str(one.log_id)))
    second = replace(timeless, log=VoiceLog(id=str(two.log_id), parent_id=timeless.log.id))
    hostile = {"from_": "<!channel>", "to": "*b* `c`", "parent_id": "<!here> <https://e.example|x>"}
    idless = replace(two, log=VoiceLog(id="not-an-id", status="completed"))
    tiny = _leg(2, 5, duration=1, duration_ms=400, status="failed")
    endless = _leg(3, 9, duration_ms=None, status="transferred")
    whole_hour = _leg(4, 3600, duration_ms=4_000_000)
    many = [_leg(number, number * 3, status="ended") for number in range(1, 31)]
    return {
        "a leg whose parent isn't listed": _call(_leg(1, parent_id=log_id("1e900000", 99))),
        "two legs that began together": _call(one, two),
        "a leg under a second, one of unknown length, a long one": _call(
            one, tiny, endless, whole_hour
        ),
        "legs of unknown length": _call(_leg(1, duration_ms=None), _leg(2, duration_ms=None)),
        "a leg without a start": _call(two, timeless),
        "no leg has a start": _call(timeless, second),
        "a leg with an invalid id": _call(one, idless),
        "hostile text": _call(one, _leg(2, 5, **hostile)),
        "more legs than letters": _call(*many, asked=29),
        "a log without a time to search around": Details(
            timeless, legs=CallLegs(timeless.log, (timeless.log,))
        ),
    }


def _with_parts_missing() -> dict[str, Details]:
    documented, parent = logged(DOCUMENTED), logged(PARENT)
    one = alone(documented)
    two = replace(alone(parent), legs=(parent.log, logged(CHILDREN[0]).log))
    unsearched = replace(one, searched_span=None)
    cases = {
        "one leg was left out": replace(two, omitted=1),
        "seven legs were left out": replace(two, omitted=7),
        "no other leg is shown, and one was left out": replace(one, omitted=1),
        "the parents form a cycle": replace(one, parent_error="cycle"),
        "too many parents": replace(one, parent_error="too_deep"),
        "the parent's id is invalid": replace(one, parent_error="not_an_id"),
        "the list was never searched": unsearched,
        "the list couldn't be read to its end": replace(two, list_error=UNAVAILABLE),
        "the list couldn't be read": replace(unsearched, list_error=UNAVAILABLE),
        "there is no list": replace(unsearched, list_error=NOT_FOUND),
        "the parent couldn't be looked up": replace(one, parent_error=UNAVAILABLE),
        "both the parent and the list failed": replace(
            unsearched, parent_error=NOT_FOUND, list_error=UNAVAILABLE
        ),
    }
    return {
        **{
            name: Details(Found(documented.log_id, PROJECT, each.log), legs=each)
            for name, each in cases.items()
        },
        "an internal error with the legs": Details(documented, legs="internal_error"),
    }
