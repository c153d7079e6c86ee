"""The Details modal: loading, complete, on several pages, and with parts missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DELETED, DOCUMENTED, LIVE
from bot.dev.emulator.signalwire.catalog_cases import CHATTY, CHILDREN
from bot.dev.emulator.signalwire.catalog_cases import HOSTILE as HOSTILE_LOG
from bot.dev.emulator.signalwire.fixtures import Event, log_id
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    DASHBOARD,
    HOSTILE,
    LOG_ID,
    METADATA,
    NOW,
    PROJECT,
    REFERENCE,
    alone,
    body,
    card_context,
    entry,
    found,
    one_of_each,
    reply,
    timeline,
    timeline_of,
)
from bot.signalwire.models import Timeline
from bot.ui import block_kit, error_messages, notices
from bot.ui import errors as error_texts
from bot.ui.block_kit import View
from bot.ui.card_buttons import CardOptions
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.call_times import call_times
from bot.voicelogs.results import Details, Found, NotFound

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
_LIVE_FOR: Final = 47
"""Seconds since the live call began."""


def details(now: datetime) -> build.Examples:
    """The whole modal; legs and JSON have separate sections."""
    return {
        "just opened": details_view.loading(),
        **_filling(now),
        **_logs(now),
        **_pages(now),
        **_errors(now),
        **_timelines(now),
        **_call_times(now),
        **_records(now),
        **_missing(now),
        **_without_log(),
    }


def _shown(
    what: Details, page: int = 1, *, name_project: bool = False, now: datetime = NOW
) -> View:
    context = card_context(names_projects=name_project, now=now)
    return details_view.view(_timed(what), context, page)


def _timed(what: Details) -> Details:
    events = what.timeline.events if isinstance(what.timeline, Timeline) else ()
    return replace(what, times=call_times(what.found.log, events))


def _from_a_shared_card(what: Details, page: int = 1) -> View:
    masked = masking.mask_details(details_view.reduce_to_page(_timed(what), page))
    notes = [notices.full_numbers(what.found.log_id)]
    return details_view.view(masked, card_context(notes=notes), page)


def _whole(log_id: str, now: datetime) -> Details:
    moment = entry(log_id, now).state_at(_LIVE_FOR)
    log = found(moment.body)
    return Details(log, timeline(moment.events), alone(log, now))


def _without_events(log: Found, now: datetime) -> Details:
    return Details(log, timeline(()), alone(log, now))


def _filling(now: datetime) -> build.Examples:
    whole = _whole(DOCUMENTED, now)
    live, begun = _whole(LIVE, now), found(entry(LIVE, now).body)
    return {
        "only the log has loaded": _shown(Details(whole.found)),
        "the legs haven't loaded": _shown(Details(whole.found, whole.timeline)),
        "the timeline hasn't loaded": _shown(Details(whole.found, legs=whole.legs)),
        "everything has loaded": _shown(whole),
        "there are several projects": _shown(whole, name_project=True),
        "with a link to the dashboard": details_view.view(
            live,
            card_context(
                CardOptions(dashboard_url=DASHBOARD), now=now + timedelta(seconds=_LIVE_FOR)
            ),
        ),
        "numbers are masked for everyone": _shown(masking.mask_details(whole)),
        "opened from a shared card": _from_a_shared_card(whole),
        "a leg is still live": _shown(live, now=now + timedelta(seconds=_LIVE_FOR)),
        "a leg has just begun, without events yet": _shown(_without_events(begun, now), now=now),
    }


def _logs(now: datetime) -> build.Examples:
    """The emulator's logs that this modal shows differently from a card."""
    special = [entry(log_id, now) for log_id in _SPECIAL]
    return {each.description: _shown(_without_events(found(each.body), now)) for each in special}


def _pages(now: datetime) -> build.Examples:
    chatty = _whole(CHATTY, now)
    return {
        **{f"a long timeline, page {page}": _shown(chatty, page) for page in (1, 2, 3)},
        "a long timeline, page 2, opened from a shared card": _from_a_shared_card(chatty, 2),
        "page 2, before the timeline has loaded": _shown(Details(chatty.found), 2),
        "page 2, and its timeline failed": _shown(Details(chatty.found, "internal_error"), 2),
        "page 2, opened from a shared card, and its timeline failed": _from_a_shared_card(
            Details(chatty.found, "internal_error"), 2
        ),
    }


def _errors(now: datetime) -> build.Examples:
    chatty = _whole(CHATTY, now)
    shared = masking.mask_details(details_view.reduce_to_page(chatty, 2, errors_only=True))
    notes = [notices.full_numbers(chatty.found.log_id)]
    one = _with_events(
        chatty, [{"name": "step"}] * 10 + [{"event_at": now.isoformat(), "level": "error"}]
    )
    none = _with_events(chatty, [{"name": "step"}])
    return {
        **{f"errors and warnings, page {page}": _shown_errors(chatty, page) for page in (1, 2)},
        "errors and warnings, page 2, opened from a shared card": details_view.errors_view(
            shared, card_context(notes=notes), page=2
        ),
        "one error among eleven events": _shown(one),
        "the one error among eleven events": _shown_errors(one),
        "no errors or warnings": _shown_errors(none),
        "errors, before the timeline has loaded": _shown_errors(Details(chatty.found)),
        "errors, and the timeline failed": _shown_errors(Details(chatty.found, "internal_error")),
    }


