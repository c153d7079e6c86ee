"""Several IDs at once: one row each, the notes below them, and the notice that it takes long."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import catalogue
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PRIVATE,
    PROJECT,
    PROJECTS,
    SEALED,
    answer,
    card_context,
    every_wording,
    found,
    one_of_each,
)
from bot.dev.gallery.model import Example, Section
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.ui import block_kit, lookup_result, notices
from bot.ui.lookup_result import SourceText
from bot.voicelogs import masking
from bot.voicelogs.ids import Ids, Kind, OtherId
from bot.voicelogs.lookup import MAX_IDS
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound


def several(now: datetime) -> Section:
    """Lists of logs, of errors, and of both."""
    logs = [found(entry.body) for entry in catalogue(now)]
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
    return Section(
        "Several ids",
        (
            *_all_logs(logs),
            build.message("some found, some not", answer(*mixed)),
            build.message(
                "some found, some not, in several projects", answer(*mixed, name_project=True)
            ),
            build.message("not one found", answer(*mixed[1:4])),
            *_every_error(),
            build.message(
                "numbers are masked for everyone", answer(*map(masking.mask_result, logs[:MAX_IDS]))
            ),
            build.message("without buttons", answer(*mixed, setting=None)),
            build.message("the buttons were removed", block_kit.without_buttons(answer(*mixed))),
            *_of_one_call(now),
            *_notes(logs),
            *_missed(logs),
        ),
    )


def slow() -> Section:
    """The notice after three seconds, which stays above the result."""
    return Section(
        "SignalWire is slow",
        (
            build.message("one id", notices.slow("the log")),
            build.message("several ids", notices.slow("the logs")),
            build.message("a search", notices.slow("the calls")),
        ),
    )


def _all_logs(logs: Sequence[Found]) -> Iterable[Example]:
    """All logs of the emulator, ten at a time."""
    for number, ten in enumerate(_tens(logs), 1):
        yield build.message(f"the emulator's logs as rows, list {number}", answer(*ten))


def _of_one_call(now: datetime) -> list[Example]:
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
    return [
        build.message("a call's two legs", answer(first, second)),
        build.message("two legs whose parent wasn't asked for", answer(second, third)),
        build.message("a call's two legs, and another call", answer(first, second, other)),
        build.message("two calls with two legs each", answer(first, other, second, child)),
        build.message("a call's two legs, one still live", answer(first, live)),
        build.message("a call's three legs, one without a charge", answer(first, third, unknown)),
        build.message(
            "a call's two legs without a charge", answer(unknown, leg(8, 1, charge=None))
        ),
        build.message("a call's two legs, and an error", answer(first, second, failed)),
    ]


def _every_error() -> Iterable[Example]:
    missed = [NotFound(LOG_ID, {PROJECT: error}) for error in every_wording().values()]
    for number, ten in enumerate(_tens(missed), 1):
        yield build.message(f"every error as a row, list {number}", answer(*ten))


def _tens(results: Sequence[LookupResult]) -> Iterable[list[LookupResult]]:
    left = iter(results)
    while ten := list(islice(left, MAX_IDS)):
        yield ten


def _notes(logs: Sequence[Found]) -> list[Example]:
    refused = NotFound(LOG_ID, {PROJECT: one_of_each()["401 or 403"]})
    cut, two_cut = Ids(truncated=("b7182dc2…",)), Ids(truncated=("b7182dc2…", "ca110000-0000"))
    typo = Ids(others=(OtherId(Kind.MISTYPED, "b7182dc2-00f3-40e4-a5ce-20f164b329d"),))
    ignored = ["Ignored `please`."]
    return [
        _of_text("eleven ids were given", logs[:MAX_IDS], rest=_others(1)),
        _of_text("sixteen ids were given", logs[:MAX_IDS], rest=_others(6)),
        _of_text("thirty ids were given", logs[:MAX_IDS], rest=_others(20)),
        _of_text("seventy ids were given", logs[:MAX_IDS], rest=_others(60)),
        _of_text("a cut id among whole ones", logs[:2], ids=cut),
        _of_text("a mistyped id beside a whole one", logs[:1], ids=typo),
        _of_text("one whole id, and cut ones", logs[:1], ids=two_cut),
        _of_text("one whole id without a log, and a cut one", [refused], ids=cut),
        _of_text("too many ids, and cut ones", logs[:MAX_IDS], ids=cut, rest=_others(2)),
        _of_text("an id among other words", logs[:1], notes=ignored),
    ]


def _others(count: int) -> list[UUID]:
    """Ids that no project has."""
    return [UUID(int=LOG_ID.int + number) for number in range(1, count + 1)]


def _missed(logs: Sequence[Found]) -> list[Example]:
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
    return [
        _of_text("one of two ids in a message has a log", one, is_message=True),
        _of_text("one of three ids in a message has a log", two, is_message=True),
        _of_text("one of three ids in a command has a log", two),
        _of_text("two of five ids have logs", [*logs[:2], *misses(3)], is_message=True),
        _of_text("a log, a miss and an error", [*one, down], is_message=True),
        _of_text("a miss and an error", [*misses(1), down], is_message=True),
        _of_text("three ids without a log", misses(3), is_message=True),
        _of_text("ten ids without a log, of sixteen", misses(10), rest=_others(6)),
        _of_text("two ids without a log, in two projects", misses(2, *PROJECTS)),
        _of_text(
            "a ticket's id, and a number",
            misses(1),
            ids=labeled(Kind.OTHER),
            is_message=True,
            numbers=numbers[:1],
        ),
        _of_text("two ids without a log, and numbers", misses(2), numbers=numbers),
        _of_text("an id without a log, and a SIP address", misses(1), numbers=address),
        _of_text("an error, and a number", [down], numbers=numbers[:1]),
        _of_text("a recording's id", misses(1), ids=labeled(Kind.RECORDING)),
        _of_text("ids of a project and a space", misses(2), ids=mixed),
        _of_text("ids of a project and a space, and a bare one", misses(3), ids=mixed),
    ]


def _of_text(
    name: str,
    results: Sequence[LookupResult],
    *,
    ids: Ids = Ids(),  # noqa: B008 - frozen
    rest: Sequence[UUID] = (),
    numbers: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
    is_message: bool = False,
) -> Example:
    source = SourceText(is_message, ids, rest, numbers, notes)
    return build.message(name, lookup_result.lookup_result(results, card_context(PRIVATE), source))
