"""The tutorial bot: Bolt's AsyncApp, a new client for each request, and `respond`."""

import os

import httpx
import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.peers.card import blocks

app = AsyncApp(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    client=AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    ),
)


@app.command("/voicelog")
async def voicelog(ack: AsyncAck, respond: AsyncRespond, command: dict[str, str]) -> None:
    await ack()
    async with httpx.AsyncClient(
        base_url=os.environ["SIGNALWIRE_SPACE"],
        auth=(os.environ["SIGNALWIRE_PROJECT_ID"], os.environ["SIGNALWIRE_API_TOKEN"]),
    ) as client:
        response = await client.get(f"/api/voice/logs/{command['text']}")
    log = response.json()
    await respond(text=log["id"], blocks=blocks(log))


if __name__ == "__main__":
    uvicorn.run(
        AsyncSlackRequestHandler(app),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
    )
