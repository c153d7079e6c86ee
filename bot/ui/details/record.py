"""The parts of the details modal that show the log itself: facts, charge and all fields."""

from collections.abc import Iterator
from typing import Final

from bot.signalwire.models import Json, JsonObject, VoiceLog
from bot.ui import audio_quality, block_kit, labels, mrkdwn
from bot.ui import facts as main_facts
from bot.ui.block_kit import Block, Fact
from bot.ui.card_context import CardContext
from bot.ui.details import pretty_json, sections
from bot.voicelogs.results import Found

_FIELDS_LIMIT: Final = 60
_LEVELS: Final = 3
_CHARGES_LIMIT: Final = 100
_NAME_LIMIT: Final = 60
_VALUE_LIMIT: Final = 200
_NO_CHARGE: Final = "No charge reported."
_NO_LINES: Final = "No line items reported."
_NO_SUM: Final = "Line items may not add up to the charge."


def headline(found: Found, context: CardContext) -> Block:
    """Build the headline, as on the card."""
    emoji, _ = labels.status(found.log, context.now)
    return block_kit.header(f"{emoji} {labels.headline(found.log, context.now)}")


def facts(found: Found, context: CardContext) -> list[Block]:
    """Build the main facts of the card, with exact durations, engine and source."""
    log = found.log
    audio = audio_quality.line(log.quality)
    identity = [*labels.labels(log), *labels.engine_labels(log)]
    identity += [f"project {mrkdwn.code(name)}"] if (name := context.project(found.project)) else []
    lines = [
        *([audio] if audio else []),
        " · ".join([*identity, f"Voice log id {mrkdwn.code(log.id)}"]),
        *main_facts.notes(log, context.now),
    ]
    return [
        *block_kit.fields(main_facts.main_facts(log, context.now, exact=True)),
        *map(block_kit.context, lines),
    ]


def charge(log: VoiceLog) -> list[Block]:
    """Build the charge and its lines, which may not add up to it."""
    if log.charge is None and not log.charge_details:
        return [block_kit.header("Charge"), block_kit.section(_NO_CHARGE)]
    total = f"{mrkdwn.money(log.charge)} for this leg" if log.charge is not None else ""
    if log.is_live and total:
        total += " so far"
    shown = log.charge_details[:_CHARGES_LIMIT]
    lines = [labels.charge_line(line) for line in shown]
    more = len(log.charge_details) - len(shown)
    lines += [f"… and {more} more in Raw JSON"] if more else []
    note = _NO_SUM if lines else _NO_LINES
    return [
        block_kit.header("Charge"),
        *sections.sections([*([f"*{total}*"] if total else []), *lines]),
        block_kit.context(note),
    ]


def fields(record: JsonObject) -> list[Block]:
    """List all fields, unknown ones too, in the order received; nested ones as `outer.inner`."""
    everything = list(_unfolded(record))
    shown = [_field(name, value) for name, value in everything[:_FIELDS_LIMIT]]
    body: list[Block] = [block_kit.header("All fields of the record")]
    for start in range(0, len(shown), block_kit.FIELDS_LIMIT):
        body += block_kit.fields(shown[start : start + block_kit.FIELDS_LIMIT])
    more = len(everything) - len(shown)
    return [*body, *([block_kit.context(f"… and {more} more in Raw JSON")] if more else [])]


def _unfolded(
    record: JsonObject, levels: int = _LEVELS, prefix: str = ""
) -> Iterator[tuple[str, Json]]:
    for name, value in record.items():
        if isinstance(value, dict) and value and levels:
            yield from _unfolded(value, levels - 1, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _field(name: str, value: Json) -> Fact:
    # The label is set in bold, which an asterisk in it would end.
    label = mrkdwn.code(name.replace("*", "∗"), _NAME_LIMIT)  # noqa: RUF001 - looks like one
    text = value if isinstance(value, str) else pretty_json.compact(value)
    return Fact(label, mrkdwn.code(text, _VALUE_LIMIT))
