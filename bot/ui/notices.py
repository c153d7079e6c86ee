"""Messages and notes about waiting, sharing, following and modals."""

from datetime import datetime
from typing import Final
from uuid import UUID

from bot.ui import actions, block_kit, errors, mrkdwn, signs
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText
from bot.ui.subcommands import COMMAND

SHARED: Final = "Shared with everyone here."
SHARED_IN_THREAD: Final = "Shared in the thread."
SLOW: Final = "SignalWire is responding slowly"
NOT_SHARED: Final = "The card wasn't shared"
ALREADY_SHARED: Final = "This card was already shared"
ALREADY_FOLLOWING: Final = "You're already following this leg"
FOLLOW_LIMIT_REACHED: Final = "You're already following {limit} legs"
FOLLOW_CAPACITY_REACHED: Final = "Too many legs are being followed"
MODAL_FAILED: Final = "The window didn't open"
FOLLOWING: Final = (
    "Following: this card updates when the call's status changes, for up to half an hour."
)
FOLLOWING_TO_THE_END: Final = (
    "Following: this card will update once more, when the call ends (Slack limits updates)."
)
FOLLOWED_ELSEWHERE: Final = "Now followed in a newer card."
NOT_FOLLOWED: Final = "Not followed: SignalWire's log has had no end for hours."
FOLLOWING_ENDED: Final = "The call has ended, so this card no longer updates."
STOPPED: Final = "Following stopped"
_RESUME: Final = "Press Follow to resume."


def slow(what: str) -> Message:
    """Build the message for a slow response; `what` is posted below it later."""
    line = f"{SLOW}; {what} will appear here."
    return block_kit.message([line], [block_kit.context(f"{signs.WAITING} {line}")])


def updated(now: datetime) -> str:
    """Return the note, in mrkdwn, below an updated card."""
    return f"Updated {mrkdwn.date_token(now)}"


def shared_by(user_id: str) -> str:
    """Return the note, in mrkdwn, below a shared card; `user_id` is from a verified request."""
    return f"Shared by <@{user_id}>"


def full_numbers(log_id: UUID) -> str:
    """Return the note, in mrkdwn, for a modal opened from a shared card."""
    return f"Run {mrkdwn.code(f'{COMMAND} {log_id}')} yourself to see the full numbers."


def stopped_following(why: str) -> str:
    """Return the note below a card that is no longer followed."""
    return f"{STOPPED}: {why} {_RESUME}"


HALF_AN_HOUR: Final = "Slack allows updates for half an hour only."
RESTARTING: Final = "the bot is restarting."


def stopped_for(problem: ErrorText) -> str:
    """Return the reason for `stopped_following` when SignalWire failed."""
    return f"{problem.title}."


def share_failed(log_id: UUID, request_id: str, *, in_thread: bool, masks_shared: bool) -> Message:
    """Build the message for a rejected share; after a thread, offer to share in the channel."""
    if not in_thread:
        problem = ErrorText(
            signs.FAILED,
            NOT_SHARED,
            "Slack rejected the message.",
            "Try again. If it keeps failing, copy what you need from your card.",
        )
        return errors.message(problem, [problem.hint], errors.reference_line(request_id))
    problem = ErrorText(
        signs.FAILED,
        NOT_SHARED,
        "Slack rejected the message in this thread.",
        "You can share it in the channel instead.",
    )
    failed = errors.message(problem, [problem.hint], errors.reference_line(request_id))
    offer = actions.share_in_channel(log_id, masks_shared=masks_shared)
    return block_kit.message([failed.text], [*failed.blocks, *block_kit.actions([offer])])


def already_shared(request_id: str) -> Message:
    """Build the message for a second Share of the same card."""
    return _message(
        signs.WARNING,
        ALREADY_SHARED,
        "Each card can be shared once.",
        "To share the latest state of the call, look it up again and share the new card.",
        request_id,
    )


def already_following(request_id: str) -> Message:
    """Build the message for a second Follow of the same leg."""
    return _message(
        signs.WARNING,
        ALREADY_FOLLOWING,
        "The card where you pressed Follow updates automatically.",
        "To see the current state here, press Refresh.",
        request_id,
    )


def follow_limit_reached(limit: int, request_id: str) -> Message:
    """Build the message for a user who already follows the maximum number of legs."""
    return _message(
        signs.WARNING,
        FOLLOW_LIMIT_REACHED.format(limit=limit),
        "That's the limit per person.",
        "Wait until one of them ends, or press Refresh on this card.",
        request_id,
    )


def follow_capacity_reached(request_id: str) -> Message:
    """Build the message for when the process follows its maximum number of legs."""
    return _message(
        signs.WARNING,
        FOLLOW_CAPACITY_REACHED,
        "The bot can't follow any more right now.",
        "Press Refresh for updates, or press Follow again in a few minutes.",
        request_id,
    )


def modal_failed(request_id: str, *, late: bool) -> Message:
    """Build the message for a modal that Slack rejected; `late`: over 3 s after the click."""
    return _message(
        signs.FAILED,
        MODAL_FAILED,
        "The bot took longer than the three seconds Slack allows."
        if late
        else "Slack rejected it.",
        "Press the button again.",
        request_id,
    )


def _message(emoji: str, title: str, what: str, next_step: str, request_id: str) -> Message:
    problem = ErrorText(emoji, title, what, next_step)
    return errors.message(problem, [next_step], errors.reference_line(request_id))
