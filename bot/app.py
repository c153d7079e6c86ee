"""The composition root: the only place where the parts meet. Nothing here decides anything."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

import structlog
from phonenumbers import PhoneMetadata
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.applications import Starlette

from bot import listeners
from bot.access import Access
from bot.entrypoints.http import RequestVerifier, create_app
from bot.runtime.clock import Clock, utc_now
from bot.runtime.fair_semaphore import FairSemaphore
from bot.runtime.http_client import Client, new_client, new_session
from bot.runtime.tasks import BackgroundTasks
from bot.services import Services
from bot.services.dedup import Deduplicator
from bot.services.details import PARTIAL_AFTER_SECONDS, DetailsService
from bot.services.follow import FollowService
from bot.services.health_probe import HealthProbe
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.progress import PROGRESS_AFTER_SECONDS
from bot.services.runner import Runner
from bot.services.sealed_search import SealedSearches
from bot.services.search import SearchService, SearchTiming
from bot.services.share import ShareService
from bot.services.startup_checks import StartupChecks
from bot.services.status import StatusService
from bot.services.voice_logs import VoiceLogs
from bot.settings import Settings, secret_value
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy, SignalWireClient
from bot.slack.responder import Responder
from bot.slack.response_url import ResponseUrlClient
from bot.slack.sealed_value import SealedValues
from bot.slack.views import Views
from bot.slack.web_client import web_client
from bot.voicelogs.legs import LegFinder
from bot.voicelogs.lookup import Lookup
from bot.voicelogs.search import Search

_log = structlog.stdlib.get_logger(__name__)


def new_request_id() -> str:
    """Six characters to name a request by, in the answer and in the log."""
    return secrets.token_hex(3)


@dataclass(frozen=True)
class Timing:
    """How long people wait for what; in seconds. See the modules that have these defaults.

    Attributes:
        elapsed: a clock that only counts, which `sleep` moves on.
    """

    progress_after: float = PROGRESS_AFTER_SECONDS
    partial_after: float = PARTIAL_AFTER_SECONDS
    searches: SearchTiming = field(default_factory=SearchTiming)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    elapsed: Callable[[], float] = time.monotonic


DEFAULT_TIMING: Final = Timing()


@dataclass(frozen=True)
class Limits:
    """How much is done at once.

    Each of these takes an open file, and a small machine allows a process 1,024 of them: 512 for
    lookups, 128 for replies, 128 for windows, 192 for connections from clients, and 64 for all the
    rest (what is loaded, names that are looked up, checks, the log). `within` shares out what a
    process really has.

    Attributes:
        lookups: requests to SignalWire, shared evenly between the projects: one that hangs must not
            hold up the others.
        lookups_waiting: how many of them may wait. Whoever would come after twice as many as are
            under way would hardly be served in time, so they are told at once.
        replies: messages on their way to Slack.
        views: requests to open or fill windows and Home tabs.
        connections: from clients, whatever they do or don't do; see bot/entrypoints/connections.py.
        jobs: people who are being served.
        jobs_each: how much of that may be one person's. Far more than somebody has open who waits
            for answers: a message of fifty ids is one piece of work, a leg that is followed is one.
    """

    lookups: int = 512
    lookups_waiting: int = 1024
    replies: int = 128
    views: int = 128
    connections: int = 192
    tasks: int = 2000
    jobs_each: int = 100

    @classmethod
    def within(cls, files: int) -> "Limits":
        """What a process can do that may have so many files open.

        With more than 1,024, more clients may be connected. With fewer, less of everything that
        takes one is done at once.
        """
        usual = cls()
        if files >= _FILES:
            more = usual.connections + files - _FILES
            return replace(usual, connections=min(more, _MOST_CONNECTIONS))
        rest = min(files // 4, _FILES_FOR_THE_REST)
        part = (files - rest) / (_FILES - _FILES_FOR_THE_REST)
        return replace(
            usual,
            lookups=max(int(usual.lookups * part), 1),
            lookups_waiting=max(int(usual.lookups_waiting * part), 1),
            replies=max(int(usual.replies * part), 1),
            views=max(int(usual.views * part), 1),
            connections=max(int(usual.connections * part), 1),
        )


_FILES: Final = 1024
_FILES_FOR_THE_REST: Final = 64
_MOST_CONNECTIONS: Final = 2048
"""Each of them that asks without end has a part in every turn of the event loop."""
DEFAULT_LIMITS: Final = Limits()


class Bot:
    """The assembled bot, without the face it is asked through.

    Between requests it remembers nothing of anybody's but what it follows (services/follow.py), and
    what it has seen, to know what is delivered twice (desks/runner.py). What a button needs
    travels in its value (sealed_value.py), so any process with the same secrets can serve it.

    Attributes:
        bolt: dispatches Slack's requests to the listeners.
        jobs: what is under way.
        is_draining: whether the process is about to stop.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        now: Clock = utc_now,
        new_request_id: Callable[[], str] = new_request_id,
        timing: Timing = DEFAULT_TIMING,
        retry_policy: RetryPolicy = DEFAULT_RETRY,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        # By itself it loads a country's rules from disk when first asked for one of its numbers: on
        # the event loop, and under a lock that a failed load never releases.
        PhoneMetadata.load_all()
        self.settings: Final = settings
        self._now = now
        self._request_id = new_request_id
        self.tasks: Final = BackgroundTasks(limit=limits.tasks, each=limits.jobs_each)
        self.is_draining = False
        self._http = new_client()
        self._access = Access(
            teams=settings.allowed_teams,
            channels=settings.allowed_channels,
            users=settings.allowed_users,
        )
        self._clients = signalwire_clients(
            settings, self._http, now=now, retry_policy=retry_policy, limits=limits
        )
        self._lookup = Lookup(self._clients)
        self._health = HealthProbe(self._clients, elapsed=timing.elapsed)
        self._response_urls = ResponseUrlClient(
            self._http,
            api_url=settings.slack_api_url,
            semaphore=FairSemaphore(limits.replies),
        )
        self.bolt: Final = self._bolt()
        self._views = Views(
            self.bolt.client,
            secret_value(settings.slack_bot_token),
            semaphore=FairSemaphore(limits.views),
        )
        listeners.register(self.bolt, self._services(timing))

    def _services(self, timing: Timing) -> Services:
        tasks, now, dedup = self.tasks, self._now, Deduplicator()
        new_responder = partial(
            Responder, response_urls=self._response_urls, views=self._views, access=self._access
        )
        runner = Runner(access=self._access, tasks=tasks, dedup=dedup, new_responder=new_responder)
        voice_logs = VoiceLogs(self._lookup)
        presenter = CardPresenter(
            self.settings.mask_numbers,
            names_projects=self._lookup.has_several_projects,
            now=now,
        )
        return Services(
            runner=runner,
            dedup=dedup,
            lookup=LookupService(
                runner=runner,
                tasks=tasks,
                voice_logs=voice_logs,
                presenter=presenter,
                select=self._lookup.select,
                now=now,
                progress_after=timing.progress_after,
            ),
            search=SearchService(
                runner=runner,
                tasks=tasks,
                dedup=dedup,
                presenter=presenter,
                search=Search(self._clients),
                sealed=SealedSearches(sealed_values(self.settings, now=now)),
                now=now,
                timing=timing.searches,
            ),
            details=DetailsService(
                runner=runner,
                tasks=tasks,
                voice_logs=voice_logs,
                presenter=presenter,
                clients=self._clients,
                legs=LegFinder(self._clients, now=now),
                partial_after=timing.partial_after,
            ),
            share=ShareService(
                runner=runner,
                tasks=tasks,
                dedup=dedup,
                voice_logs=voice_logs,
                presenter=presenter,
            ),
            follow=FollowService(
                runner=runner,
                tasks=tasks,
                voice_logs=voice_logs,
                presenter=presenter,
                now=now,
                sleep=timing.sleep,
                elapsed=timing.elapsed,
            ),
            status=StatusService(
                runner=runner, tasks=tasks, views=self._views, health=self._health
            ),
            new_request_id=self._request_id,
        )

    def _bolt(self) -> AsyncApp:
        token = secret_value(self.settings.slack_bot_token)

        async def authorize() -> AuthorizeResult:
            # One workspace, one token: nothing to look up, and no auth.test within a request.
            return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

        return AsyncApp(
            name="voicelog",
            logger=logging.getLogger("slack_bolt"),
            client=web_client(self.settings.slack_api_url),
            authorize=authorize,
            # The default runner looks for the acknowledgement every 10 ms only.
            process_before_response=True,
            # The guard has verified the request; Bolt would log its body if it were wrong.
            request_verification_enabled=False,
            raise_error_for_unhandled_request=True,
        )

    def begin_drain(self) -> None:
        """Say in readiness that new lookups should go elsewhere."""
        if not self.is_draining:
            _log.info("shutdown.started")
        self.is_draining = True

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Connect, check and keep warm in the background; on leaving, drain and disconnect."""
        async with new_session() as session, self._http:
            self.bolt.client.session = session
            upkeep = asyncio.create_task(self._startup_checks().run())
            try:
                yield
            finally:
                self.begin_drain()
                lost = await self.tasks.drain(self.settings.drain_seconds)
                if lost:
                    _log.error("shutdown.tasks_cancelled", tasks=lost)
                upkeep.cancel()
                await asyncio.gather(upkeep, return_exceptions=True)
                await self._lookup.close()
                await self._health.close()
                _log.info("shutdown.finished")

    def _startup_checks(self) -> StartupChecks:
        return StartupChecks(
            access=self._access,
            web=self.bolt.client,
            bot_token=secret_value(self.settings.slack_bot_token),
            clients=self._clients,
        )


def sealed_values(settings: Settings, *, now: Clock = utc_now) -> SealedValues:
    """Seals with the signing secret, or in Socket Mode, which needs none, with the bot token."""
    secrets_ = settings.signing_secrets or (secret_value(settings.slack_bot_token),)
    return SealedValues(secrets_, now=now)


def signalwire_clients(
    settings: Settings,
    http: Client,
    *,
    now: Clock = utc_now,
    retry_policy: RetryPolicy = DEFAULT_RETRY,
    limits: Limits = DEFAULT_LIMITS,
) -> list[SignalWireClient]:
    """A client for each configured project, over one pool."""
    shares = max(len(settings.projects), 1)
    room, waiting = max(limits.lookups // shares, 1), max(limits.lookups_waiting // shares, 1)
    return [
        SignalWireClient(
            project,
            http,
            semaphore=FairSemaphore(room, max_waiting=waiting),
            now=now,
            retry_policy=retry_policy,
        )
        for project in settings.projects
    ]


def create_http_app(bot: Bot, now: Clock = utc_now) -> Starlette:
    """The bot as an ASGI application."""
    guard = RequestVerifier(bot.settings.signing_secrets, now)
    return create_app(bot.bolt, guard, running=bot.lifespan, is_draining=lambda: bot.is_draining)
