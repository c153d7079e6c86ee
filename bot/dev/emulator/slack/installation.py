"""The state that all parts of the emulated Slack share, and the requests to the app.

Slack signs and posts each request, and records the ack and its time.

Facts: docs.slack.dev: interactivity/handling-user-interaction, apis/events-api.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

import httpx
from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.interactions import AppRequest, MessageStore, RecordedInteraction
from bot.dev.emulator.slack.payloads import FORM_TYPE, sign
from bot.dev.emulator.slack.views import OpenView, Views

# docs.slack.dev: interactivity/implementing-slash-commands: 3000 ms, or operation_timeout
ACK_SECONDS: Final = 3.0


@dataclass(frozen=True)
class FailNext:
    """How the next post to a response URL, or the next call of a views.* method, fails.

    The request is not validated and does not count as a use. With status 0 it is only delayed.
    """

    status: int
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(kw_only=True)
class Installation:
    """The app's installation in a workspace, and what its users see.

    Every attribute may be changed between requests.
    """

    signing_secret: str
    bot_token: str
    bot_url: str
    """The bot's request URL, such as `http://127.0.0.1:3000/slack/events`."""
    http: httpx.AsyncClient
    """Sends requests to the bot."""
    own_url: str = "http://127.0.0.1"
    """Where the emulator is served, without a trailing slash."""
    clock: Callable[[], float] = time.time
    """The current time, epoch seconds."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    """Waits for the delays of `fail_next` and `fail_next_api`."""
    team_id: str = "T0ACME"
    enterprise_id: str | None = None
    """The organization that the workspace belongs to (Enterprise Grid), if any."""
    is_enterprise_install: bool = False
    """Whether the app is installed in the whole organization."""
    fields: Mapping[str, JsonValue] = field(default_factory=dict)
    """Override the fields of every payload, to imitate Slack's irregularities."""
    left_out: AbstractSet[str] = frozenset()
    """The fields missing from every payload."""
    fail_next: list[FailNext] = field(default_factory=list)
    """How the next posts to a response URL fail; each post removes one."""
    fail_next_api: list[FailNext] = field(default_factory=list)
    """How the next calls of views.* methods fail; each call removes one."""
    changes: ChangeCounter = field(default_factory=ChangeCounter)
    requested_methods: list[str] = field(default_factory=list)
    """The Web API's methods that the app requested, in order."""
    view_requests: list[AppRequest] = field(default_factory=list)
    """The requests of views.* methods, in full."""
    _count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.by_token: dict[str, RecordedInteraction] = {}
        self.messages = MessageStore(self.changes)
        self.views = Views(self.clock, self.number, self.changes)

    @property
    def interactions(self) -> list[RecordedInteraction]:
        """All interactions, oldest first."""
        return [*self.by_token.values()]

    def number(self) -> int:
        """Return a number that is unique in this workspace."""
        self._count += 1
        return self._count

    def new_ts(self) -> str:
        return f"{int(self.clock())}.{self.number():06d}"

    async def failure(self, planned: list[FailNext]) -> FailNext | None:
        """Remove the next failure from the list and wait for its delay; None if none applies."""
        if not planned:
            return None
        fail = planned.pop(0)
        await self.sleep(fail.delay)
        return fail if fail.status else None

    # --- Requests to the app ------------------------------------------------------------------

    async def redeliver(self, interaction: RecordedInteraction) -> RecordedInteraction:
        """Send an earlier request again, byte for byte, including its signature.

        Returns the result of this delivery: it has a separate ack, but the same response URL,
        trigger ID, posts and messages. The ack's content is ignored: the user has already seen the
        first one's.
        """
        again = replace(interaction, ack_status=0, ack_body="", ack_seconds=0.0, failed=None)
        return await self._post(again)

    def begin(
        self,
        user_id: str,
        team_id: str | None,
        channel_id: str = "",
        *,
        view: OpenView | None = None,
        opens_modals: bool = True,
    ) -> RecordedInteraction:
        """Start an interaction, with a response URL if it is in a channel.

        It has a trigger ID if it can open a modal. `view` is the modal or Home tab in which the
        user interacted.
        """
        number = self.number()
        token = hashlib.sha256(f"{self.signing_secret}:{number}".encode()).hexdigest()[:24]
        now = self.clock()
        trigger_id = f"{number}.{int(now)}.{token}" if opens_modals else ""
        subjects = {trigger_id} - {""}
        if view is not None:
            subjects |= {view.id, user_id} if view.type == "home" else {view.id}
        interaction = RecordedInteraction(
            user_id,
            self.team_id if team_id is None else team_id,
            channel_id,
            self.response_url(token) if channel_id else "",
            trigger_id,
            self.new_ts(),
            app_team_id=self.team_id,
            enterprise_id=self.enterprise_id,
            is_enterprise_install=self.is_enterprise_install,
            fields=self.fields,
            left_out=self.left_out,
            token=token,
            started_at=now,
            message_store=self.messages,
            view_id=None if view is None else view.id,
            subjects=subjects,
        )
        self.by_token[token] = interaction
        return interaction

    def response_url(self, token: str) -> str:
        return f"{self.own_url}/response/{token}"

    async def send(
        self, interaction: RecordedInteraction, body: str, content_type: str = FORM_TYPE
    ) -> RecordedInteraction:
        """Send a request; returns once the bot has acknowledged it, or failed to."""
        signed = sign(body.encode(), int(self.clock()), self.signing_secret)
        interaction.request_body = body
        interaction.request_headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0",
            **signed,
        }
        return await self._post(interaction)

    async def _post(self, interaction: RecordedInteraction) -> RecordedInteraction:
        """Post the interaction's request; record the bot's response and how long it took."""
        began = self.clock()
        try:
            response = await self.http.post(
                self.bot_url,
                content=interaction.request_body.encode(),
                headers=dict(interaction.request_headers),
                timeout=ACK_SECONDS,
                follow_redirects=False,
            )
        except httpx.TimeoutException:
            interaction.failed = "operation_timeout: no response within 3 seconds"
        except httpx.TransportError as error:
            interaction.failed = f"dispatch_failed: {type(error).__name__}"
        else:
            interaction.ack_status, interaction.ack_body = response.status_code, response.text
        interaction.ack_seconds = self.clock() - began
        if interaction.failed is None and interaction.ack_status != httpx.codes.OK:
            interaction.failed = f"dispatch_failed: the app responded with {interaction.ack_status}"
        elif interaction.failed is None and interaction.ack_seconds > ACK_SECONDS:
            interaction.failed = f"operation_timeout: the ack took {interaction.ack_seconds:.3f} s"
        self.changes.bump()
        return interaction
