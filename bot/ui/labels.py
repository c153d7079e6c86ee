"""Words for one leg, shared by cards, rows and the Details modal.

SignalWire may add statuses, types and directions; an unknown one is shown as it was sent.
Vocabulary: SignalWire docs, "Get voice log" and the Calling API's status enum.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.signalwire.models import ChargeDetail, LogVariant, VoiceLog, parse_uuid
from bot.ui import facts, mrkdwn, signs
from bot.voicelogs.results import Found

LIVE: Final = "live"

_STATUSES: Final = {
    "queued": (signs.NOT_STARTED, "Queued"),
    "initiated": (signs.NOT_STARTED, "Initiated"),
    "created": (signs.NOT_STARTED, "Created"),
    "ringing": (signs.RINGING, "Ringing"),
    "in-progress": (signs.LIVE, "In progress"),
    "answered": (signs.LIVE, "Answered"),
    "joined": (signs.LIVE, "Joined"),
    "ending": (signs.LIVE, "Ending"),
    "completed": (signs.OK, "Completed"),
    # The final RELAY status of every leg, answered or not: so no check mark, and not "answered".
    "ended": (signs.ENDED, "Ended"),
    "busy": (signs.BUSY, "Busy"),
    "failed": (signs.FAILED, "Failed"),
    "no-answer": (signs.NO_ANSWER, "No answer"),
    "canceled": (signs.CANCELED, "Canceled"),
}

_TYPES: Final = {
    "laml_call": "Call",
    "relay_pstn_call": "PSTN call",
    "relay_sip_call": "SIP call",
    "relay_webrtc_call": "WebRTC call",
    "video_room_pstn_leg": "Video room PSTN leg",
    "video_room_sip_leg": "Video room SIP leg",
    "dialogflow_call": "Dialogflow call",
    "fabric_subscriber_device_leg": "Fabric subscriber device leg",
}

_ENGINES: Final = {
    "laml_call": "LaML (cXML)",
    "relay_pstn_call": "RELAY",
    "relay_sip_call": "RELAY",
    "relay_webrtc_call": "RELAY",
}

_SOURCES: Final = {"dialogflow": "Dialogflow", "laml": "LaML", "realtime_api": "Realtime API"}

_DIRECTIONS: Final = {
    "inbound": "Inbound",
    "outbound": "Outbound",
    "outbound-api": "Outbound",
    "outbound-dial": "Outbound",
}

_ORIGINS: Final = {"outbound-api": " by the API", "outbound-dial": " by Dial"}


def status(log: VoiceLog, now: datetime | None = None) -> tuple[str, str]:
    """Return an emoji and the status in plain text for a header.

    Without `now`, an overdue leg isn't distinguished from a live one.
    """
    if log.variant is LogVariant.DELETED:
        return signs.DELETED, "Deleted log"
    if log.status is None:
        return signs.NO_STATUS, _TYPES.get(log.type or "", "Voice log")
    emoji, label = _STATUSES.get(log.status, (signs.UNKNOWN_STATUS, mrkdwn.plain_word(log.status)))
    return (signs.WARNING if now is not None and log.is_overdue(now) else emoji), label


def headline(log: VoiceLog, now: datetime) -> str:
    """Return status and duration: `Completed · 9 s`, `In progress`."""
    duration = None if log.is_ongoing(now) else facts.brief_duration(log, now)
    return " · ".join(filter(None, [status(log)[1], duration]))


def state(log: VoiceLog) -> str:
    """Return the status for use in a sentence; every live status is LIVE."""
    if log.is_live:
        return LIVE
    if log.variant is LogVariant.DELETED:
        return "deleted"
    return status(log)[1].lower() if log.status is not None else "without a status"


def raw_status(log: VoiceLog) -> str | None:
    """Return the status as sent, unless the headline already shows it in full."""
    shown = log.status in _STATUSES and log.variant is not LogVariant.DELETED
    return None if shown else log.status


def charge_lines(log: VoiceLog, limit: int, others: str) -> list[str]:
    """Return the lines of the itemized charge, in mrkdwn; `others` are those beyond the limit.

    They may not add up to the charge (SignalWire docs).
    """

    def line(part: ChargeDetail) -> str:
        charge = part.charge
        amount = mrkdwn.money(charge, log.currency) if charge is not None else "(no amount)"
        return f"• {mrkdwn.code(part.description or 'unnamed', 80)} {amount}"

    return mrkdwn.first_lines(log.charge_details, limit, others, line)


def labels(log: VoiceLog, *, exact: bool = False) -> list[str]:
    """Return, in mrkdwn, a status that the headline doesn't show, the direction and the type.

    If `exact`, also who dialed, the engine and the source, which only Details show.
    """
    sent, kind = raw_status(log), type_label(log)
    parts = [
        f"Status {mrkdwn.code(sent)}" if sent is not None else None,
        direction(log, exact=exact),
        kind if kind != status(log)[1] else None,
    ]
    if exact:
        parts.append(_ENGINES.get(log.type or ""))
        parts.append(f"source {_word(log.source, _SOURCES)}" if log.source else None)
    return [part for part in parts if part]


def direction(log: VoiceLog, *, exact: bool) -> str | None:
    """Return the direction in mrkdwn; if `exact`, with who dialed: `Outbound by the API`."""
    if not log.direction:
        return None
    origin = _ORIGINS.get(log.direction, "") if exact else ""
    return f"{_word(log.direction, _DIRECTIONS)}{origin}"


def type_label(log: VoiceLog) -> str | None:
    """Return the type in mrkdwn: `PSTN call`."""
    return _word(log.type, _TYPES) if log.type else None


def parent(log: VoiceLog) -> str | None:
    """Return the parent leg in mrkdwn: `leg of fa000000-…-0001`; None without a parent."""
    return f"leg of {short_id(log.parent_id)}" if log.parent_id is not None else None


def id_label(found: Found) -> str:
    """Return the name of the ID. While a call has no voice log, its ID is a SID."""
    return "Voice log ID" if found.call is None else "Call SID"


def short_id(log_id: str) -> str:
    """Format an ID as inline code, shortened; the Details modal has the whole one."""
    is_uuid = parse_uuid(log_id) is not None
    return mrkdwn.code(f"{log_id[:8]}-…-{log_id[-4:]}" if is_uuid else log_id, 60)


def _word(value: str, known: Mapping[str, str]) -> str:
    return known.get(value) or mrkdwn.code(value, 60)


def route(log: VoiceLog) -> str | None:
    """Return `from → to` in mrkdwn; None if neither is known."""
    if log.from_ is None and log.to is None:
        return None
    return " → ".join(mrkdwn.address(end, 60) if end else "unknown" for end in (log.from_, log.to))
