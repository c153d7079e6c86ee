"""Masks numbers and names in logs, timelines and results. Pure; callers decide who sees what.

A number may be anywhere: in `from` or `to`, in an event's details, in the raw JSON, in an amount.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from enum import Enum
from typing import Final

from bot.signalwire.audio_quality import AudioQuality
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import ApiError, BadRequestError, LogTooOldError, SignalWireError
from bot.signalwire.models import ChargeDetail, LogEvent, RawJson, Timeline, VoiceLog
from bot.voicelogs.events import is_error, is_warning
from bot.voicelogs.masked_json import mask_json
from bot.voicelogs.masked_keys import TOO_LONG_MS
from bot.voicelogs.masked_text import LEAST, mask_address, mask_text
from bot.voicelogs.results import (
    CallLegs,
    Details,
    Ending,
    Found,
    LookupResult,
    Match,
    NotFound,
    PartError,
    SearchResult,
)

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
_TOO_MANY_DOLLARS: Final = 9_999
"""With two decimals, a larger amount would have as many digits as a phone number."""
_TOO_LARGE: Final = 10 ** (LEAST - 1)
"""The first number of a measurement that has as many digits as a phone number."""


class Masking(Enum):
    """Where phone numbers are masked: the setting MASK_NUMBERS."""

    SHARED = "shared"
    ALWAYS = "always"
    NEVER = "never"

    def applies(self, *, public: bool) -> bool:
        """Whether numbers are masked, in public or ephemeral messages."""
        return self is Masking.ALWAYS or (self is Masking.SHARED and public)


def mask_log(log: VoiceLog) -> VoiceLog:
    """Mask a log."""
    lines = log.charge_details
    return log.model_copy(
        update={
            **_durations(log),
            "quality": _quality(log.quality),
            "id": _field(log.id),
            "from_": _field(log.from_, mask_address),
            "to": _field(log.to, mask_address),
            "parent_id": _field(log.parent_id),
            "status": _field(log.status),
            "type": _field(log.type),
            "source": _field(log.source),
            "direction": _field(log.direction),
            "charge": _amount(log.charge),
            "charge_details": (
                *map(_charge_line, lines[:_CHARGE_LINES_READ]),
                *[ChargeDetail()] * (len(lines) - _CHARGE_LINES_READ),
            ),
        }
    )


def mask_result(result: LookupResult) -> LookupResult:
    """Mask the result of a lookup, and drop its JSON, which isn't shown."""
    match result:
        case Found():
            return replace(result, log=mask_log(result.log), json=None, call=_call(result.call))
        case NotFound():
            return replace(result, errors=_errors(result.errors))
        case _:
            return result


def mask_search(result: SearchResult) -> SearchResult:
    """Mask the result of a search."""
    matches = tuple(Match(match.project, _row(match.log)) for match in result.matches)
    return replace(result, matches=matches, errors=_errors(result.errors))


def mask_details(details: Details) -> Details:
    """Mask all data about a log, including its JSON; of `call`, only the ending is kept."""
    found = details.found
    return replace(
        details,
        found=replace(
            found, log=mask_log(found.log), json=_raw_json(found.json), call=_call(found.call)
        ),
        timeline=_timeline(details.timeline),
        legs=_legs(details.legs),
        call=None,
        ending=_ending(details.ending),
    )


def _field(text: str | None, mask: Callable[[str], str] = mask_text) -> str | None:
    """Mask a field of a log, and truncate it."""
    if text is None:
        return None
    return mask(text if len(text) <= _LONGEST_READ else text[:_LONGEST_READ] + "…")


def _charge_line(line: ChargeDetail) -> ChargeDetail:
    return line.model_copy(
        update={"description": _field(line.description), "charge": _amount(line.charge)}
    )


