"""Runs the real server on one machine, between emulators of Slack and SignalWire.

A command typed in the emulated Slack reaches the bot as a signed HTTP request, like any other. What
the bot posts to the response URL is printed.
"""

import asyncio
import logging
import re
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from pydantic import JsonValue

from bot.cli import terminal
from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.emulator.signalwire.failures import descriptions
from bot.dev.emulator.slack.block_elements import Overflow
from bot.dev.emulator.slack.element_state import clickable, parsed
from bot.dev.emulator.slack.workspace import (
    NotFilledInError,
    OpenView,
    PostedMessage,
    RecordedInteraction,
)
from bot.dev.local_stack import LocalStack, local_stack
from bot.runtime import logging as logs
from bot.runtime.clock import utc_now
from bot.ui.subcommands import COMMAND

_TIMEOUT_SECONDS: Final = 90.0
"""The live call ends after 65 seconds."""
Press = Callable[[], Awaitable[RecordedInteraction | None]]

_COMMANDS: Final = re.compile(rf"(?:^|\s){re.escape(COMMAND)}(?=\s|$)")
_SYMBOLS_AROUND: Final = re.compile(r"^\W+|\W+$")
_HEADINGS: Final = {
    "b718": "The example in SignalWire's documentation",
    "ca11": "Types of log",
    "de1e": "Types of log",
    "57a7": "Statuses",
    "c057": "Charges",
    "add0": "Addresses",
    "fa00": "Legs of one call",
    "0dd0": "Unusual logs",
    "11fe": "A live call",
    "1a31": "A LaML call whose voice log is written later",
    "fa17": "Failures of SignalWire",
}
"""By the first four characters of the IDs."""
_OTHER: Final = "Other logs"


def list_ids() -> int:
    """Print every ID that the emulator has, with a description, under headings."""
    by_heading: dict[str, list[str]] = {}
    for log_id, what in descriptions(utc_now()).items():
        heading = _HEADINGS.get(log_id[:4], _OTHER)
        by_heading.setdefault(heading, [heading]).append(f"  {log_id}  {what}")
    print("\n\n".join("\n".join(lines) for lines in by_heading.values()))
    return 0


async def run(typed: str, presses: Sequence[str], environment: Mapping[str, str]) -> int:
    """Send commands one after the other and print what the user sees.

    Args:
        typed: the commands as in Slack; the first may omit `/voicelog`. Empty for the
            documentation's example.
        presses: the labels of buttons or menu options to press, one after the other, in the last
            reply and what opens from it.
        environment: for NO_COLOR and TERM.

    Returns 0 if there was a response to each, 1 if not.
    """
    logs.configure("console", "error", sys.stderr)
    logging.getLogger(logs.AUDIT).setLevel(logging.ERROR)  # no audit log needed here
    async with local_stack() as stack:
        with _interrupted_once():
            return await _send(_User(stack, environment), _commands(typed), presses)


@contextmanager
def _interrupted_once() -> Iterator[None]:
    """After Ctrl+C, ignore another one while the servers stop, which would cause tracebacks."""
    try:
        yield
    except asyncio.CancelledError:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        raise


async def _send(user: "_User", commands: Sequence[str], presses: Sequence[str]) -> int:
    steps = [partial(user.type, text) for text in commands]
    steps += [partial(user.press, label) for label in presses]
    for number, step in enumerate(steps):
        print(end="\n" if number else "")
        if not await step():
            return 1
    return 0


def _commands(typed: str) -> list[str]:
    """Split the typed text into commands."""
    if not typed.strip():
        return [DOCUMENTED]
    first, *others = (text.strip() for text in _COMMANDS.split(typed))
    return [first, *others] if first else others


def _plain(label: str) -> str:
    """The label in lower case and without symbols around it."""
    return _SYMBOLS_AROUND.sub("", label).casefold()


def _buttons(blocks: Sequence[JsonValue]) -> Iterator[tuple[str, str, int, int]]:
    """Yield each button and menu option: its label, action_id, index in the menu, and place."""
    for elements in clickable(parsed(blocks)):
        for element, nth in elements:
            if isinstance(element, Overflow):
                labels = [option.text.text for option in element.options]
            else:
                labels = [element.text.text]
            for index, label in enumerate(labels):
                yield label, element.action_id, index, nth


class _User:
    """The demo's user: types commands, presses buttons, and prints what Slack shows."""

    def __init__(self, stack: LocalStack, environment: Mapping[str, str]) -> None:
        self._slack = stack.slack
        self._bot = stack.bot
        self._environment = environment
        self._messages: Sequence[PostedMessage] = ()

    async def type(self, text: str) -> bool:
        """Send a command; returns whether there was a response."""
        print(f"{COMMAND} {text}".rstrip())
        before = self._slack.modal()
        interaction = await self._slack.command(text)
        if not await self._see(interaction):
            return False
        return self._show_modal(before) or bool(interaction.messages)

    async def press(self, label: str) -> bool:
        """Press the first element with that label in the topmost modal, else in the last reply."""
        there = self._pressables()
        found = next(((name, act) for name, act in there if _plain(name) == _plain(label)), None)
        if found is None:
            names = ", ".join(dict.fromkeys(name for name, _ in there)) or "nothing to press"
            print(f"Nothing here is labeled {label!r}. There is: {names}.", file=sys.stderr)
            return False
        name, act = found
        print(f"[ {name} ]")
        before = self._slack.modal()
        try:
            interaction = await act()
        except NotFilledInError:
            print("Slack doesn't submit this form: a field is empty or wrong.", file=sys.stderr)
            return False
        if interaction is not None and not await self._see(interaction):
            return False
        self._show_modal(before)
        return True

    def _pressables(self) -> list[tuple[str, Press]]:
        slack, modal = self._slack, self._slack.modal()
        shown = (
            [(message.blocks, partial(slack.click, message)) for message in self._messages]
            if modal is None
            else [(modal.blocks, partial(slack.click_in_view, modal))]
        )
        found: list[tuple[str, Press]] = [
            (name, partial(click, action_id, option=option, nth=nth))
            for blocks, click in shown
            for name, action_id, option, nth in _buttons(blocks)
        ]
        if modal is None:
            return found
        if modal.submit:
            found.append((modal.submit, partial(slack.submit, modal, {})))
        return [*found, (modal.close or "Close", partial(slack.close, modal))]

    def _show_modal(self, before: OpenView | None) -> bool:
        """Print the topmost modal, if it isn't as before; returns whether it was printed."""
        modal = self._slack.modal()
        if modal is None or modal == before:
            return False
        print(f"\n{modal.title} (modal)")
        terminal.show(modal.blocks, sys.stdout, self._environment)
        return True

    async def _see(self, interaction: RecordedInteraction) -> bool:
        """Print the results of an interaction; returns False if Slack shows an error."""
        if interaction.failed is not None:
            print(interaction.failed, file=sys.stderr)
            return False
        async with asyncio.timeout(_TIMEOUT_SECONDS):
            await self._bot.tasks.join()
        self._messages = interaction.messages or self._messages
        for message in interaction.messages:
            is_private = message.response_type == "ephemeral"
            print(f"\nVoiceLog ({'only visible to you' if is_private else 'for everyone'})")
            terminal.show(message.blocks, sys.stdout, self._environment)
        return True
