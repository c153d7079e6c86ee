"""The parts of blocks and elements: texts, options, confirmation dialogs.

docs.slack.dev, reference/block-kit/composition-objects. Builders clip texts.
"""

from typing import Literal, NotRequired, TypedDict

from bot.ui.mrkdwn import clip


class PlainText(TypedDict):
    """A text object without formatting."""

    type: Literal["plain_text"]
    text: str
    emoji: bool


class Mrkdwn(TypedDict):
    """A text object in Slack's markup. `verbatim` turns off automatic links and mentions."""

    type: Literal["mrkdwn"]
    text: str
    verbatim: bool


class Confirm(TypedDict):
    """A confirmation dialog, shown before a click takes effect."""

    title: PlainText
    text: PlainText
    confirm: PlainText
    deny: PlainText


class Option(TypedDict):
    """An option of a menu or a select; `url` is for an overflow menu only."""

    text: PlainText
    value: str
    url: NotRequired[str]


def plain(text: str, limit: int) -> PlainText:
    """Build a text object in which nothing is formatted, not even emoji names."""
    return {"type": "plain_text", "text": clip(text, limit), "emoji": False}


def mrkdwn_text(text: str, limit: int) -> Mrkdwn:
    """Build a text object from mrkdwn."""
    return {"type": "mrkdwn", "text": clip(text, limit), "verbatim": True}
