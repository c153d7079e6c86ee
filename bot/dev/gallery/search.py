"""Searches without an ID: what they found, how far back they searched, and what failed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.dev.gallery.errors import EVERY_WORDING, ONE_OF_EACH, UNAVAILABLE
from bot.dev.gallery.fixtures import ENTRIES, NOW, PROJECTS, RECORDING, found
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, REFERENCE, SEALED, SEVERAL_PROJECTS, in_modal
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import VoiceLog
from bot.ui import error_messages, search_results
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Message, View
from bot.ui.card_context import CardContext
from bot.ui.search_results import SearchButtons
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor, Match, SearchResult

_ANYTHING: Final = Query()
_NUMBERS: Final = ("+1 206-555-0134", "+1 206-555-0147", "+1 206-555-0199")
_HOUR_AGO: Final = NOW - timedelta(hours=1)


def search() -> Examples:
    """The messages of a search, from the first notice on."""
    progress = {
        "nothing read yet": search_results.searching(0, None),
        "times unknown": search_results.searching(1, None),
        "after a while": search_results.searching(1400, NOW - timedelta(hours=6)),
    }
    return {
        **{f"in progress, in a modal: {name}": _in_modal(each) for name, each in progress.items()},
        **_found(),
        **_conditions(),
        **_not_found(),
        **_failing(),
        **_nothing_read(),
        **_offers(),
    }


def _shown(
    result: SearchResult,
    query: Query = _ANYTHING,
    context: CardContext = CONTEXT,
    *,
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
        context,
        buttons=buttons,
        is_continued=is_continued,
        masked=masked,
    )


def _query(text: str) -> Query:
    return queries.find(text, now=NOW)


def _matches(query: Query = _ANYTHING) -> tuple[Match, ...]:
    """The emulator's matching logs, newest first, split between two projects."""
    logs = [found(entry.body).log for entry in ENTRIES.values()]
    newest = sorted(filter(query.matches, logs), key=lambda log: log.created_at or NOW)[::-1]
    return tuple(Match(PROJECTS[n % 2], log) for n, log in enumerate(newest))


def _in_modal(message: Message) -> View:
    return in_modal(search_results.FORM_TITLE, message)


def _found() -> Examples:
    week = NOW - timedelta(days=7)
    of_number, failed, sip = map(_query, ("206 555 0100 7d", "failed inbound 7h", "sip"))
    pages = queries.find("", now=NOW, latest=True)
    every = _matches()
    a_few = SearchResult(_matches(sip), 61)
    more = SearchResult(_matches(of_number)[: of_number.limit], 214, week, Cursor(week))
    latest = SearchResult(every[: pages.limit], pages.limit, week, Cursor(week))
    idless = SearchResult((Match(PROJECTS[0], VoiceLog(id="not-an-id")),), 9)
    return {
        "one found in the time span": _shown(SearchResult(_matches(failed), 61), failed),
        "a few found, and there are no more": _shown(a_few, sip),
        "the latest": _shown(latest, pages),
        "a full page, and there may be more": _shown(more, of_number),
        "there are several projects": _shown(a_few, sip, SEVERAL_PROJECTS),
        "numbers are masked for everyone": _shown(
            a_few, replace(of_number, filters=("sip",)), masked=True
        ),
        "the oldest in the emulator": _shown(SearchResult(every[-10:], len(every))),
        "older calls of a number": _shown(
            replace(more, next_cursor=None), of_number, is_continued=True
        ),
        "one found": _shown(SearchResult(every[:1], 61)),
        "an invalid id, so there is no card": _shown(idless),
        "in a modal": _in_modal(_shown(more, of_number)),
    }


