"""Writes log lines to a file descriptor from a thread, so that a stalled reader blocks nothing."""

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
"""About 3 MiB. When the queue is full, lines are dropped."""
MAX_LINES_PER_MINUTE: Final = 20
"""The limit for lines of one kind. Further ones are only counted."""
MINUTE: Final = 60.0

_POLL_SECONDS: Final = 1.0
_FLUSH_SECONDS: Final = 1.0
"""The time limit for writing the remaining lines at exit."""

_log = structlog.stdlib.get_logger(__name__)

Kind = tuple[str, str]


class RateLimit:
    """Limits how many lines of each kind are written per minute.

    Lines below WARNING, such as audit lines, aren't limited. Neither are lines with a `request_id`,
    since a user who was shown that request ID may ask for them.
    """

    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._seen: dict[Kind, tuple[float, int]] = {}

    def allows(self, record: logging.LogRecord) -> bool:
        """Count the line, and return whether to write it."""
        event = record.msg if isinstance(record.msg, dict) else {}
        if record.levelno < logging.WARNING or "request_id" in event:
            return True
        # A library's messages vary, so all lines of its logger are of one kind.
        kind = (str(event.get("event", record.name)), str(event.get("reason", "")))
        began, count = self._seen.get(kind, (self._elapsed(), 0))
        self._seen[kind] = (began, count + 1)
        return count < MAX_LINES_PER_MINUTE

    def pop_suppressed(self, *, is_last: bool = False) -> list[tuple[Kind, int]]:
        """Forget the kinds whose minute is over; return how many lines of each were suppressed.

        If `is_last`, no line follows: forget all kinds.
        """
        latest = self._elapsed() - MINUTE
        over = [kind for kind, (began, _) in self._seen.items() if is_last or began <= latest]
        counts = [(kind, self._seen.pop(kind)[1] - MAX_LINES_PER_MINUTE) for kind in over]
        return [(kind, count) for kind, count in counts if count > 0]


class LineQueue(logging.Handler):
    """Formats each line immediately, and writes it from a thread. When full, it only counts lines.

    It writes to the file descriptor directly: at exit, Python would wait for the lock of a stream
    on which the thread is blocked.
    """

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._rate_limit = RateLimit(time.monotonic)
        self._dropped = 0
        self._writer = threading.Thread(target=self._write, name="log", daemon=True)
        self._writer.start()
        atexit.register(self.stop)

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a line, unless it is rate-limited or the queue is full."""
        if not self._rate_limit.allows(record):
            return
        if self._lines.qsize() >= QUEUE_LINES:
            self._dropped += 1
            return
        try:
            self._lines.put(self.format(record))
        except Exception:  # noqa: BLE001 - logging must never break what is logged
            self._dropped += 1

    def stop(self) -> None:
        """Write the remaining lines; give up after a second."""
        self._lines.put(None)
        self._writer.join(_FLUSH_SECONDS)

    def _write(self) -> None:
        is_last, is_written = False, True
        while not is_last:
            lines = self._wait_for_lines()
            is_last = None in lines
            if is_written:  # otherwise each line about dropped lines would be dropped too
                self._report_losses(is_last=is_last)
            if is_last:
                lines += self._queued_lines()
            is_written = self._try_write([line for line in lines if line is not None])

    def _wait_for_lines(self) -> list[str | None]:
        try:
            first = self._lines.get(timeout=_POLL_SECONDS)
        except Empty:
            return []
        return [first, *self._queued_lines()]

    def _queued_lines(self) -> list[str | None]:
        return [self._lines.get_nowait() for _ in range(self._lines.qsize())]

    def _try_write(self, lines: Sequence[str]) -> bool:
        """Write the lines at once, since a thread may wait 5 ms for the GIL; return success."""
        data = "".join(f"{line}\n" for line in lines).encode(errors="backslashreplace")
        try:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:  # the descriptor was opened as non-blocking
                    select.select([], [self._descriptor], [])
        except OSError:  # the reader is gone, or the disk is full
            self.acquire()
            self._dropped += len(lines)
            self.release()
            return False
        return True

    def _report_losses(self, *, is_last: bool) -> None:
        """Log how many lines were dropped or suppressed."""
        self.acquire()
        dropped, self._dropped = self._dropped, 0
        repeats = self._rate_limit.pop_suppressed(is_last=is_last)
        self.release()
        if dropped:
            _log.warning("log.dropped", lines=dropped)
        for (event, reason), count in repeats:
            _log.warning("log.repeated", line=event, reason=reason, more=count)
