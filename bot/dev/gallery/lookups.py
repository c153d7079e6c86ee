"""Lookups of several IDs: a row each, and the notes below them. Lookups that failed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery.errors import (
    BAD_REQUEST,
    EVERY_WORDING,
    NOT_FOUND,
    NOT_JSON,
    ONE_OF_EACH,
    REJECTED,
    TIMEOUT,
    TOO_OLD,
    UNAVAILABLE,
)
from bot.dev.gallery.fixtures import ENTRIES, LOG_ID, NOW, PROJECT, PROJECTS, found
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import (
    CONTEXT,
    REFERENCE,
    SEALED,
    SEVERAL_PROJECTS,
    TERMINAL,
    in_modal,
    reply,
)
from bot.signalwire.errors import ApiError, BadRequestError, RateLimitedError, SignalWireError
from bot.ui import block_kit, error_messages, errors, lookup_result, notices
from bot.ui.block_kit import Message
from bot.ui.details import view
from bot.ui.lookup_result import SourceText
from bot.voicelogs import masking
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.lookup import MAX_IDS
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


def several_ids() -> Examples:
    """Lists of logs, of errors, and of both."""
    logs = [found(entry.body) for entry in ENTRIES.values()]
    first, second, third, fourth = _others(4)
    mixed: list[LookupResult] = [
        logs[0],
        _missed(NOT_FOUND, first),
        NotFound(second, {"sales": UNAVAILABLE, "support": NOT_FOUND}),
        InternalError(third),
        found(call(str(fourth), NOW, from_=None)),
    ]
    return {
        **_ten_at_a_time("the emulator's logs as rows", logs),
        "some found, some not": reply(*mixed),
        "some found, some not, in several projects": reply(*mixed, context=SEVERAL_PROJECTS),
        "none found": reply(*mixed[1:4]),
        **_ten_at_a_time("every error as a row", [*map(_missed, EVERY_WORDING.values())]),
        "numbers are masked for everyone": reply(*map(masking.mask_result, logs[:MAX_IDS])),
        "the buttons were removed": block_kit.without_buttons(reply(*mixed)),
        **_of_one_call(),
        **_notes(logs),
        **_missing(logs),
    }


def slow() -> Examples:
    """The notice after three seconds, which stays above the result."""
    what = {"one id": "the log", "several ids": "the logs", "a search": "the calls"}
    return {name: notices.slow(shown) for name, shown in what.items()}


def _missed(error: SignalWireError, log_id: UUID = LOG_ID) -> NotFound:
    return NotFound(log_id, {PROJECT: error})


def _others(count: int) -> list[UUID]:
    """Ids that no project has."""
    return [UUID(int=LOG_ID.int + number) for number in range(1, count + 1)]


def _ten_at_a_time(name: str, results: Sequence[LookupResult]) -> Examples:
    return {
        f"{name}, list {1 + start // MAX_IDS}": reply(*results[start : start + MAX_IDS])
        for start in range(0, len(results), MAX_IDS)
    }


def _of_one_call() -> Examples:
    """Several legs of a call, alone and among others."""

    def leg(number: int, parent: int | None = None, **changes: JsonValue) -> Found:
        log_id, parent_id = (f"1e90000{n}-0000-4000-8000-00000000000{n}" for n in (number, parent))
        created = NOW - timedelta(minutes=10 - number)
        return found(
            call(log_id, created, parent_id=None if parent is None else parent_id, **changes)
        )

    first, second, third = leg(1), leg(2, 1, charge=0.0132), leg(3, 1, charge=0.0034)
    other, child = leg(4, charge=0.2), leg(5, 4, charge=0.0065)
    live = leg(6, 1, status="ringing", charge=0, billing_ms=None)
    unknown, unknown_too = leg(7, 1, charge=None), leg(8, 1, charge=None)
    results: dict[str, list[LookupResult]] = {
        "a call's two legs": [first, second],
        "two legs whose parent wasn't asked for": [second, third],
        "a call's two legs, and another call": [first, second, other],
        "two calls with two legs each": [first, other, second, child],
        "a call's two legs, one still live": [first, live],
        "a call's three legs, one without a charge": [first, third, unknown],
        "a call's two legs without a charge": [unknown, unknown_too],
        "a call's two legs, and an error": [first, second, InternalError(*_others(1))],
    }
    return {name: reply(*each) for name, each in results.items()}


def _of_text(results: Sequence[LookupResult], source: SourceText) -> Message:
    return lookup_result.lookup_result(results, CONTEXT, source)


def _notes(logs: Sequence[Found]) -> Examples:
    ten, one = logs[:MAX_IDS], logs[:1]
    cut, two_cut = Ids(truncated=("b7182dc2…",)), Ids(truncated=("b7182dc2…", "ca110000-0000"))
    typo = Ids(others=(OtherId(Kind.MISTYPED, "b7182dc2-00f3-40e4-a5ce-20f164b329d"),))
    rejected = [_missed(REJECTED)]
    counts = {"eleven": 1, "sixteen": 6, "thirty": 20, "seventy": 60}
    return {
        **{
            f"{total} ids were given": _of_text(ten, SourceText(rest=_others(others)))
            for total, others in counts.items()
        },
        "a truncated id among complete ones": _of_text(logs[:2], SourceText(ids=cut)),
        "a mistyped id beside a complete one": _of_text(one, SourceText(ids=typo)),
        "one complete id, and truncated ones": _of_text(one, SourceText(ids=two_cut)),
        "one complete id without a log, and a truncated one": _of_text(
            rejected, SourceText(ids=cut)
        ),
        "too many ids, and truncated ones": _of_text(ten, SourceText(ids=cut, rest=_others(2))),
        "an id among other words": _of_text(one, SourceText(notes=["Ignored `please`."])),
    }


def _missing(logs: Sequence[Found]) -> Examples:
    """Ids without a log, in a message and in a command."""

    def misses(count: int) -> list[LookupResult]:
        return [_missed(NOT_FOUND, log_id) for log_id in _others(count)]

    def labeled(*kinds: Kind) -> Ids:
        found = zip(kinds, _others(len(kinds)), strict=True)
        return Ids(others=tuple(OtherId(kind, str(log_id)) for kind, log_id in found))

    down = _missed(UNAVAILABLE)
    one, two = [*logs[:1], *misses(1)], [*misses(2), *logs[:1]]
    in_two_projects = [
        NotFound(log_id, dict.fromkeys(PROJECTS, NOT_FOUND)) for log_id in _others(2)
    ]
    numbers = [(number, SEALED) for number in ("+1 206-555-0134", "+1 206-555-0147")]
    address = [("sip:reception@acme.dapp.signalwire.com", SEALED)]
    mixed = SourceText(ids=labeled(Kind.PROJECT, Kind.SPACE))
    message, command = SourceText(is_message=True), SourceText()
    cases: dict[str, tuple[Sequence[LookupResult], SourceText]] = {
        "one of two ids in a message has a log": (one, message),
        "one of three ids in a message has a log": (two, message),
        "one of three ids in a command has a log": (two, command),
        "two of five ids have logs": ([*logs[:2], *misses(3)], message),
        "a log, a missing log and an error": ([*one, down], message),
        "a missing log and an error": ([*misses(1), down], message),
        "three ids without a log": (misses(3), message),
        "ten ids without a log, of sixteen": (misses(10), SourceText(rest=_others(6))),
        "two ids without a log, in two projects": (in_two_projects, command),
        "a ticket's id, and a number": (
            misses(1),
            SourceText(is_message=True, ids=labeled(Kind.OTHER), numbers=numbers[:1]),
        ),
        "two ids without a log, and numbers": (misses(2), SourceText(numbers=numbers)),
        "an id without a log, and a SIP address": (misses(1), SourceText(numbers=address)),
        "an error, and a number": ([down], SourceText(numbers=numbers[:1])),
        "a recording's id": (misses(1), SourceText(ids=labeled(Kind.RECORDING))),
        "ids of a project and a space": (misses(2), mixed),
        "ids of a project and a space, and a bare one": (misses(3), mixed),
    }
    return {name: _of_text(*case) for name, case in cases.items()}


def errors_() -> Examples:
    """Every error; temporary ones have **Try again**."""
    quoting = _missed(BadRequestError(422, [ApiError("", "No call from +1 206 555 0134")]))
    return {
        **{f"{name}; one project": reply(_missed(each)) for name, each in EVERY_WORDING.items()},
        "404 without a button, as the command line prints it": reply(
            _missed(NOT_FOUND), context=TERMINAL
        ),
        "422 that quotes a number": reply(quoting),
        "422 that quotes a number; numbers are masked": reply(masking.mask_result(quoting)),
        **{name: reply(NotFound(LOG_ID, each)) for name, each in _several_projects().items()},
        **_bot_errors(),
    }


def _several_projects() -> Mapping[str, Mapping[str, SignalWireError]]:
    many = [f"project-{number}" for number in range(1, 8)]
    pairs: dict[str, tuple[SignalWireError, SignalWireError]] = {
        "two projects reject the credentials": (REJECTED, REJECTED),
        "one doesn't have it, one rejects the credentials": (NOT_FOUND, REJECTED),
        "one doesn't have it, one isn't responding": (NOT_FOUND, TIMEOUT),
        "one has it, beyond its history limit": (NOT_FOUND, TOO_OLD),
        "one rejects the request, one sends no JSON": (
            BAD_REQUEST,
            NOT_JSON,
        ),
        "one is rate-limiting, one isn't responding": (RateLimitedError(12), UNAVAILABLE),
    }
    return {
        "neither of two projects has it": dict.fromkeys(PROJECTS, NOT_FOUND),
        "none of seven projects has it": dict.fromkeys(many, NOT_FOUND),
        **{name: dict(zip(PROJECTS, each, strict=True)) for name, each in pairs.items()},
        "each responds differently": dict(zip(many, ONE_OF_EACH.values(), strict=True)),
        "hostile names": {"<!channel>": NOT_FOUND, "*b* `c` <https://evil.example|x>": REJECTED},
    }


def _bot_errors() -> Examples:
    told = {
        "an internal error": errors.INTERNAL_ERROR,
        "the bot is restarting": errors.RESTARTING,
        "too many requests are in progress": errors.BUSY,
    }
    return {
        "one user has too many requests in progress": error_messages.message(
            errors.BUSY_WITH_YOURS, REFERENCE
        ),
        **{name: error_messages.failed(word, REFERENCE) for name, word in told.items()},
        **{
            f"{name}; with ids to try again": error_messages.failed(word, REFERENCE, retry=[LOG_ID])
            for name, word in told.items()
        },
    }


def in_details() -> Examples:
    """What Details shows when there is no log."""
    failures = {
        "an internal error": errors.INTERNAL_ERROR,
        "the bot is restarting": errors.RESTARTING,
    }
    messages = {
        **{
            f"{name}: there is no log to show": reply(_missed(ONE_OF_EACH[name]))
            for name in ("404", "401 or 403")
        },
        **{
            name: error_messages.failed(each, REFERENCE, retry=[LOG_ID])
            for name, each in failures.items()
        },
    }
    return {name: in_modal(view.TITLE, message) for name, message in messages.items()}
