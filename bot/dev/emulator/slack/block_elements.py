"""The composition objects and elements of Block Kit that this bot sends, with Slack's limits.

Facts: docs.slack.dev: reference/block-kit (block-elements, composition-objects), and for the choice
of a conversation also reference/interaction-payloads/view-interactions-payload, response_urls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue, model_validator


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _has_no_null(cls, value: JsonValue) -> JsonValue:
        if isinstance(value, dict) and None in value.values():
            raise ValueError("a field without a value is left out, not null")
        return value


def distinct(name: str) -> AfterValidator:
    """Reject a list in which two items have the same ID in that field."""

    def check(items: list[Model]) -> list[Model]:
        ids = [own for item in items if (own := getattr(item, name)) is not None]
        if len(set(ids)) < len(ids):
            raise ValueError(f"a {name} is used more than once")
        return items

    return AfterValidator(check)


# --- Composition objects ----------------------------------------------------------------------


class PlainText(Model):
    type: Literal["plain_text"]
    text: str = Field(min_length=1)
    emoji: bool = True


class Mrkdwn(Model):
    """`verbatim`: bare URLs don't become links."""

    type: Literal["mrkdwn"]
    text: str = Field(min_length=1)
    verbatim: bool = False


def up_to(characters: int) -> AfterValidator:
    """Reject a longer text. Slack's limits are in code points."""

    def check(text: PlainText | Mrkdwn) -> PlainText | Mrkdwn:
        if len(text.text) > characters:
            raise ValueError(f"its text is longer than {characters} characters")
        return text

    return AfterValidator(check)


Text = Annotated[PlainText | Mrkdwn, Field(discriminator="type")]
PlainText75 = Annotated[PlainText, up_to(75)]
Url = Annotated[str, Field(pattern=r"^https?://[!-~]+$", max_length=3000)]
Id = Annotated[str, Field(min_length=1, max_length=255)]


class Confirm(Model):
    title: Annotated[PlainText, up_to(100)]
    text: Annotated[PlainText, up_to(300)]
    confirm: Annotated[PlainText, up_to(30)]
    deny: Annotated[PlainText, up_to(30)]


class Option(Model):
    text: PlainText75
    value: str = Field(max_length=150)

    @property
    def sent(self) -> dict[str, JsonValue]:
        """The option as the app sent it."""
        return self.model_dump(exclude_unset=True)


class OverflowOption(Option):
    url: Url | None = None


class ConversationFilter(Model):
    exclude_bot_users: bool


# --- Elements ---------------------------------------------------------------------------------


class _Element(Model):
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


# What a user enters in a field: a text, a date, a conversation's ID, or the value of an option or
# of several; empty to clear the field.
Entered = str | Sequence[str]


class _InputElement(_Element):
    type: str
    placeholder: Annotated[PlainText, up_to(150)] | None = None
    state_key: ClassVar[str]
    """The name of what was entered, in the element's state."""
    empty: ClassVar[JsonValue] = None
    """What the state holds if nothing was entered."""

    @property
    def initial(self) -> JsonValue:
        """What is entered at first."""
        name = f"initial_{self.state_key.removeprefix('selected_')}"
        return self.model_dump(exclude_unset=True).get(name) or self.empty

    def entered(self, entered: Entered) -> JsonValue:
        """What the state holds after this was entered.

        Raises LookupError for what isn't offered, ValueError for what can't be entered.
        """
        if not isinstance(entered, str):
            raise ValueError(f"the emulator can't enter {entered!r} in a {self.type}")  # noqa: TRY004 - as for a text
        return self._value_of(entered) if entered else self.empty

    def _value_of(self, text: str) -> JsonValue:
        return text


class TextInput(_InputElement):
    type: Literal["plain_text_input"]
    initial_value: str = Field("", max_length=3000)
    max_length: int = Field(3000, ge=1, le=3000)
    state_key = "value"

    @model_validator(mode="after")
    def _initial_value_fits(self) -> Self:
        """Slack documents the two limits, not that they must agree."""
        if len(self.initial_value) > self.max_length:
            raise ValueError("the initial value is within max_length")
        return self


class _Menu(_InputElement):
    options: list[Option] = Field(min_length=1, max_length=100)

    def _value_of(self, text: str) -> JsonValue:
        for option in self.options:
            if option.value == text:
                return option.sent
        raise LookupError(f"no option with value {text!r}")

    @model_validator(mode="after")
    def _initial_options_are_offered(self) -> Self:
        initial = self.initial if isinstance(self.initial, list) else [self.initial]
        offered: list[JsonValue] = [None, *(option.sent for option in self.options)]
        if any(option not in offered for option in initial):
            raise ValueError("the initial options are among the options")
        return self


class Select(_Menu):
    type: Literal["static_select"]
    initial_option: Option | None = None
    state_key = "selected_option"


class MultiSelect(_Menu):
    type: Literal["multi_static_select"]
    initial_options: list[Option] = Field([], min_length=1, max_length=100)
    state_key = "selected_options"
    empty: ClassVar[JsonValue] = []

    def entered(self, entered: Entered) -> JsonValue:
        values = [entered] if isinstance(entered, str) else entered
        return [self._value_of(value) for value in dict.fromkeys(values) if value]


class DatePicker(_InputElement):
    type: Literal["datepicker"]
    initial_date: str = Field("", pattern=r"^\d{4}-\d{2}-\d{2}$")
    state_key = "selected_date"

    def _value_of(self, text: str) -> JsonValue:
        return date.fromisoformat(text).isoformat()


@dataclass(frozen=True)
class Conversation:
    """A conversation that every user here can open; the ID of a direct message begins with D."""

    id: str
    name: str
    is_with_bot: bool = False

    @property
    def label(self) -> str:
        """The name as Slack's menus show it."""
        return self.name if self.id.startswith("D") else f"#{self.name}"


CONVERSATIONS: Final = (
    Conversation("C0SUPPORT", "support"),
    Conversation("C0ENGINEERING", "engineering"),
    Conversation("C0ESCALATIONS", "escalations"),
    Conversation("C0PARTNER", "partner-example"),
    Conversation("D0FRONTDESK", "Front desk"),
    Conversation("D0VOICELOG", "VoiceLog", is_with_bot=True),
)


class ConversationsSelect(_InputElement):
    """`response_url_enabled` only works in an input block of a modal, as all of these are here."""

    type: Literal["conversations_select"]
    default_to_current_conversation: bool = False
    response_url_enabled: bool = False
    filter: ConversationFilter | None = None
    state_key = "selected_conversation"

    @property
    def offered(self) -> list[Conversation]:
        """The conversations in the menu.

        Where a menu has no filter, Slack offers everything. That the filter applies to a chosen
        conversation too isn't documented; here, another one can't be chosen.
        """
        without_bots = self.filter is not None and self.filter.exclude_bot_users
        return [each for each in CONVERSATIONS if not (each.is_with_bot and without_bots)]

    def _value_of(self, text: str) -> JsonValue:
        if text not in [each.id for each in self.offered]:
            raise LookupError(f"no conversation {text!r} is offered")
        return text


InputElement = Annotated[
    TextInput | Select | MultiSelect | DatePicker | ConversationsSelect, Field(discriminator="type")
]
