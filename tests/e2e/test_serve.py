"""`python -m bot` as a process: it starts, answers, stops, and says why when it can't."""

import asyncio
import signal
import socket
import time
from datetime import UTC, datetime
from typing import Final

import pytest

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE, catalogue
from bot.dev.emulator.slack.payloads import FORM_TYPE, sign
from bot.ui import errors as error_texts
from tests.e2e.bot_process import (
    SECRETS,
    BotProcess,
    World,
    accepts,
    bot_process,
    closed_port,
    serving,
    until,
)
from tests.e2e.counting_proxy import counting
from tests.e2e.many_users import RESTARTING, SLOW, answers, ask

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

EACH_OTHER: Final = [entry.id for entry in catalogue(datetime.now(UTC)) if entry.id != LIVE]
"""Ids of logs that stay as they are."""


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        pytest.param(
            "[::1]",
            marks=pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6 loopback"),
        ),
    ],
)
async def test_it_answers_a_signed_command_over_either_kind_of_address(
    host: str, shared_world: World, shared_bot: BotProcess
) -> None:
    shared_world.slack.bot_url = f"http://{host}:{await shared_bot.port()}/slack/events"
    exchange = await shared_world.slack.command(DOCUMENTED)
    card = await exchange.wait_for_message()
    assert exchange.failed is None
    assert (exchange.ack_status, exchange.ack_body) == (200, "")
    assert card.response_type == "ephemeral"
    assert "Completed" in card.text
    assert DOCUMENTED in card.text


async def test_it_is_alive_and_ready(shared_world: World, shared_bot: BotProcess) -> None:
    home = f"http://127.0.0.1:{await shared_bot.port()}"
    alive = await shared_world.http.get(f"{home}/healthz")
    ready = await shared_world.http.get(f"{home}/readyz")
    assert (alive.status_code, alive.json()) == (200, {"status": "alive"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})


async def test_it_refuses_a_command_that_slack_did_not_sign(
    shared_world: World, shared_bot: BotProcess
) -> None:
    url = f"http://127.0.0.1:{await shared_bot.port()}/slack/events"
    body = b"command=%2Fvoicelog&text=help"
    forged = sign(body, int(time.time()), "another secret")
    for signature in ({}, forged):
        headers = {"Content-Type": FORM_TYPE, **signature}
        answer = await shared_world.http.post(url, content=body, headers=headers)
        assert (answer.status_code, answer.text) == (401, "")


async def test_web_concurrency_changes_nothing(shared_bot: BotProcess) -> None:
    # The shared process has WEB_CONCURRENCY=2, as Heroku sets it.
    await shared_bot.port()
    assert shared_bot.is_running
    assert len(shared_bot.events("server.listening")) == 1
    assert shared_bot.errors == []


async def test_no_secret_is_in_what_it_prints(shared_world: World, shared_bot: BotProcess) -> None:
    shared_world.slack.bot_url = f"http://127.0.0.1:{await shared_bot.port()}/slack/events"
    done = len(shared_bot.events("lookup.done"))
    exchange = await shared_world.slack.command(EACH_OTHER[1])
    await exchange.wait_for_message()
    await shared_bot.event("lookup.done", count=done + 1)
    printed = "\n".join([*shared_bot.output, *shared_bot.errors])
    assert not [secret for secret in SECRETS if secret in printed]
    assert exchange.response_url not in printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_at_once_when_nothing_is_under_way(
    number: signal.Signals, world: World
) -> None:
    async with serving(world) as bot:
        exchange = await world.slack.command(DOCUMENTED)
        await exchange.wait_for_message()
        began = time.monotonic()
        bot.signal(number)
        assert await bot.exit_code() == 0
        assert time.monotonic() - began < 5  # of the ten that DRAIN_SECONDS would allow
        assert [line["event"] for line in bot.log[-2:]] == ["shutdown.started", "shutdown.finished"]
        assert bot.errors == []


async def test_further_signals_do_not_cut_the_drain_short(world: World) -> None:
    async with serving(world) as bot:
        world.hold()
        exchange = (await ask(world, [DOCUMENTED]))[DOCUMENTED]
        bot.signal(signal.SIGTERM)
        await bot.event("shutdown.started")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGINT):
            bot.signal(number)
        # A person who is told of the wait after the signals shows that they have arrived.
        assert SLOW in (await exchange.wait_for_message()).text
        world.release()
        assert await bot.exit_code() == 0
        [answer] = answers(exchange)
        assert answer.startswith("Completed")
        assert len(bot.events("shutdown.started")) == 1


async def test_a_stopping_process_takes_no_new_request(world: World) -> None:
    async with serving(world) as bot:
        world.hold()
        exchange = (await ask(world, [DOCUMENTED]))[DOCUMENTED]
        bot.signal(signal.SIGTERM)
        await bot.event("shutdown.started")
        port = await bot.port()
        await until(lambda: not accepts(port))
        assert bot.is_running
        world.release()
        assert await bot.exit_code() == 0
        assert len(answers(exchange)) == 1