def _amount(dollars: Decimal | None, too_many: int = _TOO_MANY_DOLLARS) -> Decimal | None:
    """Round an amount to at most six digits; None if it is far beyond any leg's charge.

    A zero before the decimal point doesn't count.
    """
    if dollars is None or abs(dollars) >= too_many:
        return None
    whole = int(abs(dollars))
    decimals = LEAST - 1 - (len(str(whole)) if whole else 0)
    exponent = dollars.as_tuple().exponent
    fits = isinstance(exponent, int) and -exponent <= decimals
    return dollars if fits else round(dollars, decimals).normalize()


def _durations(log: VoiceLog) -> dict[str, Decimal | None]:
    """Return the durations of a log, with None for those far beyond any leg's."""
    return {
        "duration": _below(TOO_LONG_MS // 1000, log.duration),
        "duration_ms": _below(TOO_LONG_MS, log.duration_ms),
        "billing_ms": _below(TOO_LONG_MS, log.billing_ms),
    }


def _quality(quality: AudioQuality) -> AudioQuality:
    measured = quality.model_dump(exclude_none=True)
    return quality.model_copy(
        update={name: _amount(value, _TOO_LARGE) for name, value in measured.items()}
    )


def _below(limit: int, duration: Decimal | None) -> Decimal | None:
    return None if duration is None or duration >= limit else duration


def _errors(errors: Mapping[str, SignalWireError]) -> dict[str, SignalWireError]:
    return {name: _error(error) for name, error in errors.items()}


def _error(error: SignalWireError) -> SignalWireError:
    """Mask an error, since the API may quote a number in it."""
    match error:
        case BadRequestError():
            errors = [
                ApiError(mask_text(api_error.code), mask_text(api_error.message))
                for api_error in error.errors
            ]
            return BadRequestError(error.status, errors)
        case LogTooOldError(limit_date=str(date)):
            return LogTooOldError(mask_text(date))
        case _:
            return error


def _timeline(part: Timeline | PartError | None) -> Timeline | PartError | None:
    match part:
        case Timeline(events=events, json=raw):
            return Timeline(tuple(map(_event, events)), _raw_json(raw))
        case SignalWireError():
            return _error(part)
        case _:
            return part


def _event(event: LogEvent) -> LogEvent:
    has_known_level = event.level is None or is_error(event) or is_warning(event)
    if event.name is None and not event.details and has_known_level:
        return event  # as most of a long timeline are, reduced to the page that is shown
    return event.model_copy(
        update={
            "name": _field(event.name),
            "level": _field(event.level),
            "details": mask_json(event.details),
        }
    )


def _raw_json(raw: RawJson | None) -> RawJson | None:
    return None if raw is None else replace(raw, document=mask_json(raw.document))


def _call(call: CompatibilityCall | None) -> CompatibilityCall | None:
    """Mask what is shown of a call besides the log that was made of it, and drop the rest."""
    if call is None:
        return None
    return CompatibilityCall(sid=mask_text(call.sid), sip_result_code=_field(call.sip_result_code))


def _ending(ending: Ending | None) -> Ending | None:
    if ending is None:
        return None
    return replace(
        ending,
        sip_code=_field(ending.sip_code),
        hangup_cause=_field(ending.hangup_cause),
        end_reason=_field(ending.end_reason),
        end_source=_field(ending.end_source, mask_address),
        answered_by=_field(ending.answered_by),
        quality=_quality(ending.quality),
        error=_error(ending.error) if isinstance(ending.error, SignalWireError) else ending.error,
    )


def _legs(part: CallLegs | PartError | None) -> CallLegs | PartError | None:
    match part:
        case CallLegs():
            parent, listing = part.parent_error, part.list_error
            return replace(
                part,
                log=_row(part.log),
                legs=tuple(map(_row, part.legs)),
                parent_error=_error(parent) if isinstance(parent, SignalWireError) else parent,
                list_error=None if listing is None else _error(listing),
            )
        case SignalWireError():
            return _error(part)
        case _:
            return part


def _row(log: VoiceLog) -> VoiceLog:
    """Mask a log without its charge details, which a row doesn't show."""
    return mask_log(log.model_copy(update={"charge_details": ()}))
