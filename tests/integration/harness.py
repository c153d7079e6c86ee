"""The world of a scenario: SignalWire and Slack on loopback, and the bot's real HTTP face between.

Whatever a scenario does, its world ends with a look at every log line for what must not be there.
"""

import asyncio
import contextlib
import io
import json
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final, TypedDict, Unpack
from uuid import NAMESPACE_DNS, uuid5

import httpx
import stamina.instrumentation
import structlog
from pydantic import JsonValue
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import DEFAULT_LIMITS, Bot, Limits, Timing, create_http_app
from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.catalogue import LogFixture, canned_failures, catalogue
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.dev.emulator.slack.workspace import (
    PostedMessage,
    RecordedInteraction,
    ResponseUrlPost,
    SlackEmulator,
    sign,
)
from bot.entrypoints.http import EVENTS_PATH
from bot.runtime import logging as logs
from bot.services.search import SearchTiming
from bot.settings import Required, Settings
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy
from bot.ui import notices

NOW: Final = datetime(2026, 11, 2, 15, 30, tzinfo=UTC)
DOCUMENTED: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
"""The id of the example in SignalWire's documentation."""
NEVER: Final = 3600.0
PATIENCE_OF_A_TEST: Final = 30.0
"""Seconds. Ten thousand logs take ten of them on a machine that has other work."""
CANARY: Final = "canary-4f1d"
"""Stands in bodies that no log line may quote."""
SLOW: Final = notices.SLOW
FORM: Final = "application/x-www-form-urlencoded"

_SIGNING_SECRET: Final = "scenario-signing-secret"
_BOT_TOKEN: Final = "xoxb-scenario-token"
_TUNED: Final = (
    logs.AUDIT,
    *("slack_bolt", "slack_sdk", "httpx", "httpcore", "aiohttp", "asyncio", "uvicorn"),
)
"""The loggers that the bot gives a level of their own."""
_REFERENCE: Final = re.compile(r"Reference (ref\d{4})\.")
_SHOWN_REFERENCE: Final = re.compile(r"Reference `?(ref\d{4})")
_NUMBER: Final = re.compile(r"\+\d{10,15}")
_WORDED_NUMBER: Final = re.compile(r"206\D{0,2}555\D{0,2}\d{4}")


