"""Typed models of the Block Kit blocks and elements that this page can render.

Shapes: docs.slack.dev: reference/block-kit. An unknown or invalid one becomes an
`UnsupportedBlock`; the others are still rendered.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal, Self

from pydantic import Field, JsonValue, PlainValidator, model_validator

from bot.dev.playground.web.render.model import BlockModel, UnsupportedBlock, parse_block
from bot.dev.playground.web.render.rich_text import Part


class PlainText(BlockModel):
    """Text without formatting."""

    type: Literal["plain_text"]
    text: str


class Mrkdwn(BlockModel):
    """Text in Slack's markup. `verbatim`: bare URLs in it don't become links."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool = False


Words = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


class Confirm(BlockModel):
    """The confirmation dialog of an element."""

    title: PlainText
    text: Words
    confirm: PlainText
    deny: PlainText
    style: Literal["primary", "danger"] = "primary"


class Option(BlockModel):
    """An option of a menu."""

    text: Words
    value: str = ""
    url: str = ""


class OptionGroup(BlockModel):
    """Options under a label."""

    label: PlainText
    options: tuple[Option, ...]


class _Pressed(BlockModel):
    # Slack generates a missing one; here a click could not be attributed.
    action_id: str = Field(min_length=1)
    confirm: Confirm | None = None


class Button(_Pressed):
    """A button; one with a `url` opens it."""

    type: Literal["button"]
    text: PlainText
    style: Literal["primary", "danger"] | None = None
    url: str = ""
    accessibility_label: str = ""


class Overflow(_Pressed):
    """An overflow menu."""

    type: Literal["overflow"]
    options: tuple[Option, ...]


class Select(_Pressed):
    """A select menu."""

    type: Literal["static_select"]
    options: tuple[Option, ...] = ()
    option_groups: tuple[OptionGroup, ...] = ()
    initial_option: Option | None = None
    placeholder: PlainText | None = None


class TextInput(BlockModel):
    """A text field."""

    type: Literal["plain_text_input"]
    action_id: str = Field(min_length=1)
    multiline: bool = False
    initial_value: str = ""
    placeholder: PlainText | None = None
    min_length: int | None = None
    max_length: int | None = None


_PRESSED: Final[Mapping[str, type[Button | Overflow | Select]]] = MappingProxyType(
    {"button": Button, "overflow": Overflow, "static_select": Select}
)
_FILLED_IN: Final[Mapping[str, type[TextInput | Select]]] = MappingProxyType(
    {"plain_text_input": TextInput, "static_select": Select}
)
_SMALL_PRINT: Final[Mapping[str, type[PlainText | Mrkdwn]]] = MappingProxyType(
    {"plain_text": PlainText, "mrkdwn": Mrkdwn}
)
Pressed = Annotated[
    Button | Overflow | Select | UnsupportedBlock,
    PlainValidator(partial(parse_block, kinds=_PRESSED)),
]
FilledIn = Annotated[
    TextInput | Select | UnsupportedBlock, PlainValidator(partial(parse_block, kinds=_FILLED_IN))
]
SmallPrint = Annotated[
    PlainText | Mrkdwn | UnsupportedBlock, PlainValidator(partial(parse_block, kinds=_SMALL_PRINT))
]


class _Block(BlockModel):
    block_id: str = ""


class Header(_Block):
    """A heading."""

    type: Literal["header"]
    text: PlainText


class Section(_Block):
    """Text, or fields in two columns, with an optional accessory."""

    type: Literal["section"]
    text: Words | None = None
    fields: tuple[Words, ...] = ()
    accessory: Pressed | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.fields:
            raise ValueError("neither text nor fields")
        return self


class Context(_Block):
    """Small gray text."""

    type: Literal["context"]
    elements: tuple[SmallPrint, ...]


class Actions(_Block):
    """A row of interactive elements."""

    type: Literal["actions"]
    elements: tuple[Pressed, ...]


class Divider(_Block):
    """A horizontal line."""

    type: Literal["divider"]


class RichText(_Block):
    """Formatted text."""

    type: Literal["rich_text"]
    elements: tuple[Part, ...]


class Input(_Block):
    """A labeled field of a form."""

    type: Literal["input"]
    label: PlainText
    element: FilledIn
    hint: PlainText | None = None
    optional: bool = False


Known = Header | Section | Context | Actions | Divider | RichText | Input
Block = Known | UnsupportedBlock
_BLOCKS: Final[Mapping[str, type[Known]]] = MappingProxyType(
    {
        "header": Header,
        "section": Section,
        "context": Context,
        "actions": Actions,
        "divider": Divider,
        "rich_text": RichText,
        "input": Input,
    }
)


def parse(blocks: Sequence[JsonValue]) -> tuple[Block, ...]:
    """Parse each block. Never raises: invalid blocks become `UnsupportedBlock`."""
    return tuple(parse_block(block, kinds=_BLOCKS) for block in blocks)


def places(blocks: Sequence[JsonValue]) -> tuple[tuple[int, ...], ...]:
    """For each element of each block, the number of earlier ones with the same `action_id`.

    Elements of input blocks don't count, because they send no actions. Unsupported ones do, so that
    the count agrees with the JSON.
    """
    before: Counter[JsonValue] = Counter()
    found = []
    for block in blocks:
        own = []
        for action_id in _action_ids(block):
            own.append(before[action_id])
            before[action_id] += 1
        found.append(tuple(own))
    return tuple(found)


def _action_ids(block: JsonValue) -> Iterator[str]:
    if not isinstance(block, dict):
        return
    held = {"actions": "elements", "section": "accessory"}.get(str(block.get("type")), "")
    elements = block.get(held)
    for element in elements if isinstance(elements, list) else [elements]:
        action_id = element.get("action_id") if isinstance(element, dict) else None
        yield action_id if isinstance(action_id, str) else ""
