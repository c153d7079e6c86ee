"""TLS to SignalWire: only a server with a trusted certificate gets the token."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
import trustme

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import errors as error_texts
from tests.e2e.bot_process import SECRETS, BotProcess, World, bot_process, open_world
from tests.integration.harness import last_message
from tests.network.faulty_server import FaultServer
from tests.network.harness import LONGEST_WAIT
from tests.support import texts
from tests.support.samples import DOCUMENTED

pytestmark = pytest.mark.slow

HOST = "127.0.0.1"
TODAY = datetime.now(UTC)
LAST_WEEK, YESTERDAY = TODAY - timedelta(days=7), TODAY - timedelta(days=1)
TOMORROW, NEXT_WEEK = TODAY + timedelta(days=1), TODAY + timedelta(days=7)


@dataclass
class Secured:
    """A bot that asks SignalWire over TLS and trusts one authority, and the world around it.

    Attributes:
        world: Slack, and the SignalWire behind the server.
        signalwire: where the bot finds it; its `tls` is what a test is about.
        authority: the one that is trusted.
        bot: the process.
    """

    world: World
    signalwire: FaultServer
    authority: trustme.CA
    bot: BotProcess

    async def look_up(self) -> PostedMessage:
        """Type an id; return the only reply, in time, once its line is in the log."""
        done = len(self.bot.events("lookup.done"))
        interaction = await self.world.slack.command(DOCUMENTED)
        async with asyncio.timeout(LONGEST_WAIT):
            first = await interaction.wait_for_message()
            if first.text == texts.SLOW_LOG:
                await interaction.wait_for_message(count=2)
        await self.bot.event("lookup.done", count=done + 1)
        return last_message(interaction)

    async def look_up_in_vain(self) -> PostedMessage:
        """Do the same, and assert that the log has one line without a secret or an exception."""
        done, lines = len(self.bot.events("lookup.done")), len(self.bot.log)
        message = await self.look_up()
        line = await self.bot.event("lookup.done", count=done + 1)
        assert line["outcome"] == "unavailable"
        assert self.bot.log[lines:] == [line]
        assert not [secret for secret in SECRETS if secret in str(self.bot.output)]
        assert self.bot.errors == []
        return message


def serving_with(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Return a server's TLS context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secured]:
    """One bot for all tests of the module."""
    authority = trustme.CA()
    trusted = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    right = serving_with(authority.issue_cert(HOST))
    async with open_world() as world, FaultServer(tls=right) as signalwire:
        signalwire.before(world.signalwire.app)
        environment = {
            **world.settings,
            "SIGNALWIRE_SPACE": f"https://{signalwire.host}",
            "SSL_CERT_FILE": str(trusted),
        }
        async with bot_process(environment=environment) as bot:
            world.slack.bot_url = f"http://127.0.0.1:{await bot.port()}/slack/events"
            await bot.event(
                "startup_check.ok", count=2
            )  # so that no line of the start comes in between
            yield Secured(world, signalwire, authority, bot)


async def assert_trusted(secured: Secured) -> None:
    """Assert that the right certificate is accepted."""
    secured.signalwire.tls = serving_with(secured.authority.issue_cert(HOST))
    assert (await secured.look_up()).text.startswith("Completed · 10 s")


async def test_a_trusted_certificate_is_accepted(secured: Secured) -> None:
    await assert_trusted(secured)
    assert len(secured.bot.events("startup_check.ok")) == 2


def expired(authority: trustme.CA) -> ssl.SSLContext:
    return serving_with(authority.issue_cert(HOST, not_before=LAST_WEEK, not_after=YESTERDAY))


def not_valid_yet(authority: trustme.CA) -> ssl.SSLContext:
    return serving_with(authority.issue_cert(HOST, not_before=TOMORROW, not_after=NEXT_WEEK))


def for_another_host(authority: trustme.CA) -> ssl.SSLContext:
    return serving_with(authority.issue_cert("elsewhere.example", "127.0.0.2"))


def of_an_unknown_authority(_authority: trustme.CA) -> ssl.SSLContext:
    return serving_with(trustme.CA().issue_cert(HOST))


def none_at_all(_authority: trustme.CA) -> None:
    """Respond in plain text where TLS is expected."""


@pytest.mark.parametrize(
    "certificate",
    [expired, not_valid_yet, for_another_host, of_an_unknown_authority, none_at_all],
)
async def test_a_server_with_a_wrong_certificate_gets_no_request(
    secured: Secured, certificate: Callable[[trustme.CA], ssl.SSLContext | None]
) -> None:
    await assert_trusted(secured)
    secured.signalwire.tls = certificate(secured.authority)
    await secured.signalwire.drop()
    asked = len(secured.signalwire.asked)
    message = await secured.look_up_in_vain()

    assert message.text.startswith(error_texts.UNAVAILABLE.title)
    assert "tried three times" in message.text
    assert len(secured.signalwire.asked) == asked
    await assert_trusted(secured)


async def test_a_tls_handshake_that_hangs_times_out(secured: Secured) -> None:
    secured.signalwire.mute = True
    try:
        await secured.signalwire.drop()
        message = await secured.look_up_in_vain()
    finally:
        secured.signalwire.mute = False
        await secured.signalwire.drop()

    assert message.text.startswith(error_texts.UNAVAILABLE.title)
    await assert_trusted(secured)
