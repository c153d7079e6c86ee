# ruff: noqa: E501 - a golden window is as wide as the window
"""**Find a call**: the form behind the global shortcut, and the search in its window."""

import json
from collections.abc import Mapping

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import actions, search_form
from tests.integration.harness import DOCUMENTED, NOW, OpenWorld, Space, World
from tests.integration.search_helpers import (
    FURTHER,
    WRITTEN,
    Pages,
    assert_no_number_is_kept_by_slack,
    labels,
    listed,
    lists_asked,
    log_id,
    many,
    texts,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOMEBODY = "U0SUPPORT"


def seen(world: World, user_id: str = SOMEBODY) -> OpenView:
    """The window somebody sees."""
    view = world.slack.modal(user_id)
    assert view is not None
    return view


def said(view: OpenView) -> str:
    return texts(view.blocks)


async def form(world: World, user_id: str = SOMEBODY) -> OpenView:
    exchange = await world.slack.global_shortcut(user_id=user_id)
    assert (exchange.ack_status, exchange.ack_body, exchange.failed) == (200, "", None)
    await world.idle()
    return seen(world, user_id)


async def send(world: World, view: OpenView, values: Mapping[str, str]) -> RecordedInteraction:
    exchange = await world.slack.submit(view, values)
    assert exchange.failed is None
    return exchange


async def results(world: World, **values: str) -> OpenView:
    """Fill in the form and wait for what it comes to."""
    await send(world, await form(world), values)
    await world.idle()
    return seen(world)


def put_there(world: World, private_metadata: str, user_id: str = SOMEBODY) -> OpenView:
    """A form that somebody has open already, however they came by it."""
    return opened(world, json.loads(json.dumps(search_form.form(private_metadata))), user_id)


def opened(world: World, payload: Mapping[str, JsonValue], user_id: str = SOMEBODY) -> OpenView:
    """A window that somebody has open, as an older version of the bot may have left it."""
    return world.slack.views.open(user_id, "T0ACME", payload)


async def test_the_shortcut_opens_the_form(world: World) -> None:
    view = await form(world)

    assert (view.title, view.callback_id) == ("Find a call", "voicelog_find")
    assert render(view.blocks) == snapshot("""\
┃ Phone number, or part of it
┃ [ +1 206 555 0134 ]
┃
┃ How far back
┃ [ 2h, 3d or 2026-11-20 ]
┃
┃ Which calls
┃ [ Any status or direction ▾ ]\
""")
    assert [call.method for call in world.slack.view_calls[-1:]] == ["views.open"]


@pytest.mark.parametrize("typed", ["find", "Find!", "search", "find a call"])
async def test_a_search_for_nothing_opens_the_form(world: World, typed: str) -> None:
    exchange = await world.slack.command(typed)
    await world.idle()

    assert exchange.messages == []
    assert [call.method for call in world.slack.view_calls[-1:]] == ["views.open"]


async def test_what_is_sent_is_searched_for_in_the_same_window(world: World) -> None:
    view = await form(world)
    exchange = await send(world, view, {"number": "206 555 3434"})

    assert json.loads(exchange.ack_body)["response_action"] == "update"
    assert said(seen(world)) == "⏳ Searching…\n"
    await world.idle()
    found = seen(world)
    assert found.id == view.id
    assert (found.title, found.callback_id) == ("Find a call", "")
    assert listed(found.blocks) == [DOCUMENTED]
    assert render(found.blocks) == snapshot("""\
┃ 🔎 1 voice log found
┃
┃ Looked for: with this number
┃
┃ ✅ Completed · 9 s  [ Card ]
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ Looked at 37 logs: that is all there is.\
""")
    assert_no_number_is_kept_by_slack(world)


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"number": WRITTEN}, 5),
        ({"number": WRITTEN, "window": "2h"}, 3),
        ({"window": "10m"}, 10),
        ({"words": "inbound"}, 20),
        ({"words": "any", "number": "5550199"}, 5),
        ({"words": "failed", "number": "5550199"}, 0),
    ],
)
async def test_any_of_the_fields_will_do(
    open_world: OpenWorld, values: dict[str, str], count: int
) -> None:
    world = await open_world(Space(entries=many(200, wanted=range(0, 200, 40))))

    assert len(listed((await results(world, **values)).blocks)) == count


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"number": "12"}, ["number"]),
        ({"window": "soon"}, ["window"]),
        ({"number": "bob", "window": "2027-01-01"}, ["number", "window"]),
        ({"number": "5550199 2h"}, ["number"]),
        ({"number": "5550199", "window": "5550199"}, ["window"]),
        ({}, ["number"]),
        ({"number": "  ", "window": " ", "words": "any"}, ["number"]),
    ],
)
async def test_what_is_wrong_is_said_on_its_field_and_nothing_is_searched(
    world: World, values: dict[str, str], fields: list[str]
) -> None:
    searches = len(world.log.lines("search.done"))
    view = await form(world)
    await send(world, view, values)
    await world.idle()

    assert sorted(seen(world).errors) == fields
    assert seen(world).callback_id == "voicelog_find"
    assert all(0 < len(words) <= 300 for words in seen(world).errors.values())
    assert len(world.log.lines("search.done")) == searches


