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
    about = asked_for([result], request_id)
    return message(problem, [*answers, problem.hint], about, retry=retry, thread_ts=thread_ts)


def internal_error(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for an internal error."""
    return _own(errors.INTERNAL_ERROR, request_id, retry, thread_ts)


def restarting(
    request_id: str, *, retry: Sequence[UUID] = (), thread_ts: str | None = None
) -> Message:
    """Build the message for a request that was cut short by a shutdown."""
    return _own(errors.RESTARTING, request_id, retry, thread_ts)


def busy(
    request_id: str,
    *,
    per_user: bool = False,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
) -> Message:
    """Build the message for a rejected request: too many are running, in all or `per_user`."""
    yours = replace(
        errors.BUSY, detail="Too many of your requests are running; this one wasn't started."
    )
    return _own(yours if per_user else errors.BUSY, request_id, retry, thread_ts)


def _own(
    problem: ErrorText, request_id: str, retry: Sequence[UUID], thread_ts: str | None
) -> Message:
    about = reference_line(request_id)
    return message(problem, [problem.hint], about, retry=retry, thread_ts=thread_ts)


def message(
    problem: ErrorText,
    paragraphs: Sequence[str],
    about: str,
    *,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
    buttons: Sequence[Button] = (),
) -> Message:
    """Build an error message: the error, `paragraphs` of advice, and `about` below; all mrkdwn.

    `buttons` are the ones besides **Try again**.
    """
    text = "\n".join([problem.detail, *paragraphs])
    body = [
        block_kit.header(f"{problem.emoji} {problem.title}"),
        block_kit.section(text),
        block_kit.context(about),
        *block_kit.actions([*([actions.retry(retry, thread_ts)] if retry else []), *buttons]),
    ]
    return block_kit.message(
        [f"{problem.title}.", mrkdwn.mrkdwn_to_text(text), mrkdwn.mrkdwn_to_text(about)], body
    )


def asked_for(results: Sequence[NotFound], request_id: str) -> str:
    """Return the ids that were looked up and the request ID, as a line of mrkdwn."""
    ids = ", ".join(mrkdwn.code(str(result.log_id)) for result in results)
    return f"Asked for {ids}. {reference_line(request_id)}"


def reference_line(request_id: str) -> str:
    """Return the request ID, which is also in the bot's log, as a line of mrkdwn."""
    return f"Reference {mrkdwn.code(request_id)}."
