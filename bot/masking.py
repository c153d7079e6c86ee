"""Hides phone numbers: country and last two digits stay. It must not know who sees what comes out.

A number may stand anywhere: as an end of a call, within a SIP address, in what an engine adds to an
event, in the raw JSON; and callers write their own names, so it may be split by marks that nobody
sees. What is masked is therefore what will be shown: without those, and with plain digits. In
doubt a digit too many is hidden.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Final

import phonenumbers
from pydantic import JsonValue

from bot.characters import compatible, is_unseen
from bot.report import Details, Family, Found, Hit, Missed, Report, Sweep
from bot.signalwire.errors import ApiFault, RequestRejectedError, SignalWireError
from bot.signalwire.models import ChargeDetail, LogEvent, Timeline, VoiceLog

_DOT: Final = "•"
_KEPT: Final = 2
_PLUS: Final = r"(?:\+|%2[Bb])?"
_MARK: Final = r"(?:%20|[\W_])"
"""What may stand between two digits of one number: up to three of anything but letters."""
# In an end of a call: five digits may be an extension, and so somebody's.
_IN_ADDRESS: Final = re.compile(rf"{_PLUS}\d(?:{_MARK}{{0,3}}\d){{4,}}")
_IN_TEXT: Final = re.compile(rf"{_PLUS}\d(?:{_MARK}{{0,3}}\d){{6,}}")
# What looks like a number and is none: ids, dates and times, IP addresses, small decimals.
_NO_NUMBER: Final = re.compile(
    r"""
      (?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])
    | (?<![0-9A-Za-z])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32}(?![0-9A-Za-z])
    | (?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)(?:[T\ ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?
        (?:Z|[+-]\d\d:?\d\d)?)?(?!\d)
    | (?<![\d:])[0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?![\d:])
    | (?<![\d.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\d.])
    | (?<![\d.+])\d{1,2}\.\d+(?![\d.])
    """,
    re.VERBOSE,
)
_JSON_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"?|[-+.0-9eE]+|[^"\-+.0-9eE]+', re.DOTALL)
_ENDS: Final = frozenset({"from", "to"})
_LONG_NUMBER: Final = 10**9
"""From here on a bare number in JSON may be a phone's: ten digits."""


class Masking(Enum):
    """Where phone numbers are masked: the setting MASK_NUMBERS."""

    SHARED = "shared"
    ALWAYS = "always"
    NEVER = "never"

    def applies(self, *, public: bool) -> bool:
        """Whether numbers are masked in what everyone in a channel sees, or one person alone."""
        return self is Masking.ALWAYS or (self is Masking.SHARED and public)


def address(end: str) -> str:
    """An end of a call with its digits masked: `+1 ••••••••12`; a name stays as it is."""
    plain = _as_shown(end)
    user, at, host = plain.partition("@")
    masked = _IN_ADDRESS.sub(_hidden, user) + at + text(host)
    return end if masked == plain else masked


def text(words: str) -> str:
    """A text with whatever looks like a phone number masked. Ids, dates and times stay."""
    plain = _as_shown(words)
    pieces: list[str] = []
    end = 0
    for kept in _NO_NUMBER.finditer(plain):
        pieces += [_IN_TEXT.sub(_hidden, plain[end : kept.start()]), kept.group()]
        end = kept.end()
    masked = "".join([*pieces, _IN_TEXT.sub(_hidden, plain[end:])])
    return words if masked == plain else masked


def log(record: VoiceLog) -> VoiceLog:
    """A log as everyone may see it."""
    return record.model_copy(
        update={
            "from_": address(record.from_) if record.from_ else None,
            "to": address(record.to) if record.to else None,
            "parent_id": _optional(record.parent_id),
            "status": _optional(record.status),
            "type": _optional(record.type),
            "source": _optional(record.source),
            "direction": _optional(record.direction),
            "charge_details": tuple(_charge_line(line) for line in record.charge_details),
        }
    )


def report(report: Report) -> Report:
    """What a lookup came to, for a card; without the JSON, which a card doesn't show."""
    match report:
        case Found():
            return replace(report, log=log(report.log), json="")
        case Missed():
            errors = {name: _error(error) for name, error in report.errors.items()}
            return replace(report, errors=errors)
        case _:
            return report


def sweep(sweep: Sweep) -> Sweep:
    """What a search came to."""
    return replace(sweep, hits=tuple(Hit(hit.project, log(hit.log)) for hit in sweep.hits))


def details(details: Details) -> Details:
    """Everything there is to know of a log, its JSON too."""
    found, timeline, family = details.found, details.timeline, details.family
    return replace(
        details,
        found=replace(found, log=log(found.log), json=json_text(found.json)),
        timeline=_timeline(timeline) if isinstance(timeline, Timeline) else timeline,
        family=_family(family) if isinstance(family, Family) else family,
    )


def json_text(sent: str) -> str:
    """JSON with the numbers in its strings masked, and long bare numbers; the rest as it was."""
    pieces: list[str] = []
    key = ""
    for match in _JSON_TOKEN.finditer(sent):
        token = match.group()
        is_end = key in _ENDS and bool(pieces) and pieces[-1].strip() == ":"
        if not token.startswith('"'):
            pieces.append(_bare(token, is_end=is_end))
            continue
        value = _unquoted(token)
        if value is None:  # not JSON after all
            pieces.append(text(token))
            continue
        masked = address(value) if is_end else text(value)
        pieces.append(token if masked == value else json.dumps(masked, ensure_ascii=False))
        key = value
    return "".join(pieces)


def _as_shown(words: str) -> str:
    """Without what nobody sees, and with one form for each digit and sign."""
    if words.isascii() and words.isprintable():
        return words
    plain = compatible(words)
    seen = (
        one for one in plain if not is_unseen(one) and unicodedata.category(one) not in {"Mn", "Me"}
    )
    return "".join(
        str(digit) if (digit := unicodedata.decimal(one, None)) is not None else one for one in seen
    )


def _optional(words: str | None) -> str | None:
    return text(words) if words else None


def _bare(token: str, *, is_end: bool) -> str:
    """A number in JSON; as a string of dots if it may be a phone's."""
    try:
        value = float(token)
    except ValueError:
        return text(token)  # not JSON after all
    if not (is_end or abs(value) >= _LONG_NUMBER):
        return token
    digits = "".join(filter(str.isdigit, token.partition(".")[0])) or token
    return json.dumps(_dotted("", digits), ensure_ascii=False)


def _unquoted(token: str) -> str | None:
    try:
        value: object = json.loads(token, strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _charge_line(line: ChargeDetail) -> ChargeDetail:
    return line.model_copy(update={"description": _optional(line.description)})


def _error(error: SignalWireError) -> SignalWireError:
    """What the API said of an error may quote a number."""
    if not isinstance(error, RequestRejectedError):
        return error
    faults = [ApiFault(text(fault.code), text(fault.message)) for fault in error.faults]
    return RequestRejectedError(error.status, faults)


def _timeline(timeline: Timeline) -> Timeline:
    return Timeline(tuple(map(_event, timeline.events)), json_text(timeline.json))


def _event(event: LogEvent) -> LogEvent:
    return event.model_copy(
        update={
            "name": _optional(event.name),
            "level": _optional(event.level),
            "details": _mapping(event.details),
        }
    )


def _mapping(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    masked: dict[str, JsonValue] = {}
    for key, value in values.items():
        name = text(key)
        while name in masked:  # two numbers as names may look the same now
            name += "'"
        masked[name] = _within(value, is_end=key in _ENDS)
    return masked


def _within(value: JsonValue, *, is_end: bool = False) -> JsonValue:
    match value:
        case str():
            return address(value) if is_end else text(value)
        case list():
            return [_within(item) for item in value]
        case dict():
            return _mapping(value)
        case bool() | None:
            return value
        case int() | float():
            masked = _bare(repr(value), is_end=is_end)
            return value if masked == repr(value) else _unquoted(masked)


def _family(family: Family) -> Family:
    return replace(family, log=log(family.log), legs=tuple(map(log, family.legs)))


def _hidden(match: re.Match[str]) -> str:
    number = match.group().replace("%20", " ")
    plus = "+" if number.startswith(("+", "%")) else ""
    digits = "".join(filter(str.isdigit, re.sub("^%2[Bb]", "", number)))
    return _dotted(plus, digits)


def _dotted(plus: str, digits: str) -> str:
    country = _country(digits) if plus else ""
    hidden = max(len(digits) - len(country) - _KEPT, 1)
    start = f"+{country} " if country else plus
    return f"{start}{_DOT * hidden}{digits[-_KEPT:]}"


def _country(digits: str) -> str:
    """The calling code of a number in international form; nothing if it has none."""
    try:
        code = str(phonenumbers.parse(f"+{digits}").country_code)
    except phonenumbers.NumberParseException:
        return ""
    return code if len(digits) - len(code) > _KEPT else ""
