"""The channel: messages from users, from the app and from Slack, in order."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.config import SeedMessage, Workspace

_SLACKBOT: Final = "Slackbot"
_KEPT: Final = 200
"""How many messages are kept."""
# Punctuation at the end of a sentence and closing brackets are not part of a URL.
_URL: Final = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,:;!?)\]'\"])")


@dataclass(frozen=True)
class ChannelMessage:
    """One message as shown in the channel.

    Attributes:
        ts: its timestamp and ID.
        author: the author's name.
        is_app: whether the author is an app.
        is_private: whether only the page's user sees it.
        is_reply: whether it is in the thread under the message before it.
        edits: how often it was replaced.
        text: the top-level text.
        blocks: the blocks, if it has any.
    """

    ts: str
    author: str
    is_app: bool
    is_private: bool
    is_reply: bool
    edits: int
    text: str
    blocks: Sequence[JsonValue]


def escape(text: str) -> str:
    """Escape Slack's three control characters (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Channel:
    def __init__(
        self,
        workspace: Workspace,
        app_name: str,
        said: Iterable[SeedMessage],
        new_ts: Callable[[], str],
    ) -> None:
        self._workspace = workspace
        self._app_name = app_name
        self._said = [*said]
        self._notices: list[ChannelMessage] = []
        self._new_ts = new_ts

    def say(self, text: str) -> None:
        """Post a message by the page's user; stored escaped and with URLs as links, as in Slack."""
        pieces = [escape(piece) for piece in _URL.split(text)]
        pieces[1::2] = [f"<{url}>" for url in pieces[1::2]]
        self._said.append(SeedMessage(self._new_ts(), self._workspace.user_id, "".join(pieces)))
        del self._said[:-_KEPT]

    def notice(self, text: str) -> None:
        line = ChannelMessage(
            self._new_ts(),
            _SLACKBOT,
            is_app=True,
            is_private=True,
            is_reply=False,
            edits=0,
            text=text,
            blocks=(),
        )
        self._notices.append(line)
        del self._notices[:-_KEPT]

    def message(self, ts: str, posted: Iterable[PostedMessage]) -> dict[str, JsonValue]:
        """The message as Slack sends it to a shortcut. Raises LookupError when it doesn't exist."""
        for said in self._said:
            if said.ts == ts:
                return said.whole()
        for each in posted:
            if each.ts == ts:
                thread = {} if each.thread_ts is None else {"thread_ts": each.thread_ts}
                blocks = {"blocks": each.blocks}
                return {"type": "message", "ts": ts, "text": each.text, **blocks, **thread}
        raise LookupError(ts)

    def lines(self, posted: Iterable[PostedMessage]) -> list[ChannelMessage]:
        """The latest messages, oldest first, with replies below their parent message."""
        here = [each for each in posted if each.channel_id == self._workspace.channel_id]
        all_lines = [*map(self._from_user, self._said), *map(self._from_app, here), *self._notices]
        threads = {each.ts: each.thread_ts for each in here if each.thread_ts is not None}
        known = {line.ts for line in all_lines}
        # A reply whose parent message is missing is shown at the top level.
        above = {
            ts: root for ts, root in threads.items() if root in known and float(root) < float(ts)
        }
        ordered = sorted(
            (replace(line, is_reply=line.ts in above) for line in all_lines),
            key=lambda line: (float(_root(above, line.ts)), float(line.ts)),
        )
        return ordered[-_KEPT:]

    def _from_user(self, said: SeedMessage) -> ChannelMessage:
        return ChannelMessage(
            said.ts,
            self._workspace.names.get(said.user_id, said.user_id),
            is_app=False,
            is_private=False,
            is_reply=False,
            edits=0,
            text=said.text,
            blocks=said.blocks,
        )

    def _from_app(self, posted: PostedMessage) -> ChannelMessage:
        return ChannelMessage(
            posted.ts,
            self._app_name,
            is_app=True,
            is_private=posted.response_type == "ephemeral",
            is_reply=False,
            edits=posted.edits,
            text=posted.text,
            blocks=posted.blocks,
        )


def _root(above: Mapping[str, str], ts: str) -> str:
    """The timestamp of the thread's first message; the message's own if it is in no thread."""
    while ts in above:
        ts = above[ts]
    return ts
