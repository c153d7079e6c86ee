"""Clients of SignalWire over transports that tests control."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import httpx
import pytest

from bot.dev.emulator.signalwire.fixtures import Body, LogFixture
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.runtime.http_client import AsyncBaseTransport, Client, new_transport
from bot.signalwire.client import DEFAULT_RETRY, RetryPolicy, SignalWireClient
from bot.signalwire.errors import SignalWireError
from bot.signalwire.models import VoiceLog
from bot.signalwire.project import Project
from tests.support.texts import ID

NOW: Final = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
"""The current time of all clients and emulators here."""

LOG: Final = b'{"id":"%s","charge":0.01}' % str(ID).encode()
Handler = Callable[[httpx.Request], Awaitable[httpx.Response | None]]
"""Returns a response, or None for that of the emulated SignalWire."""


def new_project(name: str = "acme", space: str = "acme", project_id: str = "project") -> Project:
    return Project.model_validate(
        {"name": name, "space": space, "project_id": project_id, "api_token": "PTtoken"}
    )


def client_over(
    transport: AsyncBaseTransport | None,
    project: Project | None = None,
    *,
    semaphore: asyncio.Semaphore | None = None,
    retry_policy: RetryPolicy = DEFAULT_RETRY,
) -> SignalWireClient:
    return SignalWireClient(
        project or new_project(),
        Client(transport or new_transport()),
        semaphore=semaphore or asyncio.Semaphore(100),
        now=lambda: NOW,
        retry_policy=retry_policy,
    )


class ScriptedApi:
    """Returns or raises the responses in order, repeats the last one, and records the requests."""

    def __init__(
        self, *responses: httpx.Response | Exception | Callable[[], httpx.Response]
    ) -> None:
        self.responses = list(responses)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        return response if isinstance(response, httpx.Response) else response()


class Chunks(httpx.AsyncByteStream):
    """A response body that counts the chunks that were read."""

    def __init__(self, chunks: Sequence[bytes]) -> None:
        self.chunks = chunks
        self.read = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            self.read += 1
            yield chunk


def respond_with(
    status: int = 200, body: bytes = LOG, headers: Mapping[str, str] | None = None
) -> Callable[[], httpx.Response]:
    """Return a function that creates such a response, which isn't decoded until it is read."""
    return lambda: httpx.Response(status, headers=headers, stream=Chunks([body]))


async def look_up(api: ScriptedApi) -> VoiceLog:
    return (await client_over(httpx.MockTransport(api)).get_voice_log(ID)).log


async def error_of(api: ScriptedApi) -> SignalWireError:
    """Return the error of a lookup that fails."""
    with pytest.raises(SignalWireError) as caught:
        await look_up(api)
    return caught.value


async def _no_sleep(_seconds: float) -> None:
    pytest.fail("no response is delayed")


def emulator(bodies: Sequence[Body] | None = None) -> SignalWireEmulator:
    """Create an emulator that has these logs, by default the whole catalog."""
    entries = None if bodies is None else [LogFixture(row) for row in bodies]
    return SignalWireEmulator(
        project_id="project",
        api_token="PTtoken",
        clock=lambda: NOW,
        sleep=_no_sleep,
        entries=entries,
    )


async def stall(_request: httpx.Request) -> httpx.Response:
    """Never respond."""
    await asyncio.Event().wait()
    raise AssertionError("unreachable")