class Gate:
    """Holds answers back for as long as it is closed, in the place of a sleep."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def close(self) -> None:
        """From now on, who would sleep waits."""
        self._open.clear()

    def open(self) -> None:
        """Let everyone through who waits."""
        self._open.set()

    async def sleep(self, _seconds: float) -> None:
        """Wait until the gate is open, however long that is."""
        await self._open.wait()


class Time(Gate):
    """The world's clocks. They stand still; a pause moves them on, and takes no time of the test's.

    Attributes:
        moment: what time it is, which may be set.
        passed: how long the world has lasted, in seconds.
    """

    def __init__(self) -> None:
        super().__init__()
        self.moment = NOW
        self.passed = 0.0

    def now(self) -> datetime:
        """The current time in UTC."""
        return self.moment

    def elapsed(self) -> float:
        """How long the world has lasted, in seconds."""
        return self.passed

    def pass_by(self, seconds: float) -> None:
        """Make it so many seconds later."""
        self.moment += timedelta(seconds=seconds)
        self.passed += seconds

    async def sleep(self, seconds: float) -> None:
        """Wait until the gate is open; then it is so many seconds later."""
        await super().sleep(seconds)
        self.pass_by(seconds)
        await asyncio.sleep(0)


class LogBook(io.StringIO):
    """What the process logs, and a way to wait for a line of it."""

    def __init__(self) -> None:
        super().__init__()
        self._written = asyncio.Event()

    def write(self, text: str) -> int:
        """Take text and wake whoever waits."""
        self._written.set()
        return super().write(text)

    def lines(self, event: str | None = None, **wanted: JsonValue) -> list[dict[str, JsonValue]]:
        """The lines so far; of one event only, and with these values, if given."""
        parsed: list[dict[str, JsonValue]] = [
            json.loads(line) for line in self.getvalue().splitlines()
        ]
        return [
            line
            for line in parsed
            if event in {None, line["event"]} and wanted.items() <= line.items()
        ]

    async def line(
        self, event: str, *, times: int = 1, **wanted: JsonValue
    ) -> dict[str, JsonValue]:
        """The nth line of an event with these values, now or when it is written."""
        async with asyncio.timeout(PATIENCE_OF_A_TEST):
            while len(found := self.lines(event, **wanted)) < times:
                self._written.clear()
                await self._written.wait()
        return found[times - 1]


Front = Callable[[ASGIApp], ASGIApp]
"""Stands before an application, or in its place."""


def is_check(scope: Scope) -> bool:
    """Whether the bot asks how the project is, for which it asks for the shortest list."""
    return scope.get("query_string") == b"page_size=1"


def as_it_is(app: ASGIApp) -> ASGIApp:
    """No front at all."""
    return app


@dataclass(frozen=True)
class Space:
    """One SignalWire project as a scenario wants it.

    Attributes:
        name: what the bot calls it, where there are several.
        entries: its logs; the whole catalogue without it.
        token_is_wrong: whether the bot has another token than the project.
        front: stands before the sandbox's application.
    """

    name: str = "acme"
    entries: Sequence[LogFixture] | None = None
    token_is_wrong: bool = False
    front: Front = as_it_is


class Options(TypedDict, total=False):
    """What can be different in a world.

    Attributes:
        progress_after: seconds until the bot says that SignalWire is slow; never by default.
        partial_after: seconds until a window shows what is there; never by default.
        searches_settled_after: as the bot's desk has it; at once by default.
        retry_policy: the bot's with SignalWire.
        limits: how much the bot does at once.
        enterprise_id: the organization of the sandbox's workspace; none by default.
        is_enterprise_install: whether the bot is installed in all of it.
        slack_front: stands before the sandbox's Slack.
        knows_home: whether to wait until the bot has learnt where it is installed.
        environment: environment variables, over those that the sandbox needs.
    """

    progress_after: float
    partial_after: float
    searches_settled_after: float
    retry_policy: RetryPolicy
    limits: Limits
    enterprise_id: str
    is_enterprise_install: bool
    slack_front: Front
    knows_home: bool
    environment: Mapping[str, str]


@dataclass
class World:
    """Everything a scenario can touch.

    Attributes:
        spaces: the SignalWire projects by name.
        gates: what holds the projects' delayed answers back, by name.
        slack: the workspace.
        bot: the bot under test.
        http: a client that is nobody's.
        log: what the bot has logged.
        url: where the bot is served.
        secrets: what no log line may hold.
        slack_token: the one that Slack takes.
        time: everyone's clock.
        stopping: set when the bot's process has begun to stop.
        sandbox: the servers of Slack and SignalWire.
    """

    spaces: dict[str, SignalWireEmulator]
    gates: dict[str, Gate]
    slack: SlackEmulator
    bot: Bot
    http: httpx.AsyncClient
    log: LogBook
    url: str
    secrets: list[str]
    slack_token: str
    time: Time
    stopping: asyncio.Event
    sandbox: "Servers"
    _bot_server: AsyncExitStack

    @property
    def signalwire(self) -> SignalWireEmulator:
        """The first project."""
        return next(iter(self.spaces.values()))

    @property
    def gate(self) -> Gate:
        """What holds the first project's answers back."""
        return next(iter(self.gates.values()))

    @property
    def asked_for(self) -> list[str]:
        """The ids that any project was asked for."""
        paths = [request.path for space in self.spaces.values() for request in space.requests]
        return [path.rpartition("/")[2] for path in paths if path.startswith("/api/voice/logs/")]

    def hold_answers(self) -> None:
        """From now on no project answers, until its gate opens."""
        for space, gate in zip(self.spaces.values(), self.gates.values(), strict=True):
            space.latency_seconds = 1
            gate.close()

    def release_answers(self) -> None:
        """Let every project answer, those that are waited for and those to come."""
        for space, gate in zip(self.spaces.values(), self.gates.values(), strict=True):
            space.latency_seconds = 0
            gate.open()

    @property
    def holds_answers(self) -> bool:
        """Whether some project doesn't answer."""
        return any(space.latency_seconds for space in self.spaces.values())

    async def type(self, text: str, **who: str) -> RecordedInteraction:
        """Type `/voicelog` and wait until everything that comes of it is over."""
        exchange = await self.slack.command(text, **who)
        await self.idle()
        return exchange

    async def answer(self, text: str, **who: str) -> PostedMessage:
        """Type `/voicelog`; the one message that the person sees of it in the end."""
        exchange = await self.type(text, **who)
        return only(exchange)

    async def use_shortcut(
        self, message: Mapping[str, JsonValue], **who: str
    ) -> RecordedInteraction:
        """Use the shortcut on a message and wait until everything that comes of it is over."""
        exchange = await self.slack.message_shortcut(message, **who)
        await self.idle()
        return exchange

    async def idle(self) -> None:
        """Wait until the bot has nothing under way."""
        async with asyncio.timeout(PATIENCE_OF_A_TEST):
            await self.bot.tasks.join()

    async def knock(
        self,
        body: bytes,
        *,
        content_type: str = FORM,
        age_seconds: int = 0,
        secret: str = _SIGNING_SECRET,
        headers: Mapping[str, str | bytes] | None = None,
    ) -> httpx.Response:
        """Post bytes to the bot as Slack would sign them; `headers` goes over what is signed."""
        signed = sign(body, int(self.time.now().timestamp()) - age_seconds, secret)
        sent: dict[str, str | bytes] = {"Content-Type": content_type, **signed, **(headers or {})}
        return await self.http.post(
            self.url + EVENTS_PATH,
            content=body,
            headers=[(name.encode(), _as_bytes(value)) for name, value in sent.items() if value],
        )

    async def stop(self) -> None:
        """Stop the bot's process as its server would: no more connections, drain, end."""
        await self._bot_server.aclose()


