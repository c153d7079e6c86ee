"""The error text for a lookup in several SignalWire projects."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.signalwire.errors import (
    AuthenticationError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.ui import mrkdwn, signs
from bot.ui.errors import ErrorText, describe
from bot.voicelogs.results import NotFound

SOME_NOT_CHECKED: Final = "Not found, but some projects couldn't be checked"
NONE_CHECKED: Final = "No SignalWire project could be checked"

# With these limits, the text fits in a section however many projects there are.
_LINES_SHOWN: Final = 3
_PROJECTS_SHOWN: Final = 4


def is_transient(errors: Mapping[str, SignalWireError]) -> bool:
    """Return whether retrying the same lookup may help.

    This includes a log that wasn't found: SignalWire may not have written it yet.
    """
    transient = (LogNotFoundError, RateLimitedError, UnavailableError, InvalidResponseError)
    return any(isinstance(error, transient) for error in errors.values())


def describe_missing(missing: Sequence[NotFound]) -> ErrorText:
    """Describe the error for IDs of which no project has a log."""
    problem = describe_all(missing[0].errors)
    if len(missing) == 1:
        return problem
    return replace(
        problem,
        title="No such voice logs",
        detail=problem.detail.replace("this ID", "any of these IDs"),
        hint="Check the IDs. A call's log may take a moment to appear. The IDs may also belong to"
        " another project, or to messages, faxes or recordings.",
    )


def describe_all(errors: Mapping[str, SignalWireError]) -> ErrorText:
    """Combine the errors of all projects into one: the common one, or the most actionable.

    A failed request takes precedence over "not found": that project may have the log.
    """
    worst = min(errors.values(), key=_priority)
    problem = describe(worst)
    are_alike = len({describe(error).title for error in errors.values()}) == 1
    if are_alike and isinstance(worst, LogNotFoundError) and len(errors) > 1:
        detail = f"The {len(errors)} SignalWire projects have no voice log with this ID."
        return replace(problem, detail=detail)
    if are_alike or isinstance(worst, LogTooOldError):
        return problem
    if any(isinstance(error, LogNotFoundError) for error in errors.values()):
        sign, title = signs.WARNING, SOME_NOT_CHECKED
        detail = "The log may be in a project that couldn't be checked."
    else:
        sign, title = signs.FAILED, NONE_CHECKED
        detail = f"The lookup failed in each of the {len(errors)} projects."
    return ErrorText(sign, title, detail, problem.hint)


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
    """List the errors with their projects, one line per distinct error; empty for one project."""
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
    return mrkdwn.first_lines(lines, _LINES_SHOWN, "other responses", str)


def _listed(projects: Sequence[str]) -> str:
    shown = ", ".join(projects[:_PROJECTS_SHOWN])
    more = len(projects) - _PROJECTS_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
