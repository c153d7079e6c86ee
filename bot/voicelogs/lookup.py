"""The use case: an id in, a report out. Every project is asked at once; the first that has it wins.

An id doesn't say which project it belongs to. It must know nothing of Slack.
"""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bot.runtime.fair_semaphore import current_user_id
from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import SignalWireError
from bot.voicelogs.results import Found, LookupResult, NotFound

MAX_IDS: Final = 10


@dataclass(frozen=True)
class Selection:
    """Which of the ids that were found are looked up, and how many are not."""

    ids: Sequence[UUID]
    skipped: int


class Lookup:
    """Looks voice logs up in all configured projects.

    Lookups of the same id at the same time share one set of requests. Nothing is kept after they
    are answered.
    """

    def __init__(self, clients: Sequence[SignalWireClient]) -> None:
        self._clients = clients
        self._project_ids: Final = {client.project_id.lower() for client in clients}
        self._under_way: dict[tuple[Hashable, UUID], asyncio.Task[LookupResult]] = {}
        self.has_several_projects: Final = len(clients) > 1

    def select(self, ids: Sequence[UUID]) -> Selection:
        """The ids to look up: the first ten, without the projects' own.

        A project's id gets pasted along with a call's. If there is nothing else it stays, so that
        the person is told there is no such log.
        """
        logs = [log_id for log_id in ids if str(log_id) not in self._project_ids] or ids
        return Selection(logs[:MAX_IDS], max(len(logs) - MAX_IDS, 0))

    async def get(self, log_id: UUID) -> LookupResult:
        """The log, or what each project answered instead.

        One project's failure never hides another's answer. An unexpected exception is raised only
        if no project has the log.
        """
        key = self._sharing_key(), log_id
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._fetch_from_all(log_id))
            self._under_way[key] = task
            task.add_done_callback(lambda done: self._discard(key, done))
        # Shielded: one cancelled lookup must not take the others' answer away.
        return await asyncio.shield(task)

    def _sharing_key(self) -> Hashable:
        """Whose lookups of the same id are this one: everybody's, which is None.

        Where people wait for their turns, each has their own: another's may be far behind.
        """
        return (
            current_user_id.get() if any(client.is_saturated for client in self._clients) else None
        )

    async def close(self) -> None:
        """Give up the lookups that nobody waits for any more."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _discard(self, key: tuple[Hashable, UUID], done: asyncio.Task[LookupResult]) -> None:
        self._under_way.pop(key, None)
        if not done.cancelled():
            done.exception()  # seen, even if nobody waits for it any more

    async def _fetch_from_all(self, log_id: UUID) -> LookupResult:
        if len(self._clients) == 1:  # as nearly everywhere; then there is nothing to coordinate
            answer = await self._fetch(self._clients[0], log_id)
            return answer if isinstance(answer, Found) else NotFound(log_id, dict([answer]))
        tasks = {asyncio.create_task(self._fetch(client, log_id)) for client in self._clients}
        try:
            return await _first_found(log_id, tasks, [client.name for client in self._clients])
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    @staticmethod
    async def _fetch(client: SignalWireClient, log_id: UUID) -> Found | tuple[str, SignalWireError]:
        try:
            record = await client.get_voice_log(log_id)
        except SignalWireError as error:
            return client.name, error
        return Found(log_id, client.name, record.log, record.json)


async def _first_found(
    log_id: UUID,
    tasks: set[asyncio.Task[Found | tuple[str, SignalWireError]]],
    in_order: Sequence[str],
) -> LookupResult:
    errors: dict[str, SignalWireError] = {}
    faults: list[BaseException] = []
    for finished in asyncio.as_completed(tasks):
        try:
            answer = await finished
        except Exception as error:  # noqa: BLE001 - raised below, if no other project has the log
            faults.append(error)
            continue
        if isinstance(answer, Found):
            return answer
        errors[answer[0]] = answer[1]
    if faults:
        raise faults[0]
    return NotFound(log_id, {name: errors[name] for name in in_order})
