"""Reads the bodies of unverified requests within limits of size, time and total memory."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from starlette.requests import ClientDisconnect, Request

BODY_SECONDS: Final = 5.0
"""Time limit for a whole body. Slack sends it in one piece with its head."""
UNVERIFIED_LIMIT: Final = 16 * 1024 * 1024
"""Total bytes of all bodies being read."""

_LENGTH: Final = re.compile(r"[0-9]{1,18}")


@dataclass(eq=False)
class RequestRejectedError(Exception):
    """The request is rejected with `status` before it reaches Bolt; `reason` is for logs."""

    status: int
    reason: str


@dataclass(eq=False)
class _Body:
    deadline: asyncio.Timeout
    data: bytearray = field(default_factory=bytearray)


class UnverifiedBodies:
    """The unverified bodies being read, with a limit on their total size.

    Beyond the limit, the oldest body is evicted. So slow senders can't keep out Slack's requests,
    whose bodies arrive in one piece.
    """

    def __init__(self, limit: int = UNVERIFIED_LIMIT) -> None:
        self._limit = limit
        self._open_bodies: dict[_Body, None] = {}  # oldest first
        self._total_bytes = 0

    async def read(self, request: Request, limit_for: Callable[[bytearray], int]) -> bytes:
        """Read the whole body of a request.

        `limit_for` returns the size limit in bytes for a body that begins with the given bytes. It
        is less than the limit on the total.

        Raises:
            RequestRejectedError: the body or its declared length exceeds the limit, it arrives too
                slowly, the client disconnects, or the body is evicted.
        """
        length = request.headers.get("content-length", "")
        declared = int(length) if _LENGTH.fullmatch(length) else 0
        body = _Body(asyncio.timeout(BODY_SECONDS))
        self._open_bodies[body] = None
        try:
            async with body.deadline:
                _check_length(declared, limit_for(body.data))
                async for chunk in request.stream():
                    self._add(body, chunk)
                    _check_length(max(declared, len(body.data)), limit_for(body.data))
                return bytes(body.data)
        except TimeoutError as error:
            too_slow = RequestRejectedError(408, "body too slow")
            raise (too_slow if body in self._open_bodies else _evicted()) from error
        except ClientDisconnect as error:
            raise RequestRejectedError(400, "disconnected") from error
        finally:
            self._open_bodies.pop(body, None)
            self._release(body)

    def _add(self, body: _Body, chunk: bytes) -> None:
        body.data += chunk
        self._total_bytes += len(chunk)
        while self._total_bytes > self._limit:
            self._evict(next(iter(self._open_bodies)))
        if body not in self._open_bodies:  # evicted; the rescheduled deadline hasn't fired yet
            raise _evicted()

    def _evict(self, body: _Body) -> None:
        del self._open_bodies[body]
        self._release(body)
        if not body.deadline.expired():
            body.deadline.reschedule(0)  # now

    def _release(self, body: _Body) -> None:
        self._total_bytes -= len(body.data)
        body.data.clear()  # a traceback may keep the body alive for a while


def _check_length(length: int, limit: int) -> None:
    if length > limit:
        raise RequestRejectedError(413, "too large")


def _evicted() -> RequestRejectedError:
    return RequestRejectedError(503, "too many unverified bytes")
