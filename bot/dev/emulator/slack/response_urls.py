"""Slack's receiving side: response URLs, in addition to the Web API.

Facts: docs.slack.dev: interactivity/handling-user-interaction, messaging/modifying-messages.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.dev.emulator.slack.block_kit import problems
from bot.dev.emulator.slack.interactions import (
    LIFETIME_SECONDS,
    MAX_POSTS,
    MessageStore,
    PostedMessage,
    RecordedInteraction,
    ResponseUrlPost,
)
from bot.dev.emulator.slack.trigger_ids import KEPT
from bot.dev.emulator.slack.web_api import FailNext, WebApi, json_or_text


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
    """Whether the payload has nothing to show."""
    return not (payload.get("text") or payload.get("blocks") or payload.get("attachments"))


def refusal_of(payload: Mapping[str, JsonValue]) -> Rejection | None:
    """Why Slack would reject this message payload, or None."""
    found = problems(payload)
    if found:
        in_blocks = any(line.startswith("/blocks") for line in found)
        return _errors("invalid_blocks" if in_blocks else "invalid_arguments", found)
    if is_empty(payload) and payload.get("delete_original") is not True:
        return _errors("no_text", [])
    return None


class ResponseUrls(WebApi):
    """The response URLs of a workspace.

    Attributes, besides those of the Web API:
        app: the ASGI application: the Web API under `/api/`, and the response URLs.
        fail_next: how the next posts to a response URL fail; each post removes one.
        screen: every message that is currently visible.
    """

    def __init__(
        self,
        *,
        bot_token: str,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        team_id: str,
        enterprise_id: str | None,
        is_enterprise_install: bool,
    ) -> None:
        """Start without messages; the arguments are those of `RequestSender`."""
        super().__init__(
            bot_token=bot_token,
            clock=clock,
            sleep=sleep,
            team_id=team_id,
            enterprise_id=enterprise_id,
            is_enterprise_install=is_enterprise_install,
        )
        self._interactions: dict[str, RecordedInteraction] = {}
        self.fail_next: list[FailNext] = []
        self.screen = MessageStore(self.changes)
        self.app = Starlette(
            routes=[
                Route("/api/{method}", self.handle_api_request, methods=["POST"]),
                Route("/response/{token}", self._response_url, methods=["POST"]),
            ]
        )

    @property
    def exchanges(self) -> list[RecordedInteraction]:
        """The last thousand interactions, oldest first."""
        return [*self._interactions.values()]

    def admit(self, interaction: RecordedInteraction) -> None:
        """Open an interaction's response URL; beyond a thousand interactions, drop the oldest."""
        self._interactions[interaction.token] = interaction
        if len(self._interactions) > KEPT:
            oldest = next(iter(self._interactions))
            self.screen.forget(oldest)
            del self._interactions[oldest]

    def message(
        self, interaction: RecordedInteraction, payload: Mapping[str, JsonValue]
    ) -> PostedMessage:
        """Create a message of this interaction, dated now and not yet visible."""
        thread_ts = payload.get("thread_ts")
        return PostedMessage(
            self.new_ts(),
            interaction.channel_id,
            # docs.slack.dev: handling-user-interaction: ephemeral by default
            str(payload.get("response_type", "ephemeral")),
            payload,
            thread_ts if isinstance(thread_ts, str) else None,
        )

    def new_ts(self) -> str:
        """Return a unique message timestamp."""
        return f"{int(self.clock())}.{self.number():06d}"

    async def _response_url(self, request: Request) -> Response:
        interaction = self._interactions.get(str(request.path_params["token"]))
        body = (await request.body()).decode(errors="replace")
        if interaction is None or not interaction.response_url:
            return PlainTextResponse("no_service", 404)
        fail = await self.failure(self.fail_next)
        if fail is not None:
            await self._record(
                interaction, ResponseUrlPost(self.clock(), body, fail.status, fail.body)
            )
            return PlainTextResponse(fail.body, fail.status, fail.headers)
        result = self._accept(interaction, body, request.headers.get("content-type", ""))
        if isinstance(result, Rejection):
            await self._record(
                interaction, ResponseUrlPost(self.clock(), body, result.status, result.answer)
            )
            return json_or_text(result.answer, result.status)
        await self._record(interaction, ResponseUrlPost(self.clock(), body, 200, "ok", result))
        return PlainTextResponse("ok")

    async def _record(self, interaction: RecordedInteraction, post: ResponseUrlPost) -> None:
        await interaction.record(post)
        self.changes.bump()

    def _accept(
        self, interaction: RecordedInteraction, body: str, content_type: str
    ) -> PostedMessage | Rejection | None:
        if self.clock() - interaction.started_at > LIFETIME_SECONDS:
            return Rejection(404, "expired_url")
        if interaction.uses >= MAX_POSTS:
            return Rejection(404, "used_url")
        # Slack does not document whether a rejected post counts as a use; assume that it does.
        interaction.response_url_log.uses += 1
        try:
            payload: JsonValue = json.loads(body)
        except ValueError:
            return Rejection(400, "invalid_payload")
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
            self.screen.remove(original)
            original = None
        if is_empty(payload):
            return None
        # Developers found that a response to a click replaces the clicked message by default
        # (github.com/howdyai/botkit issue 444).
        replaces = payload.get("replace_original", original is not None)
        message = self.message(interaction, payload)
        instead_of = original if replaces is True else None
        return self.screen.show(message, interaction.token, instead_of=instead_of)
