"""Gathers how a leg ended from its events, and from the Compatibility API for LaML legs.

No documented field of a voice log says how the leg ended. The details of an event are "empty for
state changes and carry the engine payload otherwise" (swsh, SignalWire's command line), and
SignalWire publishes neither their shape nor their spelling. So the words are looked for at any
depth, in any of the usual spellings.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import LogNotFoundError
from bot.signalwire.models import Json, JsonObject, LogEvent, LogVariant, Timeline
from bot.signalwire.raw_json import scalar_text
from bot.voicelogs.events import is_of_another_leg, plain_key
from bot.voicelogs.results import Ending, Found, PartError

_SIP_CODE: Final = "sip_code"
_HANGUP_CAUSE: Final = "hangup_cause"
_CAUSE_CODE: Final = "cause_code"
_END_REASON: Final = "end_reason"
_END_SOURCE: Final = "end_source"
_ANSWERED_BY: Final = "answered_by"

_WORDS: Final = MappingProxyType(
    {
        "sipcode": _SIP_CODE,
        "sipresultcode": _SIP_CODE,
        "sipresponsecode": _SIP_CODE,
        "sipstatus": _SIP_CODE,
        "sipstatuscode": _SIP_CODE,
        "protospecifichangupcause": _SIP_CODE,
        "hangupcause": _HANGUP_CAUSE,
        "hangupcausecode": _CAUSE_CODE,
        "q850cause": _CAUSE_CODE,
        "endreason": _END_REASON,
        "endsource": _END_SOURCE,
        "answeredby": _ANSWERED_BY,
    }
)
"""Keyed by what `plain_key` returns for their keys."""
_VERTO_WORDS: Final = MappingProxyType({"cause": _HANGUP_CAUSE, "causecode": _CAUSE_CODE})
"""Words of FreeSWITCH's Verto, which WebRTC legs use. `cause` counts only with `causeCode`."""
_OTHER_LEGS: Final = frozenset({"peer", "parent", "otherleg", "bleg"})
"""Values under these keys are about another leg."""
_FIELDS: Final = ("sip_code", "hangup_cause", "end_reason", "end_source", "answered_by")
_BLANK: Final = frozenset({"", "0", "null", "none"})


def has_compatibility_call(found: Found, now: datetime) -> bool:
    """Whether the Compatibility API may say how the leg ended: a LaML leg that is over."""
    return found.call is None and found.log.is_laml and not found.log.is_ongoing(now)


def ending(
    found: Found,
    timeline: Timeline | PartError | None,
    call: CompatibilityCall | PartError | None,
    now: datetime,
) -> Ending | None:
    """Gather how a leg ended; None while it is ongoing, and if its log was deleted.

    The timeline and the call are None while they are loading, and the call also if it wasn't
    requested. A 404 means that there is none.
    """
    log = found.log
    if log.is_ongoing(now) or log.variant is LogVariant.DELETED:
        return None
    events = timeline.events if isinstance(timeline, Timeline) else ()
    of_log = log.model_dump(include={*_FIELDS}, exclude_none=True)
    reported = {**_reported(events, log.id), **dict(_words(of_log, log.id))}
    record = call if isinstance(call, CompatibilityCall) else CompatibilityCall(sid=log.id)
    error = None if isinstance(call, CompatibilityCall | LogNotFoundError) else call
    is_read = error is None and not (call is None and has_compatibility_call(found, now))
    return Ending(
        sip_code=record.sip_result_code or reported.get(_SIP_CODE),
        hangup_cause=reported.get(_HANGUP_CAUSE) or reported.get(_CAUSE_CODE),
        end_reason=reported.get(_END_REASON),
        end_source=reported.get(_END_SOURCE),
        answered_by=record.answered_by or reported.get(_ANSWERED_BY),
        started_at=record.start_time,
        ended_at=record.end_time,
        quality=record.quality,
        is_complete=is_read and isinstance(timeline, Timeline),
        error=error,
    )


def _reported(events: Iterable[LogEvent], log_id: str) -> Mapping[str, str]:
    """Return the words of the last event that has them; within it, the least nested ones."""
    reported: dict[str, str] = {}
    for event in events:
        words: dict[str, str] = {}
        for word, text in _words(event.details, log_id):
            words.setdefault(word, text)
        reported |= words
    return reported


def _words(details: JsonObject, log_id: str) -> Iterator[tuple[str, str]]:
    """Yield the known words of an event with their values, the least nested ones first."""
    left: deque[Json] = deque([details])
    while left:
        value = left.popleft()
        if isinstance(value, list):
            left.extend(value)
        if not isinstance(value, dict) or is_of_another_leg(value, log_id):
            continue
        named = [(plain_key(key), item) for key, item in value.items()]
        is_verto = any(name == "causecode" for name, _ in named)
        known = {**_WORDS, **_VERTO_WORDS} if is_verto else _WORDS
        for name, item in named:
            if name in _OTHER_LEGS:
                continue
            left.append(item)
            if name in known and (text := _text(item)):
                yield known[name], text


def _text(value: Json) -> str | None:
    if not isinstance(value, str | Decimal):
        return None
    if isinstance(value, Decimal) and value == value.to_integral_value():
        value = value.to_integral_value()  # 486.0
    text = scalar_text(value).strip()
    return None if text.lower() in _BLANK else text
