"""The emulator's logs, as the bot parses SignalWire's responses."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Body, LogFixture, call
from bot.signalwire.models import Timeline
from bot.signalwire.responses import parse_events, parse_voice_log
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.results import CallLegs, Found, TimeSpan

NOW: Final = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
"""A fixed time, so that the gallery is always the same."""
LIVE_FOR: Final = 47
"""Seconds since the live call began, when it is in progress."""
LOG_ID: Final = UUID(DOCUMENTED)
PROJECT: Final = "acme"
PROJECTS: Final = ("sales", "support")
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
