"""A leg's ring time and talk time, as far as its events show them. Its duration isn't used.

SignalWire publishes no list of event names, only `calling_call_initiated` (SignalWire docs, "List
voice log events"). The states are those of RELAY, SWML and LaML calls. A name counts as a state if
all its other words are words for a call: `calling_call_answered` does, `machine_answered` and
`peer_answered` don't. The last state of a RELAY call has `answer_time`, in milliseconds since 1970
(captured callbacks), which is used if no event is the answer. If in doubt, no time is returned.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from bot.signalwire.fields import from_epoch_ms
from bot.signalwire.models import CallPhase, JsonObject, LogEvent, VoiceLog
from bot.signalwire.raw_json import scalar_text
from bot.voicelogs.events import is_error, is_of_another_leg, plain_key


@dataclass(frozen=True)
class CallTimes:
    """What the events of a leg show; None for what they don't."""

    rang_ms: int | None = None
    """From ringing to the answer, or to the end of an unanswered leg, in milliseconds."""
    talked_ms: int | None = None
    """From the answer to the end, in milliseconds."""
    talking_since: datetime | None = None
    """When a live leg was answered, in UTC."""
    ended_unanswered: bool = False
    """Whether the leg ended without an answer in its events or any billed time."""
    ended_at: datetime | None = None
    """When a leg ended whose log says that it is live, in UTC."""


class _State(Enum):
    RINGING = auto()
    ANSWERED = auto()
    ENDED = auto()


@dataclass(frozen=True)
class _Report:
    """The state that an event reports, or to which the command that it reports leads.

    Commands, and ends by an error, count only if no event has the state itself.
    """

    state: _State
    is_command: bool = False


_REPORTS: Final = {
    "ringing": _Report(_State.RINGING),
    **dict.fromkeys(("answered", "in progress"), _Report(_State.ANSWERED)),
    **dict.fromkeys(
        (
            *("ended", "completed", "hung up", "terminated", "busy", "no answer"),
            *("failed", "canceled", "cancelled", "rejected", "declined"),
        ),
        _Report(_State.ENDED),
    ),
    "ring": _Report(_State.RINGING, is_command=True),
    "answer": _Report(_State.ANSWERED, is_command=True),
    **dict.fromkeys(
        ("end", "hangup", "hang up", "hangup complete"), _Report(_State.ENDED, is_command=True)
    ),
}
_CALL_WORDS: Final = frozenset({"call", "leg", "channel"})
_FILLERS: Final = _CALL_WORDS | {
    *("calling", "voice", "relay", "laml", "cxml", "swml", "event"),
    *("state", "status", "change", "changed", "update", "updated"),
}
_STATE_KEYS: Final = frozenset({"callstate", "callstatus"})
_SHORT_STATE_KEYS: Final = frozenset({"state", "status"})
_ANSWER_KEYS: Final = frozenset({"answertime"})
_WORD: Final = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_LONGEST_NAME: Final = 80
_ONE_ANSWER: Final = timedelta(milliseconds=100)
"""Several engines may report the same answer within this time; ring time is shown in tenths."""
_ONE_END: Final = timedelta(seconds=1)
_TALKING: Final = frozenset({"answered", "in-progress"})


def call_times(log: VoiceLog, events: Iterable[LogEvent]) -> CallTimes | None:
    """Return a leg's ring time and talk time; None if its events show neither.

    `events` are all of its events, in any order. Those of level `error` count only as an end.
    Contradictory ones show nothing.
    """
    read = [(event, report) for event in events if (report := _report(event)) is not None]
    if any(is_of_another_leg(each, log.id) for event, _ in read for each in _objects(event)):
        return None
    moments = {state: _moments(read, state) for state in _State}
    moments[_State.ANSWERED] = moments[_State.ANSWERED] or _answer_times(read)
    if None in moments[_State.RINGING]:
        moments[_State.RINGING] = []
    rings, answers, ends = (sorted(filter(None, found)) for found in moments.values())
    if any(None in found for found in moments.values()) or not _is_plausible(rings, answers, ends):
        return None
    if answers:
        return _answered(log, rings, answers[0], ends)
    if rings and ends and _ended_without_billing(log):
        return CallTimes(_milliseconds(rings[0], ends[0]), ended_unanswered=True)
    return CallTimes(ended_at=ends[0]) if ends and log.is_live else None


