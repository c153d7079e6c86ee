"""The Block Kit that this bot sends, with Slack's limits. Lengths are counted in code points.

Blocks, elements and fields that this bot doesn't send are rejected, even if Slack accepts them.

Facts: docs.slack.dev: reference/block-kit (blocks, block-elements, composition-objects) and
reference/views.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _has_no_null(cls, value: JsonValue) -> JsonValue:
        if isinstance(value, dict) and None in value.values():
            raise ValueError("a field without a value is left out, not null")
        return value


def _distinct(name: str) -> AfterValidator:
    """Reject a list in which two items have the same ID in that field."""

    def check(items: list[_Model]) -> list[_Model]:
        ids = [own for item in items if (own := getattr(item, name)) is not None]
        if len(set(ids)) < len(ids):
            raise ValueError(f"a {name} is used more than once")
        return items

    return AfterValidator(check)


# --- Composition objects ----------------------------------------------------------------------


class PlainText(_Model):
    type: Literal["plain_text"]
    text: str = Field(min_length=1)
    emoji: bool = True


class Mrkdwn(_Model):
    """`verbatim`: bare URLs don't become links."""

    type: Literal["mrkdwn"]
    text: str = Field(min_length=1)
    verbatim: bool = False


def _up_to(characters: int) -> AfterValidator:
    def check(text: PlainText | Mrkdwn) -> PlainText | Mrkdwn:
        if len(text.text) > characters:
            raise ValueError(f"its text is longer than {characters} characters")
        return text

    return AfterValidator(check)


Text = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]
PlainText75 = Annotated[PlainText, _up_to(75)]
Url = Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=3000)]
Id = Annotated[str, Field(min_length=1, max_length=255)]


class Confirm(_Model):
    title: Annotated[PlainText, _up_to(100)]
    text: Annotated[PlainText, _up_to(300)]
    confirm: Annotated[PlainText, _up_to(30)]
    deny: Annotated[PlainText, _up_to(30)]


class Option(_Model):
    text: PlainText75
    value: str = Field(max_length=150)


class OverflowOption(Option):
    url: Url | None = None


class ConversationFilter(_Model):
    exclude_bot_users: bool


# --- Elements ---------------------------------------------------------------------------------


class _Element(_Model):
    # Slack generates a missing one, but then the bot couldn't tell what was clicked.
    action_id: Id


class Button(_Element):
    type: Literal["button"]
    text: PlainText75
    value: str = Field("", max_length=2000)
    url: Url | None = None
    confirm: Confirm | None = None


class Overflow(_Element):
    type: Literal["overflow"]
    options: list[OverflowOption] = Field(min_length=1, max_length=5)


Clickable = Annotated[Button | Overflow, Field(discriminator="type")]


class _InputElement(_Element):
    placeholder: Annotated[PlainText, _up_to(150)] | None = None


class TextInput(_InputElement):
    type: Literal["plain_text_input"]
    initial_value: str = Field("", max_length=3000)
    max_length: int = Field(3000, ge=1, le=3000)

    @model_validator(mode="after")
    def _initial_value_fits(self) -> Self:
        """Slack documents the two limits, not that they must agree."""
        if len(self.initial_value) > self.max_length:
            raise ValueError("the initial value is within max_length")
        return self


class Select(_InputElement):
    type: Literal["static_select"]
    options: list[Option] = Field(min_length=1, max_length=100)
    initial_option: Option | None = None

    @model_validator(mode="after")
    def _initial_option_is_offered(self) -> Self:
        if self.initial_option is not None and self.initial_option not in self.options:
            raise ValueError("initial_option is one of the options")
        return self


class MultiSelect(_InputElement):
    type: Literal["multi_static_select"]
    options: list[Option] = Field(min_length=1, max_length=100)
    initial_options: list[Option] = Field([], min_length=1, max_length=100)

    @model_validator(mode="after")
    def _initial_options_are_offered(self) -> Self:
        if any(option not in self.options for option in self.initial_options):
            raise ValueError("initial_options are among the options")
        return self


