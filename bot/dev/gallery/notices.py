"""Notes under cards, and notices about sharing, following and modals."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, LIVE
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    NOW,
    PRIVATE,
    PROJECT,
    REFERENCE,
    SHARER,
    THREAD,
    entry,
    found,
    one_of_each,
    reply,
)
from bot.services import follow
from bot.services.follow import MAX_PER_USER
from bot.ui import block_kit, errors
from bot.ui import notices as cards
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions, Place
from bot.voicelogs import masking
from bot.voicelogs.results import Found, InternalError, NotFound

_PUBLIC: Final = CardOptions(public=True, shared_by=SHARER)
_AFTER: Final = CardOptions(was_shared=True, state=REFERENCE)
"""The buttons of the message that replaces the sharer's own card."""
_IN_THREAD: Final = replace(_AFTER, thread_ts=THREAD)


def notices(now: datetime) -> build.Examples:
    """The notices of Refresh, Share and Follow, on the card and in separate messages."""
    return {**_sharing(now), **_following(now), **_modals()}


def _noted(log: Found, setting: CardOptions, *notes: str, now: datetime = NOW) -> Message:
    return block_kit.with_notes(reply(log, setting=setting, now=now), notes)


def _sharing(now: datetime) -> build.Examples:
    log = found(entry(DOCUMENTED, now).body)
    at = now + timedelta(seconds=47)
    live = _masked(found(entry(LIVE, now).state_at(47).body))
    masked = _masked(log)
    by, updated = cards.shared_by(SHARER), cards.updated(now)
    return {
        "Refresh was pressed": _noted(log, PRIVATE, updated),
        "shared: what everyone sees": _noted(masked, _PUBLIC, by),
        "shared with numbers in full: what everyone sees": _noted(log, _PUBLIC, by),
        "a live call was shared: what everyone sees": _noted(
            live, _PUBLIC, by, cards.state_at(at), now=at
        ),
        "a shared card is refreshed": _noted(masked, _PUBLIC, by, updated),
        **_shared(),
        "View was pressed after sharing": _noted(log, _AFTER, updated),
        **_places(log),
        **_rejected(),
    }


def _masked(log: Found) -> Found:
    return replace(log, log=masking.mask_log(log.log))


def _shared() -> build.Examples:
    """The messages that replace the sharer's own card."""
    places = {
        "shared in the channel": _AFTER,
        "shared in a thread": _IN_THREAD,
        "shared in a private channel or group": replace(_AFTER, place=Place.PRIVATE),
        "shared in a direct message": replace(_AFTER, place=Place.DIRECT),
    }
    earlier = cards.shared(LOG_ID, _IN_THREAD, earlier=True)
    return {
        **{
            f"{name}: what the sharer sees": cards.shared(LOG_ID, setting)
            for name, setting in places.items()
        },
        "Share was pressed again on the same card": earlier,
    }


def _places(log: Found) -> build.Examples:
    """Cards outside of public channels: the question before sharing differs."""
    places = {
        "a card in a private channel or group": CardOptions(place=Place.PRIVATE),
        "a card in a direct message": CardOptions(place=Place.DIRECT),
    }
    return {name: reply(log, setting=each) for name, each in places.items()}


def _rejected() -> build.Examples:
    thread = CardOptions(thread_ts=THREAD)
    rejected = {
        "the channel": CardOptions(),
        "the thread": thread,
        "the thread; numbers aren't masked": replace(thread, masks_shared=False),
        "the thread of a direct message": replace(thread, place=Place.DIRECT),
    }
    return {
        f"Share: Slack rejected the post in {what}": cards.share_failed(LOG_ID, REFERENCE, setting)
        for what, setting in rejected.items()
    }


def _following(now: datetime) -> build.Examples:
    at, end = now + timedelta(seconds=47), now + timedelta(seconds=70)
    later = now + timedelta(hours=5)
    live = entry(LIVE, now)
    going_on, over = found(live.state_at(47).body), found(live.state_at(70).body)
    followed = CardOptions(followed=True, state=f"{REFERENCE}.1")
    notes: dict[str, str] = {
        "Follow was pressed on a newer card": cards.FOLLOWED_ELSEWHERE,
        "Stop following was pressed": cards.STOPPED_BY_USER,
        "Stop following was pressed, and another process may still follow": cards.PERHAPS_FOLLOWED,
        **{f"following stopped: {name}": note for name, note in _stops().items()},
    }
    updated = cards.updated(at)
    return {
        "Follow was pressed": _noted(going_on, followed, cards.FOLLOWING, updated, now=at),
        "the last update but one": _noted(
            going_on, followed, cards.FOLLOWING_TO_THE_END, updated, now=at
        ),
        "Follow was pressed on the card of a call that has had no end for hours": _noted(
            going_on, PRIVATE, cards.NOT_FOLLOWED, cards.updated(later), now=later
        ),
        "the call is over": _noted(over, PRIVATE, cards.FOLLOWING_ENDED, cards.updated(end)),
        **_ends(over),
        **{name: _noted(going_on, PRIVATE, note, updated, now=at) for name, note in notes.items()},
        "Follow: the user's limit is reached": cards.follow_limit_reached(MAX_PER_USER, REFERENCE),
        "Follow: the bot's limit is reached": cards.follow_capacity_reached(REFERENCE),
    }


def _ends(over: Found) -> build.Examples:
    """The new messages below, when a call is over."""
    nothing = over.log.model_copy(update={"from_": None, "to": None, "charge": None})
    logs = {
        "the call is over: the message below": over.log,
        "the call is over: the message below, masked": masking.mask_log(over.log),
        "nobody answered: the message below": over.log.model_copy(update={"status": "no-answer"}),
        "the call is over: the message below, with few facts": nothing.model_copy(
            update={"duration": None, "duration_ms": None}
        ),
        "a status the documentation doesn't know: the message below": over.log.model_copy(
            update={"status": "waiting_in_line"}
        ),
    }
    return {name: cards.call_over(over.log_id, log, PRIVATE) for name, log in logs.items()}


def _stops() -> dict[str, str]:
    """Why following stops, and what the card says then."""
    failures: dict[str, NotFound | InternalError] = {
        name: NotFound(LOG_ID, {PROJECT: error}) for name, error in one_of_each().items()
    }
    failures["an internal error"] = InternalError(LOG_ID)
    reasons = {name: follow.stop_reason(failure) for name, failure in failures.items()}
    return {
        "half an hour has passed": cards.stopped_following(cards.HALF_AN_HOUR),
        "the bot is restarting": cards.stopped_following(errors.RESTARTING.title),
        **{
            name: cards.stopped_following(why, can_resume=is_temporary)
            for name, (why, is_temporary) in reasons.items()
        },
    }


def _modals() -> build.Examples:
    return {
        "a modal was opened too late": cards.modal_failed(REFERENCE, late=True),
        "Slack rejected a modal": cards.modal_failed(REFERENCE, late=False),
    }
