# ruff: noqa: E501 - a golden message is as wide as the message
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from bot.cli.terminal import render
from bot.dev.emulator.slack import block_kit
from bot.signalwire.errors import RateLimitedError, UnavailableError
from bot.slack.response_url import ephemeral
from bot.ui import errors, notices
from bot.ui.block_kit import Message

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
NOW = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
MESSAGES = {
    "thread refused": notices.share_failed(ID, "k7m2", in_thread=True, masks_shared=True),
    "channel refused": notices.share_failed(ID, "k7m2", in_thread=False, masks_shared=True),
    "shared already": notices.already_shared("k7m2"),
    "following already": notices.already_following("k7m2"),
    "following enough": notices.follow_limit_reached(3, "k7m2"),
    "following full": notices.follow_capacity_reached("k7m2"),
    "window late": notices.modal_failed("k7m2", late=True),
    "window refused": notices.modal_failed("k7m2", late=False),
}
STOPS = {
    "half an hour": notices.HALF_AN_HOUR,
    "restart": notices.RESTARTING,
    "signalwire": notices.stopped_for(errors.describe(UnavailableError("503", 3))),
}


def drawn(message: Message) -> str:
    return render(message.blocks)


@pytest.mark.parametrize("message", MESSAGES.values(), ids=MESSAGES.keys())
def test_each_says_what_happened_what_to_do_and_where_to_look(message: Message) -> None:
    lines = message.text.splitlines()

    assert len(lines) == 4
    assert lines[-1] == "Reference k7m2."
    assert "None" not in message.text
    assert block_kit.problems(json.loads(json.dumps(ephemeral(message)))) == []


@pytest.mark.parametrize("what", ["the log", "the logs", "the calls"])
def test_the_word_that_it_is_slow_is_one_line_that_is_still_true_above_the_answer(
    what: str,
) -> None:
    message = notices.slow(what)

    assert message.text == f"SignalWire is slow to answer; {what} will follow here."
    assert drawn(message) == f"┃ ⏳ {message.text}"


def test_a_masked_window_says_how_to_see_the_full_numbers() -> None:
    assert notices.full_numbers(ID) == (
        "Run `/voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df` yourself to see the full numbers."
    )


def test_a_refused_thread_comes_with_an_offer_of_the_channel() -> None:
    assert drawn(MESSAGES["thread refused"]) == snapshot("""\
┃ 📤 The card wasn't shared
┃
┃ Slack didn't take the message in this thread.
┃ You can share it in the channel instead.
┃
┃ Reference k7m2.
┃
┃ [ Share in the channel ]\
""")


def test_a_refused_channel_leaves_nothing_to_offer() -> None:
    assert drawn(MESSAGES["channel refused"]) == snapshot("""\
┃ 📤 The card wasn't shared
┃
┃ Slack didn't take the message.
┃ Try once more. If it goes on, copy what you need from your card.
┃
┃ Reference k7m2.\
""")


def test_the_offer_asks_what_share_asks_of_the_channel() -> None:
    *_, offer = MESSAGES["thread refused"].blocks
    assert offer["type"] == "actions"
    (button,) = offer["elements"]
    assert button["type"] == "button"

    assert button["value"] == str(ID)
    assert "in this channel" in button["confirm"]["text"]["text"]
    assert "thread" not in button["confirm"]["text"]["text"]


@pytest.mark.parametrize("masks_shared", [True, False])
def test_the_offer_says_whether_numbers_are_masked(*, masks_shared: bool) -> None:
    message = notices.share_failed(ID, "k7m2", in_thread=True, masks_shared=masks_shared)
    *_, offer = message.blocks

    assert ("are masked" in str(offer)) is masks_shared
    assert ("in full" in str(offer)) is not masks_shared


def test_a_second_share_is_told_why_nothing_happens() -> None:
    assert drawn(MESSAGES["shared already"]) == snapshot("""\
┃ 📤 This card was shared already
┃
┃ A card is shared once, so that a second click does no harm.
┃ To share the call as it is now, look it up again and share that card.
┃
┃ Reference k7m2.\
""")


def test_a_second_follow_is_told_that_the_first_goes_on() -> None:
    assert drawn(MESSAGES["following already"]) == snapshot("""\
┃ 👀 You're following this leg already
┃
┃ The card you pressed Follow on changes by itself.
┃ To see the leg as it is now, press Refresh.
┃
┃ Reference k7m2.\
""")


def test_one_follow_too_many_is_told_how_many_there_are() -> None:
    assert drawn(MESSAGES["following enough"]) == snapshot("""\
┃ 👀 You're following 3 legs already
┃
┃ That is as many as one person can follow at the same time.
┃ Wait until one of them ends, or press Refresh here.
┃
┃ Reference k7m2.\
""")


def test_a_full_process_says_what_to_do_meanwhile() -> None:
    assert drawn(MESSAGES["following full"]) == snapshot("""\
┃ 🚦 Too many legs are being followed
┃
┃ The bot can't follow one more just now.
┃ Press Refresh now and then, or try Follow in a few minutes.
┃
┃ Reference k7m2.\
""")


def test_a_window_that_came_too_late_says_why() -> None:
    assert drawn(MESSAGES["window late"]) == snapshot("""\
┃ 🪟 The window didn't open
┃
┃ Slack lets the bot open a window for three seconds after a click, and it took longer.
┃ Press the button again.
┃
┃ Reference k7m2.\
""")


def test_a_window_that_slack_refused_says_so() -> None:
    assert drawn(MESSAGES["window refused"]) == snapshot("""\
┃ 🪟 The window didn't open
┃
┃ Slack didn't let the bot open it.
┃ Press the button again.
┃
┃ Reference k7m2.\
""")


def test_the_time_of_an_update_is_each_readers_own() -> None:
    assert notices.updated(NOW) == snapshot(
        "Updated <!date^1795367045^{date_short_pretty} at {time_secs}|2026-11-22 17:04:05 UTC>"
    )


def test_a_card_that_is_followed_says_what_it_will_do() -> None:
    notes = [notices.FOLLOWING, notices.FOLLOWING_TO_THE_END, notices.FOLLOWING_ENDED]

    assert notes == snapshot(
        [
            "Following: this card changes by itself when the call's status does, for half an hour at most.",
            "Following: this card changes once more, when the call is over. Slack lets it change a few times only.",
            "The call is over, so following has ended.",
        ]
    )


def test_who_shared_is_named_by_what_slack_shows_as_a_name() -> None:
    assert notices.shared_by("U0SUPPORT") == "Shared by <@U0SUPPORT>"


@pytest.mark.parametrize("why", STOPS.values(), ids=STOPS.keys())
def test_whatever_stopped_it_following_can_go_on(why: str) -> None:
    note = notices.stopped_following(why)

    assert note.startswith("Following stopped: ")
    assert note.endswith(". Press Follow to go on.")
    assert ".." not in note


def test_why_following_stopped_in_words() -> None:
    slow = notices.stopped_for(errors.describe(RateLimitedError(30.0)))
    notes = [notices.stopped_following(why) for why in (*STOPS.values(), slow)]

    assert notes == snapshot(
        [
            "Following stopped: Slack lets a message change for half an hour only. Press Follow to go on.",
            "Following stopped: the bot is restarting. Press Follow to go on.",
            "Following stopped: SignalWire isn't answering. Press Follow to go on.",
            "Following stopped: SignalWire asks to slow down. Press Follow to go on.",
        ]
    )
