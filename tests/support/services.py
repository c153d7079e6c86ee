"""A runner for services, and a Slack that records what it receives."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Final

import httpx
from pydantic import JsonValue

from bot.access import Access, Actor
from bot.cli.terminal import render
from bot.runtime.clock import utc_now
from bot.runtime.http_client import Client
from bot.runtime.tasks import BackgroundTasks
from bot.services.dedup import Deduplicator
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import Responder
from bot.slack.response_url import ResponseUrlClient
from bot.slack.views import ViewRef, Views
from bot.ui.block_kit import View
from bot.voicelogs.masking import Masking

API: Final = httpx.URL("https://slack.com/api/")
URL: Final = "https://hooks.slack.com/actions/T0123ABCD/1234/urlcanary"
USER: Final = Actor("U0ANNA", "T0ACME", "C0SUPPORT")
COMMAND: Final = Interaction(USER, "k7m2", URL)
CLICK: Final = replace(COMMAND, message_ts="1.2", trigger_id="1.2.3")
NO_RESPONSE: Final = 0
"""Instead of a status: the message is delivered, but the response is lost."""


class RecordingViews(Views):
    """Records the views, unless it has an error to raise."""

    def __init__(self) -> None:
        unused = Client(httpx.MockTransport(lambda _request: httpx.Response(404)))
        super().__init__(unused, "xoxb-unused", api=API, semaphore=nullcontext())
        self.shown: list[tuple[str, str]] = []
        """The method with its trigger_id or view ID, and the view as a terminal shows it."""
        self.hashes: list[str | None] = []
        self.error: SlackError | None = None
        self.is_full = False

    async def open(self, trigger_id: str, view: View) -> ViewRef:
        return self._show(f"open {trigger_id}", view)

    async def push(self, trigger_id: str, view: View) -> ViewRef:
        if self.is_full:
            raise SlackError("push_limit_reached")
        return self._show(f"push {trigger_id}", view)

    async def update(self, modal: ViewRef, view: View) -> ViewRef:
        self.hashes.append(modal.hash)
        return self._show(f"update {modal.view_id}", view)

    def _show(self, call: str, view: View) -> ViewRef:
        if self.error is not None:
            raise self.error
        self.shown.append((call, render(view["blocks"])))
        return ViewRef("V2")


class ServiceHarness:
    """A runner, and everything that it delivers.

    Args:
        access: everyone has access by default.
        limit: of concurrent tasks.
        statuses: of the responses to the first posts.
        status: of the responses to all later ones.
    """

    def __init__(
        self,
        *,
        access: Access | None = None,
        limit: int = 2000,
        statuses: Sequence[int] = (),
        status: int = 200,
    ) -> None:
        self.access = access or Access()
        self.tasks = BackgroundTasks(limit=limit)
        self.dedup = Deduplicator()
        self.views = RecordingViews()
        self.statuses, self.status = [*statuses], status
        self.attempts = list[dict[str, JsonValue]]()
        self.posted = list[dict[str, JsonValue]]()
        """The accepted messages."""
        self.times: list[float] = []
        """When each message was accepted, on the loop's clock."""
        self.response_urls = ResponseUrlClient(
            Client(httpx.MockTransport(self._accept)),
            api=API,
            semaphore=asyncio.Semaphore(100),
        )
        self.runner = Runner(
            access=self.access, tasks=self.tasks, dedup=self.dedup, new_responder=self.responder
        )
        self.presenter = CardPresenter(Masking.SHARED, names_projects=False, now=utc_now)

    def responder(self, interaction: Interaction) -> Responder:
        return Responder(
            interaction, response_urls=self.response_urls, views=self.views, access=self.access
        )

    async def _accept(self, request: httpx.Request) -> httpx.Response:
        payload = json.loads(request.content)
        self.attempts.append(payload)
        status = self.statuses.pop(0) if self.statuses else self.status
        if status == NO_RESPONSE:
            raise httpx.ReadError("lost")
        if status == 200:
            self.posted.append(payload)
            self.times.append(asyncio.get_running_loop().time())
        return httpx.Response(status)

    @property
    def titles(self) -> list[str]:
        """The first line of each message that was accepted."""
        return [str(payload["text"]).splitlines()[0] for payload in self.posted]
