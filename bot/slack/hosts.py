"""Which hosts response_urls may be on. It must not know what is sent there.

The URL comes with a request, and what is sent to it is personal data.
"""

from typing import Final

from bot.runtime.http_client import URL, InvalidURL, is_loopback, is_plain_host

_SLACK_DOMAINS: Final = ("slack.com", "slack-gov.com")


class SlackHosts:
    """Slack's own hosts, and that of SLACK_API_URL.

    Args:
        api_url: SLACK_API_URL. Its host may have response_urls too, which is how a sandbox on
            loopback gets its replies.
    """

    def __init__(self, api_url: str) -> None:
        self._api = URL(api_url)
        self._api_is_loopback = is_loopback(self._api.host)

    @property
    def home(self) -> URL:
        """The front page of the host that response_urls are on."""
        for domain in _SLACK_DOMAINS:
            if _is_within(self._api.host, domain):
                return URL(f"https://hooks.{domain}/")
        return self._api.join("/")

    def target(self, url: str) -> URL | None:
        """`url`, as it was understood when it was judged; None if nothing may be sent there."""
        try:
            target = URL(url)
        except (InvalidURL, ValueError):
            return None
        return target if self._is_accepted(target) else None

    def _is_accepted(self, target: URL) -> bool:
        host = target.host
        loopback = is_loopback(host)
        if target.userinfo or not (loopback or is_plain_host(host)):
            return False
        if any(_is_within(host, domain) for domain in _SLACK_DOMAINS):
            return target.scheme == "https" and target.port is None
        if target.scheme != self._api.scheme:
            return False
        if loopback:
            return self._api_is_loopback
        return host == self._api.host and target.port == self._api.port


def _is_within(host: str, domain: str) -> bool:
    return host == domain or host.endswith("." + domain)
