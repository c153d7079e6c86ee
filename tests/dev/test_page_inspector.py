"""What the developers' panel shows for each interaction, and which requests belong to it."""

from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.dev.playground.web.inspector import builder_link, readable, what
from tests.dev.emulator_harness import World, actions, button, home, inner, modal, plain, section
from tests.dev.page_harness import TOWN, decoded

NEXT: Final = modal(actions(button("next")))


def requests(interaction: RecordedInteraction) -> list[str]:
    return [each.method for each in interaction.requests]


async def call_later(world: World, method: str, **arguments: JsonValue) -> dict[str, JsonValue]:
    """Call the Web API, a quarter of a second after the previous request."""
    world.now += 0.25
    response = await world.call(method, **arguments)
    world.now += 0.25
    return response


async def test_an_interaction_is_named_after_the_users_action(world: World) -> None:
    def named() -> str:
        return what(world.slack.interactions[-1].payload)

    await world.slack.command("Oslo  & Bergen", command="/weather")
    assert named() == "/weather Oslo  & Bergen"
    command = await world.slack.command("", command="/weather")
    assert named() == "/weather"
    await world.slack.message_shortcut({"ts": "1.0", "text": "x"}, callback_id="where")
    assert named() == "message shortcut where"
    await world.slack.global_shortcut("find")
    assert named() == "global shortcut find"
    message = await world.posted(command, text="x", blocks=[actions(button("wind"))])
    await world.slack.click(message, "wind")
    assert named() == "click on wind"
    form = modal(TOWN, submit=plain("Go"), callback_id="form")
    await world.slack.submit(await world.opened(form), {"town": "Oslo"})
    assert named() == "form submitted form"
    await world.slack.open_home()
    assert named() == "event_callback app_home_opened"


def test_json_objects_are_shown_indented_and_other_texts_as_they_are() -> None:
    assert readable('{"text":"Rain"}') == '{\n  "text": "Rain"\n}'
    assert readable('{"text":"\\u202e"}') == '{\n  "text": "\\u202e"\n}', "invisible"
    for text in ("Rain <b>", "[1,2]", "{text", ""):
        assert readable(text) == text


async def test_a_modal_and_its_updates_belong_to_the_opening_interaction(world: World) -> None:
    first = await world.slack.command("first")
    world.now += 0.1
    second = await world.slack.command("second")
    opened = await call_later(world, "views.open", trigger_id=first.trigger_id, view=NEXT)
    await world.slack.command("third")
    await call_later(world, "views.update", view_id=view_id(opened), view=NEXT)
    assert requests(first) == ["views.open", "views.update"]
    assert requests(second) == []


async def test_calls_after_a_click_in_a_modal_belong_to_the_click(world: World) -> None:
    command = await world.slack.command("first")
    opened = await call_later(world, "views.open", trigger_id=command.trigger_id, view=NEXT)
    shown = world.slack.modal()
    assert shown is not None
    click = await world.slack.click_in_view(shown, "next")
    world.now += 0.1
    elsewhere = await world.slack.command("second")
    await call_later(world, "views.update", view_id=view_id(opened), view=NEXT)
    await call_later(world, "views.push", trigger_id=click.trigger_id, view=modal(section()))
    assert requests(command) == ["views.open"]
    assert requests(click) == ["views.update", "views.push"]
    assert requests(elsewhere) == []


async def test_views_publish_belongs_to_the_last_opening_of_the_home_tab(world: World) -> None:
    looks = []
    for words in ("Sun", "Rain"):
        looks.append(await world.slack.open_home())
        world.now += 0.1
        elsewhere = await world.slack.command("x")
        await call_later(world, "views.publish", user_id="U0SUPPORT", view=home(section(words)))
        assert requests(elsewhere) == []
    assert [requests(look) for look in looks] == [["views.publish"]] * 2


async def test_an_interaction_is_rejected_if_one_request_is(world: World) -> None:
    fine, command = await world.slack.command("x"), await world.slack.command("x")
    await world.post(fine, text="one")
    await world.post(command, text="one")
    wrong = modal(section("x" * 3001))
    await call_later(world, "views.open", trigger_id=command.trigger_id, view=wrong)
    await world.post(command, text="two")
    assert requests(command) == ["response_url", "views.open", "response_url"]
    assert [each.is_accepted for each in command.requests] == [True, False, True]
    assert [each.is_rejected for each in (fine, command)] == [False, True]
    assert decoded(builder_link(command.requests[1].arguments)) == wrong, "it can be corrected"


@pytest.mark.parametrize(
    "text", ["Rain", '"%23#?&+ <>', "Ærøskøbing — ☔\n", "lone \ud83d surrogate"]
)
def test_a_message_is_shown_in_the_builder_by_its_blocks(text: str) -> None:
    link = builder_link({"text": "x", "response_type": "ephemeral", "blocks": [section(text)]})
    assert decoded(link) == {"blocks": [section(text)]}
    assert not {'"', "<", ">", " ", "\n"} & set(link)
    assert link.isascii()


@pytest.mark.parametrize(
    "payload", [{}, {"text": "x"}, {"blocks": []}, {"type": "message"}, {"delete_original": True}]
)
def test_without_blocks_there_is_no_link_to_the_builder(payload: dict[str, JsonValue]) -> None:
    assert builder_link(payload) == ""


def view_id(response: dict[str, JsonValue]) -> str:
    return str(inner(response, "view")["id"])
