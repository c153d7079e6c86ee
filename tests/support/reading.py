"""Reads messages, modals and the Home tab: what they look like, and what can be clicked in them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import (
    AppRequest,
    OpenView,
    PostedMessage,
    RecordedInteraction,
)
from bot.ui import actions
from bot.ui.block_kit import View
from bot.ui.details.sections import LOADING
from tests.support import texts
from tests.support.as_sent import sent_blocks

Shown = PostedMessage | OpenView
REFERENCE: Final = re.compile(r"Reference `?(ref\d{4})")


@dataclass(frozen=True)
class Button:
    """A button, or an option of an overflow menu."""

    action_id: str
    value: str
    label: str
    confirm: str = ""
    """The whole text of the confirmation dialog."""


def rendered(shown: Shown) -> str:
    """Render for a terminal; a modal with its title."""
    title = f"[{shown.title}]\n" if isinstance(shown, OpenView) else ""
    return title + render(shown.blocks)


def to_json(shown: Shown) -> str:
    """Return the whole message or view as JSON."""
    return json.dumps(shown.payload, ensure_ascii=False)


def texts_in(node: JsonValue) -> str:
    """Return every text in blocks, a line each."""
    match node:
        case {"text": str(text)}:
            return f"{text}\n"
        case dict():
            return "".join(texts_in(value) for value in node.values())
        case [*items]:
            return "".join(texts_in(item) for item in items)
        case _:
            return ""


def section_of(view: OpenView | View, heading: str) -> str:
    """Render what is below a heading of a modal, up to the next heading."""
    blocks = view.blocks if isinstance(view, OpenView) else sent_blocks(view)
    heads = [n for n, block in enumerate(blocks) if _heading(block) is not None]
    for head, end in zip(heads, [*heads[1:], len(blocks)], strict=True):
        if _heading(blocks[head]) == heading:
            return render(blocks[head + 1 : end])
    raise AssertionError(f"no {heading} in {render(blocks)}")


def _heading(block: JsonValue) -> str | None:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            return text
        case _:
            return None


def headings(shown: Shown) -> list[str]:
    """Return the text of all headers."""
    return [heading for block in shown.blocks if (heading := _heading(block)) is not None]


def is_loaded(view: OpenView) -> bool:
    """Return whether no part of a modal is still loading."""
    return LOADING not in render(view.blocks)


def buttons(node: JsonValue | Sequence[JsonValue] | Shown) -> list[Button]:
    """Return all buttons and menu options, in order."""
    return [*_buttons([*node.blocks] if isinstance(node, PostedMessage | OpenView) else node)]


def _buttons(node: JsonValue | Sequence[JsonValue]) -> Iterator[Button]:
    match node:
        case {"type": "button", "action_id": str(action), "text": {"text": str(label)}}:
            assert isinstance(node, Mapping)
            confirm = texts_in(node.get("confirm")).strip()
            yield Button(action, str(node.get("value", "")), label, confirm)
        case {"type": "overflow", "action_id": str(action), "options": [*options]}:
            for option in options:
                assert isinstance(option, Mapping)
                yield Button(action, str(option["value"]), texts_in(option["text"]).strip())
        case dict():
            for value in node.values():
                yield from _buttons(value)
        case [*items]:
            for item in items:
                yield from _buttons(item)


def button_labels(shown: Shown) -> list[str]:
    """Return the labels of the buttons and menu options."""
    return [button.label for button in buttons(shown)]


def action_ids(shown: Shown) -> list[str]:
    """Return the action IDs of the buttons and menu options."""
    return [button.action_id for button in buttons(shown)]


def button_values(shown: Shown) -> list[str]:
    """Return the values of the buttons and menu options."""
    return [button.value for button in buttons(shown)]


def value_with(shown: Shown, part: str) -> str:
    """Return the one value that contains `part`."""
    (value,) = (value for value in button_values(shown) if part in value)
    return value


def values_of(shown: Shown, action_id: str) -> list[str]:
    """Return the values of the buttons with this action ID."""
    return [button.value for button in buttons(shown) if button.action_id == action_id]


def row_ids(shown: Shown) -> list[str]:
    """Return the log IDs of the rows, top to bottom."""
    return values_of(shown, actions.CARD)


def confirmation(shown: Shown, action_id: str) -> str:
    """Return the text of this button's confirmation dialog."""
    (button,) = (button for button in buttons(shown) if button.action_id == action_id)
    return button.confirm


def with_value(message: PostedMessage, old: str, new: str) -> PostedMessage:
    """Return the message with another value on a button, as an older version may have sent it."""
    payload = json.dumps(dict(message.payload)).replace(json.dumps(old), json.dumps(new))
    return replace(message, payload=json.loads(payload))


MASKED: Final = "•"


def only(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message of an interaction, which only the user sees."""
    assert interaction.failed is None
    (message,) = interaction.messages
    assert message.response_type == "ephemeral"
    return message


def last_message(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message, or the one below the notice that SignalWire is slow."""
    assert interaction.failed is None
    *notices, message = interaction.messages
    slow = {texts.SLOW_LOG, texts.SLOW_LOGS, texts.SLOW_CALLS}
    assert [notice.text in slow for notice in notices] in ([], [True])
    assert {posted.response_type for posted in interaction.messages} == {"ephemeral"}
    return message


def message_below_notice(interaction: RecordedInteraction) -> PostedMessage:
    """Return the message below the notice that SignalWire is slow."""
    assert len(interaction.messages) == 2
    return last_message(interaction)


def public(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message of an interaction that everyone sees, as it is now."""
    (message,) = [one for one in interaction.messages if one.response_type == "in_channel"]
    return message


def private(interaction: RecordedInteraction) -> PostedMessage:
    """Return the one message of an interaction that only the user sees, as it is now."""
    (message,) = [one for one in interaction.messages if one.response_type == "ephemeral"]
    return message


def request_id_in(message: PostedMessage | AppRequest) -> str:
    """Return the request ID that a message shows."""
    text = message.text if isinstance(message, PostedMessage) else message.body
    found = REFERENCE.search(text)
    assert found is not None, text
    return found[1]
