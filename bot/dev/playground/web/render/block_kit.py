"""Blocks as the page draws them; one that the emulator rejects becomes an `UnsupportedBlock`."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.dev.emulator.slack.block_kit import AnyBlock, Block
from bot.dev.emulator.slack.element_state import elements

_BLOCK: Final[TypeAdapter[Block]] = TypeAdapter(AnyBlock)


@dataclass(frozen=True)
class UnsupportedBlock:
    """A block that can't be drawn, and why."""

    block: JsonValue
    why: str

    @property
    def json(self) -> str:
        return json.dumps(self.block, indent=2, ensure_ascii=False)


def parse(blocks: Sequence[JsonValue]) -> tuple[Block | UnsupportedBlock, ...]:
    """Parse each block; an unknown or invalid one becomes an `UnsupportedBlock`."""
    return tuple(map(_parse, blocks))


def _parse(block: JsonValue) -> Block | UnsupportedBlock:
    try:
        return _BLOCK.validate_python(block)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        return UnsupportedBlock(block, f"{place}: {first['msg']}" if place else first["msg"])


def places(blocks: Sequence[JsonValue]) -> tuple[tuple[int, ...], ...]:
    """For each element of each block, the number of earlier elements with the same `action_id`.

    Elements of input blocks aren't counted, because they send no actions. Those of unsupported
    blocks are, so that the count agrees with the JSON.
    """
    before: Counter[str] = Counter()
    found = []
    for block in blocks:
        own = []
        is_input = isinstance(block, dict) and block.get("type") == "input"
        for element in () if is_input else elements(block):
            action_id = str(element.get("action_id"))
            own.append(before[action_id])
            before[action_id] += 1
        found.append(tuple(own))
    return tuple(found)
