"""Serves an ASGI application on loopback inside the running event loop, and stops it again.

Signal handlers are left to the owner of the event loop.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_GRACE_SECONDS: Final = 0.5
_POLL_SECONDS: Final = 0.005


class _Server(uvicorn.Server):
    """Stops as soon as no connection is open; uvicorn would poll slowly."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept no more connections, let requests finish for half a second, and cancel the rest.

        Then shut the application down.
        """
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        await asyncio.sleep(_POLL_SECONDS)  # for connections that are being accepted
        state = self.server_state
        for connection in list(state.connections):
            connection.shutdown()
        if state.tasks:
            _, late = await asyncio.wait(state.tasks, timeout=_GRACE_SECONDS)
            for task in late:
                task.cancel()
        while state.connections or state.tasks:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(_POLL_SECONDS)
        await self.lifespan.shutdown()


@dataclass(frozen=True)
class _Interruptible:
    """Responds 503 to a cancelled request; uvicorn would log a trace."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            await PlainTextResponse("stopped", 503)(scope, receive, send)


@asynccontextmanager
async def serve_on_loopback(app: ASGIApp, *, port: int = 0) -> AsyncIterator[str]:
    """Serve `app` on 127.0.0.1 while the context lasts; yields `http://127.0.0.1:PORT`.

    Port 0 picks a free port. Raises OSError when the port is taken.
    """
    config = uvicorn.Config(
        _Interruptible(app),
        log_config=None,
        access_log=False,
        workers=1,  # otherwise uvicorn reads WEB_CONCURRENCY, and an invalid value ends the process
        ws="none",
    )
    config.load()
    server = _Server(config)
    server.lifespan = config.lifespan_class(config)
    # The protocol is explicit so that asyncio disables Nagle's algorithm (40 ms) on connections.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(1024)
        address: tuple[str, int] = listener.getsockname()
        # Not `server.serve`, which would handle signals: the main server does.
        await server.startup(sockets=[listener])
        if not server.started:
            raise RuntimeError("the application did not start")
        running = asyncio.create_task(server.main_loop())
        try:
            yield f"http://{address[0]}:{address[1]}"
        finally:
            running.cancel()
            await server.shutdown(sockets=[listener])