async def test_the_errors_say_what_to_write_instead(world: World) -> None:
    view = await form(world)
    await send(world, view, {"number": "a<b&c", "window": "soon"})
    errors = seen(world).errors

    # As it was typed, entities and all: a field's error is plain text.
    assert errors["number"].startswith("a<b&c isn't understood. ")
    assert errors["window"] == snapshot(
        "soon is neither a day nor a span of time. Write 30m, 2h, 3d or 1w, today, yesterday, or a day such as 2026-11-20."
    )


@pytest.mark.parametrize("typed", ["bob", "5550199 2h", "5550199 failed"])
async def test_the_field_of_the_number_asks_for_a_number_and_not_for_words_it_does_not_take(
    world: World, typed: str
) -> None:
    await send(world, await form(world), {"number": typed})
    error = seen(world).errors["number"]

    assert "isn't understood" in error
    assert "@ or sip:" in error
    assert "no-answer" not in error


async def test_a_form_that_was_put_right_is_searched_for(world: World) -> None:
    view = await form(world)
    await send(world, view, {"number": "12", "window": "soon"})
    await send(world, seen(world), {"number": "5553434", "window": ""})
    await world.idle()

    assert listed(seen(world).blocks) == [DOCUMENTED]


async def test_a_card_opens_upon_the_results_and_closing_it_shows_them_again(
    world: World,
) -> None:
    found = await results(world, number="5553434")
    await world.slack.click_in_view(found, actions.CARD, value=DOCUMENTED)
    await world.idle()

    assert [view.title for view in world.slack.modals()] == ["Find a call", "Voice log"]
    assert "Completed · 9 s" in said(seen(world))
    await world.slack.close(seen(world))
    assert seen(world) == found
    assert_no_number_is_kept_by_slack(world)


async def test_looking_further_back_stays_in_the_window_to_the_end(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(45)))
    view = await results(world, words="inbound")
    ids = [*listed(view.blocks)]
    for _ in range(2):
        assert labels(view.blocks)[-1] == FURTHER
        clicked = await world.slack.click_in_view(view, actions.SEARCH_OLDER)
        await world.slack.redeliver(clicked)
        await world.idle()
        ids += listed(seen(world).blocks)

    assert ids == [log_id(number) for number in range(45)]
    assert [one.id for one in world.slack.modals()] == [view.id]
    assert "that is all there is" in said(seen(world))
    assert FURTHER not in labels(seen(world).blocks)
    assert len(world.log.lines("search.done")) == 3


async def test_a_long_search_says_in_the_window_how_far_it_came(open_world: OpenWorld) -> None:
    pages = Pages(held_from=3)
    world = await open_world(
        Space(entries=many(700, wanted=[600]), front=pages),
        progress_after=0.01,
    )
    await send(world, await form(world), {"number": WRITTEN})
    far = await world.slack.wait_for_modal(until=lambda view: "400 logs" in said(view))

    assert said(far) == snapshot(
        "⏳ Searching… 400 logs so far, back to <!date^1793609400^{date_short_pretty} at {time_secs}|2026-11-02 08:50:00 UTC>\n"
    )
    pages.let_go.set()
    await world.idle()
    assert listed(seen(world).blocks) == [log_id(600)]


