"""Error texts for users: what happened and what to do next.

The texts for all SignalWire errors are here; multi_project_errors.py combines those of several
projects. None shows a credential; text from the API is escaped by mrkdwn.py.
"""

from dataclasses import dataclass, replace
from typing import Final

from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.ui import durations, mrkdwn, signs

# With these limits, the text fits in a section whatever the API sends.
_API_ERRORS_SHOWN: Final = 2
_API_ERROR_LIMIT: Final = 120
_LONGEST_WAIT_NAMED: Final = 24 * 60 * 60.0
"""Seconds. A longer wait is shown as "later"."""
_TIMES: Final = {1: "once", 2: "twice", 3: "three times"}


@dataclass(frozen=True)
class ErrorText:
    """The text for one error, in mrkdwn without emphasis."""

    emoji: str
    title: str
    detail: str
    hint: str
    short: str = ""
    """The detail that a row shows after the title."""


_INCLUDE_THIS: Final = "contact the bot's administrator and include this message."
_TRY_AGAIN: Final = f"Try again. If it happens again, {_INCLUDE_THIS}"
_SOON: Final = "Try again in a few seconds."

INTERNAL_ERROR: Final = ErrorText(
    signs.FAILED,
    "Sorry, something went wrong",
    "Your request couldn't be completed. This is a bug in the bot, not something you did.",
    _TRY_AGAIN,
)
RESTARTING: Final = ErrorText(
    signs.WARNING, "The bot is restarting", "Your request was interrupted.", _SOON
)
BUSY: Final = ErrorText(
    signs.WARNING,
    "The bot is busy",
    "Too many requests are running; this one wasn't started.",
    _SOON,
)
BUSY_WITH_YOURS: Final = replace(
    BUSY, detail="Too many of your requests are running; this one wasn't started."
)
NOT_FOUND: Final = ErrorText(
    signs.SEARCH,
    "No such voice log",
    "The SignalWire project has no voice log with this ID.",
    "Check the ID. A call's log may take a moment to appear. The ID may also belong to another"
    " project, or to a message, a fax or a recording.",
)
CREDENTIALS_REJECTED: Final = ErrorText(
    signs.FAILED,
    "SignalWire rejected the bot's credentials",
    "It didn't accept the project ID, the API token or the token's scope.",
    "Ask the bot's administrator to check the project ID and the API token, which needs the Voice"
    " scope.",
)
TOO_OLD: Final = ErrorText(
    signs.WARNING,
    "This log is too old",
    "The log is older than the SignalWire account's history limit.",
    "Ask the owner of the SignalWire account whether the limit can be raised.",
)
REQUEST_REJECTED: Final = ErrorText(
    signs.FAILED,
    "SignalWire rejected the request",
    "It responded with an error.",
    f"Check the ID. If it's right, {_INCLUDE_THIS}",
)
RATE_LIMITED: Final = ErrorText(
    signs.WARNING,
    "SignalWire is rate-limiting the bot",
    "The bot sent too many requests in a short time.",
    "Try again later.",
)
TOO_MANY_LOOKUPS: Final = replace(
    BUSY, detail="Too many lookups are running; this one couldn't start in time."
)
UNAVAILABLE: Final = ErrorText(
    signs.FAILED,
    "SignalWire isn't responding",
    "The bot got no response.",
    "Try again in a minute. If it keeps failing, check SignalWire's status page.",
)
SERVER_ERROR: Final = replace(UNAVAILABLE, title="SignalWire had an error")
SPACE_NOT_FOUND: Final = ErrorText(
    signs.FAILED,
    "SignalWire space not found",
    "The bot got a 404 that isn't from SignalWire's API. The configured space may not exist.",
    "Ask the bot's administrator to check the name of the space.",
)
UNREADABLE: Final = ErrorText(
    signs.FAILED,
    "SignalWire's response couldn't be read",
    "It isn't a voice log.",
    _TRY_AGAIN,
)


