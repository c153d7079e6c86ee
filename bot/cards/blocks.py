"""Block Kit's pieces as plain dicts, and the limits that hold for them.

Limits: docs.slack.dev, reference/block-kit/blocks. Builders clip what could outgrow a limit; they
expect text that is already inert (see text.py) and know nothing of voice logs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NotRequired, TypedDict

from bot.cards import text as words

HEADER_LIMIT: Final = 150
SECTION_LIMIT: Final = 2900
"""Slack allows 3,000 characters, but counts some of them otherwise than Python does."""
FIELD_LIMIT: Final = 1900
FIELDS_LIMIT: Final = 10
TEXT_LIMIT: Final = 20_000
"""Slack cuts at 40,000. A card has some 400; ten ids that many projects lack may have thousands."""


class PlainText(TypedDict):
    """Text that is never formatted."""

    type: Literal["plain_text"]
    text: str
    emoji: bool


class Mrkdwn(TypedDict):
    """Text in Slack's markup. `verbatim`: no automatic links or mentions."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool


class Button(TypedDict):
    """A button; its value never holds a secret or a number."""

    type: Literal["button"]
    action_id: str
    text: PlainText
    value: NotRequired[str]


class Header(TypedDict):
    """A block of one large line."""

    type: Literal["header"]
    text: PlainText


class Section(TypedDict):
    """A block of text, or of fields in two columns."""

    type: Literal["section"]
    text: NotRequired[Mrkdwn]
    fields: NotRequired[list[Mrkdwn]]


class Context(TypedDict):
    """A block of small grey text."""

    type: Literal["context"]
    elements: list[Mrkdwn]


class Actions(TypedDict):
    """A row of buttons."""

    type: Literal["actions"]
    elements: list[Button]


Block = Header | Section | Context | Actions


@dataclass(frozen=True)
class Message:
    """What is posted: blocks, and `text`, which says all the blocks say.

    Screen readers and phone notifications read `text` and nothing else (docs.slack.dev:
    chat.postMessage, "text, blocks and attachments").
    """

    text: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Fact:
    """A label and its value; the value is mrkdwn from text.py."""

    label: str
    value: str

    def spoken(self) -> str:
        """The fact as a line of plain text."""
        return f"{self.label}: {words.spoken(self.value)}"


def message(lines: Iterable[str], blocks: Sequence[Block]) -> Message:
    """A message of `blocks` whose plain text is `lines`."""
    return Message(words.clip("\n".join(lines), TEXT_LIMIT), blocks)


def with_notes(message: Message, notes: Sequence[str]) -> Message:
    """The message with small print added at its foot; `notes` are mrkdwn."""
    text = "\n".join([message.text, *(words.spoken(note) for note in notes)])
    return Message(text, [*message.blocks, *(context(note) for note in notes)])


def header(text: str) -> Header:
    """A large line. Emoji must be real characters: names such as `:x:` stay as they are."""
    clipped = words.clip(text, HEADER_LIMIT)
    return {"type": "header", "text": {"type": "plain_text", "text": clipped, "emoji": False}}


def section(text: str) -> Section:
    """A paragraph of mrkdwn."""
    return {"type": "section", "text": _mrkdwn(text, SECTION_LIMIT)}


def fields(facts: Sequence[Fact]) -> list[Block]:
    """The facts in two columns; no block at all when there are none."""
    if not facts:
        return []
    return [
        {
            "type": "section",
            "fields": [
                _mrkdwn(f"*{fact.label}*\n{fact.value}", FIELD_LIMIT)
                for fact in facts[:FIELDS_LIMIT]
            ],
        }
    ]


def context(text: str) -> Context:
    """Small print."""
    return {"type": "context", "elements": [_mrkdwn(text, SECTION_LIMIT)]}


def actions(buttons: Sequence[Button]) -> list[Block]:
    """A row of buttons; no block at all when there are none."""
    return [{"type": "actions", "elements": list(buttons)}] if buttons else []


def _mrkdwn(text: str, limit: int) -> Mrkdwn:
    return {"type": "mrkdwn", "text": words.clip(text, limit), "verbatim": True}
