"""Block Kit objects as plain dicts, with Slack's limits.

Limits: docs.slack.dev, reference/block-kit/blocks. Builders clip text to these limits. Their mrkdwn
arguments must already be safe (see mrkdwn.py).
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, NotRequired, TypedDict
from urllib.parse import quote_plus

from bot.ui import mrkdwn
from bot.ui.block_elements import Element, Input, Mrkdwn, PlainText, mrkdwn_text, plain

HEADER_LIMIT: Final = 150
SECTION_LIMIT: Final = 2900
"""Slack allows 3,000 characters, but counts some of them differently from Python."""
FIELD_LIMIT: Final = 1900
FIELDS_LIMIT: Final = 10
BLOCKS_LIMIT: Final = 100
"""Blocks of a view."""
TITLE_LIMIT: Final = 24
"""Characters of a modal's title, and of its buttons."""
MODAL_SIZE_LIMIT: Final = 180_000
"""Bytes of a modal's content, as `payload_size` counts them: well below Slack's limit of 250 KB,
and below the 1 MiB that the bot accepts when the modal is sent back with a click."""
TEXT_LIMIT: Final = 20_000
"""Characters. Slack cuts at 40,000. A card has about 400, errors for ten IDs have thousands."""


class Header(TypedDict):
    """A header block: one large line."""

    type: Literal["header"]
    text: PlainText


class Section(TypedDict):
    """A section block: text, or fields in two columns."""

    type: Literal["section"]
    text: NotRequired[Mrkdwn]
    fields: NotRequired[list[Mrkdwn]]
    accessory: NotRequired[Element]


class Context(TypedDict):
    """A context block: small gray text."""

    type: Literal["context"]
    elements: list[Mrkdwn]


class Actions(TypedDict):
    """An actions block: a row of buttons and menus."""

    type: Literal["actions"]
    elements: list[Element]


class RichTextElement(TypedDict):
    """A text element of rich text, in which markup has no effect."""

    type: Literal["text"]
    text: str


class Preformatted(TypedDict):
    """Lines in a fixed-width font."""

    type: Literal["rich_text_preformatted"]
    elements: list[RichTextElement]


class RichText(TypedDict):
    """A rich text block."""

    type: Literal["rich_text"]
    elements: list[Preformatted]


class Divider(TypedDict):
    """A divider block."""

    type: Literal["divider"]


Block = Header | Section | Context | Actions | RichText | Divider


@dataclass(frozen=True)
class Message:
    """Blocks to post, and `text`, which has the same content.

    Screen readers and phone notifications use only `text` (docs.slack.dev:
    chat.postMessage, "text, blocks and attachments").
    """

    text: str
    blocks: Sequence[Block]
    may_be_public: bool = False
    """Whether everyone in a channel may see it. Set only by code that masks numbers; by default, a
    message is for one user.
    """


@dataclass(frozen=True)
class Fact:
    """A label and its value; the value is safe mrkdwn (see mrkdwn.py)."""

    label: str
    value: str

    @property
    def line(self) -> str:
        """The fact as a line of mrkdwn."""
        return f"{self.label}: {self.value}"


def message(lines: Iterable[str], blocks: Sequence[Block]) -> Message:
    """Build a message from `blocks`, with `lines`, which are mrkdwn too, as its plain text."""
    text = "\n".join(map(mrkdwn.mrkdwn_to_text, lines))
    return Message(mrkdwn.clip(text, TEXT_LIMIT), blocks)


def titled(title: str, texts: Sequence[str], emoji: str = "") -> Message:
    """Build a message of a header and a section for each of `texts`, which are mrkdwn."""
    heading = f"{emoji} {title}".lstrip()
    return message([f"{title}.", *texts], [header(heading), *map(section, texts)])


def with_notes(message: Message, notes: Sequence[str]) -> Message:
    """Add context blocks at the end of the message; `notes` are mrkdwn."""
    text = "\n".join([message.text, *(mrkdwn.mrkdwn_to_text(note) for note in notes)])
    return replace(message, text=text, blocks=[*message.blocks, *map(context, notes)])


def with_buttons(message: Message, buttons: Sequence[Element]) -> Message:
    """Add a row of buttons at the end of the message, if there are any."""
    return replace(message, blocks=[*message.blocks, *actions(buttons)])


