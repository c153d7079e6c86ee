"""Captures the log."""

import asyncio
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from pydantic import JsonValue

from bot.runtime.logging import configure
from tests.support.logging_restored import logging_restored

TIMEOUT_SECONDS: Final = 30.0
"""Ten thousand logs take ten seconds on a busy machine."""

Line = dict[str, JsonValue]


class LogCapture(io.StringIO):
    """What the process logs, as JSON lines."""

    def __init__(self) -> None:
        super().__init__()
        self._written = asyncio.Event()

    def write(self, text: str) -> int:
        """Store text and wake up `line`."""
        self._written.set()
        return super().write(text)

    def lines(self, event: str | None = None, **fields: JsonValue) -> list[Line]:
        """Return the lines so far, or those with this event and these fields."""
        parsed: list[Line] = [json.loads(line) for line in self.getvalue().splitlines()]
        return [
            line
            for line in parsed
            if event in {None, line["event"]} and fields.items() <= line.items()
        ]

    def problems(self, *levels: str) -> list[tuple[JsonValue, JsonValue]]:
        """Return event and reason of the lines of these levels."""
        lines = (line for line in self.lines() if line["level"] in levels)
        return [(line["event"], line.get("reason")) for line in lines]

    async def line(self, event: str, *, times: int = 1, **fields: JsonValue) -> Line:
        """Wait for the nth line with this event and these fields, and return it."""
        await self._wait_until(lambda: len(self.lines(event, **fields)) >= times)
        return self.lines(event, **fields)[times - 1]

    async def startup_checks(self, count: int) -> None:
        """Wait until so many startup checks have passed or failed."""

        def checks() -> set[JsonValue]:
            events = {"startup_check.ok", "startup_check.failed"}
            return {line["check"] for line in self.lines() if line["event"] in events}

        await self._wait_until(lambda: len(checks()) >= count)

    async def _wait_until(self, is_met: Callable[[], bool]) -> None:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            while not is_met():
                self._written.clear()
                await self._written.wait()


@contextmanager
def captured_log() -> Iterator[LogCapture]:
    """Capture everything down to debug level; afterwards, logging is as it was."""
    log = LogCapture()
    with logging_restored():
        configure("json", "debug", log)
        yield log
