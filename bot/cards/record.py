"""What the record itself says: the facts that matter, the charge line by line, every field.

It must not know of timelines or of other legs.
"""

from typing import Final

from bot.cards import blocks, leg, parts, raw
from bot.cards import text as words
from bot.cards.blocks import Block, Fact
from bot.report import Found
from bot.signalwire.models import VoiceLog

_FIELDS_LIMIT: Final = 60
_CHARGES_LIMIT: Final = 100
_NAME_LIMIT: Final = 60
_VALUE_LIMIT: Final = 200
_UNREADABLE: Final = "The record couldn't be read field by field: see Raw JSON."
_NO_CHARGE: Final = "SignalWire names no charge for this log."
_NO_LINES: Final = "SignalWire sent no itemised lines for it."
_NO_SUM: Final = "The lines needn't add up to the charge."


def headline(found: Found) -> Block:
    """What happened, as at the head of the card."""
    emoji, _ = leg.status(found.log)
    return blocks.header(f"{emoji} {leg.headline(found.log)}")


def facts(found: Found, *, name_project: bool) -> list[Block]:
    """From whom to whom, when, how long, for how much."""
    log = found.log
    route = leg.route(log)
    project = [Fact("Project", words.code(found.project))] if name_project else []
    nature = " · ".join([*leg.labels(log), f"Voice log id {words.code(log.id)}"])
    return [
        *([blocks.section(route)] if route else []),
        *blocks.fields([*_facts(log), *project]),
        blocks.context(nature),
    ]


def _facts(log: VoiceLog) -> list[Fact]:
    label = "Duration so far" if log.is_live else "Duration"
    duration = [Fact(label, _duration(log))] if log.duration_or_rounded_ms is not None else []
    return [*leg.status_and_times(log), *duration, *leg.billed_time(log), *leg.charge(log)]


def _duration(log: VoiceLog) -> str:
    if log.duration_ms is not None:
        return words.exact_duration(int(log.duration_ms))
    return f"{int(log.duration or 0)} s"


def charge(log: VoiceLog) -> list[Block]:
    """The charge, and every line it is made of; never summed, since it needn't be their total."""
    if log.charge is None and not log.charge_details:
        return [blocks.header("Charge"), blocks.section(_NO_CHARGE)]
    total = f"{words.money(log.charge)} for this leg" if log.charge is not None else ""
    if log.is_live and total:
        total += " so far"
    shown = log.charge_details[:_CHARGES_LIMIT]
    lines = [leg.charge_line(line) for line in shown]
    more = len(log.charge_details) - len(shown)
    lines += [f"… and {more} more: see Raw JSON"] if more else []
    note = _NO_SUM if lines else _NO_LINES
    return [
        blocks.header("Charge"),
        *parts.sections([*([f"*{total}*"] if total else []), *lines]),
        blocks.context(note),
    ]


def fields(json: str) -> list[Block]:
    """Every field of the record, unknown ones too, in the order in which they were sent."""
    found = raw.members(json)
    heading = blocks.header("All fields of the record")
    if found is None:
        return [heading, blocks.section(_UNREADABLE)]
    shown = [_field(member) for member in found[:_FIELDS_LIMIT]]
    body: list[Block] = [heading]
    for start in range(0, len(shown), blocks.FIELDS_LIMIT):
        body += blocks.fields(shown[start : start + blocks.FIELDS_LIMIT])
    more = len(found) - len(shown)
    return [*body, *([blocks.context(f"… and {more} more: see Raw JSON")] if more else [])]


def _field(member: raw.JsonField) -> Fact:
    # The label is set in bold, which an asterisk in it would end.
    name = words.code(member.name.replace("*", "∗"), _NAME_LIMIT)  # noqa: RUF001 - what stands in
    return Fact(name, words.code(member.value, _VALUE_LIMIT))