def without_buttons(message: Message) -> Message:
    """Remove all buttons and menus from the message."""
    kept = [block.copy() for block in message.blocks if block["type"] != "actions"]
    for block in kept:
        if block["type"] == "section":
            block.pop("accessory", None)
    return replace(message, blocks=kept)


def header(text: str) -> Header:
    """Build a header. Emoji must be characters: names such as `:x:` are not converted."""
    return {"type": "header", "text": plain(text, HEADER_LIMIT)}


def section(text: str, accessory: Element | None = None) -> Section:
    """Build a section from mrkdwn, with an optional button or menu at its right."""
    block: Section = {"type": "section", "text": mrkdwn_text(text, SECTION_LIMIT)}
    if accessory is not None:
        block["accessory"] = accessory
    return block


def sections(lines: Sequence[str]) -> list[Section]:
    """Put lines of mrkdwn into as few sections as possible; each line fits into one."""
    return [section(text) for text in mrkdwn.fill(lines, "\n", SECTION_LIMIT)]


def preformatted(text: str) -> RichText:
    """Build a block of fixed-width lines, shown verbatim; `text` is clipped to SECTION_LIMIT."""
    element: RichTextElement = {"type": "text", "text": mrkdwn.clip(text, SECTION_LIMIT)}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [element]}],
    }


def divider() -> Divider:
    """Build a divider."""
    return {"type": "divider"}


def fields(facts: Sequence[Fact]) -> list[Block]:
    """Build a section with the first ten facts in two columns; an empty list if there are none."""
    if not facts:
        return []
    return [
        {
            "type": "section",
            "fields": [
                mrkdwn_text(f"*{fact.label}*\n{fact.value}", FIELD_LIMIT)
                for fact in facts[:FIELDS_LIMIT]
            ],
        }
    ]


def context(text: str) -> Context:
    """Build a context block from mrkdwn."""
    return {"type": "context", "elements": [mrkdwn_text(text, SECTION_LIMIT)]}


def actions(elements: Sequence[Element]) -> list[Block]:
    """Build an actions block; an empty list if there are no elements.

    Slack requires distinct action IDs, so the second of equal ones gets the suffix `_2`, and so on.
    """
    seen = Counter[str]()
    distinct: list[Element] = []
    for element in elements:
        action_id = element["action_id"]
        seen[action_id] += 1
        distinct.append(element.copy())
        if seen[action_id] > 1:
            distinct[-1]["action_id"] = f"{action_id}_{seen[action_id]}"
    return [{"type": "actions", "elements": distinct}] if distinct else []


def payload_size(content: object) -> int:
    """Return how many bytes `content` takes in the request that Slack sends for a click in a modal.

    Slack sends it as URL-encoded JSON: a quotation mark within a text takes nine bytes.
    """
    return len(quote_plus(json.dumps(content)))


class View(TypedDict):
    """A view as sent to views.open, views.update, views.push or views.publish."""

    type: Literal["modal", "home"]
    blocks: list[Block | Input]
    title: NotRequired[PlainText]
    close: NotRequired[PlainText]
    submit: NotRequired[PlainText]
    callback_id: NotRequired[str]
    private_metadata: NotRequired[str]


def modal(title: str, content: Sequence[Block | Input], *, metadata: str = "") -> View:
    """Build a modal; the title is clipped to 24 characters, and the content to 100 blocks.

    Slack sends `metadata` back with every interaction. Never a secret or a plain phone number.
    """
    view: View = {
        "type": "modal",
        "title": plain(title, TITLE_LIMIT),
        "close": plain("Close", TITLE_LIMIT),
        "blocks": list(content[:BLOCKS_LIMIT]),
    }
    if metadata:
        view["private_metadata"] = metadata
    return view


def form(
    title: str, content: Sequence[Block | Input], metadata: str, *, callback_id: str, submit: str
) -> View:
    """Build a modal that is submitted with the button `submit`."""
    view = modal(title, content, metadata=metadata)
    view["callback_id"] = callback_id
    view["submit"] = plain(submit, TITLE_LIMIT)
    return view


def message_modal(title: str, message: Message, metadata: str = "") -> View:
    """Show a message as a modal."""
    return modal(title, message.blocks, metadata=metadata)


def home(content: Sequence[Block]) -> View:
    """Build the Home tab; blocks beyond 100 are dropped."""
    return {"type": "home", "blocks": list(content[:BLOCKS_LIMIT])}
