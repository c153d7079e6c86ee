"""What the developers' panel shows for each interaction, and which requests belong to it."""

import json
from typing import Final

import pytest
from pydantic import JsonValue
from starlette.responses import Response

from bot.dev.emulator.slack.workspace import FailNext, RecordedInteraction
from bot.dev.playground.web.inspector import InspectorEntry, builder_link, entries, entry, readable
from tests.dev.emulator_harness import World, actions, button, home, inner, modal, plain, section
from tests.dev.page_harness import decoded

FIELD: Final[JsonValue] = {
    "type": "input",
    "block_id": "town",
    "label": plain("Town"),
    "element": {"type": "plain_text_input", "action_id": "written"},
}
NEXT: Final = modal(actions(button("next")))


def latest(world: World) -> InspectorEntry:
    return entries(world.slack)[0]


def entry_of(world: World, interaction: RecordedInteraction) -> InspectorEntry:
    return entry(world.slack, interaction.token)


def delays(world: World, interaction: RecordedInteraction) -> list[int]:
    """Return the milliseconds from the interaction to each request of the app."""
    found = entry_of(world, interaction)
    return [found.after_ms(each) for each in found.responses]


def requests(world: World, interaction: RecordedInteraction) -> list[str]:
    return [each.method for each in entry_of(world, interaction).responses]


async def call_later(world: World, method: str, **arguments: JsonValue) -> dict[str, JsonValue]:
    """Call the Web API, a quarter of a second after the previous request."""
    world.now += 0.25
    response = await world.call(method, **arguments)
    world.now += 0.25
    return response


async def test_an_interaction_is_named_after_the_users_action(world: World) -> None:
    def named() -> str:
        return latest(world).what

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
    form = modal(FIELD, submit=plain("Go"), callback_id="form")
    await world.slack.submit(await world.opened(form), {"town": "Oslo"})
    assert named() == "form submitted form"
    await world.slack.open_home()
    assert "app_home_opened" in named()


async def test_the_newest_hundred_are_shown(world: World) -> None:
    for number in range(103):
        await world.slack.command(str(number))
    found = entries(world.slack)
    assert [found[0].what, found[-1].what] == ["/voicelog 102", "/voicelog 3"]
    assert len(found) == 100
    with pytest.raises(LookupError):
        entry_of(world, world.slack.interactions[0])


async def test_a_request_is_shown_as_its_fields_or_its_json(world: World) -> None:
    command = await world.slack.command("Oslo", channel_id="C0HERE")
    request = json.loads(entry_of(world, command).request)
    assert (request["text"], request["channel_id"]) == ("Oslo", "C0HERE")
    assert request["response_url"] == command.response_url
    await world.slack.global_shortcut("find")
    assert json.loads(latest(world).request)["callback_id"] == "find"
    await world.slack.open_home()
    assert json.loads(latest(world).request)["event"]["type"] == "app_home_opened"


def test_json_objects_are_shown_indented_and_other_texts_as_they_are() -> None:
    assert readable('{"text":"Rain"}') == '{\n  "text": "Rain"\n}'
    assert readable('{"text":"\\u202e"}') == '{\n  "text": "\\u202e"\n}', "invisible"
    for text in ("Rain <b>", "[1,2]", "{text", ""):
        assert readable(text) == text


@pytest.mark.parametrize(
    ("status", "seconds", "failed"),
    [
        (500, 0.0, "dispatch_failed: the app responded with 500"),
        (200, 3.5, "operation_timeout: the ack took 3.500 s"),
    ],
)
async def test_a_failed_ack_is_marked(
    world: World, status: int, seconds: float, failed: str
) -> None:
    async def respond() -> Response:
        world.now += seconds
        return Response("", status)

    world.respond = respond
    found = entry_of(world, await world.slack.command("x"))
    assert (found.interaction.failed, found.is_rejected) == (failed, True)


async def test_each_post_is_shown_with_its_time_result_and_content(world: World) -> None:
    command = await world.slack.command("x")
    world.now += 0.5
    await world.posted(command, text="Rain", blocks=[section("Rain")])
    [post] = entry_of(world, command).responses
    assert (post.method, post.status, post.is_accepted) == ("response_url", 200, True)
    assert delays(world, command) == [500]
    assert post.payload == {"text": "Rain", "blocks": [section("Rain")]}
    assert not entry_of(world, command).is_rejected


