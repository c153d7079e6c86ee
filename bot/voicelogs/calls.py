"""Facts about several legs: which are of one call, what they cost, and in what order they ended.

Parent ids are the only links between legs that SignalWire's logs have.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from typing import Final

from bot.signalwire.models import UNANSWERED_STATUSES, CallPhase, VoiceLog, parse_uuid

_DIGITS: Final = 100
"""The precision: more digits than any sum of charges has."""
_SECOND: Final = 1000


@dataclass(frozen=True)
class TotalCharge:
    """The sum of the charges of several legs."""

    dollars: Decimal
    charged: int
    """The number of legs with a charge in US dollars, zero included."""
    is_final: bool
    """Whether all legs are over, so that no charge can change any more."""
    leaves_out_currencies: bool = False
    """Whether a leg has a charge in another currency."""


@dataclass(frozen=True)
class RelatedLegs:
    """Legs of one call; `first_id` is the id of the leg that has no parent among them."""

    first_id: str
    legs: tuple[VoiceLog, ...]


@dataclass(frozen=True)
class LegEnd:
    """The end of a leg, in milliseconds since the first of the legs that are compared began."""

    log: VoiceLog
    at_ms: int
    """The end according to the log."""
    earliest_ms: int
    """The true end is between this and `latest_ms`: the log may have whole seconds only."""
    latest_ms: int

    @property
    def is_exact(self) -> bool:
        """Whether the log has milliseconds."""
        return self.earliest_ms == self.latest_ms


def comparable_id(log_id: str) -> str:
    """Normalize an id for comparison: a UUID may be in upper case."""
    return str(parse_uuid(log_id) or log_id)


def total_charge(legs: Sequence[VoiceLog], now: datetime) -> TotalCharge:
    """Add up the charges in US dollars, with every digit."""
    charges = [log.charge for log in legs if log.charge is not None and log.currency is None]
    with localcontext() as context:
        context.prec = _DIGITS
        total = sum(charges, Decimal(0))
    is_final = not any(log.is_ongoing(now) for log in legs)
    leaves_out = any(log.charge is not None and log.currency is not None for log in legs)
    return TotalCharge(total, len(charges), is_final, leaves_out)


def was_answered(log: VoiceLog) -> bool | None:
    """Whether a leg that is over was answered; None if its log doesn't say.

    Time is billed from the answer on, so legs that nobody answered have no billed time. One of them
    had a charge nevertheless, for text to speech (records captured from the API). A `completed`
    LaML leg may be free although it was answered.
    """
    if log.status in UNANSWERED_STATUSES:
        return False
    if log.billing_ms:
        return True
    is_over_for_free = log.phase is CallPhase.OVER and not log.charge and log.status != "completed"
    return False if log.is_unbilled and is_over_for_free else None


def related_legs(logs: Sequence[VoiceLog]) -> list[RelatedLegs]:
    """Group the logs that their parent ids make legs of one call; single logs are left out."""
    groups: list[tuple[set[str], list[VoiceLog]]] = []
    for log in logs:
        ids, legs = _linked_ids(log), [log]
        joined = [group for group in groups if group[0] & ids]
        for group in joined:
            ids |= group[0]
            legs = [*group[1], *legs]
        groups = [*(group for group in groups if group not in joined), (ids, legs)]
    return [RelatedLegs(_first_id(legs), tuple(legs)) for _, legs in groups if len(legs) > 1]


def _linked_ids(log: VoiceLog) -> set[str]:
    return {comparable_id(log_id) for log_id in (log.id, log.parent_id) if log_id}


def _first_id(legs: Sequence[VoiceLog]) -> str:
    """Return the id that has no parent; in a loop of parents, that of the first leg."""
    children = {comparable_id(log.id) for log in legs if log.parent_id}
    parents = [comparable_id(log.parent_id) for log in legs if log.parent_id]
    return next((each for each in parents if each not in children), legs[0].id)


def known_ends(legs: Sequence[VoiceLog]) -> list[LegEnd]:
    """Return the ends of the legs that are over and have a start and a duration, by time.

    A start in whole seconds counts as truncated: SignalWire truncates those of all legs alike. A
    duration in whole seconds may be off by one either way, since nothing says how it is rounded.
    """
    begun = [log.created_at for log in legs if log.created_at is not None]
    ends = []
    for log in legs:
        length_ms = log.duration_or_rounded_ms
        if log.phase is not CallPhase.OVER or log.created_at is None or length_ms is None:
            continue
        started_ms = (log.created_at - min(begun)) // timedelta(milliseconds=1)
        at_ms, second = started_ms + length_ms, 0 if log.duration_ms is not None else _SECOND
        cut = 0 if log.is_created_at_exact else _SECOND - 1
        ends.append(LegEnd(log, at_ms, at_ms - second, at_ms + cut + second))
    return sorted(ends, key=lambda end: end.at_ms)


def is_certainly_first(end: LegEnd, others: Sequence[LegEnd]) -> bool:
    """Whether the leg ended before all others."""
    return all(end.latest_ms < other.earliest_ms for other in others)


def is_certainly_last(end: LegEnd, others: Sequence[LegEnd]) -> bool:
    """Whether the leg ended after all others."""
    return all(end.earliest_ms > other.latest_ms for other in others)
