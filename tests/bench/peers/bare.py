"""Bare Bolt: a listener of one line that looks nothing up."""

import os

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

app = AsyncApp(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    client=AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    ),
)


@app.command("/voicelog")
async def voicelog(ack: AsyncAck) -> None:
    await ack("hi")


if __name__ == "__main__":
    uvicorn.run(
        AsyncSlackRequestHandler(app),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
    )
