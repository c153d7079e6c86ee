"""Each control of the playground changes a real bot or its emulators."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import pytest
import pytest_asyncio

from bot.app import Timing
from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.local_stack import LocalStack, StackClock, local_stack
from bot.dev.playground.controls import Controls
from bot.dev.playground.web.config import ChoiceControl, RangeControl
from bot.ui import errors as error_texts
from bot.ui.subcommands import COMMAND
from tests.integration.harness import NEVER
from tests.support.samples import NOW

pytestmark = pytest.mark.asyncio(loop_scope="module")

NUMBER: Final = "12065551212"


@dataclass
class Panel:
    """A local stack with its controls and a fake sleep."""

    stack: LocalStack
    controls: Controls
    sleeps: list[float]

    async def change(self, name: str, value: str) -> str:
        return await self.controls.change(name, value)

    def range(self, name: str) -> RangeControl:
        [found] = [each for each in self.controls.controls() if each.name == name]
        assert isinstance(found, RangeControl)
        return found

    def choice(self, name: str) -> tuple[str, list[str]]:
        """Return the chosen value, and all values."""
        [found] = [each for each in self.controls.controls() if each.name == name]
        assert isinstance(found, ChoiceControl)
        return found.chosen, [value for value, _ in found.options]

    async def card(self) -> PostedMessage:
        """Look up a log; return the reply."""
        interaction = await self.stack.slack.command(DOCUMENTED)
        assert interaction.failed is None
        await self.stack.bot.tasks.join()
        [message] = interaction.messages
        return message

    async def is_found(self) -> bool:
        return "Completed" in (await self.card()).text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_panel() -> AsyncIterator[Panel]:
    """One stack for all tests of the module."""
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)

    timing = Timing(NEVER, NEVER)
    async with local_stack(StackClock(now=lambda: NOW, sleep=sleep, timing=timing)) as stack:
        yield Panel(stack, Controls(stack), sleeps)


@pytest_asyncio.fixture(loop_scope="module")
async def panel(shared_panel: Panel) -> Panel:
    """The stack, with the default value of each control."""
    stack = shared_panel.stack
    if stack.environment:
        await stack.restart_with({})
    stack.signalwire.latency_seconds = stack.signalwire.failure_rate = 0
    stack.signalwire.failure = next(
        each for each in stack.signalwire.failures if each.status == 503
    )
    for message in stack.slack.messages.messages:
        stack.slack.messages.remove(message.ts)
    shared_panel.sleeps.clear()
    return shared_panel


async def test_controls_start_with_the_stacks_settings(panel: Panel) -> None:
    assert [control.name for control in panel.controls.controls()] == [
        *("live_call", "latency", "failures", "failure"),
        *("ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS", "MASK_NUMBERS"),
    ]
    for name, highest, unit in (("latency", 10, "s"), ("failures", 100, "%")):
        control = panel.range(name)
        assert (control.value, control.highest, control.unit) == (0, highest, unit)
    for name in ("ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS"):
        assert panel.choice(name)[0] == ""
    assert panel.choice("MASK_NUMBERS")[0] == "shared"
    for each in panel.controls.controls():
        if isinstance(each, ChoiceControl):
            values = [value for value, label in each.options if label]
            assert each.chosen in values
            assert len(each.options) == len(set(values)) > 1
    assert await panel.is_found()


async def test_each_live_call_is_new_and_starts_when_it_is_looked_up(panel: Panel) -> None:
    first, second = (panel.controls.command("live_call") for _ in range(2))
    assert first != second
    for command in (first, second):
        interaction = await panel.stack.slack.command(command.removeprefix(f"{COMMAND} "))
        await panel.stack.bot.tasks.join()
        [message] = interaction.messages
        assert "Queued" in message.text
    with pytest.raises(ValueError, match="there is no control latency"):
        panel.controls.command("latency")


async def test_latency_delays_signalwires_responses(panel: Panel) -> None:
    assert await panel.change("latency", "2.5") == "SignalWire now takes 2.5 s longer."
    assert panel.range("latency").value == 2.5
    assert await panel.is_found()
    assert 2.5 in panel.sleeps
    panel.sleeps.clear()
    assert await panel.change("latency", "0") == "SignalWire now takes 0 s longer."
    await panel.card()
    assert panel.sleeps == []


async def test_signalwire_fails_at_the_selected_rate(panel: Panel) -> None:
    _, choices = panel.choice("failure")
    for choice in choices:
        result = await panel.change("failure", choice)
        assert result.startswith("SignalWire now fails like this: ")
        assert panel.choice("failure")[0] == choice
    assert await panel.is_found(), "the rate is still zero"
    assert await panel.change("failures", "100") == "SignalWire now fails 100% of the time."
    assert panel.range("failures").value == 100
    seen: dict[int, set[str]] = {}
    for failure in panel.stack.signalwire.failures:
        if failure.id in choices:
            await panel.change("failure", failure.id)
            seen.setdefault(failure.status, set()).add((await panel.card()).text)
    assert all(error_texts.CREDENTIALS_REJECTED.title in text for text in seen[401])
    assert seen[401].isdisjoint(seen[429])
    assert not any("Completed" in text for status in (401, 429, 503) for text in seen[status])
    assert await panel.change("failures", "0") == "SignalWire now fails 0% of the time."
    assert await panel.is_found()


@pytest.mark.parametrize(
    ("name", "allowed", "denied"),
    [
        ("ALLOWED_TEAMS", "T0ACME", "T0ELSEWHERE"),
        ("ALLOWED_CHANNELS", "C0SUPPORT", "C0ELSEWHERE"),
        ("ALLOWED_USERS", "U0SUPPORT", "U0ELSEWHERE"),
    ],
)
async def test_an_allow_list_allows_and_denies_users(
    panel: Panel, name: str, allowed: str, denied: str
) -> None:
    result = await panel.change(name, denied)
    assert result == f"The bot was restarted with {name}={denied}."
    assert panel.choice(name) == (denied, ["", allowed, denied])
    denial = await panel.card()
    assert DOCUMENTED not in denial.text
    assert NUMBER not in str(denial.payload)
    await panel.change(name, allowed)
    assert await panel.is_found()
    assert await panel.change(name, "") == f"The bot was restarted without {name}."
    assert panel.choice(name)[0] == ""
    assert await panel.is_found()


@pytest.mark.parametrize("value", ["always", "shared", "never"])
async def test_mask_numbers_is_a_setting_of_the_bot(panel: Panel, value: str) -> None:
    result = await panel.change("MASK_NUMBERS", value)
    assert result == f"The bot was restarted with MASK_NUMBERS={value}."
    assert panel.choice("MASK_NUMBERS")[0] == panel.stack.bot.settings.mask_numbers.value == value


async def test_consecutive_and_concurrent_changes_all_apply(panel: Panel) -> None:
    wanted = {
        "ALLOWED_TEAMS": "T0ACME",
        "ALLOWED_CHANNELS": "C0SUPPORT",
        "ALLOWED_USERS": "U0ELSEWHERE",
        "MASK_NUMBERS": "always",
    }
    await panel.change("latency", "1")
    await asyncio.gather(*(panel.change(name, value) for name, value in wanted.items()))
    assert panel.stack.environment == wanted
    assert not await panel.is_found()
    await panel.change("ALLOWED_USERS", "")
    assert (panel.choice("MASK_NUMBERS")[0], panel.range("latency").value) == ("always", 1)
    await asyncio.gather(*(panel.change("ALLOWED_USERS", value) for value in ("U0SUPPORT", "")))
    assert await panel.is_found()


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        *(
            (name, "1", "there is no control")
            for name in ("", "volume", "SLACK_BOT_TOKEN", "DRAIN_SECONDS", "LATENCY")
        ),
        *(
            ("latency", value, "must be")
            for value in ("-1", "10.5", "nan", "inf", "", "much", "1e400")
        ),
        *(("failures", value, "must be") for value in ("-5", "101", "nan", "", "all")),
        ("failure", "fa170404-0000-4000-8000-999999999999", "no such failure"),
        ("ALLOWED_USERS", "U0SOMEBODY", "no such option"),
        ("ALLOWED_USERS", "U0SUPPORT,U0ELSEWHERE", "no such option"),
        ("MASK_NUMBERS", "", "no such option"),
        ("MASK_NUMBERS", "sometimes", "no such option"),
    ],
)
async def test_an_invalid_change_changes_nothing(
    panel: Panel, name: str, value: str, reason: str
) -> None:
    signalwire = panel.stack.signalwire
    bot, failure = panel.stack.bot, signalwire.failure
    with pytest.raises(ValueError, match=reason) as refused:
        await panel.change(name, value)
    assert "'" not in str(refused.value)  # in words, not Python's message
    assert (panel.stack.bot, signalwire.failure) == (bot, failure)
    assert (signalwire.latency_seconds, signalwire.failure_rate) == (0, 0)
    assert panel.stack.environment == {}