def _conditions() -> Examples:
    """Searches whose results describe them differently."""
    day, before = (f"{NOW - timedelta(days=days):%Y-%m-%d}" for days in (2, 4))
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
    hostile = phone_numbers.address("<!channel>`*x*@acme.example")
    searches = {
        **{name: _query(text) for name, text in written.items()},
        "on a day, with a hostile address": replace(_query(f"on {day}"), numbers=(hostile,)),
    }
    two = SearchResult(_matches()[:2], 214)
    return {f"asked for: {name}": _shown(two, query) for name, query in searches.items()}


def _not_found() -> Examples:
    failed = _query("failed 2h")
    of_number = _query("5550100 2d missed busy inbound")
    on_day = _query(f"on {NOW - timedelta(days=2):%Y-%m-%d}")
    nothing = SearchResult((), 0)
    unfinished = SearchResult((), 2000, _HOUR_AGO, Cursor(_HOUR_AGO))
    return {
        "none found in the time span": _shown(SearchResult((), 1), failed),
        "none found for a number, with two filters": _shown(SearchResult((), 61), of_number),
        "none found on a day": _shown(nothing, on_day),
        "no older ones found": _shown(nothing, _query("5550100"), is_continued=True),
        "none found at all": _shown(nothing),
        "none found yet": _shown(unfinished, failed),
        "none found, in a modal": _in_modal(_shown(SearchResult((), 12), failed)),
    }


def _failing() -> Examples:
    query = _query("0101 2h live")
    by_project = {f"project-{n}": error for n, error in enumerate(ONE_OF_EACH.values(), 1)}
    one = SearchResult(_matches(query)[:2], 400, errors={"support": UNAVAILABLE})
    further = replace(one, scanned_back_to=_HOUR_AGO, next_cursor=Cursor(_HOUR_AGO))
    results = {
        "one project failed": one,
        "one project failed, and there may be more": further,
        "each project failed differently": replace(one, errors=by_project),
    }
    return {name: _shown(each, query, SEVERAL_PROJECTS) for name, each in results.items()}


def _nothing_read() -> Examples:
    def unread(errors: Mapping[str, SignalWireError]) -> Message:
        return _shown(SearchResult((), 0, errors=errors))

    failures = {
        "an internal error in the search, in its modal": error_texts.INTERNAL_ERROR,
        "the form was submitted, but too many requests are in progress": error_texts.BUSY,
    }
    return {
        **{
            # In other words than when an id is looked up.
            f"{name}: nothing could be read": unread({"acme": ONE_OF_EACH[name]})
            for name in ("404", "422, beyond the history limit", "not JSON")
        },
        "nothing could be read, beyond an unnamed history limit": unread(
            {"acme": EVERY_WORDING["422, beyond an unnamed history limit"]}
        ),
        "nothing could be read, in two projects": unread(
            {
                "sales": ONE_OF_EACH["401 or 403"],
                "support": ONE_OF_EACH["429, retry after two minutes"],
            }
        ),
        "nothing could be read, in a modal": _in_modal(
            unread({"acme": EVERY_WORDING["no free connection in time"]})
        ),
        **{
            name: _in_modal(error_messages.message(each, REFERENCE))
            for name, each in failures.items()
        },
    }


def _offers() -> Examples:
    several = [(number, SEALED) for number in _NUMBERS]
    masked = [(masking.mask_address(number), value) for number, value in several]
    address = ("sip:reception@acme.dapp.signalwire.com", SEALED)
    recording = [*help_.about_other_text(RECORDING), help_.WHERE_IDS_ARE]
    cut = help_.about_truncated(Ids(truncated=("b7182dc2…",)))
    return {
        "a message without an id, but with a number": search_results.offer(several[:1], []),
        "a message without an id, but with numbers": search_results.offer(several, []),
        "a message with numbers, masked": search_results.offer(masked, []),
        "a message with a SIP address": search_results.offer([address], []),
        "a recording's address and a number": search_results.offer(several[:1], recording),
        "a message with a number and a truncated id": search_results.offer(several[:1], cut),
        "a button that is over a day old": search_results.expired(REFERENCE),
    }
