"""Data for several sections: the emulator's logs as the bot parses them, and every error."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Body, LogFixture, call
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
from bot.ui import lookup_result, notices
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
"""Stands for a button's sealed value, which is different each time."""
DASHBOARD: Final = CardOptions(dashboard_url="https://acme.signalwire.com/logs/voice/{id}")
"""The URL is invented: SignalWire documents none."""
PUBLIC: Final = CardOptions(public=True, shared_by="U0SUPPORT")

# ── The contexts of replies ───────────────────────────────────────────────────────────────────

CONTEXT: Final = CardContext(REFERENCE, NOW, metadata=METADATA)
SEVERAL_PROJECTS: Final = replace(CONTEXT, names_projects=True)
TERMINAL: Final = replace(CONTEXT, has_buttons=False)


def after(seconds: float, options: CardOptions = CONTEXT.options) -> CardContext:
    """The context of a reply so many seconds after NOW."""
    return replace(CONTEXT, now=NOW + timedelta(seconds=seconds), options=options)


def from_shared_card(log_id: UUID) -> CardContext:
    """The context of a modal that was opened from a card in the channel."""
    return replace(CONTEXT, modal_notes=[notices.full_numbers(log_id)])


def reply(*results: LookupResult, context: CardContext = CONTEXT) -> Message:
    """The message with the results of a lookup."""
    return lookup_result.lookup_result(results, context)


def reply_with(options: CardOptions, *results: LookupResult) -> Message:
    """The same, with the buttons that these options determine."""
    return reply(*results, context=replace(CONTEXT, options=options))


# ── Logs, as the bot parses SignalWire's responses ────────────────────────────────────────────

ENTRIES: Final[Mapping[str, LogFixture]] = {entry.id: entry for entry in catalog(NOW)}


def found(body: Mapping[str, JsonValue], project: str = PROJECT) -> Found:
    record = parse_voice_log(as_json(dict(body)))
    return Found(UUID(record.log.id), project, record.log, record.json)


def logged(log_id: str, seconds: float = 0.0) -> Found:
    """The emulator's log with that ID; of a live call, so many seconds after it began."""
    return found(ENTRIES[log_id].state_at(seconds).body)


def body(**changes: JsonValue) -> Body:
    """The log of a call five hours ago; see `emulator.signalwire.fixtures.call`."""
    return call(str(LOG_ID), NOW - timedelta(hours=5), **changes)


def timeline(rows: Iterable[Mapping[str, JsonValue]]) -> Timeline:
    return parse_events(as_json({"data": [dict(row) for row in rows]}))


def around(log: Found) -> TimeSpan:
    """Roughly the time span in which a log's other legs are searched."""
    began = log.log.created_at or NOW
    lasted = timedelta(milliseconds=log.log.duration_or_rounded_ms or 0)
    margin = timedelta(minutes=5)
    return TimeSpan(began - margin, began + lasted + margin)


def alone(log: Found) -> CallLegs:
    """The legs of a call if no other leg was found."""
    return CallLegs(log.log, (log.log,), around(log))


# ── Errors ────────────────────────────────────────────────────────────────────────────────────

_API_ERROR: Final = ApiError("invalid_parameter", "Parameter value is invalid")
_HOSTILE_API_ERROR: Final = ApiError("<!channel>", f"{HOSTILE[11:]} {'A' * 300}")

ONE_OF_EACH: Final[Mapping[str, SignalWireError]] = {
    "404": LogNotFoundError(),
    "401 or 403": AuthenticationError(),
    "422, beyond the history limit": LogTooOldError("2025-02-09"),
    "422, a wrong parameter": BadRequestError(422, [_API_ERROR]),
    "429, retry after two minutes": RateLimitedError(120),
    "503, three times": UnavailableError("503", 3),
    "not JSON": InvalidResponseError("not JSON"),
}
"""An error of each class, by SignalWire's response."""

EVERY_WORDING: Final[Mapping[str, SignalWireError]] = {
    **ONE_OF_EACH,
    "404 in HTML, from a space that doesn't exist": InvalidResponseError(NOT_THE_API),
    "422, beyond an unnamed history limit": LogTooOldError(None),
    "400 without a reason": BadRequestError(400, ()),
    "400 with a short reason": BadRequestError(400, [ApiError("", "Bad Request")]),
    "422, three reasons": BadRequestError(422, [_API_ERROR] * 3),
    "422, hostile text": BadRequestError(422, [_HOSTILE_API_ERROR]),
    "429, retry immediately": RateLimitedError(0),
    "429 without a time": RateLimitedError(None),
    "500": UnavailableError("500"),
    "503, twice": UnavailableError("503", 2),
    "no response, three times": UnavailableError("timeout", 3),
    "no free connection in time": UnavailableError("no free slot", attempts=0),
}
"""All errors with a different message."""
UNAVAILABLE: Final = ONE_OF_EACH["503, three times"]
