"""The composition root: the only place where the parts are connected."""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import structlog
from phonenumbers import PhoneMetadata
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from starlette.routing import Router

from bot import listeners
from bot.access import Access
from bot.entrypoints.http import RequestVerifier, create_app
from bot.limits import DEFAULT_LIMITS, Limits
from bot.runtime.clock import Clock, utc_now
from bot.runtime.fair_semaphore import FairSemaphore
from bot.runtime.http_client import URL, Client, new_transport
from bot.runtime.tasks import BackgroundTasks
from bot.services import Services
from bot.services.command_replies import CommandReplies
from bot.services.dedup import Deduplicator
from bot.services.details import PARTIAL_AFTER_SECONDS, DetailsService
from bot.services.follow import FollowService
from bot.services.form_replies import FormReplies, FormTiming
from bot.services.health_probe import HealthProbe
from bot.services.lookup import LookupService
from bot.services.presenter import CardPresenter
from bot.services.progress import PROGRESS_AFTER_SECONDS
from bot.services.runner import Runner
from bot.services.sealed_search import SealedSearches
from bot.services.search import SearchService
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
    """Create a request id: six characters, shown in replies and written to the log."""
    return secrets.token_hex(3)


@dataclass(frozen=True)
class Timing:
    """The delays that users notice, in seconds; the modules with the defaults explain them."""

    progress_after: float = PROGRESS_AFTER_SECONDS
    partial_after: float = PARTIAL_AFTER_SECONDS
    forms: FormTiming = field(default_factory=FormTiming)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    elapsed: Callable[[], float] = time.monotonic
    """A monotonic clock, which `sleep` advances."""


DEFAULT_TIMING: Final = Timing()


class Bot:
    """The assembled bot, without an HTTP server or a socket.

    Between requests it keeps only which legs it follows (services/follow.py) and which requests it
    has seen (services/dedup.py). What a button needs is in its value (slack/sealed_value.py), so
    any process with the same secrets can handle a click. `bolt` dispatches Slack's requests to the
    listeners.
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
        # Otherwise phonenumbers loads a country's rules from disk when they are first needed: that
        # blocks the event loop, and if it fails, a lock is never released.
        PhoneMetadata.load_all()
        self.settings: Final = settings
        self.now: Final = now
        self._request_id = new_request_id
        self.tasks: Final = BackgroundTasks(limit=limits.tasks, per_user=limits.tasks_per_user)
        self.is_draining = False
        self._http = Client(new_transport())
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
            api=URL(settings.slack_api_url),
            semaphore=FairSemaphore(limits.replies),
        )
        self.bolt: Final = self._bolt()
        self._views = Views(
            self._http,
            secret_value(settings.slack_bot_token),
            api=URL(settings.slack_api_url),
            semaphore=FairSemaphore(limits.views),
        )
        listeners.register(self.bolt, self._services(timing))

    def _runner(self) -> Runner:
        return Runner(
            access=self._access,
            tasks=self.tasks,
            dedup=Deduplicator(),
            new_responder=partial(
                Responder, response_urls=self._response_urls, views=self._views, access=self._access
            ),
        )

    def _presenter(self) -> CardPresenter:
        return CardPresenter(
            self.settings.mask_numbers,
            names_projects=self._lookup.has_several_projects,
            now=self.now,
            dashboard_url=self.settings.dashboard_url,
        )

    def _sealed_searches(self) -> SealedSearches:
        # Socket Mode has no signing secret.
        keys = self.settings.signing_secrets or (secret_value(self.settings.slack_bot_token),)
        return SealedSearches(SealedValues(keys, now=self.now))

    def _services(self, timing: Timing) -> Services:
        runner, presenter, sealed = self._runner(), self._presenter(), self._sealed_searches()
        voice_logs = VoiceLogs(self._lookup)
        forms = FormReplies(runner=runner, timing=timing.forms)
        return Services(
            runner=runner,
            lookup=LookupService(
                runner=runner,
                voice_logs=voice_logs,
                presenter=presenter,
                sealed=sealed,
                progress_after=timing.progress_after,
            ),
            command_replies=CommandReplies(presenter=presenter, sealed=sealed),
            search=SearchService(
                runner=runner,
                forms=forms,
                presenter=presenter,
                search=Search(self._clients),
                sealed=sealed,
                progress_after=timing.progress_after,
            ),
            details=DetailsService(
                runner=runner,
                voice_logs=voice_logs,
                presenter=presenter,
                clients={client.name: client for client in self._clients},
                legs=LegFinder(self._clients, now=self.now),
                partial_after=timing.partial_after,
            ),
            share=ShareService(
                runner=runner, forms=forms, voice_logs=voice_logs, presenter=presenter
            ),
            follow=FollowService(
                runner=runner,
                voice_logs=voice_logs,
                presenter=presenter,
                sleep=timing.sleep,
                elapsed=timing.elapsed,
            ),
            status=StatusService(runner=runner, views=self._views, health=self._health),
            new_request_id=self._request_id,
            now=self.now,
        )

    def _bolt(self) -> AsyncApp:
        token = secret_value(self.settings.slack_bot_token)

        async def authorize() -> AuthorizeResult:
            # One workspace, one token: no auth.test within a request.
            return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

        return AsyncApp(
            name="voicelog",
            logger=logging.getLogger("slack_bolt"),
            client=web_client(self.settings.slack_api_url),
            authorize=authorize,
            # Bolt's default runner polls for the ack every 10 ms.
            process_before_response=True,
            # RequestVerifier has verified it; Bolt would log the body of an invalid request.
            request_verification_enabled=False,
            raise_error_for_unhandled_request=True,
        )

    def begin_drain(self) -> None:
        """Report in /readyz that the process takes no new requests."""
        if not self.is_draining:
            _log.info("shutdown.started")
        self.is_draining = True

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Connect, and run the startup checks in the background; at the end, drain."""
        async with self._http.transport:
            checks = StartupChecks(
                access=self._access,
                http=self._http,
                api=URL(self.settings.slack_api_url),
                bot_token=secret_value(self.settings.slack_bot_token),
                clients=self._clients,
            )
            checking = asyncio.create_task(checks.run())
            try:
                yield
            finally:
                self.begin_drain()
                cancelled = await self.tasks.drain(self.settings.drain_seconds)
                if cancelled:
                    _log.error("shutdown.tasks_cancelled", tasks=cancelled)
                checking.cancel()
                await asyncio.gather(checking, return_exceptions=True)
                await self._lookup.close()
                await self._health.close()
                _log.info("shutdown.finished")


def signalwire_clients(
    settings: Settings,
    http: Client,
    *,
    now: Clock = utc_now,
    retry_policy: RetryPolicy = DEFAULT_RETRY,
    limits: Limits = DEFAULT_LIMITS,
) -> list[SignalWireClient]:
    """Create a client for each configured project, over one connection pool."""
    count = max(len(settings.projects), 1)
    limit, waiting = max(limits.lookups // count, 1), max(limits.lookups_waiting // count, 1)
    return [
        SignalWireClient(
            project,
            http,
            semaphore=FairSemaphore(limit, max_waiting=waiting),
            now=now,
            retry_policy=retry_policy,
        )
        for project in settings.projects
    ]


def create_http_app(bot: Bot) -> Router:
    """Create the bot's ASGI application."""
    verifier = RequestVerifier(bot.settings.signing_secrets, bot.now)
    return create_app(
        bot.bolt, verifier, lifespan=bot.lifespan, is_draining=lambda: bot.is_draining
    )
