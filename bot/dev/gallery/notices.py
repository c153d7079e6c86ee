"""Notes under cards, and notices about sharing, following and modals."""

from datetime import datetime, timedelta
from typing import Final

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, LIVE
from bot.dev.gallery import build
from bot.dev.gallery.fixtures import (
    LOG_ID,
    NOW,
    PRIVATE,
    REFERENCE,
    SHARER,
    THREAD,
    answer,
    entry,
    found,
    one_of_each,
)
from bot.dev.gallery.model import Example, Section
from bot.services.follow import MAX_PER_USER
from bot.ui import block_kit, errors
from bot.ui import notices as cards
from bot.ui.actions import CardOptions
from bot.voicelogs import masking
from bot.voicelogs.results import Found, InternalError

_PUBLIC: Final = CardOptions(public=True, shared_by=SHARER)


def notices(now: datetime) -> Section:
    """The notices of Refresh, Share and Follow, on the card and in separate messages."""
    return Section("Notices", (*_sharing(now), *_following(now), *_modals()))


def _noted(
    name: str, log: Found, setting: CardOptions, *notes: str, now: datetime = NOW
) -> Example:
    return build.message(name, block_kit.with_notes(answer(log, setting=setting, now=now), notes))


def _sharing(now: datetime) -> list[Example]:
    log = found(entry(DOCUMENTED, now).body)
    live = found(entry(LIVE, now).state_at(47).body)
    everyone = masking.mask_log(log.log)
    masked = Found(log.log_id, log.project, everyone)
    own, thread = CardOptions(may_share=False), CardOptions(thread_ts=THREAD, may_share=False)
    by, updated = cards.shared_by(SHARER), cards.updated(now)
    return [
        _noted("Refresh was pressed", log, PRIVATE, updated),
        _noted("shared: what everyone sees", masked, _PUBLIC, by),
        _noted("shared with numbers in full: what everyone sees", log, _PUBLIC, by),
        _noted("a shared card is refreshed", masked, _PUBLIC, by, updated),
        build.message(
            "a refresh of a shared card fails",
            block_kit.without_buttons(answer(InternalError(log.log_id), setting=_PUBLIC)),
        ),
        _noted("shared in the channel: the card of who did", log, own, cards.SHARED),
        _noted("shared in a thread: the card of who did", log, thread, cards.SHARED_IN_THREAD),
        _noted(
            "a live call was shared: the card of who did",
            live,
            own,
            cards.SHARED,
            now=now + timedelta(seconds=47),
        ),
        build.message(
            "Share: Slack refused the channel",
            cards.share_failed(LOG_ID, REFERENCE, in_thread=False, masks_shared=True),
        ),
        build.message(
            "Share: Slack refused the thread",
            cards.share_failed(LOG_ID, REFERENCE, in_thread=True, masks_shared=True),
        ),
        build.message(
            "Share: Slack refused the thread; numbers aren't masked",
            cards.share_failed(LOG_ID, REFERENCE, in_thread=True, masks_shared=False),
        ),
        build.message("Share was pressed twice", cards.already_shared(REFERENCE)),
    ]


def _following(now: datetime) -> list[Example]:
    at, end = now + timedelta(seconds=47), now + timedelta(seconds=70)
    live, updated, ended = entry(LIVE, now), cards.updated(at), cards.updated(end)
    going_on, over = found(live.state_at(47).body), found(live.state_at(70).body)
    followed = CardOptions(followed=True)
    stops = {
        "half an hour has passed": cards.HALF_AN_HOUR,
        "the bot is restarting": cards.RESTARTING,
        "the bot broke": cards.stopped_for(errors.INTERNAL_ERROR),
    } | {
        name: cards.stopped_for(errors.describe_all({"acme": error}))
        for name, error in one_of_each().items()
    }
    return [
        _noted("Follow was pressed", going_on, followed, cards.FOLLOWING, updated, now=at),
        _noted(
            "the last change but one",
            going_on,
            followed,
            cards.FOLLOWING_TO_THE_END,
            updated,
            now=at,
        ),
        _noted(
            "Follow was pressed on the card of a call that has had no end for hours",
            going_on,
            PRIVATE,
            cards.NOT_FOLLOWED,
            cards.updated(now + timedelta(hours=5)),
            now=now + timedelta(hours=5),
        ),
        _noted("the call is over", over, PRIVATE, cards.FOLLOWING_ENDED, ended),
        _noted(
            "Follow was pressed on a newer card",
            going_on,
            PRIVATE,
            cards.FOLLOWED_ELSEWHERE,
            updated,
            now=at,
        ),
        *(
            _noted(
                f"following stopped: {name}",
                going_on,
                PRIVATE,
                cards.stopped_following(why),
                updated,
                now=at,
            )
            for name, why in stops.items()
        ),
        build.message("Follow was pressed twice", cards.already_following(REFERENCE)),
        build.message(
            "Follow: as many as one person may",
            cards.follow_limit_reached(MAX_PER_USER, REFERENCE),
        ),
        build.message("Follow: as many as the bot may", cards.follow_capacity_reached(REFERENCE)),
    ]


def _modals() -> list[Example]:
    return [
        build.message("a window came too late", cards.modal_failed(REFERENCE, late=True)),
        build.message("Slack refused a window", cards.modal_failed(REFERENCE, late=False)),
    ]
