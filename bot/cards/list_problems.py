"""The words for what SignalWire answered when it wasn't asked for one log, but for a list of them.

problems.py words the rest; it speaks of an id that somebody gave, and here nobody gave one.
"""

from dataclasses import replace
from typing import Final

from bot.cards import problems
from bot.cards.problems import Problem
from bot.signalwire.errors import (
    LogNotFoundError,
    LogTooOldError,
    RequestRejectedError,
    SignalWireError,
    UnreadableAnswerError,
)

_SHOW_IT: Final = "Try again. If it goes on, show this message to whoever runs this bot."


def explain(error: SignalWireError) -> Problem:
    """The words for what a SignalWire project answered."""
    problem = problems.explain(error)
    match error:
        case LogNotFoundError():
            return replace(
                problem,
                title="SignalWire has no voice logs there",
                what="The project's space doesn't know the list of voice logs.",
                next_step="Ask whoever runs this bot to check the space and the project id.",
            )
        case LogTooOldError(limit_date=date):
            limit = f", which reaches back to {date} only" if date else ""
            return replace(
                problem,
                title="That is too far back",
                what=f"It lies beyond the history limit of the SignalWire account{limit}.",
                next_step="Give a shorter span, such as 2h or 3d.",
            )
        case RequestRejectedError():
            return replace(problem, next_step=_SHOW_IT)
        case UnreadableAnswerError():
            return replace(
                problem,
                what="It sent something that isn't a list of voice logs.",
                next_step=_SHOW_IT,
            )
        case _:
            return problem
