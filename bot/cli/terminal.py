"""Renders Block Kit as text, roughly as Slack lays it out."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Final, TextIO

from bot.runtime.terminal_color import wants_color
from bot.ui.mrkdwn import strip_markup

_BAR: Final = "┃ "
_COLUMN: Final = 38
_RULE: Final = "─" * 2 * _COLUMN


def show(blocks: Sequence[object], stream: TextIO, environment: Mapping[str, str]) -> None:
    """Print blocks, with bold and dim text on a terminal whose user wants color."""
    print(render(blocks, color=stream.isatty() and wants_color(environment)), file=stream)


def render(blocks: Sequence[object], *, color: bool = False) -> str:
    """Render blocks, as posted, as lines of text with a bar at the left.

    For a type that the bot doesn't use, only the name is shown.
    """
    lines: list[str] = []
    for block in blocks:
        lines += ["", *_block(block, _Style(color=color))]
    return "\n".join((_BAR + line).rstrip() for line in lines[1:])


class _Style:
    def __init__(self, *, color: bool) -> None:
        self._color = color

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._color else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self._color else text


def _block(block: object, style: _Style) -> list[str]:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            return [style.bold(text)]
        case {"type": "section", "fields": [*fields]}:
            return _columns([_lines(field) for field in fields], style)
        case {"type": "section", "text": text, "accessory": accessory}:
            first, *others = _lines(text)
            return [f"{first}  {_element(accessory)}", *others]
        case {"type": "section", "text": text}:
            return _lines(text)
        case {"type": "context", "elements": [*elements]}:
            return [style.dim(line) for element in elements for line in _lines(element)]
        case {"type": "actions", "elements": [*buttons]}:
            return ["  ".join(_element(button) for button in buttons)]
        case _:
            return _modal_block(block, style)


def _modal_block(block: object, style: _Style) -> list[str]:
    match block:
        case {"type": "rich_text", "elements": [*parts]}:
            return [line for part in parts for line in _preformatted(part)]
        case {"type": "divider"}:
            return [style.dim(_RULE)]
        case {"type": "input", "label": label, "element": element}:
            return [*map(style.dim, _lines(label)), f"[ {_field(element)} ]"]
        case {"type": str(kind)}:
            return [f"({kind})"]
        case _:
            return []


def _element(element: object) -> str:
    match element:
        case {"type": "overflow"}:
            return "[ ⋯ ]"
        case _:
            return f"[ {' '.join(_lines(element))} ]"


def _preformatted(part: object) -> list[str]:
    """The lines of preformatted text, in which markup has no effect."""
    match part:
        case {"type": "rich_text_preformatted", "elements": [*leaves]}:
            texts = [leaf["text"] for leaf in leaves if isinstance(leaf, dict) and "text" in leaf]
            return "".join(map(str, texts)).split("\n")
        case {"type": str(kind)}:
            return [f"({kind})"]
        case _:
            return []


def _field(element: object) -> str:
    """The value of an input element, or else its placeholder."""
    match element:
        case {"initial_value": str(text)}:
            return text
        case {"initial_option": option}:
            return f"{_lines(option)[0]} ▾"
        case {"initial_options": [*options]}:
            return f"{', '.join(_lines(option)[0] for option in options)} ▾"
        case {"initial_date": str(date)}:
            return date
        case {"type": "static_select", "options": [first, *_]}:
            return f"{_lines(first)[0]} ▾"
        case {"placeholder": placeholder}:
            return _lines(placeholder)[0]
        case _:
            return "…"


def _columns(fields: Sequence[Sequence[str]], style: _Style) -> list[str]:
    """Fields in two columns. The first line of each is its label."""
    lines: list[str] = []
    for left, right in zip_longest(fields[::2], fields[1::2], fillvalue=("",)):
        pairs = [f"{a:<{_COLUMN - 2}}  {b}" for a, b in zip_longest(left, right, fillvalue="")]
        lines += [style.dim(pairs[0]), *pairs[1:]]
    return lines


def _lines(element: object) -> list[str]:
    """The lines of a text object or an element with one, without mrkdwn."""
    match element:
        case {"type": "plain_text", "text": str(text)}:
            return text.split("\n")
        case {"text": str(marked)}:
            text = strip_markup(marked)
            return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split("\n")
        case {"text": inner}:
            return _lines(inner)
        case _:
            return [""]
