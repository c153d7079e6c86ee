"""What the rooms have in common: the sandbox's logs as the bot reads them, and every error.

It must not know how any of it is shown.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.cards import answer as cards
from bot.cards.blocks import Message
from bot.cards.buttons import Setting
from bot.report import Found, Report, Window
from bot.sandbox.catalogue import DOCUMENTED, Entry, Event, catalogue
from bot.sandbox.entries import stamp
from bot.sandbox.faults import as_json
from bot.signalwire.answers import read_record, read_timeline
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiFault,
    CredentialsRefusedError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    RequestRejectedError,
    SignalWireError,
    UnavailableError,
    UnreadableAnswerError,
)
from bot.signalwire.models import Timeline

REFERENCE: Final = "k7m2"
LOG_ID: Final = UUID(DOCUMENTED)
PROJECT: Final = "acme"
PROJECTS: Final = ("sales", "support")
CHANNEL: Final = "C0SUPPORT"
SHARER: Final = "U0SUPPORT"
THREAD: Final = "1764000000.000100"
METADATA: Final = f'{{"channel":"{CHANNEL}","log":"{LOG_ID}"}}'
PRIVATE: Final = Setting()
"""The buttons under one person's card."""


def found(body: Mapping[str, JsonValue], project: str = PROJECT) -> Found:
    """A log's body, read as SignalWire's answer is."""
    record = read_record(as_json(dict(body)))
    return Found(UUID(record.log.id), project, record.log, record.json)


def timeline(events: Sequence[Event]) -> Timeline:
    """A log's events, read as SignalWire's answer is."""
    rows: list[JsonValue] = [
        {
            "event_at": stamp(event.at),
            "level": event.level,
            "name": event.name,
            "details": dict(event.details),
        }
        for event in events
    ]
    return read_timeline(as_json({"data": rows}))


def entry(log_id: str, now: datetime) -> Entry:
    """The catalogue's log with that id."""
    return next(each for each in catalogue(now) if each.id == log_id)


def around(log: Found, now: datetime) -> Window:
    """The time in which a log's other legs are looked for, roughly."""
    began = log.log.created_at or now
    margin = timedelta(minutes=5)
    return Window(began - margin, began + timedelta(milliseconds=log.log.length_ms or 0) + margin)


def answer(
    *reports: Report, setting: Setting | None = PRIVATE, name_project: bool = False
) -> Message:
    """What a lookup is answered with."""
    return cards.answer(reports, reference=REFERENCE, name_project=name_project, setting=setting)


def one_of_each() -> dict[str, SignalWireError]:
    """An error of each class, by what SignalWire answered."""
    fault = ApiFault("invalid_parameter", "Parameter value is invalid")
    return {
        "404": LogNotFoundError(),
        "401 or 403": CredentialsRefusedError(),
        "422, beyond the history limit": LogTooOldError("2025-02-09"),
        "422, a parameter is wrong": RequestRejectedError(422, [fault]),
        "429, to be tried in two minutes": RateLimitedError(120),
        "503, three times": UnavailableError("503", 3),
        "no JSON": UnreadableAnswerError("not JSON"),
    }


def every_wording() -> dict[str, SignalWireError]:
    """These and all others that are worded otherwise."""
    fault = ApiFault("invalid_parameter", "Parameter value is invalid")
    hostile = ApiFault("<!channel>", "*bold* `code` <https://evil.example|SignalWire> " + "A" * 300)
    return one_of_each() | {
        "404 in HTML, as of a space that doesn't exist": UnreadableAnswerError(NOT_THE_API),
        "422, beyond a history limit it doesn't name": LogTooOldError(None),
        "400 without a reason": RequestRejectedError(400, ()),
        "400 with a few words": RequestRejectedError(400, [ApiFault("", "Bad Request")]),
        "422, three things are wrong": RequestRejectedError(422, [fault] * 3),
        "422, hostile text": RequestRejectedError(422, [hostile]),
        "429, to be tried at once": RateLimitedError(0),
        "429 without a time": RateLimitedError(None),
        "500": UnavailableError("500"),
        "503, twice": UnavailableError("503", 2),
        "no answer, three times": UnavailableError("timeout", 3),
        "no room to ask in time": UnavailableError("no room", attempts=0),
    }
