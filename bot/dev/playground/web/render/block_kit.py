"""Blocks as the page draws them; one that the emulator rejects becomes an `UnsupportedBlock`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.dev.emulator.slack.block_kit import AnyBlock, Block

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
