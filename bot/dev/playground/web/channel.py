"""The channel: messages from users, from the app and from Slack, in order."""

import re
from collections.abc import Callable, Iterable, Sequence
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

    A private one is seen by the page's user only; a reply is in the thread under the message before
    it. `place` is the conversation, unless it is the channel itself.
    """

    ts: str
    author: str
    text: str
    blocks: Sequence[JsonValue] = ()
    is_app: bool = False
    is_private: bool = False
    is_reply: bool = False
    edits: int = 0
    place: str = ""


def escape(text: str) -> str:
    """Escape Slack's three control characters (docs.slack.dev: formatting message text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class Channel:
    def __init__(
        self,
        workspace: Workspace,
        app_name: str,
        seed_messages: Iterable[SeedMessage],
        new_ts: Callable[[], str],
    ) -> None:
        self._workspace = workspace
        self._app_name = app_name
        self._typed = [*seed_messages]
        self._notices: list[ChannelMessage] = []
        self._new_ts = new_ts

    def say(self, text: str) -> None:
        """Post a message by the page's user; stored escaped and with URLs as links, as in Slack."""
        pieces = [escape(piece) for piece in _URL.split(text)]
        pieces[1::2] = [f"<{url}>" for url in pieces[1::2]]
        self._typed.append(SeedMessage(self._new_ts(), self._workspace.user_id, "".join(pieces)))
        del self._typed[:-_KEPT]

    def notice(self, text: str) -> None:
        self._notices.append(
            ChannelMessage(self._new_ts(), _SLACKBOT, text, is_app=True, is_private=True)
        )
        del self._notices[:-_KEPT]

    def message(self, ts: str, posted: Iterable[PostedMessage]) -> dict[str, JsonValue]:
        """The message as Slack sends it to a shortcut. Raises LookupError when it doesn't exist."""
        for typed in self._typed:
            if typed.ts == ts:
                return typed.whole()
        for each in posted:
            if each.ts == ts:
                thread = {} if each.thread_ts is None else {"thread_ts": each.thread_ts}
                blocks = {"blocks": each.blocks}
                return {"type": "message", "ts": ts, "text": each.text, **blocks, **thread}
        raise LookupError(ts)

    def messages(self, posted: Iterable[PostedMessage]) -> list[ChannelMessage]:
        """The latest messages, oldest first, with replies below their parent message.

        Messages of the app in other conversations are included, with the conversation's name.
        """
        posted = [*posted]
        here = [each for each in posted if each.channel_id == self._workspace.channel_id]
        everything = [
            *map(self._from_user, self._typed),
            *map(self._from_app, posted),
            *self._notices,
        ]
        known = {message.ts for message in everything}
        # A reply whose parent message is missing is shown at the top level.
        threads = {each.ts: each.thread_ts for each in here if each.thread_ts in known}
        ordered = sorted(
            (replace(message, is_reply=message.ts in threads) for message in everything),
            key=lambda message: (
                float(threads.get(message.ts) or message.ts),
                float(message.ts),
            ),
        )
        return ordered[-_KEPT:]

    def _from_user(self, typed: SeedMessage) -> ChannelMessage:
        author = self._workspace.names.get(typed.user_id, typed.user_id)
        return ChannelMessage(typed.ts, author, typed.text)

    def _from_app(self, posted: PostedMessage) -> ChannelMessage:
        return ChannelMessage(
            posted.ts,
            self._app_name,
            posted.text,
            posted.blocks,
            is_app=True,
            is_private=posted.response_type == "ephemeral",
            edits=posted.edits,
            place=self._place(posted.channel_id),
        )

    def _place(self, channel_id: str) -> str:
        if channel_id == self._workspace.channel_id:
            return ""
        name = self._workspace.names.get(channel_id, channel_id)
        return f"direct message with {name}" if channel_id.startswith("D") else f"#{name}"
