"""Block Kit's pieces as plain dicts, and the limits that hold for them.

Limits: docs.slack.dev, reference/block-kit/blocks. Builders clip what could outgrow a limit; they
expect text that is already inert (see text.py) and know nothing of voice logs.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NotRequired, TypedDict
from urllib.parse import quote_plus

from bot.ui import mrkdwn

HEADER_LIMIT: Final = 150
SECTION_LIMIT: Final = 2900
"""Slack allows 3,000 characters, but counts some of them otherwise than Python does."""
FIELD_LIMIT: Final = 1900
FIELDS_LIMIT: Final = 10
MODAL_SIZE_LIMIT: Final = 180_000
"""Bytes of `weight` for a window's content: well below Slack's 250 KB and the guard's 1 MiB."""
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


class Confirm(TypedDict):
    """What a person is asked before a click counts."""

    title: PlainText
    text: PlainText
    confirm: PlainText
    deny: PlainText


class Button(TypedDict):
    """A button; its value never holds a secret or a number."""

    type: Literal["button"]
    action_id: str
    text: PlainText
    value: NotRequired[str]
    confirm: NotRequired[Confirm]
    style: NotRequired[Literal["primary"]]


class Option(TypedDict):
    """A line of a menu."""

    text: PlainText
    value: str


class Overflow(TypedDict):
    """A menu of up to five lines behind three dots."""

    type: Literal["overflow"]
    action_id: str
    options: list[Option]


Element = Button | Overflow


class Header(TypedDict):
    """A block of one large line."""

    type: Literal["header"]
    text: PlainText


class Section(TypedDict):
    """A block of text, or of fields in two columns."""

    type: Literal["section"]
    text: NotRequired[Mrkdwn]
    fields: NotRequired[list[Mrkdwn]]
    accessory: NotRequired[Element]


class Context(TypedDict):
    """A block of small grey text."""

    type: Literal["context"]
    elements: list[Mrkdwn]


class Actions(TypedDict):
    """A row of buttons."""

    type: Literal["actions"]
    elements: list[Element]


class RichLeaf(TypedDict):
    """A run of text in rich text; nothing in it is markup."""

    type: Literal["text"]
    text: str


class Preformatted(TypedDict):
    """Lines in a fixed-width face."""

    type: Literal["rich_text_preformatted"]
    elements: list[RichLeaf]


class RichText(TypedDict):
    """A block of rich text."""

    type: Literal["rich_text"]
    elements: list[Preformatted]


class Divider(TypedDict):
    """A thin line."""

    type: Literal["divider"]


class TextInput(TypedDict):
    """A field to write in."""

    type: Literal["plain_text_input"]
    action_id: str
    max_length: int
    placeholder: NotRequired[PlainText]
    initial_value: NotRequired[str]


class Select(TypedDict):
    """A field to choose one of a few options in."""

    type: Literal["static_select"]
    action_id: str
    options: list[Option]
    initial_option: NotRequired[Option]


class Input(TypedDict):
    """A labelled field of a form; for windows only. Errors are shown by its `block_id`."""

    type: Literal["input"]
    block_id: str
    label: PlainText
    element: TextInput | Select
    optional: bool
    hint: NotRequired[PlainText]


Block = Header | Section | Context | Actions | RichText | Divider


@dataclass(frozen=True)
class Message:
    """What is posted: blocks, and `text`, which says all the blocks say.

    Screen readers and phone notifications read `text` and nothing else (docs.slack.dev:
    chat.postMessage, "text, blocks and attachments").

    Attributes:
        may_be_public: whether everyone in a channel may see it. Only whoever masks numbers says so:
            what nobody has said it of is for one person.
    """

    text: str
    blocks: Sequence[Block]
    may_be_public: bool = False


@dataclass(frozen=True)
class Fact:
    """A label and its value; the value is mrkdwn from text.py."""

    label: str
    value: str

    def as_text(self) -> str:
        """The fact as a line of plain text."""
        return f"{self.label}: {mrkdwn.mrkdwn_to_text(self.value)}"