class DatePicker(_InputElement):
    type: Literal["datepicker"]
    initial_date: str = Field("", pattern=r"^\d{4}-\d{2}-\d{2}$")


class ConversationsSelect(_InputElement):
    """`response_url_enabled` only works in an input block of a modal, as all of these are here."""

    type: Literal["conversations_select"]
    default_to_current_conversation: bool = False
    response_url_enabled: bool = False
    filter: ConversationFilter | None = None


# --- Blocks -----------------------------------------------------------------------------------


class _Block(_Model):
    block_id: Id | None = None


class Header(_Block):
    type: Literal["header"]
    text: Annotated[PlainText, _up_to(150)]


class Section(_Block):
    """Text, or fields in two columns, with an optional accessory."""

    type: Literal["section"]
    text: Annotated[Text, _up_to(3000)] | None = None
    fields: list[Annotated[Text, _up_to(2000)]] = Field([], min_length=1, max_length=10)
    accessory: Clickable | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if self.text is None and not self.fields:
            raise ValueError("neither text nor fields")
        return self


class Context(_Block):
    type: Literal["context"]
    elements: list[Annotated[Text, _up_to(3000)]] = Field(min_length=1, max_length=10)


class Actions(_Block):
    type: Literal["actions"]
    elements: Annotated[list[Clickable], _distinct("action_id")] = Field(
        min_length=1, max_length=25
    )


class Divider(_Block):
    type: Literal["divider"]


class _RichTextRun(_Model):
    type: Literal["text"]
    text: str = Field(min_length=1)


class _Preformatted(_Model):
    type: Literal["rich_text_preformatted"]
    elements: list[_RichTextRun] = Field(min_length=1)


class RichText(_Block):
    type: Literal["rich_text"]
    elements: list[_Preformatted] = Field(min_length=1)


class Input(_Block):
    type: Literal["input"]
    label: Annotated[PlainText, _up_to(2000)]
    element: Annotated[
        TextInput | Select | MultiSelect | DatePicker | ConversationsSelect,
        Field(discriminator="type"),
    ]
    hint: Annotated[PlainText, _up_to(2000)] | None = None
    optional: bool = False


# --- Messages and views -----------------------------------------------------------------------

_Shown = Header | Section | Context | Actions | Divider | RichText
Block = _Shown | Input
_ShownBlock = Annotated[_Shown, Field(discriminator="type")]
AnyBlock = Annotated[Block, Field(discriminator="type")]
_DISTINCT_BLOCKS: Final = _distinct("block_id")


class _Message(_Model):
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


class _View(_Model):
    private_metadata: str = Field("", max_length=3000)
    callback_id: str = Field("", max_length=255)


class _Modal(_View):
    type: Literal["modal"]
    blocks: Annotated[list[AnyBlock], _DISTINCT_BLOCKS] = Field(max_length=100)
    title: Annotated[PlainText, _up_to(24)]
    close: Annotated[PlainText, _up_to(24)] | None = None
    submit: Annotated[PlainText, _up_to(24)] | None = None

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


class _Home(_View):
    type: Literal["home"]
    blocks: Annotated[list[_ShownBlock], _DISTINCT_BLOCKS] = Field(max_length=100)


_VIEW: Final[TypeAdapter[_Modal | _Home]] = TypeAdapter(
    Annotated[_Modal | _Home, Field(discriminator="type")]
)


def problems(payload: Mapping[str, JsonValue]) -> list[str]:
    """Check a message: `text`, `blocks` and the other fields that a response URL accepts.

    Returns one line per problem, starting with a JSON pointer, such as `/blocks/2/text: its text is
    longer than 3000 characters`; an empty list if Slack would accept it.
    """
    return _problems(_Message.model_validate, payload)


def view_problems(view: Mapping[str, JsonValue]) -> list[str]:
    """Check a view, as `problems` does."""
    return _problems(_VIEW.validate_python, view)


def _problems(
    validate: Callable[[Mapping[str, JsonValue]], BaseModel], payload: Mapping[str, JsonValue]
) -> list[str]:
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
