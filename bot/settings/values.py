"""The types of the settings. Each value is parsed from the text of an environment variable.

An error says what the value must be, and never quotes it.
"""

import json
import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_core import PydanticCustomError

from bot.runtime.http_client import URL, InvalidURL, is_loopback, is_plain_host
from bot.signalwire.project import Project, header_safe

DASHBOARD_ID: Final = "{id}"
CUSTOM_ERROR: Final = "setting"
"""The type of the errors raised here and in signalwire/project.py."""

_PLAIN_HTTPS: Final = re.compile(r"https://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
"""The characters that RFC 3986, section 2, allows: Slack may reject a card whose URL has others."""
_DASHBOARD_URL_LIMIT: Final = 2900
"""Slack allows 3,000 characters in a button's `url`; an id has 36."""
_MIN_SECRET_LENGTH: Final = 8
"""If there are two. Slack's secrets have 32 characters; a short part of one is easy to guess."""


def _error(message: str) -> PydanticCustomError:
    return PydanticCustomError(CUSTOM_ERROR, "{message}", {"message": message})


def split_secrets(text: str) -> tuple[str, ...]:
    """Split a list of secrets, separated by commas or white space."""
    return tuple(text.replace(",", " ").split())


def _one_or_two(value: SecretStr) -> SecretStr:
    secrets = split_secrets(value.get_secret_value())
    if len(secrets) not in {1, 2}:
        raise _error(
            "must be one secret, or two with a comma between them: the new and the old one"
        )
    if len(secrets) > 1 and min(map(len, secrets)) < _MIN_SECRET_LENGTH:
        raise _error("has a space or a comma in it, but a part is too short to be a secret")
    for secret in secrets:
        header_safe(SecretStr(secret))
    return value


def _token(prefix: str, name: str, others: tuple[str, ...]) -> AfterValidator:
    """Reject a token that begins like another kind of token, which is the most common mistake."""

    def check(value: SecretStr) -> SecretStr:
        if value.get_secret_value().startswith(others):
            raise _error(f"must be the {name}, which begins with {prefix}")
        return header_safe(value)

    return AfterValidator(check)


def _split(text: str) -> frozenset[str]:
    """Split a list of IDs. One with commas only isn't the empty list, which admits everyone."""
    items = frozenset(item.strip() for item in text.split(",") if item.strip())
    if not items:
        raise _error("must list at least one ID, or be unset")
    return items


def _slack_id(initials: str, hint: str) -> AfterValidator:
    pattern = re.compile(rf"[{initials}][A-Z0-9_]+")

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise _error(f"must list {hint}")
        return value

    return AfterValidator(check)


def _api_url(value: str) -> str:
    scheme, host = _scheme_and_host(value)
    is_safe = is_loopback(host) or (scheme == "https" and is_plain_host(host))
    if not is_safe or scheme not in {"http", "https"} or "?" in value or "#" in value:
        raise _error("must be an https URL; plain http is for loopback only")
    return value.rstrip("/") + "/"


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Return both in lower case; empty if this isn't a URL, or has a user name."""
    try:
        URL(url)
        parts = urlsplit(url)
        _port = parts.port
    except (ValueError, InvalidURL):
        return "", ""
    return ("", "") if parts.username is not None else (parts.scheme, parts.hostname or "")


def _dashboard_url(value: str) -> str:
    is_plain = _PLAIN_HTTPS.fullmatch(value.replace(DASHBOARD_ID, "-"))
    is_url = is_plain and is_plain_host(_scheme_and_host(value)[1])
    if value.count(DASHBOARD_ID) != 1 or not is_url or len(value) > _DASHBOARD_URL_LIMIT:
        raise _error(
            f"must be an https URL with {DASHBOARD_ID} in it once, where the voice log's ID goes"
        )
    return value


def _parse_projects(text: str) -> object:
    wrong = _error("must be a JSON list of objects with name, space, project_id, api_token")
    try:
        projects: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(projects, list) or not all(isinstance(item, dict) for item in projects):
        raise wrong
    return projects


def _check_names(projects: tuple[Project, ...]) -> tuple[Project, ...]:
    if not projects:
        raise _error("must name at least one project")
    if len({project.name for project in projects}) != len(projects):
        raise _error("has two projects with the same name")
    return projects


SigningSecrets = Annotated[SecretStr, AfterValidator(_one_or_two)]
"""One secret, or two during a rotation; see `split_secrets`."""
BotToken = Annotated[SecretStr, _token("xoxb-", "bot token", ("xapp-", "xoxp-"))]
AppToken = Annotated[SecretStr, _token("xapp-", "app-level token", ("xoxb-", "xoxp-"))]
ApiUrl = Annotated[str, AfterValidator(_api_url)]
DashboardUrl = Annotated[str, AfterValidator(_dashboard_url)]
Lowercase = BeforeValidator(str.lower)

_TeamId = Annotated[str, _slack_id("TE", "workspace IDs such as T0123ABCD")]
_ChannelId = Annotated[str, _slack_id("CGD", "channel IDs such as C0123ABCD, not names")]
_UserId = Annotated[str, _slack_id("UW", "user IDs such as U0123ABCD, not names")]
TeamIds = Annotated[frozenset[_TeamId], BeforeValidator(_split)]
ChannelIds = Annotated[frozenset[_ChannelId], BeforeValidator(_split)]
UserIds = Annotated[frozenset[_UserId], BeforeValidator(_split)]
Projects = Annotated[
    tuple[Project, ...], AfterValidator(_check_names), BeforeValidator(_parse_projects)
]
