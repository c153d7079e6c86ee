"""What SIP response codes and hangup causes mean."""

import re
from types import MappingProxyType
from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import mrkdwn
from bot.voicelogs.results import Ending

_SIP_RESPONSES: Final = MappingProxyType(
    {
        "200": "OK",
        "202": "Accepted",
        "204": "No Notification",
        "300": "Multiple Choices",
        "301": "Moved Permanently",
        "302": "Moved Temporarily",
        "305": "Use Proxy",
        "380": "Alternative Service",
        "400": "Bad Request",
        "401": "Unauthorized",
        "402": "Payment Required",
        "403": "Forbidden",
        "404": "Not Found",
        "405": "Method Not Allowed",
        "406": "Not Acceptable",
        "407": "Proxy Authentication Required",
        "408": "Request Timeout",
        "410": "Gone",
        "412": "Conditional Request Failed",
        "413": "Request Entity Too Large",
        "414": "Request-URI Too Long",
        "415": "Unsupported Media Type",
        "416": "Unsupported URI Scheme",
        "417": "Unknown Resource-Priority",
        "420": "Bad Extension",
        "421": "Extension Required",
        "422": "Session Interval Too Small",
        "423": "Interval Too Brief",
        "424": "Bad Location Information",
        "425": "Bad Alert Message",
        "428": "Use Identity Header",
        "429": "Provide Referrer Identity",
        "430": "Flow Failed",
        "433": "Anonymity Disallowed",
        "436": "Bad Identity Info",
        "437": "Unsupported Credential",
        "438": "Invalid Identity Header",
        "439": "First Hop Lacks Outbound Support",
        "440": "Max-Breadth Exceeded",
        "469": "Bad Info Package",
        "470": "Consent Needed",
        "480": "Temporarily Unavailable",
        "481": "Call/Transaction Does Not Exist",
        "482": "Loop Detected",
        "483": "Too Many Hops",
        "484": "Address Incomplete",
        "485": "Ambiguous",
        "486": "Busy Here",
        "487": "Request Terminated",
        "488": "Not Acceptable Here",
        "489": "Bad Event",
        "491": "Request Pending",
        "493": "Undecipherable",
        "494": "Security Agreement Required",
        "500": "Server Internal Error",
        "501": "Not Implemented",
        "502": "Bad Gateway",
        "503": "Service Unavailable",
        "504": "Server Time-out",
        "505": "Version Not Supported",
        "513": "Message Too Large",
        "555": "Push Notification Service Not Supported",
        "580": "Precondition Failure",
        "600": "Busy Everywhere",
        "603": "Decline",
        "604": "Does Not Exist Anywhere",
        "606": "Not Acceptable",
        "607": "Unwanted",
        "608": "Rejected",
    }
)
"""The reason phrases of final responses: RFC 3261 §21, and IANA's registry "Session Initiation
Protocol (SIP) Parameters", Response Codes."""

