"""A loopback Slack: sends signed commands, shortcuts and clicks to a bot, and takes its answers.

It must not know what the bot does. What a payload looks like stands in `slack_payloads`, what comes
of an answer in `slack_receiving`.

Facts: docs.slack.dev: interactivity/implementing-slash-commands, handling-user-interaction.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import httpx
from pydantic import JsonValue

from bot.sandbox.slack_exchange import Exchange, Post, Posted
from bot.sandbox.slack_payloads import (
    BOT_ID,
    BOT_USER_ID,
    FORM_TYPE,
    Origin,
    action_on,
    click_form,
    command_form,
    shortcut_form,
    sign,
    with_block_ids,
)
from bot.sandbox.slack_receiving import FailNext, Receiving, is_empty, refusal_of

__all__ = ["Exchange", "FailNext", "Post", "Posted", "Slack", "sign"]

# docs.slack.dev: interactivity/implementing-slash-commands: 3000 ms, or operation_timeout
ACK_SECONDS: Final = 3.0


class Slack(Receiving):
    """A workspace in which the bot is installed, and the people in it.

    Attributes, besides those of its receiving side (`app`, `exchanges`, `api_calls`, `fail_next`):
        own_url: where `app` is served, without a slash at the end; set it once that is known.
        bot_url: the bot's request URL, path included.
    """

    def __init__(  # noqa: PLR0913 - the outside world has that many sides
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
        own_url: str = "http://127.0.0.1",
        replaces_own_posts: bool = True,
    ) -> None:
        """Open the workspace.

        Args:
            signing_secret: signs every request to the bot.
            bot_token: the one bearer token `auth.test` knows.
            app_token: kept for whoever serves Socket Mode; not used here.
            bot_url: the bot's request URL, such as `http://127.0.0.1:3000/slack/events`.
            http: sends to the bot.
            clock: the time now, epoch seconds; it dates signatures, ages response_urls and times
                the ack.
            sleep: waits that many seconds, for the delays of `fail_next`.
            team_id: the workspace.
            own_url: where `app` is served.
            replaces_own_posts: whether `replace_original` and `delete_original` act on what the
                same response_url posted last. Developers report that Slack posts a second message
                instead when the response_url is a slash command's (github.com/slackapi/bolt-js
                issue 2287, bolt-python issue 1268); False behaves as they saw it.
        """
        super().__init__(
            bot_token=bot_token,
            clock=clock,
            sleep=sleep,
            team_id=team_id,
            replaces_own_posts=replaces_own_posts,
        )
        self.app_token = app_token
        self.bot_url = bot_url
        self.own_url = own_url
        self._secret = signing_secret
        self._http = http

    async def command(
        self,
        text: str,
        *,
        command: str = "/voicelog",
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> Exchange:
        """Type a slash command; returns once the bot has acknowledged it, or failed to."""
        exchange, origin = self._begin(user_id, team_id, channel_id)
        await self._send(exchange, command_form(origin, command, text))
        self._show_ack(exchange)
        return exchange

    async def message_shortcut(
        self,
        message: Mapping[str, JsonValue],
        *,
        callback_id: str = "voicelog_lookup",
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> Exchange:
        """Use the message shortcut on `message` (`ts`, `text`, `blocks`, … as Slack stores it)."""
        exchange, origin = self._begin(user_id, team_id, channel_id)
        await self._send(exchange, shortcut_form(origin, callback_id, message))
        return exchange

    async def click(
        self,
        message: Posted,
        action_id: str,
        *,
        option: int = 0,
        user_id: str = "U0SUPPORT",
        team_id: str | None = None,
    ) -> Exchange:
        """Click an element of a message; for a menu, choose the nth `option` of it.

        Raises LookupError when the message has no such element.
        """
        blocks = with_block_ids(message.blocks)
        action = action_on(blocks, action_id, option)
        exchange, origin = self._begin(user_id, team_id, message.channel_id)
        exchange.clicked_ts = message.ts
        whole: dict[str, JsonValue] = {
            "type": "message",
            "ts": message.ts,
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "text": message.text,
            "blocks": blocks,
        }
        if message.thread_ts is not None:
            whole["thread_ts"] = message.thread_ts
        is_ephemeral = message.response_type == "ephemeral"
        await self._send(exchange, click_form(origin, whole, action, is_ephemeral=is_ephemeral))
        return exchange

    def _begin(self, user_id: str, team_id: str | None, channel_id: str) -> tuple[Exchange, Origin]:
        self.count += 1
        secret = f"{self._secret}:{self.count}".encode()
        token = hashlib.sha256(secret).hexdigest()[:24]
        url = f"{self.own_url}/response/{token}"
        exchange = Exchange(token, url, self.clock(), channel_id, self.screen)
        self.admit(exchange)
        trigger = f"{self.count}.{int(exchange.began)}.{token}"
        team = self.team_id if team_id is None else team_id
        return exchange, Origin(user_id, team, channel_id, url, trigger, self.new_ts())

    async def _send(self, exchange: Exchange, body: str) -> None:
        """Post a signed form to the bot and note what it answers, and how fast."""
        content = body.encode()
        signed = sign(content, int(self.clock()), self._secret)
        headers = {"Content-Type": FORM_TYPE, "User-Agent": "Slackbot 1.0", **signed}
        exchange.request_body, exchange.request_headers = body, headers
        began = self.clock()
        try:
            answer = await self._http.post(
                self.bot_url,
                content=content,
                headers=headers,
                timeout=ACK_SECONDS,
                follow_redirects=False,
            )
        except httpx.TimeoutException:
            exchange.failed = "operation_timeout: no answer within 3 seconds"
        except httpx.TransportError as error:
            exchange.failed = f"dispatch_failed: {type(error).__name__}"
        else:
            exchange.ack_status, exchange.ack_body = answer.status_code, answer.text
        exchange.ack_seconds = self.clock() - began
        if exchange.failed is None and exchange.ack_status != httpx.codes.OK:
            exchange.failed = f"dispatch_failed: the app answered {exchange.ack_status}"
        elif exchange.failed is None and exchange.ack_seconds > ACK_SECONDS:
            exchange.failed = f"operation_timeout: the ack took {exchange.ack_seconds:.3f} s"

    def _show_ack(self, exchange: Exchange) -> None:
        """A command's ack may carry a message: JSON, or bare text shown to the person alone."""
        if exchange.failed is not None or not exchange.ack_body:
            return
        try:
            payload: JsonValue = json.loads(exchange.ack_body)
        except ValueError:
            payload = {"text": exchange.ack_body}
        if not isinstance(payload, dict):
            payload = {"text": exchange.ack_body}
        if is_empty(payload):
            return
        refusal = refusal_of(payload)
        if refusal is not None:
            exchange.failed = f"invalid_command_response: {refusal.answer}"
            return
        self.screen.show(self.message(exchange, payload), exchange.token)
