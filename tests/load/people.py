"""People who type `/voicelog`, many of them at once; and what each of them got, and when."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp

from bot.sandbox.slack_payloads import FORM_TYPE, Origin, command_form, sign

from .outside import SIGNING_SECRET, Inbox, Outside

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
    """

    text: str
    status: int
    body: str
    ack_seconds: float
    inbox: Inbox

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
        token = f"r{next(self._tokens)}"
        inbox = self._outside.slack.inboxes[token] = Inbox()
        url = f"{self._outside.slack.url}/response/{token}"
        origin = Origin(user_id, "T0ACME", "C0SUPPORT", url, f"{token}.1.t", "1.000001")
        body = command_form(origin, "/voicelog", text).encode()
        headers = {"Content-Type": FORM_TYPE, **sign(body, int(time.time()), SIGNING_SECRET)}
        began = time.perf_counter()
        try:
            async with self._session.post(self._url, data=body, headers=headers) as answer:
                said, status = await answer.text(), answer.status
        except (aiohttp.ClientError, TimeoutError):
            said, status = "", 0
        return Asked(text, status, said, time.perf_counter() - began, inbox)

    def forget(self) -> None:
        """Throw away what came to everyone's response_url."""
        self._outside.slack.inboxes.clear()


@asynccontextmanager
async def some_people(
    outside: Outside, url: str, *, patience: float = 3.0
) -> AsyncIterator[People]:
    """People who ask the bot at `url`, and wait for its acknowledgement as long as Slack does."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=90),
        timeout=aiohttp.ClientTimeout(total=patience),
    ) as session:
        yield People(outside, session, url)
