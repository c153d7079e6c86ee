"""The messages in the channel: their order, and the text of one that the user types."""

import re
from collections.abc import Sequence
from typing import Final

from bot.dev.emulator.slack.workspace import PostedMessage

_SHOWN: Final = 200
# Punctuation at the end of a sentence and closing brackets are not part of a URL.
_URL: Final = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,:;!?)\]'\"])")


def escape(text: str) -> str:
    """Escape Slack's three control characters (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def stored(text: str) -> str:
    """What a user typed as Slack stores it: escaped, and with URLs as links."""
    pieces = [escape(piece) for piece in _URL.split(text)]
    pieces[1::2] = [f"<{url}>" for url in pieces[1::2]]
    return "".join(pieces)


def ordered(messages: Sequence[PostedMessage], channel_id: str) -> list[tuple[PostedMessage, bool]]:
    """The latest messages, oldest first, and whether each is a reply, below its parent message.

    Messages in other conversations are included, but not their threads. A reply whose parent
    message is missing is shown at the top level.
    """
    known = {each.ts for each in messages}
    threads = {
        each.ts: each.thread_ts
        for each in messages
        if each.channel_id == channel_id and each.thread_ts in known
    }
    in_order = sorted(
        messages, key=lambda each: (float(threads.get(each.ts) or each.ts), float(each.ts))
    )
    return [(each, each.ts in threads) for each in in_order[-_SHOWN:]]
