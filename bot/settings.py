"""Every environment variable, in one typed model; all errors are reported together.

Plain pydantic instead of pydantic-settings: tests pass a mapping of their own, JSON and
comma-separated values follow the same rules as the rest, and start-up is 0.2 s quicker.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from bot.runtime.http_client import URL, InvalidURL, is_loopback, is_plain_host
from bot.signalwire.project import (
    NAME_LIMIT,
    ApiToken,
    BaseUrl,
    Project,
    ProjectId,
    header_safe,
    space_name,
)
from bot.voicelogs.masking import Masking

_PROJECT_VARIABLES: Final = ("SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN")
_WHERE_TO_FIND: Final = {
    "SLACK_SIGNING_SECRET": "Slack app, Basic Information, App Credentials",
    "SLACK_BOT_TOKEN": "Slack app, OAuth & Permissions; begins with xoxb-",
    "SLACK_APP_TOKEN": "Slack app, Basic Information, App-Level Tokens; begins with xapp-",
    "SIGNALWIRE_SPACE": "the acme of acme.signalwire.com; or set SIGNALWIRE_PROJECTS",
    "SIGNALWIRE_PROJECT_ID": "SignalWire dashboard, API Credentials",
    "SIGNALWIRE_API_TOKEN": "SignalWire dashboard, API Credentials; with the Voice scope",
}
_PROJECT_KEYS: Final = ("name", "space", "project_id", "api_token")
_BY_FIELD: Final = {
    "port": "must be a number from 1 to 65535",
    "mask_numbers": "must be shared, always or never",
    "log_format": "must be json or console",
    "log_level": "must be debug, info, warning or error",
    "drain_seconds": "must be a number of seconds from 0 to 300",
}
_OWN: Final = "setting"
"""The type of the errors raised here and in signalwire/project.py, in our own words."""
_BY_TYPE: Final = {
    "missing": "is missing",
    "extra_forbidden": "has an unknown key",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": f"has more than {NAME_LIMIT} characters",  # only a name has a limit
}
_INVALID: Final = "contains an invalid character"
_SHORTEST_OF_TWO: Final = 8
"""Characters. Slack's secrets have 32; a shorter one is a fragment, and easy to guess."""


