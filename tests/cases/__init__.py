"""Inputs from real life, with what must come of them."""

import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, Field, JsonValue, TypeAdapter


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
    """A text after `/voicelog`, and what comes of it."""

    text: str
    lists: list[str] | None = None
    """The rows of a search, by the names that the test gives them."""
    opens: bool = False
    """Whether the form opens."""
    shows: list[str] = []
    """Parts of the plain text of the reply."""
    buttons: list[str] = []
    """The labels of the reply's buttons, unless it is a card or the help."""


class ShownCard(BaseModel):
    """What the card of a log shows; what isn't named here isn't checked."""

    headline: str | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    duration: str | None = None
    waiting: str | None = None
    charge: str | None = None
    billed: str | None = None
    since: str | None = None
    """The label of the time at which the leg was created, and `since_value` that time."""
    since_value: str | None = None
    overdue: str | None = None
    """How long ago the leg began, if its end is missing."""
    audio: str | None = None
    """The line about audio quality; null if there is none."""
    follow: bool | None = None
    """Whether Follow is offered."""
    says: list[str] = []
    """Parts of its text."""
    never: list[str] = []
    """What isn't in its text."""


class LogCase(BaseModel):
    """A log as SignalWire sends it, with `NOW-14min` and the like for a time, and its card."""

    name: str
    log: dict[str, JsonValue]
    must: str = ""
    card: ShownCard


class DetailsCase(BaseModel):
    """What SignalWire sends of a call, and what its Details tell; the test has the usual values."""

    name: str
    log: dict[str, JsonValue] | None = {}
    """The fields of the voice log that aren't the usual ones; None if there is no log yet."""
    events: list[dict[str, JsonValue]] = []
    call: dict[str, JsonValue] | None = None
    """The same of the Compatibility API's record; None if it isn't asked for."""
    legs: list[dict[str, JsonValue]] = []
    """The same of all legs of the call; the first is the one that is looked at."""
    shows: list[str] = []
    """Parts of the window as a terminal shows it."""
    never: list[str] = []
    """What isn't in it."""


def _read(name: str) -> JsonValue:
    value: JsonValue = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return value


MESSAGES: Final = TypeAdapter(list[MessageCase]).validate_python(_read("messages.json"))
PASTED: Final = TypeAdapter(list[PastedCase]).validate_python(_read("pasted.json"))
TYPED: Final = TypeAdapter(list[TypedCase]).validate_python(_read("typed.json"))
LOGS: Final = TypeAdapter(list[LogCase]).validate_python(_read("logs.json"))
DETAILS: Final = TypeAdapter(list[DetailsCase]).validate_python(_read("details.json"))