def _moments(read: Iterable[tuple[LogEvent, _Report]], state: _State) -> list[datetime | None]:
    """Return the times of the events with a state, or else of those with a command for it."""
    times = [(event.event_at, report.is_command) for event, report in read if report.state is state]
    states = [when for when, is_command in times if not is_command]
    return states or [when for when, _ in times]


def _answer_times(read: Iterable[tuple[LogEvent, _Report]]) -> list[datetime | None]:
    """Return when a leg was answered, according to the details of the event that ended it."""
    ends = [event for event, report in read if report.state is _State.ENDED]
    texts = (text for event in ends for text in _values(event, _ANSWER_KEYS))
    return [moment for text in texts if (moment := from_epoch_ms(text)) is not None]


def _is_plausible(
    rings: Sequence[datetime], answers: Sequence[datetime], ends: Sequence[datetime]
) -> bool:
    """Whether there is one answer and one end, and the states are in order."""
    return (
        _is_one(answers, _ONE_ANSWER)
        and _is_one(ends, _ONE_END)
        and all(
            earlier[-1] <= later[0]
            for earlier, later in ((rings, answers), (rings, ends), (answers, ends))
            if earlier and later
        )
    )


def _is_one(moments: Sequence[datetime], within: timedelta) -> bool:
    return not moments or moments[-1] - moments[0] <= within


def _answered(
    log: VoiceLog, rings: Sequence[datetime], answered: datetime, ends: Sequence[datetime]
) -> CallTimes | None:
    times = CallTimes(
        _milliseconds(rings[0], answered) if rings else None,
        _milliseconds(answered, ends[0]) if ends else None,
        answered if not ends and log.status in _TALKING else None,
        ended_at=ends[0] if ends and log.is_live else None,
    )
    return None if times == CallTimes() else times


def _ended_without_billing(log: VoiceLog) -> bool:
    """Whether the log shows no sign of an answer either. LaML's `completed` means answered."""
    return log.phase is CallPhase.OVER and log.status != "completed" and log.is_unbilled


def _milliseconds(since: datetime, until: datetime) -> int:
    return (until - since) // timedelta(milliseconds=1)


def _report(event: LogEvent) -> _Report | None:
    """Return the state that an event reports; one of level `error`, only an end."""
    report = _state(event)
    if report is None or not is_error(event):
        return report
    is_end = report.state is _State.ENDED and not report.is_command
    return _Report(_State.ENDED, is_command=True) if is_end else None


def _state(event: LogEvent) -> _Report | None:
    """Return the state in an event's name, or in its details if the name only says "state"."""
    words = _words(event.name or "")
    if words is None:
        return None
    of_state = [word for word in words if word not in _FILLERS]
    if of_state:
        return _REPORTS.get(" ".join(of_state))
    keys = _STATE_KEYS if _CALL_WORDS.isdisjoint(words) else _STATE_KEYS | _SHORT_STATE_KEYS
    texts = (" ".join(_words(value) or ()) for value in _values(event, keys))
    found = {_REPORTS[text] for text in texts if text in _REPORTS}
    return found.pop() if len(found) == 1 else None


def _words(text: str) -> Sequence[str] | None:
    """Split a name at separators and capital letters; None if it can't be the name of a state."""
    if len(text) > _LONGEST_NAME or not text.isascii():
        return None
    return [word.lower() for word in _WORD.findall(text)]


def _values(event: LogEvent, keys: frozenset[str]) -> Iterator[str]:
    """Yield texts and numbers under any spelling of the keys."""
    for details in _objects(event):
        for key, value in details.items():
            if isinstance(value, str | Decimal) and plain_key(key) in keys:
                yield scalar_text(value)


def _objects(event: LogEvent) -> Iterator[JsonObject]:
    """Yield an event's details, and their `params`, which a RELAY event has."""
    yield event.details
    params = event.details.get("params")
    if isinstance(params, dict):
        yield params
