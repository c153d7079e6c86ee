"""Checks that a response URL is on one of Slack's hosts.

The URL comes from a request, and personal data is posted to it.
"""

from typing import Final, NewType

from bot.runtime.http_client import URL, InvalidURL, is_loopback, is_plain_host

ResponseURL = NewType("ResponseURL", URL)
"""A response URL on an allowed host."""

_SLACK_DOMAINS: Final = (".slack.com", ".slack-gov.com")


def parse_response_url(url: str, *, api: URL) -> ResponseURL | None:
    """Parse a response URL; None if it isn't on an allowed host.

    `api` is SLACK_API_URL. Its host is allowed too, so that an emulator on loopback receives
    replies.
    """
    try:
        parsed = URL(url)
    except (InvalidURL, ValueError):
        return None
    return ResponseURL(parsed) if _is_allowed(parsed, api) else None


def _is_allowed(target: URL, api: URL) -> bool:
    host = target.host
    if target.userinfo:
        return False
    if is_plain_host(host) and f".{host}".endswith(_SLACK_DOMAINS):
        return target.scheme == "https" and target.port is None
    if target.scheme != api.scheme:
        return False
    if is_loopback(host):
        return is_loopback(api.host)
    return is_plain_host(host) and host == api.host and target.port == api.port
