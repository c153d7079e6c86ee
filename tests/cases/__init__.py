"""Inputs from real life, with what must come of them."""

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, JsonValue, TypeAdapter


class MessageCase(BaseModel):
    """A message that the shortcut is used on, and the ids that are looked up, in that order."""

    name: str
    message: dict[str, JsonValue]
    ids: list[str]
    note: str = ""


class PastedCase(BaseModel):
    """Lines of text with `$C` and the like for ids, and the ids that are looked up, by name."""

    name: str
    text: list[str]
    ids: str


class TypedCase(BaseModel):
    """A text after `/voicelog`, and what comes of it.

    Attributes:
        text: what is typed.
        lists: the rows of a search, by the names that the test gives them.
        opens: whether the form opens.
        shows: parts of the plain text of the reply.
        buttons: the labels of the reply's buttons, unless it is a card or the help.
    """

    text: str
    lists: list[str] | None = None
    opens: bool = False
    shows: list[str] = []
    buttons: list[str] = []


def _read(name: str) -> JsonValue:
    value: JsonValue = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return value


MESSAGES: Final = TypeAdapter(list[MessageCase]).validate_python(_read("messages.json"))
PASTED: Final = TypeAdapter(list[PastedCase]).validate_python(_read("pasted.json"))
TYPED: Final = TypeAdapter(list[TypedCase]).validate_python(_read("typed.json"))
