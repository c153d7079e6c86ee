"""A world whose Slack and SignalWire misbehave, and what holds all the same."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final, Unpack

from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from tests.integration.harness import (
    Options,
    Project,
    World,
    a_world,
    assert_idle,
    last_message,
    project_id,
)
from tests.network.faulty_server import FaultServer
from tests.support.samples import CANARY, DOCUMENTED

BAD: Final = "badca110-0000-4000-8000-000000000001"
"""An id without a log, whose lookup fails."""
LONGEST_WAIT: Final = 10.0
"""Seconds from a command to its reply."""


@dataclass
class Outside:
    """A world, and the servers on both sides of the bot.

    Attributes:
        world: everything else.
        signalwire, slack: where the bot finds the two; honest until configured otherwise.
    """

    world: World
    signalwire: FaultServer
    slack: FaultServer

    async def look_up(self, log_id: str, **who: str) -> PostedMessage:
        """Type an id; return the only reply, which is in time and has no secrets."""
        since, loop = len(self.world.log.lines()), asyncio.get_running_loop()
        began = loop.time()
        interaction = await self.world.type(log_id, **who)
        took = loop.time() - began
        assert took < LONGEST_WAIT
        self.assert_discreet(interaction)
        assert len(self.world.log.lines()) > since, "this world's log goes elsewhere"
        assert self.complaints(since) == []
        return last_message(interaction)

    async def assert_works(self, **who: str) -> None:
        """Assert that a lookup of an existing log succeeds."""
        message = await self.look_up(DOCUMENTED, **who)
        assert message.text.startswith("Completed · 10 s"), message.text

    def complaints(self, since: int = 0) -> Sequence[dict[str, JsonValue]]:
        """Return the warnings and errors from the given log line on."""
        calm = {"debug", "info"}
        return [line for line in self.world.log.lines()[since:] if line["level"] not in calm]

    def assert_discreet(self, interaction: RecordedInteraction) -> None:
        """Assert that the bot has sent no credential, no URL and nothing unreadable."""
        sent = "\n".join([interaction.ack_body, *(post.body for post in interaction.posts)])
        hidden = [CANARY, *self.credentials, "127.0.0.1:", "localhost", "html"]
        hidden += ["Traceback", "Error", "Exception", "errno", "None"]
        assert [word for word in hidden if word in sent] == []

    @property
    def credentials(self) -> Sequence[str]:
        """Return the credentials, also as they are encoded in requests."""
        name, secrets = project_id("acme"), self.world.secrets
        pairs = [f"{name}:{secret}".encode() for secret in secrets]
        return [name, *secrets, *(base64.b64encode(pair).decode() for pair in pairs)]

    def assert_left_as_it_was(self) -> None:
        """Assert that a test left nothing behind, and clean up."""
        self.signalwire.relent()
        self.slack.relent()
        assert_idle(self.world)
        written = self.world.log.getvalue()
        hidden = [*self.credentials, "Traceback", "Authorization", "html"]
        assert [word for word in hidden if word in written] == []
        assert self.signalwire.count(CANARY) == self.slack.count(CANARY) == 0, "a redirect"


@asynccontextmanager
async def outside_world(
    slack: FaultServer | None = None, **options: Unpack[Options]
) -> AsyncIterator[Outside]:
    """A world of one project with the whole catalog.

    Args:
        slack: the server before Slack, if it is there already.
        options: as of `a_world`.
    """
    async with AsyncExitStack() as stack:
        signalwire = await stack.enter_async_context(FaultServer())
        front = await stack.enter_async_context(FaultServer()) if slack is None else slack
        options["environment"] = {
            "SIGNALWIRE_SPACE": signalwire.url,
            "SLACK_API_URL": f"{front.url}/api/",
            **options.get("environment", {}),
        }
        options["slack_front"] = front.before
        project = Project(front=signalwire.before)
        world = await stack.enter_async_context(a_world(project, **options))
        world.slack.own_url = front.url
        yield Outside(world, signalwire, front)
