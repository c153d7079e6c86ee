"""The sync bot: Bolt's App under gunicorn's threads, and `requests`.

Run with `gunicorn --threads 10 tests.bench.peers.synchronous:api`, as Bolt's example for Heroku.
"""

import os

import requests
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from tests.bench.peers.card import blocks

app = App(
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
    client=WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
)


@app.command("/voicelog")
def voicelog(ack: Ack, respond: Respond, command: dict[str, str]) -> None:
    ack()
    response = requests.get(
        f"{os.environ['SIGNALWIRE_SPACE']}/api/voice/logs/{command['text']}",
        auth=(os.environ["SIGNALWIRE_PROJECT_ID"], os.environ["SIGNALWIRE_API_TOKEN"]),
        timeout=10,
    )
    log = response.json()
    respond(text=log["id"], blocks=blocks(log))


api = SlackRequestHandler(app)
