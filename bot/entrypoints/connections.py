"""Connections from clients: how much each may send, how long it may take, how many there may be.

uvicorn bounds none of it with httptools. With h11 it bounds the size of a head, but h11 looks at
64 KiB of blanks and a NUL for 14 s, in which nobody else is heard.
"""

import asyncio
from collections import deque
from enum import Enum, auto
from itertools import chain
from typing import Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

HEAD_LIMIT: Final = 64 * 1024
"""Bytes of a head, or of anything else that is neither the body nor the end of something."""
MAX_HEADERS: Final = 256
"""Of a request. In memory a tiny one is twenty times as large as on its way."""
CLIENT_SECONDS: Final = 10.0
"""For a head, for a body, and to take an answer."""
_PIECE: Final = 1024
"""Bytes that are parsed at once: no more requests than there are in them are taken apart before the
first of them is answered."""
_STOPPING_SECONDS: Final = 1.0
"""CLIENT_SECONDS once the process stops: less than it waits for requests that are under way."""


class Awaited(Enum):
    """What a connection waits for."""

    HEAD = auto()
    BODY = auto()
    READER = auto()
    """Its client doesn't take what it is sent."""
    PIPELINED = auto()
    """An answer is under way, and its client has asked for more already."""
    ANSWER = auto()
    NEXT = auto()
    """Another request, if there ever is one; for how long is uvicorn's `timeout_keep_alive`."""


_IN_TIME: Final = {Awaited.HEAD, Awaited.BODY, Awaited.READER}
_UNFINISHED: Final = {*_IN_TIME, Awaited.PIPELINED}


class Connections:
    """Those that are open. There is always room for one more.

    Args:
        most: how many may be open.
        seconds: how long each waits for its client; see CLIENT_SECONDS.
    """

    def __init__(self, limit: int, seconds: float = CLIENT_SECONDS) -> None:
        self.seconds: Final = seconds
        self._most = limit
        # Dictionaries, since they keep the order: whoever has waited longest stands first.
        self._unfinished: dict[Connection, None] = {}
        self._idle: dict[Connection, None] = {}
        self._answering: dict[Connection, None] = {}

    def __len__(self) -> int:
        return len(self._unfinished) + len(self._idle) + len(self._answering)

    def track(self, connection: "Connection", awaited: Awaited) -> None:
        """Note what a connection waits for; close another one first if there are too many.

        The one that has been unfinished for longest, or else idle. If all the others are being
        answered, it is this one.
        """
        self.untrack(connection)
        if len(self) >= self._most:
            closed = next(chain(self._unfinished, self._idle), connection)
            closed.drop()
            if closed is connection:
                return
        if awaited in _UNFINISHED:
            self._unfinished[connection] = None
        elif awaited is Awaited.NEXT:
            self._idle[connection] = None
        else:
            self._answering[connection] = None

    def untrack(self, connection: "Connection") -> None:
        """Forget a connection, if it is known."""
        for each in (self._unfinished, self._idle, self._answering):
            each.pop(connection, None)


class HeaderError(Exception):
    """One header too many, or one after the body: nobody here has a use for it."""


class Connection(HttpToolsProtocol):
    """One connection, in uvicorn's hands; whoever takes too much of anything is hung up on."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        among: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._among = among
        self._unanswered: deque[RequestResponseCycle] = deque()
        self._awaited: Awaited | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._unparsed = bytearray()
        self._spent = 0
        self._is_in_head = False
        self._is_over = False

    def drop(self) -> None:
        """Close it now, whatever is under way."""
        self._end()
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """The time for the first head begins."""
        super().connection_made(transport)
        self._look()

    def connection_lost(self, _exc: Exception | None) -> None:
        """Its place is free."""
        self._end()
        super().connection_lost(None)  # with an error, uvicorn's timer would keep this in memory

    def data_received(self, data: bytes) -> None:
        """Parse no further than to the next request that is to be answered."""
        self._unparsed += data
        self._parse()

    def on_response_complete(self) -> None:
        """Parse on."""
        self._unanswered.popleft()
        super().on_response_complete()
        self._parse()

    def pause_writing(self) -> None:
        """The client doesn't read: it has so long to begin."""
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        self._look()

    def shutdown(self) -> None:
        """The process stops: close it when the request under way, if there is one, is answered."""
        super().shutdown()
        if self._deadline is not None:
            self._wait(_STOPPING_SECONDS)

    def on_message_begin(self) -> None:
        """The first byte of a request."""
        super().on_message_begin()
        self._is_in_head = True

    def on_header(self, name: bytes, value: bytes) -> None:
        """A whole header.

        Raises:
            HeaderError: it isn't wanted. The parser makes an error of its own of it.
        """
        if not self._is_in_head or len(self.headers) >= MAX_HEADERS:
            raise HeaderError
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The end of a head."""
        self._is_in_head, self._spent = False, 0
        super().on_headers_complete()
        self._unanswered.append(self.cycle)

    def on_body(self, body: bytes) -> None:
        """Some of a body."""
        self._spent = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The end of a request."""
        self._spent = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what can't be parsed; the answer, if there is one already, is the last word."""
        if self._unanswered and self._unanswered[0].response_started:
            self.transport.close()
        else:
            super().send_400_response(msg)

    def _parse(self) -> None:
        while self._unparsed and not self._is_answering and not self.transport.is_closing():
            size = min(_PIECE, HEAD_LIMIT - self._spent)
            piece = bytes(self._unparsed[:size])
            del self._unparsed[:size]
            self._spent += len(piece)
            super().data_received(piece)
            if self._spent == HEAD_LIMIT and not self.transport.is_closing():
                self.send_400_response("Too large.")
        if self._unparsed:
            self.flow.pause_reading()
        self._look()

    @property
    def _is_answering(self) -> bool:
        """Whether the client has sent a whole request and waits."""
        return bool(self._unanswered) and not self._unanswered[-1].more_body

    def _awaits(self) -> Awaited:
        if self.flow.write_paused or self.transport.is_closing():
            return Awaited.READER
        if self._is_answering:
            return Awaited.PIPELINED if self._unparsed else Awaited.ANSWER
        if self._unanswered:
            return Awaited.BODY
        is_head = self._awaited is None or self._is_in_head or self._spent
        return Awaited.HEAD if is_head else Awaited.NEXT

    def _look(self) -> None:
        """The time for something begins with the wait for it, not anew with each byte of it."""
        awaited = self._awaits()
        if awaited is self._awaited or self._is_over:
            return
        self._stop_waiting()
        self._awaited = awaited
        if awaited in _IN_TIME:
            self._wait(self._among.seconds)
        self._among.track(self, awaited)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._deadline = self.loop.call_later(seconds, self.drop)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _end(self) -> None:
        self._is_over = True
        self._stop_waiting()
        self._among.untrack(self)
        for request in self._unanswered:  # uvicorn tells the latest alone, and not before the end
            request.disconnected = True