DASHBOARD_ID: Final = "{id}"
_PLAIN_HTTPS: Final = re.compile(r"https://(?:[A-Za-z0-9._~:/?#@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
"""Of what a URL has (RFC 3986, section 2), since Slack may reject a card with any other."""
_DASHBOARD_URL_LIMIT: Final = 2900
"""Slack takes 3,000 characters in a button's `url`; an id has 36."""


class Required(Enum):
    """The variables that a command requires."""

    SLACK_HTTP = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN")
    SLACK_SOCKET = ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")
    SIGNALWIRE = _PROJECT_VARIABLES


class SettingsError(Exception):
    """The environment variables are missing or wrong.

    Attributes:
        errors: one line each, which names the variable and never its value.
        is_incomplete: whether a variable is missing.
    """

    def __init__(self, errors: Iterable[str], *, is_incomplete: bool = False) -> None:
        self.errors: Final = tuple(errors)
        self.is_incomplete: Final = is_incomplete
        super().__init__("; ".join(self.errors))


def _wrong(message: str) -> PydanticCustomError:
    return PydanticCustomError(_OWN, "{message}", {"message": message})


def _not_a(*prefixes: str, hint: str) -> AfterValidator:
    """Reject a token of another kind, the most common mistake, by its prefix."""

    def check(value: SecretStr) -> SecretStr:
        if value.get_secret_value().startswith(prefixes):
            raise _wrong(hint)
        return header_safe(value)

    return AfterValidator(check)


def _secrets(text: str) -> tuple[str, ...]:
    """The secrets in a list separated by commas or blanks."""
    return tuple(text.replace(",", " ").split())


def _one_or_two(value: SecretStr) -> SecretStr:
    secrets = _secrets(value.get_secret_value())
    if len(secrets) not in {1, 2}:
        raise _wrong("must hold one secret, or two: the new one, a comma, the one before")
    if len(secrets) > 1 and min(map(len, secrets)) < _SHORTEST_OF_TWO:
        raise _wrong("holds a blank or a comma, but too little before or after it for two secrets")
    for secret in secrets:
        header_safe(SecretStr(secret))
    return value


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(item.strip() for item in value.split(",") if item.strip())


def _slack_id(initials: str, hint: str) -> AfterValidator:
    pattern = re.compile(rf"[{initials}][A-Z0-9_]+")

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise _wrong(hint)
        return value

    return AfterValidator(check)


def _with_slash(value: str) -> str:
    scheme, host = _scheme_and_host(value)
    is_safe = is_loopback(host) or (scheme == "https" and is_plain_host(host))
    if not is_safe or scheme not in {"http", "https"} or "?" in value or "#" in value:
        raise _wrong("must be an https URL; plain http is for loopback only")
    return value.rstrip("/") + "/"


def _scheme_and_host(url: str) -> tuple[str, str]:
    """Return both in lower case; empty for what isn't a URL, and for one with a user name."""
    try:
        URL(url)
        parts = urlsplit(url)
        _port = parts.port
    except (ValueError, InvalidURL):
        return "", ""
    return ("", "") if parts.username is not None else (parts.scheme, parts.hostname or "")


def _with_one_id(value: str) -> str:
    is_plain = _PLAIN_HTTPS.fullmatch(value.replace(DASHBOARD_ID, "-"))
    is_url = is_plain and is_plain_host(_scheme_and_host(value)[1])
    if value.count(DASHBOARD_ID) != 1 or not is_url or len(value) > _DASHBOARD_URL_LIMIT:
        raise _wrong(
            f"must be an https URL with {DASHBOARD_ID} in it once, where the voice log's id goes"
        )
    return value


def _from_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    wrong = _wrong("must be a JSON list of objects with name, space, project_id, api_token")
    try:
        projects: object = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise wrong from error
    if not isinstance(projects, list) or not all(isinstance(item, dict) for item in projects):
        raise wrong
    return projects


def _unique_names(projects: tuple[Project, ...]) -> tuple[Project, ...]:
    if not projects:
        raise _wrong("must name at least one project")
    if len({project.name for project in projects}) != len(projects):
        raise _wrong("has two projects with the same name")
    return projects


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


_TeamId = Annotated[str, _slack_id("TE", "must hold workspace ids such as T0123ABCD")]
_ChannelId = Annotated[str, _slack_id("CGD", "must hold channel ids such as C0123ABCD, not names")]
_UserId = Annotated[str, _slack_id("UW", "must hold user ids such as U0123ABCD, not names")]
_Projects = Annotated[
    tuple[Project, ...], AfterValidator(_unique_names), BeforeValidator(_from_json)
]


class Settings(BaseModel):
    """The settings. Each field is named after its variable, in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    slack_signing_secret: Annotated[SecretStr, AfterValidator(_one_or_two)] | None = None
    slack_bot_token: (
        Annotated[
            SecretStr,
            _not_a("xapp-", "xoxp-", hint="must be the bot token, which begins with xoxb-"),
        ]
        | None
    ) = None
    slack_app_token: (
        Annotated[
            SecretStr,
            _not_a("xoxb-", "xoxp-", hint="must be the app-level token, which begins with xapp-"),
        ]
        | None
    ) = None
    slack_api_url: Annotated[str, AfterValidator(_with_slash)] = "https://slack.com/api/"
    signalwire_space: BaseUrl | None = None
    signalwire_project_id: ProjectId | None = None
    signalwire_api_token: ApiToken | None = None
    signalwire_projects: _Projects | None = None
    allowed_teams: Annotated[frozenset[_TeamId], BeforeValidator(_split)] = frozenset()
    allowed_channels: Annotated[frozenset[_ChannelId], BeforeValidator(_split)] = frozenset()
    allowed_users: Annotated[frozenset[_UserId], BeforeValidator(_split)] = frozenset()
    mask_numbers: Annotated[Masking, BeforeValidator(_lower)] = Masking.SHARED
    dashboard_url: Annotated[str, AfterValidator(_with_one_id)] = ""
    log_format: Annotated[Literal["json", "console"], BeforeValidator(_lower)] | None = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = (
        "info"
    )
    drain_seconds: Annotated[float, Field(ge=0, le=300)] = 10.0

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """One secret, or two during a rotation, the new one first; empty if not required."""
        given = self.slack_signing_secret
        return _secrets(given.get_secret_value()) if given is not None else ()

    @property
    def projects(self) -> tuple[Project, ...]:
        """The projects in the given order. SIGNALWIRE_PROJECTS takes precedence."""
        if self.signalwire_projects is not None:
            return self.signalwire_projects
        space, token = self.signalwire_space, self.signalwire_api_token
        if space is None or self.signalwire_project_id is None or token is None:
            return ()
        return (
            Project(
                name=space_name(space),
                base_url=space,
                project_id=self.signalwire_project_id,
                api_token=token,
            ),
        )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *required: Required) -> Self:
        """Read the settings. An empty variable counts as unset.

        Args:
            environment: variable names and values, such as `os.environ`.
            required: the variables that must be set.

        Raises:
            SettingsError: with all errors.
        """
        given = {
            field: environment[field.upper()].strip()
            for field in cls.model_fields
            if environment.get(field.upper(), "").strip()
        }
        missing = [
            f"{variable} is missing ({_WHERE_TO_FIND[variable]})"
            for variable in _required_names(required, given)
            if variable.lower() not in given
        ]
        invalid: list[str] = []
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            invalid = [_describe(details) for details in error.errors(include_url=False)]
        if missing or invalid:
            # Several items of a list may have the same error.
            raise SettingsError([*missing, *dict.fromkeys(invalid)], is_incomplete=bool(missing))
        return settings


def secret_value(secret: SecretStr | None) -> str:
    """The value of a secret that `Required` has guaranteed.

    Raises:
        ValueError: the settings were read without that requirement.
    """
    if secret is None:
        raise ValueError("the settings were read without requiring this secret")
    return secret.get_secret_value()


def _required_names(required: Iterable[Required], given: Mapping[str, str]) -> list[str]:
    skip = _PROJECT_VARIABLES if "signalwire_projects" in given else ()
    names = [name for group in required for name in group.value if name not in skip]
    return list(dict.fromkeys(names))


def _describe(details: ErrorDetails) -> str:
    """One line for an error of pydantic, whose own words aren't shown, nor its input."""
    field, *inner = (str(part) for part in details["loc"])
    known = details["msg"] if details["type"] == _OWN else _BY_TYPE.get(details["type"], _INVALID)
    message = _BY_FIELD.get(field, known)
    place = _place(inner) if field == "signalwire_projects" else ""
    return f"{field.upper()}{place} {message}"


def _place(path: Sequence[str]) -> str:
    """A place in SIGNALWIRE_PROJECTS. An unknown key may be a misplaced secret: not quoted."""
    if not path:
        return ""
    index, *keys = path
    key = next((f"the {key} of " for key in keys if key in _PROJECT_KEYS), "")
    return f": {key}project {int(index) + 1}"
