"""The audio quality of a leg in one line."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from bot.signalwire.audio_quality import AudioQuality

# ITU-T P.800, annex B: the listening-quality scale. Scores are rounded to it.
_MOS_WORDS: Final = {5: "excellent", 4: "good", 3: "fair", 2: "poor", 1: "bad"}

_DECIMALS: Final = 4


def line(quality: AudioQuality) -> str | None:
    """Return the line, in mrkdwn, with the API's numbers, whose units aren't published.

    None if nothing was measured.
    """
    parts = list(_parts(quality))
    return f"Audio: {' · '.join(parts)}" if parts else None


def _parts(quality: AudioQuality) -> Iterator[str]:
    mos = quality.audio_in_mos
    if mos is not None:
        on_scale = min(_MOS_WORDS) <= mos <= max(_MOS_WORDS)
        word = f" ({_MOS_WORDS[int(mos.to_integral_value(ROUND_HALF_UP))]})" if on_scale else ""
        yield f"MOS {_number(mos)}{word}"
    sent_max = quality.audio_out_jitter_max
    jitter_max = sent_max if sent_max is not None else quality.audio_in_jitter_max
    yield from _average_or_max("jitter", quality.audio_out_jitter_avg, jitter_max)
    yield from _average_or_max("round trip", quality.audio_rtt_avg, quality.audio_rtt_max)
    lost = quality.audio_out_lost
    if lost is not None:
        yield f"{_number(lost)} packet{'' if lost == 1 else 's'} lost"


def _average_or_max(name: str, average: Decimal | None, maximum: Decimal | None) -> Iterator[str]:
    if average is not None:
        yield f"{name} {_number(average)}"
    elif maximum is not None:
        yield f"{name} {_number(maximum)} max"


def _number(value: Decimal) -> str:
    return f"{round(value, _DECIMALS).normalize():,f}"
