"""The process stops while people wait: nobody who was acknowledged is left without an answer."""

import asyncio

import pytest

from bot.dev.emulator.slack.workspace import FailNext
from bot.ui import errors as error_texts
from bot.ui import help as help_
from tests.integration.harness import (
    DOCUMENTED,
    PATIENCE_OF_A_TEST,
    OpenWorld,
    below_the_wait,
    only,
    reference_in,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER = "ca110000-0000-4000-8000-000000000002"
THIRD = "ca110000-0000-4000-8000-000000000003"
RESTARTING = f"{error_texts.RESTARTING.title}."


async def test_a_lookup_that_finishes_in_time_is_answered(open_world: OpenWorld) -> None:
    world = await open_world()
    world.hold_answers()
    exchange = await world.slack.command(DOCUMENTED)
    stop = asyncio.create_task(world.stop())
    await world.stopping.wait()

    assert world.bot.is_draining
    assert exchange.posts == []
    world.release_answers()
    await stop
    assert only(exchange).text.startswith("Completed · 9 s")
    assert world.log.lines("shutdown.finished")
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_a_lookup_that_does_not_is_told_to_ask_again(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    exchange = await world.slack.command(DOCUMENTED)
    await world.stop()

    message = only(exchange)
    assert message.text.startswith(RESTARTING)
    assert "Try again" in message.text
    (line,) = world.log.lines("lookup.done", request_id=reference_in(message))
    assert line["outcome"] == "interrupted"
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_a_slow_lookup_that_is_interrupted_is_told_below_the_word_that_it_is_slow(
    open_world: OpenWorld,
) -> None:
    world = await open_world(progress_after=0.01, environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    exchange = await world.slack.command(DOCUMENTED)
    await exchange.wait_for_message()
    await world.stop()

    assert below_the_wait(exchange).text.startswith(RESTARTING)
    assert len(exchange.posts) == 2


async def test_an_interruption_does_not_wait_for_the_word_that_it_is_slow(
    open_world: OpenWorld,
) -> None:
    world = await open_world(progress_after=0.01)
    world.hold_answers()
    world.slack.fail_next = [FailNext(0, delay=30)]
    exchange = await world.slack.command(DOCUMENTED)
    async with asyncio.timeout(PATIENCE_OF_A_TEST):
        while world.slack.fail_next:  # noqa: ASYNC110 - it is taken off when the post arrives
            await asyncio.sleep(0.01)

    assert await world.bot.tasks.drain(seconds=0) == 0
    assert only(exchange).text.startswith(RESTARTING)
    assert len(exchange.posts) == 1


async def test_of_many_lookups_under_way_none_ends_in_silence(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0.1"})
    world.hold_answers()
    held = [await world.slack.command(DOCUMENTED) for _ in range(5)]
    world.signalwire.latency_seconds = 0
    quick = await world.slack.command(OTHER)
    await quick.wait_for_message()
    world.signalwire.latency_seconds = 1
    held += [
        await world.slack.message_shortcut({"text": DOCUMENTED}),
        await world.slack.message_shortcut({"text": THIRD}),
        await world.slack.command(f"{DOCUMENTED} {OTHER}"),
    ]
    without_id = await world.slack.message_shortcut({"text": "nothing in here"})
    await world.stop()

    assert [only(exchange).text.splitlines()[0] for exchange in held] == [RESTARTING] * 8
    assert only(quick).text.startswith("Ended · 42 s")
    assert only(without_id).text.startswith(help_.NO_ID_IN_MESSAGE)
    assert len(world.bot.tasks) == 0
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_work_that_comes_while_stopping_is_told_so(open_world: OpenWorld) -> None:
    world = await open_world()
    world.hold_answers()
    under_way = await world.slack.command(DOCUMENTED)
    drain = asyncio.create_task(world.bot.tasks.drain(seconds=5))
    await asyncio.sleep(0)
    command = await world.slack.command(OTHER)
    shortcut = await world.slack.message_shortcut({"text": OTHER})
    asked_for_help = await world.slack.command("help")
    world.release_answers()
    await drain

    assert only(command).text.startswith(RESTARTING)
    assert command.posts == []
    assert only(shortcut).text.startswith(RESTARTING)
    assert only(asked_for_help).text.startswith("VoiceLog.")
    assert only(under_way).text.startswith("Completed · 9 s")
    assert OTHER not in world.asked_for
    assert world.log.lines(
        "interaction.rejected", reason="stopping", request_id=reference_in(only(command))
    )


async def test_readiness_says_that_the_process_is_draining_and_health_that_it_lives(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    world.bot.begin_drain()
    ready = await world.http.get(f"{world.url}/readyz")
    health = await world.http.get(f"{world.url}/healthz")

    assert (ready.status_code, ready.json()) == (503, {"status": "draining"})
    assert health.status_code == 200
    # Until the door closes, whoever still comes is served.
    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")
