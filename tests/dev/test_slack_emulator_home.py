import json

import pytest

from bot.dev.emulator.slack.workspace import OpenView, RecordedInteraction
from tests.dev.emulator_harness import (
    START,
    Json,
    World,
    action_of,
    actions,
    button,
    home,
    inner,
    modal,
    section,
)


async def published(world: World, *blocks: Json, user_id: str = "U0SUPPORT") -> OpenView:
    response = await world.call("views.publish", user_id=user_id, view=home(*blocks))
    assert response["ok"] is True
    view = world.slack.home_tab(user_id)
    assert view is not None
    assert response["view"] == view.payload_for_app()
    return view


def body_of(interaction: RecordedInteraction) -> Json:
    body: Json = json.loads(interaction.request_body)
    return body


async def test_opening_the_home_is_an_event_as_json(world: World) -> None:
    interaction = await world.slack.open_home("U0OTHER", team_id="T0OTHER")
    body = body_of(interaction)
    assert (body["type"], body["team_id"], body["api_app_id"], body["event_time"]) == (
        "event_callback",
        "T0OTHER",
        "A0VOICELOG",
        START,
    )
    assert body["authorizations"] == [
        {
            "enterprise_id": None,
            "team_id": "T0OTHER",
            "user_id": "U0VOICELOG",
            "is_bot": True,
            "is_enterprise_install": False,
        }
    ]
    event = inner(body, "event")
    assert set(event) == {"type", "user", "channel", "tab", "event_ts"}
    assert (event["type"], event["user"], event["channel"], event["tab"]) == (
        "app_home_opened",
        "U0OTHER",
        "D0OTHER",
        "home",
    )
    assert (interaction.response_url, interaction.trigger_id, interaction.failed) == ("", "", None)


async def test_the_event_has_the_published_view(world: World) -> None:
    view = await published(world, section("Hello"))
    event = inner(body_of(await world.slack.open_home()), "event")
    assert event["view"] == view.payload_for_app()
    assert inner(event, "view")["type"] == "home"
    other = inner(body_of(await world.slack.open_home(tab="messages")), "event")
    assert (other["tab"], "view" in other) == ("messages", False)


async def test_a_home_tab_is_published_for_one_user_and_keeps_its_id(world: World) -> None:
    first = await published(world, section("1"))
    second = await published(world, section("2"))
    other = await published(world, section("3"), user_id="U0OTHER")
    assert (first.blocks, second.blocks) == ([section("1")], [section("2")])
    assert (first.id, first.root_view_id) == (second.id, second.id)
    assert len({first.hash, second.hash, other.hash}) == 3
    assert other.id != first.id
    assert world.slack.home_tab() == second
    assert world.slack.home_tab("U0NOBODY") is None
    assert (second.title, world.slack.modal()) == ("", None)


async def test_a_click_on_the_home_opens_a_modal(world: World) -> None:
    view = await published(world, actions(button("find"), block_id="top"))
    click = await world.slack.click_in_view(view, "find")
    body = click.payload
    assert body["container"] == {"type": "view", "view_id": view.id}
    assert inner(body, "view") == view.payload_for_app()
    assert {"channel", "response_url", "message"}.isdisjoint(body)
    assert action_of(click)["block_id"] == "top"
    response = await world.call("views.open", trigger_id=click.trigger_id, view=modal())
    assert response["ok"] is True
    assert [shown.type for shown in world.slack.modals()] == ["modal"]


async def test_the_home_tab_is_not_a_modal(world: World) -> None:
    view = await published(world, actions(button("find")))
    click = await world.slack.click_in_view(view, "find")
    pushed = await world.call("views.push", trigger_id=click.trigger_id, view=modal())
    updated = await world.call("views.update", view_id=view.id, view=modal())
    assert [pushed["error"], updated["error"]] == ["not_found", "not_found"]
    with pytest.raises(LookupError, match="can't be closed"):
        await world.slack.close(view)
    with pytest.raises(ValueError, match="no submit button"):
        await world.slack.submit(view, {})
    await published(world, section("Not for you"))
    with pytest.raises(LookupError, match="find"):
        await world.slack.click_in_view(view, "find")
