"""The state that all parts of the emulated Slack share."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.interactions import MessageStore, RecordedInteraction
from bot.dev.emulator.slack.view_store import Views


@dataclass(frozen=True)
class FailNext:
    """How the next post to a response URL, or the next call of a views.* method, fails.

    The request is not validated and does not count as a use. With status 0 it is only delayed.
    """

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(kw_only=True)
class Installation:
    """The app's installation in a workspace, and what its users see.

    Every attribute may be changed between requests.
    """

    signing_secret: str
    bot_token: str
    bot_url: str
    """The bot's request URL, such as `http://127.0.0.1:3000/slack/events`."""
    own_url: str = "http://127.0.0.1"
    """Where the emulator is served, without a trailing slash."""
    clock: Callable[[], float] = time.time
    """The current time, epoch seconds."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits for the delays of `fail_next` and `fail_next_api`."""
    team_id: str = "T0ACME"
    enterprise_id: str | None = None
    """The organization that the workspace belongs to (Enterprise Grid), if any."""
    is_enterprise_install: bool = False
    """Whether the app is installed in the whole organization."""
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    """Override the fields of every payload, to imitate Slack's irregularities."""
    left_out: AbstractSet[str] = frozenset()
    """The fields missing from every payload."""
    fail_next: list[FailNext] = field(default_factory=list)
    """How the next posts to a response URL fail; each post removes one."""
    fail_next_api: list[FailNext] = field(default_factory=list)
    """How the next calls of views.* methods fail; each call removes one."""
    changes: ChangeCounter = field(default_factory=ChangeCounter)
    _count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.by_token: dict[str, RecordedInteraction] = {}
        self.messages = MessageStore(self.changes)
        self.views = Views(self.clock, self.number, self.changes)

    @property
    def interactions(self) -> list[RecordedInteraction]:
        """All interactions, oldest first."""
        return [*self.by_token.values()]

    def number(self) -> int:
        """Return a number that is unique in this workspace."""
        self._count += 1
        return self._count

    def new_ts(self) -> str:
        return f"{int(self.clock())}.{self.number():06d}"

    async def failure(self, planned: list[FailNext]) -> FailNext | None:
        """Remove the next failure from the list and wait for its delay; None if none applies."""
        if not planned:
            return None
        fail = planned.pop(0)
        await self.sleep(fail.delay)
        return fail if fail.status else None
