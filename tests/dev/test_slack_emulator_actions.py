import pytest
from starlette.responses import PlainTextResponse

from bot.dev.emulator.slack.workspace import PostedMessage
from tests.dev.emulator_harness import (
    Json,
    World,
    actions,
    button,
    inner,
    listed,
    option,
    payload,
    plain,
)


def row(name: str) -> Json:
    menu: Json = {
        "type": "overflow",
        "action_id": "more",
        "options": [option(f"{name}-raw"), option(f"{name}-share")],
    }
    return actions(button("card", value=name), menu)


async def rows(world: World) -> PostedMessage:
    exchange = await world.slack.command("x")
    return await world.shown(exchange, text="rows", blocks=[row("one"), row("two"), row("three")])


async def test_a_global_shortcut_happens_nowhere_in_particular(world: World) -> None:
    exchange = await world.slack.global_shortcut(user_id="U0OTHER", team_id="T0OTHER")
    body = payload(exchange)
    assert (body["type"], body["callback_id"]) == ("shortcut", "voicelog_find")
    assert set(body) == {
        *("type", "token", "action_ts", "team", "user", "callback_id", "trigger_id"),
        *("is_enterprise_install", "enterprise"),
    }
    assert body["trigger_id"] == exchange.trigger_id
    assert inner(body, "user")["id"] == "U0OTHER"
    assert inner(body, "user")["team_id"] == "T0OTHER"
    assert inner(body, "team")["id"] == "T0ACME", "where the app is installed"
    assert (exchange.response_url, exchange.channel_id) == ("", "")


async def test_what_happens_in_no_channel_has_no_response_url_at_all(world: World) -> None:
    exchange = await world.slack.global_shortcut()
    url = f"{world.slack.own_url}/response/{exchange.token}"
    answer = await world.to_slack.post(url, json={"text": "x"})
    assert (answer.status_code, answer.text) == (404, "no_service")
    assert exchange.posts == []


async def test_each_exchange_hands_out_its_own_trigger_id(world: World) -> None:
    message = await rows(world)
    exchanges = [
        await world.slack.command("x"),
        await world.slack.message_shortcut({"text": "x"}),
        await world.slack.global_shortcut(),
        await world.slack.click(message, "card"),
    ]
    assert len({exchange.trigger_id for exchange in exchanges} - {""}) == 4
    assert payload(exchanges[1])["trigger_id"] == exchanges[1].trigger_id


async def test_among_rows_alike_a_button_is_chosen_by_its_value(world: World) -> None:
    click = await world.slack.click(await rows(world), "card", value="two")
    action = listed(click)
    assert (action["value"], action["block_id"], action["type"]) == ("two", "b1", "button")


async def test_among_rows_alike_a_menu_is_chosen_by_its_options_value(world: World) -> None:
    action = listed(await world.slack.click(await rows(world), "more", value="three-share"))
    assert (action["block_id"], action["selected_option"]) == ("b2", option("three-share"))


async def test_among_rows_alike_an_element_is_chosen_by_its_place(world: World) -> None:
    message = await rows(world)
    assert listed(await world.slack.click(message, "card", nth=2))["value"] == "three"
    chosen = listed(await world.slack.click(message, "more", nth=1, option=1))
    assert chosen["selected_option"] == option("two-share")


@pytest.mark.parametrize("value", ["four", "one-share"])
async def test_a_value_that_nothing_has_cannot_be_clicked(world: World, value: str) -> None:
    with pytest.raises(LookupError, match=f"'card' with value '{value}'"):
        await world.slack.click(await rows(world), "card", value=value)


async def test_a_place_that_nothing_has_cannot_be_clicked(world: World) -> None:
    message = await rows(world)
    with pytest.raises(LookupError, match="card"):
        await world.slack.click(message, "card", nth=3)
    with pytest.raises(LookupError):
        await world.slack.click(message, "more", option=2)


async def test_a_click_that_asks_for_confirmation_was_confirmed(world: World) -> None:
    confirm: Json = {name: plain(name) for name in ("title", "text", "confirm", "deny")}
    exchange = await world.slack.command("x")
    blocks = [actions(button("share", value="v", confirm=confirm))]
    message = await world.shown(exchange, text="x", blocks=[*blocks])
    action = listed(await world.slack.click(message, "share"))
    assert set(action) == {"type", "action_id", "block_id", "text", "value", "action_ts"}


@pytest.mark.parametrize("kind", ["ephemeral", "in_channel"])
async def test_a_click_in_a_thread_names_the_thread(world: World, kind: str) -> None:
    exchange = await world.slack.command("x")
    message = await world.shown(
        exchange, text="x", blocks=[row("one")], response_type=kind, thread_ts="1.5"
    )
    body = payload(await world.slack.click(message, "card"))
    container = inner(body, "container")
    assert container["thread_ts"] == "1.5"
    assert container["is_ephemeral"] is (kind == "ephemeral")
    assert ("message" in body) is (kind == "in_channel")


async def test_a_request_delivered_again_is_the_same_to_the_byte(world: World) -> None:
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


async def test_each_delivery_has_an_ack_of_its_own(world: World) -> None:
    world.ack = PlainTextResponse("", 500)
    first = await world.slack.command("x")
    world.ack = PlainTextResponse("again")
    second = await world.slack.redeliver(first)
    assert (first.ack_status, first.failed) == (500, "dispatch_failed: the app answered 500")
    assert (second.ack_status, second.ack_body, second.failed) == (200, "again", None)
    assert second.messages == []


async def test_both_deliveries_share_the_response_url_and_its_uses(world: World) -> None:
    first = await world.slack.command("x")
    again = await world.slack.redeliver(first)
    await world.shown(first, text="one")
    await world.shown(again, text="two")
    assert first.messages == again.messages
    assert [message.text for message in again.messages] == ["one", "two"]
    assert (first.uses, again.uses, len(first.posts)) == (2, 2, 2)
    assert (await again.wait_for_message(count=2)).text == "two"


async def test_a_trigger_id_delivered_twice_still_opens_one_window(world: World) -> None:
    first = await world.slack.command("x")
    again = await world.slack.redeliver(first)
    view: Json = {"type": "modal", "title": plain("x"), "blocks": []}
    answers = [
        await world.call("views.open", trigger_id=exchange.trigger_id, view=view)
        for exchange in (first, again)
    ]
    assert [answer.get("error") for answer in answers] == [None, "exchanged_trigger_id"]
