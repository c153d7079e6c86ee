"""Block Kit's blocks and elements as typed models, as far as this page can draw them.

Shapes: docs.slack.dev: reference/block-kit. What is unknown or malformed becomes `Unknown`, on its
own: its neighbours are still drawn. It must not know how anything is drawn, nor Slack's limits.
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
    """Text that is never formatted."""

    type: Literal["plain_text"]
    text: str


class Mrkdwn(BlockModel):
    """Text in Slack's markup. `verbatim`: URLs in it don't become links by themselves."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool = False


Words = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


class Confirm(BlockModel):
    """What a person is asked before a click counts."""

    title: PlainText
    text: Words
    confirm: PlainText
    deny: PlainText
    style: Literal["primary", "danger"] = "primary"


class Option(BlockModel):
    """A line of a menu."""

    text: Words
    value: str = ""
    url: str = ""


class OptionGroup(BlockModel):
    """Lines of a menu under a heading."""

    label: PlainText
    options: tuple[Option, ...]


class _Pressed(BlockModel):
    # Slack makes one up where there is none; here nobody could say which was pressed.
    action_id: str = Field(min_length=1)
    confirm: Confirm | None = None


class Button(_Pressed):
    """A button; with a `url`, one that opens it."""

    type: Literal["button"]
    text: PlainText
    style: Literal["primary", "danger"] | None = None
    url: str = ""
    accessibility_label: str = ""


class Overflow(_Pressed):
    """A menu behind three dots."""

    type: Literal["overflow"]
    options: tuple[Option, ...]


class Select(_Pressed):
    """A field to choose one of a few options in."""

    type: Literal["static_select"]
    options: tuple[Option, ...] = ()
    option_groups: tuple[OptionGroup, ...] = ()
    initial_option: Option | None = None
    placeholder: PlainText | None = None


class TextInput(BlockModel):
    """A field to write in."""

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
    """One large line."""

    type: Literal["header"]
    text: PlainText


class Section(_Block):
    """Text, or fields in two columns, with something to press beside it."""

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
    """Small grey text."""

    type: Literal["context"]
    elements: tuple[SmallPrint, ...]


class Actions(_Block):
    """A row of things to press."""

    type: Literal["actions"]
    elements: tuple[Pressed, ...]


class Divider(_Block):
    """A thin line."""

    type: Literal["divider"]


class RichText(_Block):
    """Text as people write it."""

    type: Literal["rich_text"]
    elements: tuple[Part, ...]


class Input(_Block):
    """A labelled field of a form."""

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
    """Each block as its model. It never raises: what can't be read is `Unknown`."""
    return tuple(parse_block(block, kinds=_BLOCKS) for block in blocks)


def places(blocks: Sequence[JsonValue]) -> tuple[tuple[int, ...], ...]:
    """For each element of each block, how many before it have the same `action_id`.

    Those of input blocks don't count: they send no actions. Unknown ones do, wherever they stand,
    so that the count is the same for whoever reads the JSON.
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
