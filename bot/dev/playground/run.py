"""Runs the playground: rejects real credentials, prints the page's URL, and stops on a signal."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.local_stack import LocalStack, StackClock, local_stack
from bot.dev.playground.seed import page_config, seed_messages
from bot.dev.playground.web.server import page_app
from bot.entrypoints.uvicorn_server import raise_open_file_limit, stop_signals
from bot.runtime import logging as logs
from bot.settings import SettingsError

_CREDENTIALS: Final = ("SLACK_", "SIGNALWIRE_")
_REAL_WORLD: Final = StackClock()


async def run(environment: Mapping[str, str], port: int) -> int:
    """Serve the page until a stop signal; port 0 picks a free one.

    Returns 0 after a signal, 1 if the port is not available. Raises SettingsError if there are
    credentials in the environment.
    """
    _reject_credentials(environment)
    logs.configure("console", "warning", sys.stderr)
    logging.getLogger(logs.AUDIT).setLevel(logging.ERROR)  # no audit log needed here
    raise_open_file_limit()
    stop = asyncio.Event()
    try:
        # Until shutdown ends: a second signal must not cause a traceback.
        with stop_signals(stop.set):
            async with playground(port) as (url, _):
                print(f"The playground is at {url} (stop it with Ctrl+C)", flush=True)
                await stop.wait()
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) else "There is no such port"
        print(f"can't listen on port {port}: {why}. Try --port 0", file=sys.stderr)
        return 1
    return 0


@asynccontextmanager
async def playground(
    port: int = 0, timing: StackClock = _REAL_WORLD
) -> AsyncIterator[tuple[str, LocalStack]]:
    """Serve the page while the context lasts; yields its URL and the local stack behind it.

    Raises OSError when the port is taken.
    """
    async with local_stack(timing) as stack:
        for message in seed_messages(timing.now()):
            stack.slack.messages.show(message)
        page = page_app(page_config(stack, timing.now()), stack.slack)
        async with serve_on_loopback(page, port=port) as url:
            yield url, stack


def _reject_credentials(environment: Mapping[str, str]) -> None:
    """Nothing here is sent to the network, but real credentials are likely a mistake."""
    found = [
        name
        for name, value in environment.items()
        if name.upper().startswith(_CREDENTIALS) and value
    ]
    if found:
        raise SettingsError(
            f"{name} is set: the playground takes no real credentials. Unset it, or use another"
            " terminal"
            for name in sorted(found)
        )
