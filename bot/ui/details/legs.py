"""The legs of a call: total charge, chart, list, and the time span that was searched."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.signalwire.errors import LogNotFoundError, LogTooOldError
from bot.signalwire.models import parse_uuid
from bot.ui import actions, block_kit, durations, facts, labels, mrkdwn
from bot.ui.block_kit import Block
from bot.ui.details import legs_chart, sections
from bot.ui.details.legs_chart import LabeledLeg
from bot.ui.errors import ErrorText, describe_list, describe_part
from bot.voicelogs import calls
from bot.voicelogs.calls import LegEnd
from bot.voicelogs.results import CallLegs, Details

_SECOND: Final = 1000
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
        total = _total(shown, left_out, now, is_complete=is_complete)
        order = _order_of_ends(shown, is_complete=is_complete)
        if order and (details.ending is None or details.ending.end_source is None):
            order += f" {_HUNG_UP}"
        content.append(block_kit.section("\n".join(filter(None, [f"*{total}*", order]))))
        chart = legs_chart.render_chart(call_legs, now)
        content += [block_kit.preformatted(chart)] if chart else []
    return [*content, *_list(shown, now), *notes]


# ── The summary: what the legs cost, and which ended first ────────────────────────────────────
# If `is_complete`, the call certainly has no other legs.


def _total(shown: Sequence[LabeledLeg], left_out: int, now: datetime, *, is_complete: bool) -> str:
    """Return the number of legs and their charge: `One call, 3 legs · $0.0232`."""
    charge = calls.total_charge([leg.log for leg in shown], now)
    count = len(shown) + left_out
    if charge.charged == count and not is_complete:
        return f"One call · {facts.amount(charge)} for the {count} legs found"
    legs = f"One call, {count} legs{'' if is_complete else ' found'}"
    if not charge.charged and charge.leaves_out_currencies:
        return f"{legs} · no charge in dollars"
    if not charge.charged:
        return f"{legs} · charge {facts.UNKNOWN}"
    if charge.charged == count:
        return f"{legs} · {facts.amount(charge)}"
    charged = "one" if charge.charged == 1 else str(charge.charged)
    are_shown = " shown" if left_out else ""
    have_charges = f" with {facts.a_charge(charge)}" if charge.charged < len(shown) else ""
    return f"{legs} · {facts.amount(charge)} for the {charged}{are_shown}{have_charges}"


def _order_of_ends(shown: Sequence[LabeledLeg], *, is_complete: bool) -> str:
    """Return which leg ended first, and by how much; empty if the logs don't say."""
    letters = {id(leg.log): f"*{leg.letter}*" for leg in shown}
    ends = calls.known_ends([leg.log for leg in shown])
    order = _order(ends, [letters[id(end.log)] for end in ends]) if len(ends) > 1 else ""
    if not order:
        return ""
    if len(ends) < len(shown):
        return f"Of the legs whose end is known, {order}."
    return f"{order}." if is_complete else f"Of these legs, {order}."


def _order(ends: Sequence[LegEnd], names: Sequence[str]) -> str:
    """Return the order of the ends, which are sorted, as far as it is certain."""
    parts = []
    if calls.is_certainly_first(ends[0], ends[1:]):
        parts.append(f"{names[0]} ended first, {_gap(ends[0], ends[1])} before {names[1]}")
    elif len(ends) == 2:  # noqa: PLR2004 - a pair
        parts.append(f"{names[0]} and {names[1]} ended {_near(*ends)}")
    if len(ends) > 2 and calls.is_certainly_last(ends[-1], ends[:-1]):  # noqa: PLR2004 - a pair
        ended = "" if parts else " ended"
        parts.append(f"{names[-1]}{ended} last, {_gap(ends[-2], ends[-1])} after {names[-2]}")
    return ", and ".join(parts)


def _gap(earlier: LegEnd, later: LegEnd) -> str:
    gap_ms = later.at_ms - earlier.at_ms
    if not (earlier.is_exact and later.is_exact):
        return f"about {durations.rounded(gap_ms)}"
    return durations.to_tenths(gap_ms)


def _near(earlier: LegEnd, later: LegEnd) -> str:
    """Return how close two ends are whose order isn't known."""
    farthest_ms = max(later.latest_ms - earlier.earliest_ms, earlier.latest_ms - later.earliest_ms)
    if not farthest_ms:
        return "at the same time"
    return f"within {-(-farthest_ms // _SECOND)} s of each other"


# ── The list ──────────────────────────────────────────────────────────────────────────────────


def _list(shown: Sequence[LabeledLeg], now: datetime) -> list[Block]:
    """Build a row for each leg, with a button for another leg's card."""
    letters = {each.log.id.lower(): each.letter for each in shown}
    starts = {each.letter: each.log.created_at for each in shown if each.log.created_at is not None}
    rows: list[Block] = []
    for each in shown:
        log_id = None if each.is_current else parse_uuid(each.log.id)
        card = actions.card(log_id) if log_id is not None else None
        rows.append(block_kit.section(_line(each, starts, letters, now), card))
    return rows


def _line(
    each: LabeledLeg, starts: Mapping[str, datetime], letters: Mapping[str, str], now: datetime
) -> str:
    log = each.log
    parent = None
    if log.parent_id is not None:
        parent = letters.get(log.parent_id.lower()) or mrkdwn.code(log.parent_id, 60)
    parts = [
        labels.route(log),
        " ".join(labels.status(log, now)),
        facts.dated_duration(log, now),
        mrkdwn.money(log.charge, log.currency) if log.charge is not None else None,
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
    if letter == first:
        return ""
    after = durations.milliseconds(starts[letter]) - durations.milliseconds(starts[first])
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
