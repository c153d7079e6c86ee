"""The bot's real HTTP interface between the emulators of SignalWire and Slack on loopback."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final, TypedDict, Unpack
from uuid import NAMESPACE_DNS, uuid5

import httpx
from hypothesis import HealthCheck, settings
from starlette.types import ASGIApp

from bot.app import Bot, Timing, create_http_app
from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.fixtures import LogFixture
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.dev.emulator.slack.workspace import SlackEmulator, sign
from bot.entrypoints.http import EVENTS_PATH
from bot.limits import DEFAULT_LIMITS, Limits
from bot.services.form_replies import FormTiming
from bot.settings import Required, Settings
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy
from bot.slack.sealed_value import SealedValues
from tests.integration.intercept import (
    CALLS_ONLY,
    EVENTS_ONLY,
    LIST,
    LIST_ONLY,
    LOGS,
    Interceptor,
    Middleware,
    no_middleware,
)
from tests.integration.log_capture import LogCapture, captured_log
from tests.integration.private_data import assert_not_in_log, assert_not_in_slack
from tests.integration.user_actions import UserActions
from tests.support.clock import Clock, Gate
from tests.support.raw_requests import FORM, SIGNING_SECRET
from tests.support.reading import REFERENCE
from tests.support.samples import NOW

NEVER: Final = 3600.0
IN_ONE_WORLD: Final = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
"""All examples of a property share their test's world."""
_BOT_TOKEN: Final = "xoxb-integration-token"
_INTERCEPTED: Final = {
    "lookups": LOGS,
    "lists": LIST_ONLY,
    "events": EVENTS_ONLY,
    "calls": CALLS_ONLY,
}
"""The requests to SignalWire that each interceptor of a world intercepts."""


@dataclass(frozen=True)
class Project:
    """One SignalWire project.

    Attributes:
        name: what the bot calls it, where there are several.
        entries: its logs; by default the whole catalog.
        token_is_wrong: whether the bot has another token than the project.
        middleware: wraps the emulator's application.
    """

    name: str = "acme"
    entries: Sequence[LogFixture] | None = None
    token_is_wrong: bool = False
    middleware: Middleware = no_middleware

    @property
    def token(self) -> str:
        """The API token."""
        return f"PT{uuid5(NAMESPACE_DNS, f'token of {self.name}').hex}"

    def settings(self, url: str) -> dict[str, str]:
        """Return the bot's settings for it."""
        return {
            "name": self.name,
            "space": url,
            "project_id": project_id(self.name),
            "api_token": f"PT{'0badc0de' * 4}" if self.token_is_wrong else self.token,
        }


def project_id(name: str) -> str:
    """Return the ID of the project with that name."""
    return str(uuid5(NAMESPACE_DNS, name))


class Options(TypedDict, total=False):
    """What may differ from the plain world."""

    progress_after: float
    """Seconds until the bot posts that SignalWire is slow; by default never."""
    partial_after: float
    """Seconds until a modal shows what there is; by default never."""
    forms_settled_after: float
    """As in `FormTiming`; by default almost at once."""
    retry_policy: RetryPolicy
    limits: Limits
    enterprise_id: str
    """The organization of the Slack workspace; by default none."""
    is_enterprise_install: bool
    """Whether the bot is installed in the whole organization."""
    slack_middleware: Middleware
    """Wraps the Slack emulator's application."""
    waits_for_startup: bool
    """Whether the world opens once all startup checks have passed or failed."""
    environment: Mapping[str, str]
    """Environment variables, which take precedence over the emulators'."""


