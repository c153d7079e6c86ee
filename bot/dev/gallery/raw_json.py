"""The JSON as SignalWire sent it: on one page, on many pages, and missing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.emulator.signalwire.catalog_cases import CHATTY, HOSTILE
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    PROJECT,
    card_context,
    entry,
    found,
    timeline,
    timeline_of,
)
from bot.signalwire.errors import UnavailableError
from bot.signalwire.models import Timeline, VoiceLog
from bot.ui import notices
from bot.ui.block_kit import View
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.results import Details, Found

_SEVERAL_PAGES: Final = 150_000
"""In characters; more than fits on two pages."""
_BEYOND: Final = 2_950_000
"""In characters; more than fits on fifty pages, less than the response size limit."""
_LAST: Final = 50
_NESTED: Final[dict[str, JsonValue]] = {
    "room": {"name": "x", "owner": {"id": 7, "names": []}},
    "qos_metrics": {
        **{f"audio_{way}_packets_{kind}": 1 for way in ("in", "out") for kind in ("lost", "late")},
        "audio_in_mos": "4.41",
    },
}


def raw_json(now: datetime) -> build.Examples:
    """Every page with different text or buttons."""

    def of(log_id: str) -> Details:
        known = entry(log_id, now)
        return Details(found(known.body), timeline(known.events))

    documented, chatty, hostile = of(DOCUMENTED), of(CHATTY), of(HOSTILE)
    several = Details(documented.found, _timeline("A" * _SEVERAL_PAGES))
    boundless = Details(documented.found, _timeline("A" * _BEYOND))
    # Stacked combining marks, which would cover the lines above, and a bidi control character.
    stacked = Details(documented.found, _timeline("Z" + "\u0301" * 9 + "\u202eko"))
    nothing = Details(Found(LOG_ID, PROJECT, VoiceLog(id=str(LOG_ID))))
    masked = masking.mask_details(details_view.reduce_to_json(chatty))
    without_timeline = masking.mask_details(details_view.reduce_to_json(Details(documented.found)))
    return {
        "one page": _shown(documented),
        "the record alone": _shown(Details(documented.found)),
        "numbers are masked for everyone": _shown(masked),
        "the record alone, masked": _shown(without_timeline),
        "opened from a shared card": _shown(
            masked, notes=[notices.full_numbers(chatty.found.log_id)]
        ),
        **_fields(now),
        "the first page of several": _shown(several),
        "a page between others": _shown(several, 2),
        "the last page of several": _shown(several, 3),
        "the last page of very long JSON": _shown(boundless, _LAST),
        "hostile text": _shown(hostile),
        "stacked characters": _shown(stacked),
        "the timeline's JSON is missing": _shown(
            Details(documented.found, UnavailableError("503", 3))
        ),
        "an internal error with the timeline": _shown(Details(documented.found, "internal_error")),
        "no JSON": _shown(nothing),
    }


def _fields(now: datetime) -> build.Examples:
    def shown(**more: JsonValue) -> View:
        return _shown(Details(found(call(str(LOG_ID), now, **more))))

    return {
        "nested fields": shown(**_NESTED),
        "a long field": shown(notes=["x" * 60] * 20),
        "over sixty fields": shown(**{f"field_{number}": number for number in range(60)}),
        "more fields than fit above the JSON": shown(
            **{f"field_{number}": "𝄞" * 200 for number in range(45)}
        ),
        "a field with a hostile name": shown(**{"*<!here>* `x`": "<!channel>"}),
    }


def _shown(what: Details, page: int = 1, notes: Sequence[str] = ()) -> View:
    return details_view.raw_view(what, card_context(notes=notes), page)


def _timeline(note: str) -> Timeline:
    return timeline_of([{"name": "note", "note": note}])
