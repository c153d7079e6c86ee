"""Each knob of the playground does what it says, to a real bot over the sandbox."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from bot.app import Timing
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.dev.emulator.slack.workspace import PostedMessage, RecordedInteraction
from bot.dev.local_stack import LocalStack, StackClock, local_stack
from bot.dev.playground.controls import Controls
from bot.dev.playground.web.config import ChoiceControl, RangeControl
from bot.services.search import SearchTiming
from bot.ui import errors as error_texts
from tests.integration.harness import NEVER, NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER: Final = "+12065551212"


@dataclass
class Room:
    """A stage with its controls, where nobody ever loses patience or really sleeps."""

    stage: LocalStack
    controls: Controls
    slept: list[float]

    def knob(self, name: str) -> RangeControl | ChoiceControl:
        [found] = [knob for knob in self.controls.controls() if knob.name == name]
        return found

    async def turn(self, name: str, value: str) -> str:
        return await self.controls.change(name, value)

    async def ask(self, text: str = DOCUMENTED) -> RecordedInteraction:
        """Type a command and wait until all that comes of it is over."""
        exchange = await self.stage.slack.command(text)
        assert exchange.failed is None
        await self.stage.bot.tasks.join()
        return exchange

    async def answer(self, text: str = DOCUMENTED) -> PostedMessage:
        [message] = (await self.ask(text)).messages
        return message


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_room() -> AsyncIterator[Room]:
    """One stage for all tests of the module."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    timing = Timing(NEVER, NEVER, SearchTiming(progress_after=NEVER))
    async with local_stack(StackClock(now=lambda: NOW, sleep=sleep, timing=timing)) as on:
        yield Room(on, Controls(on), slept)


@pytest_asyncio.fixture(loop_scope="module")
async def room(shared_room: Room) -> Room:
    """The stage as if nobody had turned a knob before."""
    on = shared_room.stage
    if on.environment:
        await on.restart_with({})
    on.signalwire.latency_seconds = on.signalwire.failure_share = 0
    on.signalwire.failure = next(each for each in on.signalwire.faults if each.status == 503)
    for message in on.slack.screen.messages:
        on.slack.screen.remove(message.ts)
    shared_room.slept.clear()
    return shared_room


def of_slider(knob: RangeControl | ChoiceControl) -> tuple[float, float, str]:
    assert isinstance(knob, RangeControl)
    return knob.value, knob.highest, knob.unit


def of_switch(knob: RangeControl | ChoiceControl) -> tuple[str, list[str]]:
    assert isinstance(knob, ChoiceControl)
    return knob.chosen, [value for value, _ in knob.options]


# ── What there is ─────────────────────────────────────────────────────────────────────────────


async def test_there_is_a_knob_for_each_mood_and_each_setting(room: Room) -> None:
    assert [knob.name for knob in room.controls.controls()] == [
        *("latency", "failures", "failure"),
        *("ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS", "MASK_NUMBERS"),
    ]


async def test_at_the_beginning_all_is_well_and_everybody_may(room: Room) -> None:
    assert of_slider(room.knob("latency")) == (0, 10, "s")
    assert of_slider(room.knob("failures")) == (0, 100, "%")
    for name in ("ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS"):
        assert of_switch(room.knob(name))[0] == ""
    assert of_switch(room.knob("MASK_NUMBERS"))[0] == "shared"
    assert "Completed" in (await room.answer()).text


async def test_what_is_chosen_is_always_one_of_the_choices(room: Room) -> None:
    for knob in room.controls.controls():
        if isinstance(knob, ChoiceControl):
            chosen, values = of_switch(knob)
            assert chosen in values
            assert len(values) == len(set(values)) > 1
            assert all(label for _, label in knob.options)


# ── SignalWire's moods ────────────────────────────────────────────────────────────────────────


async def test_latency_holds_signalwires_answers_back(room: Room) -> None:
    assert await room.turn("latency", "2.5") == "SignalWire takes 2.5 s longer now."
    assert of_slider(room.knob("latency"))[0] == 2.5
    assert "Completed" in (await room.answer()).text
    assert 2.5 in room.slept
    room.slept.clear()
    assert await room.turn("latency", "0") == "SignalWire takes 0 s longer now."
    await room.answer()
    assert room.slept == []


async def test_failures_fail_as_often_as_it_says(room: Room) -> None:
    assert await room.turn("failures", "100") == "SignalWire fails 100% of the time now."
    assert of_slider(room.knob("failures"))[0] == 100
    assert "SignalWire" in (await room.answer()).text
    assert "Completed" not in (await room.answer()).text
    assert await room.turn("failures", "0") == "SignalWire fails 0% of the time now."
    assert "Completed" in (await room.answer()).text


async def test_every_failure_that_can_be_chosen_is_what_then_happens(room: Room) -> None:
    await room.turn("failures", "100")
    _, choices = of_switch(room.knob("failure"))
    seen: dict[str, str] = {}
    for choice in choices:
        said = await room.turn("failure", choice)
        assert said.startswith("SignalWire fails like this now: ")
        assert of_switch(room.knob("failure"))[0] == choice
        seen[choice] = (await room.answer()).text
    of_status = {fault.id: fault.status for fault in room.stage.signalwire.faults}
    refused = {seen[choice] for choice in choices if of_status[choice] == 401}
    limited = {seen[choice] for choice in choices if of_status[choice] == 429}
    assert all(error_texts.CREDENTIALS_REJECTED.title in text for text in refused)
    assert refused
    assert limited
    assert refused.isdisjoint(limited)


async def test_a_failure_does_not_happen_while_nothing_fails(room: Room) -> None:
    _, choices = of_switch(room.knob("failure"))
    for choice in choices:
        await room.turn("failure", choice)
    assert "Completed" in (await room.answer()).text


