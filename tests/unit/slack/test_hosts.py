"""Which response URLs are on Slack's hosts."""

import pytest

from bot.runtime.http_client import URL
from bot.slack.hosts import parse_response_url

SLACK = URL("https://slack.com/api/")


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/commands/T0123ABCD/1234/abcd",
        "https://hooks.slack.com/actions/T1/2/3",
        "https://hooks.slack.com:443/commands/T1/2/3",
        "https://HOOKS.Slack.COM/commands/T1/2/3",
        "HTTPS://hooks.slack.com/commands/T1/2/3",
        "https://slack.com/x",
        "https://hooks.slack-gov.com/commands/T1/2/3",
        "https://acme.enterprise.slack.com/x",
    ],
)
def test_slacks_own_hosts_are_accepted(url: str) -> None:
    assert parse_response_url(url, api=SLACK)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.slack.com/commands",
        "//hooks.slack.com/commands",
        "https://",
        "https:hooks.slack.com/commands",
        "https:///hooks.slack.com/commands",
        "http://hooks.slack.com/commands/T1/2/3",
        "ftp://hooks.slack.com/commands",
        "https://hooks.slack.com:8443/commands",
        "https://hooks.slack.com:80/commands",
        "https://slack.com:99999/",
        "https://hooks.slack.com.evil.com/commands",
        "https://hooks.slack.com./commands",
        "https://evilslack.com/commands",
        "https://slack.com-evil.com/",
        "https://slack-evil.com/",
        "https://hooks-slack.com/",
        "https://evil.com/hooks.slack.com",
        "https://evil.com/.slack.com",
        "https://evil.com?.slack.com",
        "https://evil.com#.slack.com",
        "https://hooks.slack.com@evil.com/commands",
        "https://hooks.slack.com:pass@evil.com/commands",
        "https://user@hooks.slack.com/commands",
        "https://user:pass@hooks.slack.com/commands",
        "https://:@hooks.slack.com/commands",
        "https://evil.com\\@hooks.slack.com/commands",
        "https://evil.com\\.slack.com/commands",
        "https://hooks.slack.com\\.evil.com/commands",
        "https://evil.com%2f.slack.com/commands",
        "https://evil.com%00.slack.com/commands",
        "https://[::1%25.slack.com]/commands",
        "https://[::1",
        "https://hooks.slack.com\n.evil.com/",
        " https://hooks.slack.com/commands",
        "https://hooks.sl\N{CYRILLIC SMALL LETTER A}ck.com/commands",
        "http://127.0.0.1:4020/response/abc",
        "https://127.0.0.1/response/abc",
        "http://localhost/response/abc",
        "http://169.254.169.254/latest/meta-data",
        "https://hooks.slack.com/" + "x" * 70_000,
        "\ud800",
    ],
    ids=lambda url: repr(url)[:60],
)
def test_any_other_url_is_rejected(url: str) -> None:
    assert not parse_response_url(url, api=SLACK)


LOOPBACK = URL("http://127.0.0.1:4020/api/")
CORPORATE = URL("https://slack.corp.example/api/")


@pytest.mark.parametrize(
    ("api", "url", "accepted"),
    [
        (LOOPBACK, "http://127.0.0.1:4020/response/abc", True),
        (LOOPBACK, "http://127.0.0.1:9999/response/abc", True),
        (LOOPBACK, "http://localhost:4020/response/abc", True),
        (LOOPBACK, "http://[::1]:4020/response/abc", True),
        (LOOPBACK, "https://127.0.0.1:4020/response/abc", False),
        (LOOPBACK, "http://user@127.0.0.1:4020/response/abc", False),
        (LOOPBACK, "http://127.0.0.1.evil.com:4020/response/abc", False),
        (LOOPBACK, "http://10.0.0.1:4020/response/abc", False),
        (LOOPBACK, "http://hooks.slack.com/commands", False),
        (LOOPBACK, "https://hooks.slack.com/commands", True),
        (CORPORATE, "https://slack.corp.example/response/1", True),
        (CORPORATE, "https://hooks.slack.corp.example/response/1", False),
        (CORPORATE, "http://slack.corp.example/response/1", False),
        (CORPORATE, "https://slack.corp.example.evil.com/response/1", False),
    ],
)
def test_the_host_of_slack_api_url_is_accepted_and_loopback_if_it_is_on_loopback(
    api: URL, url: str, *, accepted: bool
) -> None:
    assert bool(parse_response_url(url, api=api)) is accepted
