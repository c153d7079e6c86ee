"""The floor: the least code on the bot's libraries that looks up a log and posts a card.

It has one connection pool, but no settings, checks, error messages or log lines, and its card has
one line.
"""

import asyncio
import os

import httpx
import uvicorn
from httpx_aiohttp import HttpxAiohttpClient
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from tests.bench.peers.card import blocks

http = HttpxAiohttpClient(timeout=10)
auth = httpx.BasicAuth(os.environ["SIGNALWIRE_PROJECT_ID"], os.environ["SIGNALWIRE_API_TOKEN"])
tasks: set[asyncio.Task[None]] = set()


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="unused")


app = AsyncApp(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    authorize=authorize,
    process_before_response=True,
)


async def look_up(command: dict[str, str]) -> None:
    space = os.environ["SIGNALWIRE_SPACE"]
    response = await http.get(f"{space}/api/voice/logs/{command['text']}", auth=auth)
    log = response.json()
    message = {"response_type": "ephemeral", "text": log["id"], "blocks": blocks(log)}
    await http.post(command["response_url"], json=message)


@app.command("/voicelog")
async def voicelog(ack: AsyncAck, command: dict[str, str]) -> None:
    await ack()
    task = asyncio.create_task(look_up(command))
    tasks.add(task)
    task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    uvicorn.run(
        AsyncSlackRequestHandler(app),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
    )
