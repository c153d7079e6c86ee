"""Error texts for users: what happened and what to do next.

All SignalWire errors are worded here. No text shows a credential; text from the API is escaped by
mrkdwn.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

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
from bot.ui import actions, block_kit, mrkdwn
from bot.ui.block_kit import Message
from bot.voicelogs.results import NotFound

# With these limits the text fits in a section, whatever the API sends and for any project count.
_API_ERRORS_SHOWN: Final = 2
_API_ERROR_LIMIT: Final = 120
_LINES_SHOWN: Final = 3
_PROJECTS_SHOWN: Final = 4
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
    """What a row adds to the title."""


INTERNAL_ERROR: Final = ErrorText(
    "🩹",
    "Sorry, something broke in this bot",
    "What you asked for wasn't finished. It isn't your fault.",
    "Try again. If it goes on, show this message to whoever runs this bot.",
)


def describe(error: SignalWireError) -> ErrorText:
    """Describe the error that a lookup in a SignalWire project raised."""
    match error:
        case LogNotFoundError():
            return ErrorText(
                "🔍",
                "No such voice log",
                "The SignalWire project has no voice log with this id.",
                "Check the id. A call's log may take a moment to be written. The id may also belong"
                " to another project, or be the id of a message, a fax or a recording.",
            )
        case AuthenticationError():
            return ErrorText(
                "🔑",
                "SignalWire refused the bot's credentials",
                "The project id, the API token or the token's scope isn't accepted.",
                "Ask whoever runs this bot to check the project id and the token, and that the"
                " token has the Voice scope.",
            )
        case LogTooOldError(limit_date=date):
            what = "The log is older than the history limit of the SignalWire account"
            what += f", which reaches back to {date}." if date else "."
            return ErrorText(
                "📅",
                "This log is too old",
                what,
                "Ask whoever runs the SignalWire account whether the limit can be raised.",
                short=what,
            )
        case BadRequestError(status=status, errors=api_errors):
            said = "; ".join(_quoted(api_error) for api_error in api_errors[:_API_ERRORS_SHOWN])
            what = f"It answered {status}" + (
                f": {_with_period(said)}" if said else " and gave no reason."
            )
            return ErrorText(
                "⚠️",
                "SignalWire rejected the request",
                what,
                "Check the id. If it is right, show this message to whoever runs this bot.",
                short=what,
            )
        case _:
            return _describe_unavailable(error)


def _quoted(api_error: ApiError) -> str:
    return " ".join(
        mrkdwn.code(part, _API_ERROR_LIMIT) for part in (api_error.code, api_error.message) if part
    )


def _with_period(said: str) -> str:
    """Add a period unless the text already ends with punctuation."""
    return said if said.rstrip("`").endswith((".", "!", "?", "…")) else f"{said}."


def _describe_unavailable(error: SignalWireError) -> ErrorText:
    match error:
        case RateLimitedError(retry_after_seconds=seconds):
            wait = _when(seconds)
            return ErrorText(
                "🐢",
                "SignalWire asks to slow down",
                "Too many requests were made in a short time.",
                f"Try again {wait}.",
                short=f"Try again {wait}.",
            )
        case UnavailableError(attempts=0):
            return ErrorText(
                "🚦",
                "The bot is busy",
                "Too many lookups are under way, so this one wasn't begun in time.",
                "Ask again in a few seconds.",
            )
        case UnavailableError(cause=cause, attempts=attempts):
            times = _TIMES.get(attempts, f"{attempts} times")
            outcome = f"and got an error back ({cause})" if cause.isdigit() else "without an answer"
            return ErrorText(
                "📡",
                "SignalWire isn't answering",
                f"The bot tried {times} {outcome}.",
                "Try again in a minute. If it goes on, look at SignalWire's status page.",
            )
        case InvalidResponseError(cause=cause) if cause == NOT_THE_API:
            return ErrorText(
                "🧭",
                "SignalWire's voice logs aren't there",
                "The answer was 404, and not in the API's own form: the space that the bot is set"
                " up with may not exist.",
                "Ask whoever runs this bot to check the space's name.",
            )
        case InvalidResponseError():
            return ErrorText(
                "❓",
                "SignalWire's answer couldn't be read",
                "It sent something that isn't a voice log.",
                "Try again. If it goes on, show this message to whoever runs this bot.",
            )
        case _:  # pragma: no cover - a test sees that each error is described
            raise TypeError(f"no text for {type(error).__name__}")


def is_transient(errors: Mapping[str, SignalWireError]) -> bool:
    """Return whether retrying the same lookup may help.

    This includes a log that wasn't found: SignalWire may not have written it yet.
    """
    passing = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)
    return any(isinstance(error, passing) for error in errors.values())


def not_found(
    result: NotFound, request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for an ID that was found in no project.

    Here and below, **Try again** looks up the IDs in `retry`; without any, there is no button. A
    card found by it can be shared to the thread `thread_ts`.
    """
    problem = describe_all(result.errors)
    answers = per_project_lines(result.errors)
    about = f"Asked for {mrkdwn.code(str(result.log_id))}. {reference_line(request_id)}"
    return message(problem, [*answers, problem.hint], about, retry=retry, thread_ts=thread_ts)


