"""A log as SignalWire sent it, on one page, on many pages, and missing; and as text to copy."""

from datetime import timedelta
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalog import CHATTY, DELETED, DOCUMENTED, FABRIC, HOSTILE, LIVE
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery.errors import UNAVAILABLE
from bot.dev.gallery.fixtures import ENTRIES, LOG_ID, NOW, PROJECT, found, logged, timeline
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, SEVERAL_PROJECTS, after, from_shared_card
from bot.signalwire.models import Timeline, VoiceLog
from bot.ui.block_kit import View
from bot.ui.card_context import CardContext
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


def raw_json() -> Examples:
    """Every page with different text or buttons."""
    documented, chatty = _whole(DOCUMENTED), _whole(CHATTY)
    log = documented.found
    several = Details(log, _note("A" * _SEVERAL_PAGES))
    boundless = Details(log, _note("A" * _BEYOND))
    # Stacked combining marks, which would cover the lines above, and a bidi control character.
    stacked = Details(log, _note("Z" + "\u0301" * 9 + "\u202eko"))
    masked = _masked(chatty)
    return {
        "one page": _shown(documented),
        "the record alone": _shown(Details(log)),
        "numbers are masked for everyone": _shown(masked),
        "the record alone, masked": _shown(_masked(Details(log))),
        "opened from a shared card": _shown(masked, from_shared_card(chatty.found.log_id)),
        **{name: _shown(Details(_recent(0, **fields))) for name, fields in _fields().items()},
        "the first page of several": _shown(several),
        "a page between others": _shown(several, page=2),
        "the last page of several": _shown(several, page=3),
        "the last page of very long JSON": _shown(boundless, page=_LAST),
        "hostile text": _shown(_whole(HOSTILE)),
        "stacked characters": _shown(stacked),
        "the timeline's JSON is missing": _shown(Details(log, UNAVAILABLE)),
        "an internal error with the timeline": _shown(Details(log, "internal_error")),
        "no JSON": _shown(Details(Found(LOG_ID, PROJECT, VoiceLog(id=str(LOG_ID))))),
    }


def _shown(what: Details, context: CardContext = CONTEXT, page: int = 1) -> View:
    return details_view.raw_view(what, context, page)


def _whole(log_id: str) -> Details:
    return Details(logged(log_id), timeline(event.row for event in ENTRIES[log_id].events))


def _masked(what: Details) -> Details:
    return masking.mask_details(details_view.reduce_to_json(what))


def _note(text: str) -> Timeline:
    return timeline([{"name": "note", "note": text}])


def _fields() -> dict[str, dict[str, JsonValue]]:
    return {
        "nested fields": _NESTED,
        "a long field": {"notes": ["x" * 60] * 20},
        "over sixty fields": {f"field_{number}": number for number in range(60)},
        "more fields than fit above the JSON": {f"field_{n}": "𝄞" * 200 for n in range(45)},
        "a field with a hostile name": {"*<!here>* `x`": "<!channel>"},
    }


def _recent(hours: float, /, **changes: JsonValue) -> Found:
    return found(call(str(LOG_ID), NOW - timedelta(hours=hours), **changes))


def copy_text_() -> Examples:
    """Every line that the text can have."""
    documented = logged(DOCUMENTED)
    masked = masking.mask_details(Details(documented))
    shown: dict[str, Found] = {
        "a leg without an end in its log": _recent(270 * 24, status="in-progress"),
        "with audio quality": _recent(1, audio_in_mos="4.31", audio_out_lost=2),
        "an unknown status, and facts that are missing": _recent(
            1, status="on_hold", from_=None, charge=None
        ),
        "a deleted log": logged(DELETED),
        "no status": logged(FABRIC),
        "hostile text": logged(HOSTILE),
    }
    text = details_view.text_view
    return {
        "masked, with a button for the numbers": text(masked, CONTEXT, may_show_in_full=True),
        "in full": text(Details(documented), CONTEXT),
        "opened from a shared card": text(masked, from_shared_card(LOG_ID)),
        "there are several projects": text(Details(documented), SEVERAL_PROJECTS),
        "a live leg": text(Details(logged(LIVE, 60)), after(60)),
        **{name: text(Details(each), CONTEXT) for name, each in shown.items()},
    }
