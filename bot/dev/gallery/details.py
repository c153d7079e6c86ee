"""The Details modal: loading, complete, on several pages, and with parts missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import CHATTY, CHILDREN, DELETED, DOCUMENTED, LIVE
from bot.dev.emulator.signalwire.catalog import HOSTILE as HOSTILE_LOG
from bot.dev.emulator.signalwire.fixtures import Body, Event, log_id
from bot.dev.gallery import lookups
from bot.dev.gallery.errors import HOSTILE, ONE_OF_EACH
from bot.dev.gallery.fixtures import ENTRIES, LIVE_FOR, NOW, alone, body, found, logged, timeline
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, DASHBOARD, SEVERAL_PROJECTS, after, from_shared_card
from bot.signalwire.models import Timeline
from bot.ui.block_kit import View
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.call_times import call_times
from bot.voicelogs.results import Details

_SPECIAL: Final = (
    DELETED,
    log_id("c0570000", 1),
    log_id("c0570000", 2),
    log_id("0dd00000", 1),
    HOSTILE_LOG,
)
"""Deleted, with charge details, unanswered, of an unknown type, hostile."""
_WIDE: Final = "𝄞"
"""Takes sixteen bytes of a modal's size."""
_UNANSWERED, _RANG = CHILDREN

_Rows = Sequence[Mapping[str, JsonValue]]


def details() -> Examples:
    """The whole modal; legs and JSON have separate sections."""
    return {
        "just opened": details_view.loading(),
        **_filling(),
        **{
            ENTRIES[log_id].description: _shown(replace(_whole(log_id), timeline=timeline([])))
            for log_id in _SPECIAL
        },
        **_pages(),
        **_errors(),
        **_timelines(),
        **_call_times(),
        **_records(),
        **_missing(),
        **lookups.in_details(),
    }


def _shown(what: Details, context: CardContext = CONTEXT, page: int = 1) -> View:
    return details_view.view(_timed(what), context, page)


def _timed(what: Details) -> Details:
    events = what.timeline.events if isinstance(what.timeline, Timeline) else ()
    return replace(what, times=call_times(what.found.log, events))


def _from_a_shared_card(what: Details, page: int = 1) -> View:
    masked = masking.mask_details(details_view.reduce_to_page(_timed(what), page))
    return details_view.view(masked, from_shared_card(what.found.log_id), page)


def _whole(log_id: str, rows: _Rows | None = None) -> Details:
    """The log with that ID, without other legs; its events are the emulator's, or `rows`."""
    log = logged(log_id, LIVE_FOR)
    events = [event.row for event in ENTRIES[log_id].state_at(LIVE_FOR).events]
    return Details(log, timeline(events if rows is None else rows), alone(log))


def _filling() -> Examples:
    whole, live, begun = _whole(DOCUMENTED), _whole(LIVE), logged(LIVE)
    return {
        "only the log has loaded": _shown(Details(whole.found)),
        "the legs haven't loaded": _shown(Details(whole.found, whole.timeline)),
        "the timeline hasn't loaded": _shown(Details(whole.found, legs=whole.legs)),
        "everything has loaded": _shown(whole),
        "there are several projects": _shown(whole, SEVERAL_PROJECTS),
        "with a link to the dashboard": details_view.view(live, after(LIVE_FOR, DASHBOARD)),
        "numbers are masked for everyone": _shown(masking.mask_details(whole)),
        "opened from a shared card": _from_a_shared_card(whole),
        "a leg is still live": _shown(live, after(LIVE_FOR)),
        "a leg has just begun, without events yet": _shown(
            Details(begun, timeline([]), alone(begun))
        ),
    }


def _pages() -> Examples:
    chatty = _whole(CHATTY)
    broken = Details(chatty.found, "internal_error")
    return {
        **{f"a long timeline, page {page}": _shown(chatty, page=page) for page in (1, 2, 3)},
        "a long timeline, page 2, opened from a shared card": _from_a_shared_card(chatty, 2),
        "page 2, before the timeline has loaded": _shown(Details(chatty.found), page=2),
        "page 2, and its timeline failed": _shown(broken, page=2),
        "page 2, opened from a shared card, and its timeline failed": _from_a_shared_card(
            broken, 2
        ),
    }


