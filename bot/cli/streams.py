"""The standard streams of a command, which may be closed, not UTF-8, or no longer read.

This module imports nothing slow, so that Ctrl+C is handled from the start.
"""

import errno
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Final

NOT_WRITTEN: Final = 1
"""The exit code if output couldn't be written (Python docs, signal, "Note on SIGPIPE")."""


def prepare() -> None:
    """Replace closed streams, and let standard output print `?` for what it can't encode.

    Standard error needs nothing: it is opened with `backslashreplace` (Python docs, sys.stderr).
    """
    _replace_closed()
    output = sys.stdout
    if isinstance(output, io.TextIOWrapper) and output.errors in {"strict", "surrogateescape"}:
        output.reconfigure(errors="replace")


def _replace_closed() -> None:
    """Replace a closed standard stream (`>&-`) with the null device.

    Otherwise the first socket gets the stream's file descriptor: log lines are written to the
    socket, and libuv aborts when it is closed.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode)  # noqa: PTH123, SIM115 - open as long as the process
            setattr(sys, name, stream)


def run_to_end(command: Callable[[], int]) -> int:
    """Run a command, without a traceback on Ctrl+C, a full disk or a closed pipe (`| head`).

    After Ctrl+C the process ends by SIGINT, which a shell reports as 130, and which also ends a
    shell's loop around the command.
    """
    try:
        try:
            return command()
        finally:  # also before argparse's SystemExit
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in {errno.EPIPE, errno.ENOSPC}:
            raise
        if error.errno == errno.ENOSPC:
            print(f"The output can't be written: {error.strerror}", file=sys.stderr)
        _discard_output()
        return NOT_WRITTEN
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.raise_signal(signal.SIGINT)
        raise


def _discard_output() -> None:
    """Redirect output to the null device: Python flushes it at exit, which would fail again."""
    null = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(null, stream.fileno())


def as_utf8(argument: str) -> str:
    """Read an argument as UTF-8, whatever the locale; bytes that aren't UTF-8 are replaced."""
    return os.fsencode(argument).decode(errors="replace")


def print_json(value: object) -> None:
    """Print one line of JSON; in ASCII unless standard output is UTF-8, so that nothing is lost."""
    is_utf8 = sys.stdout.encoding.lower().replace("-", "") == "utf8"
    print(json.dumps(value, ensure_ascii=not is_utf8))
