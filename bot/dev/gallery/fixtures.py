"""Data for several sections: the emulator's logs as the bot parses them, and every error."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Event, LogFixture, call
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import Timeline
from bot.signalwire.responses import parse_events, parse_voice_log
from bot.ui import lookup_result
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.card_context import CardContext
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import CallLegs, Found, LookupResult, TimeSpan

NOW: Final = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
"""A fixed time, so that the gallery is always the same."""
REFERENCE: Final = "k7m2"
LOG_ID: Final = UUID(DOCUMENTED)
PROJECT: Final = "acme"
PROJECTS: Final = ("sales", "support")
CHANNEL: Final = "C0SUPPORT"
SHARER: Final = "U0SUPPORT"
THREAD: Final = "1764000000.000100"
METADATA: Final = f'{{"channel":"{CHANNEL}","log":"{LOG_ID}"}}'
RECORDING: Final = Ids(
    others=(
        OtherId(
            Kind.RECORDING,
            "files.signalwire.com/5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b"
            "/0d3ce2c6-9b5c-4a7e-8b1e-2d7a3c1f9e11"
            "/recordings/9e8d7c6b-3333-4444-8555-0000000000d4.wav",
        ),
    )
)
HOSTILE: Final = "<!channel> *bold* `code` <https://evil.example|SignalWire>"
SEALED: Final = "gAAAAA…"
"""A fixed stand-in for a button's token, which is otherwise random."""
DASHBOARD: Final = "https://acme.signalwire.com/logs/voice/{id}"
"""A DASHBOARD_URL, invented: SignalWire documents none."""
PRIVATE: Final = CardOptions()
"""The buttons under a card that only one user sees."""


def card_context(
    options: CardOptions | None = None,
    *,
    names_projects: bool = False,
    now: datetime = NOW,
    notes: Sequence[str] = (),
) -> CardContext:
    """The context of a reply; without `options`, lookups have no buttons, as in a terminal."""
    return CardContext(
        REFERENCE,
        now,
        names_projects,
        options or PRIVATE,
        has_buttons=options is not None,
        metadata=METADATA,
        modal_notes=notes,
    )


def found(body: Mapping[str, JsonValue], project: str = PROJECT) -> Found:
    """Parse a log's body as the bot parses SignalWire's response."""
    record = parse_voice_log(as_json(dict(body)))
    return Found(UUID(record.log.id), project, record.log, record.json)


def body(now: datetime, **changes: JsonValue) -> Mapping[str, JsonValue]:
    """The log of a call five hours ago; see `emulator.signalwire.fixtures.call`."""
    return call(str(LOG_ID), now - timedelta(hours=5), **changes)


def timeline(events: Sequence[Event]) -> Timeline:
    """Parse a log's events as the bot parses SignalWire's response."""
    return timeline_of(event.row for event in events)


def timeline_of(rows: Iterable[Mapping[str, JsonValue]]) -> Timeline:
    """Parse events as SignalWire sends them."""
    return parse_events(as_json({"data": [dict(row) for row in rows]}))


def entry(log_id: str, now: datetime) -> LogFixture:
    """The catalog's log with that ID."""
    return next(each for each in catalog(now) if each.id == log_id)


def around(log: Found, now: datetime) -> TimeSpan:
    """Roughly the time span in which a log's other legs are searched."""
    began = log.log.created_at or now
    margin = timedelta(minutes=5)
    return TimeSpan(
        began - margin, began + timedelta(milliseconds=log.log.duration_or_rounded_ms or 0) + margin
    )


def alone(log: Found, now: datetime) -> CallLegs:
    """The legs of a call if no other leg was found."""
    return CallLegs(log.log, (log.log,), around(log, now))


def reply(
    *results: LookupResult,
    setting: CardOptions | None = PRIVATE,
    name_project: bool = False,
    now: datetime = NOW,
) -> Message:
    """The message with the results of a lookup."""
    context = card_context(setting, names_projects=name_project, now=now)
    return lookup_result.lookup_result(results, context)


def one_of_each() -> dict[str, SignalWireError]:
    """An error of each class, keyed by SignalWire's response."""
    fault = ApiError("invalid_parameter", "Parameter value is invalid")
    return {
        "404": LogNotFoundError(),
        "401 or 403": AuthenticationError(),
        "422, beyond the history limit": LogTooOldError("2025-02-09"),
        "422, a wrong parameter": BadRequestError(422, [fault]),
        "429, retry after two minutes": RateLimitedError(120),
        "503, three times": UnavailableError("503", 3),
        "not JSON": InvalidResponseError("not JSON"),
    }


def every_wording() -> dict[str, SignalWireError]:
    """`one_of_each`, plus all other errors with a different message."""
    fault = ApiError("invalid_parameter", "Parameter value is invalid")
    hostile = ApiError("<!channel>", "*bold* `code` <https://evil.example|SignalWire> " + "A" * 300)
    return one_of_each() | {
        "404 in HTML, from a space that doesn't exist": InvalidResponseError(NOT_THE_API),
        "422, beyond an unnamed history limit": LogTooOldError(None),
        "400 without a reason": BadRequestError(400, ()),
        "400 with a short reason": BadRequestError(400, [ApiError("", "Bad Request")]),
        "422, three reasons": BadRequestError(422, [fault] * 3),
        "422, hostile text": BadRequestError(422, [hostile]),
        "429, retry immediately": RateLimitedError(0),
        "429 without a time": RateLimitedError(None),
        "500": UnavailableError("500"),
        "503, twice": UnavailableError("503", 2),
        "no response, three times": UnavailableError("timeout", 3),
        "no free connection in time": UnavailableError("no free slot", attempts=0),
    }
