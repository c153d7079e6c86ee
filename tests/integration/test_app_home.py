# ruff: noqa: E501 - a golden tab is as wide as the tab
"""The App Home tab: what the bot does, a button, and how it stands."""

import re

import pytest
from inline_snapshot import snapshot

from bot import __version__
from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import FailNext, OpenView, RecordedInteraction
from bot.ui import access_denied, actions
from bot.ui import errors as error_texts
from tests.integration.harness import CANARY, NOW, OpenWorld, Space, World, answering, project_id
from tests.integration.search_helpers import Pages, labels, listed, many, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

ASKING = "Checking SignalWire…"


def home(world: World, user_id: str = "U0SUPPORT") -> OpenView:
    view = world.slack.home_tab(user_id)
    assert view is not None
    return view


def said(view: OpenView) -> str:
    return texts(view.blocks)


def without_figures(text: str) -> str:
    """Without what changes from day to day: milliseconds, and the version."""
    return re.sub(r"\(\d+ ms\)", "(N ms)", text).replace(__version__, "V")


async def visit(world: World, user_id: str = "U0SUPPORT", **where: str) -> RecordedInteraction:
    exchange = await world.slack.open_home(user_id, **where)
    assert (exchange.ack_status, exchange.failed) == (200, None)
    await world.idle()
    return exchange


async def test_the_tab_says_what_the_bot_does_and_how_it_stands(world: World) -> None:
    await visit(world)

    assert without_figures(render(home(world).blocks)) == snapshot("""\
┃ 📞 VoiceLog
┃
┃ Who called whom, how the call ended, how long it lasted, what it cost: VoiceLog shows SignalWire voice logs in Slack. Only you can see them.
┃
┃ [ Find a call ]
┃
┃ Things to try
┃
┃ • /voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df shows the call: from and to, status, duration, charge. Takes up to ten ids, or links to the dashboard or the API
┃ • /voicelog find 5550134 2h finds calls without an id: by phone number in any format, time, status or direction
┃ • /voicelog recent 5 lists the latest calls (ten by default)
┃ • /voicelog status checks whether the bot can reach SignalWire and whether you can look up calls here
┃ • /voicelog help shows this help
┃
┃ On a message with ids or a phone number, open the menu (⋮) and choose Look up voice log.
┃
┃ ────────────────────────────────────────────────────────────────────────────
┃
┃ Status
┃
┃ ✅ SignalWire 127.0.0.1: reachable, credentials accepted (N ms)
┃
┃ ✅ You can look up voice logs here.
┃
┃ VoiceLog V\
""")
    assert labels(home(world).blocks) == ["Find a call"]


async def test_the_tab_is_there_at_once_and_the_status_follows(open_world: OpenWorld) -> None:
    world = await open_world()
    world.hold_answers()
    await world.slack.open_home()
    first = await world.slack.wait_for_home()

    assert ASKING in said(first)
    assert labels(first.blocks) == ["Find a call"]
    world.release_answers()
    await world.idle()
    assert ASKING not in said(home(world))
    assert "reachable, credentials accepted" in said(home(world))
    assert [call.method for call in world.slack.view_calls] == ["views.publish"] * 2


async def test_every_visit_brings_the_tab_up_to_date(open_world: OpenWorld) -> None:
    world = await open_world(Space(front=answering(503)))
    await visit(world)
    before = home(world)
    await visit(world)

    assert home(world).id == before.id
    assert home(world).hash != before.hash


async def test_another_tab_is_left_alone(open_world: OpenWorld) -> None:
    world = await open_world()
    await visit(world, tab="messages")

    assert world.slack.home_tab() is None
    assert world.slack.view_calls == []


async def test_the_button_opens_the_form_and_its_search_works(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=many(3)))
    await visit(world)
    await world.slack.click_in_view(home(world), actions.FIND_FORM)
    await world.idle()
    form = world.slack.modal()
    assert form is not None
    assert form.callback_id == "voicelog_find"
    await world.slack.submit(form, {"words": "inbound"})
    await world.idle()

    found = world.slack.modal()
    assert found is not None
    assert len(listed(found.blocks)) == 3


