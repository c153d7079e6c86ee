"""Limits on client connections: how many are open, how much they send, and how long they take.

They apply to requests that may not be Slack's: an app learns that only from a whole body.

With httptools, uvicorn has no such limits. With h11 it limits the size of a head, but h11 blocks
the event loop for 14 s while it parses 64 KiB of blanks and a NUL.
"""

import asyncio
from enum import Enum, auto
from typing import Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

HEAD_LIMIT: Final = 16 * 1024
"""Bytes of a request's head, or of chunk framing between pieces of a body."""
_PIECE_BYTES: Final = 4 * 1024
"""Bytes parsed at a time. A head may exceed HEAD_LIMIT by up to this many."""
MAX_HEADERS: Final = 100
"""Per request. A short header takes twenty times as much memory as it has bytes."""
MAX_CHUNKS: Final = 1024
"""Per body. Each takes as long as hundreds of bytes, and Slack's bodies have none."""
CLIENT_SECONDS: Final = 10.0
"""How long a client may take to send a head, to send a body, and to read the response."""
BODY_BYTES: Final = 16 * 1024 * 1024
"""Total bytes of all bodies being read."""
_STOPPING_SECONDS: Final = 1.0
"""Replaces CLIENT_SECONDS during shutdown; shorter than the wait for requests in progress."""


class Awaited(Enum):
    """What a connection waits for."""

    HEAD = auto()
    BODY = auto()
    READER = auto()
    """The client must read more of the response."""
    RESPONSE = auto()
    """The app must respond."""
    NEXT = auto()
    """The next request, if any; uvicorn's `timeout_keep_alive` limits the wait."""


_TIMED: Final = {Awaited.HEAD, Awaited.BODY, Awaited.READER}


class Connections:
    """The open connections. At the limit, a new one replaces another.

    A connection waits for its client for some `seconds`; see CLIENT_SECONDS.
    """

    def __init__(
        self, limit: int, seconds: float = CLIENT_SECONDS, body_bytes: int = BODY_BYTES
    ) -> None:
        self.seconds: Final = seconds
        self._limit = limit
        self._open: dict[Connection, Awaited] = {}  # in the order in which they began to wait
        self._body_limit = body_bytes
        self._bodies: dict[Connection, int] = {}  # bytes; the oldest first
        self._body_bytes = 0

    def __len__(self) -> int:
        return len(self._open)

    def track(self, connection: "Connection", awaited: Awaited) -> None:
        """Record what a connection waits for; at the limit, close one connection first.

        That is the one whose request has been incomplete for longest, or else the one that has been
        idle for longest. If the app is responding to all others, it is this connection.
        """
        self.untrack(connection)
        if len(self._open) >= self._limit:
            victim = self._oldest(_TIMED) or self._oldest({Awaited.NEXT}) or connection
            victim.drop()
            if victim is connection:
                return
        self._open[connection] = awaited

    def untrack(self, connection: "Connection") -> None:
        """Remove a connection, if it is tracked."""
        self._open.pop(connection, None)

    def add_body(self, connection: "Connection", size: int) -> None:
        """Count bytes of an incomplete body; beyond the limit, close the connection of the oldest.

        So slow senders can't keep out Slack's requests, whose bodies arrive in one piece.
        """
        self._bodies[connection] = self._bodies.get(connection, 0) + size
        self._body_bytes += size
        while self._body_bytes > self._body_limit:
            next(iter(self._bodies)).drop()

    def end_body(self, connection: "Connection") -> None:
        """Stop counting the body of a connection, if any."""
        self._body_bytes -= self._bodies.pop(connection, 0)

    def _oldest(self, states: set[Awaited]) -> "Connection | None":
        return next((each for each, awaited in self._open.items() if awaited in states), None)


class RejectedError(Exception):
    """Too many headers or chunks, a trailer, or a request before the last response was complete."""


