"""The log's reader may stall or close the pipe: the bot goes on, and reports lost lines."""

import fcntl
import json
import logging
import os
import select
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

import pytest
import structlog
from pydantic import JsonValue

from bot.runtime import log_queue
from bot.runtime import logging as logs
from bot.runtime.log_queue import MAX_LINES_PER_MINUTE, MINUTE, QUEUE_LINES, LineQueue, RateLimit

pytestmark = pytest.mark.usefixtures("usual_logging")

Logger = structlog.stdlib.BoundLogger
WAIT_SECONDS = 10
F_SETPIPE_SZ = 1031
"""Linux's constant; the minimum size is one page."""


class Reader:
    """The reading end of the log's pipe."""

    def __init__(self) -> None:
        self.reading, self.writing = os.pipe()
        fcntl.fcntl(self.writing, F_SETPIPE_SZ, 4096)
        self._rest = b""
        self._is_closed = False

    def stall(self) -> None:
        """Fill the pipe."""
        os.set_blocking(self.writing, False)
        try:
            while True:
                os.write(self.writing, b"\n")
        except BlockingIOError:
            os.set_blocking(self.writing, True)

    def close(self) -> None:
        """Close the reading end."""
        if not self._is_closed:
            os.close(self.reading)
        self._is_closed = True

    def until(self, event: str) -> list[dict[str, JsonValue]]:
        """Read all lines up to one of this event."""
        lines: list[dict[str, JsonValue]] = []
        while not lines or lines[-1]["event"] != event:
            while b"\n" not in self._rest:
                assert select.select([self.reading], [], [], WAIT_SECONDS)[0], f"no {event}"
                self._rest += os.read(self.reading, 65536)
            line, _, self._rest = self._rest.partition(b"\n")
            lines += [json.loads(line)] if line else []
        return lines


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()
    os.close(reader.writing)


@pytest.fixture
def log(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logger]:
    """The logger of a serving process."""
    monkeypatch.setattr(logs, "_STDOUT", reader.writing)
    logs.configure("json", "info")
    yield structlog.stdlib.get_logger(logs.AUDIT)
    reader.close()
    installed_queue().stop()


def installed_queue() -> LineQueue:
    [queue] = [each for each in logging.getLogger().handlers if isinstance(each, LineQueue)]
    return queue


def dropped_in(lines: Sequence[Mapping[str, JsonValue]]) -> int:
    counts = [line["lines"] for line in lines if line["event"] == "log.dropped"]
    return sum(count for count in counts if isinstance(count, int))


@pytest.mark.parametrize("blocking", [True, False])
def test_lines_arrive_whole_in_order_and_redacted(
    reader: Reader, log: Logger, *, blocking: bool
) -> None:
    os.set_blocking(reader.writing, blocking)
    for number in range(300):
        log.info("lookup.done", number=number, text="xoxb-1-canary", padding="x" * 500)
    log.info("end")
    *lines, _ = reader.until("end")
    assert [line["number"] for line in lines] == list(range(300))
    assert {line["text"] for line in lines} == {"[redacted]"}


def test_a_stalled_reader_blocks_nothing_and_dropped_lines_are_counted(
    reader: Reader, log: Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_queue, "QUEUE_LINES", 50)
    reader.stall()
    for number in range(400):
        log.info("lookup.done", number=number, padding="x" * 500)
    monkeypatch.setattr(log_queue, "QUEUE_LINES", QUEUE_LINES)  # there is room for the last one
    log.info("end")
    lines = reader.until("end")
    numbers = [int(str(line["number"])) for line in lines if line["event"] == "lookup.done"]
    while (dropped := dropped_in(lines)) < 400 - len(numbers):
        lines += reader.until("log.dropped")
    assert dropped == 400 - len(numbers) > 0
    assert numbers == sorted(set(numbers))


def test_remaining_lines_are_written_at_exit(reader: Reader, log: Logger) -> None:
    for _ in range(10):
        log.info("lookup.done")
    log.warning("shutdown.finished", reason="SIGTERM")
    installed_queue().stop()
    assert len(reader.until("shutdown.finished")) == 11


def test_exit_does_not_wait_for_a_stalled_reader(reader: Reader, log: Logger) -> None:
    reader.stall()
    log.info("lookup.done", padding="x" * 5000)
    began = time.monotonic()
    installed_queue().stop()
    assert time.monotonic() - began < 5