def message(lines: Iterable[str], blocks: Sequence[Block]) -> Message:
    """A message of `blocks` whose plain text is `lines`."""
    return Message(mrkdwn.clip("\n".join(lines), TEXT_LIMIT), blocks)


def with_notes(message: Message, notes: Sequence[str]) -> Message:
    """The message with small print added at its foot; `notes` are mrkdwn."""
    text = "\n".join([message.text, *(mrkdwn.mrkdwn_to_text(note) for note in notes)])
    return replace(message, text=text, blocks=[*message.blocks, *map(context, notes)])


def without_buttons(message: Message) -> Message:
    """The message with nothing in it that can be pressed."""
    kept = [_without_accessory(block) for block in message.blocks if block["type"] != "actions"]
    return replace(message, blocks=kept)


def _without_accessory(block: Block) -> Block:
    if block["type"] != "section" or "accessory" not in block:
        return block
    bare = block.copy()
    del bare["accessory"]
    return bare


def header(text: str) -> Header:
    """A large line. Emoji must be real characters: names such as `:x:` stay as they are."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str, accessory: Element | None = None) -> Section:
    """A paragraph of mrkdwn, with something to press at its right if given."""
    block: Section = {"type": "section", "text": _mrkdwn(text, SECTION_LIMIT)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def preformatted(text: str) -> RichText:
    """Lines in a fixed-width face, shown exactly as they are; clipped to what a block may hold."""
    leaf: RichLeaf = {"type": "text", "text": mrkdwn.clip(text, SECTION_LIMIT)}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [leaf]}],
    }


def divider() -> Divider:
    """A thin line."""
    return {"type": "divider"}


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


def actions(elements: Sequence[Element]) -> list[Block]:
    """A row of buttons and menus; no block at all when there are none."""
    return [{"type": "actions", "elements": list(elements)}] if elements else []


def plain(text: str, limit: int) -> PlainText:
    """Text that is never formatted, not even emoji names."""
    return {"type": "plain_text", "text": mrkdwn.clip(text, limit), "emoji": False}


def payload_size(content: object) -> int:
    """How many bytes a piece of a window takes when Slack sends it back with a click.

    As JSON within a form, which is what the guard measures: a quotation mark within a text becomes
    nine bytes of it.
    """
    return len(quote_plus(json.dumps(content)))


def _mrkdwn(text: str, limit: int) -> Mrkdwn:
    return {"type": "mrkdwn", "text": mrkdwn.clip(text, limit), "verbatim": True}


BLOCKS_LIMIT: Final = 100
TITLE_LIMIT: Final = 24


class View(TypedDict):
    """A view as it is sent to views.open, views.update, views.push or views.publish."""

    type: Literal["modal", "home"]
    blocks: list[Block | Input]
    title: NotRequired[PlainText]
    close: NotRequired[PlainText]
    submit: NotRequired[PlainText]
    callback_id: NotRequired[str]
    private_metadata: NotRequired[str]


@dataclass(frozen=True)
class Form:
    """What makes a window one that is filled in and sent."""

    callback_id: str
    submit: str


def modal(
    title: str,
    content: Sequence[Block | Input],
    *,
    metadata: str = "",
    form: Form | None = None,
) -> View:
    """A window.

    Args:
        title: at most 24 characters.
        content: at most a hundred blocks; what is more is left out, so count before.
        metadata: comes back with every click in it. Never a secret, never a number.
        form: without it, a window to read.
    """
    view: View = {
        "type": "modal",
        "title": plain(title, TITLE_LIMIT),
        "close": plain("Close", TITLE_LIMIT),
        "blocks": list(content[:BLOCKS_LIMIT]),
        "private_metadata": metadata,
    }
    if form is not None:
        view["callback_id"] = form.callback_id
        view["submit"] = plain(form.submit, TITLE_LIMIT)
    return view


def home(content: Sequence[Block]) -> View:
    """The App Home tab."""
    return {"type": "home", "blocks": list(content[:BLOCKS_LIMIT])}
