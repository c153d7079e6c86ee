"""Runs the bot as a server, over HTTP or Socket Mode."""

import asyncio
import gc
import sys
from collections.abc import Mapping

import structlog

from bot.app import Bot, create_http_app
from bot.entrypoints.connections import Connections
from bot.entrypoints.uvicorn_server import (
    PortError,
    listen,
    raise_open_file_limit,
    serve_http,
    stop_signals,
)
from bot.limits import Limits
from bot.runtime import logging as logs
from bot.settings import Required, Settings, secret_value

_log = structlog.stdlib.get_logger(__name__)


async def serve(environment: Mapping[str, str]) -> int:
    """Serve over HTTP until SIGTERM or SIGINT; return 1 if the port is taken or not allowed."""
    settings = Settings.from_environment(environment, Required.SLACK_HTTP, Required.SIGNALWIRE)
    logs.configure(settings.log_format, settings.log_level)
    try:
        sock = listen(settings.port)
    except PortError as error:
        print(error, file=sys.stderr)
        return 1
    limits = Limits.within(raise_open_file_limit())
    bot, stop = Bot(settings, limits=limits), asyncio.Event()
    app, connections = create_http_app(bot), Connections(limits.connections)
    gc.freeze()  # the loaded code is never garbage; collecting it would block for about 50 ms
    with stop_signals(stop.set):
        await serve_http(app, sock, stop=stop, on_stop=bot.begin_drain, connections=connections)
    return 0


async def socket(environment: Mapping[str, str]) -> int:
    """Serve over Socket Mode until SIGTERM or SIGINT; return 1 if the connection is lost."""
    from bot.entrypoints.socket_mode import SocketModeLostError, SocketModeRunner

    settings = Settings.from_environment(environment, Required.SLACK_SOCKET, Required.SIGNALWIRE)
    logs.configure(settings.log_format, settings.log_level)
    bot, stop = Bot(settings, limits=Limits.within(raise_open_file_limit())), asyncio.Event()
    gc.freeze()  # as above
    try:
        with stop_signals(stop.set):  # also while draining, which a second signal must not end
            async with bot.lifespan():
                token = secret_value(settings.slack_app_token)
                await SocketModeRunner(bot.bolt, token).run(stop)
    except SocketModeLostError as error:
        _log.error("socket_mode.lost", reason=str(error))
        return 1
    return 0