async def test_a_rejected_post_has_the_reason_and_is_marked(world: World) -> None:
    command = await world.slack.command("x")
    wrong: list[JsonValue] = [{"type": "header", "text": plain("x" * 151)}]
    world.slack.fail_next.append(FailNext(500, "server_error"))
    await world.post(command, text="x")
    await world.post(command, blocks=wrong)
    await world.to_slack.post(command.response_url, content=b"{text", headers={})
    found = entry_of(world, command)
    assert found.is_rejected
    [failed, invalid, unreadable] = found.responses
    assert (failed.status, failed.response, failed.is_accepted) == (500, "server_error", False)
    assert (invalid.status, invalid.error, invalid.is_accepted) == (400, "invalid_blocks", False)
    assert "/blocks/0" in invalid.response
    assert decoded(builder_link(invalid.arguments)) == {"blocks": wrong}, "it can be corrected"
    assert (unreadable.body, unreadable.response) == ("{text", "invalid_payload")
    assert builder_link(unreadable.arguments) == ""


async def test_the_uses_of_a_response_url_are_counted(world: World) -> None:
    command = await world.slack.command("x")
    assert entry_of(world, command).uses == 0
    for _ in range(6):
        await world.post(command, text="x")
    assert entry_of(world, command).uses == 5
    verdicts = [post.response for post in entry_of(world, command).responses]
    assert verdicts == [*(["ok"] * 5), "used_url"]
    assert entry_of(world, await world.slack.global_shortcut("find")).uses is None


async def test_a_modal_and_its_updates_belong_to_the_opening_interaction(world: World) -> None:
    first = await world.slack.command("first")
    world.now += 0.1
    second = await world.slack.command("second")
    opened = await call_later(world, "views.open", trigger_id=first.trigger_id, view=NEXT)
    await world.slack.command("third")
    await call_later(world, "views.update", view_id=view_id(opened), view=NEXT)
    assert requests(world, first) == ["views.open", "views.update"]
    assert delays(world, first) == [350, 850]
    assert requests(world, second) == []
    for number in range(100):
        await world.slack.command(str(number))
    await call_later(world, "views.update", view_id=view_id(opened), view=NEXT)
    assert [each.responses for each in entries(world.slack)] == [()] * 100


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
    assert requests(world, command) == ["views.open"]
    assert requests(world, click) == ["views.update", "views.push"]
    assert requests(world, elsewhere) == []


async def test_views_publish_belongs_to_the_last_opening_of_the_home_tab(world: World) -> None:
    looks = []
    for words in ("Sun", "Rain"):
        looks.append(await world.slack.open_home())
        world.now += 0.1
        elsewhere = await world.slack.command("x")
        await call_later(world, "views.publish", user_id="U0SUPPORT", view=home(section(words)))
        assert requests(world, elsewhere) == []
    assert [requests(world, look) for look in looks] == [["views.publish"]] * 2


async def test_a_rejected_call_has_the_reason_and_is_marked(world: World) -> None:
    command = await world.slack.command("x")
    long = modal(section("x" * 3001))
    await call_later(world, "views.open", trigger_id=command.trigger_id, view=long)
    found = entry_of(world, command)
    [call] = found.responses
    assert found.is_rejected
    assert (call.error, call.is_accepted) == ("invalid_arguments", False)
    assert "/view/blocks/0" in call.response
    assert call.arguments == {"trigger_id": command.trigger_id, "view": long}


async def test_posts_and_calls_are_in_order(world: World) -> None:
    command = await world.slack.command("x")
    world.now += 0.1
    await world.post(command, text="one")
    view = modal(section("Rain"))
    await call_later(world, "views.open", trigger_id=command.trigger_id, view=view)
    await world.post(command, text="two")
    assert requests(world, command) == ["response_url", "views.open", "response_url"]
    [_, call, _] = entry_of(world, command).responses
    assert delays(world, command) == [100, 350, 600]
    assert decoded(builder_link(call.arguments)) == view


@pytest.mark.parametrize(
    "text", ["Rain", '"%23#?&+ <>', "Ærøskøbing — ☔\n", "lone \ud83d surrogate"]
)
def test_a_message_is_shown_in_the_builder_by_its_blocks(text: str) -> None:
    link = builder_link({"text": "x", "response_type": "ephemeral", "blocks": [section(text)]})
    assert decoded(link) == {"blocks": [section(text)]}
    assert not {'"', "<", ">", " ", "\n"} & set(link)
    assert link.isascii()


@pytest.mark.parametrize("view", [modal(FIELD, submit=plain("Go")), home(section())])
def test_the_whole_view_is_shown_in_the_builder(view: dict[str, JsonValue]) -> None:
    assert decoded(builder_link(view)) == view


@pytest.mark.parametrize(
    "payload", [{}, {"text": "x"}, {"blocks": []}, {"type": "message"}, {"delete_original": True}]
)
def test_without_blocks_there_is_no_link_to_the_builder(payload: dict[str, JsonValue]) -> None:
    assert builder_link(payload) == ""


def view_id(response: dict[str, JsonValue]) -> str:
    return str(inner(response, "view")["id"])
