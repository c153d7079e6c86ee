"""The events of a log, in pages, each with its offset from the first; or the errors among them.

SignalWire publishes no list of event names (SignalWire docs, "List voice log events").
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.signalwire.models import LogEvent, Timeline
from bot.ui import actions, block_kit, durations, mrkdwn, signs
from bot.ui.block_elements import Button, button, page_buttons
from bot.ui.block_kit import Block
from bot.ui.details import pretty_json, sections
from bot.voicelogs.events import is_error, is_warning
from bot.voicelogs.results import Details

PAGE_EVENTS: Final = 40
_FEW: Final = 10
"""Events. Among this few, errors are easy to see without a button."""

_NAME_LIMIT: Final = 60
_DETAILS_LIMIT: Final = 150
_SAME_LINE: Final = 60
"""Characters that fit on one line of a modal, roughly."""
_SEPARATOR: Final = re.compile(r"[_.:/-]")
_ABBREVIATIONS: Final = frozenset(
    {"ai", "amd", "asr", "dtmf", "ice", "ivr", "pstn", "rtp", "sip", "swml", "tts", "url"}
)
_LEVELS: Final = {
    "info": "",
    "debug": "debug: ",
    "warn": f"{signs.WARNING} *warning:* ",
    "warning": f"{signs.WARNING} *warning:* ",
    "error": f"{signs.FAILED} *error:* ",
}

_BLANK: Final = {level: LogEvent.model_construct(level=level) for level in (None, "error", "warn")}


def reduce_to_page(
    events: Sequence[LogEvent], page: int, *, errors_only: bool = False
) -> Sequence[LogEvent]:
    """Return all events; of those on other pages, only what this page says about them is left."""
    shown = frozenset(_nearest(events, page, errors_only=errors_only).shown)
    reduced = [event if index in shown else _blank(event) for index, event in enumerate(events)]
    first = next((index for index, event in enumerate(events) if event.event_at is not None), None)
    if first is not None and first not in shown:
        reduced[first] = reduced[first].model_copy(update={"event_at": events[first].event_at})
    return reduced


def timeline(
    details: Details, page: int, now: datetime, *, errors_only: bool = False
) -> list[Block]:
    """Build a page of the timeline, or the nearest, with its heading and buttons for the others.

    The events may have been reduced to this page by `reduce_to_page`.
    """
    return [block_kit.header("Timeline"), *_body(details, page, now, errors_only=errors_only)]


def _blank(event: LogEvent) -> LogEvent:
    """Return an event that is still counted as an error, a warning or neither."""
    return _BLANK["error" if is_error(event) else "warn" if is_warning(event) else None]


@dataclass(frozen=True)
class _Page:
    """A page: the indexes of its events, its number, and the number of the last page."""

    shown: Sequence[int]
    number: int
    last: int


def _nearest(events: Sequence[LogEvent], number: int, *, errors_only: bool) -> _Page:
    selected: Sequence[int] = range(len(events))
    if errors_only:
        selected = [n for n in selected if is_error(events[n]) or is_warning(events[n])]
    last = -(-len(selected) // PAGE_EVENTS) or 1
    number = min(max(number, 1), last)
    return _Page(selected[(number - 1) * PAGE_EVENTS : number * PAGE_EVENTS], number, last)


def _body(details: Details, number: int, now: datetime, *, errors_only: bool) -> list[Block]:
    if details.timeline is None:
        return [block_kit.section(sections.LOADING)]
    if not isinstance(details.timeline, Timeline):
        return sections.missing("The timeline is", details.timeline)
    events = details.timeline.events
    if not events:
        is_ongoing = details.found.log.is_ongoing(now)
        return [block_kit.section("No events yet." if is_ongoing else "No events reported.")]
    page = _nearest(events, number, errors_only=errors_only)
    if not page.shown:
        counted = mrkdwn.count(len(events), "event")
        return [block_kit.section(f"No errors or warnings among {counted}.")]
    first = next((event.event_at for event in events if event.event_at is not None), None)
    origin = f"+0:00.000 is {mrkdwn.date_token(first)}" if first is not None else "no times"
    counts = {"error": sum(map(is_error, events)), "warning": sum(map(is_warning, events))}
    counts = {word: count for word, count in counts.items() if count}
    errors = [mrkdwn.count(count, word) for word, count in counts.items()]
    if errors_only:
        summary, buttons = _errors_summary(page, len(events), errors), []
        back, forward = actions.ERRORS_BACK, actions.ERRORS
    else:
        summary, buttons = _summary(page, len(events), errors), _errors_button(counts, len(events))
        back, forward = actions.PAGE_BACK, actions.PAGE
    pages = page_buttons(page.number, page.last, (back, "◀ Earlier"), (forward, "Later ▶"))
    return [
        block_kit.context(f"{summary} · {origin}"),
        *block_kit.actions(buttons),
        *block_kit.sections([_line(events[index], first) for index in page.shown]),
        *block_kit.actions(pages),
    ]


def _summary(page: _Page, total: int, errors: Sequence[str]) -> str:
    """Count the events, as `Events 1–40 of 120 · 9 errors · 18 warnings`."""  # noqa: RUF002 - a span's dash
    counted = mrkdwn.count(total, "event")
    if len(page.shown) < total:
        start, end = page.shown[0] + 1, page.shown[-1] + 1
        counted = f"Events {start}–{end} of {total}" if start < end else f"Event {end} of {total}"  # noqa: RUF001 - en dash
    return " · ".join([counted, *errors])


def _errors_summary(page: _Page, total: int, errors: Sequence[str]) -> str:
    """Count the errors, as `Page 1 of 2: 24 errors and 48 warnings among 120 events`."""
    which = f"Page {page.number} of {page.last}: " if page.last > 1 else ""
    return f"{which}{' and '.join(errors)} among {mrkdwn.count(total, 'event')}"


def _errors_button(counts: Mapping[str, int], total: int) -> list[Button]:
    """Build the button **Errors only**, if only some of many events are errors or warnings."""
    if not 0 < sum(counts.values()) < total > _FEW:
        return []
    label = f"{' and '.join(f'{word}s' for word in counts)} only".capitalize()
    return [button(actions.ERRORS, label, "1")]


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
    parts = parts[1:] if len(parts) > 1 and parts[0].lower() == "calling" else parts
    said = " ".join(part.upper() if part in _ABBREVIATIONS else part for part in parts)
    return f"{said[0].upper()}{said[1:]}"
