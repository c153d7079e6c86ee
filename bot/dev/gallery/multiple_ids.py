"""Several IDs at once: one row each, the notes below them, and the notice that it takes long."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from bot.dev.emulator.signalwire.catalogue import catalogue
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PRIVATE,
    PROJECT,
    PROJECTS,
    answer,
    card_context,
    every_wording,
    found,
    one_of_each,
)
from bot.dev.gallery.model import Example, Section
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.ui import block_kit, lookup_result, notices
from bot.voicelogs import masking
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
            *_notes(logs),
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
        yield build.message(f"the sandbox's logs as rows, list {number}", answer(*ten))


def _every_error() -> Iterable[Example]:
    missed = [NotFound(LOG_ID, {PROJECT: error}) for error in every_wording().values()]
    for number, ten in enumerate(_tens(missed), 1):
        yield build.message(f"every error as a row, list {number}", answer(*ten))


def _tens(results: Sequence[LookupResult]) -> Iterable[list[LookupResult]]:
    left = iter(results)
    while ten := list(islice(left, MAX_IDS)):
        yield ten


def _notes(logs: Sequence[Found]) -> list[Example]:
    def noted(
        name: str, results: Sequence[LookupResult], left_out: int = 0, cut_short: Sequence[str] = ()
    ) -> Example:
        message = lookup_result.lookup_result(
            results, card_context(PRIVATE), left_out=left_out, cut_short=cut_short
        )
        return build.message(name, message)

    refused = NotFound(LOG_ID, {PROJECT: one_of_each()["401 or 403"]})
    return [
        noted("eleven ids were given", logs[:MAX_IDS], left_out=1),
        noted("thirty ids were given", logs[:MAX_IDS], left_out=20),
        noted("a cut id among whole ones", logs[:2], cut_short=["b7182dc2-00f3…"]),
        noted("one whole id, and cut ones", logs[:1], cut_short=["b7182dc2…", "ca110000-0000"]),
        noted("one whole id without a log, and a cut one", [refused], cut_short=["b7182dc2…"]),
        noted("too many ids, and cut ones", logs[:MAX_IDS], left_out=2, cut_short=["b7182dc2…"]),
    ]
