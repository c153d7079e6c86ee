"""Messages and notes about waiting, sharing, following and modals."""

from datetime import datetime
from typing import Final
from uuid import UUID

from bot.signalwire.models import CallPhase, VoiceLog
from bot.ui import block_kit, card_buttons, durations, error_messages, labels, mrkdwn, signs
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.errors import ErrorText
from bot.ui.subcommands import COMMAND

SLOW: Final = "SignalWire is responding slowly"
NOT_SHARED: Final = "The card wasn't shared"
REJECTED: Final = "Slack rejected the message."
FOLLOW_LIMIT_REACHED: Final = "You're already following {limit} legs"
FOLLOW_CAPACITY_REACHED: Final = "Too many legs are being followed"
MODAL_FAILED: Final = "The window didn't open"
FOLLOWING: Final = (
    "Following for up to half an hour. This card updates when the call's status changes, and a new"
    " message will tell you when the call is over."
)
FOLLOWING_TO_THE_END: Final = (
    "Following. A new message will tell you when the call is over. Until then, this card won't"
    " change, because Slack limits updates."
)
FOLLOWED_ELSEWHERE: Final = "You're now following this call in a newer card."
NOT_FOLLOWED: Final = "Not following: hours have passed, and SignalWire's log shows no end."
FOLLOWING_ENDED: Final = "The call is no longer live, so this card no longer updates."
STOPPED_BY_USER: Final = "You stopped following this call."
PERHAPS_FOLLOWED: Final = (
    "If another process of the bot is still following this call, this card may update a few more"
    " times, until the call ends or half an hour has passed."
)
HALF_AN_HOUR: Final = "Slack allows updates for only half an hour"


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


def state_at(now: datetime) -> str:
    """Return the note, in mrkdwn, below a shared card of a live leg, which nothing updates."""
    return f"As of {mrkdwn.date_token(now)}; this card doesn't update by itself."


def full_numbers(log_id: UUID) -> str:
    """Return the note, in mrkdwn, for a modal opened from a shared card."""
    return f"Run {mrkdwn.code(f'{COMMAND} {log_id}')} yourself to see the full numbers."


def stopped_following(why: str, *, can_resume: bool = True) -> str:
    """Return the note, in mrkdwn, below a card that is no longer followed; `why` has no period."""
    return f"Following stopped: {why}.{' Press Follow to resume.' if can_resume else ''}"


def call_over(log_id: UUID, log: VoiceLog, options: CardOptions) -> Message:
    """Build the message that a followed leg is over; `log` is masked as its card.

    A leg is over only if its status says so; it may also have been deleted, or be in a status that
    isn't documented.
    """
    emoji, _ = labels.status(log)
    call = labels.route(log) or mrkdwn.code(str(log_id))
    end = (
        f"The call {call} is over"
        if log.phase is CallPhase.OVER
        else f"SignalWire's log no longer says that the call {call} is live"
    )
    facts = [labels.state(log)] if log.status not in _PLAIN_ENDS else []
    if log.duration_or_rounded_ms is not None:
        facts.append(durations.rounded(log.duration_or_rounded_ms))
    facts += [mrkdwn.money(log.charge, log.currency)] if log.charge is not None else []
    line = f"{end}: {', '.join(facts)}" if facts else f"{end}."
    view = card_buttons.show_card(log_id, options)
    return block_kit.message([line], [block_kit.section(f"{emoji} {line}", view)])


_PLAIN_ENDS: Final = frozenset({"completed", "ended"})
"""Statuses that say only that a leg is over."""


def shared(log_id: UUID, options: CardOptions, *, earlier: bool = False) -> Message:
    """Build the message that takes the place of a shared card.

    If `earlier`, the same state of the card was shared before, and not again now.
    """
    line = f"{'Already shared' if earlier else 'Shared'} in the {options.shared_in}."
    buttons = [card_buttons.show_card(log_id, options), card_buttons.share(log_id, options)]
    return block_kit.message([line], [block_kit.section(line), *block_kit.actions(buttons)])


def share_failed(log_id: UUID, request_id: str, options: CardOptions) -> Message:
    """Build the message for a share that Slack rejected; in a thread, it offers the channel."""
    if options.thread_ts is None:
        hint = "Try again. If it keeps failing, copy what you need from your card."
        problem = ErrorText(signs.FAILED, NOT_SHARED, REJECTED, hint)
        return error_messages.message(problem, request_id)
    problem = ErrorText(
        signs.FAILED,
        NOT_SHARED,
        "Slack rejected the message in this thread.",
        f"You can share it in the {options.place.value} instead.",
    )
    outside = card_buttons.share_in_channel(log_id, options)
    return error_messages.message(problem, request_id, buttons=[outside])


def follow_limit_reached(limit: int, request_id: str) -> Message:
    """Build the message for a user who already follows the maximum number of legs."""
    problem = ErrorText(
        signs.WARNING,
        FOLLOW_LIMIT_REACHED.format(limit=limit),
        "That's the limit per person.",
        "Press Stop following on one of them, or Refresh on this card.",
    )
    return error_messages.message(problem, request_id)


def follow_capacity_reached(request_id: str) -> Message:
    """Build the message for when the process follows its maximum number of legs."""
    problem = ErrorText(
        signs.WARNING,
        FOLLOW_CAPACITY_REACHED,
        "The bot can't follow any more right now.",
        "Press Refresh for updates, or press Follow again in a few minutes.",
    )
    return error_messages.message(problem, request_id)


def modal_failed(request_id: str, *, late: bool) -> Message:
    """Build the message for a modal that Slack rejected; `late`: over 3 s after the click."""
    too_late = "The bot took longer than the three seconds Slack allows."
    why = too_late if late else "Slack rejected it."
    problem = ErrorText(signs.FAILED, MODAL_FAILED, why, "Press the button again.")
    return error_messages.message(problem, request_id)
