"""The bot on one machine: Slack and SignalWire emulators, and the real server.

A command typed in the emulated Slack reaches the bot as a signed HTTP request, like any other. What
the bot posts to the response URL is printed.
"""

import asyncio
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Final

from bot.app import Bot
from bot.cli.terminal import render
from bot.dev.emulator.signalwire.catalogue import (
    DOCUMENTED,
    canned_failures,
    catalogue,
    not_written,
)
from bot.dev.emulator.slack.workspace import RecordedInteraction, SlackEmulator
from bot.dev.local_stack import local_stack
from bot.runtime import logging as logs
from bot.runtime.clock import utc_now
from bot.ui.subcommands import COMMAND

_PATIENCE_SECONDS: Final = 90.0
"""The live call ends after 65 seconds."""


def list_ids() -> int:
    """Print every ID the emulator knows, with a description."""
    now = utc_now()
    known = {entry.id: entry.description for entry in (*catalogue(now), not_written(now))}
    known |= {failure.id: failure.description for failure in canned_failures()}
    print(*(f"{log_id}  {what}" for log_id, what in known.items()), sep="\n")
    return 0


async def run(typed: str, press: str | None = None) -> int:
    """Send one command and print what the user sees.

    Args:
        typed: the command as in Slack; an ID alone is enough; empty for the documentation's
            example.
        press: the label of a button or menu option in the response, to press it and print the
            result.

    Returns:
        0 if there was a response, 1 if not.
    """
    text = typed.strip().removeprefix(COMMAND).strip() if typed.strip() else DOCUMENTED
    logs.configure("console", "error", sys.stderr)
    logging.getLogger(logs.AUDIT).setLevel(logging.ERROR)  # no audit log needed here
    async with local_stack() as stack:
        interaction = await stack.slack.command(text)
        print(f"{COMMAND} {text}".rstrip())
        if interaction.failed is not None:
            print(interaction.failed, file=sys.stderr)
            return 1
        await _settled(stack.bot)
        _show(interaction)
        if press is not None:
            return await _press(stack.slack, stack.bot, interaction, press)
        return 0 if interaction.messages else 1


async def _press(
    slack: SlackEmulator, bot: Bot, interaction: RecordedInteraction, label: str
) -> int:
    """Press the first element with that label and print the result."""
    for message in interaction.messages:
        for action_id, option in _labeled(message.blocks, label):
            print(f"\n[ {label} ]")
            clicked = await slack.click(message, action_id, option=option)
            await _settled(bot)
            _show(clicked)
            for modal in slack.modals():
                print(f"\n{modal.title} (a window)\n{render(modal.blocks)}")
            return 0
    print(f"there is nothing to press that is called {label!r}", file=sys.stderr)
    return 1


def _labeled(blocks: Sequence[object], label: str) -> Iterator[tuple[str, int]]:
    """Yield (action ID, option index) of elements with that label; the index is 0 for buttons."""
    for block in blocks:
        match block:
            case {"accessory": accessory}:
                elements: list[object] = [accessory]
            case {"elements": [*several]}:
                elements = several
            case _:
                continue
        for element in elements:
            match element:
                case {"action_id": str(action_id), "text": {"text": text}} if text == label:
                    yield action_id, 0
                case {"action_id": str(action_id), "options": [*options]}:
                    for index, option in enumerate(options):
                        match option:
                            case {"text": {"text": text}} if text == label:
                                yield action_id, index


async def _settled(bot: Bot) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        await bot.tasks.join()


def _show(interaction: RecordedInteraction) -> None:
    for message in interaction.messages:
        seen_by = "only visible to you" if message.response_type == "ephemeral" else "for everyone"
        print(f"\nVoiceLog ({seen_by})\n{render(message.blocks)}")
