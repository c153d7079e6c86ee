"""The legs of one call: as a picture, as a list that can be read aloud, and what was searched."""

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
    """The section with its heading; `details.family` may be missing, or what stood in its way."""
    return [block_kit.header("Legs of the call"), *_body(details)]


def _body(details: Details) -> list[Block]:
    family = details.legs
    if family is None:
        return [block_kit.section(sections.LOADING)]
    if not isinstance(family, CallLegs):
        return sections.missing("The legs are", family)
    shown = legs_chart.labelled(family)
    drawing = (
        legs_chart.render_chart(family) if len(shown) > 1 else ""
    )  # one bar alone says nothing
    return [
        *([block_kit.preformatted(drawing)] if drawing else []),
        *_list(shown),
        *(block_kit.context(note) for note in _notes(family, len(shown))),
    ]


def _list(shown: Sequence[LabelledLeg]) -> list[Block]:
    """A row a leg; the other legs' cards are a press away."""
    letters = {each.log.id.lower(): each.letter for each in shown}
    begun = [each for each in shown if each.log.created_at is not None]
    first = min(begun, key=_start, default=None)
    return [block_kit.section(_line(each, first, letters), _press(each)) for each in shown]


def _press(each: LabelledLeg) -> Button | None:
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


def _notes(family: CallLegs, shown: int) -> list[str]:
    notes = [_searched(family)]
    left_out = family.omitted + max(len(family.legs) - shown, 0)
    if left_out:
        legs = "1 more leg was" if left_out == 1 else f"{left_out} more legs were"
        notes.append(f"{legs} found but not shown.")
    match family.parent_error:
        case None:
            pass
        case str(word):
            notes.append(_PARENTS[word])
        case error:
            notes.append(_failed("The parent leg couldn't be looked up", describe_part(error)))
    if family.list_error is not None:
        what = "SignalWire's list couldn't be read"
        if family.searched_span is not None:
            what += " completely"
        notes.append(_failed(what, describe_list(family.list_error)))
    return [note for note in notes if note]


def _searched(family: CallLegs) -> str:
    if family.searched_span is not None:
        since, until = (
            mrkdwn.date_token(m) for m in (family.searched_span.since, family.searched_span.until)
        )
        if len(family.legs) + family.omitted > 1:
            return f"Searched {since} to {until}."
        return f"No other legs between {since} and {until}."
    if family.list_error is not None:
        return ""
    because = " because this log has no start time" if family.log.created_at is None else ""
    return f"SignalWire's list wasn't searched{because}."


def _failed(what: str, problem: ErrorText) -> str:
    return f"{what}: {problem.title}. {problem.hint}"
