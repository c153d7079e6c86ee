"""What a developer is told about each exchange between Slack and the app."""

import json

import pytest
from starlette.responses import JSONResponse, Response

from bot.dev.emulator.slack.workspace import FailNext
from bot.dev.playground.web.inspector import entries, entry
from tests.dev.emulator_harness import World, actions, button, modal, plain, section
from tests.dev.inspector_helpers import FIELD, latest, of
from tests.dev.page_harness import decoded


async def test_a_command_is_named_as_it_was_typed(world: World) -> None:
    await world.slack.command("Oslo  & Bergen", command="/weather")
    assert latest(world).what == "/weather Oslo  & Bergen"
    await world.slack.command("", command="/weather")
    assert latest(world).what == "/weather"


async def test_a_shortcut_is_named_by_its_kind_and_its_id(world: World) -> None:
    await world.slack.message_shortcut({"ts": "1.0", "text": "x"}, callback_id="where")
    assert latest(world).what == "message shortcut where"
    await world.slack.global_shortcut("find")
    assert latest(world).what == "global shortcut find"


async def test_a_click_is_named_by_what_was_clicked(world: World) -> None:
    command = await world.slack.command("x")
    message = await world.shown(command, text="x", blocks=[actions(button("wind"))])
    await world.slack.click(message, "wind")
    assert latest(world).what == "click on wind"


async def test_what_is_done_in_a_window_is_named_by_the_window(world: World) -> None:
    form = modal(FIELD, submit=plain("Go"), callback_id="form", notify_on_close=True)
    await world.slack.submit(await world.opened(form), {"town": "Oslo"})
    assert latest(world).what == "form submitted form"
    await world.slack.close(await world.opened(form))
    assert latest(world).what == "modal closed form"


async def test_a_look_at_the_home_tab_is_named_as_the_event_it_is(world: World) -> None:
    await world.slack.open_home()
    assert "app_home_opened" in latest(world).what


async def test_the_latest_comes_first_and_only_a_hundred_are_shown(world: World) -> None:
    for number in range(103):
        await world.slack.command(str(number))
    found = entries(world.slack)
    assert [found[0].what, found[-1].what] == ["/voicelog 102", "/voicelog 3"]
    assert len(found) == 100
    oldest = world.slack.interactions[0]
    with pytest.raises(LookupError):
        entry(world.slack, oldest.token)


async def test_a_command_is_shown_as_its_fields(world: World) -> None:
    exchange = await world.slack.command("Oslo", channel_id="C0HERE")
    found = of(world, exchange)
    request = json.loads(found.request)
    assert (request["text"], request["channel_id"]) == ("Oslo", "C0HERE")
    assert request["response_url"] == exchange.response_url
    assert found.interaction.request_headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert found.interaction.request_headers["X-Slack-Signature"].startswith("v0=")


async def test_an_interaction_is_shown_as_the_json_that_its_form_carries(world: World) -> None:
    await world.slack.global_shortcut("find")
    assert json.loads(latest(world).request)["callback_id"] == "find"
    await world.slack.open_home()
    assert json.loads(latest(world).request)["event"]["type"] == "app_home_opened"


async def test_an_acknowledgement_is_shown_with_its_time_and_status(world: World) -> None:
    async def in_a_moment() -> Response:
        world.now += 0.0125
        return JSONResponse({"response_type": "ephemeral", "text": "Rain"})

    world.answer = in_a_moment
    found = of(world, await world.slack.command("x"))
    assert (found.interaction.ack_status, found.interaction.failed, found.is_refused) == (
        200,
        None,
        False,
    )
    assert found.interaction.ack_seconds == pytest.approx(0.0125, abs=1e-4)
    assert json.loads(found.ack) == {"response_type": "ephemeral", "text": "Rain"}


async def test_an_acknowledgement_that_is_no_json_is_shown_as_it_is(world: World) -> None:
    world.ack = Response("Rain <b>")
    assert of(world, await world.slack.command("x")).ack == "Rain <b>"


async def test_a_failed_acknowledgement_is_said_and_marked(world: World) -> None:
    world.ack = Response("", 500)
    found = of(world, await world.slack.command("x"))
    assert (found.interaction.ack_status, found.interaction.failed) == (
        500,
        "dispatch_failed: the app answered 500",
    )
    assert found.is_refused


async def test_an_acknowledgement_that_comes_too_late_is_said_and_marked(world: World) -> None:
    async def late() -> Response:
        world.now += 3.5
        return Response()

    world.answer = late
    found = of(world, await world.slack.command("x"))
    assert "operation_timeout" in (found.interaction.failed or "")
    assert found.is_refused


async def test_each_post_is_shown_with_its_time_its_verdict_and_what_was_sent(world: World) -> None:
    exchange = await world.slack.command("x")
    world.now += 0.5
    await world.shown(exchange, text="Rain", blocks=[section("Rain")])
    [post] = of(world, exchange).responses
    assert (post.what, post.after_ms, post.status) == ("response_url", 500, 200)
    assert (post.verdict, post.is_refused) == ("ok", False)
    assert json.loads(post.sent) == {"text": "Rain", "blocks": [section("Rain")]}
    assert of(world, exchange).is_refused is False


async def test_a_refused_post_says_why_and_is_marked(world: World) -> None:
    exchange = await world.slack.command("x")
    await world.post(exchange, blocks=[{"type": "header", "text": plain("x" * 151)}])
    found = of(world, exchange)
    [post] = found.responses
    assert (post.status, post.is_refused, found.is_refused) == (400, True, True)
    assert "invalid_blocks" in post.verdict
    assert "/blocks/0" in post.verdict
    # It can be mended in the builder.
    assert decoded(post.builder) == {"blocks": [{"type": "header", "text": plain("x" * 151)}]}


async def test_a_post_that_slack_could_not_take_is_marked(world: World) -> None:
    exchange = await world.slack.command("x")
    world.slack.fail_next.append(FailNext(500, "server_error"))
    await world.post(exchange, text="x")
    [post] = of(world, exchange).responses
    assert (post.status, post.verdict, post.is_refused) == (500, "server_error", True)


async def test_what_is_no_json_is_shown_as_it_was_sent(world: World) -> None:
    exchange = await world.slack.command("x")
    await world.to_slack.post(exchange.response_url, content=b"{text", headers={})
    [post] = of(world, exchange).responses
    assert (post.sent, post.verdict, post.builder) == ("{text", "invalid_payload", "")
    assert post.is_refused


async def test_the_uses_of_a_response_url_are_counted(world: World) -> None:
    exchange = await world.slack.command("x")
    assert of(world, exchange).uses == 0
    for _ in range(6):
        await world.post(exchange, text="x")
    found = of(world, exchange)
    assert found.uses == 5
    assert [post.verdict for post in found.responses] == [*(["ok"] * 5), "used_url"]
    assert of(world, await world.slack.global_shortcut("find")).uses is None
