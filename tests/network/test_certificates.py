"""TLS to SignalWire: only a server with a trusted certificate gets the token."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import pytest_asyncio
import trustme

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import errors as error_texts
from tests.e2e.bot_process import SECRETS, BotProcess, World, bot_process, open_world
from tests.network.faulty_server import FaultyServer
from tests.network.harness import REPLY_SECONDS
from tests.support import texts
from tests.support.reading import last_message
from tests.support.samples import DOCUMENTED

pytestmark = pytest.mark.slow

HOST = "127.0.0.1"
TODAY = datetime.now(UTC)
LAST_WEEK, YESTERDAY = TODAY - timedelta(days=7), TODAY - timedelta(days=1)
TOMORROW, NEXT_WEEK = TODAY + timedelta(days=1), TODAY + timedelta(days=7)


@dataclass
class TlsSetup:
    """A bot that connects to SignalWire over TLS and trusts one authority."""

    world: World
    signalwire: FaultyServer
    """The server before SignalWire's emulator; the tests change its `tls`."""
    authority: trustme.CA
    """The trusted one."""
    bot: BotProcess

    async def look_up(self) -> PostedMessage:
        """Type an ID; return the only reply, once its line is in the log."""
        done = len(self.bot.events("lookup.done"))
        interaction = await self.world.slack.command(DOCUMENTED)
        async with asyncio.timeout(REPLY_SECONDS):
            first = await interaction.wait_for_message()
            if first.text == texts.SLOW_LOG:
                await interaction.wait_for_message(count=2)
        await self.bot.event("lookup.done", count=done + 1)
        return last_message(interaction)

    async def look_up_and_fail(self) -> PostedMessage:
        """Do the same, and assert that it fails with one log line without secrets or exceptions."""
        done, lines = len(self.bot.events("lookup.done")), len(self.bot.log)
        message = await self.look_up()
        line = await self.bot.event("lookup.done", count=done + 1)
        assert line["outcome"] == "unavailable"
        assert self.bot.log[lines:] == [line]
        assert not [secret for secret in SECRETS if secret in str(self.bot.output)]
        assert self.bot.errors == []
        return message


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Return a server's TLS context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def setup(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TlsSetup]:
    """One bot for all tests of the module."""
    authority = trustme.CA()
    trusted = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(trusted)
    right = server_context(authority.issue_cert(HOST))
    async with open_world() as world, FaultyServer(tls=right) as signalwire:
        signalwire.forward_to(world.signalwire.app)
        environment = {
            **world.settings,
            "SIGNALWIRE_SPACE": f"https://{signalwire.host}",
            "SSL_CERT_FILE": str(trusted),
        }
        async with bot_process(environment=environment) as bot:
            world.slack.bot_url = f"http://127.0.0.1:{await bot.port()}/slack/events"
            await bot.event("startup_check.ok", count=2)  # so that no line of the startup follows
            yield TlsSetup(world, signalwire, authority, bot)


async def assert_trusted(setup: TlsSetup) -> None:
    """Assert that the right certificate is accepted."""
    setup.signalwire.tls = server_context(setup.authority.issue_cert(HOST))
    assert (await setup.look_up()).text.startswith("Completed · 10 s")


async def test_a_trusted_certificate_is_accepted(setup: TlsSetup) -> None:
    await assert_trusted(setup)
    assert len(setup.bot.events("startup_check.ok")) == 2


WRONG: Final[Mapping[str, Callable[[trustme.CA], trustme.LeafCert | None]]] = {
    "expired": lambda ca: ca.issue_cert(HOST, not_before=LAST_WEEK, not_after=YESTERDAY),
    "not valid yet": lambda ca: ca.issue_cert(HOST, not_before=TOMORROW, not_after=NEXT_WEEK),
    "for another host": lambda ca: ca.issue_cert("elsewhere.example", "127.0.0.2"),
    "from an unknown authority": lambda _ca: trustme.CA().issue_cert(HOST),
    "no TLS": lambda _ca: None,
}


@pytest.mark.parametrize("issue", WRONG.values(), ids=WRONG.keys())
async def test_a_server_with_a_wrong_certificate_gets_no_request(
    setup: TlsSetup, issue: Callable[[trustme.CA], trustme.LeafCert | None]
) -> None:
    await assert_trusted(setup)
    certificate = issue(setup.authority)
    setup.signalwire.tls = None if certificate is None else server_context(certificate)
    await setup.signalwire.close_connections()
    before = len(setup.signalwire.requests)
    message = await setup.look_up_and_fail()

    assert message.text.startswith(error_texts.UNAVAILABLE.title)
    assert "tried three times" in message.text
    assert len(setup.signalwire.requests) == before
    await assert_trusted(setup)


async def test_a_tls_handshake_that_hangs_times_out(setup: TlsSetup) -> None:
    setup.signalwire.is_silent = True
    try:
        await setup.signalwire.close_connections()
        message = await setup.look_up_and_fail()
    finally:
        setup.signalwire.is_silent = False
        await setup.signalwire.close_connections()

    assert message.text.startswith(error_texts.UNAVAILABLE.title)
    await assert_trusted(setup)