class Connection(HttpToolsProtocol):
    """An HTTP connection that is closed when its client exceeds a limit."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        connections: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._connections = connections
        self._awaited: Awaited | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._chunks = 0
        self._is_in_head = False
        self._is_closed = False

    def drop(self) -> None:
        """Close the connection now, even if a request is in progress."""
        self._finish()
        if self.cycle is not None:
            self.cycle.body.clear()  # it would be kept until the app runs, after further reads
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start the timeout for the first head."""
        super().connection_made(transport)
        self._update_timeout()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Stop tracking the connection."""
        self._finish()
        super().connection_lost(None)  # given an error, uvicorn's timer would keep self alive

    def data_received(self, data: bytes) -> None:
        """Parse data, unless a limit is exceeded."""
        for start in range(0, len(data), _PIECE_BYTES):
            piece = data[start : start + _PIECE_BYTES]
            self._head_bytes += len(piece)
            super().data_received(piece)
            if self.transport.is_closing():
                break
            if self._head_bytes >= HEAD_LIMIT:
                self.send_400_response("Too large.")
                break
        self._update_timeout()

    def on_response_complete(self) -> None:
        """Start to wait for the next request."""
        super().on_response_complete()
        self._update_timeout()

    def pause_writing(self) -> None:
        """Start the timeout for a client that isn't reading."""
        super().pause_writing()
        self._update_timeout()

    def resume_writing(self) -> None:
        """Stop the timeout: the client is reading again."""
        super().resume_writing()
        self._update_timeout()

    def shutdown(self) -> None:
        """Close the connection after the response to the request in progress, if any."""
        super().shutdown()
        if self._deadline is not None:
            self._start_timeout(_STOPPING_SECONDS)

    def on_message_begin(self) -> None:
        """Note that a head has begun. Raises RejectedError for a pipelined request.

        Slack and routers wait for the last response, and pipelined requests take a hundred times as
        much memory as they have bytes.
        """
        if self._is_responding:
            raise RejectedError
        super().on_message_begin()
        self._is_in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header, if it is allowed. httptools wraps the RejectedError in its own error."""
        if not self._is_in_head or len(self.headers) >= MAX_HEADERS:
            raise RejectedError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start the request, whose head is complete."""
        self._is_in_head, self._head_bytes, self._chunks = False, 0, 0
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Count a chunk of a body (RFC 9112, section 7.1). Raises RejectedError for too many."""
        self._chunks += 1
        if self._chunks > MAX_CHUNKS:
            raise RejectedError

    def on_body(self, body: bytes) -> None:
        """Pass a chunk of the body on, and reset the limit for framing."""
        self._head_bytes = 0
        super().on_body(body)
        if not self.cycle.response_started:  # then it isn't kept
            self._connections.add_body(self, len(body))

    def on_message_complete(self) -> None:
        """Note that the request is complete, and reset the limit for framing."""
        self._head_bytes = 0
        self._connections.end_body(self)
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Respond 400, or just close if a response has already started."""
        if self._is_responding and self.cycle.response_started:
            self.transport.close()
        else:
            super().send_400_response(msg)

    @property
    def _is_responding(self) -> bool:
        request: RequestResponseCycle | None = self.cycle
        return request is not None and not request.response_complete

    def _awaits(self) -> Awaited:
        if self.flow.write_paused or self.transport.is_closing():
            return Awaited.READER
        if self._is_responding:
            return Awaited.BODY if self.cycle.more_body else Awaited.RESPONSE
        is_head = self._awaited is None or self._is_in_head or self._head_bytes
        return Awaited.HEAD if is_head else Awaited.NEXT

    def _update_timeout(self) -> None:
        """Restart the timeout when the connection waits for something else, not with each byte."""
        awaited = self._awaits()
        if awaited is self._awaited or self._is_closed:
            return
        self._stop_timeout()
        self._awaited = awaited
        if awaited in _TIMED:
            self._start_timeout(self._connections.seconds)
        self._connections.track(self, awaited)

    def _start_timeout(self, seconds: float) -> None:
        self._stop_timeout()
        self._deadline = self.loop.call_later(seconds, self.drop)

    def _stop_timeout(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _finish(self) -> None:
        self._is_closed = True
        self._stop_timeout()
        self._connections.untrack(self)
        self._connections.end_body(self)
