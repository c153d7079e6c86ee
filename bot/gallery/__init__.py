"""Everything the program can show, made by the builders that really make it, for one long look.

It must not know how any of it is drawn, and words nothing itself: what an exhibit says is what
cards/ says, of models as SignalWire's answers give them.
"""

from datetime import datetime

from bot.gallery import (
    calls,
    details,
    form,
    help,  # noqa: A004 - named as its neighbour in cards/ is
    legs,
    notices,
    problems,
    raw,
    refusals,
    search,
    several,
    standing,
    unclear,
)
from bot.slack_page.exhibits import Section


def sections(now: datetime) -> tuple[Section, ...]:
    """Every room, in the order in which a newcomer would look.

    Args:
        now: aware and in UTC. The same moment gives the same gallery.
    """
    return (
        calls.calls(now),
        calls.live(now),
        several.several(now),
        several.slow(),
        problems.problems(),
        refusals.refusals(),
        help.help_(),
        search.search(now),
        unclear.unclear(now),
        form.form(now),
        details.details(now),
        legs.legs(now),
        raw.raw(now),
        notices.notices(now),
        standing.standing(),
    )
