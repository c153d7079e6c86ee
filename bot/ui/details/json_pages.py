"""Splits long JSON into pages of blocks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import Final

from bot.signalwire.models import JsonObject
from bot.ui import block_kit
from bot.ui.block_kit import Block
from bot.ui.details import pretty_json

PAGE_CHUNKS: Final = 20
PAGES_LIMIT: Final = 50


JsonDocument = tuple[str, JsonObject]
"""A heading and its JSON."""


@dataclass(frozen=True)
class Page:
    """A page; `number` counts from 1. `truncated`: the `total` pages don't show all JSON."""

    content: Sequence[Block]
    number: int
    total: int
    truncated: bool


_Chunk = tuple[str, str]
"""A heading and a text below it."""


def page(documents: Iterable[JsonDocument], number: int, *, first: Sequence[Block] = ()) -> Page:
    """Build page `number`, or the nearest. Reads all JSON to count the pages, up to fifty.

    `first` is shown above the JSON on page 1, and takes at most half a modal's size.
    """
    wanted = min(max(number, 1), PAGES_LIMIT)
    kept: list[_Chunk] = []
    made = 0
    for chunks in islice(_pages(documents, block_kit.payload_size(first)), PAGES_LIMIT + 1):
        made += 1
        if made <= wanted:
            kept = chunks
    total = min(made, PAGES_LIMIT)
    shown = min(wanted, total)
    return Page([*(first if shown == 1 else ()), *_blocks(kept)], shown, total, made > total)


def _pages(documents: Iterable[JsonDocument], size: int) -> Iterator[list[_Chunk]]:
    """Yield the chunks of each page; `size` is that of `first`, in bytes."""
    held: list[_Chunk] = []
    for heading, json in documents:
        for text in _chunks(pretty_json.indented_lines(json)):
            weight = block_kit.payload_size(text)
            if held and (len(held) == PAGE_CHUNKS or size + weight > block_kit.MODAL_SIZE_LIMIT):
                yield held
                held, size = [], 0
            held.append((heading, text))
            size += weight
    if held:
        yield held


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Join lines into texts that fit into a block, and break lines that don't."""
    text = ""
    for line in lines:
        if text and len(text) + 1 + len(line) <= block_kit.SECTION_LIMIT:
            text += f"\n{line}"
            continue
        if text:
            yield text
        whole = len(line) - len(line) % block_kit.SECTION_LIMIT
        for start in range(0, whole, block_kit.SECTION_LIMIT):
            yield line[start : start + block_kit.SECTION_LIMIT]
        text = line[whole:]
    yield text  # the last line is a bracket


def _blocks(chunks: Sequence[_Chunk]) -> list[Block]:
    made: list[Block] = []
    for heading, below in groupby(chunks, key=itemgetter(0)):
        made.append(block_kit.header(heading))
        made += [block_kit.preformatted(text) for _, text in below]
    return made