def describe_all(errors: Mapping[str, SignalWireError]) -> ErrorText:
    """Combine the errors of all projects into one: the common one, or the most actionable.

    A failed request takes precedence over "not found": that project may have the log.
    """
    worst = min(errors.values(), key=_priority)
    problem = describe(worst)
    if isinstance(worst, LogTooOldError) or len({type(error) for error in errors.values()}) == 1:
        all_lack_it = len(errors) > 1 and isinstance(worst, LogNotFoundError)
        none = f"Not one of the {len(errors)} SignalWire projects has a voice log with this id."
        return replace(problem, detail=none) if all_lack_it else problem
    if any(isinstance(error, LogNotFoundError) for error in errors.values()):
        title = "Not found, but not every project could tell"
        what = "The log may be in a project that gave no answer about it."
    else:
        title = "No SignalWire project could tell"
        what = f"Not one of the {len(errors)} projects gave an answer about this log."
    return ErrorText("🔍", title, what, problem.hint)


def _priority(error: SignalWireError) -> int:
    """Sort key, the most actionable error first. A log that is too old does exist."""
    order = (LogTooOldError, AuthenticationError, RateLimitedError, UnavailableError)
    if isinstance(error, LogNotFoundError):
        return len(order) + 1
    return next((rank for rank, kind in enumerate(order) if isinstance(error, kind)), len(order))


def per_project_lines(
    errors: Mapping[str, SignalWireError],
    explain: Callable[[SignalWireError], ErrorText] = describe,
) -> list[str]:
    """List the errors with their projects, one line per distinct error; empty for one project.

    Args:
        errors: by project name.
        explain: describes an error.
    """
    if len(errors) == 1:
        return []
    projects_by_text: dict[tuple[str, str], list[str]] = {}
    for name, error in errors.items():
        problem = explain(error)
        projects_by_text.setdefault((problem.title, problem.short), []).append(
            mrkdwn.code(name, 40)
        )
    lines = [
        f"• {title}: {_listed(projects)}" + (f". {brief}" if brief else "")
        for (title, brief), projects in projects_by_text.items()
    ]
    more = len(lines) - _LINES_SHOWN
    return [*lines[:_LINES_SHOWN], *([f"… and {more} other answers"] if more > 0 else [])]


def _listed(projects: Sequence[str]) -> str:
    shown = ", ".join(projects[:_PROJECTS_SHOWN])
    more = len(projects) - _PROJECTS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def internal_error(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for an internal error."""
    return message(
        INTERNAL_ERROR,
        [INTERNAL_ERROR.hint],
        reference_line(request_id),
        retry=retry,
        thread_ts=thread_ts,
    )


def restarting(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for a request that was cut short by a shutdown."""
    problem = ErrorText(
        "♻️",
        "The bot is restarting",
        "What you asked for wasn't finished.",
        "Ask again in a few seconds.",
    )
    return message(
        problem, [problem.hint], reference_line(request_id), retry=retry, thread_ts=thread_ts
    )


def busy(
    request_id: str,
    *,
    of_one: bool = False,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
) -> Message:
    """Build the message for a rejected request: too many are running; `of_one`: of this user's."""
    problem = ErrorText(
        "🚦",
        "The bot is busy",
        "Too much of what you asked for is under way already, so this wasn't begun."
        if of_one
        else "Too much is under way, so what you asked for wasn't begun.",
        "Ask again in a few seconds.",
    )
    return message(
        problem, [problem.hint], reference_line(request_id), retry=retry, thread_ts=thread_ts
    )


def message(
    problem: ErrorText,
    paragraphs: Sequence[str],
    about: str,
    *,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
) -> Message:
    """Build an error message: the error, `paragraphs` of advice, and `about` below; all mrkdwn."""
    text = "\n".join([problem.detail, *paragraphs])
    body = [
        block_kit.header(f"{problem.emoji} {problem.title}"),
        block_kit.section(text),
        block_kit.context(about),
        *block_kit.actions([actions.retry(retry, thread_ts)] if retry else []),
    ]
    return block_kit.message(
        [f"{problem.title}.", mrkdwn.mrkdwn_to_text(text), mrkdwn.mrkdwn_to_text(about)], body
    )


def reference_line(request_id: str) -> str:
    """Return the request ID, which is also in the bot's log, as a line of mrkdwn."""
    return f"Reference {mrkdwn.code(request_id)}."


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "in a minute"
    return (
        "later"
        if seconds > _LONGEST_WAIT_NAMED
        else f"in {mrkdwn.duration(_rounded_up_ms(seconds))}"
    )


def _rounded_up_ms(seconds: float) -> int:
    """Round up to whole seconds, at least one, and return milliseconds; `0 s` would mislead."""
    return max(int(-(-seconds // 1)), 1) * 1000


_CONTACT_ADMIN: Final = "Try again. If it goes on, show this message to whoever runs this bot."


def describe_list(error: SignalWireError) -> ErrorText:
    """Describe the error that listing a SignalWire project's voice logs raised."""
    problem = describe(error)
    match error:
        case LogNotFoundError():
            return replace(
                problem,
                title="SignalWire has no voice logs there",
                detail="The project's space doesn't know the list of voice logs.",
                hint="Ask whoever runs this bot to check the space and the project id.",
            )
        case LogTooOldError(limit_date=date):
            limit = f", which reaches back to {date} only" if date else ""
            return replace(
                problem,
                title="That is too far back",
                detail=f"It lies beyond the history limit of the SignalWire account{limit}.",
                hint="Give a shorter span, such as 2h or 3d.",
            )
        case BadRequestError():
            return replace(problem, hint=_CONTACT_ADMIN)
        case InvalidResponseError(cause=cause) if cause != NOT_THE_API:
            return replace(
                problem,
                detail="It sent something that isn't a list of voice logs.",
                hint=_CONTACT_ADMIN,
            )
        case _:
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
                title="SignalWire doesn't have it",
                hint="Open the details again in a moment.",
            )
        case LogTooOldError():
            return replace(problem, hint="SignalWire doesn't give it out any more.")
        case _:
            return problem
