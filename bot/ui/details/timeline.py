"""The events of a log, in pages, each with its offset from the first.

SignalWire publishes no list of event names (SignalWire docs, "List voice log events").
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.signalwire.models import LogEvent, Timeline
from bot.ui import actions, block_kit, durations, mrkdwn, signs
from bot.ui.block_kit import Block, Button
from bot.ui.details import pretty_json, sections
from bot.voicelogs.results import Details

PAGE_EVENTS: Final = 40

_NAME_LIMIT: Final = 60
_DETAILS_LIMIT: Final = 150
_SAME_LINE: Final = 60
"""Characters that fit on one line of a modal, roughly."""
_SEPARATOR: Final = re.compile(r"[_.:/-]")
_LEVELS: Final = {
    "info": "",
    "debug": "debug: ",
    "warn": f"{signs.WARNING} *warning:* ",
    "warning": f"{signs.WARNING} *warning:* ",
    "error": f"{signs.FAILED} *error:* ",
}


def of_page(events: Sequence[LogEvent], page: int) -> Sequence[LogEvent]:
    """Return all events, but only the times of those that aren't on the page."""
    page = _nearest(events, page)
    shown = range((page - 1) * PAGE_EVENTS, page * PAGE_EVENTS)
    return [
        event if index in shown else LogEvent.model_construct(event_at=event.event_at)
        for index, event in enumerate(events)
    ]


def timeline(details: Details, page: int) -> list[Block]:
    """Build a page of the timeline, with its heading and buttons for the adjacent pages.

    If there is no such page, the nearest is shown.
    """
    page = _nearest(_events(details), page)
    return [block_kit.header("Timeline"), *_body(details, page)]


def _last_page(events: Sequence[LogEvent]) -> int:
    return -(-len(events) // PAGE_EVENTS) or 1


def _nearest(events: Sequence[LogEvent], page: int) -> int:
    return min(max(page, 1), _last_page(events))


def _events(details: Details) -> Sequence[LogEvent]:
    return details.timeline.events if isinstance(details.timeline, Timeline) else ()


def _body(details: Details, page: int) -> list[Block]:
    if details.timeline is None:
        return [block_kit.section(sections.LOADING)]
    if not isinstance(details.timeline, Timeline):
        return sections.missing("The timeline is", details.timeline)
    events = details.timeline.events
    if not events:
        live = details.found.log.is_live
        none = "No events yet." if live else "No events reported."
        return [block_kit.section(none)]
    first = next((event.event_at for event in events if event.event_at is not None), None)
    start = (page - 1) * PAGE_EVENTS
    shown = events[start : start + PAGE_EVENTS]
    return [
        block_kit.context(_summary(start, len(shown), len(events), first)),
        *sections.sections([_line(event, first) for event in shown]),
        *block_kit.actions(_page_buttons(page, _last_page(events))),
    ]


def _summary(start: int, shown: int, total: int, first: datetime | None) -> str:
    if shown < total:
        last = start + shown
        span = f"events {start + 1}–{last}" if shown > 1 else f"event {last}"  # noqa: RUF001 - a span's dash
        counted = f"{span} of {total}"
    else:
        counted = f"{total} events" if total > 1 else "1 event"
    return f"{counted[0].upper()}{counted[1:]}" + (
        f" · +0:00.000 is {mrkdwn.date_token(first)}" if first is not None else " · no times"
    )


def _page_buttons(page: int, last: int) -> list[Button]:
    earlier = actions.page_button(actions.PAGE_BACK, "◀ Earlier", page - 1)
    later = actions.page_button(actions.PAGE, "Later ▶", page + 1)
    return [*([earlier] if page > 1 else []), *([later] if page < last else [])]


def _line(event: LogEvent, first: datetime | None) -> str:
    when = "no time"
    if event.event_at is not None and first is not None:
        length = durations.milliseconds(event.event_at) - durations.milliseconds(first)
        when = durations.offset(length)
    line = f"`{when}` {_level(event.level)}{_name(event.name)}"
    if not event.details:
        return line
    details = mrkdwn.code(pretty_json.compact(event.details), _DETAILS_LIMIT)
    return f"{line} {details}" if len(line) + len(details) <= _SAME_LINE else f"{line}\n{details}"


def _level(level: str | None) -> str:
    if level is None:
        return ""
    return _LEVELS.get(level.strip().lower(), f"{mrkdwn.plain_word(level, 20)}: ")


def _name(name: str | None) -> str:
    """Make a name readable: `calling_call_initiated` becomes `Call initiated`."""
    if name is None:
        return "Unnamed event"
    parts = mrkdwn.plain_word(_SEPARATOR.sub(" ", name), _NAME_LIMIT).split()
    said = " ".join(parts[1:] if len(parts) > 1 and parts[0].lower() == "calling" else parts)
    return f"{said[0].upper()}{said[1:]}"
