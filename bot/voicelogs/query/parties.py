"""The numbers and addresses of a search, and the side of a call that each is on."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query.model import InvalidReason, Query, QueryError
from bot.voicelogs.query.words import Connective

_MOST: Final = 2
_COMPLETE: Final = 7
"""Digits of a number without its area code."""
_LONGEST_ADDRESS: Final = 255
"""UTF-8 bytes."""

_Party = tuple[Connective | None, Number]
"""A side, `from` or `to`, or None for either; and who is on it."""


@dataclass
class Parties:
    """Who calls are between."""

    is_alternative: bool = False
    """Whether `or` was before the side that the next number is on."""
    _found: list[_Party] = field(default_factory=list)
    _alternatives: list[tuple[QueryError, _Party]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def last_side(self) -> Connective | None:
        """The side of the latest number; None for either side."""
        return self._found[-1][0] if self._found else None

    def add(self, number: Number, text: str, connective: Connective | None) -> QueryError | None:
        """Add a number, as the connective before it says; return what is wrong with it."""
        wrong = _wrong_size(number)
        if wrong is not None:
            return QueryError("number", wrong, text)
        side = connective if connective in {"from", "to"} else None
        is_new = all(number != other for other_side, other in self._found if other_side)
        if self and (connective == "or" or (side and self.is_alternative and is_new)):
            words = f"or {side} {text}" if side else f"or {text}"
            error = QueryError("number", "unsupported", words)
            self._alternatives.append((error, (side or self.last_side, number)))
            return error
        if side is None and self._is_repeated(number):
            return None
        is_taken = any(side == other for other, _ in self._found)
        if is_taken if side else len(self) >= _MOST:
            return QueryError("number", "several", text)
        self._found.append((side, number))
        return None

    def _is_repeated(self, number: Number) -> bool:
        """Whether a number is there in another notation; the one with more digits is kept."""
        for at, (side, other) in enumerate(self._found):
            shorter, longer = sorted((other, number), key=lambda each: len(each.digits))
            is_same = len(shorter.digits) >= _COMPLETE and longer.digits.endswith(shorter.digits)
            if side is None and is_same:
                self._found[at] = None, longer
                return True
        return False

    def complete(self, query: Query) -> Query:
        """Add the numbers to a query, and to the errors about alternatives what they leave open."""
        whole = _with_parties(query, self._found)
        for error, party in self._alternatives:
            error.readings = (whole, _with_parties(query, [*self._found[:-1], party]))
        return whole


def _wrong_size(number: Number) -> InvalidReason | None:
    sought = number.fragment or number.digits
    longest = _LONGEST_ADDRESS if number.fragment else phone_numbers.MAX_DIGITS
    if len(sought) < phone_numbers.MIN_LENGTH:
        return "too_short"
    return "too_long" if len(sought.encode()) > longest else None


def _with_parties(query: Query, parties: Sequence[_Party]) -> Query:
    """Add the numbers, each on its side.

    Of two, one without a side is on the side that the other leaves: `555-0100 to 555-0103`. One
    number on both sides is on either: `from 555-0103 or to 555-0103`.
    """
    either = tuple(number for side, number in parties if side is None)
    sides = {side: number for side, number in parties if side}
    from_, to = sides.get("from"), sides.get("to")
    match either, from_, to:
        case (), Number(), Number() if from_ == to:
            either, from_, to = (from_,), None, None
        case (number,), None, Number():
            either, from_ = (), number
        case (number,), Number(), None:
            either, to = (), number
    return replace(query, numbers=either, from_=from_, to=to)
