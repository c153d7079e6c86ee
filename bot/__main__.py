"""The command line. Each command imports only what it needs, so `serve` starts quickly."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Final

from bot import __version__
from bot.cli import streams

_Command = Callable[[argparse.Namespace], int]

_WITHOUT_SETTINGS: Final = "To try the bot without Slack or SignalWire, run: python -m bot demo"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: `sys.argv[1:]` by default.

    Returns:
        The exit code: 0 for success, 1 for a failure, 2 for wrong usage or settings.
    """
    streams.prepare()
    return streams.run_to_end(lambda: _run_command(arguments))


def _run_command(arguments: Sequence[str] | None) -> int:
    options = _parser().parse_args(arguments)
    run: _Command = options.run
    from bot.settings import SettingsError

    try:
        return run(options)
    except SettingsError as error:
        print(*error.errors, sep="\n", file=sys.stderr)
        if error.is_incomplete:
            print(_WITHOUT_SETTINGS, file=sys.stderr)
        return 1 if options.command == "check" else 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="A Slack bot that looks up SignalWire voice logs."
    )
    parser.add_argument("--version", action="version", version=f"VoiceLog {__version__}")
    parser.set_defaults(run=_serve, command="serve")
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.default = "serve"

    def add(name: str, run: _Command, summary: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=summary)
        command.set_defaults(run=run)
        return command

    add("serve", _serve, "serve Slack over HTTP (the default)")
    add("socket", _socket, "serve Slack over Socket Mode")
    add("check", _check, "check the settings, Slack and SignalWire").add_argument(
        "--release",
        action="store_true",
        help="fail only if a setting must be changed: an outage must not block a deployment",
    )
    lookup = add("lookup", _lookup, "show voice logs in the terminal")
    lookup.add_argument(
        "text",
        type=streams.as_utf8,
        nargs="+",
        metavar="id",
        help="an ID, or text that has IDs in it",
    )
    lookup.add_argument("--json", action="store_true", help="print the message as it is posted")
    _add_offline_commands(add)
    manifest = add("manifest", _manifest, "print manifest.yml as JSON, for Slack's CLI")
    manifest.add_argument("--socket", action="store_true", help="for Socket Mode, without URLs")
    # Slack's CLI appends it to its hook; there is one manifest to print.
    manifest.add_argument("--source", help=argparse.SUPPRESS)
    return parser


def _add_offline_commands(add: Callable[[str, _Command, str], argparse.ArgumentParser]) -> None:
    """Add the commands of bot/dev, which need neither settings nor a network."""
    demo = add("demo", _demo, "run the bot against local emulators")
    demo.add_argument(
        "text",
        type=streams.as_utf8,
        nargs="*",
        metavar="/voicelog …",
        help="the commands to send, one after the other",
    )
    demo.add_argument(
        "--press",
        type=streams.as_utf8,
        action="append",
        default=[],
        metavar="LABEL",
        help="press this button or menu option in the last reply; repeat it to press several",
    )
    demo.add_argument("--list", action="store_true", help="list the IDs of the sample logs")
    add("playground", _playground, "try the bot in a browser, on this machine").add_argument(
        "--port", type=int, default=3030, help="on loopback; 0 picks a free one (default: 3030)"
    )
    add("gallery", _gallery, "print an example of each message and view").add_argument(
        "--json", action="store_true", help="print them as JSON, for tools"
    )


def _run(main: Coroutine[None, None, int]) -> int:
    import asyncio

    try:
        import uvloop
    except ImportError:  # not available on Windows
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def _exit_now(*_signal: object) -> None:
    os._exit(0)  # SystemExit might be raised in a callback, and reported there as an error


def _exit_on_signal() -> None:
    """Exit with 0 on a signal that arrives before the server is up, when nothing can be lost."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _exit_now)


def _serve(_options: argparse.Namespace) -> int:
    _exit_on_signal()
    from bot.cli.serve import serve

    return _run(serve(os.environ))


def _socket(_options: argparse.Namespace) -> int:
    _exit_on_signal()
    from bot.cli.serve import socket

    return _run(socket(os.environ))


def _check(options: argparse.Namespace) -> int:
    from bot.cli.check import check

    return _run(check(os.environ, release=options.release))


def _lookup(options: argparse.Namespace) -> int:
    from bot.cli.lookup import lookup

    return _run(lookup(os.environ, " ".join(options.text), as_json=options.json))


def _demo(options: argparse.Namespace) -> int:
    from bot.dev import demo

    if options.list:
        return demo.list_ids()
    return _run(demo.run(" ".join(options.text), options.press, os.environ))


def _playground(options: argparse.Namespace) -> int:
    from bot.dev.playground.run import run

    return _run(run(os.environ, options.port))


def _gallery(options: argparse.Namespace) -> int:
    from bot.dev.gallery.show import show

    return show(os.environ, as_json=options.json)


def _manifest(options: argparse.Namespace) -> int:
    from bot.cli.manifest import show

    return show(socket=options.socket)


if __name__ == "__main__":
    sys.exit(main())
