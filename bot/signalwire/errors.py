"""The errors of the SignalWire client, one class per meaning.

Statuses: SignalWire docs, "Error codes" and "Authorization". 401 and 403 are one class because
those two pages disagree on which of them a missing scope causes. The texts for users are in
ui/errors.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

NOT_THE_API: Final = "404 without JSON"
"""The cause of the InvalidResponseError from a host without the API: the space may not exist."""


class SignalWireError(Exception):
    """A request to a SignalWire project failed."""

    outcome: ClassVar[str]
    """One word for the audit line."""


class LogNotFoundError(SignalWireError):
    """The project has no log with this id (404)."""

    outcome: ClassVar[str] = "not_found"


class AuthenticationError(SignalWireError):
    """The project id, the token or the token's scope was rejected (401, 403)."""

    outcome: ClassVar[str] = "credentials_rejected"


@dataclass(eq=False)
class LogTooOldError(SignalWireError):
    """The log is older than the account's history limit (422 exceeds_history_logs_limit)."""

    outcome: ClassVar[str] = "too_old"
    limit_date: str | None
    """ISO date of the limit, if the response contains it."""


@dataclass(frozen=True)
class ApiError:
    """An error as the API words it. Untrusted text: escape it before display."""

    code: str
    message: str


@dataclass(eq=False)
class BadRequestError(SignalWireError):
    """The API rejected the request or the account (any other 4xx)."""

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
    """No usable response: 5xx, timeout, refused or broken connection, TLS failure."""

    outcome: ClassVar[str] = "unavailable"
    cause: str
    """`500`, `timeout` or the class name of the transport error; for logs."""
    attempts: int = 1
    """The number of attempts; 0 if the semaphore wasn't free in time."""
    retry_after_seconds: float | None = None
    """Retry-After, if any."""


@dataclass(eq=False)
class InvalidResponseError(SignalWireError):
    """The response isn't the expected JSON: HTML, a redirect, too large, any other status."""

    outcome: ClassVar[str] = "unreadable"
    cause: str
    """A few words for logs, never quoted from the response."""
