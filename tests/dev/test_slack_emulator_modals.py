from collections.abc import Mapping
from typing import Final

import httpx
import pytest
from pydantic import JsonValue
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.dev.emulator.slack.workspace import OpenView
from tests.dev.emulator_harness import (
    Json,
    World,
    action_of,
    actions,
    button,
    inner,
    input_block,
    modal,
    option,
    plain,
    section,
)

NUMBER: Final[Json] = {"type": "plain_text_input", "action_id": "typed", "max_length": 20}
SINCE: Final[Json] = {
    "type": "static_select",
    "action_id": "chosen",
    "options": [option("2h"), option("3d")],
    "initial_option": option("2h"),
}


def field(block_id: str, element: Json, **more: JsonValue) -> Json:
    return input_block(element, block_id=block_id, **more)


def form(*blocks: JsonValue, **more: JsonValue) -> Json:
    """Return a modal with a search form."""
    number, since = (
        field("number", NUMBER),
        field("since", SINCE, optional=True),
    )
    return modal(number, since, *blocks, submit=plain("Find"), callback_id="find", **more)


def entered(whole: Mapping[str, JsonValue], *path: str) -> JsonValue:
    return inner(whole, "state", "values", *path[:-1])[path[-1]]


def top_modal(world: World) -> OpenView:
    shown = world.slack.modal()
    assert shown is not None
    return shown


async def test_a_click_in_a_modal_carries_the_whole_view_and_no_channel(world: World) -> None:
    view = modal(section(), actions(button("next", value="2")), private_metadata="page 1")
    shown = await world.opened(view, "U0OTHER")
    click = await world.slack.click_in_view(shown, "next")
    body = click.payload
    assert set(body) == {
        *("type", "token", "team", "user", "api_app_id", "container", "view", "actions"),
        *("trigger_id", "is_enterprise_install", "enterprise"),
    }
    assert body["type"] == "block_actions"
    assert body["container"] == {"type": "view", "view_id": shown.id}
    assert body["view"] == shown.payload_for_app()
    assert inner(body, "view")["private_metadata"] == "page 1"
    assert inner(body, "user")["id"] == "U0OTHER"
    assert inner(body, "team")["id"] == "T0ACME"
    assert body["trigger_id"] == click.trigger_id
    assert action_of(click)["value"] == "2"
    assert (click.response_url, click.failed) == ("", None)


async def test_a_block_without_an_id_gets_a_new_one_with_each_update(world: World) -> None:
    shown = await world.opened(modal(actions(button("next"))))
    first = action_of(await world.slack.click_in_view(shown, "next"))["block_id"]
    await world.call("views.update", view_id=shown.id, view=modal(actions(button("next"))))
    second = action_of(await world.slack.click_in_view(shown, "next"))["block_id"]
    assert isinstance(first, str)
    assert len({first, second, ""}) == 3


async def test_a_missing_element_of_a_modal_cannot_be_clicked(world: World) -> None:
    shown = await world.opened(form())
    with pytest.raises(LookupError, match="next"):
        await world.slack.click_in_view(shown, "next")
    with pytest.raises(LookupError, match="typed"):
        await world.slack.click_in_view(shown, "typed")


async def test_only_the_visible_modal_can_be_used(world: World) -> None:
    bottom = await world.opened(form(actions(button("more"))))
    click = await world.slack.click_in_view(bottom, "more")
    await world.call("views.push", trigger_id=click.trigger_id, view=modal())
    for use in (
        world.slack.click_in_view(bottom, "more"),
        world.slack.submit(bottom, {"number": "1"}),
        world.slack.close(bottom),
    ):
        with pytest.raises(LookupError, match=bottom.id):
            await use


async def test_a_submission_has_the_entered_values(world: World) -> None:
    shown = await world.opened(form())
    sent = await world.slack.submit(shown, {"number": "0100", "since": "3d"})
    body = sent.payload
    assert set(body) == {
        *("type", "token", "team", "user", "api_app_id", "view", "trigger_id", "response_urls"),
        *("is_enterprise_install", "enterprise"),
    }
    assert (body["type"], body["response_urls"]) == ("view_submission", [])
    assert body["trigger_id"] == sent.trigger_id
    whole = inner(body, "view")
    assert (whole["id"], whole["callback_id"]) == (shown.id, "find")
    assert inner(whole, "state", "values") == {
        "number": {"typed": {"type": "plain_text_input", "value": "0100"}},
        "since": {"chosen": {"type": "static_select", "selected_option": option("3d")}},
    }


