"""Checks Slack and each SignalWire project when the bot starts; serving doesn't wait for it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog

from bot.access import Access
from bot.runtime.http_client import URL, Client
from bot.services import health
from bot.services.health import CheckResult
from bot.signalwire.client import SignalWireClient

FIRST_PAUSE_SECONDS: Final = 2.0
LONGEST_PAUSE_SECONDS: Final = 60.0

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class StartupChecks:
    """The checks at startup; `access` gets the installation that Slack reports."""

    access: Access
    http: Client
    api: URL
    """SLACK_API_URL."""
    bot_token: str
    clients: Sequence[SignalWireClient]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def run(self) -> None:
        """Repeat each check until it passes, or until only another setting can help."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._retry_until_ok(self._slack))
            for client in self.clients:
                group.create_task(self._retry_until_ok(partial(health.signalwire, client)))

    async def _slack(self) -> CheckResult:
        result = await health.slack(self.http, self.api, self.bot_token)
        if result.installation is not None:
            self.access.installation = result.installation
            if self.access.excludes_own_workspace:
                _log.warning("access.installed_team_not_allowed", team=result.installation.team_id)
        return result

    async def _retry_until_ok(self, check: Callable[[], Awaitable[CheckResult]]) -> None:
        """Repeat a check, and log the first failure and the success."""
        pause, has_failed = FIRST_PAUSE_SECONDS, False
        while True:
            try:
                result = await check()
            except Exception:  # noqa: BLE001 - one check's exception must not end the others
                _log.exception("startup_check.crashed")
                result = CheckResult("a check", "crashed", ok=False, permanent=False)
            if result.ok:
                _log.info("startup_check.ok", check=result.check, message=result.message)
                return
            if not has_failed:
                _log.error("startup_check.failed", check=result.check, message=result.message)
            if result.permanent:
                return
            has_failed = True
            await self.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
