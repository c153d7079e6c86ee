"""The buttons and menu options in blocks, and their labels."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.element_state import elements

_SYMBOLS_AROUND: Final = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True)
class Pressable:
    """A button, or an option of a menu.

    `option` is the index among the options of the menu, 0 for a button; `nth` is the index among
    the elements with this action_id.
    """

    label: str
    action_id: str
    option: int
    nth: int


def has_label(label: str, typed: str) -> bool:
    """Return whether `typed` is this label, in any case and without symbols around it."""
    return _plain(label) == _plain(typed)


def _plain(label: str) -> str:
    return _SYMBOLS_AROUND.sub("", label).casefold()


def pressables(blocks: Sequence[JsonValue]) -> Iterator[Pressable]:
    """Yield everything that can be pressed, from top to bottom."""
    seen: Counter[str] = Counter()
    for block in blocks:
        if isinstance(block, dict) and block.get("type") == "input":
            continue
        for element in elements(block):
            action_id = str(element.get("action_id"))
            options = element.get("options")
            for index, each in enumerate(options if isinstance(options, list) else [element]):
                yield Pressable(_label(each), action_id, index, seen[action_id])
            seen[action_id] += 1


def _label(element: object) -> str:
    match element:
        case {"text": {"text": str(label)}}:
            return label
        case _:
            return ""