_HANGUP_CAUSES: Final = (
    ("UNALLOCATED_NUMBER", "1", "the number isn't assigned"),
    ("NO_ROUTE_DESTINATION", "3", "no route to the destination"),
    ("NORMAL_CLEARING", "16", "normal hangup"),
    ("USER_BUSY", "17", "busy"),
    ("NO_USER_RESPONSE", "18", "the phone didn't respond"),
    ("NO_ANSWER", "19", "it rang, but nobody answered"),
    ("SUBSCRIBER_ABSENT", "20", "the phone can't be reached"),
    ("CALL_REJECTED", "21", "rejected"),
    ("NUMBER_CHANGED", "22", "the number has changed"),
    ("DESTINATION_OUT_OF_ORDER", "27", "the destination is out of order"),
    ("INVALID_NUMBER_FORMAT", "28", "the number is invalid or incomplete"),
    ("FACILITY_REJECTED", "29", "the requested service was rejected"),
    ("NORMAL_UNSPECIFIED", "31", "ended normally, with no reason given"),
    ("NORMAL_CIRCUIT_CONGESTION", "34", "no circuit available"),
    ("NETWORK_OUT_OF_ORDER", "38", "the network is out of order"),
    ("NORMAL_TEMPORARY_FAILURE", "41", "a temporary failure"),
    ("SWITCH_CONGESTION", "42", "the network is congested"),
    ("REQUESTED_CHAN_UNAVAIL", "44", "the requested channel isn't available"),
    ("OUTGOING_CALL_BARRED", "52", "outgoing calls are barred"),
    ("INCOMING_CALL_BARRED", "54", "incoming calls are barred"),
    ("BEARERCAPABILITY_NOTAUTH", "57", "this kind of call isn't authorized"),
    ("BEARERCAPABILITY_NOTAVAIL", "58", "this kind of call isn't available"),
    ("SERVICE_UNAVAILABLE", "63", "the service isn't available"),
    ("SERVICE_NOT_IMPLEMENTED", "69", "the service isn't implemented"),
    ("INCOMPATIBLE_DESTINATION", "88", "the destination is incompatible (codecs, for example)"),
    ("RECOVERY_ON_TIMER_EXPIRE", "102", "timed out"),
    ("PROTOCOL_ERROR", "111", "a protocol error"),
    ("INTERWORKING", "127", "another network gave no reason"),
    ("ORIGINATOR_CANCEL", "", "canceled by the caller"),
    ("LOSE_RACE", "", "answered on another phone"),
    ("ALLOTTED_TIMEOUT", "", "the time limit was reached"),
    ("MEDIA_TIMEOUT", "", "no audio was received for too long"),
    ("PROGRESS_TIMEOUT", "", "it didn't ring in time"),
    ("USER_NOT_REGISTERED", "", "the phone isn't registered"),
    ("GATEWAY_DOWN", "", "the gateway is down"),
    ("ATTENDED_TRANSFER", "", "transferred"),
    ("BLIND_TRANSFER", "", "transferred"),
    ("PICKED_OFF", "", "picked up on another phone"),
    ("MANAGER_REQUEST", "", "ended by a command"),
    ("SYSTEM_SHUTDOWN", "", "the server was shut down"),
)
"""FreeSWITCH's causes ("Hangup Cause Code Table"), their numbers in ITU-T Q.850 (empty for causes
of its own), and what they mean."""
_MEANINGS: Final = MappingProxyType(
    {key: meaning for *keys, meaning in _HANGUP_CAUSES for key in keys if key}
)

_SIP_CODE: Final = re.compile(r"(?:sip:|sip/2\.0 )?([2-6]\d\d)(?:\.0+)?(?: (.*))?", re.IGNORECASE)
_WORD_LIMIT: Final = 60


def reasons(said: VoiceLog | Ending) -> dict[str, str]:
    """Return why a leg ended, as far as is said, in mrkdwn, by name."""
    words = {
        "SIP result code": said.sip_code and sip_code(said.sip_code),
        "Hangup cause": said.hangup_cause and hangup_cause(said.hangup_cause),
        "End reason": said.end_reason and word(said.end_reason),
    }
    return {name: text for name, text in words.items() if text}


def sip_code(sent: str) -> str:
    """Return a SIP response code with its reason phrase, in mrkdwn: `486 Busy Here`."""
    match = _SIP_CODE.fullmatch(sent)
    phrase = _SIP_RESPONSES.get(match[1]) if match else None
    if match is None or phrase is None or (match[2] or phrase).lower() != phrase.lower():
        return word(sent)
    return f"{match[1]} {phrase}"


def hangup_cause(sent: str) -> str:
    """Return a hangup cause, in words or as a number, with its meaning, in mrkdwn."""
    name = sent.upper().replace("-", "_").replace(" ", "_")
    meaning = _MEANINGS.get(name)
    return f"{word(sent)} ({meaning})" if meaning else word(sent)


def answered_by(sent: str) -> str:
    """Return who answered, in mrkdwn: `human`, or `machine_start` and what it means.

    Answering machine detection has several words for a machine (SignalWire docs, cXML, `Dial`).
    """
    return f"{word(sent)} (a machine)" if sent.lower().startswith("machine_") else word(sent)


def word(sent: str) -> str:
    """Return any other word as it was sent, in mrkdwn."""
    return mrkdwn.code(sent, _WORD_LIMIT)
