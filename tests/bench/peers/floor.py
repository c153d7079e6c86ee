"""The floor: the least code on the same libraries that looks a log up over one pool and answers.

No settings, no checks, no errors, no log lines, a card of one line: what the bot takes beyond this
is what it costs to be right.
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
under_way: set[asyncio.Task[None]] = set()


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id=None, bot_token="unused")


app = AsyncApp(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    authorize=authorize,
    process_before_response=True,
)


async def answer(command: dict[str, str]) -> None:
    space = os.environ["SIGNALWIRE_SPACE"]
    found = await http.get(f"{space}/api/voice/logs/{command['text']}", auth=auth)
    log = found.json()
    message = {"response_type": "ephemeral", "text": log["id"], "blocks": blocks(log)}
    await http.post(command["response_url"], json=message)


@app.command("/voicelog")
async def voicelog(ack: AsyncAck, command: dict[str, str]) -> None:
    await ack()
    task = asyncio.create_task(answer(command))
    under_way.add(task)
    task.add_done_callback(under_way.discard)


if __name__ == "__main__":
    uvicorn.run(
        AsyncSlackRequestHandler(app),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
    )
