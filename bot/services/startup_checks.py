"""What a serving process does beside answering: checks its settings work, keeps connections warm.

A lookup every few minutes would find its connections closed, and pay for two TLS handshakes while
a person waits. Nothing here stands in the way of serving.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.access import Access
from bot.runtime.http_client import TRANSPORT_ERRORS, URL, Client
from bot.services import health
from bot.services.health import CheckResult
from bot.signalwire.client import SignalWireClient

WARM_EVERY_SECONDS: Final = 45.0
"""Less than the sixty seconds after which common load balancers close an idle connection."""
FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 60.0

_WARM_SECONDS: Final = 5.0

_log = structlog.stdlib.get_logger(__name__)


class StartupChecks:
    """The background tasks of a serving process."""

    def __init__(
        self,
        *,
        access: Access,
        web: AsyncWebClient,
        bot_token: str,
        clients: Sequence[SignalWireClient],
        http: Client,
        reply_home: URL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._access = access
        self._web = web
        self._bot_token = bot_token
        self._clients = clients
        self._http = http
        self._fronts = {*(client.origin for client in clients), reply_home}
        self._sleep = sleep

    async def run(self) -> None:
        """Go on until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._retry_until_ok(self._slack))
            for client in self._clients:
                group.create_task(self._retry_until_ok(partial(health.signalwire, client)))
            group.create_task(self._keep_warm())

    async def _slack(self) -> CheckResult:
        finding = await health.slack(self._web, self._bot_token)
        if finding.installation is not None:
            self._access.installation = finding.installation
            if self._access.excludes_own_workspace:
                _log.warning("access.installed_team_not_allowed", team=finding.installation.team_id)
        return finding

    async def _retry_until_ok(self, check: Callable[[], Awaitable[CheckResult]]) -> None:
        """Repeat a check until it passes or can't; one log line for trouble, one for its end."""
        pause, troubled = FIRST_PAUSE_SECONDS, False
        while True:
            finding = await self._checked(check)
            if finding.ok:
                _log.info("startup_check.ok", check=finding.check, message=finding.message)
                return
            if not troubled:
                _log.error("startup_check.failed", check=finding.check, message=finding.message)
            if finding.permanent:
                return
            troubled = True
            await self._sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    @staticmethod
    async def _checked(check: Callable[[], Awaitable[CheckResult]]) -> CheckResult:
        try:
            return await check()
        except Exception:  # noqa: BLE001 - a fault in one check must not end the others
            _log.exception("startup_check.crashed")
            return CheckResult("a check", "broke", ok=False, permanent=False)

    async def _keep_warm(self) -> None:
        while True:
            await asyncio.gather(*(self._touch(front) for front in self._fronts))
            await self._sleep(WARM_EVERY_SECONDS)

    async def _touch(self, front: URL) -> None:
        try:
            async with asyncio.timeout(_WARM_SECONDS):
                async with self._http.stream("HEAD", front):
                    pass  # nothing of the answer is wanted, not even its decoding
        except TRANSPORT_ERRORS as error:
            _log.debug("keepalive.failed", host=front.host, error=type(error).__name__)
