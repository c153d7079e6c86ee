"""Finds voice-log ids in whatever a person pastes, and in Slack messages.

An id is a UUID, the dashboard's "Voice Segment ID" (SignalWire docs, "Segment IDs"). It must know
nothing of how a log is looked up.
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
# After "Accounts/" in a Compatibility API URL stands the project's id, not a call's.
_ID: Final = re.compile(rf"(?<![0-9A-Za-z])(?<![Aa]ccounts/){_UUID}")
_COMPLETE: Final = re.compile(rf"(?<![0-9A-Za-z]){_UUID}")
# The dashboard's list ends a cut id with an ellipsis; one that was selected by hand just stops.
_TRUNCATED: Final = re.compile(
    rf"(?<![0-9A-Za-z-])(?:"
    rf"{_HEX}{{6,31}}-?(?:…|\.{{2,3}})"
    rf"|{_HEX}{{8}}(?:-{_HEX}{{4}}){{0,3}}-{_HEX}{{1,12}}(?:-?(?:…|\.{{2,3}})|(?![0-9A-Za-z-]))"
    rf")"
)
# Eight digits and nothing else may be a first group; the dashboard cuts there.
_FIRST_GROUP: Final = re.compile(r"[0-9]{8}-?(?:…|\.)")
# Standing alone, a beginning needs no ellipsis.
_BEGINNING: Final = re.compile(rf"{_HEX}{{8,31}}-?")
_TRUNCATED_LIMIT: Final = 20
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))  # noqa: RUF001 - what editors make of -
_INVISIBLE: Final = re.compile(
    "[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)

# Where Slack keeps text that people see. Everything else, such as client_msg_id, which is a UUID
# too, or block_id, is bookkeeping.
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
    """What was found: whole ids, each once, in order; and beginnings of ids that were cut."""

    complete: tuple[UUID, ...] = ()
    truncated: tuple[str, ...] = ()


def in_text(text: str) -> Ids:
    """The ids in a text, however they are written, in time linear in its length."""
    found = in_texts([text])
    beginning = text.strip(" `'\"<>")
    if found == Ids() and _BEGINNING.fullmatch(beginning) and _could_be_prefix(beginning + "…"):
        return Ids((), (beginning,))
    return found


def in_texts(texts: Iterable[str]) -> Ids:
    """The ids in several texts; an id that is whole anywhere is not reported as cut."""
    whole: dict[UUID, None] = {}
    cut: dict[str, None] = {}
    for text in texts:
        visible = unquote(text).translate(_DASHES)
        plain = _INVISIBLE.sub("", visible)
        whole.update((UUID(match.group()), None) for match in _ID.finditer(plain))
        # What can't be seen may stand within an id, or between two that are pasted together.
        apart = _INVISIBLE.sub(" ", visible)
        whole.update((UUID(match.group()), None) for match in _ID.finditer(apart))
        pieces = (match.group() for match in _TRUNCATED.finditer(_COMPLETE.sub(" ", plain)))
        cut.update((piece, None) for piece in pieces if _could_be_prefix(piece))
    beginnings = tuple(cut)[:_TRUNCATED_LIMIT]
    return Ids(
        tuple(whole), tuple(piece for piece in beginnings if not _is_prefix_of_any(piece, whole))
    )


def in_message(message: Mapping[str, JsonValue]) -> Ids:
    """The ids in a Slack message, as a message shortcut's payload carries it.

    Looks where `texts_in` does.
    """
    return in_texts(texts_in(message))


def texts_in(message: Mapping[str, JsonValue]) -> Iterator[str]:
    """The texts of a Slack message, where a person would look.

    Blocks (rich text, links, tables and all), then text, attachments with what is forwarded in
    them, titles and names of files (docs.slack.dev: message_action).
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
    """Whether it can be an id's beginning: "facade..." is a word, "2065550100..." a number."""
    digits = any(c.isdigit() for c in piece)
    letters = any(c.isalpha() for c in piece)
    return digits and (letters or bool(_FIRST_GROUP.match(piece)))


def _is_prefix_of_any(piece: str, whole: Iterable[UUID]) -> bool:
    beginning = piece.rstrip(".…").replace("-", "").lower()
    return any(log_id.hex.startswith(beginning) for log_id in whole)