async def test_days_and_several_options_are_sent_as_slack_sends_them(world: World) -> None:
    options: list[JsonValue] = [option("busy"), option("failed"), option("missed")]
    several: dict[str, JsonValue] = {"type": "multi_static_select", "action_id": "several"}
    view = modal(
        field("day", {"type": "datepicker", "action_id": "day"}, optional=True),
        field(
            "outcomes",
            {**several, "options": options, "initial_options": options[:1]},
            optional=True,
        ),
        submit=plain("Find"),
    )
    for values, day, chosen in (
        ({}, None, options[:1]),
        ({"day": "2026-11-20", "outcomes": ["failed", "missed"]}, "2026-11-20", options[1:]),
        ({"outcomes": "missed"}, None, options[2:]),
        ({"day": "", "outcomes": []}, None, []),
    ):
        sent = await world.slack.submit(await world.opened(view), values)
        assert inner(inner(sent.payload, "view"), "state", "values") == {
            "day": {"day": {"type": "datepicker", "selected_date": day}},
            "outcomes": {"several": {"type": "multi_static_select", "selected_options": chosen}},
        }
    untouched = await world.opened(
        modal(field("outcomes", {**several, "options": options}), submit=plain("Find"))
    )
    state = untouched.payload_for_app()
    assert entered(state, "outcomes", "several", "selected_options") == []


async def test_a_field_keeps_its_value_unless_it_is_emptied(world: World) -> None:
    whole = inner(
        (await world.slack.submit(await world.opened(form()), {"number": "1"})).payload, "view"
    )
    assert entered(whole, "since", "chosen", "selected_option") == option("2h")
    view = modal(
        field("number", {**NUMBER, "initial_value": "0100"}, optional=True),
        field("since", SINCE, optional=True),
        submit=plain("Find"),
    )
    sent = await world.slack.submit(await world.opened(view), {"number": "", "since": ""})
    whole = inner(sent.payload, "view")
    assert entered(whole, "number", "typed", "value") is None
    assert entered(whole, "since", "chosen", "selected_option") is None


@pytest.mark.parametrize(
    ("values", "error", "reason"),
    [
        ({}, ValueError, "number: this field is required"),
        ({"number": ""}, ValueError, "number: this field is required"),
        ({"number": "0" * 21}, ValueError, "number: must be at most 20 characters"),
        ({"number": "1", "since": "9y"}, LookupError, "no option with value '9y'"),
        ({"number": "1", "until": "x"}, LookupError, r"no input block \['until'\]"),
        ({"number": "1", "long": "x" * 3001}, ValueError, "long: must be at most 3000"),
        ({"number": "1", "day": "November 20"}, ValueError, "Invalid isoformat"),
        ({"number": "1", "day": ["2026-11-20"]}, ValueError, "can't enter .* in a datepicker"),
    ],
)
async def test_invalid_input_is_not_submitted(
    world: World, values: dict[str, str | list[str]], error: type[Exception], reason: str
) -> None:
    opened = await world.opened(
        form(
            field(
                "long",
                {"type": "plain_text_input", "action_id": "typed"},
                optional=True,
            ),
            field("day", {"type": "datepicker", "action_id": "day"}, optional=True),
        )
    )
    requests = len(world.received)
    with pytest.raises(error, match=reason):
        await world.slack.submit(opened, values)
    assert len(world.received) == requests
    assert world.slack.modal() == opened
    longest = {"number": "0" * 20, "long": "x" * 3000}
    assert (await world.slack.submit(opened, longest)).failed is None


async def test_a_modal_without_a_submit_button_is_not_submitted(world: World) -> None:
    with pytest.raises(ValueError, match="no submit button"):
        await world.slack.submit(await world.opened(modal(section())), {})


async def two_modals(world: World) -> tuple[OpenView, OpenView]:
    """Open a form over a modal."""
    bottom = await world.opened(modal(actions(button("find"))))
    click = await world.slack.click_in_view(bottom, "find")
    await world.call("views.push", trigger_id=click.trigger_id, view=form())
    return bottom, top_modal(world)


async def test_an_empty_response_closes_the_modal(world: World) -> None:
    bottom, top = await two_modals(world)
    sent = await world.slack.submit(top, {"number": "1"})
    assert sent.failed is None
    assert world.slack.modals() == [bottom]


async def test_errors_keep_the_modal_open_until_an_update_or_the_next_submission(
    world: World,
) -> None:
    world.ack = JSONResponse({"response_action": "errors", "errors": {"number": "Too short."}})
    opened = await world.opened(form())
    for _ in range(2):
        sent = await world.slack.submit(top_modal(world), {"number": "01"})
        assert sent.failed is None
        assert top_modal(world).errors == {"number": "Too short."}
        assert entered(top_modal(world).payload_for_app(), "number", "typed", "value") == "01"
        await world.call("views.update", view_id=opened.id, view=form())
        assert top_modal(world).errors == {}
    await world.slack.submit(top_modal(world), {"number": "01"})
    world.ack = PlainTextResponse("", 500)
    await world.slack.submit(top_modal(world), {"number": "0100"})
    assert top_modal(world).errors == {}


