"""Many users who type `/voicelog`, and what each of them got, and when."""

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
    """A command or click that was sent.

    Attributes:
        text: what was typed.
        status: the status of the ack; 0 if it took longer than Slack's three seconds.
        body: the body of the ack.
        ack_seconds: the time until the ack.
        inbox: the posts to its response URL.
        trigger_id: what can open a modal for it.
    """

    text: str
    status: int
    body: str
    ack_seconds: float
    inbox: Inbox
    trigger_id: str

    async def card(self) -> bytes:
        """Wait for the message that contains the ID."""
        return await self.saying(self.text)

    async def saying(self, words: str) -> bytes:
        """Wait for the message that contains a text."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.inbox.holding(words)

    async def other_than(self, words: str) -> bytes:
        """Wait for the message that doesn't contain a text."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.inbox.not_holding(words)


class People:
    """The users of a bot.

    Args:
        outside: the Slack that gets the bot's posts.
        session: sends the requests.
        url: the bot's request URL.
    """

    def __init__(self, outside: Outside, session: aiohttp.ClientSession, url: str) -> None:
        self._outside = outside
        self._session = session
        self._url = url
        self._ids = itertools.count(1)
        self._tokens = itertools.count(1)

    def ids(self) -> Iterator[str]:
        """Return IDs that were not looked up before."""
        while True:
            yield f"{next(self._ids):08x}-10ad-4000-8000-0000000010ad"

    async def ask(self, text: str, user_id: str = "U0SUPPORT") -> Asked:
        """Type a command, and wait for the ack."""
        origin = self._origin(user_id)
        return await self._send(text, origin, command_form(origin, "/voicelog", text))

    async def click_details(self, log_id: str, user_id: str = "U0SUPPORT") -> Asked:
        """Click Details on a private card, and wait for the ack."""
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
        """Discard all posts."""
        self._outside.slack.inboxes.clear()


@asynccontextmanager
async def some_people(
    outside: Outside, url: str, *, retry_policy: float = 3.0
) -> AsyncIterator[People]:
    """Users of the bot at `url`, who wait for the ack as long as Slack does."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=90),
        timeout=aiohttp.ClientTimeout(total=retry_policy),
    ) as session:
        yield People(outside, session, url)
