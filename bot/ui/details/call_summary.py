"""Summarizes the legs of a call: their total charge, and the order in which they ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.ui import durations, facts
from bot.ui.details.legs_chart import LabeledLeg
from bot.voicelogs import calls
from bot.voicelogs.calls import LegEnd, TotalCharge

_SECOND: Final = 1000


def total(shown: Sequence[LabeledLeg], left_out: int, now: datetime, *, is_complete: bool) -> str:
    """Return the number of legs and their charge: `One call, 3 legs · $0.0232`.

    `left_out` legs more were found. If `is_complete`, the call certainly has no other legs.
    """
    charge = calls.total_charge([leg.log for leg in shown], now)
    count = len(shown) + left_out
    if charge.charged == count and not is_complete:
        return f"One call · {facts.amount(charge)} for the {count} legs found"
    legs = f"One call, {count} legs{'' if is_complete else ' found'}"
    if not charge.charged:
        return f"{legs} · charge {facts.UNKNOWN}"
    return f"{legs} · {facts.amount(charge)}{_of_which(charge, len(shown), left_out)}"


def _of_which(charge: TotalCharge, shown: int, left_out: int) -> str:
    """Return which legs a charge is for, unless it is for all."""
    if charge.charged == shown + left_out:
        return ""
    count = "one" if charge.charged == 1 else str(charge.charged)
    are_shown = " shown" if left_out else ""
    have_charges = " with a charge" if charge.charged < shown else ""
    return f" for the {count}{are_shown}{have_charges}"


def order_of_ends(shown: Sequence[LabeledLeg], *, is_complete: bool) -> str:
    """Return which leg ended first, and by how much; empty if the logs don't tell.

    If `is_complete`, the call certainly has no other legs.
    """
    letters = {id(leg.log): f"*{leg.letter}*" for leg in shown}
    ends = calls.known_ends([leg.log for leg in shown])
    named = [(letters[id(end.log)], end) for end in ends]
    order = _order(named)
    if not order:
        return ""
    if len(ends) < len(shown):
        order = f"Of the legs whose end is known, {order}"
    elif not is_complete:
        order = f"Of these legs, {order}"
    return f"{order}."


def _order(named: Sequence[tuple[str, LegEnd]]) -> str:
    """Return the order of the ends, which are sorted, as far as it is certain."""
    if len(named) <= 1:
        return ""
    ends = [end for _, end in named]
    (first, first_end), (second, second_end), *more = named
    *_, (other, other_end), (last, last_end) = named
    told = []
    if calls.is_certainly_first(first_end, ends[1:]):
        told.append(f"{first} ended first, {_gap(first_end, second_end)} before {second}")
    elif not more:
        told.append(f"{first} and {second} ended {_near(first_end, second_end)}")
    if more and calls.is_certainly_last(last_end, ends[:-1]):
        ended = "" if told else " ended"
        told.append(f"{last}{ended} last, {_gap(other_end, last_end)} after {other}")
    return ", and ".join(told)


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