async def test_an_update_keeps_the_input_of_unchanged_fields(world: World) -> None:
    world.ack = JSONResponse({"response_action": "errors", "errors": {"number": "Again."}})
    shown = await world.opened(form())
    await world.slack.submit(shown, {"number": "0100"})
    new = {**NUMBER, "initial_value": "0142"}
    same = modal(field("number", new), submit=plain("Find"))
    await world.call("views.update", view_id=shown.id, view=same)
    assert entered(top_modal(world).payload_for_app(), "number", "typed", "value") == "0100"
    other = modal(field("other", new), submit=plain("Find"))
    await world.call("views.update", view_id=shown.id, view=other)
    assert inner(top_modal(world).payload_for_app(), "state", "values") == {
        "other": {"typed": {"type": "plain_text_input", "value": "0142"}}
    }


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({}, "Unable to extract tag"),
        ({"response_action": "close"}, "Input tag 'close'"),
        ({"response_action": "update"}, "Field required"),
        ({"response_action": "clear"}, "Input tag 'clear'"),
        ({"response_action": "update", "view": modal(), "x": 1}, "Extra inputs are not permitted"),
        ({"response_action": "errors", "errors": {}}, "at least 1 item"),
        ({"response_action": "errors", "errors": []}, "a valid dictionary"),
        ({"response_action": "errors", "errors": {"x": "y"}}, "['x'] are not input blocks"),
        ({"response_action": "errors", "errors": {"note": "y"}}, "['note'] are not input blocks"),
        ({"response_action": "errors", "errors": {"number": ""}}, "at least 1 character"),
        (
            {"response_action": "update", "view": {"type": "home", "blocks": []}},
            "/view/type: Input should be 'modal'",
        ),
        ({"response_action": "update", "view": {"type": "modal"}}, "/view/title: Field required"),
        ([], "not a JSON object"),
        ("ok", "not a JSON object"),
    ],
)
async def test_an_unknown_response_fails(world: World, body: JsonValue, reason: str) -> None:
    shown = await world.opened(form(section("x", block_id="note")))
    world.ack = PlainTextResponse(body) if body == "ok" else JSONResponse(body)
    sent = await world.slack.submit(shown, {"number": "1"})
    assert (sent.failed or "").startswith("view_submission failed: inval")
    assert reason in (sent.failed or "")
    assert (top_modal(world).id, top_modal(world).hash) == (shown.id, shown.hash)


@pytest.mark.parametrize(
    ("error", "failed"), [(None, "operation_timeout"), (httpx.ConnectError("x"), "dispatch_failed")]
)
async def test_a_submission_that_fails_leaves_the_modal_open(
    world: World, error: Exception | None, failed: str
) -> None:
    async def slowly_or_never() -> Response:
        if error is not None:
            raise error
        world.now += 3.2
        return Response()

    opened = await world.opened(form())
    world.respond = slowly_or_never
    sent = await world.slack.submit(opened, {"number": "1"})
    assert (sent.failed or "").startswith(failed)
    assert top_modal(world).id == opened.id


async def test_a_modal_opened_during_a_submission_closes_with_an_empty_response(
    world: World,
) -> None:
    shown = await world.opened(form())

    async def opening() -> Response:
        trigger = world.slack.interactions[-1].trigger_id
        response = await world.call("views.open", trigger_id=trigger, view=modal(section("Found")))
        assert response["ok"] is True
        return Response()

    world.respond = opening
    assert (await world.slack.submit(shown, {"number": "1"})).failed is None
    assert world.slack.modals() == []


@pytest.mark.parametrize(
    "body",
    [
        {"response_action": "update", "view": modal()},
        {"response_action": "errors", "errors": {"number": "Too late."}},
    ],
)
async def test_a_response_for_a_closed_modal_does_nothing(world: World, body: JsonValue) -> None:
    shown = await world.opened(form())

    async def closing() -> Response:
        await world.slack.close(shown)
        return JSONResponse(body)

    world.respond = closing
    assert (await world.slack.submit(shown, {"number": "1"})).failed is None
    assert world.slack.modals() == []


async def test_errors_are_kept_beside_a_concurrent_update(world: World) -> None:
    shown = await world.opened(form())

    async def updating() -> Response:
        await world.call("views.update", view_id=shown.id, view=form(section("new")))
        return JSONResponse({"response_action": "errors", "errors": {"number": "No."}})

    world.respond = updating
    await world.slack.submit(shown, {"number": "1"})
    assert (top_modal(world).blocks[-1], top_modal(world).errors) == (
        section("new"),
        {"number": "No."},
    )


async def test_closing_a_modal_shows_the_one_below(world: World) -> None:
    bottom, top = await two_modals(world)
    await world.slack.close(top)
    assert world.slack.modal() == bottom
    assert await world.call("views.update", view_id=top.id, view=modal()) == {
        "ok": False,
        "error": "not_found",
    }
    with pytest.raises(LookupError, match=top.id):
        await world.slack.close(top)
