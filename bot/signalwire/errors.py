"""Every way in which SignalWire can fail to give a voice log, one class per meaning.

    SignalWireError
    ├── LogNotFoundError          404
    ├── CredentialsRefusedError   401, 403
    ├── LogTooOldError            422 with code exceeds_history_logs_limit
    ├── RequestRejectedError      any other 4xx
    ├── RateLimitedError          429
    ├── UnavailableError          5xx, timeout, connection, TLS
    └── UnreadableAnswerError     not the expected JSON (nor is a 404's), too large, a redirect, any
                                  other status

Statuses: SignalWire docs, "Error codes" and "Authorization". 401 and 403 are one class because
those two pages disagree about which of them a missing scope gives. The words a person reads are
not here: they are in ui/errors.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

NOT_THE_API: Final = "404 without JSON"
"""The cause of the UnreadableAnswerError of a host that has no API: the space may not exist."""


class SignalWireError(Exception):
    """What went wrong between the bot and one SignalWire project."""

    outcome: ClassVar[str]
    """One word for the audit line."""


class LogNotFoundError(SignalWireError):
    """The project has no log with this id (404)."""

    outcome: ClassVar[str] = "not_found"


class AuthenticationError(SignalWireError):
    """The project id, the token or the token's scope was refused (401, 403)."""

    outcome: ClassVar[str] = "credentials_refused"


@dataclass(eq=False)
class LogTooOldError(SignalWireError):
    """The log is older than the account's history limit (422 exceeds_history_logs_limit)."""

    outcome: ClassVar[str] = "too_old"
    limit_date: str | None
    """ISO date of the limit, if the answer named it."""


@dataclass(frozen=True)
class ApiError:
    """One fault as the API words it. Outside text: escape it before it is shown."""

    code: str
    message: str


@dataclass(eq=False)
class BadRequestError(SignalWireError):
    """The API found fault with the request or the account (4xx)."""

    outcome: ClassVar[str] = "rejected"
    status: int
    errors: Sequence[ApiError]


@dataclass(eq=False)
class RateLimitedError(SignalWireError):
    """Too many requests (429)."""

    outcome: ClassVar[str] = "rate_limited"
    retry_after_seconds: float | None


@dataclass(eq=False)
class UnavailableError(SignalWireError):
    """No usable answer came: 5xx, timeout, refused or broken connection, TLS failure."""

    outcome: ClassVar[str] = "unavailable"
    cause: str
    """`500`, `timeout` or the class name of the transport's error; for logs."""
    attempts: int = 1
    """How often it was tried; 0 if the bot had no room to try within the time there was."""
    retry_after_seconds: float | None = None
    """When to try again, if a 503 said."""


@dataclass(eq=False)
class InvalidResponseError(SignalWireError):
    """An answer came that is not a voice log: HTML, wrong JSON, over the size cap, a redirect."""

    outcome: ClassVar[str] = "unreadable"
    cause: str
    """A few words for logs, never the answer's own."""
