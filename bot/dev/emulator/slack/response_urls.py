"""Response URLs: what the app may post to them, and the messages that come of it.

Facts: docs.slack.dev: interactivity/handling-user-interaction, messaging/modifying-messages.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.dev.emulator.slack.block_kit import problems
from bot.dev.emulator.slack.installation import Installation
from bot.dev.emulator.slack.interactions import (
    LIFETIME_SECONDS,
    MAX_POSTS,
    InteractionLog,
    MessageStore,
    PostedMessage,
    RecordedInteraction,
    ResponseUrlPost,
)
from bot.dev.emulator.slack.payloads import json_or_none
from bot.dev.emulator.slack.web_api import json_or_text


@dataclass(frozen=True)
class Rejection:
    """The HTTP status and body of a rejected request."""

    status: int
    answer: str


def _errors(code: str, messages: list[str]) -> Rejection:
    body: dict[str, JsonValue] = {"ok": False, "error": code}
    if messages:
        body["response_metadata"] = {"messages": [*messages]}
    return Rejection(400, json.dumps(body))


def is_empty(payload: Mapping[str, JsonValue]) -> bool:
    return not (payload.get("text") or payload.get("blocks"))


def refusal_of(payload: Mapping[str, JsonValue]) -> Rejection | None:
    """Why Slack would reject this message payload, or None."""
    found = problems(payload)
    if found:
        in_blocks = any(line.startswith("/blocks") for line in found)
        return _errors("invalid_blocks" if in_blocks else "invalid_arguments", found)
    if is_empty(payload) and payload.get("delete_original") is not True:
        return _errors("no_text", [])
    return None


class ResponseUrls:
    """Receives what the app posts to its response URLs, and what it answers to a command."""

    def __init__(
        self, installation: Installation, interactions: InteractionLog, messages: MessageStore
    ) -> None:
        self._installation = installation
        self._interactions = interactions
        self._messages = messages

    def show_ack(self, interaction: RecordedInteraction) -> None:
        """A command's ack may contain a message: JSON, or plain text shown only to the user."""
        if interaction.failed is not None or not interaction.ack_body:
            return
        payload = json_or_none(interaction.ack_body)
        if not isinstance(payload, dict):
            payload = {"text": interaction.ack_body}
        if is_empty(payload):
            return
        refusal = refusal_of(payload)
        if refusal is not None:
            interaction.failed = f"invalid_command_response: {refusal.answer}"
            return
        self._messages.show(self._message(interaction, payload), interaction.token)

    def _message(
        self, interaction: RecordedInteraction, payload: Mapping[str, JsonValue]
    ) -> PostedMessage:
        thread_ts = payload.get("thread_ts")
        return PostedMessage(
            self._installation.new_ts(),
            interaction.channel_id,
            # docs.slack.dev: handling-user-interaction: ephemeral by default
            str(payload.get("response_type", "ephemeral")),
            payload,
            thread_ts if isinstance(thread_ts, str) else None,
        )

    async def handle(self, request: Request) -> Response:
        """Handle one post, as a Starlette endpoint with the path parameter `token`."""
        interaction = self._interactions.get(str(request.path_params["token"]))
        body = (await request.body()).decode(errors="replace")
        if interaction is None or not interaction.response_url:
            return PlainTextResponse("no_service", 404)
        fail = await self._installation.failure(self._installation.fail_next)
        now = self._installation.clock()
        if fail is not None:
            post = ResponseUrlPost(now, body, fail.status, fail.body)
            response: Response = PlainTextResponse(fail.body, fail.status, fail.headers)
        else:
            result = self._accept(interaction, body, request.headers.get("content-type", ""))
            if isinstance(result, Rejection):
                post = ResponseUrlPost(now, body, result.status, result.answer)
                response = json_or_text(result.answer, result.status)
            else:
                post = ResponseUrlPost(now, body, 200, "ok", result)
                response = PlainTextResponse("ok")
        await interaction.record(post)
        self._installation.changes.bump()
        return response

    def _accept(
        self, interaction: RecordedInteraction, body: str, content_type: str
    ) -> PostedMessage | Rejection | None:
        if self._installation.clock() - interaction.started_at > LIFETIME_SECONDS:
            return Rejection(404, "expired_url")
        if interaction.uses >= MAX_POSTS:
            return Rejection(404, "used_url")
        # Slack does not document whether a rejected post counts as a use; assume that it does.
        interaction.response_url_log.uses += 1
        payload = json_or_none(body)
        is_json = content_type.partition(";")[0].strip().lower() == "application/json"
        if not is_json or not isinstance(payload, dict):
            return Rejection(400, "invalid_payload")
        return refusal_of(payload) or self._apply(interaction, payload)

    def _apply(
        self, interaction: RecordedInteraction, payload: Mapping[str, JsonValue]
    ) -> PostedMessage | None:
        """Post, replace or delete a message; returns the posted message, if any.

        Only the clicked message can be replaced or deleted. Developers report that a command's
        response URL can't change what it posted before (github.com/slackapi/bolt-python issue 1268,
        bolt-js issue 2287). This is undocumented for message shortcuts; they are treated the same.
        """
        original = interaction.message_ts
        if payload.get("delete_original") is True:
            self._messages.remove(original)
            original = None
        if is_empty(payload):
            return None
        # Developers found that a response to a click replaces the clicked message by default
        # (github.com/howdyai/botkit issue 444).
        replaces = payload.get("replace_original", original is not None)
        message = self._message(interaction, payload)
        instead_of = original if replaces is True else None
        return self._messages.show(message, interaction.token, instead_of=instead_of)
