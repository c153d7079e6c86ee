"""Creates clients for Slack's Web API, and names what their calls raise beside SlackApiError."""

from typing import Final

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

TRANSPORT_ERRORS: Final = (aiohttp.ClientError, SlackClientError, OSError, TimeoutError)
"""No response came. SlackApiError is one of SlackClientError, so catch it first."""
UNREADABLE: Final = (ValueError, AttributeError, TypeError, RecursionError)
"""What slack_sdk raises for a response that isn't a JSON object in UTF-8, or is nested too deep."""


def web_client(api_url: str, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """Create a client that, like the bot's others, uses no proxy, and that never retries by itself.

    Only the calling code knows which requests may be sent twice.
    """
    web = AsyncWebClient(base_url=api_url, session=session, retry_handlers=[])
    web.proxy = None  # slack_sdk reads HTTP_PROXY
    return web
