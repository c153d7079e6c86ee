"""The card of one call: every kind of log, and a live call from start to end."""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE, SIP
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery.fixtures import ENTRIES, LIVE_FOR, LOG_ID, NOW, body, found, logged
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import (
    DASHBOARD,
    PUBLIC,
    SEVERAL_PROJECTS,
    TERMINAL,
    THREAD,
    after,
    reply,
)
from bot.ui.card_buttons import CardOptions
from bot.voicelogs import masking


def calls() -> Examples:
    """Every log in the emulator, then cases that it lacks."""
    documented = logged(DOCUMENTED)
    bodies = {entry.description: entry.body for entry in ENTRIES.values()}
    bodies |= {**_billed(), **_odd()}
    masked = {
        "numbers are masked for everyone": logged(DOCUMENTED),
        "SIP addresses, masked": logged(SIP),
        "a name with a number hidden in it, masked": found(
            call(str(LOG_ID), NOW, from_="front desk (2\u200b06) 555.01 34")
        ),
    }
    options = {
        "asked for in a thread, where it may be shared": CardOptions(thread_ts=THREAD),
        "numbers aren't masked in what is shared": CardOptions(masks_shared=False),
        "with a link to the dashboard": DASHBOARD,
    }
    return {
        **{name: reply(found(each)) for name, each in bodies.items()},
        "there are several projects": reply(documented, context=SEVERAL_PROJECTS),
        **{name: reply(documented, context=after(0, each)) for name, each in options.items()},
        "without buttons, as the command line prints it": reply(documented, context=TERMINAL),
        **{name: reply(masking.mask_result(each)) for name, each in masked.items()},
    }


def live() -> Examples:
    """The emulator's live call, looked up at several times."""
    stages = {
        "it rings": 3,
        "it was just answered": 5,
        "it is in progress": 47,
        "it is over": 70,
    }
    in_progress = logged(LIVE, LIVE_FOR)
    return {
        **{name: reply(logged(LIVE, at), context=after(at)) for name, at in stages.items()},
        "it is in progress, as a shared card": reply(
            masking.mask_result(in_progress), context=after(LIVE_FOR, PUBLIC)
        ),
        "it is in progress, with a link to the dashboard": reply(
            in_progress, context=after(LIVE_FOR, DASHBOARD)
        ),
        **{name: reply(found(each)) for name, each in _without_end().items()},
    }


_Bodies = Mapping[str, Mapping[str, JsonValue]]


def _without_end() -> _Bodies:
    def answered(age: timedelta, **changes: JsonValue) -> Mapping[str, JsonValue]:
        fields: dict[str, JsonValue] = {"status": "answered", "duration": 14, "charge": 0}
        unknown = {"duration_ms": None, "billing_ms": None}
        return call(str(LOG_ID), NOW - age, **{**fields, **unknown, **changes})

    now = timedelta(0)
    return {
        "14 minutes old, while the log says 14 seconds": answered(timedelta(minutes=14)),
        "no end for nine months": answered(timedelta(days=270)),
        "queued for twenty hours": answered(timedelta(hours=20), status="queued", duration=None),
        "created in the future, according to a wrong clock": answered(-timedelta(hours=1)),
        "created at an unreadable time": answered(now, created_at="soon"),
        "created at an unreadable time, of unknown duration": answered(
            now, created_at="soon", duration=None
        ),
    }


def _billed() -> _Bodies:
    def relay(**changes: JsonValue) -> Mapping[str, JsonValue]:
        return body(status="ended", duration_ms=11_521, **changes)

    return {
        "billed for part of its duration": relay(billing_ms=5209, charge=0.0066),
        "never billed": relay(billing_ms=None, charge=0),
        "an unreadable billed time": relay(billing_ms="a minute"),
        "a WhatsApp call": relay(to="whatsapp:+15557654321"),
        "audio quality": relay(
            audio_in_mos="2.10", audio_out_jitter_max=4.2, audio_rtt_avg=0.063, audio_out_lost=12
        ),
        "audio quality, averages and one lost packet": relay(
            audio_in_mos=4.3, audio_out_jitter_avg=4, audio_rtt_max=63, audio_out_lost=1
        ),
        "audio quality, only of what was received": relay(audio_in_mos=0, audio_in_jitter_max=4),
        "deleted, but with all fields": relay(discarded_at=NOW.isoformat()),
        "deleted, at implausible times": {
            "id": str(LOG_ID),
            "discarded_at": "1893-01-21T03:09:51Z",
            "created_at": "1907-02-07T10:30:54Z",
        },
    }


def _odd() -> _Bodies:
    lines: list[JsonValue] = [{"description": f"Part {n}", "charge": 0.01} for n in range(18)]
    return {
        "only an id": {"id": str(LOG_ID)},
        "neither from nor to": body(from_=None, to=None),
        "a status the documentation doesn't know": body(status="waiting_in_line"),
        "a direction and a source the documentation doesn't know": body(
            direction="sideways", source="carrier_pigeon"
        ),
        "a number of a country that doesn't exist": body(from_="+9991234567"),
        "a caller id that isn't a phone number": body(from_="+266696687"),
        "shorter than a second": body(duration=1, duration_ms=640),
        "over an hour long, in whole seconds only": body(duration=4000, duration_ms=None),
        "more charge details than a card shows": body(charge_details=lines),
        "a charge detail without a description, another without an amount": body(
            charge_details=[{"charge": 0.01}, {"description": "Recording"}]
        ),
        "deleted, with a status": {
            "id": str(LOG_ID),
            "status": "completed",
            "discarded_at": NOW.isoformat(),
        },
    }