def only(exchange: RecordedInteraction) -> PostedMessage:
    """The one message a person sees of an exchange that Slack had no complaint about."""
    assert exchange.failed is None
    (message,) = exchange.messages
    assert message.response_type == "ephemeral"
    return message


def answer_of(exchange: RecordedInteraction) -> PostedMessage:
    """The one answer a person sees, if need be below the one word that SignalWire is slow."""
    assert exchange.failed is None
    *words, answer = exchange.messages
    assert [word.text.startswith(SLOW) for word in words] in ([], [True])
    assert {posted.response_type for posted in exchange.messages} == {"ephemeral"}
    return answer


def below_the_wait(exchange: RecordedInteraction) -> PostedMessage:
    """The same, where that word has to be there."""
    assert len(exchange.messages) == 2
    return answer_of(exchange)


def reference_in(message: PostedMessage | ResponseUrlPost) -> str:
    """The reference that stands in a message."""
    text = message.text if isinstance(message, PostedMessage) else message.body
    found = _REFERENCE.search(text)
    assert found is not None, text
    return found[1]


@contextmanager
def closed_port() -> Iterator[int]:
    """A port of this machine that refuses connections for as long as the context lasts."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port: int = reserved.getsockname()[1]
        yield port


@asynccontextmanager
async def a_world(*projects: Space, **options: Unpack[Options]) -> AsyncIterator[World]:
    """A world, torn down and its log read at the end.

    Args:
        projects: the SignalWire projects; one with the whole catalogue by default.
        options: what is different from the plain world.
    """
    with _captured() as log:
        async with AsyncExitStack() as stack:
            world = await _opened(stack, projects or (Space(),), log, options)
            if options.get("knows_home", True):
                await log.line("startup_check.ok", check="Slack")
            try:
                yield world
            finally:
                world.release_answers()
                with contextlib.suppress(TimeoutError):
                    await world.idle()
                await world.http.aclose()
                # Nothing is under way, so all may go at the same time.
                await asyncio.gather(world.stop(), world.sandbox.stop())
        assert_log_is_clean(world)


class OpenWorld:
    """Opens worlds that last as long as `stack`."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def __call__(self, *projects: Space, **options: Unpack[Options]) -> World:
        """A world as `a_world` describes it."""
        world = await self._stack.enter_async_context(a_world(*projects, **options))
        # Not in a world that others share: what is logged goes to the world that opened last.
        self._stack.callback(assert_references_are_logged, world)
        return world


