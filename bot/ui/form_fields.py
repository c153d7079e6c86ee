"""The fields of a form, for modals only: input blocks and their elements."""

from typing import Literal, NotRequired, TypedDict

from bot.ui.composition_objects import Option, PlainText, plain


class TextInput(TypedDict):
    """A text field of a form."""

    type: Literal["plain_text_input"]
    action_id: str
    max_length: int
    placeholder: NotRequired[PlainText]
    initial_value: NotRequired[str]


class Select(TypedDict):
    """A select menu of a form."""

    type: Literal["static_select"]
    action_id: str
    options: list[Option]
    initial_option: NotRequired[Option]


class MultiSelect(TypedDict):
    """A menu of a form in which several options can be chosen."""

    type: Literal["multi_static_select"]
    action_id: str
    options: list[Option]
    initial_options: NotRequired[list[Option]]
    placeholder: NotRequired[PlainText]


class DatePicker(TypedDict):
    """A date picker of a form; dates are YYYY-MM-DD."""

    type: Literal["datepicker"]
    action_id: str
    initial_date: NotRequired[str]
    placeholder: NotRequired[PlainText]


class ConversationFilter(TypedDict):
    """Which conversations a menu offers."""

    exclude_bot_users: bool


class ConversationsSelect(TypedDict):
    """A menu of the conversations that the user can open, for modals only.

    With `response_url_enabled`, the submission has a response URL for the one that was chosen.
    """

    type: Literal["conversations_select"]
    action_id: str
    response_url_enabled: bool
    default_to_current_conversation: bool
    filter: ConversationFilter


FormElement = TextInput | Select | MultiSelect | DatePicker | ConversationsSelect


class Input(TypedDict):
    """A labeled field. Errors are assigned by `block_id`."""

    type: Literal["input"]
    block_id: str
    label: PlainText
    element: FormElement
    optional: bool
    hint: NotRequired[PlainText]


def input_block(
    label: str, element: FormElement, hint: str = "", *, optional: bool = True
) -> Input:
    """Build a labeled field; its `block_id` is the element's `action_id`."""
    block: Input = {
        "type": "input",
        "block_id": element["action_id"],
        "label": plain(label, 100),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 200)
    return block
