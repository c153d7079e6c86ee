"""The audio quality of a leg, which voice logs and the Compatibility API's records have."""

from typing import Final

from pydantic import model_validator

from bot.signalwire.fields import NonNegative, Record


class AudioQuality(Record):
    """The audio quality of a leg, as far as it was measured.

    SignalWire publishes no units. `in` is the audio that SignalWire received, `out` what it sent.
    """

    audio_in_mos: NonNegative = None
    """Mean opinion score, from 1 to 5."""
    audio_in_jitter_max: NonNegative = None
    audio_out_jitter_avg: NonNegative = None
    audio_out_jitter_max: NonNegative = None
    audio_rtt_avg: NonNegative = None
    """Round-trip time."""
    audio_rtt_max: NonNegative = None
    audio_out_lost: NonNegative = None
    """Packets."""


NOT_MEASURED: Final = AudioQuality()
_MEASUREMENTS: Final = frozenset(AudioQuality.model_fields)


class MeasuredRecord(Record):
    """A record that has the audio quality of a leg."""

    quality: AudioQuality = NOT_MEASURED

    @model_validator(mode="before")
    @classmethod
    def _gather_quality(cls, sent: object) -> object:
        """Gather the quality from the record and from `qos_metrics`, where newer logs have it."""
        if not isinstance(sent, dict):
            return sent
        nested = sent.get("qos_metrics")
        numbers = dict(nested) if isinstance(nested, dict) else {}
        numbers |= {
            name: sent[name] for name in _MEASUREMENTS & sent.keys() if sent[name] is not None
        }
        is_usual = not numbers and "quality" not in sent  # don't copy: a search reads thousands
        return sent if is_usual else {**sent, "quality": numbers}
