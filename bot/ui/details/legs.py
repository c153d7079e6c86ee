"""The legs of a call: as a chart, as a list for screen readers too, and what was searched."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.signalwire.models import parse_uuid
from bot.ui import actions, block_kit, durations, labels, mrkdwn
from bot.ui.block_kit import Block, Button
from bot.ui.details import legs_chart, sections
from bot.ui.details.legs_chart import LabelledLeg
from bot.ui.errors import ErrorText, describe_list, describe_part
from bot.voicelogs.results import CallLegs, Details

_PARENTS: Final = {
    "circle": "The parent links form a loop, so no first leg can be determined.",
    "too_deep": "There are more parent legs than could be looked up.",
    "not_an_id": "The parent's id isn't a voice log id, so it couldn't be looked up.",
}


def legs(details: Details) -> list[Block]:
    """Build the section with its heading."""
    return [block_kit.header("Legs of the call"), *_body(details)]


def _body(details: Details) -> list[Block]:
    call_legs = details.legs
    if call_legs is None:
        return [block_kit.section(sections.LOADING)]
    if not isinstance(call_legs, CallLegs):
        return sections.missing("The legs are", call_legs)
    shown = legs_chart.labelled(call_legs)
    # A single bar would say nothing.
    chart = legs_chart.render_chart(call_legs) if len(shown) > 1 else ""
    return [
        *([block_kit.preformatted(chart)] if chart else []),
        *_list(shown),
        *(block_kit.context(note) for note in _notes(call_legs, len(shown))),
    ]


def _list(shown: Sequence[LabelledLeg]) -> list[Block]:
    """Build a row for each leg, with a button for another leg's card."""
    letters = {each.log.id.lower(): each.letter for each in shown}
    begun = [each for each in shown if each.log.created_at is not None]
    first = min(begun, key=_start, default=None)
    return [block_kit.section(_line(each, first, letters), _card_button(each)) for each in shown]


def _card_button(each: LabelledLeg) -> Button | None:
    log_id = parse_uuid(each.log.id)
    return None if each.is_current or log_id is None else actions.card(log_id)


def _start(each: LabelledLeg) -> int:
    when = each.log.created_at
    return durations.milliseconds(when) if when is not None else 0


def _line(each: LabelledLeg, first: LabelledLeg | None, letters: Mapping[str, str]) -> str:
    emoji, _ = labels.status(each.log)
    route = labels.route(each.log)
    parts = [*([route] if route else []), f"{emoji} {labels.headline(each.log)}"]
    parts += _beginning(each, first)
    if each.log.parent_id is not None:
        letter = letters.get(each.log.parent_id.lower())
        parts.append(f"parent {letter or mrkdwn.code(each.log.parent_id, 60)}")
    parts += ["this leg"] if each.is_current else []
    return f"*{each.letter}* {' · '.join(parts)}"


def _beginning(each: LabelledLeg, first: LabelledLeg | None) -> list[str]:
    if each.log.created_at is None:
        return ["start unknown"]
    if first is None or first is each:
        return []
    after = _start(each) - _start(first)
    if not after:
        return [f"started with {first.letter}"]
    return [f"started {durations.stopwatch(after)} after {first.letter}"]


def _notes(call_legs: CallLegs, shown: int) -> list[str]:
    notes = [_searched(call_legs)]
    left_out = call_legs.omitted + max(len(call_legs.legs) - shown, 0)
    if left_out:
        legs = "1 more leg was" if left_out == 1 else f"{left_out} more legs were"
        notes.append(f"{legs} found but not shown.")
    match call_legs.parent_error:
        case None:
            pass
        case str(word):
            notes.append(_PARENTS[word])
        case error:
            notes.append(_failed("The parent leg couldn't be looked up", describe_part(error)))
    if call_legs.list_error is not None:
        what = "SignalWire's list couldn't be read"
        if call_legs.searched_span is not None:
            what += " completely"
        notes.append(_failed(what, describe_list(call_legs.list_error)))
    return [note for note in notes if note]


def _searched(call_legs: CallLegs) -> str:
    if call_legs.searched_span is not None:
        since, until = (
            mrkdwn.date_token(m)
            for m in (call_legs.searched_span.since, call_legs.searched_span.until)
        )
        if len(call_legs.legs) + call_legs.omitted > 1:
            return f"Searched {since} to {until}."
        return f"No other legs between {since} and {until}."
    if call_legs.list_error is not None:
        return ""
    because = " because this log has no start time" if call_legs.log.created_at is None else ""
    return f"SignalWire's list wasn't searched{because}."


def _failed(what: str, problem: ErrorText) -> str:
    return f"{what}: {problem.title}. {problem.hint}"
