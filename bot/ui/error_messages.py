"""Messages that show an error: the text, advice, the request id and **Try again**."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from bot.ui import actions, block_kit, errors, mrkdwn
from bot.ui.block_kit import Button, Message
from bot.ui.errors import ErrorText
from bot.voicelogs.results import NotFound


def not_found(
    result: NotFound, request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for an ID that was found in no project.

    Here and below, **Try again** looks up the IDs in `retry`; without any, there is no button. A
    card found by it can be shared to the thread `thread_ts`.
    """
    problem = errors.describe_all(result.errors)
    answers = errors.per_project_lines(result.errors)
    return message(
        problem,
        request_id,
        paragraphs=[*answers, problem.hint],
        log_ids=[result.log_id],
        buttons=_try_again(retry, thread_ts),
    )


def internal_error(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for an internal error."""
    return message(errors.INTERNAL_ERROR, request_id, buttons=_try_again(retry, thread_ts))


def restarting(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for a request that was cut short by a shutdown."""
    return message(errors.RESTARTING, request_id, buttons=_try_again(retry, thread_ts))


def busy(
    request_id: str,
    *,
    per_user: bool = False,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
) -> Message:
    """Build the message for a rejected request: too many are running, in all or `per_user`."""
    yours = "Too many of your requests are running; this one wasn't started."
    problem = replace(errors.BUSY, detail=yours) if per_user else errors.BUSY
    return message(problem, request_id, buttons=_try_again(retry, thread_ts))


def _try_again(log_ids: Sequence[UUID], thread_ts: str | None) -> list[Button]:
    return [actions.retry(log_ids, thread_ts)] if log_ids else []


def message(
    problem: ErrorText,
    request_id: str,
    *,
    paragraphs: Sequence[str] = (),
    log_ids: Sequence[UUID] = (),
    buttons: Sequence[Button] = (),
) -> Message:
    """Build an error message.

    Args:
        problem: the error.
        request_id: of the request that failed.
        paragraphs: mrkdwn below the error, in place of its hint.
        log_ids: those that were looked up, if they are to be named.
        buttons: shown at the end.
    """
    text = "\n".join([problem.detail, *(paragraphs or [problem.hint])])
    asked_for = ", ".join(mrkdwn.code(str(log_id)) for log_id in log_ids)
    about = f"Asked for {asked_for}. " if asked_for else ""
    about += reference_line(request_id)
    told = block_kit.titled(problem.title, [text], problem.emoji)
    return block_kit.with_buttons(block_kit.with_notes(told, [about]), buttons)


def reference_line(request_id: str) -> str:
    """Return the request ID, which is also in the bot's log, as a line of mrkdwn."""
    return f"Reference {mrkdwn.code(request_id)}."
