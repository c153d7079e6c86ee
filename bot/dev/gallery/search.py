"""Searches without an ID: what they found, how far back they searched, and what failed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    METADATA,
    PROJECTS,
    RECORDING,
    REFERENCE,
    SEALED,
    card_context,
    every_wording,
    found,
    one_of_each,
)
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, error_messages, search_results
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Message, View
from bot.ui.search_results import SearchButtons
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor, Match, SearchResult

_ANYTHING: Final = Query()
_NUMBERS: Final = ("+1 206-555-0134", "+1 206-555-0147", "+1 206-555-0199")


def search(now: datetime) -> build.Examples:
    """The messages of a search, from the first notice on."""
    return {
        **_in_progress(now),
        **_found(now),
        **_conditions(now),
        **_not_found(now),
        **_failing(now),
        **_nothing_read(),
        **_offers(),
    }


def _shown(
    result: SearchResult,
    query: Query,
    *,
    name_project: bool = False,
    is_continued: bool = False,
    masked: bool = False,
) -> Message:
    buttons = SearchButtons(
        older=SEALED if result.next_cursor is not None else None,
        change=SEALED,
        again=SEALED,
        without=[(group, SEALED) for group in query.grouped_filters],
        further=SEALED if query.since is not None else None,
    )
    return search_results.search_results(
        masking.mask_search(result) if masked else result,
        query,
        card_context(names_projects=name_project),
        buttons=buttons,
        is_continued=is_continued,
        masked=masked,
    )


def _hits(now: datetime, query: Query = _ANYTHING) -> tuple[Match, ...]:
    """The emulator's matching logs, newest first, split between two projects."""
    logs = [found(entry.body).log for entry in catalog(now)]
    newest = sorted(filter(query.matches, logs), key=lambda log: log.created_at or now)[::-1]
    return tuple(Match(PROJECTS[n % 2], log) for n, log in enumerate(newest))


def _in_modal(message: Message) -> View:
    return block_kit.message_modal(search_results.FORM_TITLE, message, METADATA)


def _in_progress(now: datetime) -> build.Examples:
    back_to = now - timedelta(hours=6)
    return {
        f"in progress, in a modal: {name}": _in_modal(word)
        for name, word in {
            "nothing read yet": search_results.searching(0, None),
            "times unknown": search_results.searching(1, None),
            "after a while": search_results.searching(1400, back_to),
        }.items()
    }


def _found(now: datetime) -> build.Examples:
    week = now - timedelta(days=7)
    of_number = queries.find("206 555 0100 7d", now=now)
    pages = queries.recent("", now=now)
    failed = queries.find("failed inbound 7h", now=now)
    sip = queries.find("sip", now=now)
    a_few, many, every = _hits(now, sip), _hits(now, of_number), _hits(now)
    more = SearchResult(many[: of_number.limit], 214, week, Cursor(week))
    latest = SearchResult(every[: pages.limit], pages.limit, week, Cursor(week))
    idless = SearchResult((Match(PROJECTS[0], VoiceLog(id="not-an-id")),), 9)
    return {
        "one found in the time span": _shown(SearchResult(_hits(now, failed), 61), failed),
        "a few found, and there are no more": _shown(SearchResult(a_few, 61), sip),
        "the latest": _shown(latest, pages),
        "a full page, and there may be more": _shown(more, of_number),
        "there are several projects": _shown(SearchResult(a_few, 61), sip, name_project=True),
        "numbers are masked for everyone": _shown(
            SearchResult(a_few, 61), replace(of_number, filters=("sip",)), masked=True
        ),
        "the oldest in the emulator": _shown(SearchResult(every[-10:], len(every)), _ANYTHING),
        "older calls of a number": _shown(
            replace(more, next_cursor=None), of_number, is_continued=True
        ),
        "one found": _shown(SearchResult(every[:1], 61), _ANYTHING),
        "an invalid id, so there is no card": _shown(idless, _ANYTHING),
        "in a modal": _in_modal(_shown(more, of_number)),
    }


