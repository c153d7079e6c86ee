"""Clicks on equal elements, clicks in threads, and redeliveries."""

import pytest
from starlette.responses import PlainTextResponse

from bot.dev.emulator.slack.workspace import PostedMessage
from tests.dev.emulator_harness import (
    CONFIRM,
    Json,
    World,
    action_of,
    actions,
    button,
    inner,
    menu,
    option,
)


def row(name: str) -> Json:
    more = menu("more", option(f"{name}-raw"), option(f"{name}-share"))
    return actions(button("card", value=name), more)


async def rows(world: World) -> PostedMessage:
    interaction = await world.slack.command("x")
    blocks = [row("one"), row("two"), row("three")]
    return await world.posted(interaction, text="rows", blocks=[*blocks])


async def test_a_global_shortcut_has_no_channel(world: World) -> None:
    interaction = await world.slack.global_shortcut(user_id="U0OTHER", team_id="T0OTHER")
    body = interaction.payload
    assert (body["type"], body["callback_id"]) == ("shortcut", "voicelog_find")
    assert set(body) == {
        *("type", "token", "action_ts", "team", "user", "callback_id", "trigger_id"),
        *("is_enterprise_install", "enterprise"),
    }
    assert body["trigger_id"] == interaction.trigger_id
    assert inner(body, "user")["id"] == "U0OTHER"
    assert inner(body, "user")["team_id"] == "T0OTHER"
    assert inner(body, "team")["id"] == "T0ACME", "where the app is installed"


@pytest.mark.parametrize(
    ("action_id", "value", "nth", "option_index", "block_id", "clicked"),
    [
        ("card", "two", 0, 0, "b1", "two"),
        ("card", None, 2, 0, "b2", "three"),
        ("more", None, 1, 1, "b1", "two-share"),
        ("more", "three-share", 0, 0, "b2", "three-share"),
    ],
)
async def test_equal_elements_are_selected_by_value_or_position(
    world: World,
    action_id: str,
    value: str | None,
    nth: int,
    option_index: int,
    block_id: str,
    clicked: str,
) -> None:
    message = await rows(world)
    action = action_of(
        await world.slack.click(message, action_id, value=value, nth=nth, option=option_index)
    )
    assert action["block_id"] == block_id
    assert action.get("value", action.get("selected_option")) in (clicked, option(clicked))


async def test_an_element_that_does_not_exist_cannot_be_clicked(world: World) -> None:
    message = await rows(world)
    for value in ("four", "one-share"):
        with pytest.raises(LookupError, match=f"'card' with value '{value}'"):
            await world.slack.click(message, "card", value=value)
    with pytest.raises(LookupError, match="card"):
        await world.slack.click(message, "card", nth=3)
    with pytest.raises(LookupError):
        await world.slack.click(message, "more", option=2)


async def test_a_click_on_an_element_with_a_confirmation_is_confirmed(world: World) -> None:
    interaction = await world.slack.command("x")
    blocks = [actions(button("share", value="v", confirm=CONFIRM))]
    message = await world.posted(interaction, text="x", blocks=[*blocks])
    action = action_of(await world.slack.click(message, "share"))
    assert set(action) == {"type", "action_id", "block_id", "text", "value", "action_ts"}


@pytest.mark.parametrize("kind", ["ephemeral", "in_channel"])
async def test_a_click_in_a_thread_names_the_thread(world: World, kind: str) -> None:
    interaction = await world.slack.command("x")
    message = await world.posted(
        interaction, text="x", blocks=[row("one")], response_type=kind, thread_ts="1.5"
    )
    body = (await world.slack.click(message, "card")).payload
    container = inner(body, "container")
    assert container["thread_ts"] == "1.5"
    assert container["is_ephemeral"] is (kind == "ephemeral")
    assert ("message" in body) is (kind == "in_channel")


async def test_a_redelivered_request_has_the_same_bytes(world: World) -> None:
    click = await world.slack.click(await rows(world), "card", value="two")
    world.now += 2
    again = await world.slack.redeliver(click)
    [*_, first, second] = world.received
    assert second == first
    assert (again.token, again.response_url, again.trigger_id) == (
        click.token,
        click.response_url,
        click.trigger_id,
    )
    assert world.slack.interactions[-1] is click


async def test_each_delivery_has_an_ack_of_its_own_and_shares_everything_else(world: World) -> None:
    world.ack = PlainTextResponse("", 500)
    first = await world.slack.command("x")
    world.ack = PlainTextResponse("again")
    second = await world.slack.redeliver(first)
    assert (first.ack_status, first.failed) == (500, "dispatch_failed: the app responded with 500")
    assert (second.ack_status, second.ack_body, second.failed) == (200, "again", None)
    assert second.messages == []
    await world.posted(first, text="one")
    await world.posted(second, text="two")
    assert [message.text for message in first.messages] == ["one", "two"]
    assert (first.uses, second.uses, first.messages) == (2, 2, second.messages)
