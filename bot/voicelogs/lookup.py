"""Looks a voice log up by id, in all projects concurrently; the first one that has it counts.

An id doesn't tell which project it belongs to. If no project has the log, their Compatibility APIs
are asked, which have a LaML call before its log is written.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from bot.runtime.fair_semaphore import current_user_id
from bot.signalwire.client import DEFAULT_RETRY, SignalWireClient
from bot.signalwire.errors import SignalWireError
from bot.voicelogs.results import Found, LookupResult, NotFound

MAX_IDS: Final = 10
COMPATIBILITY_SECONDS: Final = 3.0
"""The time limit for the Compatibility API, within that of the whole lookup."""

_Fetch = Callable[[SignalWireClient], Coroutine[None, None, Found]]

_log = structlog.stdlib.get_logger(__name__)


class Lookup:
    """Looks voice logs up in all configured projects.

    Concurrent lookups of the same id share one set of requests. Results aren't cached.
    """

    def __init__(self, clients: Sequence[SignalWireClient]) -> None:
        self._clients = clients
        self._project_ids: Final = {client.project_id.lower() for client in clients}
        self._in_progress: dict[tuple[Hashable, UUID], asyncio.Task[LookupResult]] = {}
        self.has_several_projects: Final = len(clients) > 1

    def select(self, ids: Sequence[UUID]) -> tuple[Sequence[UUID], Sequence[UUID]]:
        """Return the ids to look up now, the first ten, and the rest, without the projects' own.

        A project's id is often pasted along with a call's. If there is nothing else, it is kept, so
        that the user gets a "not found".
        """
        logs = [log_id for log_id in ids if str(log_id) not in self._project_ids] or ids
        return logs[:MAX_IDS], logs[MAX_IDS:]

    async def get(self, log_id: UUID) -> LookupResult:
        """Look a log up; return it, or each project's error.

        One project's failure never hides another's result. An unexpected exception is raised only
        if no project has the log.
        """
        key = self._sharing_key(), log_id
        task = self._in_progress.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch_from_all(log_id))
            self._in_progress[key] = task
            task.add_done_callback(lambda done: self._discard(key, done))
        # Shielded: cancelling one lookup must not cancel those that share its task.
        return await asyncio.shield(task)

    def _sharing_key(self) -> Hashable:
        """Return the key under which concurrent lookups of an id are shared; None means everyone.

        If users are queued, lookups aren't shared between them: another user's may be far back in
        the queue.
        """
        return (
            current_user_id.get() if any(client.is_saturated for client in self._clients) else None
        )

    async def close(self) -> None:
        """Cancel the lookups that are still running."""
        tasks = list(self._in_progress.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _discard(self, key: tuple[Hashable, UUID], done: asyncio.Task[LookupResult]) -> None:
        self._in_progress.pop(key, None)
        if not done.cancelled():
            done.exception()  # so that asyncio doesn't log it as never retrieved

    async def _fetch_from_all(self, log_id: UUID) -> LookupResult:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + DEFAULT_RETRY.total_seconds
        result = await self._ask_all(log_id, lambda client: _fetch(client, log_id))
        is_missing = isinstance(result, NotFound) and result.is_missing
        if not is_missing or str(log_id) in self._project_ids:
            return result
        seconds = min(COMPATIBILITY_SECONDS, deadline - loop.time())
        try:
            call = await self._ask_all(log_id, lambda client: _fetch_call(client, log_id, seconds))
        except Exception:  # noqa: BLE001 - a bug here must not hide that there is no voice log
            _log.exception("lookup.compatibility_failed", id=str(log_id))
            return result
        return call if isinstance(call, Found) else result

    async def _ask_all(self, log_id: UUID, fetch: _Fetch) -> LookupResult:
        if len(self._clients) == 1:  # the usual case, without tasks
            [client] = self._clients
            try:
                return await fetch(client)
            except SignalWireError as error:
                return NotFound(log_id, {client.name: error})
        tasks = {client.name: asyncio.create_task(fetch(client)) for client in self._clients}
        try:
            for finished in asyncio.as_completed(tasks.values()):
                with suppress(Exception):  # raised below, unless another project has the log
                    return await finished
        finally:
            for task in tasks.values():
                task.cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
        errors: dict[str, SignalWireError] = {}
        for name, task in tasks.items():
            try:
                task.result()
            except SignalWireError as error:
                errors[name] = error
        return NotFound(log_id, errors)


async def _fetch(client: SignalWireClient, log_id: UUID) -> Found:
    record = await client.get_voice_log(log_id)
    return Found(log_id, client.name, record.log, record.json)


async def _fetch_call(client: SignalWireClient, log_id: UUID, seconds: float) -> Found:
    record = await client.get_compatibility_call(log_id, seconds=seconds)
    return Found(log_id, client.name, record.call.as_voice_log(), record.json, record.call)
