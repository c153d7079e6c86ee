"""Logs, timelines and legs for the tests of the Details modal."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from bot.cli.terminal import render
from bot.signalwire.models import Json, LogEvent, Timeline, VoiceLog
from bot.ui.block_kit import Message, View
from bot.voicelogs.call_times import call_times
from bot.voicelogs.results import CallLegs, Details, Found, PartError, TimeSpan
from tests.support.as_sent import sent_blocks
from tests.support.raw_json import raw

A = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
B = "0f6b7d1e-5a43-4a6e-9c39-6d6a3c1b2e11"
C = "4c1f8a52-7f0b-4d0a-8f57-2b9d5e6a7c22"
START = datetime(2026, 11, 20, 15, 4, 9, 640_000, tzinfo=UTC)
METADATA = '{"log":"b7182dc2-00f3-40e4-a5ce-20f164b329df"}'

COMPLETED = (
    '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","from":"+12065550100","to":"+12065550101",'
    '"source":"laml","charge":0.0870,"charge_details":['
    '{"description":"Outbound call","charge":0.0500},'
    '{"description":"Text to Speech","charge":0.037000}],'
    '"created_at":"2026-11-20T15:04:09.640Z","type":"laml_call","url":null,'
    '"direction":"inbound","status":"completed","duration":192,"duration_ms":192480,'
    '"billing_ms":180000,"parent_id":null,"audio_in_mos":"4.50","audio_rtt_avg":1.20e2}'
)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def log(text: str) -> VoiceLog:
    return VoiceLog.model_validate(json.loads(text, parse_float=Decimal))


def leg(log_id: str, begins: float | None, **fields: object) -> VoiceLog:
    created = None if begins is None else after(begins)
    return VoiceLog.model_validate({"id": log_id, "created_at": created, **fields})


def found(text: str = COMPLETED) -> Found:
    return Found(UUID(A), "acme", log(text), raw(text))


def event(
    seconds: float | None, name: str | None, level: str = "info", **details: Json
) -> LogEvent:
    when = None if seconds is None else after(seconds)
    return LogEvent(event_at=when, level=level, name=name, details=details)


def timeline(*events: LogEvent, text: str = '{"data":[]}') -> Timeline:
    return Timeline(events, raw(text))


def searched(since: float = -300, until: float = 492) -> TimeSpan:
    return TimeSpan(after(since), after(until))


def call_legs(legs: Sequence[VoiceLog], of: int = 0, window: TimeSpan | None = None) -> CallLegs:
    return CallLegs(legs[of], tuple(legs), window)


def details(
    text: str = COMPLETED,
    events: Timeline | PartError | None = None,
    legs: CallLegs | PartError | None = None,
) -> Details:
    happened = events.events if isinstance(events, Timeline) else ()
    return Details(found(text), events, legs, times=call_times(log(text), happened))


def rendered(content: View | Message) -> str:
    return render(sent_blocks(content))


LEGS: Final = (
    leg(A, 0, **{"from": "+12065550100", "to": "+12065550101"}, status="completed", duration=192),
    leg(
        B,
        2.1,
        **{"from": "+12065550101", "to": "sip:alice@acme.example"},
        status="no-answer",
        duration_ms=20_000,
        parent_id=A,
    ),
    leg(
        C,
        24,
        **{"from": "+12065550101", "to": "+12065550102"},
        status="completed",
        duration_ms=160_020,
        parent_id=A.upper(),
    ),
)
