"""Lists all fields of a record, including unknown ones."""

from collections.abc import Iterator
from typing import Final

from bot.signalwire.models import Json, JsonObject
from bot.ui import block_kit, mrkdwn
from bot.ui.block_kit import Block, Fact
from bot.ui.details import pretty_json

SIZE_LIMIT: Final = block_kit.MODAL_SIZE_LIMIT // 2
"""Bytes, as `payload_size` counts them; the rest of the page is for JSON."""

_FIELDS_LIMIT: Final = 60
_LEVELS: Final = 3
_NAME_LIMIT: Final = 60
_VALUE_LIMIT: Final = 200


def fields(record: JsonObject) -> list[Block]:
    """List all fields in the order received; nested ones as `outer.inner`."""
    everything = list(_flattened(record))
    body: list[Block] = [block_kit.header("All fields")]
    size = shown = 0
    for start in range(0, min(len(everything), _FIELDS_LIMIT), block_kit.FIELDS_LIMIT):
        row = [_field(*each) for each in everything[start : start + block_kit.FIELDS_LIMIT]]
        section = block_kit.fields(row)
        size += block_kit.payload_size(section)
        if size > SIZE_LIMIT:
            break
        body += section
        shown += len(row)
    more = len(everything) - shown
    return [*body, *([block_kit.context(f"… and {more} more in the JSON below")] if more else [])]


def _flattened(
    record: JsonObject, levels: int = _LEVELS, prefix: str = ""
) -> Iterator[tuple[str, Json]]:
    for name, value in record.items():
        # Joined names whose digits meet could read as a phone number, even if each is masked.
        is_joined = not any(map(str.isdigit, name))
        if isinstance(value, dict) and value and levels and is_joined:
            yield from _flattened(value, levels - 1, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _field(name: str, value: Json) -> Fact:
    # The label is set in bold, which an asterisk in it would end.
    label = mrkdwn.code(name.replace("*", "∗"), _NAME_LIMIT)  # noqa: RUF001 - looks like one
    text = value if isinstance(value, str) else pretty_json.compact(value)
    return Fact(label, mrkdwn.code(text, _VALUE_LIMIT))
