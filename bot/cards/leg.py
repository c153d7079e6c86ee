"""The words for one leg that the full card and the compact row share.

Status, type and direction are free to grow: a word not listed here is shown as it was sent.
Vocabulary: SignalWire docs, "Get voice log" and the Calling API's status enum.
"""

from typing import Final

from bot.cards import text as words
from bot.signalwire.models import Kind, VoiceLog

_STATUSES: Final = {
    "queued": ("🕓", "Queued"),
    "initiated": ("🕓", "Initiated"),
    "created": ("🕓", "Created"),
    "ringing": ("🔔", "Ringing"),
    "in-progress": ("🟢", "In progress"),
    "answered": ("🟢", "Answered"),
    "joined": ("🟢", "Joined"),
    "ending": ("🟢", "Ending"),
    "completed": ("✅", "Completed"),
    # RELAY's last word for every leg, answered or not: no tick, and never "answered".
    "ended": ("⏹️", "Ended"),
    "busy": ("🚫", "Busy"),
    "failed": ("❌", "Failed"),
    "no-answer": ("📵", "No answer"),
    "canceled": ("⚪", "Canceled"),
}

_TYPES: Final = {
    "laml_call": "LaML (cXML) call",
    "relay_pstn_call": "Phone call (RELAY)",
    "relay_sip_call": "SIP call (RELAY)",
    "relay_webrtc_call": "WebRTC call (RELAY)",
    "video_room_pstn_leg": "Video room, phone leg",
    "video_room_sip_leg": "Video room, SIP leg",
    "dialogflow_call": "Dialogflow call",
    "fabric_subscriber_device_leg": "Fabric subscriber device leg",
}

_SOURCES: Final = {"dialogflow": "Dialogflow", "laml": "LaML", "realtime_api": "Realtime API"}

_DIRECTIONS: Final = {
    "inbound": "Inbound",
    "outbound": "Outbound",
    "outbound-api": "Outbound (API)",
    "outbound-dial": "Outbound (dial)",
}


def status(log: VoiceLog) -> tuple[str, str]:
    """An emoji, and what happened in words fit for a header."""
    if log.kind is Kind.DELETED:
        return "🗑️", "Deleted log"
    if log.status is None:
        return "📄", _TYPES.get(log.type or "", "Voice log")
    return _STATUSES.get(log.status, ("▫️", words.word(log.status)))


def headline(log: VoiceLog) -> str:
    """What happened and for how long: `Completed · 9 s`, `In progress · live, 42 s so far`."""
    _, said = status(log)
    parts = [said]
    if log.is_live:
        so_far = "" if log.length_ms is None else f", {words.duration(log.length_ms)} so far"
        parts.append(f"live{so_far}")
    elif log.length_ms is not None:
        parts.append(words.duration(log.length_ms))
    return " · ".join(parts)


def has_unlisted_status(log: VoiceLog) -> bool:
    """Whether the status is a word that the header can only show in part."""
    return log.status is not None and log.status not in _STATUSES


def nature(log: VoiceLog) -> list[str]:
    """Direction, kind of leg and source, as far as they are known; mrkdwn."""
    pairs = ((log.direction, _DIRECTIONS), (log.type, _TYPES), (log.source, _SOURCES))
    return [known.get(value) or words.code(value, 60) for value, known in pairs if value]


def route(log: VoiceLog, limit: int = 60) -> str | None:
    """`from → to` in mrkdwn; None when neither is known."""
    if log.from_ is None and log.to is None:
        return None
    return " → ".join(
        words.address(end, limit) if end else "unknown" for end in (log.from_, log.to)
    )
