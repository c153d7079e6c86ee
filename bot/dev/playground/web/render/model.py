"""Parsing of Block Kit: by `type`, or as `UnsupportedBlock` if that fails."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError


class BlockModel(BaseModel):
    """A frozen model that ignores unknown fields."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


S = TypeVar("S", bound=BlockModel)


@dataclass(frozen=True)
class UnsupportedBlock:
    """A block or element that can't be rendered.

    Attributes:
        type: its type; empty if it has none.
        json: the whole value.
        why: the error, for a developer; empty if only its type is unknown.
    """

    type: str
    json: JsonValue
    why: str = ""

    @property
    def written(self) -> str:
        """The JSON, indented."""
        return json.dumps(self.json, indent=2, ensure_ascii=False)


def parse_block(value: JsonValue, *, kinds: Mapping[str, type[S]]) -> S | UnsupportedBlock:
    """Parse the value by its type. Never raises: invalid values become `UnsupportedBlock`."""
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
