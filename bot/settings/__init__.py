"""Every environment variable, in one typed model; all errors are reported together.

It uses plain pydantic, not pydantic-settings: tests pass a mapping of their own, JSON and
comma-separated values follow the same rules as the rest, and startup is 0.2 s quicker. The errors
of a project's values are in signalwire/project.py, those of the other values in values.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from bot.settings import values
from bot.signalwire.project import (
    NAME_LIMIT,
    ApiToken,
    BaseUrl,
    Project,
    ProjectId,
    space_name,
)
from bot.voicelogs.masking import Masking

_PROJECT_VARIABLES: Final = ("SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN")
_WHERE_TO_FIND: Final = {
    "SLACK_SIGNING_SECRET": "Slack app, Basic Information, App Credentials",
    "SLACK_BOT_TOKEN": "Slack app, OAuth & Permissions; begins with xoxb-",
    "SLACK_APP_TOKEN": "Slack app, Basic Information, App-Level Tokens; begins with xapp-",
    "SIGNALWIRE_SPACE": "acme for acme.signalwire.com; or set SIGNALWIRE_PROJECTS",
    "SIGNALWIRE_PROJECT_ID": "SignalWire dashboard, API Credentials",
    "SIGNALWIRE_API_TOKEN": "SignalWire dashboard, API Credentials; it needs the Voice scope",
}
_PROJECT_KEYS: Final = ("name", "space", "project_id", "api_token")
_BY_FIELD: Final = {
    "port": "must be a number from 1 to 65535",
    "mask_numbers": "must be shared, always or never",
    "log_format": "must be json or console",
    "log_level": "must be debug, info, warning or error",
    "drain_seconds": "must be a number of seconds from 0 to 300",
}
_BY_TYPE: Final = {
    "missing": "is missing",
    "extra_forbidden": "has an unknown key",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": f"has more than {NAME_LIMIT} characters",  # only a name has a limit
}
_INVALID: Final = "contains an invalid character"


class Required(Enum):
    """The variables that a command requires."""

    SLACK_HTTP = ("SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN")
    SLACK_SOCKET = ("SLACK_APP_TOKEN", "SLACK_BOT_TOKEN")
    SIGNALWIRE = _PROJECT_VARIABLES


class SettingsError(Exception):
    """Environment variables are missing or wrong.

    Attributes:
        errors: one line each, with the variable's name, never its value.
        is_incomplete: whether a variable is missing.
    """

    def __init__(self, errors: Iterable[str], *, is_incomplete: bool = False) -> None:
        self.errors: Final = tuple(errors)
        self.is_incomplete: Final = is_incomplete
        super().__init__("; ".join(self.errors))


class Settings(BaseModel):
    """The settings. Each field has the name of its variable, in lower case."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    port: Annotated[int, Field(ge=0, le=65535)] = 3000
    slack_signing_secret: values.SigningSecrets | None = None
    slack_bot_token: values.BotToken | None = None
    slack_app_token: values.AppToken | None = None
    slack_api_url: values.ApiUrl = "https://slack.com/api/"
    signalwire_space: BaseUrl | None = None
    signalwire_project_id: ProjectId | None = None
    signalwire_api_token: ApiToken | None = None
    signalwire_projects: values.Projects | None = None
    allowed_teams: values.TeamIds = frozenset()
    allowed_channels: values.ChannelIds = frozenset()
    allowed_users: values.UserIds = frozenset()
    mask_numbers: Annotated[Masking, values.Lowercase] = Masking.SHARED
    dashboard_url: values.DashboardUrl = ""
    log_format: Annotated[Literal["json", "console"], values.Lowercase] | None = None
    log_level: Annotated[Literal["debug", "info", "warning", "error"], values.Lowercase] = "info"
    drain_seconds: Annotated[float, Field(ge=0, le=300)] = 10.0

    @property
    def signing_secrets(self) -> tuple[str, ...]:
        """One secret, or two during a rotation, the new one first; empty if there is none."""
        given = self.slack_signing_secret
        return values.split_secrets(given.get_secret_value()) if given is not None else ()

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
        """Read the settings. An empty variable counts as unset. Raises SettingsError."""
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
    """Return the value of a secret that a command requires; see `Required`."""
    if secret is None:
        raise ValueError("the settings were read without requiring this secret")
    return secret.get_secret_value()


def _required_names(required: Iterable[Required], given: Mapping[str, str]) -> list[str]:
    skip = _PROJECT_VARIABLES if "signalwire_projects" in given else ()
    names = [name for group in required for name in group.value if name not in skip]
    return list(dict.fromkeys(names))


def _describe(details: ErrorDetails) -> str:
    """Describe a pydantic error in one line, in our own words, and without the input."""
    field, *inner = (str(part) for part in details["loc"])
    known = (
        details["msg"]
        if details["type"] == values.CUSTOM_ERROR
        else _BY_TYPE.get(details["type"], _INVALID)
    )
    message = _BY_FIELD.get(field, known)
    place = _place(inner) if field == "signalwire_projects" else ""
    return f"{field.upper()}{place} {message}"


def _place(path: Sequence[str]) -> str:
    """Name a place in SIGNALWIRE_PROJECTS, but no unknown key: it may be a misplaced secret."""
    if not path:
        return ""
    index, *keys = path
    key = next((f"the {key} of " for key in keys if key in _PROJECT_KEYS), "")
    return f": {key}project {int(index) + 1}"
