"""Messages that show an error: the text, advice, the request ID and **Try again**."""

from collections.abc import Sequence
from uuid import UUID

from bot.ui import actions, block_kit, mrkdwn
from bot.ui.block_elements import Element
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText


def failed(
    problem: ErrorText,
    request_id: str,
    *,
    retry: Sequence[UUID] = (),
    thread_ts: str | None = None,
) -> Message:
    """Build the message for a request that failed, was interrupted or wasn't started.

    **Try again** looks up the IDs in `retry`; without any, there is no button. A card found by it
    can be shared to the thread `thread_ts`.
    """
    buttons = [actions.retry(retry, thread_ts)] if retry else []
    return message(problem, request_id, buttons=buttons)


def message(
    problem: ErrorText,
    request_id: str,
    *,
    paragraphs: Sequence[str] = (),
    log_ids: Sequence[UUID] = (),
    buttons: Sequence[Element] = (),
) -> Message:
    """Build an error message, which names the IDs that were looked up, if `log_ids` has any.

    `paragraphs` are mrkdwn below the error, in place of its hint.
    """
    text = "\n".join([problem.detail, *(paragraphs or [problem.hint])])
    asked_for = ", ".join(mrkdwn.code(str(log_id)) for log_id in log_ids)
    about = f"You asked for {asked_for}. " if asked_for else ""
    titled = block_kit.titled(problem.title, [text], problem.emoji)
    noted = block_kit.with_notes(titled, [about + reference_line(request_id)])
    return block_kit.with_buttons(noted, buttons)


def reference_line(request_id: str) -> str:
    """Return the request ID, which is also in the bot's log, as a line of mrkdwn."""
    return f"Reference {mrkdwn.code(request_id)}."
