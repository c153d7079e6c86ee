"""Sends requests to the app as Slack does: signs and posts them, and records the ack and its time.

Facts: docs.slack.dev: interactivity/handling-user-interaction, apis/events-api.
"""

import hashlib
from dataclasses import asdict, replace
from typing import Final

import httpx
from pydantic import JsonValue

from bot.dev.emulator.slack.conversations import Choice
from bot.dev.emulator.slack.installation import Installation
from bot.dev.emulator.slack.interactions import RecordedInteraction
from bot.dev.emulator.slack.payloads import FORM_TYPE, sign
from bot.dev.emulator.slack.view import OpenView

# docs.slack.dev: interactivity/implementing-slash-commands: 3000 ms, or operation_timeout
ACK_SECONDS: Final = 3.0


class RequestSender:
    def __init__(self, installation: Installation, http: httpx.AsyncClient) -> None:
        self._installation = installation
        self._http = http

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
        slack = self._installation
        number = slack.number()
        token = hashlib.sha256(f"{slack.signing_secret}:{number}".encode()).hexdigest()[:24]
        now = slack.clock()
        trigger_id = f"{number}.{int(now)}.{token}" if opens_modals else ""
        subjects = {trigger_id} - {""}
        if view is not None:
            subjects |= {view.id, user_id} if view.type == "home" else {view.id}
        interaction = RecordedInteraction(
            user_id,
            slack.team_id if team_id is None else team_id,
            channel_id,
            self._response_url(token) if channel_id else "",
            trigger_id,
            slack.new_ts(),
            app_team_id=slack.team_id,
            enterprise_id=slack.enterprise_id,
            is_enterprise_install=slack.is_enterprise_install,
            fields=slack.fields,
            left_out=slack.left_out,
            token=token,
            started_at=now,
            message_store=slack.messages,
            view_id=None if view is None else view.id,
            subjects=subjects,
        )
        slack.by_token[token] = interaction
        return interaction

    def issue_response_url(
        self, interaction: RecordedInteraction, choice: Choice
    ) -> dict[str, JsonValue]:
        """Give a submission the response URL for a conversation; returns it as Slack sends it."""
        interaction.response_url = self._response_url(interaction.token)
        interaction.channel_id = choice.channel_id
        return {**asdict(choice), "response_url": interaction.response_url}

    def _response_url(self, token: str) -> str:
        return f"{self._installation.own_url}/response/{token}"

    async def send(
        self, interaction: RecordedInteraction, body: str, content_type: str = FORM_TYPE
    ) -> RecordedInteraction:
        """Send a request; returns once the bot has acknowledged it, or failed to."""
        signed = sign(
            body.encode(), int(self._installation.clock()), self._installation.signing_secret
        )
        interaction.request_body = body
        interaction.request_headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0",
            **signed,
        }
        return await self._post(interaction)

    async def _post(self, interaction: RecordedInteraction) -> RecordedInteraction:
        """Post the interaction's request; record the bot's response and how long it took."""
        began = self._installation.clock()
        try:
            response = await self._http.post(
                self._installation.bot_url,
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
        interaction.ack_seconds = self._installation.clock() - began
        if interaction.failed is None and interaction.ack_status != httpx.codes.OK:
            interaction.failed = f"dispatch_failed: the app responded with {interaction.ack_status}"
        elif interaction.failed is None and interaction.ack_seconds > ACK_SECONDS:
            interaction.failed = f"operation_timeout: the ack took {interaction.ack_seconds:.3f} s"
        self._installation.changes.bump()
        return interaction