def _conditions(now: datetime) -> build.Examples:
    """Searches whose results describe them differently."""
    day, before = (f"{now - timedelta(days=days):%Y-%m-%d}" for days in (2, 4))
    written = {
        "between two numbers": "5550100 5550103 2d",
        "from one number": "from +1 206 555 0100 today missed incoming",
        "to one number": "to 5550103 yesterday busy failed",
        "from one number to another": "5550100 to 5550103 90m",
        "with a SIP address": "alice@acme.example last hour",
        "since a day": f"since {day} whatsapp anonymous",
        "since a time": f"since {day} 14:00 failed busy missed",
        "between two days": f"{before} to {day}",
        "until a time": f"until {day} 14:00",
    }
    searches = {name: queries.find(text, now=now) for name, text in written.items()}
    searches["on a day, with a hostile address"] = replace(
        queries.find(f"on {day}", now=now),
        numbers=(phone_numbers.address("<!channel>`*x*@acme.example"),),
    )
    two = SearchResult(_hits(now)[:2], 214)
    return {f"asked for: {name}": _shown(two, query) for name, query in searches.items()}


def _not_found(now: datetime) -> build.Examples:
    failed = queries.find("failed 2h", now=now)
    back_to = now - timedelta(hours=1)
    return {
        "none found in the time span": _shown(SearchResult((), 1), failed),
        "none found for a number, with two filters": _shown(
            SearchResult((), 61), queries.find("5550100 2d missed busy inbound", now=now)
        ),
        "none found on a day": _shown(
            SearchResult((), 0), queries.find(f"on {now - timedelta(days=2):%Y-%m-%d}", now=now)
        ),
        "no older ones found": _shown(
            SearchResult((), 0), queries.find("5550100", now=now), is_continued=True
        ),
        "none found at all": _shown(SearchResult((), 0), _ANYTHING),
        "none found yet": _shown(SearchResult((), 2000, back_to, Cursor(back_to)), failed),
        "none found, in a modal": _in_modal(_shown(SearchResult((), 12), failed)),
    }


def _failing(now: datetime) -> build.Examples:
    back_to = now - timedelta(hours=1)
    query = queries.find("0101 2h live", now=now)
    some = _hits(now, query)[:2]
    errors = one_of_each()
    by_project = {f"project-{n}": error for n, error in enumerate(errors.values(), 1)}
    one = {"support": errors["503, three times"]}

    def partly(errors: Mapping[str, SignalWireError], *, further: bool) -> Message:
        result = SearchResult(some, 400, back_to if further else None, errors=errors)
        going_on = replace(result, next_cursor=Cursor(back_to)) if further else result
        return _shown(going_on, query, name_project=True)

    return {
        "one project failed": partly(one, further=False),
        "one project failed, and there may be more": partly(one, further=True),
        "each project failed differently": partly(by_project, further=False),
    }


def _nothing_read() -> build.Examples:
    def unread(errors: Mapping[str, SignalWireError]) -> Message:
        return _shown(SearchResult((), 0, errors=errors), _ANYTHING)

    errors = one_of_each()
    two = {"sales": errors["401 or 403"], "support": errors["429, retry after two minutes"]}
    no_room = unread({"acme": every_wording()["no free connection in time"]})
    return {
        **{
            # In other words than when an id is looked up.
            f"{name}: nothing could be read": unread({"acme": errors[name]})
            for name in ("404", "422, beyond the history limit", "not JSON")
        },
        "nothing could be read, beyond an unnamed history limit": unread(
            {"acme": every_wording()["422, beyond an unnamed history limit"]}
        ),
        "nothing could be read, in two projects": unread(two),
        "nothing could be read, in a modal": _in_modal(no_room),
        "an internal error in the search, in its modal": _in_modal(
            error_messages.message(error_texts.INTERNAL_ERROR, REFERENCE)
        ),
        "the form was submitted, but too many requests are in progress": _in_modal(
            error_messages.message(error_texts.BUSY, REFERENCE)
        ),
    }


def _offers() -> build.Examples:
    one, *_ = several = [(number, SEALED) for number in _NUMBERS]
    masked = [(masking.mask_address(number), value) for number, value in several]
    address = ("sip:reception@acme.dapp.signalwire.com", SEALED)
    cut = help_.about_truncated(Ids(truncated=("b7182dc2…",)))
    return {
        "a message without an id, but with a number": search_results.offer([one], []),
        "a message without an id, but with numbers": search_results.offer(several, []),
        "a message with numbers, masked": search_results.offer(masked, []),
        "a message with a SIP address": search_results.offer([address], []),
        "a recording's address and a number": search_results.offer(
            [one], [*help_.about_other_text(RECORDING), help_.WHERE_IDS_ARE]
        ),
        "a message with a number and a truncated id": search_results.offer([one], cut),
        "a button that is over a day old": search_results.expired(REFERENCE),
    }