# ── The bot's settings ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [
        ("ALLOWED_TEAMS", "T0ACME", "T0ELSEWHERE"),
        ("ALLOWED_CHANNELS", "C0SUPPORT", "C0ELSEWHERE"),
        ("ALLOWED_USERS", "U0SUPPORT", "U0ELSEWHERE"),
    ],
)
async def test_an_allow_list_admits_and_refuses_as_it_says(
    room: Room, name: str, inside: str, outside: str
) -> None:
    assert of_switch(room.knob(name))[1] == ["", inside, outside]
    said = await room.turn(name, outside)
    assert said == f"The bot was started anew with {name}={outside}."
    assert of_switch(room.knob(name))[0] == outside
    refusal = await room.answer()
    assert DOCUMENTED not in refusal.text
    assert NUMBER not in str(refusal.payload)
    await room.turn(name, inside)
    assert "Completed" in (await room.answer()).text
    assert await room.turn(name, "") == f"The bot was started anew without {name}."
    assert of_switch(room.knob(name))[0] == ""
    assert "Completed" in (await room.answer()).text


async def test_the_knobs_do_not_undo_each_other(room: Room) -> None:
    await room.turn("ALLOWED_USERS", "U0ELSEWHERE")
    await room.turn("MASK_NUMBERS", "always")
    await room.turn("latency", "1")
    assert room.stage.environment == {"ALLOWED_USERS": "U0ELSEWHERE", "MASK_NUMBERS": "always"}
    assert "Completed" not in (await room.answer()).text
    await room.turn("ALLOWED_USERS", "")
    assert of_switch(room.knob("MASK_NUMBERS"))[0] == "always"
    assert of_slider(room.knob("latency"))[0] == 1


def digits(message: PostedMessage) -> Callable[[str], bool]:
    seen = "".join(character for character in str(message.payload) if character.isdigit())
    return lambda number: number.strip("+") in seen


@pytest.mark.parametrize(
    ("value", "is_masked"), [("always", True), ("shared", False), ("never", False)]
)
async def test_mask_numbers_masks_what_one_sees_oneself(
    room: Room, value: str, *, is_masked: bool
) -> None:
    said = await room.turn("MASK_NUMBERS", value)
    assert said == f"The bot was started anew with MASK_NUMBERS={value}."
    card = await room.answer()
    assert digits(card)(NUMBER) is not is_masked


@pytest.mark.parametrize(
    ("value", "is_masked"), [("always", True), ("shared", True), ("never", False)]
)
async def test_mask_numbers_masks_what_is_shared(
    room: Room, value: str, *, is_masked: bool
) -> None:
    await room.turn("MASK_NUMBERS", value)
    await room.stage.slack.click(await room.answer(), "voicelog_share")
    await room.stage.bot.tasks.join()
    [shared] = [
        message
        for message in room.stage.slack.screen.messages
        if message.response_type == "in_channel"
    ]
    assert digits(shared)(NUMBER) is not is_masked


async def test_knobs_turned_at_the_same_time_all_count(room: Room) -> None:
    wanted = {
        "ALLOWED_TEAMS": "T0ACME",
        "ALLOWED_CHANNELS": "C0SUPPORT",
        "ALLOWED_USERS": "U0ELSEWHERE",
        "MASK_NUMBERS": "always",
    }
    await asyncio.gather(*(room.turn(name, value) for name, value in wanted.items()))
    assert room.stage.environment == wanted
    assert "Completed" not in (await room.answer()).text
    await asyncio.gather(*(room.turn("ALLOWED_USERS", value) for value in ("U0SUPPORT", "")))
    assert "Completed" in (await room.answer()).text


# ── What isn't there ──────────────────────────────────────────────────────────────────────────


async def unchanged(room: Room, before: Mapping[str, str]) -> bool:
    return (
        room.stage.environment == before
        and room.stage.signalwire.latency_seconds == 0
        and room.stage.signalwire.failure_share == 0
        and "Completed" in (await room.answer()).text
    )


@pytest.mark.parametrize("name", ["", "volume", "SLACK_BOT_TOKEN", "DRAIN_SECONDS", "LATENCY"])
async def test_a_knob_that_is_not_there_cannot_be_turned(room: Room, name: str) -> None:
    bot = room.stage.bot
    with pytest.raises(ValueError, match="there is nothing called"):
        await room.turn(name, "1")
    assert room.stage.bot is bot
    assert await unchanged(room, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("latency", value) for value in ("-1", "10.5", "nan", "inf", "", "much", "1e400")),
        *(("failures", value) for value in ("-5", "101", "nan", "", "all")),
        ("ALLOWED_USERS", "U0SOMEBODY"),
        ("ALLOWED_USERS", "U0SUPPORT,U0ELSEWHERE"),
        ("MASK_NUMBERS", ""),
        ("MASK_NUMBERS", "sometimes"),
    ],
)
async def test_a_value_that_a_knob_does_not_take_changes_nothing(
    room: Room, name: str, value: str
) -> None:
    bot = room.stage.bot
    with pytest.raises(ValueError, match=r"must be|no such choice") as refused:
        await room.turn(name, value)
    assert "'" not in str(refused.value)  # in words, not as Python writes it
    assert room.stage.bot is bot
    assert await unchanged(room, {})


async def test_a_failure_that_is_not_there_cannot_be_chosen(room: Room) -> None:
    before = room.stage.signalwire.failure
    with pytest.raises(ValueError, match="doesn't fail like that"):
        await room.turn("failure", "fa170404-0000-4000-8000-999999999999")
    assert room.stage.signalwire.failure is before