def _errors() -> Examples:
    def shown(what: Details, page: int = 1) -> View:
        return details_view.errors_view(what, CONTEXT, page)

    chatty = _whole(CHATTY)
    shared = masking.mask_details(details_view.reduce_to_page(chatty, 2, errors_only=True))
    step = {"name": "step"}
    one = _whole(CHATTY, [*[step] * 10, {"event_at": NOW.isoformat(), "level": "error"}])
    return {
        **{f"errors and warnings, page {page}": shown(chatty, page) for page in (1, 2)},
        "errors and warnings, page 2, opened from a shared card": details_view.errors_view(
            shared, from_shared_card(chatty.found.log_id), page=2
        ),
        "one error among eleven events": _shown(one),
        "the one error among eleven events": shown(one),
        "no errors or warnings": shown(_whole(CHATTY, [step])),
        "errors, before the timeline has loaded": shown(Details(chatty.found)),
        "errors, and the timeline failed": shown(Details(chatty.found, "internal_error")),
    }


def _call_times() -> Examples:
    """How long a leg rang and talked, in each wording; a live leg is in `_filling`."""

    def answered_after(seconds: float) -> Details:
        answered_at = NOW + timedelta(seconds=seconds)
        ringing = {"event_at": NOW.isoformat(), "name": "call_ringing"}
        return _whole(
            _RANG, [ringing, {"event_at": answered_at.isoformat(), "name": "call_answered"}]
        )

    ended = {"event_at": NOW.isoformat(), "name": "calling_call_ended"}
    return {
        "a leg that rang and talked": _shown(_whole(_RANG)),
        "a leg that rang and wasn't answered": _shown(_whole(_UNANSWERED)),
        "a leg that rang for whole seconds": _shown(answered_after(3)),
        "a leg that was answered immediately": _shown(answered_after(0)),
        "a leg that is live in its log and has ended in its events": _shown(
            _whole(LIVE, [ended]), after(LIVE_FOR)
        ),
    }


def _timelines() -> Examples:
    now = NOW.isoformat()
    hostile: Body = {
        "event_at": now,
        "level": HOSTILE,
        "name": HOSTILE,
        "details": {HOSTILE: HOSTILE},
    }
    events: dict[str, _Rows] = {
        "one event": [{"event_at": now, "name": "calling_call_initiated"}],
        "events without times": [
            {"name": "calling_call_initiated"},
            {"name": "calling_call_ended"},
        ],
        "an event without a name, one without a time": [
            {"event_at": now, "level": "error"},
            {"level": "debug", "name": "media.stream:lost"},
        ],
        "hostile events": [hostile],
        "one event more than fits on a page": [{"name": "step"}] * 41,
    }
    shown = {name: _whole(DOCUMENTED, rows) for name, rows in events.items()}
    return {
        **{name: _shown(each) for name, each in shown.items()},
        "a page with one event": _shown(shown["one event more than fits on a page"], page=2),
    }


def _records() -> Examples:
    lines: list[JsonValue] = [{"description": _WIDE * 80, "charge": 0.01}] * 101
    many = [Event(NOW, "calling_call_noted", details={"note": _WIDE * 150}).row] * 40
    bodies = {
        "no charge": body(charge=None),
        "charge details, but no charge": body(charge=None, charge_details=lines[:1]),
        "over a hundred charge details": body(charge_details=lines),
        "in whole seconds only": body(duration=4000, duration_ms=None),
        "an hour, to the millisecond": body(duration_ms=3_600_000),
        "neither from nor to": body(from_=None, to=None),
    }
    overflowing = Details(found(body(charge_details=lines)), timeline(many))
    return {
        **{name: _shown(Details(found(each))) for name, each in bodies.items()},
        "more than a modal holds": _shown(overflowing),
    }


def _missing() -> Examples:
    whole = _whole(DOCUMENTED)
    broken = Details(whole.found, "internal_error", "internal_error")
    return {
        **{
            f"{name}: the timeline is missing": _shown(replace(whole, timeline=ONE_OF_EACH[name]))
            for name in ("404", "422, beyond the history limit", "503, three times")
        },
        "an internal error with both parts": _shown(broken),
    }