def test_a_closed_pipe_causes_neither_errors_nor_repeated_writes(
    reader: Reader,
    log: Logger,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    writes = 0
    tried = threading.Event()

    def write(_descriptor: int, _data: bytes) -> int:
        nonlocal writes
        writes += 1
        tried.set()
        raise BrokenPipeError

    monkeypatch.setattr(os, "write", write)
    log.info("lookup.done", text="+12065550104")
    assert tried.wait(WAIT_SECONDS)
    reader.close()
    installed_queue().stop()
    assert writes <= 3, "a line about a lost line would also be lost"
    assert capfd.readouterr() == ("", "")


def test_a_line_that_cannot_be_formatted_is_dropped(reader: Reader, log: Logger) -> None:
    logging.getLogger("some.library").warning("%d numbers", "no")
    log.info("end")
    reader.until("end")


def test_a_broken_handler_prints_no_unredacted_line(capfd: pytest.CaptureFixture[str]) -> None:
    closed = open(os.devnull, "w")  # noqa: PTH123, SIM115 - closed at once
    logs.configure("json", "info", closed)
    closed.close()
    structlog.stdlib.get_logger("bot.x").info("lookup.done", text="xoxb-1-canary")
    assert capfd.readouterr() == ("", "")


def test_repeated_warnings_are_limited_and_then_counted(reader: Reader, log: Logger) -> None:
    logger = structlog.stdlib.get_logger("bot.entrypoints.http")
    for _ in range(500):
        logger.warning("request.rejected", status=401, reason="signature")
        log.info("lookup.done")
    logger.warning("request.rejected", status=413, reason="too large")
    installed_queue().stop()
    events = [line for line in reader.until("log.repeated") if line["event"] != "lookup.done"]
    reasons = [*["signature"] * MAX_LINES_PER_MINUTE, "too large", "signature"]
    assert [line["reason"] for line in events] == reasons
    assert (events[-1]["line"], events[-1]["more"]) == (
        "request.rejected",
        500 - MAX_LINES_PER_MINUTE,
    )


# ── The limit on repeats ──────────────────────────────────────────────────────────────────────


def record(
    event: str | dict[str, str], *, name: str = "bot.entrypoints.http", level: int = logging.WARNING
) -> logging.LogRecord:
    log_record = logging.LogRecord(name, level, "", 0, "", (), None)
    log_record.msg = event
    return log_record


def count_allowed(repeats: RateLimit, log_record: logging.LogRecord, times: int) -> int:
    return sum(repeats.allows(log_record) for _ in range(times))


REJECTED = {"event": "request.rejected", "reason": "signature"}


def test_each_kind_has_its_own_limit_per_minute() -> None:
    now = 0.0
    repeats = RateLimit(lambda: now)
    other = {**REJECTED, "reason": "too large"}
    assert [count_allowed(repeats, record(kind), 100) for kind in (REJECTED, other)] == [
        MAX_LINES_PER_MINUTE
    ] * 2
    now = MINUTE - 1
    assert count_allowed(repeats, record(REJECTED), 100) == 0
    assert repeats.pop_suppressed() == []
    now = MINUTE
    assert repeats.pop_suppressed() == [
        (("request.rejected", "signature"), 200 - MAX_LINES_PER_MINUTE),
        (("request.rejected", "too large"), 100 - MAX_LINES_PER_MINUTE),
    ]
    assert count_allowed(repeats, record(REJECTED), 100) == MAX_LINES_PER_MINUTE
    now = 3 * MINUTE
    assert len(repeats.pop_suppressed()) == 1
    assert repeats.pop_suppressed() == []


def test_all_warnings_of_a_library_are_one_kind() -> None:
    repeats = RateLimit(lambda: 0.0)
    texts = [record(f"Invalid request {n}", name="uvicorn.error") for n in range(100)]
    assert sum(map(repeats.allows, texts)) == MAX_LINES_PER_MINUTE
    assert count_allowed(repeats, record("other", name="asyncio"), 1) == 1


@pytest.mark.parametrize(
    "log_record",
    [
        record({"event": "lookup.done", "outcome": "refused"}, name=logs.AUDIT, level=logging.INFO),
        record({"event": "reply.failed", "request_id": "abc123"}, level=logging.ERROR),
    ],
)
def test_audit_lines_and_lines_with_a_request_id_are_not_limited(
    log_record: logging.LogRecord,
) -> None:
    assert count_allowed(RateLimit(lambda: 0.0), log_record, 1000) == 1000


def test_the_queue_is_limited_to_a_few_megabytes() -> None:
    assert QUEUE_LINES * 400 < 4 * 1024 * 1024
