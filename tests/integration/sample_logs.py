"""Many logs, some of which a search must find."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from tests.support.samples import NOW

WANTED: Final = "+12065550199"
WANTED_AS_TYPED: Final = "(206) 555-0199"
MASKED_WANTED: Final = "+1 ••••••••99"


def log_id(number: int) -> str:
    """Return the ID of log `number` of `sample_logs`."""
    return f"10900000-0000-4000-8000-{number:012d}"


def log_ids(numbers: Sequence[int]) -> list[str]:
    """Return the IDs of these logs of `sample_logs`."""
    return [log_id(number) for number in numbers]


def sample_logs(count: int, *, wanted: Sequence[int] = (), per_minute: int = 1) -> list[LogFixture]:
    """Make logs, number 0 the newest; those in `wanted` are calls to WANTED."""
    return [
        LogFixture(
            call(
                log_id(number),
                NOW - timedelta(minutes=number // per_minute + 1),
                to=WANTED if number in wanted else "+12065550101",
            )
        )
        for number in range(count)
    ]


def live_log(number: int, status_at: Callable[[float], str]) -> LogFixture:
    """Make a log whose status depends on the seconds since it was first requested."""
    id_ = f"11fe0000-0000-4000-8000-0000000001{number:02}"

    def at(seconds: float) -> LogFixture:
        return LogFixture(call(id_, NOW, status=status_at(seconds), charge=0, billing_ms=None))

    return LogFixture(at(0).body, timeline=at)


ENDLESS: Final = [live_log(number, lambda _seconds: "in-progress") for number in range(5)]
