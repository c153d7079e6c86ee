"""Checks that a response URL is on one of Slack's hosts.

The URL comes from a request, and personal data is posted to it.
"""

from typing import Final, NewType

from bot.runtime.http_client import URL, InvalidURL, is_loopback, is_plain_host

ResponseURL = NewType("ResponseURL", URL)
"""A response URL on an allowed host."""

_SLACK_DOMAINS: Final = ("slack.com", "slack-gov.com")


class SlackHosts:
    """Slack's own hosts, and the host of SLACK_API_URL.

    Args:
        api_url: SLACK_API_URL. Response URLs may be on its host too, so that an emulator on
            loopback receives replies.
    """

    def __init__(self, api_url: str) -> None:
        self._api = URL(api_url)
        self._api_is_loopback = is_loopback(self._api.host)

    def accepted(self, url: str) -> ResponseURL | None:
        """Return `url` as it was parsed for the check; None if it isn't on an allowed host."""
        try:
            parsed = URL(url)
        except (InvalidURL, ValueError):
            return None
        return ResponseURL(parsed) if self._is_accepted(parsed) else None

    def _is_accepted(self, target: URL) -> bool:
        host = target.host
        if target.userinfo:
            return False
        if is_plain_host(host) and any(_is_within(host, domain) for domain in _SLACK_DOMAINS):
            return target.scheme == "https" and target.port is None
        loopback = is_loopback(host)
        if target.scheme != self._api.scheme or not (loopback or is_plain_host(host)):
            return False
        if loopback:
            return self._api_is_loopback
        return host == self._api.host and target.port == self._api.port


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
