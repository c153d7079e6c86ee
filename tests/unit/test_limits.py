"""Limits that depend on the limit of open files (RLIMIT_NOFILE)."""

import resource
from collections.abc import Iterator

import pytest

from bot.entrypoints.uvicorn_server import raise_open_file_limit
from bot.limits import Limits


@pytest.fixture
def few_files() -> Iterator[int]:
    """Set a soft limit below the hard limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = min(soft, hard, 500) - 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (few, hard))
    yield few
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_limit_of_open_files_is_raised_to_the_hard_limit(few_files: int) -> None:
    files = raise_open_file_limit()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert files == soft == hard > few_files


def test_a_limit_that_cannot_be_raised_is_kept(
    few_files: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_which: int, _limits: tuple[int, int]) -> None:
        raise ValueError

    with monkeypatch.context() as patch:
        patch.setattr(resource, "setrlimit", refuse)
        assert raise_open_file_limit() == few_files


@pytest.mark.parametrize("files", [64, 100, 256, 512, 1023, 1024, 4096, 20_000, 2**63 - 1])
def test_all_limits_together_leave_a_quarter_of_the_files_or_64_free(files: int) -> None:
    limits = Limits.within(files)
    views = limits.replies  # the same number
    taken = limits.lookups + limits.replies + limits.connections + views
    assert taken <= files - min(files // 4, 64)
    assert min(limits.lookups, limits.lookups_waiting, limits.replies, limits.connections) > 0


def test_1024_files_allow_the_default_limits() -> None:
    assert Limits.within(1024) == Limits()
    assert Limits.within(1024).connections == 192


def test_more_files_allow_more_connections_up_to_2048() -> None:
    assert Limits.within(1100).connections == 192 + 1100 - 1024
    assert Limits.within(10**6).connections == 2048
    assert Limits.within(10**6).lookups == Limits().lookups