def _shown_errors(what: Details, page: int = 1) -> View:
    return details_view.errors_view(what, card_context(), page)


def _with_events(what: Details, rows: Sequence[Mapping[str, JsonValue]]) -> Details:
    return replace(what, timeline=timeline_of(rows))


def _call_times(now: datetime) -> build.Examples:
    """How long a leg rang and talked, in each wording; a live leg is in `_filling`."""
    rang = _whole(_RANG, now)
    later = now + timedelta(seconds=_LIVE_FOR)
    ended: Mapping[str, JsonValue] = {"event_at": now.isoformat(), "name": "calling_call_ended"}

    def answered_after(seconds: float) -> Details:
        moments = {"ringing": 0.0, "answered": seconds}
        return _with_events(
            rang,
            [
                {"event_at": (now + timedelta(seconds=when)).isoformat(), "name": f"call_{state}"}
                for state, when in moments.items()
            ],
        )

    return {
        "a leg that rang and talked": _shown(rang),
        "a leg that rang and wasn't answered": _shown(_whole(_UNANSWERED, now)),
        "a leg that rang for whole seconds": _shown(answered_after(3)),
        "a leg that was answered immediately": _shown(answered_after(0)),
        "a leg that is live in its log and has ended in its events": _shown(
            _with_events(_whole(LIVE, now), [ended]), now=later
        ),
    }


def _timelines(now: datetime) -> build.Examples:
    whole = _whole(DOCUMENTED, now)
    events: dict[str, Sequence[Mapping[str, JsonValue]]] = {
        "one event": [{"event_at": now.isoformat(), "name": "calling_call_initiated"}],
        "events without times": [
            {"name": "calling_call_initiated"},
            {"name": "calling_call_ended"},
        ],
        "an event without a name, one without a time": [
            {"event_at": now.isoformat(), "level": "error"},
            {"level": "debug", "name": "media.stream:lost"},
        ],
        "hostile events": [
            {
                "event_at": now.isoformat(),
                "level": HOSTILE,
                "name": HOSTILE,
                "details": {HOSTILE: HOSTILE},
            }
        ],
        "one event more than fits on a page": [{"name": "step"}] * 41,
    }
    shown = {name: _with_events(whole, rows) for name, rows in events.items()}
    last = shown["one event more than fits on a page"]
    return {
        **{name: _shown(each) for name, each in shown.items()},
        "a page with one event": _shown(last, 2),
    }


def _records(now: datetime) -> build.Examples:
    lines: list[JsonValue] = [{"description": _WIDE * 80, "charge": 0.01}] * 101
    many = [Event(now, "calling_call_noted", details={"note": _WIDE * 150})] * 40
    bodies: dict[str, Mapping[str, JsonValue]] = {
        "no charge": body(now, charge=None),
        "charge details, but no charge": body(now, charge=None, charge_details=lines[:1]),
        "over a hundred charge details": body(now, charge_details=lines),
        "in whole seconds only": body(now, duration=4000, duration_ms=None),
        "an hour, to the millisecond": body(now, duration_ms=3_600_000),
        "neither from nor to": body(now, from_=None, to=None),
    }
    overflowing = found(body(now, charge_details=lines))
    return {
        **{name: _shown(Details(found(each))) for name, each in bodies.items()},
        "more than a modal holds": _shown(Details(overflowing, timeline(many))),
    }


def _missing(now: datetime) -> build.Examples:
    whole = _whole(DOCUMENTED, now)
    broken, errors = Details(whole.found, "internal_error", "internal_error"), one_of_each()
    return {
        **{
            f"{name}: the timeline is missing": _shown(
                Details(whole.found, errors[name], whole.legs)
            )
            for name in ("404", "422, beyond the history limit", "503, three times")
        },
        "an internal error with both parts": _shown(broken),
    }


def _without_log() -> build.Examples:
    """What the modal shows when there is no log."""
    errors = one_of_each()
    messages = {
        f"{name}: there is no log to show": reply(NotFound(LOG_ID, {PROJECT: errors[name]}))
        for name in ("404", "401 or 403")
    } | {
        "an internal error": error_messages.failed(
            error_texts.INTERNAL_ERROR, REFERENCE, retry=[LOG_ID]
        ),
        "the bot is restarting": error_messages.failed(
            error_texts.RESTARTING, REFERENCE, retry=[LOG_ID]
        ),
    }
    return {
        name: block_kit.message_modal(details_view.TITLE, message, METADATA)
        for name, message in messages.items()
    }
