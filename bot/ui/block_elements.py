"""The interactive elements of blocks: buttons and overflow menus.

docs.slack.dev, reference/block-kit/block-elements. The elements of forms are in form_fields.py.
"""

from typing import Final, Literal, NotRequired, TypedDict

from bot.ui.composition_objects import Confirm, Option, PlainText, plain

LABEL_LIMIT: Final = 75
VALUE_LIMIT: Final = 2000
"""Characters (docs.slack.dev: button element)."""


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
    style: NotRequired[Literal["primary"]]


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
    """Build the buttons for the previous and the next page, where they exist.

    Args:
        number: the number of the page that is shown, from 1.
        last: the number of the last page.
        back: the action ID and the label of the button for the previous page.
        forward: those of the button for the next page.
    """
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
