"""Labels for one leg, shared by cards, rows and the Details modal.

SignalWire may add statuses, types and directions; an unknown one is shown as it was sent.
Vocabulary: SignalWire docs, "Get voice log" and the Calling API's status enum.
"""

from typing import Final

from bot.signalwire.models import CallPhase, ChargeDetail, LogVariant, VoiceLog
from bot.ui import mrkdwn
from bot.ui.block_kit import Fact

BILLED_TIME: Final = "Billed time"
LIVE: Final = "live"
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
    # The final RELAY status of every leg, answered or not: so no check mark, and not "answered".
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
    """Return an emoji and the status in plain text for a header."""
    if log.variant is LogVariant.DELETED:
        return "🗑️", "Deleted log"
    if log.status is None:
        return "📄", _TYPES.get(log.type or "", "Voice log")
    return _STATUSES.get(log.status, ("▫️", mrkdwn.plain_word(log.status)))


def headline(log: VoiceLog) -> str:
    """Return status and duration: `Completed · 9 s`, `In progress · live, 42 s so far`."""
    return " · ".join([status(log)[1], *progress(log)])


def progress(log: VoiceLog) -> list[str]:
    """Return the duration, and whether the leg is live, as one part of a line; or nothing."""
    if log.is_live:
        state = "not started yet" if log.phase is CallPhase.NOT_STARTED else "live"
        so_far = (
            f", {mrkdwn.duration(log.duration_or_rounded_ms)} so far"
            if log.duration_or_rounded_ms
            else ""
        )
        return [f"{state}{so_far}"]
    if log.duration_or_rounded_ms is not None:
        return [mrkdwn.duration(log.duration_or_rounded_ms)]
    return []


def state(log: VoiceLog) -> str:
    """Return the status within a sentence; LIVE for any live one."""
    if log.is_live:
        return LIVE
    if log.variant is LogVariant.DELETED:
        return "deleted"
    return status(log)[1].lower() if log.status is not None else "without a status"


def raw_status(log: VoiceLog) -> str | None:
    """Return the status as sent, unless the headline already shows it in full."""
    shown = log.status in _STATUSES and log.variant is not LogVariant.DELETED
    return None if shown else log.status


def status_and_times(log: VoiceLog) -> list[Fact]:
    """Return the status if the headline lacks it, the start time and the deletion time."""
    facts = []
    status_sent = raw_status(log)
    if status_sent is not None:
        facts.append(Fact("Status", mrkdwn.code(status_sent)))
    if log.created_at is not None:
        label = "Created" if log.variant is LogVariant.DELETED else "Started"
        facts.append(Fact(label, mrkdwn.date_token(log.created_at)))
    if log.discarded_at is not None:
        facts.append(Fact("Deleted", mrkdwn.date_token(log.discarded_at)))
    return facts


def billed_time(log: VoiceLog) -> list[Fact]:
    """Return the billed time, if known; a leg without it may still have a charge."""
    if log.billing_ms is None:
        return []
    return [Fact(BILLED_TIME, mrkdwn.exact_duration(int(log.billing_ms)))]


def charge(log: VoiceLog) -> list[Fact]:
    """Return the charge, if known; the label says "this leg", as each leg is billed separately."""
    if log.charge is None:
        return []
    label = "Charge so far (this leg)" if log.is_live else "Charge (this leg)"
    return [Fact(label, mrkdwn.money(log.charge))]


def charge_line(line: ChargeDetail) -> str:
    """Return a line of the itemized charge, in mrkdwn."""
    amount = mrkdwn.money(line.charge) if line.charge is not None else "(no amount)"
    return f"• {mrkdwn.code(line.description or 'unnamed', 80)} {amount}"


def labels(log: VoiceLog) -> list[str]:
    """Return direction, type and source in mrkdwn, without any that repeat the status."""
    pairs = ((log.direction, _DIRECTIONS), (log.type, _TYPES), (log.source, _SOURCES))
    label = status(log)[1]
    parts: list[str] = []
    for value, known in pairs:
        part = (known.get(value) or mrkdwn.code(value, 60)) if value else ""
        if not any(part in earlier for earlier in (label, *parts)):
            parts.append(part)
    return parts


def route(log: VoiceLog, limit: int = 60) -> str | None:
    """Return `from → to` in mrkdwn; None if neither is known."""
    if log.from_ is None and log.to is None:
        return None
    return " → ".join(
        mrkdwn.address(end, limit) if end else "unknown" for end in (log.from_, log.to)
    )