async def test_lookups_under_way_at_sigterm_are_answered_with_their_cards(world: World) -> None:
    asked = EACH_OTHER[:30]
    async with serving(world) as bot:
        world.hold()
        exchanges = await ask(world, asked)
        bot.signal(signal.SIGTERM)
        await bot.event("shutdown.started")
        world.release()
        assert await bot.exit_code() == 0
    for log_id, exchange in exchanges.items():
        [answer] = answers(exchange)
        assert log_id in answer
        assert RESTARTING not in answer
    done = [line for line in bot.events("lookup.done") if line["outcome"] == "found"]
    assert sorted(str(line["id"]) for line in done) == sorted(asked)


async def test_lookups_that_cannot_be_finished_in_time_are_told_to_ask_again(world: World) -> None:
    asked = EACH_OTHER[:30]
    async with serving(world, DRAIN_SECONDS="0.5") as bot:
        world.hold()
        exchanges = [*(await ask(world, asked)).values()]
        # Half of them have been told that SignalWire is slow.
        await asyncio.gather(*(exchange.wait_for_message() for exchange in exchanges[:15]))
        began = time.monotonic()
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
        assert 0.5 <= time.monotonic() - began < 5
    for exchange in exchanges:
        [answer] = answers(exchange)
        assert answer.startswith(RESTARTING)
        assert "Try again in a few seconds." in answer
    assert bot.events("shutdown.tasks_cancelled") == []


async def test_a_port_that_is_taken_is_one_line_and_exit_code_1(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        async with bot_process(environment={**world.settings, "PORT": str(port)}) as bot:
            assert await bot.exit_code() == 1
    assert bot.errors == [f"port {port} can't be listened on: Address already in use"]
    assert bot.output == []


@pytest.mark.parametrize("face", ["serve", "socket"])
async def test_every_missing_setting_is_a_line_and_the_exit_code_is_2(face: str) -> None:
    async with bot_process(face, environment={"SIGNALWIRE_SPACE": " "}) as bot:
        assert await bot.exit_code() == 2
    first = "SLACK_SIGNING_SECRET" if face == "serve" else "SLACK_APP_TOKEN"
    assert [line.partition(": is missing (")[0] for line in bot.errors] == [
        first,
        "SLACK_BOT_TOKEN",
        "SIGNALWIRE_SPACE",
        "SIGNALWIRE_PROJECT_ID",
        "SIGNALWIRE_API_TOKEN",
    ]
    assert bot.output == []


async def test_every_wrong_setting_is_a_line_without_its_value(world: World) -> None:
    wrong = {
        "PORT": "eighty-eighty",
        "SLACK_SIGNING_SECRET": "",
        "SLACK_BOT_TOKEN": "xapp-wrong-kind",
        "SLACK_APP_TOKEN": "xoxb-wrong-kind",
        "SLACK_API_URL": "http://slack.example/api",
        "SIGNALWIRE_SPACE": "https://elsewhere.example/",
        "SIGNALWIRE_PROJECT_ID": "project:colon",
        "SIGNALWIRE_API_TOKEN": "PT blank",
        "SIGNALWIRE_PROJECTS": "[not-json",
        "ALLOWED_TEAMS": "acme-team",
        "ALLOWED_CHANNELS": "#support",
        "ALLOWED_USERS": "@alice",
        "MASK_NUMBERS": "sometimes",
        "LOG_FORMAT": "papyrus",
        "LOG_LEVEL": "shouting",
        "DRAIN_SECONDS": "-17",
    }
    async with bot_process(environment={**world.settings, **wrong}) as bot:
        assert await bot.exit_code() == 2
    assert sorted(line.partition(": ")[0] for line in bot.errors) == sorted(wrong)
    assert bot.output == []
    shown = "\n".join(bot.errors)
    assert not [value for value in wrong.values() if value and value in shown]


async def test_it_serves_while_nobody_can_be_reached_and_goes_on_trying(own_world: World) -> None:
    with closed_port() as slack, closed_port() as signalwire:
        changed = {
            "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
            "SIGNALWIRE_SPACE": f"http://127.0.0.1:{signalwire}",
        }
        own_world.slack.bot_url = ""
        async with serving(own_world, **changed) as bot:
            await bot.event("startup_check.failed", count=2)
            exchange = await own_world.slack.command(DOCUMENTED)
            assert error_texts.UNAVAILABLE.title in (await exchange.wait_for_message()).text
            async with (
                serve_on_loopback(own_world.slack.app, port=slack),
                serve_on_loopback(own_world.signalwire.app, port=signalwire),
            ):
                await bot.event("startup_check.ok", count=2)
            error = sorted(str(line["check"]) for line in bot.events("startup_check.failed"))
            assert error == ["SignalWire 127.0.0.1", "Slack"]


async def test_lookups_one_after_another_share_a_few_connections(own_world: World) -> None:
    slack_at = own_world.slack.own_url
    async with counting(own_world.signalwire_url) as signalwire, counting(slack_at) as slack:
        own_world.signalwire_url, own_world.slack.own_url = signalwire.url, slack.url
        async with serving(own_world) as bot:
            for log_id in EACH_OTHER[:20]:
                exchange = await own_world.slack.command(log_id)
                assert log_id in (await exchange.wait_for_message()).text
            await bot.event("lookup.done", count=20)
    # More than one, since the check at start-up, the keep-warm request and a lookup may overlap.
    assert 1 <= signalwire.connections <= 5
    assert 1 <= slack.connections <= 5
