"""Users who send commands and clicks, and the posts that each of them gets."""

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
from tests.load.stub_servers import SIGNING_SECRET, Posts, StubServers

TIMEOUT_SECONDS: Final = 30.0


@dataclass(frozen=True)
class SentRequest:
    """A command or click that was sent."""

    text: str
    """The text of the command, or the ID of the log that was clicked."""
    status: int
    """The status of the ack; 0 if it took longer than the limit."""
    body: str
    ack_seconds: float
    """The time until the ack."""
    posts: Posts
    """The posts to its response URL."""
    trigger_id: str
    """What can open a modal for it."""

    async def card(self) -> bytes:
        """Wait for the post that contains the ID."""
        return await self.post_with(self.text)

    async def post_with(self, text: str) -> bytes:
        """Wait for a post that contains a text."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await self.posts.first_with(text)

    async def post_without(self, text: str) -> bytes:
        """Wait for a post that doesn't contain a text."""
        async with asyncio.timeout(TIMEOUT_SECONDS):
            return await self.posts.first_without(text)


class SlackUsers:
    """The users of a bot.

    Args:
        servers: receive the bot's posts.
        session: sends the requests.
        url: the bot's request URL.
    """

    def __init__(self, servers: StubServers, session: aiohttp.ClientSession, url: str) -> None:
        self._servers = servers
        self._session = session
        self._url = url
        self._ids = itertools.count(1)
        self._tokens = itertools.count(1)

    def ids(self) -> Iterator[str]:
        """Return IDs that were not looked up before."""
        while True:
            yield f"{next(self._ids):08x}-10ad-4000-8000-0000000010ad"

    async def send_command(self, text: str, user_id: str = "U0SUPPORT") -> SentRequest:
        """Send a command, and wait for the ack."""
        context = self._context(user_id)
        return await self._send(text, context, command_form(context, "/voicelog", text))

    async def click_details(self, log_id: str, user_id: str = "U0SUPPORT") -> SentRequest:
        """Click Details on a private card, and wait for the ack."""
        context = self._context(user_id)
        button = {"type": "button", "block_id": "b1", "action_id": actions.DETAILS}
        action = {**button, "value": log_id}
        form = click_form(context, {"ts": context.action_ts}, action, is_ephemeral=True)
        return await self._send(log_id, context, form)

    def _context(self, user_id: str) -> InteractionContext:
        number = next(self._tokens)
        url = f"{self._servers.slack.url}/response/r{number}"
        return InteractionContext(
            user_id, "T0ACME", "C0SUPPORT", url, f"r{number}.1.t", f"{number}.000001"
        )

    async def _send(self, text: str, context: InteractionContext, form: str) -> SentRequest:
        token = context.response_url.rpartition("/")[2]
        posts = self._servers.slack.posts[token] = Posts()
        data = form.encode()
        headers = {"Content-Type": FORM_TYPE, **sign(data, int(time.time()), SIGNING_SECRET)}
        started = time.perf_counter()
        try:
            async with self._session.post(self._url, data=data, headers=headers) as response:
                body, status = await response.text(), response.status
        except (aiohttp.ClientError, TimeoutError):
            body, status = "", 0
        seconds = time.perf_counter() - started
        return SentRequest(text, status, body, seconds, posts, context.trigger_id)

    def discard_posts(self) -> None:
        """Discard all posts."""
        self._servers.slack.posts.clear()


@asynccontextmanager
async def slack_users(
    servers: StubServers, url: str, *, ack_timeout: float = 3.0
) -> AsyncIterator[SlackUsers]:
    """Create the users of the bot at `url`. By default they wait for the ack as long as Slack."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=90),
        timeout=aiohttp.ClientTimeout(total=ack_timeout),
    ) as session:
        yield SlackUsers(servers, session, url)
