"""Typed models of the Block Kit blocks that this bot sends.

Shapes: docs.slack.dev: reference/block-kit. Any other block becomes an `UnsupportedBlock`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class PlainText(_Model):
    type: Literal["plain_text"]
    text: str


class Mrkdwn(_Model):
    """`verbatim`: bare URLs in it don't become links."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool = False


Words = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]


class Confirm(_Model):
    title: PlainText
    text: Words
    confirm: PlainText
    deny: PlainText
    style: Literal["primary", "danger"] = "primary"


# Slack opens nothing else.
Url = Annotated[str, Field(pattern=r"^https?://")]


class Option(_Model):
    text: PlainText
    value: str
    url: Url | None = None


class _Element(_Model):
    # Slack generates a missing one; here a click could not be attributed.
    action_id: str = Field(min_length=1)
    confirm: Confirm | None = None


class Button(_Element):
    type: Literal["button"]
    text: PlainText
    style: Literal["primary", "danger"] | None = None
    url: Url | None = None


class Overflow(_Element):
    type: Literal["overflow"]
    options: tuple[Option, ...]


class Select(_Element):
    type: Literal["static_select"]
    options: tuple[Option, ...]
    initial_option: Option | None = None
    placeholder: PlainText | None = None


class MultiSelect(_Element):
    type: Literal["multi_static_select"]
    options: tuple[Option, ...]
    initial_options: tuple[Option, ...] = ()
    placeholder: PlainText | None = None


class DatePicker(_Element):
    type: Literal["datepicker"]
    initial_date: str = ""
    placeholder: PlainText | None = None


class ConversationsSelect(_Element):
    """A menu of the workspace's conversations; the filter is applied by the emulator."""

    type: Literal["conversations_select"]
    filter: dict[str, JsonValue] = {}
    placeholder: PlainText | None = None


class TextInput(_Element):
    type: Literal["plain_text_input"]
    multiline: bool = False
    initial_value: str = ""
    placeholder: PlainText | None = None


Clickable = Annotated[Button | Overflow | Select, Field(discriminator="type")]


class _Block(_Model):
    block_id: str = ""


class Header(_Block):
    type: Literal["header"]
    text: PlainText


class Section(_Block):
    """Text, or fields in two columns, with an optional accessory."""

    type: Literal["section"]
    text: Words | None = None
    fields: tuple[Words, ...] = ()
    accessory: Clickable | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.text is None and not self.fields:
            raise ValueError("neither text nor fields")
        return self


class Context(_Block):
    type: Literal["context"]
    elements: tuple[Words, ...]


class Actions(_Block):
    type: Literal["actions"]
    elements: tuple[Clickable, ...]


class Divider(_Block):
    type: Literal["divider"]


class _RichTextRun(_Model):
    type: Literal["text"]
    text: str


class _Preformatted(_Model):
    type: Literal["rich_text_preformatted"]
    elements: tuple[_RichTextRun, ...]


class RichText(_Block):
    """Preformatted lines; messages that people write have other parts, which aren't drawn."""

    type: Literal["rich_text"]
    elements: tuple[_Preformatted, ...]


class Input(_Block):
    type: Literal["input"]
    label: PlainText
    element: Annotated[
        TextInput | Select | MultiSelect | DatePicker | ConversationsSelect,
        Field(discriminator="type"),
    ]
    hint: PlainText | None = None
    optional: bool = False


Known = Header | Section | Context | Actions | Divider | RichText | Input
_KNOWN: Final[TypeAdapter[Known]] = TypeAdapter(Annotated[Known, Field(discriminator="type")])


@dataclass(frozen=True)
class UnsupportedBlock:
    """A block that can't be drawn, and why."""

    block: JsonValue
    why: str

    @property
    def json(self) -> str:
        return json.dumps(self.block, indent=2, ensure_ascii=False)


def parse(blocks: Sequence[JsonValue]) -> tuple[Known | UnsupportedBlock, ...]:
    """Parse each block; an unknown or invalid one becomes an `UnsupportedBlock`."""
    return tuple(map(_parse, blocks))


def _parse(block: JsonValue) -> Known | UnsupportedBlock:
    try:
        return _KNOWN.validate_python(block)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        return UnsupportedBlock(block, f"{place}: {first['msg']}" if place else first["msg"])


def places(blocks: Sequence[JsonValue]) -> tuple[tuple[int, ...], ...]:
    """For each element of each block, the number of earlier ones with the same `action_id`.

    Elements of input blocks don't count, because they send no actions. Those of unsupported blocks
    do, so that the count agrees with the JSON.
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
