"""The main facts of a leg, for the card and the Details modal.

A fact that isn't in the log is shown as `unknown`. No fact is inferred: an `ended` leg may have
been answered or not, and only its billed time shows it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from bot.signalwire.audio_quality import AudioQuality
from bot.signalwire.models import CallPhase, LogVariant, VoiceLog
from bot.ui import durations, mrkdwn
from bot.ui.block_kit import Fact
from bot.voicelogs.calls import TotalCharge

BILLED: Final = "Billed time"
DURATION_SO_FAR: Final = "Duration so far"
WAITING: Final = "Waiting"
STARTED: Final = "Started"
CREATED: Final = "Created"
UNKNOWN: Final = "unknown"
NONE: Final = "none"
NONE_YET: Final = "none yet"
_CLOCK_SKEW: Final = timedelta(minutes=1)
"""How far SignalWire's clock may be ahead of the bot's."""
_MOS_WORDS: Final = {5: "excellent", 4: "good", 3: "fair", 2: "poor", 1: "bad"}
"""ITU-T P.800, annex B: the listening-quality scale. Scores are rounded to it."""
_QUALITY_DECIMALS: Final = 4


def main_facts(log: VoiceLog, now: datetime, *, exact: bool = False) -> list[Fact]:
    """Return facts in pairs; a pair is left out if neither of its facts is known.

    If `exact`, durations have milliseconds, and the billed time isn't compared to the duration.
    """
    since = _started(log)
    pairs = (
        (_end("From", log.from_), _end("To", log.to)),
        (_duration(log, now, exact=exact), _charge(log, now)),
        (since, Fact("Deleted", _moment(log.discarded_at)))
        if log.variant is LogVariant.DELETED
        else (since, _billed(log, now, exact=exact)),
    )
    return [fact for pair in pairs if any(one.value != UNKNOWN for one in pair) for fact in pair]


def brief_duration(log: VoiceLog, now: datetime) -> str | None:
    """Return the duration for a row: `9 s`, `14 min so far`; None if the log doesn't say."""
    if log.is_overdue(now):
        return "no end in the log"
    if not log.is_live:
        return _length(log, exact=False)
    elapsed_ms = _elapsed_ms(log, now)
    return None if elapsed_ms is None else f"{durations.rounded(elapsed_ms)} so far"


def dated_duration(log: VoiceLog, now: datetime) -> str | None:
    """Return `brief_duration`, with the time if the leg is live: `14 min so far (at 16:38:39)`."""
    brief = brief_duration(log, now)
    return f"{brief} (at {mrkdwn.time_token(now)})" if brief and log.is_ongoing(now) else brief


def amount(total: TotalCharge) -> str:
    """Return what several legs cost: `$0.0232`, `$0.0232 so far`."""
    return f"{mrkdwn.money(total.dollars)}{'' if total.is_final else ' so far'}"


def a_charge(total: TotalCharge) -> str:
    """Return what is added up: `a charge`, or `a charge in dollars` if others are left out."""
    return "a charge in dollars" if total.leaves_out_currencies else "a charge"


def notes(log: VoiceLog, now: datetime) -> Iterator[str]:
    """Yield notes in mrkdwn: that an overdue leg has no end, and that the log was deleted."""
    if log.created_at is not None and log.is_overdue(now):
        since = durations.ago(now - log.created_at)
        yield f"{_started(log).label} {since}; SignalWire's log shows no end."
    if log.variant is not LogVariant.DELETED and log.discarded_at is not None:
        yield f"Deleted {mrkdwn.date_token(log.discarded_at)}"


def _end(label: str, address: str | None) -> Fact:
    return Fact(label, mrkdwn.address(address) if address is not None else UNKNOWN)


def _duration(log: VoiceLog, now: datetime, *, exact: bool) -> Fact:
    if log.is_overdue(now):
        return Fact("Duration", UNKNOWN)
    if log.is_live:
        label = WAITING if log.phase is CallPhase.NOT_STARTED else DURATION_SO_FAR
        return Fact(label, _so_far(log, now))
    return Fact("Duration", _length(log, exact=exact) or UNKNOWN)


