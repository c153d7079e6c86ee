"""Calls of the Web API belong to what the person did, and all can be opened in the builder."""

import json

import pytest
from pydantic import JsonValue

from bot.dev.playground.web.inspector import builder_link, entries
from tests.dev.emulator_harness import World, actions, button, home, modal, plain, section
from tests.dev.inspector_helpers import FIELD, later, of, whats
from tests.dev.page_harness import decoded


async def test_a_window_belongs_to_the_exchange_that_it_was_opened_with(world: World) -> None:
    first = await world.slack.command("first")
    world.now += 0.1
    second = await world.slack.command("second")
    await later(world, "views.open", trigger_id=first.trigger_id, view=modal(section()))
    assert whats(of(world, first)) == ["views.open"]
    assert whats(of(world, second)) == []


async def test_a_change_of_a_window_belongs_to_what_opened_it(world: World) -> None:
    first = await world.slack.command("first")
    opened = await later(world, "views.open", trigger_id=first.trigger_id, view=modal(section("…")))
    await world.slack.command("second")
    await later(world, "views.update", view_id=id_of(opened), view=modal(section("Rain")))
    assert whats(of(world, first)) == ["views.open", "views.update"]
    assert [answer.after_ms for answer in of(world, first).responses] == [250, 750]


async def test_a_change_after_a_click_in_a_window_belongs_to_the_click(world: World) -> None:
    command = await world.slack.command("first")
    view = modal(actions(button("next")))
    opened = await later(world, "views.open", trigger_id=command.trigger_id, view=view)
    window = world.slack.modal()
    assert window is not None
    click = await world.slack.click_in_view(window, "next")
    world.now += 0.1
    elsewhere = await world.slack.command("second")
    await later(world, "views.update", view_id=id_of(opened), view=view)
    assert whats(of(world, command)) == ["views.open"]
    assert whats(of(world, click)) == ["views.update"]
    assert whats(of(world, elsewhere)) == []


async def test_a_window_over_another_belongs_to_the_click_that_opened_it(world: World) -> None:
    window = await world.opened(modal(actions(button("more"))))
    world.now += 1
    click = await world.slack.click_in_view(window, "more")
    await later(world, "views.push", trigger_id=click.trigger_id, view=modal(section()))
    assert whats(of(world, click)) == ["views.push"]


async def test_each_look_at_the_home_tab_has_its_own_publishing(world: World) -> None:
    first = await world.slack.open_home()
    await later(world, "views.publish", user_id="U0SUPPORT", view=home(section("Sun")))
    second = await world.slack.open_home()
    world.now += 0.1
    elsewhere = await world.slack.command("x")
    await later(world, "views.publish", user_id="U0SUPPORT", view=home(section("Rain")))
    assert whats(of(world, first)) == ["views.publish"]
    assert whats(of(world, second)) == ["views.publish"]
    assert whats(of(world, elsewhere)) == []


async def test_the_first_publishing_belongs_to_the_look_even_if_something_came_between(
    world: World,
) -> None:
    look = await world.slack.open_home()
    world.now += 0.1
    elsewhere = await world.slack.command("x")
    await later(world, "views.publish", user_id="U0SUPPORT", view=home(section("Sun")))
    assert whats(of(world, look)) == ["views.publish"]
    assert whats(of(world, elsewhere)) == []


async def test_a_refused_call_says_why_and_is_marked(world: World) -> None:
    command = await world.slack.command("x")
    long = modal(section("x" * 3001))
    await later(world, "views.open", trigger_id=command.trigger_id, view=long)
    found = of(world, command)
    [call] = found.responses
    assert call.is_refused
    assert found.is_refused
    assert "invalid_arguments" in call.verdict
    assert "/view/blocks/0" in call.verdict
    sent = json.loads(call.sent)
    assert sent["view"] == long
    assert sent["trigger_id"] == command.trigger_id


async def test_a_view_that_travelled_as_text_is_shown_as_the_view_it_is(world: World) -> None:
    command = await world.slack.command("x")
    view = modal(section("Rain"))
    await later(world, "views.open", trigger_id=command.trigger_id, view=json.dumps(view))
    [call] = of(world, command).responses
    assert json.loads(call.sent)["view"] == view
    assert decoded(call.builder) == view


async def test_posts_and_calls_stand_in_the_order_in_which_they_came(world: World) -> None:
    command = await world.slack.command("x")
    world.now += 0.1
    await world.post(command, text="one")
    await later(world, "views.open", trigger_id=command.trigger_id, view=modal(section()))
    await world.post(command, text="two")
    found = of(world, command)
    assert whats(found) == ["response_url", "views.open", "response_url"]
    assert [answer.after_ms for answer in found.responses] == [100, 350, 600]


async def test_a_call_that_belongs_to_a_forgotten_exchange_is_shown_at_no_other(
    world: World,
) -> None:
    first = await world.slack.command("first")
    opened = await later(world, "views.open", trigger_id=first.trigger_id, view=modal(section()))
    for number in range(100):
        await world.slack.command(str(number))
    await later(world, "views.update", view_id=id_of(opened), view=modal(section()))
    assert [whats(found) for found in entries(world.slack)] == [[]] * 100


@pytest.mark.parametrize(
    "text", ["Rain", '"%23#?&+ <>', "Ærøskøbing — ☔\n", "half \ud83d a smile"]
)
def test_a_message_is_shown_in_the_builder_by_its_blocks(text: str) -> None:
    link = builder_link({"text": "x", "response_type": "ephemeral", "blocks": [section(text)]})
    assert decoded(link) == {"blocks": [section(text)]}
    assert not {'"', "<", ">", " ", "\n"} & set(link)
    assert link.isascii()


@pytest.mark.parametrize("view", [modal(FIELD, submit=plain("Go")), home(section())])
def test_a_view_is_shown_in_the_builder_whole(view: dict[str, JsonValue]) -> None:
    assert decoded(builder_link(view)) == view


@pytest.mark.parametrize(
    "payload", [{}, {"text": "x"}, {"blocks": []}, {"type": "message"}, {"delete_original": True}]
)
def test_without_blocks_there_is_nothing_to_show(payload: dict[str, JsonValue]) -> None:
    assert builder_link(payload) == ""


def id_of(answer: dict[str, JsonValue]) -> str:
    view = answer["view"]
    assert isinstance(view, dict)
    return str(view["id"])
