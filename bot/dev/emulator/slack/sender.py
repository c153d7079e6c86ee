"""Sends requests to the app as Slack does: signs and posts them, and records the ack and its time.

Facts: docs.slack.dev: interactivity/handling-user-interaction, apis/events-api.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

import httpx
from pydantic import JsonValue

from bot.dev.emulator.slack.interactions import RecordedInteraction
from bot.dev.emulator.slack.payloads import FORM_TYPE, InteractionContext, sign
from bot.dev.emulator.slack.response_urls import ResponseUrls

# docs.slack.dev: interactivity/implementing-slash-commands: 3000 ms, or operation_timeout
ACK_SECONDS: Final = 3.0


class RequestSender(ResponseUrls):
    """A workspace that can send requests to the app.

    Attributes, besides those of `ResponseUrls`:
        own_url: where `app` is served, without a trailing slash; set it once it is known.
        bot_url: the bot's request URL, including the path.
        fields: override the fields of every payload.
        left_out: the fields missing from every payload.
    """

    fields: Mapping[str, JsonValue]
    left_out: AbstractSet[str]

    def __init__(  # noqa: PLR0913 - one argument per setting of the workspace
        self,
        *,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        bot_url: str,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        team_id: str = "T0ACME",
        enterprise_id: str | None = None,
        is_enterprise_install: bool = False,
        own_url: str = "http://127.0.0.1",
    ) -> None:
        """Open the workspace.

        Args:
            signing_secret: signs every request to the bot.
            bot_token: the one bearer token that the Web API accepts.
            app_token: kept for a Socket Mode server; not used here.
            bot_url: the bot's request URL, such as `http://127.0.0.1:3000/slack/events`.
            http: sends requests to the bot.
            clock: the current time, epoch seconds; used for signatures, the age of response URLs
                and trigger IDs, and the ack's duration.
            sleep: waits that many seconds, for the delays of `fail_next` and `fail_next_api`.
            team_id: the workspace.
            enterprise_id: the organization it belongs to (Enterprise Grid), if any.
            is_enterprise_install: whether the app is installed in the whole organization.
            own_url: where `app` is served.
        """
        super().__init__(
            bot_token=bot_token,
            clock=clock,
            sleep=sleep,
            team_id=team_id,
            enterprise_id=enterprise_id,
            is_enterprise_install=is_enterprise_install,
        )
        self.app_token = app_token
        self.bot_url = bot_url
        self.fields = {}
        self.left_out = frozenset()
        self.own_url = own_url
        self._secret = signing_secret
        self._http = http

    async def redeliver(self, interaction: RecordedInteraction) -> RecordedInteraction:
        """Send an earlier request again, byte for byte, including its signature.

        Returns the result of this delivery: it has a separate ack, but the same response URL,
        trigger ID, posts and messages. The ack's content is ignored: the user has already seen the
        first one's.
        """
        again = replace(interaction, ack_status=0, ack_body="", ack_seconds=0.0, failed=None)
        await self._post(again)
        return again

    def _begin(
        self,
        user_id: str,
        team_id: str | None,
        channel_id: str = "",
        *,
        view_id: str | None = None,
        opens_modals: bool = True,
    ) -> tuple[RecordedInteraction, InteractionContext]:
        """Start an interaction, with a response URL if it is in a channel.

        It has a trigger ID if it can open a modal. `view_id` is the modal or Home tab in which the
        user interacted.
        """
        number = self.number()
        token = hashlib.sha256(f"{self._secret}:{number}".encode()).hexdigest()[:24]
        url = f"{self.own_url}/response/{token}" if channel_id else ""
        interaction = RecordedInteraction(token, url, self.clock(), channel_id, self.screen)
        self.admit(interaction)
        team = self.team_id if team_id is None else team_id
        if opens_modals:
            interaction.trigger_id = f"{number}.{int(interaction.started_at)}.{token}"
            self.triggers.issue(interaction.trigger_id, user_id, team, view_id)
        context = InteractionContext(
            user_id,
            team,
            channel_id,
            url,
            interaction.trigger_id,
            self.new_ts(),
            app_team_id=self.team_id,
            enterprise_id=self.enterprise_id,
            is_enterprise_install=self.is_enterprise_install,
            fields=self.fields,
            left_out=self.left_out,
        )
        return interaction, context

    async def _send(
        self, interaction: RecordedInteraction, body: str, content_type: str = FORM_TYPE
    ) -> None:
        """Sign a body and post it to the bot."""
        signed = sign(body.encode(), int(self.clock()), self._secret)
        interaction.request_body = body
        interaction.request_headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0",
            **signed,
        }
        await self._post(interaction)

    async def _post(self, interaction: RecordedInteraction) -> None:
        """Post the interaction's request; record the bot's response and how long it took."""
        began = self.clock()
        try:
            response = await self._http.post(
                self.bot_url,
                content=interaction.request_body.encode(),
                headers=dict(interaction.request_headers),
                timeout=ACK_SECONDS,
                follow_redirects=False,
            )
        except httpx.TimeoutException:
            interaction.failed = "operation_timeout: no answer within 3 seconds"
        except httpx.TransportError as error:
            interaction.failed = f"dispatch_failed: {type(error).__name__}"
        else:
            interaction.ack_status, interaction.ack_body = response.status_code, response.text
        interaction.ack_seconds = self.clock() - began
        if interaction.failed is None and interaction.ack_status != httpx.codes.OK:
            interaction.failed = f"dispatch_failed: the app answered {interaction.ack_status}"
        elif interaction.failed is None and interaction.ack_seconds > ACK_SECONDS:
            interaction.failed = f"operation_timeout: the ack took {interaction.ack_seconds:.3f} s"
        self.changes.bump()
