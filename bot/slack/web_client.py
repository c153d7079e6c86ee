"""Creates clients for Slack's Web API."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient


def web_client(api_url: str, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """Create a client that uses no proxy, as the bot's other clients, and never retries by itself.

    Only the calling code knows which requests may be sent twice.
    """
    web = AsyncWebClient(base_url=api_url, session=session, retry_handlers=[])
    web.proxy = None  # slack_sdk reads HTTP_PROXY
    return web
