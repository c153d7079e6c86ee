"""Several ids at once: a row each, the notes below them, and the word that an answer is coming."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from uuid import UUID

from bot import masking
from bot.cards import answer as cards
from bot.cards import notices
from bot.gallery import hanging
from bot.gallery.samples import (
    LOG_ID,
    PRIVATE,
    PROJECT,
    PROJECTS,
    REFERENCE,
    answer,
    every_wording,
    found,
    one_of_each,
)
from bot.lookup import IDS_AT_ONCE
from bot.report import Broken, Found, Missed, Report
from bot.sandbox.catalogue import catalogue
from bot.sandbox.entries import call
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.slack_page.exhibits import Exhibit, Room


def several(now: datetime) -> Room:
    """Lists of logs, of what stood in their way, and of both."""
    logs = [found(entry.body) for entry in catalogue(now)]
    first, second, third, fourth = (UUID(int=LOG_ID.int + number) for number in range(1, 5))
    mixed: list[Report] = [
        logs[0],
        Missed(first, {PROJECT: LogNotFoundError()}),
        Missed(
            second,
            dict(zip(PROJECTS, (UnavailableError("503", 3), LogNotFoundError()), strict=True)),
        ),
        Broken(third),
        found(call(str(fourth), now, from_=None)),
    ]
    return Room(
        "Several ids",
        (
            *_all_logs(logs),
            hanging.message("some found, some not", answer(*mixed)),
            hanging.message(
                "some found, some not, in several projects", answer(*mixed, name_project=True)
            ),
            hanging.message("not one found", answer(*mixed[1:4])),
            *_every_error(),
            hanging.message(
                "numbers are masked for everyone", answer(*map(masking.report, logs[:IDS_AT_ONCE]))
            ),
            hanging.message("without buttons", answer(*mixed, setting=None)),
            *_notes(logs),
        ),
    )


def slow() -> Room:
    """What is said after three seconds, and stays above the answer."""
    return Room(
        "SignalWire is slow",
        (
            hanging.message("one id", notices.slow("the log")),
            hanging.message("several ids", notices.slow("the logs")),
            hanging.message("a search", notices.slow("the calls")),
        ),
    )


def _all_logs(logs: Sequence[Found]) -> Iterable[Exhibit]:
    """All that the sandbox knows, ten at a time."""
    for number, ten in enumerate(_tens(logs), 1):
        yield hanging.message(f"the sandbox's logs as rows, list {number}", answer(*ten))


def _every_error() -> Iterable[Exhibit]:
    missed = [Missed(LOG_ID, {PROJECT: error}) for error in every_wording().values()]
    for number, ten in enumerate(_tens(missed), 1):
        yield hanging.message(f"every error as a row, list {number}", answer(*ten))


def _tens(reports: Sequence[Report]) -> Iterable[list[Report]]:
    left = iter(reports)
    while ten := list(islice(left, IDS_AT_ONCE)):
        yield ten


def _notes(logs: Sequence[Found]) -> list[Exhibit]:
    def noted(
        name: str, reports: Sequence[Report], left_out: int = 0, cut_short: Sequence[str] = ()
    ) -> Exhibit:
        message = cards.answer(
            reports,
            reference=REFERENCE,
            name_project=False,
            setting=PRIVATE,
            left_out=left_out,
            cut_short=cut_short,
        )
        return hanging.message(name, message)

    refused = Missed(LOG_ID, {PROJECT: one_of_each()["401 or 403"]})
    return [
        noted("eleven ids were given", logs[:IDS_AT_ONCE], left_out=1),
        noted("thirty ids were given", logs[:IDS_AT_ONCE], left_out=20),
        noted("a cut id among whole ones", logs[:2], cut_short=["b7182dc2-00f3…"]),
        noted("one whole id, and cut ones", logs[:1], cut_short=["b7182dc2…", "ca110000-0000"]),
        noted("one whole id without a log, and a cut one", [refused], cut_short=["b7182dc2…"]),
        noted(
            "too many ids, and cut ones", logs[:IDS_AT_ONCE], left_out=2, cut_short=["b7182dc2…"]
        ),
    ]
