"""Hides phone numbers: country and last two digits stay. It must not know who sees what comes out.

A number may stand anywhere: as an end of a call, within a SIP address, in what an engine adds to an
event, in the raw JSON. Ends of a call are masked whatever they look like; elsewhere, whatever looks
like a number is.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Final

import phonenumbers
from pydantic import JsonValue

from bot.report import Details, Family, Found, Hit, Sweep
from bot.signalwire.models import ChargeDetail, LogEvent, Timeline, VoiceLog

_DOT: Final = "•"
_KEPT: Final = 2
_SEPARATED: Final = r"[\d\s().\-/]"
# In an end of a call: five digits in a row may be an extension, and so somebody's.
_IN_ADDRESS: Final = re.compile(rf"\+?\d(?:{_SEPARATED}*\d){{4,}}")
# Elsewhere dates, ids and amounts must stay readable.
_IN_TEXT: Final = re.compile(
    r"""
      \+\d(?:[\s().\-/]{0,3}\d){6,}                          # in international form
    | (?<![\w.\-])\d{7,}(?![\w\-]|\.\d)                      # bare
    | (?<![\w.\-])\(?\d{3}\)?[\s.\-]{1,2}\d{3}[\s.\-]\d{4}(?![\w\-])  # as North America writes it
    """,
    re.VERBOSE,
)
_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32}")
_JSON_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|[^"]+|"')
_ENDS: Final = frozenset({"from", "to"})
_NUMERIC: Final = re.compile(r"(?<![\d.eE+\-])\d{10,15}(?![\d.eE])")


class Masking(Enum):
    """Where phone numbers are masked: the setting MASK_NUMBERS."""

    SHARED = "shared"
    ALWAYS = "always"
    NEVER = "never"

    def applies(self, *, public: bool) -> bool:
        """Whether numbers are masked in what everyone in a channel sees, or one person alone."""
        return self is Masking.ALWAYS or (self is Masking.SHARED and public)


def address(text: str) -> str:
    """An end of a call with its digits masked: `+1 ••••••••12`; a name stays as it is."""
    return _IN_ADDRESS.sub(_hidden, text)


def text(words: str) -> str:
    """A text with whatever looks like a phone number masked. Ids of logs stay."""
    pieces: list[str] = []
    end = 0
    for kept in _ID.finditer(words):
        pieces += [_IN_TEXT.sub(_hidden, words[end : kept.start()]), kept.group()]
        end = kept.end()
    return "".join([*pieces, _IN_TEXT.sub(_hidden, words[end:])])


def log(record: VoiceLog) -> VoiceLog:
    """A log as everyone may see it."""
    return record.model_copy(
        update={
            "from_": address(record.from_) if record.from_ else None,
            "to": address(record.to) if record.to else None,
            "parent_id": text(record.parent_id) if record.parent_id else None,
            "status": text(record.status) if record.status else None,
            "type": text(record.type) if record.type else None,
            "source": text(record.source) if record.source else None,
            "direction": text(record.direction) if record.direction else None,
            "charge_details": tuple(_charge_line(line) for line in record.charge_details),
        }
    )


def found(report: Found) -> Found:
    """A log that was found, and its JSON."""
    return replace(report, log=log(report.log), json=json_text(report.json))


def sweep(sweep: Sweep) -> Sweep:
    """What a search came to."""
    return replace(sweep, hits=tuple(Hit(hit.project, log(hit.log)) for hit in sweep.hits))


def details(details: Details) -> Details:
    """Everything there is to know of a log."""
    timeline, family = details.timeline, details.family
    return replace(
        details,
        found=found(details.found),
        timeline=_timeline(timeline) if isinstance(timeline, Timeline) else timeline,
        family=_family(family) if isinstance(family, Family) else family,
    )


def json_text(sent: str) -> str:
    """JSON with the numbers in its strings masked, and long whole numbers; the rest as it was."""
    pieces: list[str] = []
    key = ""
    for match in _JSON_TOKEN.finditer(sent):
        token = match.group()
        if not token.startswith('"'):
            pieces.append(_NUMERIC.sub(_hidden, token))
            continue
        value = _unquoted(token)
        if value is None:  # not JSON after all
            pieces.append(text(token))
            continue
        is_end = key in _ENDS and bool(pieces) and pieces[-1].strip() == ":"
        masked = address(value) if is_end else text(value)
        pieces.append(token if masked == value else json.dumps(masked, ensure_ascii=False))
        key = value
    return "".join(pieces)


def _unquoted(token: str) -> str | None:
    try:
        value: object = json.loads(token)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _charge_line(line: ChargeDetail) -> ChargeDetail:
    described = text(line.description) if line.description else None
    return line.model_copy(update={"description": described})


def _timeline(timeline: Timeline) -> Timeline:
    return Timeline(tuple(map(_event, timeline.events)), json_text(timeline.json))


def _event(event: LogEvent) -> LogEvent:
    name = text(event.name) if event.name else None
    return event.model_copy(update={"name": name, "details": _mapping(event.details)})


def _mapping(values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {
        text(key): address(value) if key in _ENDS and isinstance(value, str) else _within(value)
        for key, value in values.items()
    }


def _within(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return text(value)
        case list():
            return [_within(item) for item in value]
        case dict():
            return _mapping(value)
        case bool() | float() | None:
            return value
        case int():
            digits = str(value)
            masked = _NUMERIC.sub(_hidden, digits)
            return value if masked == digits else masked


def _family(family: Family) -> Family:
    return replace(family, log=log(family.log), legs=tuple(map(log, family.legs)))


def _hidden(match: re.Match[str]) -> str:
    number = match.group()
    digits = [character for character in number if character.isdigit()]
    country = _country(number, len(digits)) if number.startswith("+") else ""
    hidden = len(digits) - len(country) - _KEPT
    start = f"+{country} " if country else "+" if number.startswith("+") else ""
    return f"{start}{_DOT * hidden}{''.join(digits[-_KEPT:])}"


def _country(number: str, digits: int) -> str:
    """The calling code of a number in international form; nothing if it has none."""
    try:
        code = str(phonenumbers.parse(number).country_code)
    except phonenumbers.NumberParseException:
        return ""
    return code if digits - len(code) > _KEPT else ""
