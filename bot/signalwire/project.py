"""The base URL and credentials of a SignalWire project."""

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from bot.runtime.http_client import is_loopback

NAME_LIMIT: Final = 40
PROJECT_ID_LIMIT: Final = 100
"""Characters. A UUID has 36; the ID becomes part of URLs, which have a limit too."""

_DOMAIN: Final = ".signalwire.com"
_DOMAINS: Final = (_DOMAIN, ".swire.io")
"""The second is SignalWire's staging domain, which its own command line (swsh) accepts too."""
_LABEL: Final = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"  # RFC 1035 §2.3.4
_LABELS: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_HEADER_SAFE: Final = re.compile(r"""(?:(?!["'`])[\x21-\x7e])+""")
"""Without quotes, which no secret has: `docker run --env-file` keeps those around a value."""
_SPACE_HELP: Final = (
    "isn't a SignalWire space; give its name (acme), its host (acme.signalwire.com)"
    " or its URL; plain http is for loopback only"
)
_DASHBOARD_HELP: Final = (
    "isn't a SignalWire space: my.signalwire.com leads to a space's dashboard; open it, and give"
    " the host it redirects to (acme.signalwire.com)"
)
_SIP_HELP: Final = (
    "is a SIP domain, not a SignalWire space; give the space's own host (acme.signalwire.com)"
)


def _base_url(space: str) -> str:
    """Return the base URL of a space's API, from the space's name, host or URL.

    Only SignalWire's hosts over TLS and loopback are accepted, since the token is sent there
    (SignalWire docs, "Base URL": plain HTTP is rejected).
    """
    wrong = PydanticCustomError("setting", _SPACE_HELP)
    try:
        parts = urlsplit(space if "://" in space else f"https://{space}")
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError as error:
        raise wrong from error
    if parts.username is not None or parts.password is not None:
        raise wrong
    if is_loopback(host) and parts.scheme in {"http", "https"}:
        bracketed = f"[{host}]" if ":" in host else host
        return f"{parts.scheme}://{bracketed}" + (f":{port}" if port else "")
    if parts.scheme != "https" or port not in {None, 443}:
        raise wrong
    if "." not in host:
        host += _DOMAIN
    name = _without_domain(host)
    if name == host or not _LABELS.fullmatch(name) or name in {"http", "https"}:
        raise wrong  # the last for a mistyped scheme, as in "https:/acme.signalwire.com"
    if name == "my":
        raise PydanticCustomError("setting", _DASHBOARD_HELP)
    if name.split(".")[-1] == "dapp":
        raise PydanticCustomError("setting", _SIP_HELP)
    return f"https://{host}"


def _without_domain(host: str) -> str:
    for domain in _DOMAINS:
        host = host.removesuffix(domain)
    return host


def header_safe(token: SecretStr) -> SecretStr:
    """Validate that a token or a secret has only characters allowed in a header, and no quotes."""
    if not token.get_secret_value():
        raise PydanticCustomError("setting", "is empty")
    if not _HEADER_SAFE.fullmatch(token.get_secret_value()):
        raise PydanticCustomError(
            "setting", "contains a space, a quote or another invalid character"
        )
    return token


def _basic_auth_user(project_id: str) -> str:
    if ":" in project_id or not _HEADER_SAFE.fullmatch(project_id):
        raise PydanticCustomError("setting", "contains a character that no project ID has")
    if len(project_id) > PROJECT_ID_LIMIT:
        raise PydanticCustomError("setting", f"has more than {PROJECT_ID_LIMIT} characters")
    return project_id


_Stripped = StringConstraints(strip_whitespace=True, min_length=1)

BaseUrl = Annotated[str, _Stripped, AfterValidator(_base_url)]
# RFC 7617 §2: a user name with a colon cannot be sent.
ProjectId = Annotated[str, _Stripped, AfterValidator(_basic_auth_user)]
ApiToken = Annotated[
    SecretStr,
    BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value),
    AfterValidator(header_safe),
]


class Project(BaseModel):
    """A SignalWire project. `base_url` has no trailing slash; `name` is shown to users."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True
    )

    name: Annotated[str, _Stripped, Field(max_length=NAME_LIMIT)]
    base_url: Annotated[BaseUrl, Field(alias="space")]
    project_id: ProjectId
    api_token: ApiToken


def space_name(base_url: str) -> str:
    """Return the default name of a project: its space, such as `acme`."""
    return _without_domain(urlsplit(base_url).hostname or "")[:NAME_LIMIT]
