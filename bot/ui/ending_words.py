"""What SIP response codes and hangup causes mean."""

import re
from types import MappingProxyType
from typing import Final

from bot.ui import mrkdwn

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

_HANGUP_CAUSES: Final = MappingProxyType(
    {
        "UNALLOCATED_NUMBER": "the number isn't assigned",
        "NO_ROUTE_DESTINATION": "no route to the destination",
        "NORMAL_CLEARING": "hung up normally",
        "USER_BUSY": "busy",
        "NO_USER_RESPONSE": "the phone didn't respond",
        "NO_ANSWER": "it rang, and nobody answered",
        "SUBSCRIBER_ABSENT": "the phone can't be reached",
        "CALL_REJECTED": "rejected",
        "NUMBER_CHANGED": "the number has changed",
        "DESTINATION_OUT_OF_ORDER": "the destination is out of order",
        "INVALID_NUMBER_FORMAT": "the number is invalid or incomplete",
        "FACILITY_REJECTED": "the requested service was rejected",
        "NORMAL_UNSPECIFIED": "ended normally, with no reason given",
        "NORMAL_CIRCUIT_CONGESTION": "no circuit available",
        "NETWORK_OUT_OF_ORDER": "the network is out of order",
        "NORMAL_TEMPORARY_FAILURE": "a temporary failure",
        "SWITCH_CONGESTION": "the network is congested",
        "REQUESTED_CHAN_UNAVAIL": "the requested channel isn't available",
        "OUTGOING_CALL_BARRED": "outgoing calls are barred",
        "INCOMING_CALL_BARRED": "incoming calls are barred",
        "BEARERCAPABILITY_NOTAUTH": "this kind of call isn't authorized",
        "BEARERCAPABILITY_NOTAVAIL": "this kind of call isn't available",
        "SERVICE_UNAVAILABLE": "the service isn't available",
        "SERVICE_NOT_IMPLEMENTED": "the service isn't implemented",
        "INCOMPATIBLE_DESTINATION": "the destination is incompatible (codecs, for example)",
        "RECOVERY_ON_TIMER_EXPIRE": "timed out",
        "PROTOCOL_ERROR": "a protocol error",
        "INTERWORKING": "no reason given by another network",
        "ORIGINATOR_CANCEL": "canceled by the caller",
        "LOSE_RACE": "answered on another phone",
        "ALLOTTED_TIMEOUT": "the allowed time was over",
        "MEDIA_TIMEOUT": "no audio arrived for too long",
        "PROGRESS_TIMEOUT": "no sign of ringing in time",
        "USER_NOT_REGISTERED": "the phone isn't registered",
        "GATEWAY_DOWN": "the gateway is down",
        "ATTENDED_TRANSFER": "transferred",
        "BLIND_TRANSFER": "transferred",
        "PICKED_OFF": "answered by another phone that picked it up",
        "MANAGER_REQUEST": "ended by a command",
        "SYSTEM_SHUTDOWN": "the server was shut down",
    }
)
"""FreeSWITCH's words ("Hangup Cause Code Table"), mostly for the causes of ITU-T Q.850."""

_Q850: Final = MappingProxyType(
    {
        "1": "UNALLOCATED_NUMBER",
        "3": "NO_ROUTE_DESTINATION",
        "16": "NORMAL_CLEARING",
        "17": "USER_BUSY",
        "18": "NO_USER_RESPONSE",
        "19": "NO_ANSWER",
        "20": "SUBSCRIBER_ABSENT",
        "21": "CALL_REJECTED",
        "22": "NUMBER_CHANGED",
        "27": "DESTINATION_OUT_OF_ORDER",
        "28": "INVALID_NUMBER_FORMAT",
        "29": "FACILITY_REJECTED",
        "31": "NORMAL_UNSPECIFIED",
        "34": "NORMAL_CIRCUIT_CONGESTION",
        "38": "NETWORK_OUT_OF_ORDER",
        "41": "NORMAL_TEMPORARY_FAILURE",
        "42": "SWITCH_CONGESTION",
        "44": "REQUESTED_CHAN_UNAVAIL",
        "52": "OUTGOING_CALL_BARRED",
        "54": "INCOMING_CALL_BARRED",
        "57": "BEARERCAPABILITY_NOTAUTH",
        "58": "BEARERCAPABILITY_NOTAVAIL",
        "63": "SERVICE_UNAVAILABLE",
        "69": "SERVICE_NOT_IMPLEMENTED",
        "88": "INCOMPATIBLE_DESTINATION",
        "102": "RECOVERY_ON_TIMER_EXPIRE",
        "111": "PROTOCOL_ERROR",
        "127": "INTERWORKING",
    }
)
"""The numbers that the same table has for them."""

_SIP_CODE: Final = re.compile(r"(?:sip:|sip/2\.0 )?([2-6]\d\d)(?:\.0+)?(?: (.*))?", re.IGNORECASE)
_MACHINE: Final = "machine_"
_WORD_LIMIT: Final = 60


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
    meaning = _HANGUP_CAUSES.get(_Q850.get(name, name))
    return f"{word(sent)} ({meaning})" if meaning else word(sent)


def answered_by(sent: str) -> str:
    """Return who answered, in mrkdwn: `human`, or `machine_start` and what it means.

    Answering machine detection has several words for a machine (SignalWire docs, cXML, `Dial`).
    """
    return f"{word(sent)} (a machine)" if sent.lower().startswith(_MACHINE) else word(sent)


def word(sent: str) -> str:
    """Return any other word as it was sent, in mrkdwn."""
    return mrkdwn.code(sent, _WORD_LIMIT)
