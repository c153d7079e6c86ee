"""The blocks, messages and views that this bot sends, with Slack's limits in code points.

Blocks, elements and fields that this bot doesn't send are rejected, even if Slack accepts them.

Facts: docs.slack.dev: reference/block-kit/blocks and reference/views.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, Field, JsonValue, TypeAdapter, ValidationError, model_validator
from pydantic_core import ErrorDetails

from bot.dev.emulator.slack.block_elements import (
    Clickable,
    ConversationsSelect,
    Id,
    InputElement,
    Model,
    PlainText,
    Text,
    distinct,
    up_to,
)

# --- Blocks -----------------------------------------------------------------------------------


class _Block(Model):
    block_id: Id | None = None


class Header(_Block):
    type: Literal["header"]
    text: Annotated[PlainText, up_to(150)]


class Section(_Block):
    """Text, or fields in two columns, with an optional accessory."""

    type: Literal["section"]
    text: Annotated[Text, up_to(3000)] | None = None
    fields: list[Annotated[Text, up_to(2000)]] = Field([], min_length=1, max_length=10)
    accessory: Clickable | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.text is None and not self.fields:
            raise ValueError("neither text nor fields")
        return self


class Context(_Block):
    type: Literal["context"]
    elements: list[Annotated[Text, up_to(3000)]] = Field(min_length=1, max_length=10)


class Actions(_Block):
    type: Literal["actions"]
    elements: Annotated[list[Clickable], distinct("action_id")] = Field(min_length=1, max_length=25)


class Divider(_Block):
    type: Literal["divider"]


class _RichTextRun(Model):
    type: Literal["text"]
    text: str = Field(min_length=1)


class _Preformatted(Model):
    type: Literal["rich_text_preformatted"]
    elements: list[_RichTextRun] = Field(min_length=1)


class RichText(_Block):
    type: Literal["rich_text"]
    elements: list[_Preformatted] = Field(min_length=1)


class Input(_Block):
    type: Literal["input"]
    label: Annotated[PlainText, up_to(2000)]
    element: InputElement
    hint: Annotated[PlainText, up_to(2000)] | None = None
    optional: bool = False


# --- Messages and views -----------------------------------------------------------------------

_Shown = Header | Section | Context | Actions | Divider | RichText
Block = _Shown | Input
_ShownBlock = Annotated[_Shown, Field(discriminator="type")]
AnyBlock = Annotated[Block, Field(discriminator="type")]
_DISTINCT_BLOCKS: Final = distinct("block_id")


class _Message(Model):
    """What a response URL accepts.

    Slack ignores a misspelled field here. Nobody would notice a misspelled `replace_original`.
    """

    # docs.slack.dev: changelog/2018-04-truncating-really-long-messages (cut at 40,000)
    text: str = Field("", max_length=40_000)
    blocks: Annotated[list[_ShownBlock], _DISTINCT_BLOCKS] = Field([], max_length=50)
    response_type: Literal["ephemeral", "in_channel"] = "ephemeral"
    replace_original: bool = False
    delete_original: bool = False
    thread_ts: str = Field("", pattern=r"^\d+\.\d+$")
    mrkdwn: bool = True


class _View(Model):
    private_metadata: str = Field("", max_length=3000)
    callback_id: str = Field("", max_length=255)


class Modal(_View):
    type: Literal["modal"]
    blocks: Annotated[list[AnyBlock], _DISTINCT_BLOCKS] = Field(max_length=100)
    title: Annotated[PlainText, up_to(24)]
    close: Annotated[PlainText, up_to(24)] | None = None
    submit: Annotated[PlainText, up_to(24)] | None = None

    @model_validator(mode="after")
    def _can_be_submitted(self) -> Self:
        if self.submit is None and any(isinstance(block, Input) for block in self.blocks):
            raise ValueError("submit is required in a modal with an input block")
        return self

    @model_validator(mode="after")
    def _has_one_response_url(self) -> Self:
        """Slack sends a response URL for each such menu; this bot uses one."""
        inputs = (block.element for block in self.blocks if isinstance(block, Input))
        menus = [element for element in inputs if isinstance(element, ConversationsSelect)]
        if sum(menu.response_url_enabled for menu in menus) > 1:
            raise ValueError("response_url_enabled is used by this bot once in a view")
        return self


class Home(_View):
    type: Literal["home"]
    blocks: Annotated[list[_ShownBlock], _DISTINCT_BLOCKS] = Field(max_length=100)


_VIEW: Final[TypeAdapter[Modal | Home]] = TypeAdapter(
    Annotated[Modal | Home, Field(discriminator="type")]
)


def problems(payload: Mapping[str, JsonValue]) -> list[str]:
    """Check a message: `text`, `blocks` and the other fields that a response URL accepts.

    Returns one line per problem, starting with a JSON pointer, such as `/blocks/2/text: its text is
    longer than 3000 characters`; an empty list if Slack would accept it.
    """
    return problems_of(_Message.model_validate, payload)


def view_problems(view: Mapping[str, JsonValue]) -> list[str]:
    """Check a view, as `problems` does."""
    return problems_of(_VIEW.validate_python, view)


def problems_of(
    validate: Callable[[Mapping[str, JsonValue]], BaseModel], payload: Mapping[str, JsonValue]
) -> list[str]:
    """Check an object with a model's method, as `problems` does."""
    try:
        validate(payload)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        return [f"{_pointer(payload, error)}: {error['msg']}" for error in errors]
    return []


def _pointer(payload: Mapping[str, JsonValue], error: ErrorDetails) -> str:
    """The JSON pointer (RFC 6901) of an error; pydantic names the members of unions on the way."""
    pointer = ""
    value: JsonValue = dict(payload)
    for step in error["loc"]:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[str(step)]
        elif error["type"] != "missing" or step != error["loc"][-1]:
            continue
        pointer += f"/{str(step).replace('~', '~0').replace('/', '~1')}"
    return pointer or "/"
