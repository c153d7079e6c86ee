"""The local stack: the real server between loopback emulators of Slack and SignalWire."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import uuid4

import httpx

from bot.app import DEFAULT_TIMING, Bot, Timing, create_http_app
from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.dev.emulator.slack.workspace import SlackEmulator
from bot.dev.waiting import wait_for_first
from bot.entrypoints.http import EVENTS_PATH
from bot.runtime.clock import Clock, utc_now
from bot.runtime.http_client import new_transport
from bot.settings import Required, Settings

# No user is waiting when the emulators stop.
_DRAIN_SECONDS: Final = "2"
# A bot that is replaced gets longer, because the emulated SignalWire may be slow.
_FINISH_SECONDS: Final = 20.0


@dataclass(frozen=True)
class StackClock:
    """The clock that all parts share, SignalWire's delays, and the bot's timing settings."""

    now: Clock = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    timing: Timing = DEFAULT_TIMING


class LocalStack:
    """The emulators, and the bot that Slack currently sends requests to.

    `environment` has the bot's settings, apart from those that point it at the emulators.
    """

    def __init__(
        self,
        slack: SlackEmulator,
        signalwire: SignalWireEmulator,
        credentials: Mapping[str, str],
        timing: StackClock,
    ) -> None:
        self.slack: Final = slack
        self.signalwire: Final = signalwire
        self.environment: Mapping[str, str] = MappingProxyType({})
        self._credentials = credentials
        self._timing = timing
        self._served: list[tuple[Bot, AsyncExitStack]] = []
        self._over = asyncio.Event()
        self._leaving: list[asyncio.Task[None]] = []
        self.bot = self._new_bot({})

    def _new_bot(self, environment: Mapping[str, str]) -> Bot:
        settings = Settings.from_environment(
            {**self._credentials, **environment}, Required.SLACK_HTTP, Required.SIGNALWIRE
        )
        return Bot(settings, now=self._timing.now, timing=self._timing.timing)

    async def start_bot(self) -> None:
        server = AsyncExitStack()
        app = create_http_app(self.bot)
        url = await server.enter_async_context(serve_on_loopback(app))
        self._served.append((self.bot, server))
        self.slack.bot_url = url + EVENTS_PATH

    async def restart_with(self, environment: Mapping[str, str]) -> None:
        """Replace the bot with one that has other settings, like a platform's rolling deploy.

        The new bot serves first. The old one then has some time to finish its work in the
        background, and tells users that it is restarting.

        Raises:
            SettingsError: the settings are invalid; the current bot keeps running.
        """
        self.bot = self._new_bot(environment)
        self.environment = MappingProxyType(dict(environment))
        await self.start_bot()
        self._leaving.append(asyncio.create_task(self._stop_bot(*self._served.pop(0))))

    async def _stop_bot(self, bot: Bot, server: AsyncExitStack) -> None:
        await wait_for_first(bot.tasks.join(), self._over.wait(), seconds=_FINISH_SECONDS)
        await server.aclose()

    async def stop(self) -> None:
        self._over.set()
        await asyncio.gather(*(server.aclose() for _, server in self._served), *self._leaving)


@asynccontextmanager
async def local_stack(timing: StackClock = StackClock()) -> AsyncIterator[LocalStack]:
    """Start the local stack with the bot running, and stop it on exit."""
    async with AsyncExitStack() as servers:
        enter = servers.enter_async_context
        signalwire = SignalWireEmulator(
            project_id=str(uuid4()),
            api_token=f"PT{secrets.token_hex(24)}",
            clock=timing.now,
            sleep=timing.sleep,
        )
        slack = SlackEmulator(
            signing_secret=secrets.token_hex(16),
            bot_token=f"xoxb-{secrets.token_hex(12)}",
            bot_url="",
            http=await enter(httpx.AsyncClient(transport=new_transport(), trust_env=False)),
            clock=lambda: timing.now().timestamp(),
        )
        slack.own_url = await enter(serve_on_loopback(slack.app))
        credentials = {
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_API_URL": f"{slack.own_url}/api/",
            "SIGNALWIRE_SPACE": await enter(serve_on_loopback(signalwire.app)),
            "SIGNALWIRE_PROJECT_ID": signalwire.project_id,
            "SIGNALWIRE_API_TOKEN": signalwire.api_token,
            "DRAIN_SECONDS": _DRAIN_SECONDS,
        }
        stack = LocalStack(slack, signalwire, credentials, timing)
        servers.push_async_callback(stack.stop)
        await stack.start_bot()
        yield stack
