"""A Slack whose responses are scripted."""

import json
from typing import Final

import httpx
from pydantic import JsonValue

from bot.runtime.http_client import Client
from tests.support.signalwire import stall

API: Final = httpx.URL("https://slack.com/api/")

Scripted = tuple[int, str] | tuple[int, str, dict[str, str]] | Exception
OK: Final[Scripted] = (200, "ok")
LOST: Final[Scripted] = httpx.ReadError("reset")


def error_body(error: object) -> str:
    return json.dumps({"ok": False, "error": error})


class ScriptedSlack:
    """Returns the responses in order, repeats the last one, and records the requests."""

    def __init__(self, *responses: Scripted) -> None:
        self.responses = list(responses)
        self.requests: list[httpx.Request] = []

    @property
    def http(self) -> Client:
        return Client(httpx.MockTransport(self._respond))

    @property
    def posted(self) -> list[dict[str, JsonValue]]:
        return [json.loads(request.content) for request in self.requests]

    def _respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        status, body, *headers = response
        return httpx.Response(status, text=body, headers=headers[0] if headers else None)


def never_responding() -> Client:
    return Client(httpx.MockTransport(stall))
