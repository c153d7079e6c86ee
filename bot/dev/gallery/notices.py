"""Notes under cards, and notices about sharing, following and modals."""

from dataclasses import replace
from typing import Final

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE
from bot.dev.gallery.errors import ONE_OF_EACH
from bot.dev.gallery.fixtures import LIVE_FOR, LOG_ID, NOW, PROJECT, logged
from bot.dev.gallery.model import Examples
from bot.dev.gallery.replies import CONTEXT, PUBLIC, REFERENCE, THREAD, after, reply
from bot.services import follow
from bot.services.follow import MAX_PER_USER
from bot.ui import block_kit, errors
from bot.ui import notices as cards
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions, Place
from bot.ui.card_context import CardContext
from bot.voicelogs import masking
from bot.voicelogs.results import Found, InternalError, NotFound

_PRIVATE: Final = CardOptions()
_AFTER: Final = CardOptions(was_shared=True, state=REFERENCE)
"""The buttons of the message that replaces the sharer's own card."""
_IN_THREAD: Final = replace(_AFTER, thread_ts=THREAD)


def notices() -> Examples:
    """The notices of Refresh, Share and Follow, on the card and in separate messages."""
    return {
        **_sharing(),
        **_following(),
        "a modal was opened too late": cards.modal_failed(REFERENCE, late=True),
        "Slack rejected a modal": cards.modal_failed(REFERENCE, late=False),
    }


def _noted(log: Found, context: CardContext, *notes: str) -> Message:
    return block_kit.with_notes(reply(log, context=context), notes)


def _sharing() -> Examples:
    log = logged(DOCUMENTED)
    masked, live = (
        replace(each, log=masking.mask_log(each.log)) for each in (log, logged(LIVE, LIVE_FOR))
    )
    by, updated = cards.shared_by("U0SUPPORT"), cards.updated(NOW)
    later, public = after(LIVE_FOR, PUBLIC), after(0, PUBLIC)
    return {
        "Refresh was pressed": _noted(log, CONTEXT, updated),
        "shared: what everyone sees": _noted(masked, public, by),
        "shared with numbers in full: what everyone sees": _noted(log, public, by),
        "a live call was shared: what everyone sees": _noted(
            live, later, by, cards.state_at(later.now)
        ),
        "a shared card is refreshed": _noted(masked, public, by, updated),
        **_shared(),
        "View was pressed after sharing": _noted(log, after(0, _AFTER), updated),
        "a card in a private channel or group": reply(
            log, context=after(0, CardOptions(place=Place.PRIVATE))
        ),
        "a card in a direct message": reply(log, context=after(0, CardOptions(place=Place.DIRECT))),
        **_rejected(),
    }


def _shared() -> Examples:
    """The messages that replace the sharer's own card."""
    places = {
        "shared in the channel": _AFTER,
        "shared in a thread": _IN_THREAD,
        "shared in a private channel or group": replace(_AFTER, place=Place.PRIVATE),
        "shared in a direct message": replace(_AFTER, place=Place.DIRECT),
    }
    return {
        **{
            f"{name}: what the sharer sees": cards.shared(LOG_ID, options)
            for name, options in places.items()
        },
        "Share was pressed again on the same card": cards.shared(LOG_ID, _IN_THREAD, earlier=True),
    }


def _rejected() -> Examples:
    thread = CardOptions(thread_ts=THREAD)
    places = {
        "the channel": _PRIVATE,
        "the thread": thread,
        "the thread; numbers aren't masked": replace(thread, masks_shared=False),
        "the thread of a direct message": replace(thread, place=Place.DIRECT),
    }
    return {
        f"Share: Slack rejected the post in {name}": cards.share_failed(LOG_ID, REFERENCE, options)
        for name, options in places.items()
    }


def _following() -> Examples:
    now, end, later = after(LIVE_FOR), after(70), after(5 * 3600)
    going_on, over = logged(LIVE, LIVE_FOR), logged(LIVE, 70)
    followed = after(LIVE_FOR, CardOptions(followed=True, state=f"{REFERENCE}.1"))
    updated = cards.updated(now.now)
    notes = {
        "Follow was pressed on a newer card": cards.FOLLOWED_ELSEWHERE,
        "Stop following was pressed": cards.STOPPED_BY_USER,
        "Stop following was pressed, and another process may still follow": cards.PERHAPS_FOLLOWED,
        **{f"following stopped: {name}": note for name, note in _stops().items()},
    }
    return {
        "Follow was pressed": _noted(going_on, followed, cards.FOLLOWING, updated),
        "the last update but one": _noted(going_on, followed, cards.FOLLOWING_TO_THE_END, updated),
        "Follow was pressed on the card of a call that has had no end for hours": _noted(
            going_on, later, cards.NOT_FOLLOWED, cards.updated(later.now)
        ),
        "the call is over": _noted(over, CONTEXT, cards.FOLLOWING_ENDED, cards.updated(end.now)),
        **_ends(over),
        **{name: _noted(going_on, now, note, updated) for name, note in notes.items()},
        "Follow: the user's limit is reached": cards.follow_limit_reached(MAX_PER_USER, REFERENCE),
        "Follow: the bot's limit is reached": cards.follow_capacity_reached(REFERENCE),
    }


def _ends(over: Found) -> Examples:
    """The new messages below, when a call is over."""
    log = over.log
    few = dict.fromkeys(("from_", "to", "charge", "duration", "duration_ms"))
    logs = {
        "the call is over: the message below": log,
        "the call is over: the message below, masked": masking.mask_log(log),
        "nobody answered: the message below": log.model_copy(update={"status": "no-answer"}),
        "the call is over: the message below, with few facts": log.model_copy(update=few),
        "a status the documentation doesn't know: the message below": log.model_copy(
            update={"status": "waiting_in_line"}
        ),
    }
    return {name: cards.call_over(over.log_id, each, _PRIVATE) for name, each in logs.items()}


def _stops() -> dict[str, str]:
    """Why following stops, and what the card says then."""
    failures: dict[str, NotFound | InternalError] = {
        **{name: NotFound(LOG_ID, {PROJECT: error}) for name, error in ONE_OF_EACH.items()},
        "an internal error": InternalError(LOG_ID),
    }
    reasons = {name: follow.stop_reason(failure) for name, failure in failures.items()}
    return {
        "half an hour has passed": cards.stopped_following(cards.HALF_AN_HOUR),
        "the bot is restarting": cards.stopped_following(errors.RESTARTING.title),
        **{
            name: cards.stopped_following(why, can_resume=is_temporary)
            for name, (why, is_temporary) in reasons.items()
        },
    }
