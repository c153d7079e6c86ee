"""People who type `/voicelog`, many of them at once; and what each of them got, and when."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

from bot.dev.emulator.slack.payloads import (
    FORM_TYPE,
    InteractionContext,
    click_form,
    command_form,
    sign,
)
from bot.ui import actions
from tests.load.outside import SIGNING_SECRET, Inbox, Outside

PATIENCE_SECONDS: Final = 30.0


@dataclass(frozen=True)
class Asked:
    """One command that was sent.

    Attributes:
        text: what was typed.
        status: what it was acknowledged with; 0 if it wasn't within Slack's three seconds.
        body: what stood in the acknowledgement.
        ack_seconds: how long that took.
        inbox: what comes to its response_url.
        trigger_id: what can open a window for it.
    """

    text: str
    status: int
    body: str
    ack_seconds: float
    inbox: Inbox
    trigger_id: str

    async def card(self) -> bytes:
        """The message that names the id, now or when it comes."""
        return await self.saying(self.text)

    async def saying(self, words: str) -> bytes:
        """The message with these words in it, now or when it comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.inbox.holding(words)

    async def other_than(self, words: str) -> bytes:
        """The message without these words in it, now or when it comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.inbox.not_holding(words)


class People:
    """Everyone who may ask a bot.

    Args:
        outside: the world that the bot answers in.
        session: sends.
        url: the bot's request URL.
    """

    def __init__(self, outside: Outside, session: aiohttp.ClientSession, url: str) -> None:
        self._outside = outside
        self._session = session
        self._url = url
        self._ids = itertools.count(1)
        self._tokens = itertools.count(1)

    def ids(self) -> Iterator[str]:
        """Ids that nobody has asked for before."""
        while True:
            yield f"{next(self._ids):08x}-10ad-4000-8000-0000000010ad"

    async def ask(self, text: str, user_id: str = "U0SUPPORT") -> Asked:
        """Type a command, and wait for its acknowledgement."""
        origin = self._origin(user_id)
        return await self._send(text, origin, command_form(origin, "/voicelog", text))

    async def press_details(self, log_id: str, user_id: str = "U0SUPPORT") -> Asked:
        """Press Details on a card that only they see, and wait for the acknowledgement."""
        origin = self._origin(user_id)
        button = {"type": "button", "block_id": "b1", "action_id": actions.DETAILS}
        action = {**button, "value": log_id}
        form = click_form(origin, {"ts": origin.action_ts}, action, is_ephemeral=True)
        return await self._send(log_id, origin, form)

    def _origin(self, user_id: str) -> InteractionContext:
        number = next(self._tokens)
        url = f"{self._outside.slack.url}/response/r{number}"
        return InteractionContext(
            user_id, "T0ACME", "C0SUPPORT", url, f"r{number}.1.t", f"{number}.000001"
        )

    async def _send(self, text: str, origin: InteractionContext, form: str) -> Asked:
        token = origin.response_url.rpartition("/")[2]
        inbox = self._outside.slack.inboxes[token] = Inbox()
        body = form.encode()
        headers = {"Content-Type": FORM_TYPE, **sign(body, int(time.time()), SIGNING_SECRET)}
        began = time.perf_counter()
        try:
            async with self._session.post(self._url, data=body, headers=headers) as answer:
                said, status = await answer.text(), answer.status
        except (aiohttp.ClientError, TimeoutError):
            said, status = "", 0
        seconds = time.perf_counter() - began
        return Asked(text, status, said, seconds, inbox, origin.trigger_id)

    def forget(self) -> None:
        """Throw away what came to everyone's response_url."""
        self._outside.slack.inboxes.clear()


@asynccontextmanager
async def some_people(
    outside: Outside, url: str, *, retry_policy: float = 3.0
) -> AsyncIterator[People]:
    """People who ask the bot at `url`, and wait for its acknowledgement as long as Slack does."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=90),
        timeout=aiohttp.ClientTimeout(total=retry_policy),
    ) as session:
        yield People(outside, session, url)
