"""The card of one call: every kind of log, and a live call from start to end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE, catalogue
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import LOG_ID, SHARER, THREAD, answer, entry, found
from bot.dev.gallery.model import Example, Section
from bot.ui.actions import CardOptions
from bot.voicelogs import masking

_SIP: Final = "add00000-0000-4000-8000-000000000001"
_STAGES: Final = {
    "it has just been queued": 0.0,
    "it rings": 3.0,
    "it was just answered": 5.0,
    "it goes on": 47.0,
    "it is over": 70.0,
}


def calls(now: datetime) -> Section:
    """Every log in the emulator, then cases that it lacks."""
    known = [build.message(each.description, answer(found(each.body))) for each in catalogue(now)]
    return Section("Calls", (*known, *_odd(now), *_settings(now), *_masked(now)))


def live(now: datetime) -> Section:
    """The emulator's live call, looked up at several times."""
    moments = {
        name: found(entry(LIVE, now).state_at(seconds).body) for name, seconds in _STAGES.items()
    }
    public = CardOptions(public=True, shared_by=SHARER)
    shared = masking.mask_result(moments["it goes on"])
    return Section(
        "A live call",
        (
            *(build.message(name, answer(each)) for name, each in moments.items()),
            build.message("it goes on, as a shared card", answer(shared, setting=public)),
        ),
    )


def _odd(now: datetime) -> list[Example]:
    def body(**changes: JsonValue) -> Mapping[str, JsonValue]:
        return call(str(LOG_ID), now - timedelta(hours=5), **changes)

    lines: list[JsonValue] = [{"description": f"Part {n}", "charge": 0.01} for n in range(18)]
    bodies: dict[str, Mapping[str, JsonValue]] = {
        "nothing but an id": {"id": str(LOG_ID)},
        "neither end is known": body(from_=None, to=None),
        "a status the documentation doesn't know": body(status="waiting_in_line"),
        "a direction and a source the documentation doesn't know": body(
            direction="sideways", source="carrier_pigeon"
        ),
        "a number of a country that doesn't exist": body(from_="+9991234567"),
        "shorter than a second": body(duration=1, duration_ms=640),
        "over an hour long, in whole seconds only": body(duration=4000, duration_ms=None),
        "more lines of charge than a card shows": body(charge_details=lines),
        "a line of charge without a name, another without an amount": body(
            charge_details=[{"charge": 0.01}, {"description": "Recording"}]
        ),
        "deleted, as SignalWire may send it one day: with a status": {
            "id": str(LOG_ID),
            "status": "completed",
            "discarded_at": now.isoformat(),
        },
    }
    return [build.message(name, answer(found(each))) for name, each in bodies.items()]


def _settings(now: datetime) -> list[Example]:
    documented = found(entry(DOCUMENTED, now).body)
    return [
        build.message("there are several projects", answer(documented, name_project=True)),
        build.message(
            "asked for in a thread, where it may be shared",
            answer(documented, setting=CardOptions(thread_ts=THREAD)),
        ),
        build.message(
            "numbers aren't masked in what is shared",
            answer(documented, setting=CardOptions(masks_shared=False)),
        ),
        build.message(
            "without buttons, as the command line prints it", answer(documented, setting=None)
        ),
    ]


def _masked(now: datetime) -> list[Example]:
    hidden = call(str(LOG_ID), now, from_="front desk (2\u200b06) 555.01 34")
    bodies = {
        "numbers are masked for everyone": entry(DOCUMENTED, now).body,
        "SIP addresses, masked": entry(_SIP, now).body,
        "a name with a number hidden in it, masked": hidden,
    }
    return [
        build.message(name, answer(masking.mask_result(found(body))))
        for name, body in bodies.items()
    ]
