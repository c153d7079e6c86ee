"""Everything the program can show, made by the builders that really make it, for one long look.

It must not know how any of it is drawn, and words nothing itself: what an exhibit says is what
ui/ says, of models as SignalWire's answers give them.
"""

from datetime import datetime

from bot.dev.gallery import (
    access_denied,
    details,
    errors,
    help,
    legs,
    multiple_ids,
    notices,
    raw_json,
    search,
    search_errors,
    search_form,
    status,
    voice_logs,
)
from bot.dev.gallery.model import Section


def sections(now: datetime) -> tuple[Section, ...]:
    """Every room, in the order in which a newcomer would look.

    Args:
        now: aware and in UTC. The same moment gives the same gallery.
    """
    return (
        voice_logs.calls(now),
        voice_logs.live(now),
        multiple_ids.several(now),
        multiple_ids.slow(),
        errors.problems(),
        access_denied.refusals(),
        help.help_(),
        search.search(now),
        search_errors.unclear(now),
        search_form.form(now),
        details.details(now),
        legs.legs(now),
        raw_json.raw(now),
        notices.notices(now),
        status.standing(),
    )
