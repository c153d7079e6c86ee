"""What fails is tried again as stamina says; what doesn't, never meets it."""

from collections.abc import AsyncIterator

import pytest
import stamina

from bot.runtime.retry import retry


class OutOfOrderError(Exception):
    pass


class Machine:
    """Fails so many times, then gives out what it was asked for; and remembers each attempt."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.attempts: list[int] = []

    async def press(self, number: int) -> str:
        self.attempts.append(number)
        if len(self.attempts) <= self.failures:
            raise OutOfOrderError(str(number))
        return "coffee"


def again(*, on: type[Exception] = OutOfOrderError) -> AsyncIterator[stamina.Attempt]:
    return stamina.retry_context(on=on, attempts=3)


def never() -> AsyncIterator[stamina.Attempt]:
    raise AssertionError("nothing failed")


async def test_what_goes_well_needs_nothing_of_stamina() -> None:
    machine = Machine(failures=0)
    assert await retry(machine.press, never) == "coffee"
    assert machine.attempts == [1]


@pytest.mark.parametrize("failures", [1, 2])
async def test_what_fails_is_tried_again_and_told_which_attempt_it_is(failures: int) -> None:
    machine = Machine(failures)
    assert await retry(machine.press, again) == "coffee"
    assert machine.attempts == [1, 2, 3][: failures + 1]


async def test_the_last_failure_is_raised_when_no_attempt_is_left() -> None:
    machine = Machine(failures=9)
    with pytest.raises(OutOfOrderError, match="3"):
        await retry(machine.press, again)
    assert machine.attempts == [1, 2, 3]


async def test_what_is_not_to_be_tried_again_is_raised_at_once() -> None:
    machine = Machine(failures=9)
    with pytest.raises(OutOfOrderError, match="1"):
        await retry(machine.press, lambda: again(on=LookupError))
    assert machine.attempts == [1]
