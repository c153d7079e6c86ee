"""A window (Slack: a modal view) and the App Home tab, as Slack takes them.

Limits: docs.slack.dev, reference/views: a title of 24 characters, 100 blocks, 3,000 characters of
private_metadata. It must not know what stands in a view.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NotRequired, TypedDict

from bot.ui import block_kit
from bot.ui.block_kit import Block, Input, PlainText

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
        "title": block_kit.plain(title, TITLE_LIMIT),
        "close": block_kit.plain("Close", TITLE_LIMIT),
        "blocks": list(content[:BLOCKS_LIMIT]),
        "private_metadata": metadata,
    }
    if form is not None:
        view["callback_id"] = form.callback_id
        view["submit"] = block_kit.plain(form.submit, TITLE_LIMIT)
    return view


def home(content: Sequence[Block]) -> View:
    """The App Home tab."""
    return {"type": "home", "blocks": list(content[:BLOCKS_LIMIT])}
