"""What the record itself says: the facts that matter, the charge line by line, every field."""

from typing import Final

from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, labels, mrkdwn
from bot.ui.block_kit import Block, Fact
from bot.ui.card_context import CardContext
from bot.ui.details import pretty_json, sections
from bot.voicelogs.results import Found

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
    emoji, _ = labels.status(found.log)
    return block_kit.header(f"{emoji} {labels.headline(found.log)}")


def facts(found: Found, context: CardContext) -> list[Block]:
    """From whom to whom, when, how long, for how much."""
    log = found.log
    route = labels.route(log)
    name = context.project(found.project)
    project = [Fact("Project", mrkdwn.code(name))] if name else []
    nature = " · ".join([*labels.labels(log), f"Voice log id {mrkdwn.code(log.id)}"])
    return [
        *([block_kit.section(route)] if route else []),
        *block_kit.fields([*_facts(log), *project]),
        block_kit.context(nature),
    ]


def _facts(log: VoiceLog) -> list[Fact]:
    label = "Duration so far" if log.is_live else "Duration"
    duration = [Fact(label, _duration(log))] if log.duration_or_rounded_ms is not None else []
    return [*labels.status_and_times(log), *duration, *labels.billed_time(log), *labels.charge(log)]


def _duration(log: VoiceLog) -> str:
    if log.duration_ms is not None:
        return mrkdwn.exact_duration(int(log.duration_ms))
    return f"{int(log.duration or 0)} s"


def charge(log: VoiceLog) -> list[Block]:
    """The charge, and every line it is made of; never summed, since it needn't be their total."""
    if log.charge is None and not log.charge_details:
        return [block_kit.header("Charge"), block_kit.section(_NO_CHARGE)]
    total = f"{mrkdwn.money(log.charge)} for this leg" if log.charge is not None else ""
    if log.is_live and total:
        total += " so far"
    shown = log.charge_details[:_CHARGES_LIMIT]
    lines = [labels.charge_line(line) for line in shown]
    more = len(log.charge_details) - len(shown)
    lines += [f"… and {more} more: see Raw JSON"] if more else []
    note = _NO_SUM if lines else _NO_LINES
    return [
        block_kit.header("Charge"),
        *sections.sections([*([f"*{total}*"] if total else []), *lines]),
        block_kit.context(note),
    ]


def fields(json: str) -> list[Block]:
    """Every field of the record, unknown ones too, in the order in which they were sent."""
    found = pretty_json.members(json)
    heading = block_kit.header("All fields of the record")
    if found is None:
        return [heading, block_kit.section(_UNREADABLE)]
    shown = [_field(member) for member in found[:_FIELDS_LIMIT]]
    body: list[Block] = [heading]
    for start in range(0, len(shown), block_kit.FIELDS_LIMIT):
        body += block_kit.fields(shown[start : start + block_kit.FIELDS_LIMIT])
    more = len(found) - len(shown)
    return [*body, *([block_kit.context(f"… and {more} more: see Raw JSON")] if more else [])]


def _field(member: pretty_json.JsonField) -> Fact:
    # The label is set in bold, which an asterisk in it would end.
    name = mrkdwn.code(member.name.replace("*", "∗"), _NAME_LIMIT)  # noqa: RUF001 - what stands in
    return Fact(name, mrkdwn.code(member.value, _VALUE_LIMIT))
