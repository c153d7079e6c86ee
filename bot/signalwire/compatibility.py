"""The Compatibility API's record of a call, which says more about how it ended than a voice log.

The API has LaML (cXML) calls only, and has them before their voice logs are written. Fields:
SignalWire docs, Compatibility API, "Retrieve a call"; that page lacks the audio quality.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from bot.signalwire.audio_quality import MeasuredRecord
from bot.signalwire.fields import Money, NonNegative, OptionalText, Timestamp
from bot.signalwire.models import RawJson, VoiceLog


class CompatibilityCall(MeasuredRecord):
    """A LaML call. Only `sid` is always present."""

    sid: Annotated[str, Field(min_length=1)]
    """The same as the voice log's id."""
    parent_call_sid: OptionalText = None
    from_: Annotated[OptionalText, Field(alias="from")] = None
    to: OptionalText = None
    direction: OptionalText = None
    status: OptionalText = None
    duration: NonNegative = None
    """Seconds."""
    price: Money = None
    """The charge: negative in SignalWire's documentation, positive in captured records."""
    price_unit: OptionalText = None
    """ISO 4217; `USD`."""
    date_created: Timestamp = None
    start_time: Timestamp = None
    end_time: Timestamp = None
    answered_by: OptionalText = None
    """`human` or `machine`."""
    sip_result_code: OptionalText = None
    """The code of the final SIP response (RFC 3261 §21), such as `486`."""

    def as_voice_log(self) -> VoiceLog:
        """Return a voice log with the fields that this record has too; the others are None."""
        log = VoiceLog(
            id=self.sid,
            from_=self.from_,
            to=self.to,
            direction=self.direction,
            status=self.status,
            charge=abs(self.price) if self.price is not None else None,
            currency=self.price_unit,
            duration=self.duration,
            parent_id=self.parent_call_sid,
            sip_code=self.sip_result_code,
            created_at=self.date_created or self.start_time,
        )
        return log.model_copy(update={"quality": self.quality})


@dataclass(frozen=True)
class RawCompatibilityCall:
    """A call of the Compatibility API and its JSON."""

    call: CompatibilityCall
    json: RawJson
