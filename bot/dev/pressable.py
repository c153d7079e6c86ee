"""The buttons and menu options in blocks, and their labels."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

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


def pressables(blocks: Sequence[object]) -> Iterator[Pressable]:
    """Yield everything that can be pressed, from top to bottom."""
    seen: Counter[str] = Counter()
    for element in _elements(blocks):
        match element:
            case {"action_id": str(action_id), "options": [*options]}:
                labels = [_label(option) for option in options]
            case {"action_id": str(action_id)}:
                labels = [_label(element)]
            case _:
                continue
        for index, label in enumerate(labels):
            yield Pressable(label, action_id, index, seen[action_id])
        seen[action_id] += 1


def _elements(blocks: Sequence[object]) -> Iterator[object]:
    for block in blocks:
        match block:
            case {"accessory": accessory}:
                yield accessory
            case {"type": "actions", "elements": [*several]}:
                yield from several
            case _:
                pass


def _label(element: object) -> str:
    match element:
        case {"text": {"text": str(label)}}:
            return label
        case _:
            return ""
