"""Reads the bodies of requests of which nobody knows yet who sent them, and holds few of them."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import ClientDisconnect, Request

BODY_SECONDS: Final = 5.0
"""For the whole of a body. Slack sends it in one piece with its head."""
UNVERIFIED_LIMIT: Final = 16 * 1024 * 1024
"""Bytes, of all the bodies that are under way together."""

_LENGTH: Final = re.compile(r"[0-9]{1,18}")


class RequestRejectedError(Exception):
    """A request that doesn't reach Bolt."""

    def __init__(self, status: int, reason: str) -> None:
        self.status: Final = status
        self.reason: Final = reason
        super().__init__(reason)


@dataclass(eq=False)
class _Body:
    deadline: asyncio.Timeout
    held: bytearray = field(default_factory=bytearray)
    gave_way: bool = False


class UnverifiedBodies:
    """Those under way, which together hold no more than a limit.

    When they would hold more, the one that began first gives way: whoever sends slowly in order to
    keep the room makes room for what Slack sends at once.
    """

    def __init__(self, limit: int = UNVERIFIED_LIMIT) -> None:
        self._limit = limit
        self._under_way: dict[_Body, None] = {}  # the oldest first
        self._held = 0

    async def read(self, request: Request, longest: Callable[[bytearray], int]) -> bytes:
        """The whole body.

        Args:
            request: whose body.
            longest: how many bytes a body that begins like this may have; fewer than all bodies
                together.

        Raises:
            RefusedError: it is too long, says that it will be, comes too slowly, breaks off, or
                gave way to others.
        """
        length = request.headers.get("content-length", "")
        declared = int(length) if _LENGTH.fullmatch(length) else 0
        body = _Body(asyncio.timeout(BODY_SECONDS))
        self._under_way[body] = None
        try:
            async with body.deadline:
                _check(declared, longest(body.held))
                async for chunk in request.stream():
                    self._add(body, chunk)
                    _check(max(declared, len(body.held)), longest(body.held))
                return bytes(body.held)
        except TimeoutError as error:
            raise (
                _evicted() if body.gave_way else RequestRejectedError(408, "body too slow")
            ) from error
        except ClientDisconnect as error:
            raise RequestRejectedError(400, "disconnected") from error
        finally:
            self._under_way.pop(body, None)
            self._release(body)

    def _add(self, body: _Body, chunk: bytes) -> None:
        body.held += chunk
        self._held += len(chunk)
        while self._held > self._limit:
            self._drop(next(iter(self._under_way)))
        if body.gave_way:  # its deadline hasn't told it yet
            raise _evicted()

    def _drop(self, body: _Body) -> None:
        del self._under_way[body]
        self._release(body)
        body.gave_way = True
        if not body.deadline.expired():
            body.deadline.reschedule(asyncio.get_running_loop().time())

    def _release(self, body: _Body) -> None:
        self._held -= len(body.held)
        body.held.clear()  # an exception's traceback may keep the body itself for a while


def _check(length: int, longest: int) -> None:
    if length > longest:
        raise RequestRejectedError(413, "too large")


def _evicted() -> RequestRejectedError:
    return RequestRejectedError(503, "too many unverified bytes")