def describe(error: SignalWireError) -> ErrorText:
    """Describe the error that a lookup in a SignalWire project raised."""
    match error:
        case LogNotFoundError():
            return NOT_FOUND
        case AuthenticationError():
            return CREDENTIALS_REJECTED
        case LogTooOldError(limit_date=date):
            detail = _with_date(TOO_OLD.detail, date)
            return replace(TOO_OLD, detail=detail, short=detail)
        case BadRequestError(status=status, errors=api_errors):
            reasons = "; ".join(_quoted(api_error) for api_error in api_errors[:_API_ERRORS_SHOWN])
            detail = f"It responded with {status}" + (
                f": {_with_period(reasons)}" if reasons else " and gave no reason."
            )
            return replace(REQUEST_REJECTED, detail=detail, short=detail)
        case _:
            return _describe_unavailable(error)


def _with_date(sentence: str, date: str | None) -> str:
    """Add the date of the history limit, if SignalWire gave it."""
    return f"{sentence.removesuffix('.')} ({date})." if date else sentence


def _quoted(api_error: ApiError) -> str:
    return " ".join(
        mrkdwn.code(part, _API_ERROR_LIMIT) for part in (api_error.code, api_error.message) if part
    )


def _with_period(text: str) -> str:
    """Add a period unless the text already ends with punctuation."""
    return text if text.rstrip("`").endswith((".", "!", "?", "…")) else f"{text}."


def _describe_unavailable(error: SignalWireError) -> ErrorText:
    match error:
        case RateLimitedError(retry_after_seconds=seconds):
            hint = f"Try again {_when(seconds)}."
            return replace(RATE_LIMITED, hint=hint, short=hint)
        case UnavailableError(attempts=0):
            return TOO_MANY_LOOKUPS
        case UnavailableError(cause=cause, attempts=attempts):
            times = _TIMES.get(attempts, f"{attempts} times")
            if cause.isdigit():
                title = f"{SERVER_ERROR.title} ({cause})"
                return replace(SERVER_ERROR, title=title, detail=f"The bot tried {times}.")
            return replace(UNAVAILABLE, detail=f"The bot tried {times} and got no response.")
        case InvalidResponseError(cause=cause):
            return SPACE_NOT_FOUND if cause == NOT_THE_API else UNREADABLE
        case _:  # pragma: no cover - a test checks that each error is described
            raise TypeError(f"no text for {type(error).__name__}")


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "in a minute"
    return "later" if seconds > _LONGEST_WAIT_NAMED else durations.from_now(seconds)


def describe_list(error: SignalWireError) -> ErrorText:
    """Describe the error that listing a SignalWire project's voice logs raised."""
    problem = describe(error)
    match error:
        case LogNotFoundError():
            return replace(
                problem,
                emoji=signs.FAILED,
                title="This project has no voice log list",
                detail="The project's space doesn't provide a list of voice logs.",
                hint="Ask the bot's administrator to check the space and the project ID.",
            )
        case LogTooOldError(limit_date=date):
            return replace(
                problem,
                title="That's too far back",
                detail=_with_date("It's beyond the SignalWire account's history limit.", date),
                hint="Use a shorter time range, such as 2h or 3d.",
            )
        case BadRequestError():
            return replace(problem, hint=_TRY_AGAIN)
        case InvalidResponseError(cause=cause) if cause != NOT_THE_API:
            return replace(problem, detail="It isn't a list of voice logs.")
        case _:
            return problem


def describe_check(error: SignalWireError) -> ErrorText:
    """Describe the error that checking a SignalWire project raised."""
    problem = describe_list(error)
    if isinstance(error, LogTooOldError):
        title = "The check is beyond the SignalWire account's history limit"
        return replace(problem, title=title, hint=TOO_OLD.hint)
    return problem


def describe_part(error: SignalWireError) -> ErrorText:
    """Describe the error that fetching events or a parent leg raised.

    Only the title and the hint are shown.
    """
    problem = describe_list(error)
    match error:
        case LogNotFoundError():
            return replace(
                problem,
                emoji=signs.SEARCH,
                title="SignalWire doesn't have it",
                hint="Open Details again in a moment.",
            )
        case LogTooOldError():
            return replace(problem, hint="SignalWire no longer provides it.")
        case _:
            return problem
