"""The Compatibility API's record of a LaML call, and its errors.

Facts: signalwire.com/docs, Compatibility API, "Retrieve a call" and "List all calls" (the fields);
SignalWire's TypeScript types of 2026 (`sip_result_code` is text, and the audio quality is there). A
captured record has a positive `price`, RFC 2822 dates and no SIP result code where the call was
completed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.signalwire.failures import as_json
from bot.dev.emulator.signalwire.fixtures import Body, LogFixture

CALLS: Final = ("api", "laml", "2010-04-01", "Accounts")
"""The beginning of the path; the project's id, `Calls` and `<sid>.json` follow."""

_SIP_RESULT_CODES: Final = {"busy": "486", "no-answer": "480", "canceled": "487", "failed": "404"}
_ENDED: Final = frozenset({"completed", *_SIP_RESULT_CODES})
_QUALITY: Final = (
    "audio_in_mos",
    "audio_rtt_avg",
    "audio_rtt_min",
    "audio_rtt_max",
    "audio_out_jitter_min",
    "audio_out_jitter_max",
    "audio_out_jitter_avg",
    "audio_out_lost",
)


def is_laml(entry: LogFixture) -> bool:
    """Whether the API has the call: it has LaML calls only."""
    return entry.body.get("type") == "laml_call"


def record(entry: LogFixture, project_id: str, seconds: float) -> Body:
    """Build the record of a LaML call, given the seconds since the emulator started."""
    log = entry.state_at(seconds).body
    created = datetime.fromisoformat(str(log["created_at"]))
    status = str(log["status"])
    uri = f"/{'/'.join(CALLS)}/{project_id}/Calls/{entry.id}"
    fields: Mapping[str, JsonValue] = {
        "sid": entry.id,
        "parent_call_sid": log["parent_id"],
        "account_sid": project_id,
        "phone_number_sid": None,
        "from": log["from"],
        "formatted_from": _formatted(log["from"]),
        "to": log["to"],
        "formatted_to": _formatted(log["to"]),
        "direction": log["direction"],
        "status": status,
        "date_created": format_datetime(created),
        "date_updated": format_datetime(created + _length(log)),
        "start_time": format_datetime(created),
        "end_time": format_datetime(created + _length(log)) if status in _ENDED else None,
        "duration": log["duration"] or 0,
        "price": log["charge"] if status in _ENDED else None,
        "price_unit": "USD",
        "answered_by": None,
        "api_version": "2010-04-01",
        "forwarded_from": None,
        "caller_name": None,
        "annotation": None,
        "group_sid": None,
        "sip_result_code": _SIP_RESULT_CODES.get(status),
        "uri": uri,
        "subresource_uris": {"notifications": None, "recordings": f"{uri}/Recordings"},
    }
    return {**fields, **dict.fromkeys(_QUALITY), **entry.call}


def flat_error(status: int, code: str, message: str) -> bytes:
    """The error body of the Compatibility API. Its codes aren't published; these are Twilio's."""
    more_info = f"https://www.signalwire.com/docs/errors/{code}"
    return as_json({"code": code, "message": message, "more_info": more_info, "status": status})


def _length(log: Mapping[str, JsonValue]) -> timedelta:
    milliseconds = log["duration_ms"]
    return timedelta(milliseconds=milliseconds if isinstance(milliseconds, int) else 0)


def _formatted(address: JsonValue) -> JsonValue:
    """Format a North American number: `(206) 555-0100`."""
    text = str(address)
    if not (text.startswith("+1") and len(text) == len("+12065550100")):
        return address
    return f"({text[2:5]}) {text[5:8]}-{text[8:]}"
