"""Reads a Slack message's visible text, in the order in which a person reads it.

Slack adds types of blocks each year, so text is found by its key, in blocks of any type
(docs.slack.dev: blocks, legacy attachments, file objects).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from pydantic import JsonValue

# Keys in reading order. Other keys come at "…", in the order of the JSON.
_ORDER: Final = (
    "pretext", "author_name", "author_subname", "author_link", "label", "hero_image", "caption",
    "title", "rich_text_title", "title_link", "title_url", "subject", "subtitle", "text", "url",
    "from_url", "description", "body", "subtext", "placeholder", "details", "output",
    "message_blocks", "blocks", "columns", "…", "preview", "join_url", "hint", "fields",
    "attachments", "files", "accessory", "actions", "footer", "alt_text", "alt_txt", "fallback",
)  # fmt: skip
_RANK: Final = {key: rank for rank, key in enumerate(_ORDER)}
_TEXT: Final = frozenset(_ORDER) | {
    "comment", "content", "display_id", "filename", "header", "heading", "initial_value", "message",
    "plain_text", "preview_plain_text", "summary",
}  # fmt: skip
# Keys of what only the app sees, of a picture in Slack, whose address nobody sees, and of what a
# person sees only after a click.
_INVISIBLE: Final = frozenset({
    "bot_profile", "confirm", "edited", "event_payload", "metadata", "previous_message",
    "private_metadata", "reactions", "root", "slack_file", "state", "style", "user_profile",
    "value", "workflow",
})  # fmt: skip
_ROW: Final = frozenset({"cells", "columns"})
_MAX_DEPTH: Final = 40

_Node = Mapping[str, JsonValue]


def texts_in(message: _Node) -> list[str]:
    """Return the visible texts of a message, as in a message shortcut's payload.

    There is one text for all blocks, one for each attachment and one for each file. A label and its
    value, such as an attachment's field, are next to each other; a table's row is a line with tabs.
    A message's `text` comes after its blocks, since it repeats them.
    """
    parts: list[JsonValue] = [message.get("blocks"), message.get("text")]
    for key in ("attachments", "files"):
        parts.extend(_list(message.get(key)))
    texts = ("\n".join(_lines(part, 0)) for part in parts)
    return [text for text in texts if text]


def _list(node: JsonValue) -> Sequence[JsonValue]:
    return node if isinstance(node, list) else [node]


def _lines(node: JsonValue, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        if node and all(isinstance(row, list) for row in node):
            yield from _rows(node, depth)
        elif any(map(_is_inline, node)):
            yield "".join(_inline(node, depth))
        else:
            for item in node:
                yield from _lines(item, depth + 1) if isinstance(item, (dict, list)) else ()
    elif isinstance(node, dict):
        yield from _lines_of_object(node, depth)


def _lines_of_object(node: _Node, depth: int) -> Iterator[str]:
    if node.get("type") in ("emoji", "icon"):
        return
    label, value = _label_and_value(node)
    if value:
        yield f"{label}: {value}"
        return
    for key in sorted(node, key=lambda key: _RANK.get(key, _RANK["…"])):
        inner = node[key]
        if isinstance(inner, str):
            # A file's `name` is shown, that of a legacy button isn't.
            if key in _TEXT or (key == "name" and "text" not in node):
                yield inner
        elif key in _ROW:
            yield from _rows([inner], depth + 1)
        elif key not in _INVISIBLE:
            yield from _lines(inner, depth + 1)


def _label_and_value(node: _Node) -> tuple[JsonValue, JsonValue]:
    """Return the label and value of an attachment's field. An option's `value` isn't shown."""
    labels = (node[key] for key in ("title", "label") if node.get(key) is not None)
    without_label = "" if node.keys() <= {"title", "value", "short"} else None
    shown = next(labels, without_label), node.get("value")
    is_field = "text" not in node and all(isinstance(part, str) for part in shown)
    return shown if is_field else (None, None)


def _rows(table: Sequence[JsonValue], depth: int) -> Iterator[str]:
    for row in table:
        cells = (" ".join(_lines(cell, depth + 2)) for cell in _list(row))
        yield "\t".join(" ".join(cell.split()) for cell in cells)


# The elements of rich text that make one line (docs.slack.dev: rich text block).
_INLINE: Final = (
    "text", "link", "emoji", "user", "usergroup", "channel", "broadcast", "color", "date", "team",
)  # fmt: skip


def _is_inline(node: JsonValue) -> bool:
    return isinstance(node, dict) and node.get("type") in _INLINE


def _inline(elements: Sequence[JsonValue], depth: int) -> Iterator[str]:
    """Yield texts as they are: formatting may split an id. Anything else stands between words."""
    for element in elements:
        text = " ".join(_lines(element, depth + 1))
        yield text if isinstance(element, dict) and element.get("type") == "text" else f" {text} "
