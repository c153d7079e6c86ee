"""The two ways to run the bot for good: over HTTP and over Socket Mode."""

import asyncio
import gc
import sys
import time
from collections.abc import Mapping

import structlog

from bot.app import Bot, Limits, create_http_app
from bot.entrypoints.connections import Connections
from bot.entrypoints.uvicorn_server import PortError, listen, open_files, serve_http, stop_signals
from bot.runtime import logging as logs
from bot.settings import Required, Settings, secret_value

_log = structlog.stdlib.get_logger(__name__)


async def serve(environment: Mapping[str, str]) -> int:
    """Answer Slack over HTTP until told to stop.

    Returns:
        0 after a signal, 1 if the port can't be had.

    Raises:
        SettingsError: before anything is started.
    """
    settings = Settings.from_environment(environment, Required.SLACK_HTTP, Required.SIGNALWIRE)
    logs.configure(settings.log_format, settings.log_level)
    try:
        sock = listen(settings.port)
    except PortError as error:
        print(error, file=sys.stderr)
        return 1
    limits = Limits.within(open_files())
    bot, stop = Bot(settings, limits=limits), asyncio.Event()
    app, connections = create_http_app(bot), Connections(limits.connections)
    gc.freeze()  # what is loaded stays; a collection of it would block for about 50 ms
    with stop_signals(stop.set):
        await serve_http(app, sock, stop=stop, on_stop=bot.begin_drain, connections=connections)
    return 0


async def socket(environment: Mapping[str, str]) -> int:
    """Answer Slack over Socket Mode until told to stop.

    Returns:
        0 after a signal, 1 if Slack can't be heard any more.

    Raises:
        SettingsError: before anything is started.
    """
    from bot.entrypoints.socket_mode import SocketModeLostError, SocketModeRunner

    settings = Settings.from_environment(environment, Required.SLACK_SOCKET, Required.SIGNALWIRE)
    logs.configure(settings.log_format, settings.log_level)
    bot, stop = Bot(settings, limits=Limits.within(open_files())), asyncio.Event()
    gc.freeze()  # as above
    try:
        with stop_signals(stop.set):  # until the drain is over: a second signal must not end it
            async with bot.lifespan():
                token = secret_value(settings.slack_app_token)
                await SocketModeRunner(bot.bolt, token, elapsed=time.monotonic).run(stop)
                _log.info("stop.begun")
    except SocketModeLostError as error:
        _log.error("socket.lost", said=str(error))
        return 1
    return 0