async def _opened(
    stack: AsyncExitStack, projects: Sequence[Space], log: LogBook, options: "Options"
) -> World:
    gates = {project.name: Gate() for project in projects}
    time = Time()
    spaces = {
        project.name: SignalWireEmulator(
            project_id=project_id(project.name),
            api_token=_token(project.name),
            clock=time.now,
            sleep=gates[project.name].sleep,
            entries=project.entries,
        )
        for project in projects
    }
    # It talks to loopback in plain text only, and loading certificates takes a while.
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    http = await stack.enter_async_context(httpx.AsyncClient(verify=no_tls, trust_env=False))
    slack = SlackEmulator(
        signing_secret=_SIGNING_SECRET,
        bot_token=_BOT_TOKEN,
        bot_url="",
        http=http,
        clock=lambda: time.now().timestamp(),
        sleep=asyncio.sleep,
        enterprise_id=options.get("enterprise_id"),
        is_enterprise_install=options.get("is_enterprise_install", False),
    )
    servers = Servers()
    stack.push_async_callback(servers.stop)
    slack.own_url = await servers.serve(options.get("slack_front", as_it_is)(slack.app))
    urls = [await servers.serve(project.front(spaces[project.name].app)) for project in projects]
    settings = Settings.from_environment(
        {
            "SLACK_SIGNING_SECRET": _SIGNING_SECRET,
            "SLACK_BOT_TOKEN": _BOT_TOKEN,
            "SLACK_API_URL": f"{slack.own_url}/api/",
            **_projects_as_environment(projects, urls),
            **options.get("environment", {}),
        },
        Required.SLACK_HTTP,
        Required.SIGNALWIRE,
    )
    references = (f"ref{number:04}" for number in count(1))
    bot = Bot(
        settings,
        now=time.now,
        new_request_id=lambda: next(references),
        timing=Timing(
            progress_after=options.get("progress_after", NEVER),
            partial_after=options.get("partial_after", NEVER),
            searches=SearchTiming(
                progress_after=options.get("progress_after", NEVER),
                acknowledged_after=0.05,  # loopback is quick
                settled_after=options.get("searches_settled_after", 0.05),
            ),
            sleep=time.sleep,
            elapsed=time.elapsed,
        ),
        retry_policy=options.get("retry_policy", DEFAULT_RETRY),
        limits=options.get("limits", DEFAULT_LIMITS),
    )
    stopping = asyncio.Event()
    bot_server = AsyncExitStack()
    url = await bot_server.enter_async_context(
        serve_on_loopback(_telling_of_stop(create_http_app(bot, time.now), stopping))
    )
    slack.bot_url = url + EVENTS_PATH
    secrets = [_SIGNING_SECRET, _BOT_TOKEN, *(_token(project.name) for project in projects)]
    return World(
        spaces,
        gates,
        slack,
        bot,
        http,
        log,
        url,
        secrets,
        _BOT_TOKEN,
        time,
        stopping,
        servers,
        bot_server,
    )


def _projects_as_environment(projects: Sequence[Space], urls: Sequence[str]) -> dict[str, str]:
    objects: list[dict[str, str]] = [
        {
            "name": project.name,
            "space": url,
            "project_id": project_id(project.name),
            "api_token": _token("another" if project.token_is_wrong else project.name),
        }
        for project, url in zip(projects, urls, strict=True)
    ]
    if len(objects) > 1:
        return {"SIGNALWIRE_PROJECTS": json.dumps(objects)}
    return {
        f"SIGNALWIRE_{key.upper()}": value for key, value in objects[0].items() if key != "name"
    }


