"""Masks numbers and names in logs, timelines and results. Pure; the services decide who sees what.

A number may be anywhere: in `from` or `to`, in an event's details, in the raw JSON, in an amount.
So what any field holds is masked, unless its name or its type is known to be safe to show.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar, cast
from uuid import UUID

from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import SignalWireError
from bot.signalwire.fields import Record
from bot.signalwire.models import ChargeDetail, LogEvent, VoiceLog
from bot.voicelogs.events import is_error, is_warning
from bot.voicelogs.masked_json import mask_json
from bot.voicelogs.masked_keys import TOO_LONG_MS
from bot.voicelogs.masked_text import LEAST, mask_address, mask_text
from bot.voicelogs.results import Details, Found, LookupResult, SearchResult

__all__ = [
    "Masking",
    "mask_address",
    "mask_details",
    "mask_json",
    "mask_log",
    "mask_result",
    "mask_search",
    "mask_text",
]

_LONGEST_READ: Final = 300
"""Characters, including invisible ones; no message shows half as many of a field."""
_CHARGE_LINES_READ: Final = 100
"""No message shows more of them."""
_SAFE: Final = "project"
"""The field of which a text is shown as it is: a name from the settings."""
_ADDRESSES: Final = frozenset({"from_", "to", "end_source"})
_JSON: Final = frozenset({"details", "document"})
_TOO_LONG: Final = {
    "duration": TOO_LONG_MS // 1000,
    "duration_ms": TOO_LONG_MS,
    "billing_ms": TOO_LONG_MS,
}
"""Durations that are far beyond any leg's. Shorter ones are shown in hours."""
_TOO_LARGE: Final = {"charge": 9_999}
"""US dollars. With two decimals, a larger amount would have as many digits as a phone number."""
_TOO_MANY_DIGITS: Final = 10 ** (LEAST - 1)
"""The first whole number that has as many digits as a phone number."""
_Whole = TypeVar("_Whole")


class Masking(Enum):
    """Where phone numbers are masked: the setting MASK_NUMBERS."""

    SHARED = "shared"
    ALWAYS = "always"
    NEVER = "never"

    def applies(self, *, public: bool) -> bool:
        """Whether numbers are masked, in public or ephemeral messages."""
        return self is Masking.ALWAYS or (self is Masking.SHARED and public)


def mask_log(log: VoiceLog) -> VoiceLog:
    """Mask a log, with the charge lines that a row of several logs doesn't show."""
    lines = log.charge_details
    masked = (_masked(line) for line in lines[:_CHARGE_LINES_READ])
    rest = [ChargeDetail()] * (len(lines) - _CHARGE_LINES_READ)
    return _masked(log).model_copy(update={"charge_details": (*masked, *rest)})


def mask_result(result: LookupResult) -> LookupResult:
    """Mask the result of a lookup, and drop its JSON, which isn't shown."""
    return _masked(replace(result, json=None) if isinstance(result, Found) else result)


def mask_search(result: SearchResult) -> SearchResult:
    """Mask the result of a search."""
    return _masked(result)


def mask_details(details: Details) -> Details:
    """Mask all data about a log, including its JSON; of `call`, only the ending is kept."""
    return _masked(replace(details, call=None))


def _masked(whole: _Whole) -> _Whole:
    return cast("_Whole", _field("", whole))


def _field(name: str, value: object) -> object:
    """Mask a value of any type; `name`: of the field that it is in."""
    match value:
        case str():
            return value if name == _SAFE else _text(name, value)
        case Decimal():
            return _number(name, value)
        case dict() if name in _JSON:
            return mask_json(value)
        case tuple() if name == "charge_details":
            return ()
        case list() | tuple():
            return tuple(_field(name, item) for item in value)
        case _:
            return _record(value)


def _record(value: object) -> object:
    """Mask all that a record, a dataclass or an error holds; times, ids and counts are unchanged.

    Raises TypeError for a value of any other type.
    """
    match value:
        case LogEvent() if _is_only_counted(value):
            return value
        case CompatibilityCall():  # all else that is shown of it is in the log that was made of it
            shown = {"sid": value.sid, "sip_result_code": value.sip_result_code}
            return CompatibilityCall.model_validate(_fields(shown))
        case Record():
            return value.model_copy(update=_fields(dict(value)))
        case _ if is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in fields(value)]
            masked = _fields({name: getattr(value, name) for name in names})
            log = {"log": mask_log(value.log)} if isinstance(value, Found) else {}
            return replace(value, **masked | log)
        case Mapping():
            return _fields(value)
        case None | int() | float() | datetime() | UUID() | SignalWireError():  # bool is an int
            return value
        case _:
            raise TypeError(f"{type(value).__name__} isn't known to be safe to show")


def _fields(values: Mapping[str, object]) -> dict[str, object]:
    return {name: _field(name, value) for name, value in values.items()}


def _is_only_counted(event: LogEvent) -> bool:
    """Whether an event has nothing to mask, as most of a long timeline of which a page is shown."""
    has_known_level = event.level is None or is_error(event) or is_warning(event)
    return event.name is None and not event.details and has_known_level


def _text(name: str, text: str) -> str:
    shortened = text if len(text) <= _LONGEST_READ else text[:_LONGEST_READ] + "…"
    return mask_address(shortened) if name in _ADDRESSES else mask_text(shortened)


def _number(name: str, number: Decimal) -> Decimal | None:
    """Round a number to at most six digits; None if it is far beyond any leg's.

    A zero before the decimal point doesn't count.
    """
    if name in _TOO_LONG:
        return number if number < _TOO_LONG[name] else None
    if abs(number) >= _TOO_LARGE.get(name, _TOO_MANY_DIGITS):
        return None
    whole = int(abs(number))
    decimals = LEAST - 1 - (len(str(whole)) if whole else 0)
    exponent = number.as_tuple().exponent
    fits = isinstance(exponent, int) and -exponent <= decimals
    return number if fits else round(number, decimals).normalize()