@dataclass
class World(UserActions):
    """The bot, the emulators, and a log."""

    projects: dict[str, SignalWireEmulator]
    gate: Gate
    """Holds back the delayed responses of projects."""
    lookups: Interceptor
    lists: Interceptor
    events: Interceptor
    calls: Interceptor
    """Those of the Compatibility API."""
    views: Interceptor
    """Requests that open or update a modal or the Home tab."""
    http: httpx.AsyncClient
    """A client for requests that the emulated Slack doesn't send."""
    log: LogCapture
    url: str
    secrets: list[str]
    """Must not be in the log."""
    slack_token: str
    """The token that Slack accepts."""
    clock: Clock
    servers: "Servers"
    _bot_server: AsyncExitStack

    @property
    def signalwire(self) -> SignalWireEmulator:
        """The first project."""
        return next(iter(self.projects.values()))

    @property
    def paths(self) -> list[str]:
        """What was requested from SignalWire below the list of logs, except the bot's checks."""
        requests = (one for project in self.projects.values() for one in project.requests)
        return [
            one.path.removeprefix(LIST) for one in requests if one.query.get("page_size") != "1"
        ]

    @property
    def requested_ids(self) -> list[str]:
        """The log IDs that were requested from any project."""
        return [path[1:] for path in self.paths if path.count("/") == 1]

    @property
    def list_requests(self) -> int:
        """How many list requests the projects got, except the bot's checks."""
        return self.paths.count("")

    @property
    def view_methods(self) -> list[str]:
        """The `views.*` requests so far."""
        return [request.method for request in self.slack.view_requests]

    def hold_responses(self) -> None:
        """Let no project respond until `release_responses`."""
        self.gate.close()
        for project in self.projects.values():
            project.latency_seconds = 1

    def release_responses(self) -> None:
        """Let all projects respond."""
        self.gate.open()
        for project in self.projects.values():
            project.latency_seconds = 0

    @asynccontextmanager
    async def holding_responses(self) -> AsyncIterator[None]:
        """Let no project respond meanwhile; then wait until the bot is idle."""
        self.hold_responses()
        yield
        self.release_responses()
        await self.idle()

    @property
    def holds_responses(self) -> bool:
        """Whether some project doesn't respond."""
        return any(project.latency_seconds for project in self.projects.values())

    async def post_signed(
        self,
        body: bytes,
        *,
        content_type: str = FORM,
        age_seconds: int = 0,
        secret: str = SIGNING_SECRET,
        headers: Mapping[str, str | bytes] | None = None,
    ) -> httpx.Response:
        """Post `body` signed as by Slack; `headers` override headers, or remove them if empty."""
        signed = sign(body, int(self.clock.now().timestamp()) - age_seconds, secret)
        sent: dict[str, str | bytes] = {"Content-Type": content_type, **signed, **(headers or {})}
        return await self.http.post(
            self.url + EVENTS_PATH,
            content=body,
            headers=[(name.encode(), _as_bytes(value)) for name, value in sent.items() if value],
        )

    async def stop(self) -> None:
        """Stop the bot as its server does: close the port, drain, exit."""
        await self._bot_server.aclose()


def _as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def sealed(text: str, purpose: str = "search") -> str:
    """Seal a value as the bot of every world does."""
    return SealedValues((SIGNING_SECRET,), now=lambda: NOW).seal(text, purpose=purpose)


@asynccontextmanager
async def a_world(*projects: Project, **options: Unpack[Options]) -> AsyncIterator[World]:
    """Open a world; at the end, assert that its log and what Slack stores are clean.

    Args:
        projects: the SignalWire projects; by default one with the whole catalog.
        options: what is different from the plain world.
    """
    with captured_log() as log:
        async with AsyncExitStack() as stack:
            world = await _open_world(stack, projects or (Project(),), log, options)
            if options.get("waits_for_startup", True):
                await log.startup_checks(len(["Slack", *world.projects]))
            try:
                yield world
            finally:
                world.release_responses()
                for held in (world.lookups, world.lists, world.events, world.calls, world.views):
                    held.release()
                with contextlib.suppress(TimeoutError):
                    await world.idle()
                await world.http.aclose()
                await asyncio.gather(world.stop(), world.servers.stop())
        assert_log_is_clean(world)
        assert_request_ids_are_logged(world)
        assert_not_in_slack(everything_shown(world), world.secrets)


