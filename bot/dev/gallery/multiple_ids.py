"""Several IDs at once: one row each, the notes below them, and the notice that it takes long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PRIVATE,
    PROJECT,
    PROJECTS,
    SEALED,
    card_context,
    every_wording,
    found,
    one_of_each,
    reply,
)
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.ui import block_kit, lookup_result, notices
from bot.ui.block_kit import Message
from bot.ui.lookup_result import SourceText
from bot.voicelogs import masking
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.lookup import MAX_IDS
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


def multiple_ids(now: datetime) -> build.Examples:
    """Lists of logs, of errors, and of both."""
    logs = [found(entry.body) for entry in catalog(now)]
    first, second, third, fourth = (UUID(int=LOG_ID.int + number) for number in range(1, 5))
    mixed: list[LookupResult] = [
        logs[0],
        NotFound(first, {PROJECT: LogNotFoundError()}),
        NotFound(
            second,
            dict(zip(PROJECTS, (UnavailableError("503", 3), LogNotFoundError()), strict=True)),
        ),
        InternalError(third),
        found(call(str(fourth), now, from_=None)),
    ]
    errors = [NotFound(LOG_ID, {PROJECT: error}) for error in every_wording().values()]
    return {
        **_ten_at_a_time("the emulator's logs as rows", logs),
        "some found, some not": reply(*mixed),
        "some found, some not, in several projects": reply(*mixed, name_project=True),
        "none found": reply(*mixed[1:4]),
        **_ten_at_a_time("every error as a row", errors),
        "numbers are masked for everyone": reply(*map(masking.mask_result, logs[:MAX_IDS])),
        "the buttons were removed": block_kit.without_buttons(reply(*mixed)),
        **_of_one_call(now),
        **_notes(logs),
        **_missing(logs),
    }


def slow() -> build.Examples:
    """The notice after three seconds, which stays above the result."""
    return {
        "one id": notices.slow("the log"),
        "several ids": notices.slow("the logs"),
        "a search": notices.slow("the calls"),
    }


def _of_one_call(now: datetime) -> build.Examples:
    """Several legs of a call, alone and among others."""

    def leg(number: int, parent: int | None = None, **changes: JsonValue) -> Found:
        log_id, parent_id = (f"1e90000{n}-0000-4000-8000-00000000000{n}" for n in (number, parent))
        created = now - timedelta(minutes=10 - number)
        return found(
            call(log_id, created, parent_id=None if parent is None else parent_id, **changes)
        )

    first, second, third = leg(1), leg(2, 1, charge=0.0132), leg(3, 1, charge=0.0034)
    other, child = leg(4, charge=0.2), leg(5, 4, charge=0.0065)
    live = leg(6, 1, status="ringing", charge=0, billing_ms=None)
    unknown = leg(7, 1, charge=None)
    failed = InternalError(UUID(int=LOG_ID.int + 1))
    return {
        "a call's two legs": reply(first, second),
        "two legs whose parent wasn't asked for": reply(second, third),
        "a call's two legs, and another call": reply(first, second, other),
        "two calls with two legs each": reply(first, other, second, child),
        "a call's two legs, one still live": reply(first, live),
        "a call's three legs, one without a charge": reply(first, third, unknown),
        "a call's two legs without a charge": reply(unknown, leg(8, 1, charge=None)),
        "a call's two legs, and an error": reply(first, second, failed),
    }


def _ten_at_a_time(name: str, results: Sequence[LookupResult]) -> build.Examples:
    return {
        f"{name}, list {1 + start // MAX_IDS}": reply(*results[start : start + MAX_IDS])
        for start in range(0, len(results), MAX_IDS)
    }


def _notes(logs: Sequence[Found]) -> build.Examples:
    refused = NotFound(LOG_ID, {PROJECT: one_of_each()["401 or 403"]})
    cut, two_cut = Ids(truncated=("b7182dc2…",)), Ids(truncated=("b7182dc2…", "ca110000-0000"))
    typo = Ids(others=(OtherId(Kind.MISTYPED, "b7182dc2-00f3-40e4-a5ce-20f164b329d"),))
    ignored = ["Ignored `please`."]
    return {
        "eleven ids were given": _of_text(logs[:MAX_IDS], rest=_others(1)),
        "sixteen ids were given": _of_text(logs[:MAX_IDS], rest=_others(6)),
        "thirty ids were given": _of_text(logs[:MAX_IDS], rest=_others(20)),
        "seventy ids were given": _of_text(logs[:MAX_IDS], rest=_others(60)),
        "a truncated id among complete ones": _of_text(logs[:2], ids=cut),
        "a mistyped id beside a complete one": _of_text(logs[:1], ids=typo),
        "one complete id, and truncated ones": _of_text(logs[:1], ids=two_cut),
        "one complete id without a log, and a truncated one": _of_text([refused], ids=cut),
        "too many ids, and truncated ones": _of_text(logs[:MAX_IDS], ids=cut, rest=_others(2)),
        "an id among other words": _of_text(logs[:1], notes=ignored),
    }


def _others(count: int) -> list[UUID]:
    """Ids that no project has."""
    return [UUID(int=LOG_ID.int + number) for number in range(1, count + 1)]


def _missing(logs: Sequence[Found]) -> build.Examples:
    """Ids without a log, in a message and in a command."""

    def misses(count: int, *projects: str) -> list[LookupResult]:
        errors = dict.fromkeys(projects or (PROJECT,), LogNotFoundError())
        return [NotFound(log_id, errors) for log_id in _others(count)]

    def labeled(*kinds: Kind) -> Ids:
        found = zip(kinds, _others(len(kinds)), strict=True)
        return Ids(others=tuple(OtherId(kind, str(log_id)) for kind, log_id in found))

    down: LookupResult = NotFound(LOG_ID, {PROJECT: UnavailableError("503", 3)})
    one, two = [*logs[:1], *misses(1)], [*misses(2), *logs[:1]]
    numbers = [(number, SEALED) for number in ("+1 206-555-0134", "+1 206-555-0147")]
    address = [("sip:reception@acme.dapp.signalwire.com", SEALED)]
    mixed = labeled(Kind.PROJECT, Kind.SPACE)
    return {
        "one of two ids in a message has a log": _of_text(one, is_message=True),
        "one of three ids in a message has a log": _of_text(two, is_message=True),
        "one of three ids in a command has a log": _of_text(two),
        "two of five ids have logs": _of_text([*logs[:2], *misses(3)], is_message=True),
        "a log, a missing log and an error": _of_text([*one, down], is_message=True),
        "a missing log and an error": _of_text([*misses(1), down], is_message=True),
        "three ids without a log": _of_text(misses(3), is_message=True),
        "ten ids without a log, of sixteen": _of_text(misses(10), rest=_others(6)),
        "two ids without a log, in two projects": _of_text(misses(2, *PROJECTS)),
        "a ticket's id, and a number": _of_text(
            misses(1), ids=labeled(Kind.OTHER), is_message=True, numbers=numbers[:1]
        ),
        "two ids without a log, and numbers": _of_text(misses(2), numbers=numbers),
        "an id without a log, and a SIP address": _of_text(misses(1), numbers=address),
        "an error, and a number": _of_text([down], numbers=numbers[:1]),
        "a recording's id": _of_text(misses(1), ids=labeled(Kind.RECORDING)),
        "ids of a project and a space": _of_text(misses(2), ids=mixed),
        "ids of a project and a space, and a bare one": _of_text(misses(3), ids=mixed),
    }


def _of_text(
    results: Sequence[LookupResult],
    *,
    ids: Ids = Ids(),  # noqa: B008 - frozen
    rest: Sequence[UUID] = (),
    numbers: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    is_message: bool = False,
) -> Message:
    source = SourceText(is_message, ids, rest, numbers, notes)
    return lookup_result.lookup_result(results, card_context(PRIVATE), source)