def _so_far(log: VoiceLog, now: datetime) -> str:
    """Return the time since the leg was created; the log's own duration may be out of date."""
    elapsed_ms = _elapsed_ms(log, now)
    if elapsed_ms is not None:
        return f"{durations.rounded(elapsed_ms)} (at {mrkdwn.time_token(now)})"
    reported_ms = log.duration_or_rounded_ms
    return UNKNOWN if reported_ms is None else f"at least {durations.rounded(reported_ms)}"


def _elapsed_ms(log: VoiceLog, now: datetime) -> int | None:
    if log.created_at is None or log.created_at - now > _CLOCK_SKEW:
        return None
    return max(durations.milliseconds(now) - durations.milliseconds(log.created_at), 0)


def _length(log: VoiceLog, *, exact: bool) -> str | None:
    length_ms = log.duration_or_rounded_ms
    if length_ms is None:
        return None
    if not exact:
        return durations.rounded(length_ms)
    if log.duration_ms is not None:
        return durations.with_milliseconds(length_ms)
    return durations.exact_seconds(log.duration or Decimal(0))


def _charge(log: VoiceLog, now: datetime) -> Fact:
    """Each leg is billed separately, hence "this leg"."""
    label = "Charge so far" if log.is_ongoing(now) else "Charge"
    if log.charge is None:
        return Fact(label, UNKNOWN)
    return Fact(label, f"{mrkdwn.money(log.charge, log.currency)} (this leg)")


def _started(log: VoiceLog) -> Fact:
    not_started = log.phase is CallPhase.NOT_STARTED or log.variant is LogVariant.DELETED
    return Fact(CREATED if not_started else STARTED, _moment(log.created_at))


def _moment(when: datetime | None) -> str:
    return mrkdwn.date_token(when) if when is not None else UNKNOWN


def _billed(log: VoiceLog, now: datetime, *, exact: bool) -> Fact:
    if log.billing_ms:
        shown = durations.with_milliseconds if exact else durations.rounded
        billed = shown(int(log.billing_ms))
        length = None if log.is_live or exact else _length(log, exact=False)
        is_part = log.billing_ms < (log.duration_or_rounded_ms or 0) and billed != length
        return Fact(BILLED, f"{billed} of {length}" if length and is_part else billed)
    if not log.is_unbilled or log.is_overdue(now) or log.phase is CallPhase.UNKNOWN:
        return Fact(BILLED, UNKNOWN)
    return Fact(BILLED, NONE_YET if log.is_live else NONE)


def audio(quality: AudioQuality) -> str | None:
    """Return the audio quality in a line, in mrkdwn; None if nothing was measured.

    It has the API's numbers, whose units aren't published.
    """
    sent_max = quality.audio_out_jitter_max
    jitter_max = sent_max if sent_max is not None else quality.audio_in_jitter_max
    parts = [
        _mos(quality.audio_in_mos),
        _average_or_max("jitter", quality.audio_out_jitter_avg, jitter_max),
        _average_or_max("round trip", quality.audio_rtt_avg, quality.audio_rtt_max),
        _lost(quality.audio_out_lost),
    ]
    measured = " · ".join(filter(None, parts))
    return f"Audio: {measured}" if measured else None


def _mos(score: Decimal | None) -> str:
    if score is None:
        return ""
    on_scale = min(_MOS_WORDS) <= score <= max(_MOS_WORDS)
    word = f" ({_MOS_WORDS[int(score.to_integral_value(ROUND_HALF_UP))]})" if on_scale else ""
    return f"MOS {_number(score)}{word}"


def _average_or_max(name: str, average: Decimal | None, maximum: Decimal | None) -> str:
    if average is not None:
        return f"{name} {_number(average)}"
    return f"{name} {_number(maximum)} max" if maximum is not None else ""


def _lost(packets: Decimal | None) -> str:
    if packets is None:
        return ""
    return f"{_number(packets)} packet{'' if packets == 1 else 's'} lost"


def _number(value: Decimal) -> str:
    return f"{round(value, _QUALITY_DECIMALS).normalize():,f}"
