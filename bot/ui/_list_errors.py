"""The words for what SignalWire answered when it wasn't asked for a log that somebody named.

problems.py words the rest; it speaks of an id that somebody gave, and here nobody gave one.
"""

from dataclasses import replace
from typing import Final

from bot.signalwire.errors import (
    NOT_THE_API,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    SignalWireError,
)
from bot.ui import errors
from bot.ui.errors import ErrorText

_SHOW_IT: Final = "Try again. If it goes on, show this message to whoever runs this bot."


def describe_list(error: SignalWireError) -> ErrorText:
    """The words for what a SignalWire project answered."""
    problem = errors.describe(error)
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