async def test_a_window_closed_during_the_search_is_nobodys_trouble(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    world.hold_answers()
    await send(world, await form(world), {"number": WRITTEN})
    await world.slack.close(seen(world))
    world.release_answers()
    await world.idle()

    assert world.slack.modals() == []
    assert not world.log.lines(level="error")
    assert len(world.log.lines("search.done")) == 1


async def test_a_search_that_nobody_looks_at_any_more_is_given_up(open_world: OpenWorld) -> None:
    pages = Pages(held_from=2)
    world = await open_world(Space(entries=many(700), front=pages), progress_after=0.01)
    await send(world, await form(world), {"number": WRITTEN})
    await world.slack.wait_for_modal(until=lambda view: "200 logs" in said(view))
    await world.slack.close(seen(world))
    await world.idle()
    line = await world.log.line("search.done")

    assert line["outcome"] == "interrupted"
    assert len(pages.asked) == 2
    assert not world.log.lines(level="error")
    pages.let_go.set()


async def test_signalwire_out_of_order_is_told_in_the_window(open_world: OpenWorld) -> None:
    world = await open_world(Space(front=Pages(fails_from=1)))
    view = await results(world, number=WRITTEN)

    assert "SignalWire isn't answering" in said(view)
    (line,) = world.log.lines("search.done")
    assert str(line["ref"]) in said(view)


async def test_slack_that_does_not_fill_the_window_at_first_is_asked_again(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(3)))
    view = await form(world)
    world.slack.fail_next_api = [FailNext(500), FailNext(429, headers={"Retry-After": "1"})]
    await send(world, view, {"words": "inbound"})
    await world.idle()

    assert len(listed(seen(world).blocks)) == 3


async def test_a_stop_in_the_middle_is_told_in_the_window(open_world: OpenWorld) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    view = await form(world)
    world.hold_answers()
    await send(world, view, {"number": WRITTEN})
    await world.stop()

    assert "The bot is restarting" in said(seen(world))
    assert not world.log.lines("stop.lost")


async def test_a_form_sent_while_the_process_stops_is_told_so(open_world: OpenWorld) -> None:
    world = await open_world()
    view = await form(world)
    await world.bot.tasks.drain(0)
    await send(world, view, {"number": WRITTEN})

    assert "The bot is restarting" in said(seen(world))


async def test_numbers_are_masked_in_the_window_where_they_always_are(
    open_world: OpenWorld,
) -> None:
    world = await open_world(
        Space(entries=many(30, wanted=range(30))), environment={"MASK_NUMBERS": "always"}
    )
    view = await results(world, number=WRITTEN)

    assert len(listed(view.blocks)) == 20
    assert "555" not in said(view)
    assert "+1 ••••••••99" in said(view)


