"""The legs of a call: total charge, chart, list, and the time span that was searched."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.signalwire.errors import LogNotFoundError, LogTooOldError
from bot.signalwire.models import parse_uuid
from bot.ui import actions, block_kit, durations, facts, labels, mrkdwn
from bot.ui.block_elements import Button
from bot.ui.block_kit import Block
from bot.ui.details import call_summary, legs_chart, sections
from bot.ui.details.legs_chart import LabeledLeg
from bot.ui.errors import ErrorText, describe_list, describe_part
from bot.voicelogs.results import CallLegs, Details

_HUNG_UP: Final = "SignalWire's log doesn't say who hung up."
_PARENTS: Final = {
    "cycle": "The parent links form a loop, so it isn't known which leg was first.",
    "too_deep": "There are more parent legs than could be looked up.",
    "not_an_id": "The parent leg couldn't be looked up: its ID isn't a voice log ID.",
}


def legs(details: Details, now: datetime) -> list[Block]:
    """Build the section without its heading; live legs last until `now`."""
    call_legs = details.legs
    if call_legs is None:
        return [block_kit.section(sections.LOADING)]
    if not isinstance(call_legs, CallLegs):
        return sections.missing("The legs are", call_legs)
    shown = legs_chart.labeled(call_legs)
    left_out = call_legs.omitted + max(len(call_legs.legs) - len(shown), 0)
    notes = map(block_kit.context, _notes(call_legs, left_out))
    if len(shown) == 1 and shown[0].log.parent_id is None:
        return list(notes)  # the facts of the leg itself are shown above
    content: list[Block] = []
    if len(shown) > 1:
        is_complete = not left_out and call_legs.is_complete(now)
        total = call_summary.total(shown, left_out, now, is_complete=is_complete)
        content.append(_summary(details, total, shown, is_complete=is_complete))
        chart = legs_chart.render_chart(call_legs, now)
        content += [block_kit.preformatted(chart)] if chart else []
    return [*content, *_list(shown, now), *notes]


def _summary(
    details: Details, total: str, shown: Sequence[LabeledLeg], *, is_complete: bool
) -> Block:
    """Build the line with the total charge and the order in which the legs ended.

    It adds that the log doesn't say who hung up, unless the events do.
    """
    order = call_summary.order_of_ends(shown, is_complete=is_complete)
    is_known = details.ending is not None and details.ending.end_source is not None
    if order and not is_known:
        order += f" {_HUNG_UP}"
    return block_kit.section("\n".join(filter(None, [f"*{total}*", order])))


def _list(shown: Sequence[LabeledLeg], now: datetime) -> list[Block]:
    """Build a row for each leg, with a button for another leg's card."""
    letters = {each.log.id.lower(): each.letter for each in shown}
    starts = {each.letter: each.log.created_at for each in shown if each.log.created_at is not None}
    return [
        block_kit.section(_line(each, starts, letters, now), _card_button(each)) for each in shown
    ]


def _card_button(each: LabeledLeg) -> Button | None:
    log_id = parse_uuid(each.log.id)
    return None if each.is_current or log_id is None else actions.card(log_id)


def _line(
    each: LabeledLeg, starts: Mapping[str, datetime], letters: Mapping[str, str], now: datetime
) -> str:
    log = each.log
    charge = mrkdwn.money(log.charge) if log.charge is not None else None
    status = " ".join(labels.status(log, now))
    parent = None
    if log.parent_id is not None:
        parent = letters.get(log.parent_id.lower()) or mrkdwn.code(log.parent_id, 60)
    parts = [
        labels.route(log),
        status,
        facts.dated_duration(log, now),
        charge,
        _beginning(each.letter, starts),
        f"parent {parent}" if parent else None,
        "this leg" if each.is_current else None,
    ]
    return f"*{each.letter}* {' · '.join(filter(None, parts))}"


def _beginning(letter: str, starts: Mapping[str, datetime]) -> str:
    """Return how long after the first leg one started; empty for the first one itself."""
    if letter not in starts:
        return "start unknown"
    first = min(starts, key=starts.__getitem__)
    after = durations.milliseconds(starts[letter]) - durations.milliseconds(starts[first])
    if letter == first:
        return ""
    return (
        f"started {durations.stopwatch(after)} after {first}" if after else f"started with {first}"
    )


def _notes(call_legs: CallLegs, left_out: int) -> list[str]:
    notes = [_searched(call_legs)]
    if left_out:
        legs = "1 more leg was" if left_out == 1 else f"{left_out} more legs were"
        notes.append(f"{legs} found but not shown.")
    match call_legs.parent_error:
        case None:
            pass
        case str(word):
            notes.append(_PARENTS[word])
        case LogNotFoundError():
            notes.append("SignalWire has no log of the parent leg.")
        case error:
            notes.append(_failed("The parent leg couldn't be looked up", describe_part(error)))
    if call_legs.list_error is not None:
        what = "SignalWire's list couldn't be read"
        if call_legs.searched_span is not None:
            what += " completely"
        # The user didn't choose the time span, so advice to shorten it wouldn't help.
        is_old = isinstance(call_legs.list_error, LogTooOldError)
        describe = describe_part if is_old else describe_list
        notes.append(_failed(what, describe(call_legs.list_error)))
    return [note for note in notes if note]


def _searched(call_legs: CallLegs) -> str:
    if call_legs.searched_span is not None:
        span = call_legs.searched_span
        since, until = mrkdwn.date_token(span.since), mrkdwn.date_token(span.until)
        if len(call_legs.legs) + call_legs.omitted > 1:
            return f"Searched from {since} to {until}."
        return f"No other legs between {since} and {until}."
    if call_legs.list_error is not None:
        return ""
    because = " because this log has no start time" if call_legs.log.created_at is None else ""
    return f"SignalWire's list wasn't searched{because}."


def _failed(what: str, problem: ErrorText) -> str:
    return f"{what}: {problem.title}. {problem.hint}"
