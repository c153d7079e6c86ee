"""The card of one call: every kind of log, and a live call from start to end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE, catalog
from bot.dev.emulator.signalwire.catalog_cases import SIP
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import DASHBOARD, LOG_ID, SHARER, THREAD, body, entry, found, reply
from bot.ui.card_buttons import CardOptions
from bot.voicelogs import masking

_Bodies = Mapping[str, Mapping[str, JsonValue]]
_STAGES: Final = {
    "it rings": 3.0,
    "it was just answered": 5.0,
    "it is in progress": 47.0,
    "it is over": 70.0,
}


def calls(now: datetime) -> build.Examples:
    """Every log in the emulator, then cases that it lacks."""
    known = {each.description: each.body for each in catalog(now)}
    bodies = {**known, **_billed(now), **_odd(now)}
    return {**_cards(bodies, now), **_settings(now), **_masked(now)}


def _cards(bodies: _Bodies, now: datetime) -> build.Examples:
    return {name: reply(found(each), now=now) for name, each in bodies.items()}


def live(now: datetime) -> build.Examples:
    """The emulator's live call, looked up at several times."""
    leg = entry(LIVE, now)
    times = {name: now + timedelta(seconds=seconds) for name, seconds in _STAGES.items()}
    moments = {name: found(leg.state_at(seconds).body) for name, seconds in _STAGES.items()}
    public = CardOptions(public=True, shared_by=SHARER)
    shared = masking.mask_result(moments["it is in progress"])
    at = times["it is in progress"]
    return {
        **{name: reply(each, now=times[name]) for name, each in moments.items()},
        "it is in progress, as a shared card": reply(shared, setting=public, now=at),
        "it is in progress, with a link to the dashboard": reply(
            moments["it is in progress"], setting=CardOptions(dashboard_url=DASHBOARD), now=at
        ),
        **_cards(_without_end(now), now),
    }


def _without_end(now: datetime) -> _Bodies:
    unbilled: dict[str, JsonValue] = {"charge": 0, "duration_ms": None, "billing_ms": None}
    live = {"status": "answered", "duration": 14, **unbilled}

    def body(age: timedelta, **changes: JsonValue) -> Mapping[str, JsonValue]:
        return call(str(LOG_ID), now - age, **{**live, **changes})

    return {
        "14 minutes old, while the log says 14 seconds": body(timedelta(minutes=14)),
        "no end for nine months": body(timedelta(days=270)),
        "queued for twenty hours": body(timedelta(hours=20), status="queued", duration=None),
        "created in the future, according to a wrong clock": body(-timedelta(hours=1)),
        "created at an unreadable time": body(timedelta(0), created_at="soon"),
        "created at an unreadable time, of unknown duration": body(
            timedelta(0), created_at="soon", duration=None
        ),
    }


def _billed(now: datetime) -> _Bodies:
    relay = partial(body, now, status="ended", duration_ms=11_521)
    measured: dict[str, JsonValue] = {
        "audio_in_mos": "2.10",
        "audio_out_jitter_max": 4.2,
        "audio_rtt_avg": 0.063,
        "audio_out_lost": 12,
    }
    return {
        "billed for part of its duration": relay(billing_ms=5209, charge=0.0066),
        "never billed": relay(billing_ms=None, charge=0),
        "an unreadable billed time": relay(billing_ms="a minute"),
        "a WhatsApp call": relay(to="whatsapp:+15557654321"),
        "audio quality": relay(**measured),
        "audio quality, averages and one lost packet": relay(
            audio_in_mos=4.3, audio_out_jitter_avg=4, audio_rtt_max=63, audio_out_lost=1
        ),
        "audio quality, only of what was received": relay(audio_in_mos=0, audio_in_jitter_max=4),
        "deleted, but with all fields": relay(discarded_at=now.isoformat()),
        "deleted, at implausible times": {
            "id": str(LOG_ID),
            "discarded_at": "1893-01-21T03:09:51Z",
            "created_at": "1907-02-07T10:30:54Z",
        },
    }


def _odd(now: datetime) -> _Bodies:
    changed = partial(body, now)
    lines: list[JsonValue] = [{"description": f"Part {n}", "charge": 0.01} for n in range(18)]
    return {
        "only an id": {"id": str(LOG_ID)},
        "neither from nor to": changed(from_=None, to=None),
        "a status the documentation doesn't know": changed(status="waiting_in_line"),
        "a direction and a source the documentation doesn't know": changed(
            direction="sideways", source="carrier_pigeon"
        ),
        "a number of a country that doesn't exist": changed(from_="+9991234567"),
        "a caller id that isn't a phone number": changed(from_="+266696687"),
        "shorter than a second": changed(duration=1, duration_ms=640),
        "over an hour long, in whole seconds only": changed(duration=4000, duration_ms=None),
        "more charge details than a card shows": changed(charge_details=lines),
        "a charge detail without a description, another without an amount": changed(
            charge_details=[{"charge": 0.01}, {"description": "Recording"}]
        ),
        "deleted, with a status": {
            "id": str(LOG_ID),
            "status": "completed",
            "discarded_at": now.isoformat(),
        },
    }


def _settings(now: datetime) -> build.Examples:
    documented = found(entry(DOCUMENTED, now).body)
    return {
        "there are several projects": reply(documented, name_project=True),
        "asked for in a thread, where it may be shared": reply(
            documented, setting=CardOptions(thread_ts=THREAD)
        ),
        "numbers aren't masked in what is shared": reply(
            documented, setting=CardOptions(masks_shared=False)
        ),
        "with a link to the dashboard": reply(
            documented, setting=CardOptions(dashboard_url=DASHBOARD)
        ),
        "without buttons, as the command line prints it": reply(documented, setting=None),
    }


def _masked(now: datetime) -> build.Examples:
    hidden = call(str(LOG_ID), now, from_="front desk (2\u200b06) 555.01 34")
    bodies = {
        "numbers are masked for everyone": entry(DOCUMENTED, now).body,
        "SIP addresses, masked": entry(SIP, now).body,
        "a name with a number hidden in it, masked": hidden,
    }
    return {name: reply(masking.mask_result(found(body))) for name, body in bodies.items()}
