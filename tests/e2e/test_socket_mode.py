"""Socket Mode over a loopback WebSocket: as a process, and the watchdog within this one."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import pytest
from pydantic import JsonValue

from bot.app import Bot
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.entrypoints.socket_mode import SocketModeLostError, SocketModeRunner, WatchdogConfig
from bot.settings import Required, Settings
from bot.ui import actions
from bot.ui import errors as error_texts
from tests.e2e.bot_process import APP_TOKEN, SECRETS, World, bot_process, until
from tests.e2e.fake_socket_mode import Sent, SocketSlack, settings

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

QUICK: Final = WatchdogConfig(
    look_every=0.05, reconnect_after=0.3, give_up_after=20, ping_every=0.2
)
OTHER: Final = "ca110000-0000-4000-8000-000000000002"


# ── As a process ──────────────────────────────────────────────────────────────────────────────


async def test_a_command_a_shortcut_and_sigterm(world: World, slack: SocketSlack) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        helped = await slack.command("help")
        shortcut = await slack.message_shortcut({"text": f"see {OTHER}"})
        await slack.acknowledged(helped)
        await slack.answered(shortcut)
        world.hold()
        command = await slack.command(DOCUMENTED)
        await slack.acknowledged(command)
        await until(lambda: world.asked(DOCUMENTED))
        bot.signal(signal.SIGTERM)
        await slack.until(lambda: slack.open_now == 0)
        assert bot.is_running
        world.release()
        assert await bot.exit_code() == 0
    assert isinstance(helped.acks[0], dict)
    assert "VoiceLog" in str(helped.acks[0]["text"])
    assert helped.posts == []
    assert (shortcut.acks, len(shortcut.messages)) == ([None], 1)
    assert OTHER in shortcut.messages[0]
    assert (command.acks, len(command.messages)) == ([None], 1)
    assert DOCUMENTED in command.messages[0]
    assert bot.errors == []
    assert bot.log[-1]["event"] == "shutdown.finished"
    assert not [secret for secret in SECRETS if secret in "\n".join(bot.output)]


async def test_a_lookup_that_cannot_be_finished_in_time_is_told_to_ask_again(
    world: World, slack: SocketSlack
) -> None:
    environment = {**settings(world, slack), "DRAIN_SECONDS": "0.2"}
    async with bot_process("socket", environment=environment) as bot:
        await slack.connected()
        world.hold()
        command = await slack.command(DOCUMENTED)
        await until(lambda: world.asked(DOCUMENTED))
        bot.signal(signal.SIGINT)
        assert await bot.exit_code() == 0
    assert command.acks == [None]
    [answer] = command.messages
    assert answer.startswith(error_texts.RESTARTING.title)


async def test_a_press_replaces_the_message_it_was_in(world: World, slack: SocketSlack) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await slack.answered(command)
        click = await slack.click(command.posts[0], actions.REFRESH)
        await slack.answered(click)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    assert click.acks == [None]
    [card] = click.posts
    assert (card["replace_original"], card["response_type"]) == (True, "ephemeral")
    assert DOCUMENTED in str(card["text"])
    assert "Updated " in str(card["text"])
    assert bot.errors == []


async def test_a_press_is_answered_whatever_stands_where_nothing_is_needed(
    world: World, slack: SocketSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await slack.answered(command)
        slack.fields = {"team": 5, "enterprise": [], "event": 5, "authorizations": [5], "view": 5}
        click = await slack.click(command.posts[0], actions.REFRESH)
        await slack.answered(click)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    assert click.acks == [None]
    assert "Updated " in str(click.posts[0]["text"])
    assert bot.errors == []


# Who sees each message that comes of a press, and whether it takes the pressed one's place.
OF_ONE_SHARE: Final = [("in_channel", False), ("ephemeral", True)]
OF_ONE_REFRESH: Final = [("ephemeral", True)]


def seen_by(sent: Sent) -> list[tuple[JsonValue, JsonValue]]:
    return [(post["response_type"], post["replace_original"]) for post in sent.posts]


@pytest.mark.parametrize(
    ("action_id", "comes_of_it"),
    [(actions.SHARE, OF_ONE_SHARE), (actions.REFRESH, OF_ONE_REFRESH)],
)
@pytest.mark.parametrize("when", ["at once", "after the answer"])
async def test_a_press_that_is_delivered_twice_counts_once(
    when: str,
    action_id: str,
    comes_of_it: list[tuple[JsonValue, JsonValue]],
    world: World,
    slack: SocketSlack,
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await slack.answered(command)
        world.hold()
        click = await slack.click(command.posts[0], action_id)
        await slack.acknowledged(click)
        if when == "after the answer":
            world.release()
            await slack.answered(click, times=len(comes_of_it))
        await slack.redeliver(click)
        await slack.acknowledged(click, times=2)
        world.release()
        await slack.answered(click, times=len(comes_of_it))
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    # Whatever had come of the second delivery would be there by now: the process has drained.
    assert click.acks == [None, None]
    assert seen_by(click) == comes_of_it
    assert bot.errors == []


async def test_a_command_and_a_shortcut_that_are_delivered_three_times_are_answered_once(
    world: World, slack: SocketSlack
) -> None:
    async with bot_process("socket", environment=settings(world, slack)) as bot:
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        shortcut = await slack.message_shortcut({"text": f"see {OTHER}"})
        for sent in (command, shortcut):
            await slack.redeliver(sent)
            await slack.answered(sent)
            await slack.redeliver(sent)
            await slack.acknowledged(sent, times=3)
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code() == 0
    # Whatever had come of the other deliveries would be there by now: the process has drained.
    for sent in (command, shortcut):
        assert (sent.acks, len(sent.posts)) == ([None] * 3, 1)
    assert bot.errors == []


async def test_a_refused_app_token_ends_the_process_with_one_clear_line(
    world: World, slack: SocketSlack
) -> None:
    environment = {**settings(world, slack), "SLACK_APP_TOKEN": "xapp-1-A0VOICELOG-revoked"}
    async with bot_process("socket", environment=environment) as bot:
        assert await bot.exit_code() == 1
    [lost] = bot.events("socket_mode.lost")
    assert lost["reason"] == "refused the token (invalid_auth); check SLACK_APP_TOKEN"
    assert [line["event"] for line in bot.log if line["level"] == "error"] == ["socket_mode.lost"]
    assert bot.errors == []
    assert slack.connections == 0


async def test_a_stop_does_not_wait_for_a_slack_that_says_nothing_any_more(
    world: World, slack: SocketSlack
) -> None:
    environment = {**settings(world, slack), "DRAIN_SECONDS": "0.2"}
    async with bot_process("socket", environment=environment) as bot:
        await slack.connected()
        await bot.event("startup_check.ok", count=2)
        slack.freeze()
        bot.signal(signal.SIGTERM)
        assert await bot.exit_code(seconds=4) == 0


# ── The watchdog ──────────────────────────────────────────────────────────────────────────────


class Running:
    """The face at work within this process."""

    def __init__(self, bot: Bot, face: asyncio.Task[None], stop: asyncio.Event) -> None:
        self.bot = bot
        self.face = face
        self.stop = stop

    async def stopped(self) -> None:
        self.stop.set()
        await self.face


@asynccontextmanager
async def running(
    world: World, slack: SocketSlack, watch: WatchdogConfig = QUICK
) -> AsyncIterator[Running]:
    environment = settings(world, slack)
    bot = Bot(Settings.from_environment(environment, Required.SLACK_SOCKET, Required.SIGNALWIRE))
    async with bot.lifespan():
        face = SocketModeRunner(bot.bolt, APP_TOKEN, elapsed=time.monotonic, watch=watch)
        stop = asyncio.Event()
        task = asyncio.create_task(face.run(stop))
        try:
            yield Running(bot, task, stop)
        finally:
            stop.set()
            await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("how", ["drop", "hang up", "disconnect", "silence"])
async def test_after_a_lost_connection_it_connects_again_and_keeps_what_it_acknowledged(
    how: str, world: World, slack: SocketSlack
) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        world.hold()
        before = await slack.command(DOCUMENTED)
        await slack.acknowledged(before)
        count = slack.connections
        match how:
            case "drop":
                slack.drop()
            case "hang up":
                await slack.hang_up()
            case "disconnect":
                await slack.disconnect()
            case _:
                slack.is_silent = True
        await slack.connected(count + 1)
        slack.is_silent = False
        world.release()
        await slack.until(lambda: slack.open_now == 1)
        after = await slack.command(OTHER)
        await slack.acknowledged(after)
        await slack.answered(after)
        await slack.until(lambda: any(DOCUMENTED in text for text in before.messages))
        assert len(before.messages) == 1
        assert OTHER in after.messages[0]
        await run.stopped()


async def test_a_press_that_comes_again_over_a_new_connection_counts_once(
    world: World, slack: SocketSlack
) -> None:
    async with running(world, slack) as run:
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await slack.answered(command)
        click = await slack.click(command.posts[0], actions.SHARE)
        await slack.answered(click, times=2)
        count = slack.connections
        slack.drop()
        await slack.connected(count + 1)
        await slack.redeliver(click)
        await slack.acknowledged(click, times=2)
        await run.bot.tasks.join()
        await run.stopped()
    assert seen_by(click) == OF_ONE_SHARE


async def test_a_request_that_is_being_taken_at_a_stop_is_still_acknowledged(
    world: World, slack: SocketSlack
) -> None:
    arrived, released = asyncio.Event(), asyncio.Event()

    async def slowly(next_: Callable[[], Awaitable[None]]) -> None:
        arrived.set()
        await released.wait()
        await next_()

    async with running(world, slack) as run:
        run.bot.bolt.use(slowly)
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await arrived.wait()
        run.stop.set()
        _, unfinished = await asyncio.wait({run.face}, timeout=0.2)
        assert unfinished
        released.set()
        await run.face
    assert command.acks == [None]
    assert DOCUMENTED in command.messages[0]


async def test_a_slack_that_stays_away_ends_it_rather_than_leaving_it_deaf(
    world: World, slack: SocketSlack
) -> None:
    watch = WatchdogConfig(look_every=0.05, reconnect_after=0.2, give_up_after=0.8, ping_every=0.1)
    async with running(world, slack, watch) as run:
        await slack.connected()
        slack.is_away = True
        slack.drop()
        await asyncio.wait({run.face}, timeout=10)
        with pytest.raises(SocketModeLostError, match=r"^no connection to Slack for \d+ seconds$"):
            run.face.result()


async def test_a_slack_that_is_never_there_ends_it_too(world: World, slack: SocketSlack) -> None:
    watch = WatchdogConfig(look_every=0.05, reconnect_after=0.2, give_up_after=0.8, ping_every=0.1)
    slack.is_away = True
    async with running(world, slack, watch) as run:
        await asyncio.wait({run.face}, timeout=10)
        with pytest.raises(SocketModeLostError, match=r"^no connection to Slack for"):
            run.face.result()
    assert slack.connections == 0


async def test_after_an_outage_at_the_start_it_is_heard(world: World, slack: SocketSlack) -> None:
    slack.is_away = True
    async with running(world, slack) as run:
        # The two checks at the start, then several attempts to connect.
        await slack.until(lambda: slack.turned_away >= 5)
        slack.is_away = False
        await slack.connected()
        command = await slack.command(DOCUMENTED)
        await slack.answered(command)
        assert DOCUMENTED in command.messages[0]
        await run.stopped()


async def test_every_connection_that_is_open_is_heard(world: World, slack: SocketSlack) -> None:
    slack.keep_waiting()
    async with running(world, slack) as run:
        # Long enough for the watchdog to try again while the first attempt may still be waiting.
        await slack.comes_about(lambda: slack.knocks >= 2, seconds=1)
        slack.let_in()
        await slack.connected()
        await slack.comes_about(lambda: slack.open_now >= 2, seconds=0.5)
        for over in range(slack.open_now):
            sent = await slack.command("help", over=over)
            await slack.until(lambda sent=sent: bool(sent.acks), seconds=1)  # type: ignore[misc]
        await run.stopped()