async def test_the_button_pressed_once_opens_one_form_however_often_that_is_delivered(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    await visit(world)
    clicked = await world.slack.click_in_view(home(world), actions.FIND_FORM)
    await world.slack.redeliver(clicked)
    await world.idle()

    assert [call.method for call in world.slack.view_calls].count("views.open") == 1
    assert not world.log.lines(level="error")


async def test_somebody_who_may_not_sees_why_and_has_no_button(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await visit(world, "U0EVE")
    view = home(world, "U0EVE")

    assert labels(view.blocks) == []
    assert said(view).splitlines()[-2] == snapshot(
        "🔒 You can't look up voice logs here. Only certain people can look up voice logs. Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow you: `U0EVE`."
    )
    await visit(world, "U0ANNA")
    assert labels(home(world, "U0ANNA").blocks) == ["Find a call"]


async def test_where_only_channels_are_allowed_the_tab_says_where_to_go(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})
    await visit(world)

    assert labels(home(world).blocks) == []
    assert "in one of the channels where it is allowed" in said(home(world))


async def test_somebody_of_another_company_sees_no_projects(open_world: OpenWorld) -> None:
    world = await open_world(Space("north", entries=()), Space("south", entries=()))
    await visit(world, "U0STRANGER", team_id="T0STRANGER")
    view = home(world, "U0STRANGER")

    assert "north" not in said(view)
    assert "certain workspaces" in said(view)
    assert labels(view.blocks) == []


async def test_a_button_of_a_tab_from_before_is_refused_in_a_window(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    await visit(world, "U0ANNA")
    payload = dict(home(world, "U0ANNA").payload)
    old = world.slack.views.publish("U0EVE", "T0ACME", payload)
    await world.slack.click_in_view(old, actions.FIND_FORM)
    await world.idle()

    window = world.slack.modal("U0EVE")
    assert window is not None
    assert access_denied.TITLE in said(window)


@pytest.mark.parametrize(
    ("space", "words"),
    [
        (Space(front=answering(503, CANARY)), error_texts.UNAVAILABLE.title),
        (Space(token_is_wrong=True), error_texts.CREDENTIALS_REJECTED.title),
        (Space(front=answering(200, CANARY)), error_texts.UNREADABLE.title),
    ],
)
async def test_signalwire_out_of_order_is_said_on_the_tab(
    open_world: OpenWorld, space: Space, words: str
) -> None:
    world = await open_world(space)
    await visit(world)

    assert f"{words} (" in said(home(world))
    assert "You can look up voice logs here" in said(home(world))
    assert CANARY not in said(home(world))


async def test_nothing_secret_is_on_the_tab(open_world: OpenWorld) -> None:
    world = await open_world(Space("north"), Space("south", token_is_wrong=True))
    await visit(world)
    everything = str(home(world).payload)

    assert [secret for secret in world.secrets if secret in everything] == []
    assert project_id("north") not in everything


@pytest.mark.parametrize(
    "failing",
    [
        FailNext(200, '{"ok": false, "error": "not_enabled"}'),
        FailNext(200, '{"ok": false, "error": "invalid_arguments"}'),
        FailNext(200, "<html>busy</html>"),
    ],
)
async def test_a_tab_that_slack_refuses_is_one_error_line(
    open_world: OpenWorld, failing: FailNext
) -> None:
    world = await open_world()
    world.slack.fail_next_api = [failing]
    await visit(world)

    assert world.slack.home_tab() is None
    assert len(world.slack.view_calls) == 1
    (line,) = world.log.lines(level="error")
    assert line["event"] == "app_home.publish_failed"


async def test_a_tab_that_slack_is_too_busy_to_take_is_tried_again(open_world: OpenWorld) -> None:
    world = await open_world()
    world.slack.fail_next_api = [FailNext(503), FailNext(429, headers={"Retry-After": "1"})]
    await visit(world)

    assert "reachable, credentials accepted" in said(home(world))
    assert not world.log.lines(level="error")


async def test_a_tab_that_a_stop_interrupts_makes_no_further_calls_and_no_alarm(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment={"DRAIN_SECONDS": "0"})
    world.hold_answers()
    await world.slack.open_home()
    await world.slack.wait_for_home()
    await world.stop()

    # There is nobody to tell: no channel, and no click that could open a window.
    assert [call.method for call in world.slack.view_calls] == ["views.publish"]
    assert not world.log.lines(level="error")


async def test_a_form_that_cannot_be_opened_any_more_is_an_error_line(
    open_world: OpenWorld,
) -> None:
    world = await open_world()
    await visit(world)
    world.slack.fail_next_api = [FailNext(200, '{"ok": false, "error": "expired_trigger_id"}')]
    await world.slack.click_in_view(home(world), actions.FIND_FORM)
    await world.idle()

    assert world.slack.modals() == []
    (line,) = world.log.lines(level="error")
    assert (line["event"], line["reason"]) == ("view.failed", "expired_trigger_id")
    assert world.time.now() == NOW


async def test_a_search_in_the_form_does_not_touch_the_tab(open_world: OpenWorld) -> None:
    world = await open_world(Space(front=Pages(fails_from=1)))
    await visit(world)
    before = home(world)
    await world.slack.click_in_view(before, actions.FIND_FORM)
    await world.idle()
    form = world.slack.modal()
    assert form is not None
    await world.slack.submit(form, {"words": "inbound"})
    await world.idle()

    assert home(world) == before