async def test_somebody_who_may_not_gets_a_window_that_says_so(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    view = await form(world, "U0EVE")

    assert "You can't look up voice logs here" in said(view)
    assert "submit" not in view.payload
    assert world.log.lines("search.refused", user="U0EVE", outcome="user")
    assert (await form(world, "U0ANNA")).callback_id == "voicelog_find"


async def test_where_only_channels_are_allowed_the_window_says_where_to_go(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    view = await form(world)

    assert said(view) == snapshot("""\
🔒 You can't look up voice logs here
Voice logs may be looked up in certain channels only, and this isn't one.
Use the `/voicelog` command in one of the channels where it is allowed.
Reference `ref0001`.
""")


async def test_a_form_sent_by_somebody_who_may_not_is_refused(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await send(world, put_there(world, "{}", "U0EVE"), {"number": WRITTEN})
    await world.idle()

    assert "You can't look up voice logs here" in said(seen(world, "U0EVE"))
    assert world.log.lines("search.refused", user="U0EVE", outcome="user")
    assert lists_asked(world) == 0


async def test_somebody_who_may_not_learns_nothing_of_what_is_wrong_in_the_form(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await send(world, put_there(world, "{}", "U0EVE"), {"number": "12"})
    await world.idle()

    assert "You can't look up voice logs here" in said(seen(world, "U0EVE"))


async def test_results_are_authorised_afresh_with_every_click(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(50)), environment={"ALLOWED_CHANNELS": "C0OPS"})
    # Opened from the channel where it is allowed, and from another.
    await send(world, put_there(world, '{"channel":"C0OPS"}'), {"words": "inbound"})
    await world.idle()
    await world.slack.click_in_view(seen(world), actions.SEARCH_OLDER)
    await world.idle()
    assert listed(seen(world).blocks)[0] == log_id(20)
    there = opened(world, {**seen(world).payload, "private_metadata": "{}"}, "U0EVE")
    await world.slack.click_in_view(there, actions.SEARCH_OLDER)
    await world.idle()
    assert "You can't look up voice logs here" in said(seen(world, "U0EVE"))


async def test_a_form_sent_twice_is_searched_for_once(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(3)))
    sent = await send(world, await form(world), {"words": "inbound"})
    again = await world.slack.redeliver(sent)
    await world.idle()

    assert again.ack_status == 200
    assert len(listed(seen(world).blocks)) == 3
    assert len(world.log.lines("search.done")) == 1


async def test_a_trigger_that_has_expired_is_an_error_line(open_world: OpenWorld) -> None:
    world_of: list[World] = []

    def late(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if world_of and scope["type"] == "http" and scope["path"] == "/api/views.open":
                await world_of[0].time.sleep(4)
            await app(scope, receive, send)

        return wrapped

    world = await open_world(slack_front=late)
    world_of.append(world)
    exchange = await world.slack.global_shortcut()
    await world.idle()

    assert exchange.ack_status == 200
    assert world.slack.modals() == []
    assert world.time.now() > NOW
    (line,) = world.log.lines(level="error")
    assert (line["event"], line["reason"]) == ("window.failed", "expired_trigger_id")


@pytest.mark.parametrize("metadata", ["{", '{"channel": 7}', "[]", '{"log": "x"}'])
async def test_a_form_whose_memory_cannot_be_read_is_searched_all_the_same(
    open_world: OpenWorld, metadata: str
) -> None:
    world = await open_world(Space(entries=many(3, wanted=range(3))))
    await send(world, put_there(world, metadata), {"number": WRITTEN})
    await world.idle()

    assert len(listed(seen(world).blocks, actions.CARD)) == 3


async def test_a_form_whose_memory_cannot_be_read_is_of_no_channel(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    await send(world, put_there(world, "{"), {"number": WRITTEN})
    await world.idle()

    assert "You can't look up voice logs here" in said(seen(world))


async def test_a_click_in_a_window_that_cannot_be_read_is_answered_too(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(3)))
    view = await results(world, words="inbound")
    payload = json.dumps(dict(view.payload)).replace(log_id(0), "not an id")
    there = opened(world, json.loads(payload))
    await world.slack.click_in_view(there, actions.CARD)
    await world.idle()

    (line,) = world.log.lines("listener.fault")
    assert "Sorry, something broke in this bot" in said(seen(world))
    assert str(line["ref"]) in said(seen(world))


async def test_a_search_that_was_tampered_with_is_told_to_have_expired_in_the_window(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Space(entries=many(50, wanted=range(50))))
    view = await results(world, number=WRITTEN)
    (value,) = listed(view.blocks, actions.SEARCH_OLDER)
    old = json.dumps(dict(view.payload)).replace(value, value.swapcase())
    there = opened(world, json.loads(old))
    await world.slack.click_in_view(there, actions.SEARCH_OLDER)
    await world.idle()

    assert "This search has expired" in said(seen(world))
    (line,) = world.log.lines("search.expired")
    assert str(line["ref"]) in said(seen(world))


async def test_several_people_search_in_their_own_windows(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(200, wanted=[150])))
    one, other = await form(world, "U0ANNA"), await form(world, "U0BERT")
    await send(world, one, {"number": WRITTEN})
    await send(world, other, {"window": "2m"})
    await world.idle()

    assert listed(seen(world, "U0ANNA").blocks) == [log_id(150)]
    assert listed(seen(world, "U0BERT").blocks) == [log_id(0), log_id(1)]
