"""What the Raw JSON modal shows: all fields of the record, then the JSON, in pages of blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from bot.signalwire.models import Json, JsonObject
from bot.ui import block_kit, mrkdwn
from bot.ui.block_kit import Block, Fact
from bot.ui.details import pretty_json

FIELDS_SIZE_LIMIT: Final = block_kit.MODAL_SIZE_LIMIT // 2
"""Bytes, as `payload_size` counts them; the rest of the page is for JSON."""

_PAGE_CHUNKS: Final = 20
_PAGES_LIMIT: Final = 50
_FIELDS_LIMIT: Final = 60
_LEVELS: Final = 3
_NAME_LIMIT: Final = 60
_VALUE_LIMIT: Final = 200

JsonDocument = tuple[str, JsonObject]
"""A heading and its JSON."""
_Chunk = tuple[str, str]
"""A heading and a text below it."""


@dataclass(frozen=True)
class Page:
    """A page; `number` counts from 1. `truncated`: the `total` pages don't show all JSON."""

    content: Sequence[Block]
    number: int
    total: int
    truncated: bool


def page(documents: Iterable[JsonDocument], number: int, *, first: Sequence[Block] = ()) -> Page:
    """Build page `number`, or the nearest. Reads all JSON to count the pages, up to fifty.

    `first` is shown above the JSON on page 1, and takes at most half a modal's size.
    """
    wanted = min(max(number, 1), _PAGES_LIMIT)
    kept: list[_Chunk] = []
    made = 0
    for chunks in islice(_pages(documents, block_kit.payload_size(first)), _PAGES_LIMIT + 1):
        made += 1
        if made <= wanted:
            kept = chunks
    total = min(made, _PAGES_LIMIT)
    shown = min(wanted, total)
    content = [*first] if shown == 1 else []
    for heading, below in groupby(kept, key=itemgetter(0)):
        content.append(block_kit.header(heading))
        content += [block_kit.preformatted(text) for _, text in below]
    return Page(content, shown, total, made > total)


def _pages(documents: Iterable[JsonDocument], size: int) -> Iterator[list[_Chunk]]:
    """Yield the chunks of each page; `size` is that of `first`, in bytes."""
    held: list[_Chunk] = []
    for heading, json in documents:
        for text in _chunks(pretty_json.indented_lines(json)):
            weight = block_kit.payload_size(text)
            if held and (len(held) == _PAGE_CHUNKS or size + weight > block_kit.MODAL_SIZE_LIMIT):
                yield held
                held, size = [], 0
            held.append((heading, text))
            size += weight
    if held:
        yield held


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Join lines into texts that fit into a block, and break lines that don't."""
    limit = block_kit.SECTION_LIMIT
    text = ""
    for line in lines:
        if text and len(text) + 1 + len(line) <= limit:
            text += f"\n{line}"
            continue
        if text:
            yield text
        whole = len(line) - len(line) % limit
        yield from (line[start : start + limit] for start in range(0, whole, limit))
        text = line[whole:]
    yield text  # the last line is a bracket


def all_fields(record: JsonObject) -> list[Block]:
    """List all fields in the order received, also unknown ones; nested ones as `outer.inner`."""
    facts = [_field(*each) for each in _flattened(record)]
    body: list[Block] = [block_kit.header("All fields")]
    size = shown = 0
    for start in range(0, min(len(facts), _FIELDS_LIMIT), block_kit.FIELDS_LIMIT):
        row = facts[start : start + block_kit.FIELDS_LIMIT]
        section = block_kit.fields(row)
        size += block_kit.payload_size(section)
        if size > FIELDS_SIZE_LIMIT:
            break
        body += section
        shown += len(row)
    more = len(facts) - shown
    return [*body, *([block_kit.context(f"… and {more} more in the JSON below")] if more else [])]


def _flattened(
    record: JsonObject, levels: int = _LEVELS, prefix: str = ""
) -> Iterator[tuple[str, Json]]:
    for name, value in record.items():
        # Joined names whose digits meet could read as a phone number, even if each is masked.
        is_joined = not any(map(str.isdigit, name))
        if isinstance(value, dict) and value and levels and is_joined:
            yield from _flattened(value, levels - 1, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _field(name: str, value: Json) -> Fact:
    # The label is set in bold, which an asterisk in it would end.
    label = mrkdwn.code(name.replace("*", "∗"), _NAME_LIMIT)  # noqa: RUF001 - looks like one
    text = value if isinstance(value, str) else pretty_json.compact(value)
    return Fact(label, mrkdwn.code(text, _VALUE_LIMIT))
