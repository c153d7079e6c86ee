"""The modal with text to copy: masked, in full, and for logs of each kind."""

from datetime import datetime, timedelta

from bot.dev.emulator.signalwire.catalog import DELETED, DOCUMENTED, FABRIC, LIVE
from bot.dev.emulator.signalwire.catalog_cases import HOSTILE
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import LOG_ID, NOW, card_context, entry, found
from bot.ui import notices
from bot.ui.block_kit import View
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from bot.voicelogs.results import Details, Found


def copy_text(now: datetime) -> build.Examples:
    """Every line that the text can have."""
    documented = found(entry(DOCUMENTED, now).body)
    masked = masking.mask_details(Details(documented)).found
    live = found(entry(LIVE, now).state_at(60).body)
    created = now - timedelta(hours=1)
    measured = found(call(str(LOG_ID), created, audio_in_mos="4.31", audio_out_lost=2))
    unknown = found(call(str(LOG_ID), created, status="on_hold", from_=None, charge=None))
    overdue = found(call(str(LOG_ID), now - timedelta(days=270), status="in-progress"))
    return {
        "masked, with a button for the numbers": _shown(masked, may=True),
        "in full": _shown(documented),
        "opened from a shared card": details_view.text_view(
            Details(masked),
            card_context(notes=[notices.full_numbers(LOG_ID)]),
        ),
        "there are several projects": _shown(documented, name_project=True),
        "a live leg": _shown(live, now=now + timedelta(seconds=60)),
        "a leg without an end in its log": _shown(overdue, now=now),
        "with audio quality": _shown(measured),
        "an unknown status, and facts that are missing": _shown(unknown),
        "a deleted log": _shown(found(entry(DELETED, now).body)),
        "no status": _shown(found(entry(FABRIC, now).body)),
        "hostile text": _shown(found(entry(HOSTILE, now).body)),
    }


def _shown(
    what: Found, *, may: bool = False, name_project: bool = False, now: datetime = NOW
) -> View:
    context = card_context(names_projects=name_project, now=now)
    return details_view.text_view(Details(what), context, may_show_in_full=may)
