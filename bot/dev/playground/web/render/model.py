"""How a piece of Block Kit is read: as what its `type` names, or as `Unknown` where that fails.

It must not know any block or element.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError


class BlockModel(BaseModel):
    """What is read once and never changed; fields that aren't used here may be anything."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


S = TypeVar("S", bound=BlockModel)


@dataclass(frozen=True)
class UnsupportedBlock:
    """What can't be drawn.

    Attributes:
        type: what it calls itself; empty if it doesn't.
        json: all of it.
        why: what is wrong with it, for a developer; empty if only its type is unknown.
    """

    type: str
    json: JsonValue
    why: str = ""

    @property
    def written(self) -> str:
        """The JSON, laid out for reading."""
        return json.dumps(self.json, indent=2, ensure_ascii=False)


def parse_block(value: JsonValue, *, kinds: Mapping[str, type[S]]) -> S | UnsupportedBlock:
    """The value as the shape of its type. It never raises: what can't be read is `Unknown`."""
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        return UnsupportedBlock("", value)
    if kind not in kinds:
        return UnsupportedBlock(kind, value)
    try:
        return kinds[kind].model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        return UnsupportedBlock(kind, value, f"{place}: {first['msg']}")
