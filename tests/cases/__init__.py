"""Inputs from real life, with what must come of them."""

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, JsonValue


class MessageCase(BaseModel):
    """A message that the shortcut is used on, and the ids that are looked up, in that order."""

    name: str
    message: dict[str, JsonValue]
    ids: list[str]
    note: str = ""


_FILE: Final = Path(__file__).parent / "messages.json"
MESSAGES: Final = [MessageCase(**case) for case in json.loads(_FILE.read_text(encoding="utf-8"))]
