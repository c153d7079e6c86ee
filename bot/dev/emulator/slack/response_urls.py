"""Response URLs: what the app may post to them, and the messages that result.

Facts: docs.slack.dev: interactivity/handling-user-interaction, messaging/modifying-messages.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.dev.emulator.slack.block_kit import problems
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.installation import Installation
from bot.dev.emulator.slack.interactions import (
    LIFETIME_SECONDS,
    MAX_POSTS,
    AppRequest,
    PostedMessage,
    RecordedInteraction,
)
from bot.dev.emulator.slack.payloads import JSON_TYPE, json_or_none


def _is_empty(payload: Mapping[str, JsonValue]) -> bool:
    return not (payload.get("text") or payload.get("blocks"))


def _check(payload: Mapping[str, JsonValue]) -> None:
    """Raise RejectedError if Slack would reject this message."""
    found = problems(payload)
    if found:
        in_blocks = any(line.startswith("/blocks") for line in found)
        raise RejectedError("invalid_blocks" if in_blocks else "invalid_arguments", *found)
    if _is_empty(payload) and payload.get("delete_original") is not True:
        raise RejectedError("no_text")


class ResponseUrls:
    """Receives what the app posts to its response URLs, and its acknowledgments of commands."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._messages = installation.messages

    def show_ack(self, interaction: RecordedInteraction) -> None:
        """A command's ack may contain a message: JSON, or plain text shown only to the user."""
        if interaction.failed is not None or not interaction.ack_body:
            return
        payload = json_or_none(interaction.ack_body)
        if not isinstance(payload, dict):
            payload = {"text": interaction.ack_body}
        if _is_empty(payload):
            return
        try:
            _check(payload)
        except RejectedError as error:
            interaction.failed = f"invalid_command_response: {error}"
        else:
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
        interaction = self._installation.by_token.get(str(request.path_params["token"]))
        body = (await request.body()).decode(errors="replace")
        if interaction is None or not interaction.response_url:
            return PlainTextResponse("no_service", 404)
        fail = await self._installation.failure(self._installation.fail_next)
        if fail is None:
            post = self._accept(interaction, body, request.headers.get("content-type", ""))
        else:
            post = self._record(body, fail.status, fail.body)
        interaction.requests.append(post)
        self._installation.changes.bump()
        return post.http_response(fail.headers if fail else None)

    def _record(self, body: str, status: int, response: str) -> AppRequest:
        return AppRequest(self._installation.clock(), "response_url", body, status, response)

    def _accept(self, interaction: RecordedInteraction, body: str, content_type: str) -> AppRequest:
        if self._installation.clock() - interaction.started_at > LIFETIME_SECONDS:
            return self._record(body, 404, "expired_url")
        if interaction.uses >= MAX_POSTS:
            return self._record(body, 404, "used_url")
        # Slack does not document whether a rejected post counts as a use; assume that it does.
        use = partial(replace, self._record(body, 200, "ok"), is_use=True)
        payload = json_or_none(body)
        is_json = content_type.partition(";")[0].strip().lower() == JSON_TYPE
        if not is_json or not isinstance(payload, dict):
            return use(status=400, response="invalid_payload")
        try:
            _check(payload)
        except RejectedError as error:
            return use(status=400, response=json.dumps(error.response))
        return use(posted=self._apply(interaction, payload))

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
        if _is_empty(payload):
            return None
        # Developers found that a response to a click replaces the clicked message by default
        # (github.com/howdyai/botkit issue 444).
        replaces = payload.get("replace_original", original is not None)
        message = self._message(interaction, payload)
        instead_of = original if replaces is True else None
        return self._messages.show(message, interaction.token, instead_of=instead_of)
