"""Commands whose reader leaves, whose disk is full, that are interrupted, or not in UTF-8."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pytest

from bot.dev.emulator.signalwire.catalog import LIVE
from tests.e2e.bot_process import ROOT

FULL: Final = Path("/dev/full")
TIMEOUT_SECONDS: Final = 30.0
FOLLOWING: Final = ("demo", LIVE, "--press", "Follow")
"""This takes a minute."""


def started(
    *arguments: str, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - this program
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("demo",),
        ("demo", "recent", "--press", "View"),
        ("demo", "--list"),
        ("gallery",),
        ("gallery", "--json"),
        ("manifest",),
    ],
    ids=" ".join,
)
def test_a_command_whose_reader_leaves_ends_without_a_traceback(arguments: Sequence[str]) -> None:
    with started(*arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(TIMEOUT_SECONDS) == 1
    assert errors == b""


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [("demo",), ("gallery",), ("manifest",)], ids=" ".join)
def test_a_command_whose_output_is_on_a_full_disk_says_so(arguments: Sequence[str]) -> None:
    with FULL.open("wb") as output:
        done = subprocess.run(  # noqa: S603 - ours
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.PIPE,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    said = b"The output can't be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, said)


@pytest.fixture
def interruptible() -> Iterator[None]:
    """For processes that get a SIGINT: they ignore it where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupted_command_ends_by_the_signal_without_a_traceback() -> None:
    # Unbuffered, so that the first line says that the servers run.
    with started(*FOLLOWING, environment={"PYTHONUNBUFFERED": "1"}) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"/voicelog {LIVE}\n".encode()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    assert errors == b""
    assert process.returncode == -signal.SIGINT


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_the_terminal_cannot_show_is_replaced(encoding: str) -> None:
    with started("demo", environment={"PYTHONIOENCODING": encoding}) as process:
        shown, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 0
    assert errors == b""
    assert b"? ? Completed " in shown


def test_json_loses_nothing_where_the_terminal_is_not_utf_8() -> None:
    read = []
    for encoding in ("ascii", "utf-8"):
        with started("gallery", "--json", environment={"PYTHONIOENCODING": encoding}) as process:
            shown, _ = process.communicate(timeout=TIMEOUT_SECONDS)
        read.append(json.loads(shown.decode(encoding)))
    assert read[0] == read[1]
