"""From an error to the words a person reads: what happened, and what to do next.

The only place that words errors. Nothing here shows a credential, and what the API said of the
error passes through text.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.access import Refusal
from bot.cards import blocks
from bot.cards import text as words
from bot.cards.blocks import Button, Message
from bot.report import Missed
from bot.signalwire.errors import (
    CredentialsRefusedError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    RequestRejectedError,
    SignalWireError,
    UnavailableError,
    UnreadableAnswerError,
)

_FAULTS_SHOWN: Final = 3
_TIMES: Final = {1: "once", 2: "twice", 3: "three times"}


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong, in mrkdwn without emphasis."""

    emoji: str
    title: str
    what: str
    next_step: str


def explain(error: SignalWireError) -> Problem:
    """The words for what a SignalWire project answered."""
    match error:
        case LogNotFoundError():
            return Problem(
                "🔍",
                "No such voice log",
                "No SignalWire project that was asked has a voice log with this id.",
                "Check the id. A call's log may take a moment to be written. The id may also belong"
                " to another project, or be the id of a message, a fax or a recording.",
            )
        case CredentialsRefusedError():
            return Problem(
                "🔑",
                "SignalWire refused the bot's credentials",
                "The project id, the API token or the token's scope isn't accepted.",
                "Ask whoever runs this bot to check the project id and the token, and that the"
                " token has the Voice scope.",
            )
        case LogTooOldError(limit_date=date):
            since = f" It reaches back to {date}." if date else ""
            return Problem(
                "📅",
                "This log is too old",
                f"The log is older than the history limit of the SignalWire account.{since}",
                "Ask whoever runs the SignalWire account whether the limit can be raised.",
            )
        case RequestRejectedError(status=status, faults=faults):
            said = "; ".join(
                " ".join(words.code(part, 200) for part in (fault.code, fault.message) if part)
                for fault in faults[:_FAULTS_SHOWN]
            )
            return Problem(
                "⚠️",
                "SignalWire rejected the request",
                f"It answered {status}: {said or 'without giving a reason'}.",
                "Check the id. If it is right, show this message to whoever runs this bot.",
            )
        case _:
            return _explain_no_answer(error)


def _explain_no_answer(error: SignalWireError) -> Problem:
    match error:
        case RateLimitedError(retry_after_seconds=seconds):
            wait = f"in {words.duration(_up(seconds))}" if seconds is not None else "in a minute"
            return Problem(
                "🐢",
                "SignalWire asks to slow down",
                "Too many requests were made in a short time.",
                f"Try again {wait}.",
            )
        case UnavailableError(attempts=attempts):
            return Problem(
                "📡",
                "SignalWire isn't answering",
                f"The bot tried {_TIMES.get(attempts, f'{attempts} times')} without an answer.",
                "Try again in a minute. If it goes on, look at SignalWire's status page.",
            )
        case UnreadableAnswerError():
            return Problem(
                "❓",
                "SignalWire's answer couldn't be read",
                "It sent something that isn't a voice log.",
                "Try again. If it goes on, show this message to whoever runs this bot.",
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def missed(report: Missed, reference: str, *, buttons: Sequence[Button] = ()) -> Message:
    """The message for an id that no project had."""
    problem = summary(report.errors)
    answers = each_answer(report.errors)
    about = f"Asked for {words.code(str(report.log_id))}. {_reference(reference)}"
    return _message(problem, [*answers, problem.next_step], about, buttons)


def summary(errors: Mapping[str, SignalWireError]) -> Problem:
    """One problem for all projects: the common one, or the one most worth acting on.

    A project that could not be asked goes before one that has no such log: the log may be there.
    """
    by_title = {explain(error).title: error for error in errors.values()}
    if len(by_title) == 1:
        return explain(next(iter(errors.values())))
    unsure = [error for error in errors.values() if not isinstance(error, LogNotFoundError)]
    worst = explain(unsure[0])
    return Problem(
        "🔍",
        "No project has this voice log, as far as they could be asked",
        "Not every project could give an answer.",
        worst.next_step,
    )


def each_answer(errors: Mapping[str, SignalWireError]) -> list[str]:
    """What each project answered, a line each; nothing when only one was asked."""
    if len(errors) == 1:
        return []
    return [f"• {words.code(name)}: {explain(error).title}" for name, error in errors.items()]


def refused(refusal: Refusal, reference: str) -> Message:
    """The message for someone who may not ask, or not here."""
    problem = Problem(
        "🔒", "You can't look up voice logs here", _why(refusal), _whom_to_ask(refusal)
    )
    return _message(problem, [problem.next_step], _reference(reference), ())


def _why(refusal: Refusal) -> str:
    match refusal.reason:
        case "channel":
            return "Voice logs may be looked up in certain channels only, and this isn't one."
        case "user":
            return "Voice logs may be looked up by certain people only."
        case "team":
            return "Voice logs may be looked up by people of certain workspaces only."


def _whom_to_ask(refusal: Refusal) -> str:
    return (
        "Ask whoever runs this bot in your workspace (the app's About tab in Slack names who"
        f" installed it) to allow {words.code(refusal.subject)}."
    )


def own_fault(reference: str) -> Message:
    """The apology for a fault of the bot's own."""
    problem = Problem(
        "🩹",
        "Sorry, something broke in this bot",
        "Your lookup wasn't finished. It isn't your fault.",
        "Try again. If it goes on, show this message to whoever runs this bot.",
    )
    return _message(problem, [problem.next_step], _reference(reference), ())


def interrupted(reference: str) -> Message:
    """For a lookup that a stopping process could not finish."""
    problem = Problem(
        "♻️",
        "The bot is restarting",
        "Your lookup wasn't finished.",
        "Ask again in a few seconds.",
    )
    return _message(problem, [problem.next_step], _reference(reference), ())


def busy(reference: str) -> Message:
    """For a lookup that isn't begun because too many are under way."""
    problem = Problem(
        "🚦",
        "The bot is busy",
        "Too many lookups are under way, so yours wasn't begun.",
        "Ask again in a few seconds.",
    )
    return _message(problem, [problem.next_step], _reference(reference), ())


def _message(
    problem: Problem, paragraphs: Sequence[str], about: str, buttons: Sequence[Button]
) -> Message:
    text = "\n".join([problem.what, *paragraphs])
    body = [
        blocks.header(f"{problem.emoji} {problem.title}"),
        blocks.section(text),
        blocks.context(about),
        *blocks.actions(buttons),
    ]
    return blocks.message([f"{problem.title}.", words.spoken(text), words.spoken(about)], body)


def _reference(reference: str) -> str:
    return f"Reference {words.code(reference)}."


def _up(seconds: float) -> int:
    """Milliseconds, at least a second: `0 s` would say to try again at once."""
    return max(int(-(-seconds // 1)), 1) * 1000
