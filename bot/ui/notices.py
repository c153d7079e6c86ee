"""What a person is told about waiting, sharing, following and windows, besides the cards."""

from datetime import datetime
from typing import Final
from uuid import UUID

from bot.ui import actions, block_kit, errors, mrkdwn
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText
from bot.ui.subcommands import COMMAND

SHARED: Final = "Shared with everyone here."
SHARED_IN_THREAD: Final = "Shared in the thread."
FOLLOWING: Final = (
    "Following: this card changes by itself when the call's status does, for half an hour at most."
)
FOLLOWING_TO_THE_END: Final = (
    "Following: this card changes once more, when the call is over. Slack lets it change a few"
    " times only."
)
FOLLOWED_ELSEWHERE: Final = "Following goes on in a newer card."
FOLLOWING_ENDED: Final = "The call is over, so following has ended."
_AGAIN: Final = "Press Follow to go on."


def slow(what: str) -> Message:
    """Said once when an answer takes its time; `what` will follow. It stays above that."""
    line = f"SignalWire is slow to answer; {what} will follow here."
    return block_kit.message([line], [block_kit.context(f"⏳ {line}")])


def updated(now: datetime) -> str:
    """A note under a card that was brought up to date, in mrkdwn."""
    return f"Updated {mrkdwn.date_token(now)}"


def shared_by(user_id: str) -> str:
    """A note under a card that everyone sees, in mrkdwn. Takes an id that Slack signed."""
    return f"Shared by <@{user_id}>"


def full_numbers(log_id: UUID) -> str:
    """A note in a window that was opened from a card that everyone sees, in mrkdwn."""
    return f"Run {mrkdwn.code(f'{COMMAND} {log_id}')} yourself to see the full numbers."


def stopped_following(why: str) -> str:
    """A note under a card that is followed no longer."""
    return f"Following stopped: {why} {_AGAIN}"


HALF_AN_HOUR: Final = "Slack lets a message change for half an hour only."
RESTARTING: Final = "the bot is restarting."


def stopped_for(problem: ErrorText) -> str:
    """Why following stopped, when SignalWire is the reason."""
    return f"{problem.title}."


def share_failed(log_id: UUID, request_id: str, *, in_thread: bool, masks_shared: bool) -> Message:
    """Slack took the card neither way; where that was a thread, the channel is offered."""
    if not in_thread:
        problem = ErrorText(
            "📤",
            "The card wasn't shared",
            "Slack didn't take the message.",
            "Try once more. If it goes on, copy what you need from your card.",
        )
        return errors.message(problem, [problem.hint], errors.reference_line(request_id))
    problem = ErrorText(
        "📤",
        "The card wasn't shared",
        "Slack didn't take the message in this thread.",
        "You can share it in the channel instead.",
    )
    told = errors.message(problem, [problem.hint], errors.reference_line(request_id))
    offer = actions.share_in_channel(log_id, masks_shared=masks_shared)
    return block_kit.message([told.text], [*told.blocks, *block_kit.actions([offer])])


def already_shared(request_id: str) -> Message:
    """For a second Share of the same card."""
    return _said(
        "📤",
        "This card was shared already",
        "A card is shared once, so that a second click does no harm.",
        "To share the call as it is now, look it up again and share that card.",
        request_id,
    )


def already_following(request_id: str) -> Message:
    """For a second Follow of the same leg."""
    return _said(
        "👀",
        "You're following this leg already",
        "The card you pressed Follow on changes by itself.",
        "To see the leg as it is now, press Refresh.",
        request_id,
    )


def follow_limit_reached(limit: int, request_id: str) -> Message:
    """For someone who follows as many legs as one person may."""
    return _said(
        "👀",
        f"You're following {limit} legs already",
        "That is as many as one person can follow at the same time.",
        "Wait until one of them ends, or press Refresh here.",
        request_id,
    )


def follow_capacity_reached(request_id: str) -> Message:
    """When the process follows as many legs as it may."""
    return _said(
        "🚦",
        "Too many legs are being followed",
        "The bot can't follow one more just now.",
        "Press Refresh now and then, or try Follow in a few minutes.",
        request_id,
    )


def modal_failed(request_id: str, *, late: bool) -> Message:
    """Slack refused a window; `late` if because the click was over three seconds ago."""
    return _said(
        "🪟",
        "The window didn't open",
        "Slack lets the bot open a window for three seconds after a click, and it took longer."
        if late
        else "Slack didn't let the bot open it.",
        "Press the button again.",
        request_id,
    )


def _said(emoji: str, title: str, what: str, next_step: str, request_id: str) -> Message:
    problem = ErrorText(emoji, title, what, next_step)
    return errors.message(problem, [next_step], errors.reference_line(request_id))
