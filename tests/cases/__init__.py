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


class ShownCard(BaseModel):
    """What the card of a log shows; what isn't named here isn't checked.

    Attributes:
        since: the label of the time at which the leg was created, and `since_value` that time.
        overdue: how long ago the leg began, if its end is missing.
        audio: the line about audio quality; null if there is none.
        follow: whether Follow is offered.
        says: parts of its text.
        never: what isn't in its text.
    """

    headline: str | None = None
    from_: str | None = Field(None, alias="from")
    to: str | None = None
    duration: str | None = None
    waiting: str | None = None
    charge: str | None = None
    billed: str | None = None
    since: str | None = None
    since_value: str | None = None
    overdue: str | None = None
    audio: str | None = None
    follow: bool | None = None
    says: list[str] = []
    never: list[str] = []


class LogCase(BaseModel):
    """A log as SignalWire sends it, with `NOW-14min` and the like for a time, and its card."""

    name: str
    log: dict[str, JsonValue]
    must: str = ""
    card: ShownCard


class DetailsCase(BaseModel):
    """What SignalWire sends of a call, and what its Details tell; the test has the usual values.

    Attributes:
        log: the fields of the voice log that aren't the usual ones; None if there is no log yet.
        events: its events.
        call: the same of the Compatibility API's record; None if it isn't asked for.
        legs: the same of all legs of the call; the first is the one that is looked at.
        shows: parts of the window as a terminal shows it.
        never: what isn't in it.
    """

    name: str
    log: dict[str, JsonValue] | None = {}
    events: list[dict[str, JsonValue]] = []
    call: dict[str, JsonValue] | None = None
    legs: list[dict[str, JsonValue]] = []
    shows: list[str] = []
    never: list[str] = []


def _read(name: str) -> JsonValue:
    value: JsonValue = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return value


MESSAGES: Final = TypeAdapter(list[MessageCase]).validate_python(_read("messages.json"))
PASTED: Final = TypeAdapter(list[PastedCase]).validate_python(_read("pasted.json"))
TYPED: Final = TypeAdapter(list[TypedCase]).validate_python(_read("typed.json"))
LOGS: Final = TypeAdapter(list[LogCase]).validate_python(_read("logs.json"))
DETAILS: Final = TypeAdapter(list[DetailsCase]).validate_python(_read("details.json"))
