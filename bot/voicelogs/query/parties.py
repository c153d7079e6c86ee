"""The numbers and addresses of a search, and the side of a call that each is on."""

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


@dataclass
class Parties:
    """Who calls are between."""

    last_side: Connective | None = None
    """The side of the latest number; None for either side."""
    is_alternative: bool = False
    """Whether `or` was before the side that the next number is on."""
    _either_side: list[Number] = field(default_factory=list)
    _sides: dict[Connective, Number] = field(default_factory=dict)
    _alternatives: list[tuple[QueryError, Number, Connective | None]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._either_side) + len(self._sides)

    def add(self, number: Number, text: str, connective: Connective | None) -> QueryError | None:
        """Add a number, as the connective before it says; return what is wrong with it."""
        wrong = _wrong_size(number)
        side = connective if connective in {"from", "to"} else None
        is_alternative = self.is_alternative and number not in self._sides.values()
        if wrong is None and (connective == "or" or (side and is_alternative)) and self:
            words = f"or {side} {text}" if side else f"or {text}"
            error = QueryError("number", "unsupported", words)
            self._alternatives.append((error, number, side or self.last_side))
            return error
        if wrong is None and side is None and self._is_repeated(number):
            return None
        if wrong is None and (side in self._sides if side else len(self) >= _MOST):
            wrong = "several"
        if wrong is not None:
            return QueryError("number", wrong, text)
        if side:
            self._sides[side] = number
        else:
            self._either_side.append(number)
        self.last_side = side
        return None

    def _is_repeated(self, number: Number) -> bool:
        """Whether a number is there in another notation; the one with more digits is kept."""
        for at, other in enumerate(self._either_side):
            shorter, longer = sorted((other, number), key=lambda each: len(each.digits))
            if len(shorter.digits) >= _COMPLETE and longer.digits.endswith(shorter.digits):
                self._either_side[at] = longer
                return True
        return False

    def complete(self, query: Query) -> Query:
        """Add the numbers to a query, and to the errors about alternatives what they leave open."""
        query = replace(
            query,
            numbers=tuple(self._either_side),
            from_=self._sides.get("from"),
            to=self._sides.get("to"),
        )
        for error, number, side in self._alternatives:
            readings = (query, self._with_alternative(query, number, side))
            error.readings = tuple(map(_with_opposite, readings))
        return _with_opposite(query)

    def _with_alternative(self, query: Query, number: Number, side: Connective | None) -> Query:
        """Put a number, on its side, in place of the one before `or`."""
        match self.last_side:
            case "from":
                query = replace(query, from_=None)
            case "to":
                query = replace(query, to=None)
            case _:
                query = replace(query, numbers=query.numbers[:-1])
        match side:
            case "from":
                return replace(query, from_=number)
            case "to":
                return replace(query, to=number)
            case _:
                return replace(query, numbers=(*query.numbers, number))


def _wrong_size(number: Number) -> InvalidReason | None:
    sought = number.fragment or number.digits
    longest = _LONGEST_ADDRESS if number.fragment else phone_numbers.MAX_DIGITS
    if len(sought) < phone_numbers.MIN_LENGTH:
        return "too_short"
    return "too_long" if len(sought.encode()) > longest else None


def _with_opposite(query: Query) -> Query:
    """Give a number without a side the other one's opposite: `555-0100 to 555-0103`.

    One number on both sides is on either: `from 555-0103 or to 555-0103`.
    """
    match query:
        case Query(numbers=(), from_=Number() as number, to=other) if number == other:
            return replace(query, numbers=(number,), from_=None, to=None)
        case Query(numbers=(number,), from_=None, to=Number()):
            return replace(query, numbers=(), from_=number)
        case Query(numbers=(number,), from_=Number(), to=None):
            return replace(query, numbers=(), to=number)
        case _:
            return query
