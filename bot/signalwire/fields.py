"""Field types that parse leniently: an invalid value becomes None, a number may be a string."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

# Far beyond any charge or duration, and short enough to print in full.
_LARGEST: Final = Decimal(10) ** 15
_FINEST_EXPONENT: Final = -30
_EARLIEST_YEAR: Final = 2000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_MS: Final = re.compile("[0-9]{13}")
"""From 2001 to 2286; fewer digits may be a phone number."""
_BEFORE_ZONE: Final = re.compile(" (?=[+-][0-9]{2}:?[0-9]{2}$|Z$)")
"""Ruby's Time has a blank there: `2024-05-06 12:20:00 +0000`."""
# parsedate_to_datetime ignores what it can't read: `PM`, or `CEST`, which it takes for UTC.
_RFC_2822: Final = re.compile(
    r"(?:[A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
    r"(?: (?:[+-][0-9]{4}|GMT|UTC?|Z|[ECMP][SD]T))?"
)


def _none_if_invalid(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except (ValidationError, ValueError, ArithmeticError):
        return None


def _printable(number: Decimal) -> Decimal:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < _FINEST_EXPONENT or abs(number) > _LARGEST:
        raise ValueError("not a number that can be printed in full")
    return number


def from_epoch_ms(text: str) -> datetime | None:
    """Read milliseconds since 1970, which RELAY's callbacks have; None if it is anything else."""
    return _EPOCH + timedelta(milliseconds=int(text)) if _EPOCH_MS.fullmatch(text) else None


def _moment(sent: object) -> object:
    """Reject small numbers and dates without a time, which pydantic would accept; read RFC 2822.

    SignalWire's docs have `Sept`, which isn't a month in RFC 2822.
    """
    if not isinstance(sent, str | int | Decimal):
        return sent if isinstance(sent, datetime) else None
    text = str(sent).strip()
    if since_1970 := from_epoch_ms(text):
        return since_1970
    if text[4:5] == "-" and ":" in text:
        return _BEFORE_ZONE.sub("", text.removesuffix(" UTC"))
    date = text.replace(" Sept ", " Sep ")
    return parsedate_to_datetime(date) if _RFC_2822.fullmatch(date) else None


def _in_utc(moment: datetime) -> datetime:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    if aware.year < _EARLIEST_YEAR:
        raise ValueError("too early: probably a small number, read as seconds since 1970")
    return aware


def _none_if_blank(text: str | None) -> str | None:
    return text if text and text.strip() else None


_Lenient = WrapValidator(_none_if_invalid)
OptionalText = Annotated[str | None, AfterValidator(_none_if_blank), _Lenient]
Money = Annotated[Annotated[Decimal, AfterValidator(_printable)] | None, _Lenient]
NonNegative = Annotated[
    Annotated[Decimal, AfterValidator(_printable), Field(ge=0)] | None, _Lenient
]
Timestamp = Annotated[
    Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_utc)] | None, _Lenient
]


class Record(BaseModel):
    """A record of SignalWire's, parsed leniently."""

    model_config = ConfigDict(
        defer_build=True,
        frozen=True,
        extra="ignore",
        coerce_numbers_to_str=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )
