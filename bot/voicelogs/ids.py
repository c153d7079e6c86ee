"""Finds voice log ids in pasted text and in Slack messages.

An id is a UUID, the dashboard's "Voice Segment ID" (SignalWire docs, "Segment IDs").
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote
from uuid import UUID

from pydantic import JsonValue

_HEX: Final = "[0-9a-fA-F]"
_UUID: Final = (
    rf"(?:{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}|{_HEX}{{32}})(?![0-9A-Za-z])"
)
# "Accounts/" in a Compatibility API URL precedes the project's id, not a call's.
_ID: Final = re.compile(rf"(?<![0-9A-Za-z])(?<![Aa]ccounts/){_UUID}")
_COMPLETE: Final = re.compile(rf"(?<![0-9A-Za-z]){_UUID}")
# The dashboard's list truncates ids with an ellipsis; a partly selected id has none.
_TRUNCATED: Final = re.compile(
    rf"(?<![0-9A-Za-z-])(?:"
    rf"{_HEX}{{6,31}}-?(?:…|\.{{2,3}})"
    rf"|{_HEX}{{8}}(?:-{_HEX}{{4}}){{0,3}}-{_HEX}{{1,12}}(?:-?(?:…|\.{{2,3}})|(?![0-9A-Za-z-]))"
    rf")"
)
# Exactly eight digits may be an id's first group, where the dashboard truncates.
_FIRST_GROUP: Final = re.compile(r"[0-9]{8}-?(?:…|\.)")
# If the text has nothing else, a prefix needs no ellipsis.
_PREFIX: Final = re.compile(rf"{_HEX}{{8,31}}-?")
_TRUNCATED_LIMIT: Final = 20
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))  # noqa: RUF001 - editors replace hyphens by these
_INVISIBLE: Final = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)

# The keys of visible text in Slack's JSON. Others, such as block_id or client_msg_id (also a UUID),
# are ignored.
_TEXT_KEYS: Final = (
    "text", "url", "pretext", "title", "title_link", "from_url", "fallback", "footer", "value",
    "alt_text", "name", "preview", "description", "subtitle", "subtext", "body", "caption",
)  # fmt: skip
_CONTAINER_KEYS: Final = (
    "blocks", "message_blocks", "message", "elements", "fields", "rows", "columns", "accessory",
    "child_blocks", "attachments", "files",
)  # fmt: skip
_MAX_DEPTH: Final = 40


@dataclass(frozen=True)
class Ids:
    """The distinct complete ids, in order, and the prefixes of truncated ids."""

    complete: tuple[UUID, ...] = ()
    truncated: tuple[str, ...] = ()


def in_text(text: str) -> Ids:
    """Find the ids in a text, in any notation, in linear time."""
    found = in_texts([text])
    prefix = text.strip(" `'\"<>")
    if found == Ids() and _PREFIX.fullmatch(prefix) and _could_be_prefix(prefix + "…"):
        return Ids((), (prefix,))
    return found


def in_texts(texts: Iterable[str]) -> Ids:
    """Find the ids in several texts. A prefix of a complete id is omitted."""
    complete: dict[UUID, None] = {}
    truncated: dict[str, None] = {}
    for text in texts:
        visible = unquote(text).translate(_DASHES)
        plain = _INVISIBLE.sub("", visible)
        complete.update((UUID(match.group()), None) for match in _ID.finditer(plain))
        # An invisible character may be within an id, or between two adjacent ids.
        separated = _INVISIBLE.sub(" ", visible)
        complete.update((UUID(match.group()), None) for match in _ID.finditer(separated))
        pieces = (match.group() for match in _TRUNCATED.finditer(_COMPLETE.sub(" ", plain)))
        truncated.update((piece, None) for piece in pieces if _could_be_prefix(piece))
    prefixes = tuple(truncated)[:_TRUNCATED_LIMIT]
    return Ids(
        tuple(complete),
        tuple(piece for piece in prefixes if not _is_prefix_of_any(piece, complete)),
    )


def in_message(message: Mapping[str, JsonValue]) -> Ids:
    """Find the ids in the message of a message shortcut's payload; see `texts_in`."""
    return in_texts(texts_in(message))


def texts_in(message: Mapping[str, JsonValue]) -> Iterator[str]:
    """Yield the visible texts of a Slack message.

    These are blocks (including rich text, links and tables), then text, attachments (including
    forwarded messages), and titles and names of files (docs.slack.dev: message_action).
    """
    ordered: list[JsonValue] = [
        message.get("blocks"),
        message.get("text"),
        message.get("attachments"),
        message.get("files"),
    ]
    return _texts(ordered, 0)


def _texts(node: JsonValue, depth: int) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item, depth + 1)
    elif isinstance(node, dict):
        for key in (*_TEXT_KEYS, *_CONTAINER_KEYS):
            if key in node:
                yield from _texts(node[key], depth + 1)


def _could_be_prefix(piece: str) -> bool:
    """Whether a piece may be an id's prefix: "facade..." is a word, "2065550100..." a number."""
    digits = any(c.isdigit() for c in piece)
    letters = any(c.isalpha() for c in piece)
    return digits and (letters or bool(_FIRST_GROUP.match(piece)))


def _is_prefix_of_any(piece: str, complete: Iterable[UUID]) -> bool:
    prefix = piece.rstrip(".…").replace("-", "").lower()
    return any(log_id.hex.startswith(prefix) for log_id in complete)
