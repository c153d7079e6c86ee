# ruff: noqa: E501 - a golden window is as wide as the window
"""What can go wrong between a click on Details and the window: nobody is left with "Loading…"."""

import asyncio
import json
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import access_denied, actions, notices, search_form
from bot.ui import errors as error_texts
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World, only, reference_in
from tests.integration.modal_helpers import (
    LIST,
    LOADING,
    CutOff,
    Doorway,
    details_of,
    drawn,
    is_filled,
    pressed,
    shown,
    troubles,
    turned,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHATTY = "0dd00000-0000-4000-8000-000000000004"
CHILD = "fa000000-0000-4000-8000-000000000003"
NOT_OPENED = f"{notices.MODAL_FAILED}."
TOO_LARGE = FailNext(200, json.dumps({"ok": False, "error": "view_too_large"}))
DOWN = FailNext(500)


def told(exchange: RecordedInteraction) -> str:
    """The one thing a person is told in the channel, beside the card they clicked on."""
    message = only(exchange)
    assert message.ts != exchange.message_ts
    assert not any(
        post.posted and post.posted.payload["replace_original"] for post in exchange.posts
    )
    return message.text


async def test_a_window_closed_before_it_filled_is_no_trouble_to_anyone(world: World) -> None:
    card = await world.answer(CHILD, user_id="U0HASTY")
    since = len(world.log.lines())
    world.hold_answers()
    exchange = await world.slack.click(card, actions.DETAILS, user_id="U0HASTY")
    await world.slack.close(await world.slack.wait_for_modal("U0HASTY"))
    world.release_answers()
    await world.idle()

    assert world.slack.modals("U0HASTY") == []
    assert exchange.posts == []
    assert troubles(world, since) == []
    assert [line["reason"] for line in world.log.lines()[since:] if "reason" in line] == [
        "not_found"
    ]


async def test_nor_is_one_closed_when_half_of_it_was_there(open_world: OpenWorld) -> None:
    door = Doorway(LIST)
    world = await open_world(Space(front=door), partial_after=0.01)
    card = await world.answer(DOCUMENTED)
    since = len(world.log.lines())
    door.shut()
    exchange = await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Charge" in drawn(view))
    await world.slack.close(partial)
    door.open()
    await world.idle()

    assert world.slack.modals() == []
    assert exchange.posts == []
    assert troubles(world, since) == []


async def test_a_window_closed_while_a_page_was_turned_is_no_trouble_either(world: World) -> None:
    view = await details_of(world, CHATTY, "U0FICKLE")
    since = len(world.log.lines())
    world.hold_answers()
    await world.slack.click_in_view(view, actions.PAGE)
    await world.slack.close(view)
    world.release_answers()
    await world.idle()

    assert world.slack.modals("U0FICKLE") == []
    assert troubles(world, since) == []


async def test_a_click_that_took_too_long_to_reach_slack_again_is_told_of_once(
    open_world: OpenWorld,
) -> None:
    door = Doorway("/views.open")
    world = await open_world(slack_front=door)
    card = await world.answer(DOCUMENTED)
    door.shut()
    exchange = await world.slack.click(card, actions.DETAILS)
    await door.reached.wait()
    world.time.moment = world.time.moment.replace(second=4)
    door.open()
    await world.idle()
    await world.slack.redeliver(exchange)
    await world.idle()

    assert [call.error for call in world.slack.view_calls] == ["expired_trigger_id"]
    assert world.slack.modals() == []
    assert told(exchange) == snapshot("""\
The window didn't open.
The bot took longer than the three seconds Slack allows.
Press the button again.
Reference ref0002.\
""")
    assert card in world.slack.messages.of(world.slack.interactions[0].token)
    assert world.log.lines("view.failed", reason="expired_trigger_id", level="error")


@pytest.mark.parametrize("refusal", [DOWN, TOO_LARGE, FailNext(429, "", {"Retry-After": "1"})])
async def test_a_window_that_slack_refuses_is_told_of_and_not_tried_again(
    world: World, refusal: FailNext
) -> None:
    user_id = f"U0REFUSED{refusal.status}"
    card = await world.answer(DOCUMENTED, user_id=user_id)
    calls = len(world.slack.view_calls)
    world.slack.fail_next_api = [refusal]
    exchange = await pressed(world, card, user_id=user_id)

    assert [call.method for call in world.slack.view_calls[calls:]] == ["views.open"]
    assert world.slack.modals(user_id) == []
    assert told(exchange).startswith(NOT_OPENED)
    assert "Press the button again." in told(exchange)
    again = await pressed(world, card, user_id=user_id)
    assert again.posts == []
    assert is_filled(shown(world, user_id))


async def test_a_connection_that_breaks_while_the_window_opens_is_told_of(
    open_world: OpenWorld,
) -> None:
    world = await open_world(slack_front=CutOff("/views.open"))
    exchange = await pressed(world, await world.answer(DOCUMENTED))

    assert told(exchange).startswith(NOT_OPENED)
    assert len(world.log.lines("view.failed", level="error")) == 1
    (line,) = world.log.lines("details.done")
    assert line["outcome"] == "interrupted"


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("refusal", [FailNext(429, "", {"Retry-After": "1"}), DOWN])
async def test_a_window_is_filled_even_if_slack_stumbles(
    world: World, refusal: FailNext, times: int
) -> None:
    user_id = f"U0STUMBLE{refusal.status}{times}"
    card = await world.answer(DOCUMENTED, user_id=user_id)
    since = len(world.log.lines())
    late = FailNext(0)  # lets views.open through
    world.slack.fail_next_api = [late, *[refusal] * times]
    exchange = await pressed(world, card, user_id=user_id)

    assert is_filled(shown(world, user_id))
    assert exchange.posts == []
    assert troubles(world, since) == []


async def test_a_view_that_slack_took_though_its_answer_was_lost_is_not_the_last(
    open_world: OpenWorld,
) -> None:
    signalwire, slack = Doorway(LIST), Doorway("/views.update", status=500, times=1)
    slack.deaf = True
    world = await open_world(Space(front=signalwire), slack_front=slack, partial_after=0.01)
    card = await world.answer(DOCUMENTED)
    signalwire.shut()
    await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal(until=lambda view: "Charge" in drawn(view))
    signalwire.open()
    await world.idle()

    assert is_filled(shown(world, "U0SUPPORT"))


async def test_a_view_that_slack_refuses_for_good_is_a_fault_in_the_window(world: World) -> None:
    card = await world.answer(DOCUMENTED, user_id="U0LARGE")
    world.slack.fail_next_api = [FailNext(0), TOO_LARGE]
    exchange = await pressed(world, card, user_id="U0LARGE")

    view = shown(world, "U0LARGE")
    assert error_texts.INTERNAL_ERROR.title in drawn(view)
    assert exchange.posts == []
    assert world.log.lines("view.failed", reason="view_too_large", level="error")


async def test_a_window_that_slack_never_lets_be_filled_is_told_of_in_the_channel(
    open_world: OpenWorld,
) -> None:
    world = await open_world(slack_front=Doorway("/views.update", status=500))
    exchange = await pressed(world, await world.answer(DOCUMENTED))

    assert only(exchange).text.startswith(error_texts.INTERNAL_ERROR.title)


async def test_a_log_that_is_gone_by_then_is_said_in_the_window(open_world: OpenWorld) -> None:
    door = Doorway(DOCUMENTED)
    world = await open_world(Space(front=door))
    card = await world.answer(DOCUMENTED)
    door.status = 404
    exchange = await pressed(world, card)

    assert drawn(shown(world, "U0SUPPORT")) == snapshot("""\
[Voice log]
┃ 🔍 No such voice log
┃
┃ The SignalWire project has no voice log with this id.
┃ Check the id. A call's log may take a moment to appear. The id may also belong to another project, or to a message, a fax or a recording.
┃
┃ Asked for b7182dc2-00f3-40e4-a5ce-20f164b329df. Reference ref0002.
┃
┃ [ Try again ]\
""")
    assert exchange.posts == []
    (line,) = world.log.lines("details.done")
    assert line["outcome"] == "not_found"


async def test_a_signalwire_that_does_not_answer_is_said_in_the_window_and_asked_again(
    open_world: OpenWorld,
) -> None:
    door = Doorway(DOCUMENTED)
    world = await open_world(Space(front=door), environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.answer(DOCUMENTED, channel_id="C0OPS")
    door.status = 503
    await pressed(world, card)
    failed = shown(world, "U0SUPPORT")

    assert error_texts.UNAVAILABLE.title in drawn(failed)
    door.status = None
    again = await turned(world, failed, actions.RETRY)
    assert again.id == failed.id
    assert "All fields of the record" in drawn(again)
    assert len(world.slack.modals()) == 1


async def test_a_page_of_a_log_that_is_gone_by_then_says_so_too(open_world: OpenWorld) -> None:
    door = Doorway(CHATTY)
    world = await open_world(Space(front=door))
    view = await details_of(world, CHATTY, "U0SUPPORT")
    door.status = 404

    assert error_texts.NOT_FOUND.title in drawn(await turned(world, view, actions.PAGE))


def assert_kept_out(world: World, exchange: RecordedInteraction, user_id: str, reason: str) -> None:
    message = only(exchange)
    assert message.text.startswith(access_denied.TITLE)
    assert world.slack.modals(user_id) == []
    (line,) = world.log.lines("details.denied", request_id=reference_in(message))
    assert (line["outcome"], line["ids"], line["user"]) == (reason, [DOCUMENTED], user_id)
    assert line["level"] == "info"


@pytest.mark.parametrize(
    ("action", "value"),
    [(actions.DETAILS, None), (actions.OVERFLOW, f"{actions.LEGS} {DOCUMENTED}")],
)
async def test_someone_who_is_not_listed_gets_no_window(
    open_world: OpenWorld, action: str, value: str | None
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    card = await world.answer(DOCUMENTED, user_id="U0ANNA")
    asked = len(world.asked_for)
    exchange = await pressed(world, card, action, value=value, user_id="U0EVE")

    assert_kept_out(world, exchange, "U0EVE", "user")
    assert card in world.slack.messages.of(world.slack.interactions[0].token)
    assert world.slack.view_calls == []
    assert len(world.asked_for) == asked


async def test_someone_of_another_workspace_gets_no_window(world: World) -> None:
    card = await world.answer(DOCUMENTED)
    exchange = await pressed(world, card, user_id="U0FOREIGN", team_id="T0OTHER")

    assert_kept_out(world, exchange, "U0FOREIGN", "team")


async def test_a_card_in_a_channel_that_is_not_listed_opens_no_window(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    card = await world.answer(DOCUMENTED, channel_id="C0OPS")
    elsewhere = replace(card, channel_id="C0OTHER")

    assert_kept_out(world, await pressed(world, elsewhere), "U0SUPPORT", "channel")
    assert (await pressed(world, card)).posts == []
    assert is_filled(shown(world, "U0SUPPORT"))


async def test_a_page_may_be_turned_in_a_window_from_a_listed_channel(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    await pressed(world, await world.answer(CHATTY, channel_id="C0OPS"))
    page = await turned(world, shown(world, "U0SUPPORT"), actions.PAGE)

    assert "Events 41" in drawn(page)


@pytest.mark.parametrize("action", [actions.PAGE, actions.RAW])
async def test_someone_who_may_no_longer_ask_turns_no_page_in_a_window_they_have_open(
    open_world: OpenWorld, action: str
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    theirs = await details_of(world, CHATTY, "U0ANNA")
    # As it stood before the list was changed and the bot started anew.
    open_still = world.slack.views.open("U0EVE", "T0ACME", theirs.payload)
    asked = len(world.asked_for)
    view = await turned(world, open_still, action)

    assert drawn(view) == snapshot("""\
[Voice log]
┃ 🔒 You can't look up voice logs here
┃
┃ Only certain people can look up voice logs.
┃ Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow you: U0EVE.
┃
┃ Reference ref0003.\
""")
    assert len(world.asked_for) == asked
    (line,) = world.log.lines("details.denied")
    assert (line["user"], line["outcome"], line["ids"]) == ("U0EVE", "user", [CHATTY])


async def test_a_click_that_is_delivered_twice_opens_one_window(world: World) -> None:
    card = await world.answer(DOCUMENTED, user_id="U0TWICE")
    calls = len(world.slack.view_calls)
    world.hold_answers()
    exchange = await world.slack.click(card, actions.DETAILS, user_id="U0TWICE")
    again = await world.slack.redeliver(exchange)
    world.release_answers()
    await world.idle()
    once_more = await world.slack.redeliver(exchange)
    await world.idle()

    assert [one.ack_status for one in (exchange, again, once_more)] == [200, 200, 200]
    assert [call.method for call in world.slack.view_calls[calls:]] == [
        "views.open",
        "views.update",
    ]
    assert len(world.log.lines("details.done", user="U0TWICE")) == 1
    assert exchange.posts == []
    assert is_filled(shown(world, "U0TWICE"))


async def test_a_page_whose_click_is_delivered_twice_is_turned_once(world: World) -> None:
    view = await details_of(world, CHATTY, "U0TWICEPAGE")
    calls = len(world.slack.view_calls)
    exchange = await world.slack.click_in_view(view, actions.PAGE)
    await world.slack.redeliver(exchange)
    await world.idle()

    assert [call.method for call in world.slack.view_calls[calls:]] == ["views.update"]
    assert "Events 41" in drawn(shown(world, "U0TWICEPAGE"))


async def stopped_while_loading(world: World) -> tuple[RecordedInteraction, OpenView]:
    """A click whose window is open and empty when the process stops."""
    card = await world.answer(DOCUMENTED)
    world.hold_answers()
    exchange = await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal()
    await world.stop()
    return exchange, shown(world, "U0SUPPORT")


async def test_a_stop_in_the_middle_is_told(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    exchange, view = await stopped_while_loading(world)

    said = [message.text for message in exchange.messages] + [drawn(view)]
    assert any(error_texts.RESTARTING.title in text for text in said)
    (line,) = world.log.lines("details.done")
    assert line["outcome"] == "interrupted"
    assert not world.log.lines("shutdown.tasks_cancelled")


async def test_after_a_stop_no_window_says_loading(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    _, view = await stopped_while_loading(world)

    assert LOADING not in drawn(view)
    assert error_texts.RESTARTING.title in drawn(view)


async def test_details_that_are_there_in_time_are_shown_before_the_process_stops(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    card = await world.answer(DOCUMENTED)
    world.hold_answers()
    exchange = await world.slack.click(card, actions.DETAILS)
    await world.slack.wait_for_modal()
    stop = asyncio.create_task(world.stop())
    await world.stopping.wait()
    world.release_answers()
    await stop

    assert is_filled(shown(world, "U0SUPPORT"))
    assert exchange.posts == []


async def test_a_page_that_a_stop_interrupts_says_so_in_its_window(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    view = await details_of(world, CHATTY, "U0SUPPORT")
    world.hold_answers()
    await world.slack.click_in_view(view, actions.PAGE)
    await world.stop()

    assert error_texts.RESTARTING.title in drawn(shown(world, "U0SUPPORT"))


async def test_a_click_while_the_process_stops_opens_no_window_and_is_told(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    card = await world.answer(DOCUMENTED)
    world.hold_answers()
    await world.slack.command(CHILD)
    drain = asyncio.create_task(world.bot.tasks.drain(seconds=5))
    await asyncio.sleep(0)
    exchange = await world.slack.click(card, actions.DETAILS)
    world.release_answers()
    await drain

    assert told(exchange).startswith(error_texts.RESTARTING.title)
    assert world.slack.modals() == []


async def results_in_a_window(world: World, user_id: str) -> OpenView:
    """A window with what a search came to, in which **Card** can be pressed."""
    await world.slack.global_shortcut(user_id=user_id)
    empty = await world.slack.wait_for_modal(user_id)
    await world.slack.submit(empty, {search_form.NUMBER_FIELD: "+1 206 555 0103"})
    await world.idle()
    view = shown(world, user_id)
    assert "[ Card ]" in drawn(view)
    return view


async def test_a_window_upon_another_that_does_not_open_leaves_that_one_as_it_was(
    world: World,
) -> None:
    results = await results_in_a_window(world, "U0STACK")
    world.slack.fail_next_api = [DOWN]
    await world.slack.click_in_view(results, actions.CARD)
    await world.idle()
    below = world.slack.modals("U0STACK")[0]

    assert "[ Card ]" in drawn(below), "what was found must not be lost"


async def test_a_second_window_closed_before_it_filled_shows_the_first_again(
    world: World,
) -> None:
    results = await results_in_a_window(world, "U0BACK")
    since = len(world.log.lines())
    world.hold_answers()
    await world.slack.click_in_view(results, actions.CARD)
    second = await world.slack.wait_for_modal("U0BACK", until=lambda view: view.id != results.id)
    await world.slack.close(second)
    world.release_answers()
    await world.idle()

    assert drawn(shown(world, "U0BACK")) == drawn(results)
    assert troubles(world, since) == []