def project_id(name: str) -> str:
    """The id of the project of that name."""
    return str(uuid5(NAMESPACE_DNS, name))


def _token(name: str) -> str:
    return f"PT{uuid5(NAMESPACE_DNS, f'token of {name}').hex}"


def answering(status: int, body: str = "") -> Front:
    """Something in the application's place that has one answer to everything."""
    return lambda _app: PlainTextResponse(body, status)


def _as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


class Servers:
    """Servers that stop at the same time."""

    def __init__(self) -> None:
        self._done = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def serve(self, app: ASGIApp) -> str:
        """Serve `app` until `stop`; where it is."""
        url: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._tasks.append(asyncio.create_task(self._hold(app, url)))
        return await url

    async def stop(self) -> None:
        """Stop them all."""
        self._done.set()
        await asyncio.gather(*self._tasks)

    async def _hold(self, app: ASGIApp, url: "asyncio.Future[str]") -> None:
        async with serve_on_loopback(app) as address:
            url.set_result(address)
            await self._done.wait()


def _telling_of_stop(app: ASGIApp, stopping: asyncio.Event) -> ASGIApp:
    """The application, and an event that is set once its server tells it to end."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def overheard() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                stopping.set()
            return message

        await app(scope, overheard if scope["type"] == "lifespan" else receive, send)

    return wrapped


@contextmanager
def _captured() -> Iterator[LogBook]:
    """The process's log as JSON at its most talkative, and everything as it was afterwards."""
    book = LogBook()
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in _TUNED)]
    levels, handlers = [logger.level for logger in loggers], list(root.handlers)
    access = logging.getLogger("uvicorn.access")  # which a server without an access log cuts off
    access_propagates, access_handlers = access.propagate, list(access.handlers)
    was_configured, config = structlog.is_configured(), structlog.get_config()
    hooks = stamina.instrumentation.get_on_retry_hooks()
    logs.configure("json", "debug", book)
    try:
        yield book
    finally:
        root.handlers = handlers
        access.propagate, access.handlers = access_propagates, access_handlers
        stamina.instrumentation.set_on_retry_hooks(hooks)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        structlog.reset_defaults()
        if was_configured:
            structlog.configure(**config)


def _numbers() -> set[str]:
    bodies = [json.dumps(dict(entry.body)) for entry in catalogue(NOW)]
    bodies += [
        fault.then.decode() + fault.body.decode(errors="replace") for fault in canned_failures()
    ]
    return {number for body in bodies for number in _NUMBER.findall(body)}


NUMBERS: Final = frozenset(_numbers())


def assert_log_is_clean(world: World) -> None:
    """No secret, response_url, phone number or request body in any line, and none nearly so."""
    written = world.log.getvalue()
    assert written
    forbidden = [CANARY, "deprecated", "response/", *world.secrets, *NUMBERS]
    forbidden += [number.removeprefix("+") for number in NUMBERS]
    for exchange in world.slack.interactions:
        forbidden += [exchange.token, exchange.request_body]
    found = [secret for secret in forbidden if secret and secret in written]
    assert not found, written
    assert not _WORDED_NUMBER.search(written), written
    # The last line of defence should have had nothing to do.
    assert "[redacted]" not in written, written


def references_shown(world: World) -> set[str]:
    """Every reference that stands in something that was said to anybody."""
    said = [exchange.ack_body for exchange in world.slack.interactions]
    said += [post.body for exchange in world.slack.interactions for post in exchange.posts]
    said += [json.dumps(dict(call.view)) for call in world.slack.view_calls]
    return {found for each in said for found in _SHOWN_REFERENCE.findall(each)}


def assert_references_are_logged(world: World) -> None:
    """Whoever is shown a reference can have it looked up in the log."""
    logged = {line.get("request_id") for line in world.log.lines() if line["level"] != "debug"}
    unlogged = references_shown(world) - logged
    assert not unlogged, world.log.getvalue()
