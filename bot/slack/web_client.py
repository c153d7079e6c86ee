"""Creates slack_sdk's client, which is used for Socket Mode only, and lists what it raises."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

TRANSPORT_ERRORS: Final = (aiohttp.ClientError, SlackClientError, OSError, TimeoutError)
"""Slack didn't respond, or responded with an error: SlackApiError is a SlackClientError."""
UNREADABLE: Final = (ValueError, AttributeError, TypeError, RecursionError)
"""What slack_sdk raises for a response that isn't a JSON object in UTF-8, or is nested too deep."""


def web_client(api_url: str) -> AsyncWebClient:
    """Create a client without a proxy, as all clients of the bot, and without retries."""
    web = AsyncWebClient(base_url=api_url, retry_handlers=[])
    web.proxy = None  # slack_sdk reads HTTP_PROXY
    return web
