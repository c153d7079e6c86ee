"""The channel: what people wrote, what the app posted, and what Slack itself says, in order.

It must not know how any of it is drawn.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.config import SeedMessage, Workspace

_SLACKBOT: Final = "Slackbot"
_KEPT: Final = 200
"""Messages."""
# What ends a sentence or closes a bracket around an address is no part of it.
_URL: Final = re.compile(r"(https?://[^\s<>|]*[^\s<>|.,:;!?)\]'\"])")


@dataclass(frozen=True)
class ChannelMessage:
    """One message as it stands in the channel.

    Attributes:
        ts: its timestamp and id.
        author: who wrote it, by name.
        is_app: whether that is an app.
        is_private: whether only the person at the page sees it.
        is_reply: whether it stands in the thread under the message before it.
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
    """Slack's three control characters as entities (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Channel:
    """The channel that the page shows."""

    def __init__(
        self,
        workspace: Workspace,
        app_name: str,
        said: Iterable[SeedMessage],
        new_ts: Callable[[], str],
    ) -> None:
        """`said` stands in it already; `new_ts` gives a timestamp that no other message has."""
        self._workspace = workspace
        self._app_name = app_name
        self._said = [*said]
        self._notices: list[ChannelMessage] = []
        self._new_ts = new_ts

    def say(self, text: str) -> None:
        """The person at the page writes a message; Slack stores it escaped, its URLs as links."""
        pieces = [escape(piece) for piece in _URL.split(text)]
        pieces[1::2] = [f"<{url}>" for url in pieces[1::2]]
        self._said.append(SeedMessage(self._new_ts(), self._workspace.user_id, "".join(pieces)))
        del self._said[:-_KEPT]

    def notice(self, text: str) -> None:
        """Slack tells the person something; `text` is in Slack's markup."""
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
        """A message as Slack hands it to a shortcut. Raises LookupError when it isn't there."""
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
        """What was last in the channel, oldest first, replies under what they reply to."""
        here = [each for each in posted if each.channel_id == self._workspace.channel_id]
        all_lines = [*map(self._of_person, self._said), *map(self._of_app, here), *self._notices]
        threads = {each.ts: each.thread_ts for each in here if each.thread_ts is not None}
        known = {line.ts for line in all_lines}
        # A reply to a message that has gone, or isn't there yet, stands by itself.
        above = {
            ts: root for ts, root in threads.items() if root in known and float(root) < float(ts)
        }
        ordered = sorted(
            (replace(line, is_reply=line.ts in above) for line in all_lines),
            key=lambda line: (float(_root(above, line.ts)), float(line.ts)),
        )
        return ordered[-_KEPT:]

    def _of_person(self, said: SeedMessage) -> ChannelMessage:
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

    def _of_app(self, posted: PostedMessage) -> ChannelMessage:
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
    """The message that the thread began with; itself if it is in none."""
    while ts in above:
        ts = above[ts]
    return ts
