"""Renders an example of the gallery as plain text, with everything that users can read in it."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from bot.cli import terminal
from bot.dev.gallery.model import Example


def file_name(name: str) -> str:
    """Turn the name of a section or an example into the name of a folder or file."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def render_example(example: Example) -> str:
    """Render the text, the blocks, and what is shown only after a click."""
    parts = [
        "\n".join(_line(key, example.payload[key]) for key in _HEAD if key in example.payload),
        f"text:\n{example.text}" if example.text else "",
        f"blocks:\n{terminal.render(example.blocks)}",
        "\n".join(_hidden(example.blocks)),
        "\n".join(f"error on {block_id}: {error}" for block_id, error in example.errors.items()),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_HEAD = ("type", "title", "submit", "close")


def _line(label: str, value: JsonValue) -> str:
    return f"{label}: {_text(value)}"


def _text(value: JsonValue) -> str:
    return _text(value.get("text")) if isinstance(value, dict) else str(value)


def _hidden(node: JsonValue) -> Iterator[str]:
    """A line for each menu, confirmation, style and hint, none of which the terminal shows."""
    match node:
        case list():
            for item in node:
                yield from _hidden(item)
        case dict():
            label = _text(node.get("text") or node.get("label") or "⋯")
            for key in ("style", "hint"):
                if key in node:
                    yield _line(f"{label}, {key}", node[key])
            match node:
                case {"options": [*options]}:
                    yield f"{label}: {' | '.join(_text(option) for option in options)}"
                case {"confirm": dict(confirm)}:
                    texts = [_text(confirm[key]) for key in ("title", "text", "confirm", "deny")]
                    yield f"{label}, confirm: {' | '.join(texts)}"
                case _:
                    for value in node.values():
                        yield from _hidden(value)
        case _:
            pass
