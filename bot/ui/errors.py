"""From an error to the words a person reads: what happened, and what to do next.

The only place that words errors. Nothing here shows a credential, and what the API said of the
error passes through text.py.
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

# Together they fit into a block of text, whatever the API says and however many projects there are.
_FAULTS_SHOWN: Final = 2
_FAULT_LIMIT: Final = 120
_ANSWERS_SHOWN: Final = 3
_PROJECTS_SHOWN: Final = 4
_LONGEST_WAIT_NAMED: Final = 24 * 60 * 60.0
"""Seconds. Who is told to wait for more than a day isn't helped by the number of hours."""
_TIMES: Final = {1: "once", 2: "twice", 3: "three times"}


@dataclass(frozen=True)
class ErrorText:
    """One thing that went wrong, in mrkdwn without emphasis."""

    emoji: str
    title: str
    detail: str
    hint: str
    short: str = ""
    """What a row for this says besides the title."""


INTERNAL_ERROR: Final = ErrorText(
    "🩹",
    "Sorry, something broke in this bot",
    "What you asked for wasn't finished. It isn't your fault.",
    "Try again. If it goes on, show this message to whoever runs this bot.",
)


def describe(error: SignalWireError) -> ErrorText:
    """The words for what a SignalWire project answered."""
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
        case BadRequestError(status=status, errors=faults):
            said = "; ".join(_in_its_words(fault) for fault in faults[:_FAULTS_SHOWN])
            what = f"It answered {status}" + (
                f": {_ended(said)}" if said else " and gave no reason."
            )
            return ErrorText(
                "⚠️",
                "SignalWire rejected the request",
                what,
                "Check the id. If it is right, show this message to whoever runs this bot.",
                short=what,
            )
        case _:
            return _explain_no_answer(error)


def _in_its_words(fault: ApiError) -> str:
    return " ".join(mrkdwn.code(part, _FAULT_LIMIT) for part in (fault.code, fault.message) if part)


def _ended(said: str) -> str:
    """With a full stop, unless it ends with a mark of its own."""
    return said if said.rstrip("`").endswith((".", "!", "?", "…")) else f"{said}."


def _explain_no_answer(error: SignalWireError) -> ErrorText:
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
            came = f"and got an error back ({cause})" if cause.isdigit() else "without an answer"
            return ErrorText(
                "📡",
                "SignalWire isn't answering",
                f"The bot tried {times} {came}.",
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
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def is_transient(errors: Mapping[str, SignalWireError]) -> bool:
    """Whether the same lookup may come to something else in a moment.

    A log that isn't there may be: it takes a moment to be written.
    """
    passing = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)
    return any(isinstance(error, passing) for error in errors.values())


def not_found(
    result: NotFound, request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """The message for an id that no project had.

    Here and below: the ids in `retry` are what a **Try again** button looks up; none, no button.
    `thread_ts` is the thread that a card found then may be shared in.
    """
    problem = describe_all(result.errors)
    answers = per_project_lines(result.errors)
    about = f"Asked for {mrkdwn.code(str(result.log_id))}. {reference_line(request_id)}"
    return message(problem, [*answers, problem.hint], about, retry=retry, thread_ts=thread_ts)


def describe_all(errors: Mapping[str, SignalWireError]) -> ErrorText:
    """One problem for all projects: the common one, or the one most worth acting on.

    A project that could not be asked goes before one that has no such log: the log may be there.
    """
    worst = min(errors.values(), key=_worth_acting_on)
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


def _worth_acting_on(error: SignalWireError) -> int:
    """The lower, the more it helps to act on it. A log that is too old is a log that is there."""
    order = (LogTooOldError, AuthenticationError, RateLimitedError, UnavailableError)
    if isinstance(error, LogNotFoundError):
        return len(order) + 1
    return next((rank for rank, kind in enumerate(order) if isinstance(error, kind)), len(order))


def per_project_lines(
    errors: Mapping[str, SignalWireError],
    explain: Callable[[SignalWireError], ErrorText] = describe,
) -> list[str]:
    """What each project answered, a line an answer; nothing when only one was asked.

    Args:
        errors: by project.
        explain: words an error.
    """
    if len(errors) == 1:
        return []
    names: dict[tuple[str, str], list[str]] = {}
    for name, error in errors.items():
        problem = explain(error)
        names.setdefault((problem.title, problem.short), []).append(mrkdwn.code(name, 40))
    lines = [
        f"• {title}: {_listed(projects)}" + (f". {brief}" if brief else "")
        for (title, brief), projects in names.items()
    ]
    more = len(lines) - _ANSWERS_SHOWN
    return [*lines[:_ANSWERS_SHOWN], *([f"… and {more} other answers"] if more > 0 else [])]


def _listed(projects: Sequence[str]) -> str:
    shown = ", ".join(projects[:_PROJECTS_SHOWN])
    more = len(projects) - _PROJECTS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def internal_error(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """The apology for a fault of the bot's own."""
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
    """For what a stopping process could not finish."""
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
    """For what isn't begun because too much is under way; with `of_one`, of the same person's."""
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
    """What happened, then `paragraphs` of what can be done, and small print; all mrkdwn."""
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
    """The reference that is also in the log."""
    return f"Reference {mrkdwn.code(request_id)}."


def _when(seconds: float | None) -> str:
    if seconds is None:
        return "in a minute"
    return "later" if seconds > _LONGEST_WAIT_NAMED else f"in {mrkdwn.duration(_up(seconds))}"


def _up(seconds: float) -> int:
    """Milliseconds, at least a second: `0 s` would say to try again at once."""
    return max(int(-(-seconds // 1)), 1) * 1000


_SHOW_IT: Final = "Try again. If it goes on, show this message to whoever runs this bot."


def describe_list(error: SignalWireError) -> ErrorText:
    """The words for what a SignalWire project answered."""
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
            return replace(problem, hint=_SHOW_IT)
        case InvalidResponseError(cause=cause) if cause != NOT_THE_API:
            return replace(
                problem,
                detail="It sent something that isn't a list of voice logs.",
                hint=_SHOW_IT,
            )
        case _:
            return problem


def describe_part(error: SignalWireError) -> ErrorText:
    """The words for what a project answered when asked for a part: events, or a parent leg.

    Only the title and the next step are shown in a part's place.
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
