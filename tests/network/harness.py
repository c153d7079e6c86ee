"""A world whose Slack and SignalWire misbehave, and what must hold nevertheless."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Unpack

from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from tests.integration.harness import Options, Project, World, a_world, assert_idle, project_id
from tests.network.faulty_server import FaultyServer
from tests.support.reading import last_message
from tests.support.samples import CANARY, DOCUMENTED

BAD: Final = "badca110-0000-4000-8000-000000000001"
"""An id without a log, whose lookup fails."""
REPLY_SECONDS: Final = 10.0
"""Seconds from a command to its reply."""


@dataclass
class FaultyNetwork:
    """A world whose emulators are behind faulty servers.

    Attributes:
        world: the world.
        signalwire, slack: the servers, which forward everything unless planned otherwise.
    """

    world: World
    signalwire: FaultyServer
    slack: FaultyServer

    async def look_up(self, log_id: str, **who: str) -> PostedMessage:
        """Type an id; return the only reply, which is in time and has no secrets."""
        since, loop = len(self.world.log.lines()), asyncio.get_running_loop()
        started = loop.time()
        interaction = await self.world.type(log_id, **who)
        assert loop.time() - started < REPLY_SECONDS
        self.assert_no_secrets(interaction)
        assert len(self.world.log.lines()) > since, "the log of another world is captured"
        assert self.warnings(since) == []
        return last_message(interaction)

    async def assert_works(self, **who: str) -> None:
        """Assert that a lookup of an existing log succeeds."""
        message = await self.look_up(DOCUMENTED, **who)
        assert message.text.startswith("Completed · 10 s"), message.text

    def warnings(self, since: int = 0) -> Sequence[dict[str, JsonValue]]:
        """Return the warnings and errors in the log after so many lines."""
        harmless = {"debug", "info"}
        return [line for line in self.world.log.lines()[since:] if line["level"] not in harmless]

    def assert_no_secrets(self, interaction: RecordedInteraction) -> None:
        """Assert that the bot sent no credentials, URLs or Python errors."""
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

    def assert_clean(self) -> None:
        """Clear the plans, and assert that nothing is left over and the log has no secrets."""
        self.signalwire.clear_plans()
        self.slack.clear_plans()
        assert_idle(self.world)
        written = self.world.log.getvalue()
        hidden = [*self.credentials, "Traceback", "Authorization", "html"]
        assert [word for word in hidden if word in written] == []
        assert self.signalwire.count(CANARY) == self.slack.count(CANARY) == 0, "a redirect"


@asynccontextmanager
async def open_network(**options: Unpack[Options]) -> AsyncIterator[FaultyNetwork]:
    """Open a world of one project with the whole catalog; the options are those of `a_world`."""
    async with FaultyServer() as signalwire, FaultyServer() as slack:
        options["environment"] = {
            "SIGNALWIRE_SPACE": signalwire.url,
            "SLACK_API_URL": f"{slack.url}/api/",
        }
        options["slack_middleware"] = slack.forward_to
        async with a_world(Project(middleware=signalwire.forward_to), **options) as world:
            world.slack.own_url = slack.url
            yield FaultyNetwork(world, signalwire, slack)