class OpenWorld:
    """Opens worlds that last as long as `stack`; each must leave a clean log."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack

    async def __call__(self, *projects: Project, **options: Unpack[Options]) -> World:
        """Open a world; the arguments are those of `a_world`."""
        return await self._stack.enter_async_context(a_world(*projects, **options))


async def _open_world(
    stack: AsyncExitStack, projects: Sequence[Project], log: LogCapture, options: Options
) -> World:
    gate, clock, servers, bot_server = Gate(), Clock(), Servers(), AsyncExitStack()
    http = await stack.enter_async_context(_http_client())
    stack.push_async_callback(servers.stop)
    slack, views = _slack(http, clock, options), Interceptor("/api/views[.]")
    slack_middleware = options.get("slack_middleware", no_middleware)
    slack.own_url = await servers.serve(slack_middleware(views(slack.app)))
    emulators = {project.name: _signalwire(project, clock, gate) for project in projects}
    intercepted = {name: Interceptor(path) for name, path in _INTERCEPTED.items()}
    urls = [
        await servers.serve(_signalwire_app(project, emulators[project.name], intercepted.values()))
        for project in projects
    ]
    bot = _bot(_settings(slack.own_url, projects, urls, options), clock, options)
    url = await bot_server.enter_async_context(serve_on_loopback(create_http_app(bot)))
    slack.bot_url = url + EVENTS_PATH
    return World(
        projects=emulators,
        gate=gate,
        **intercepted,
        views=views,
        slack=slack,
        bot=bot,
        http=http,
        log=log,
        url=url,
        secrets=[SIGNING_SECRET, _BOT_TOKEN, *(project.token for project in projects)],
        slack_token=_BOT_TOKEN,
        clock=clock,
        servers=servers,
        _bot_server=bot_server,
    )


def _http_client() -> httpx.AsyncClient:
    # Everything is plain HTTP on loopback, and loading certificates is slow.
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(verify=no_tls, trust_env=False)


def _signalwire(project: Project, clock: Clock, gate: Gate) -> SignalWireEmulator:
    return SignalWireEmulator(
        project_id=project_id(project.name),
        api_token=project.token,
        clock=clock.now,
        sleep=gate.sleep,
        entries=project.entries,
    )


def _signalwire_app(
    project: Project, emulator: SignalWireEmulator, interceptors: Iterable[Interceptor]
) -> ASGIApp:
    app: ASGIApp = emulator.app
    for interceptor in interceptors:
        app = interceptor(app)
    return project.middleware(app)


def _slack(http: httpx.AsyncClient, clock: Clock, options: Options) -> SlackEmulator:
    return SlackEmulator(
        signing_secret=SIGNING_SECRET,
        bot_token=_BOT_TOKEN,
        bot_url="",
        http=http,
        clock=lambda: clock.now().timestamp(),
        sleep=asyncio.sleep,
        enterprise_id=options.get("enterprise_id"),
        is_enterprise_install=options.get("is_enterprise_install", False),
    )


def _settings(
    slack_url: str, projects: Sequence[Project], urls: Sequence[str], options: Options
) -> Settings:
    return Settings.from_environment(
        {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": _BOT_TOKEN,
            "SLACK_API_URL": f"{slack_url}/api/",
            **_environment(projects, urls),
            **options.get("environment", {}),
        },
        Required.SLACK_HTTP,
        Required.SIGNALWIRE,
    )


def _environment(projects: Sequence[Project], urls: Sequence[str]) -> dict[str, str]:
    settings = [project.settings(url) for project, url in zip(projects, urls, strict=True)]
    if len(settings) > 1:
        return {"SIGNALWIRE_PROJECTS": json.dumps(settings)}
    return {f"SIGNALWIRE_{key.upper()}": value for key, value in settings[0].items()}


def _bot(settings: Settings, clock: Clock, options: Options) -> Bot:
    request_ids = (f"ref{number:04}" for number in count(1))
    return Bot(
        settings,
        now=clock.now,
        new_request_id=lambda: next(request_ids),
        timing=Timing(
            progress_after=options.get("progress_after", NEVER),
            partial_after=options.get("partial_after", NEVER),
            forms=FormTiming(
                acknowledged_after=0.05,  # loopback is quick
                settled_after=options.get("forms_settled_after", 0.05),
            ),
            sleep=clock.sleep,
            elapsed=clock.elapsed,
        ),
        retry_policy=options.get("retry_policy", DEFAULT_RETRY),
        limits=options.get("limits", DEFAULT_LIMITS),
    )


class Servers:
    """Servers that stop at the same time."""

    def __init__(self) -> None:
        self._running: list[AsyncExitStack] = []

    async def serve(self, app: ASGIApp) -> str:
        """Serve `app` until `stop`; return its URL."""
        self._running.append(AsyncExitStack())
        return await self._running[-1].enter_async_context(serve_on_loopback(app))

    async def stop(self) -> None:
        """Stop all of them."""
        await asyncio.gather(*(server.aclose() for server in self._running))


def assert_log_is_clean(world: World) -> None:
    """Assert that nothing private is in the log, nor the body or token of any interaction."""
    private = list(world.secrets)
    for interaction in world.slack.interactions:
        private += [interaction.token, interaction.request_body]
    assert_not_in_log(world.log.getvalue(), private)


def assert_idle(world: World) -> None:
    """Assert that the next test finds this world idle, and make it so."""
    try:
        assert len(world.bot.tasks) == 0
        assert world.slack.fail_next == []
        assert not world.holds_responses
        assert_log_is_clean(world)
        assert_request_ids_are_logged(world)
    finally:
        world.slack.fail_next.clear()
        world.release_responses()


def request_ids_shown(world: World) -> set[str]:
    """Return all request IDs that users have seen."""
    return {found for text in everything_shown(world) for found in REFERENCE.findall(text)}


def everything_shown(world: World) -> list[str]:
    """Return all acks, posts and views so far, as the bot sent them."""
    shown = [interaction.ack_body for interaction in world.slack.interactions]
    shown += [post.body for interaction in world.slack.interactions for post in interaction.posts]
    return shown + [
        json.dumps(dict(request.view), ensure_ascii=False) for request in world.slack.view_requests
    ]


def assert_request_ids_are_logged(world: World) -> None:
    """Assert that every request ID that a user has seen can be found in the log."""
    logged = {line.get("request_id") for line in world.log.lines() if line["level"] != "debug"}
    assert request_ids_shown(world) <= logged, world.log.getvalue()
