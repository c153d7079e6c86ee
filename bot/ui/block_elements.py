"""The parts of blocks: texts, options, buttons, menus, and the fields of forms.

docs.slack.dev, reference/block-kit: composition-objects, block-elements, blocks/input-block.
Builders clip texts.
"""

from typing import Final, Literal, NotRequired, TypedDict

from bot.ui.mrkdwn import clip

LABEL_LIMIT: Final = 75
VALUE_LIMIT: Final = 2000
"""Characters (docs.slack.dev: button element)."""

# ── Composition objects ───────────────────────────────────────────────────────────────────────


class PlainText(TypedDict):
    """A text object without formatting."""

    type: Literal["plain_text"]
    text: str
    emoji: bool


class Mrkdwn(TypedDict):
    """A text object in Slack's markup. `verbatim` turns off automatic links and mentions."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool


class Confirm(TypedDict):
    """A confirmation dialog, shown before a click takes effect."""

    title: PlainText
    text: PlainText
    confirm: PlainText
    deny: PlainText


class Option(TypedDict):
    """An option of a menu or a select; `url` is for an overflow menu only."""

    text: PlainText
    value: str
    url: NotRequired[str]


def plain(text: str, limit: int) -> PlainText:
    """Build a text object in which nothing is formatted, not even emoji names."""
    return {"type": "plain_text", "text": clip(text, limit), "emoji": False}


def mrkdwn_text(text: str, limit: int) -> Mrkdwn:
    """Build a text object from mrkdwn."""
    return {"type": "mrkdwn", "text": clip(text, limit), "verbatim": True}


# ── Buttons and menus ─────────────────────────────────────────────────────────────────────────


class Button(TypedDict):
    """A button. Its value must not hold a secret or a plain phone number.

    With a `url`, Slack opens that, and sends the click too (docs.slack.dev: button element).
    """

    type: Literal["button"]
    action_id: str
    text: PlainText
    value: NotRequired[str]
    url: NotRequired[str]
    confirm: NotRequired[Confirm]


class Overflow(TypedDict):
    """An overflow menu of up to five options."""

    type: Literal["overflow"]
    action_id: str
    options: list[Option]


Element = Button | Overflow


def button(
    action_id: str, label: str, value: str = "", *, url: str = "", confirm: Confirm | None = None
) -> Button:
    """Build a button; `label` is clipped to 75 characters."""
    element: Button = {
        "type": "button",
        "action_id": action_id,
        "text": plain(label, LABEL_LIMIT),
    }
    if value:
        element["value"] = value
    if url:
        element["url"] = url
    if confirm is not None:
        element["confirm"] = confirm
    return element


def page_buttons(
    number: int, last: int, back: tuple[str, str], forward: tuple[str, str]
) -> list[Button]:
    """Build the buttons beside page `number` of `last`, each of an action ID and a label."""
    beside = ((back, number - 1), (forward, number + 1))
    return [button(*named, str(page)) for named, page in beside if 1 <= page <= last]


def menu_option(label: str, value: str, url: str = "") -> Option:
    """Build an option of a menu; in an overflow menu, choosing it opens `url`."""
    option: Option = {"text": plain(label, LABEL_LIMIT), "value": value}
    if url:
        option["url"] = url
    return option


def overflow(action_id: str, *options: Option) -> Overflow:
    """Build an overflow menu of up to five options."""
    return {"type": "overflow", "action_id": action_id, "options": [*options]}


# ── The fields of forms, for modals only ──────────────────────────────────────────────────────


class TextInput(TypedDict):
    """A text field."""

    type: Literal["plain_text_input"]
    action_id: str
    max_length: int
    placeholder: NotRequired[PlainText]
    initial_value: NotRequired[str]


class Select(TypedDict):
    """A select menu."""

    type: Literal["static_select"]
    action_id: str
    options: list[Option]
    initial_option: NotRequired[Option]


class MultiSelect(TypedDict):
    """A menu in which several options can be chosen."""

    type: Literal["multi_static_select"]
    action_id: str
    options: list[Option]
    initial_options: NotRequired[list[Option]]
    placeholder: NotRequired[PlainText]


class DatePicker(TypedDict):
    """A date picker; dates are YYYY-MM-DD."""

    type: Literal["datepicker"]
    action_id: str
    initial_date: NotRequired[str]
    placeholder: NotRequired[PlainText]


class ConversationsSelect(TypedDict):
    """A menu of the conversations that the user can open.

    With `response_url_enabled`, the submission has a response URL for the one that was chosen.
    """

    type: Literal["conversations_select"]
    action_id: str
    response_url_enabled: bool
    default_to_current_conversation: bool
    filter: dict[Literal["exclude_bot_users"], bool]


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
