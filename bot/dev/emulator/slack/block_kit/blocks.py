"""The blocks that a message, a modal and a Home tab can contain, with Slack's limits.

Facts: docs.slack.dev: reference/block-kit/blocks. Blocks newer than `markdown` and `table` are left
out on purpose: not every client supports them yet.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.dev.emulator.slack.block_kit.elements import (
    BLOCK_ID,
    CLICKABLE,
    DATE_AND_TIME,
    DISPATCH,
    IMAGE_ELEMENT,
    IMAGE_FIELDS,
    IMAGE_SOURCES,
    TYPED,
    plain,
    text,
)
from bot.dev.emulator.slack.block_kit.rich_text import PARTS, RICH_TEXT
from bot.dev.emulator.slack.block_kit.schema import (
    Check,
    Record,
    any_of,
    array,
    boolean,
    by_type,
    duplicates,
    enum_value,
    exactly_one_of,
    nullable,
    pointer_to,
    record,
    string,
)

_TYPE: Final = string(low=1)
_OWN_ID: Final[Mapping[str, Check]] = MappingProxyType({"block_id": BLOCK_ID})

_ACCESSORY: Final = by_type(
    "an element a section can have beside it", {**CLICKABLE, "image": IMAGE_ELEMENT}
)
_ACTION: Final = by_type(
    "an element an actions block can hold", {**CLICKABLE, "datetimepicker": DATE_AND_TIME}
)
_CONTEXT: Final = by_type(
    "a text object or an image",
    {"plain_text": text(), "mrkdwn": text(), "image": IMAGE_ELEMENT},
)
_INPUT: Final = by_type(
    "an element an input block can hold",
    {
        **{kind: check for kind, check in CLICKABLE.items() if kind not in {"button", "overflow"}},
        **TYPED,
        "datetimepicker": DATE_AND_TIME,
        "rich_text_input": record(
            {"type": _TYPE, "action_id": string(255, low=1)},
            {
                "initial_value": RICH_TEXT,
                "placeholder": plain(150),
                "focus_on_load": boolean,
                "dispatch_action_config": DISPATCH,
            },
        ),
    },
)
# Source: docs.slack.dev: reference/block-kit/blocks/table-block
_CELL: Final = by_type(
    "a table cell",
    {
        "raw_text": record({"type": _TYPE, "text": string(low=1)}, {"emoji": boolean}),
        "rich_text": record({"type": _TYPE, "elements": array(PARTS, 1)}, _OWN_ID),
    },
)
_COLUMN: Final = record({}, {"align": enum_value("left", "center", "right"), "is_wrapped": boolean})


def _one_action_id_once(value: Record, pointer: str) -> Iterator[str]:
    """docs.slack.dev: an action_id is unique within its containing block."""
    yield from duplicates("action_id", value.get("elements"), pointer_to(pointer, "elements"))


_EVERYWHERE: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "header": record({"type": _TYPE, "text": plain(150)}, _OWN_ID),
        "section": record(
            {"type": _TYPE},
            {
                **_OWN_ID,
                "text": text(3000),
                "fields": array(text(2000), 1, 10),
                "accessory": _ACCESSORY,
                "expand": boolean,
            },
            any_of("text", "fields"),
        ),
        "context": record({"type": _TYPE, "elements": array(_CONTEXT, 1, 10)}, _OWN_ID),
        "actions": record(
            {"type": _TYPE, "elements": array(_ACTION, 1, 25)}, _OWN_ID, _one_action_id_once
        ),
        "divider": record({"type": _TYPE}, _OWN_ID),
        "image": record(
            IMAGE_FIELDS,
            {**_OWN_ID, **IMAGE_SOURCES, "title": plain(2000)},
            exactly_one_of(*IMAGE_SOURCES),
        ),
        "rich_text": RICH_TEXT,
    }
)
MESSAGE_BLOCK: Final = by_type(
    "a block that is known to work in a message",
    {
        **_EVERYWHERE,
        # Its length limit applies to the whole message, so it is not checked here.
        "markdown": record({"type": _TYPE, "text": string(low=1)}, _OWN_ID),
        "table": record(
            {"type": _TYPE, "rows": array(array(_CELL, 1, 20), 1, 100)},
            {**_OWN_ID, "column_settings": array(nullable(_COLUMN), 1, 20)},
        ),
    },
)
VIEW_BLOCK: Final = by_type(
    "a block that is known to work in a view",
    {
        **_EVERYWHERE,
        "input": record(
            {"type": _TYPE, "label": plain(2000), "element": _INPUT},
            {**_OWN_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
        ),
    },
)
