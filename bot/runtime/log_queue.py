"""Log lines on their way to a file descriptor, through a thread: whoever reads may stall."""

import atexit
import logging
import os
import select
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from typing import Final

import structlog

QUEUE_LINES: Final = 8192
"""Some 3 MiB; more are dropped."""
MAX_LINES_PER_MINUTE: Final = 20
"""Lines of one kind, a minute; more are counted."""
MINUTE: Final = 60.0

_LOOK_SECONDS: Final = 1.0
_LAST_SECONDS: Final = 1.0
"""For what is left at the exit."""

_log = structlog.stdlib.get_logger(__name__)

Kind = tuple[str, str]


class RateLimit:
    """Which lines are written: of each kind so many a minute, however many a stranger causes.

    Audit lines and others below a warning are no trouble, and a line with a reference is looked for
    by somebody who was shown it: those are always written.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._seen: dict[Kind, tuple[float, int]] = {}

    def let_through(self, record: logging.LogRecord) -> bool:
        """Whether it is written; otherwise it is counted."""
        event = record.msg if isinstance(record.msg, dict) else {}
        if record.levelno < logging.WARNING or "ref" in event:
            return True
        # A library's text may hold anything, so all that one logger says is of one kind.
        kind = (str(event.get("event", record.name)), str(event.get("reason", "")))
        began, count = self._seen.get(kind, (self._elapsed(), 0))
        self._seen[kind] = (began, count + 1)
        return count < MAX_LINES_PER_MINUTE

    def over(self, *, all_of_them: bool = False) -> list[tuple[Kind, int]]:
        """The kinds whose minute is over, each with how many lines weren't written, if any."""
        latest = self._elapsed() - MINUTE
        over = [kind for kind, (began, _) in self._seen.items() if began <= latest or all_of_them]
        counts = [(kind, self._seen.pop(kind)[1] - MAX_LINES_PER_MINUTE) for kind in over]
        return [(kind, count) for kind, count in counts if count > 0]


class LineQueue(logging.Handler):
    """Renders a line at once, and has a thread write it; drops and counts what finds no room.

    The descriptor is written to directly: at the exit Python would wait for the lock of a stream
    that the thread is stuck in.
    """

    def __init__(self, descriptor: int, elapsed: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._repeats = RateLimit(elapsed)
        self._dropped = 0
        self._writer = threading.Thread(target=self._write, name="log", daemon=True)
        self._writer.start()
        atexit.register(self.stop)

    def emit(self, record: logging.LogRecord) -> None:
        """Put a line into the queue."""
        if not self._repeats.let_through(record):
            return
        if self._lines.qsize() >= QUEUE_LINES:
            self._dropped += 1
            return
        try:
            self._lines.put(self.format(record))
        except Exception:  # noqa: BLE001 - as every handler: no line is worth what it tells of
            self._dropped += 1

    def stop(self) -> None:
        """Write what is left, but wait for no reader who has stalled."""
        self._lines.put(None)
        self._writer.join(_LAST_SECONDS)

    def _write(self) -> None:
        is_last, is_read = False, True
        while not is_last:
            lines = self._next()
            is_last = None in lines
            if is_read:  # otherwise every line about lost lines would be one more of them
                self._tell(is_last=is_last)
            if is_last:
                lines += self._waiting()
            is_read = self._is_written([line for line in lines if line is not None])

    def _next(self) -> list[str | None]:
        try:
            first = self._lines.get(timeout=_LOOK_SECONDS)
        except Empty:
            return []
        return [first, *self._waiting()]

    def _waiting(self) -> list[str | None]:
        return [self._lines.get_nowait() for _ in range(self._lines.qsize())]

    def _is_written(self, lines: Sequence[str]) -> bool:
        """Write them all at once: a thread that asks for the interpreter may wait 5 ms for it."""
        data = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
        try:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:  # whoever opened it wants it so
                    select.select([], [self._descriptor], [])
        except OSError:  # nobody reads any more, or the disk is full
            self.acquire()
            self._dropped += len(lines)
            self.release()
            return False
        return True

    def _tell(self, *, is_last: bool) -> None:
        """Say in the log what isn't in it."""
        self.acquire()
        dropped, self._dropped = self._dropped, 0
        repeats = self._repeats.over(all_of_them=is_last)
        self.release()
        if dropped:
            _log.warning("log.dropped", lines=dropped)
        for (event, reason), count in repeats:
            _log.warning("log.repeated", line=event, reason=reason, more=count)
