"""Searches without an id: what they found, how far they looked, and what stood in their way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot import masking, queries
from bot.cards import details, help, hits  # noqa: A004 - cards/ has a module of that name
from bot.cards import problems as own
from bot.cards.blocks import Message
from bot.gallery import hanging
from bot.gallery.samples import METADATA, PROJECTS, REFERENCE, every_wording, found, one_of_each
from bot.queries import Query
from bot.report import Cursor, Match, SearchResult
from bot.sandbox.catalogue import catalogue
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import VoiceLog
from bot.slack_page.exhibits import Example, Section

_SEALED: Final = "gAAAAA…"
"""Stands for what a button holds, which is never the same twice."""
_ANYTHING: Final = Query()
_NUMBERS: Final = ("+1 206-555-0134", "+1 206-555-0147", "+1 206-555-0199")


def search(now: datetime) -> Section:
    """What searches say, from the first sign on."""
    return Section(
        "Search",
        (
            *_under_way(now),
            *_found(now),
            *_not_found(now),
            *_failing(now),
            *_nothing_read(),
            *_offers(),
        ),
    )


def _shown(
    sweep: SearchResult, query: Query, *, name_project: bool = False, again: str | None = None
) -> Message:
    further = None
    if sweep.next_cursor is not None:
        further = _SEALED
    return hits.search_results(
        sweep,
        query,
        reference=REFERENCE,
        name_project=name_project,
        further=further,
        again=again,
    )


def _hits(now: datetime, query: Query = _ANYTHING) -> tuple[Match, ...]:
    """What the sandbox has of it, newest first, half of it in one project and half in another."""
    logs = [found(entry.body).log for entry in catalogue(now)]
    newest = sorted(filter(query.matches, logs), key=lambda log: log.created_at or now)[::-1]
    return tuple(Match(PROJECTS[n % 2], log) for n, log in enumerate(newest))


def _under_way(now: datetime) -> list[Example]:
    back_to = now - timedelta(hours=6)
    return [
        hanging.view(f"under way, in a window: {name}", hits.results_modal(word, METADATA))
        for name, word in {
            "nothing looked at yet": hits.searching(0, None),
            "times unknown": hits.searching(1, None),
            "for a while": hits.searching(1400, back_to),
        }.items()
    ]


def _found(now: datetime) -> list[Example]:
    week = now - timedelta(days=7)
    of_number = queries.find("206 555 0100 7d", now=now)
    pages = queries.recent("", now=now)
    failed = queries.find("failed inbound 7h", now=now)
    sip = queries.find("sip", now=now)
    a_few, many, every = _hits(now, sip), _hits(now, of_number), _hits(now)
    more = SearchResult(many[: of_number.limit], 214, week, Cursor(week))
    latest = SearchResult(every[: pages.limit], pages.limit, week, Cursor(week))
    idless = SearchResult((Match(PROJECTS[0], VoiceLog(id="not-an-id")),), 9)
    return [
        hanging.message(
            "one found since then", _shown(SearchResult(_hits(now, failed), 61), failed)
        ),
        hanging.message("a few found, and no more there are", _shown(SearchResult(a_few, 61), sip)),
        hanging.message("the latest", _shown(latest, pages)),
        hanging.message("as many as are shown; further back may be more", _shown(more, of_number)),
        hanging.message(
            "there are several projects", _shown(SearchResult(a_few, 61), sip, name_project=True)
        ),
        hanging.message(
            "numbers are masked for everyone",
            _shown(masking.mask_search(SearchResult(a_few, 61)), sip),
        ),
        hanging.message(
            "the last that the sandbox knows",
            _shown(SearchResult(every[-10:], len(every)), _ANYTHING),
        ),
        hanging.message("SignalWire's id is none, so there is no card", _shown(idless, _ANYTHING)),
        hanging.view("in a window", hits.results_modal(_shown(more, of_number), METADATA)),
    ]


def _not_found(now: datetime) -> list[Example]:
    failed = queries.find("failed 2h", now=now)
    back_to = now - timedelta(hours=1)
    return [
        hanging.message("none found since then", _shown(SearchResult((), 1), failed)),
        hanging.message("none found at all", _shown(SearchResult((), 0), _ANYTHING)),
        hanging.message(
            "none found yet", _shown(SearchResult((), 2000, back_to, Cursor(back_to)), failed)
        ),
        hanging.view(
            "none found, in a window", hits.results_modal(_shown(SearchResult((), 12), failed), "")
        ),
    ]


def _failing(now: datetime) -> list[Example]:
    back_to = now - timedelta(hours=1)
    query = queries.find("0101 2h live", now=now)
    some = _hits(now, query)[:2]
    errors = one_of_each()
    by_project = {f"project-{n}": error for n, error in enumerate(errors.values(), 1)}
    one = {"support": errors["503, three times"]}

    def partly(errors: Mapping[str, SignalWireError], *, further: bool) -> Message:
        sweep = SearchResult(some, 400, back_to if further else None, errors=errors)
        going_on = replace(sweep, next_cursor=Cursor(back_to)) if further else sweep
        return _shown(going_on, query, name_project=True)

    return [
        hanging.message("one project failed", partly(one, further=False)),
        hanging.message("one project failed on the way back", partly(one, further=True)),
        hanging.message("each project failed otherwise", partly(by_project, further=False)),
    ]


def _nothing_read() -> list[Example]:
    def told(errors: Mapping[str, SignalWireError]) -> Message:
        return _shown(SearchResult((), 0, errors=errors), _ANYTHING, again=_SEALED)

    errors = one_of_each()
    two = {"sales": errors["401 or 403"], "support": errors["429, to be tried in two minutes"]}
    no_room = told({"acme": every_wording()["no room to ask in time"]})
    return [
        *(
            hanging.message(f"{name}: nothing could be read", told({"acme": error}))
            for name, error in errors.items()
        ),
        hanging.message(
            "nothing could be read, history limit not named",
            told({"acme": every_wording()["422, beyond a history limit it doesn't name"]}),
        ),
        hanging.message("nothing could be read, in two projects", told(two)),
        hanging.view("nothing could be read, in a window", hits.results_modal(no_room, METADATA)),
        hanging.view(
            "the search broke, in its window",
            hits.results_modal(own.internal_error(REFERENCE), METADATA),
        ),
        hanging.view(
            "the form was sent, but too much is under way",
            details.message_modal(own.busy(REFERENCE)),
        ),
    ]


def _offers() -> list[Example]:
    one, *_ = several = [(number, _SEALED) for number in _NUMBERS]
    masked = [(masking.mask_address(number), value) for number, value in several]
    cut = help.also_cut_short(["b7182dc2…"])
    return [
        hanging.message("a message without an id, but with a number", hits.offer([one], [])),
        hanging.message("a message without an id, but with numbers", hits.offer(several, [])),
        hanging.message(
            "a message with numbers; they are masked for everyone", hits.offer(masked, [])
        ),
        hanging.message("a message with a number and a cut id", hits.offer([one], [cut])),
        hanging.message("a button that is over a day old", hits.expired(REFERENCE)),
    ]
