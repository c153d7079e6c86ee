"""The emulated `views.*` methods: what they accept, and the modals that result."""

import json
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import FailNext, OpenView
from tests.dev.emulator_harness import (
    API,
    AS_THE_BOT,
    Json,
    World,
    actions,
    button,
    home,
    inner,
    modal,
    plain,
    section,
)

PUSH: Final[Json] = actions(button("push"))
NOT_FOUND: Final[Json] = {"ok": False, "error": "not_found"}


async def trigger(world: World) -> str:
    return (await world.slack.command("x")).trigger_id


async def try_to_open(world: World, view: JsonValue) -> Json:
    return await world.call("views.open", trigger_id=await trigger(world), view=view)


def messages(response: Json) -> JsonValue:
    assert (response["ok"], response["error"]) == (False, "invalid_arguments")
    return inner(response, "response_metadata")["messages"]


async def pushed(world: World, over: OpenView, view: Json) -> Json:
    """Return the response to views.push after a click in a modal."""
    click = await world.slack.click_in_view(over, "push")
    return await world.call("views.push", trigger_id=click.trigger_id, view=view)


async def test_the_response_is_the_view_as_slack_stores_it(world: World) -> None:
    view = modal(section(), callback_id="details", private_metadata="m", close=plain("Close"))
    response = await try_to_open(world, view)
    opened = world.slack.modal()
    assert opened is not None
    assert response == {"ok": True, "view": opened.payload_for_app()}
    assert set(opened.payload_for_app()) == {
        *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash"),
        *("title", "close", "submit", "clear_on_close", "notify_on_close", "previous_view_id"),
        *("root_view_id", "app_id", "external_id", "app_installed_team_id", "bot_id"),
    }
    assert (opened.title, opened.callback_id, opened.private_metadata) == ("Call", "details", "m")
    assert (opened.root_view_id, opened.previous_view_id) == (opened.id, None)
    assert opened.blocks == [section()]
    assert (opened.type, opened.payload_for_app()["submit"]) == ("modal", None)


@pytest.mark.parametrize("method", ["views.open", "views.push", "views.update", "views.publish"])
async def test_only_the_bots_token_is_accepted_for_views(world: World, method: str) -> None:
    for headers, error in (({}, "not_authed"), ({"authorization": "Bearer x"}, "invalid_auth")):
        response = await world.to_slack.post(f"{API}{method}", json={}, headers=headers)
        assert (response.status_code, response.json()) == (200, {"ok": False, "error": error})


@pytest.mark.parametrize(
    ("content", "kind", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[]", "application/json", "json_not_object"),
        ("{}", "text/plain", "invalid_post_type"),
        ("view={}", "application/x-www-form-urlencoded", "invalid_post_type"),
    ],
)
async def test_unreadable_arguments_are_rejected(
    world: World, content: str, kind: str, error: str
) -> None:
    headers = {**AS_THE_BOT, "content-type": kind}
    response = await world.to_slack.post(f"{API}views.open", content=content, headers=headers)
    assert response.json()["error"] == error
    assert world.slack.view_requests[0].arguments == {}


async def test_missing_misspelled_and_mistyped_arguments_are_rejected(world: World) -> None:
    assert messages(await world.call("views.update", view_id=1, hsah="x")) == [
        "/view_id: Input should be a valid string",
        "/view: Field required",
        "/hsah: Extra inputs are not permitted",
    ]


@pytest.mark.parametrize(
    ("view", "problems"),
    [
        ("{}", ["/view: Input should be a valid dictionary or instance of Modal"]),
        ([], ["/view: Input should be a valid dictionary or instance of Modal"]),
        ({**modal(), "type": "home"}, ["/view/type: Input should be 'modal'"]),
        (
            {**modal({"type": "section"}), "title": plain("x" * 25)},
            [
                "/view/blocks/0: Value error, neither text nor fields",
                "/view/title: Value error, its text is longer than 24 characters",
            ],
        ),
    ],
)
async def test_an_invalid_view_is_rejected_with_the_path_and_does_not_use_the_trigger_id(
    world: World, view: JsonValue, problems: list[str]
) -> None:
    token = await trigger(world)
    assert messages(await world.call("views.open", trigger_id=token, view=view)) == problems
    assert world.slack.modal() is None
    assert (await world.call("views.open", trigger_id=token, view=modal()))["ok"] is True


async def test_only_a_home_tab_is_published(world: World) -> None:
    view = {**home(), "type": "modal"}
    response = await world.call("views.publish", user_id="U0SUPPORT", view=view)
    assert messages(response) == ["/view/type: Input should be 'home'"]


async def test_a_view_over_250_thousand_bytes_is_rejected(world: World) -> None:
    def sized(last: int) -> Json:
        return modal(
            *[section("x" * 2940)] * 82, section("\N{MIDDLE DOT}" * 1000), section("y" * last)
        )

    def size(view: Json) -> int:
        return len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode())

    last = 1 + 250_000 - size(sized(1))
    assert size(sized(last)) == 250_000
    assert await try_to_open(world, sized(last + 1)) == {"ok": False, "error": "view_too_large"}
    assert (await try_to_open(world, sized(last)))["ok"] is True


async def test_a_trigger_id_works_once_and_for_three_seconds(world: World) -> None:
    first, second = await trigger(world), await trigger(world)
    world.now += 3
    errors = []
    for token in (first, first, "1.2.x"):
        response = await world.call("views.open", trigger_id=token, view=modal())
        errors.append(response.get("error"))
    world.now += 0.1
    response = await world.call("views.open", trigger_id=second, view=modal())
    assert [*errors, response.get("error")] == [
        *(None, "exchanged_trigger_id", "invalid_trigger_id", "expired_trigger_id")
    ]


async def test_a_new_modal_replaces_the_users_open_one_only(world: World) -> None:
    first = await world.opened(modal(section("1")))
    other = await world.opened(modal(section("2")), "U0OTHER")
    second = await world.opened(modal(section("3")))
    assert (world.slack.modals(), world.slack.modals("U0OTHER")) == ([second], [other])
    assert await world.call("views.update", view_id=first.id, view=modal()) == NOT_FOUND
    assert world.slack.modal("U0NOBODY") is None


async def test_an_update_replaces_the_whole_view(world: World) -> None:
    before = await world.opened(modal(section("Loading"), private_metadata="m", callback_id="c"))
    response = await world.call("views.update", view_id=before.id, view=modal(section("Full")))
    after = world.slack.modal()
    assert after is not None
    assert response == {"ok": True, "view": after.payload_for_app()}
    assert (after.id, after.blocks) == (before.id, [section("Full")])
    assert (after.private_metadata, after.callback_id) == ("", "")
    assert after.hash != before.hash
    assert before.blocks == [section("Loading")]


async def test_an_update_with_an_old_hash_conflicts(world: World) -> None:
    opened = await world.opened(modal(section("1")))
    responses = [
        await world.call(
            "views.update", view_id=opened.id, hash=opened.hash, view=modal(section(words))
        )
        for words in ("2", "3")
    ]
    assert [response.get("error") for response in responses] == [None, "hash_conflict"]
    now = world.slack.modal()
    assert now is not None
    assert now.blocks == [section("2")]


async def test_at_most_three_modals_are_open(world: World) -> None:
    await world.opened(modal(PUSH))
    for _ in range(2):
        [*_, top] = world.slack.modals()
        response = await pushed(world, top, modal(PUSH))
        [*_, top] = world.slack.modals()
        assert response == {"ok": True, "view": top.payload_for_app()}
    [root, second, third] = world.slack.modals()
    assert world.slack.modal() == third
    assert (second.root_view_id, second.previous_view_id) == (root.id, root.id)
    assert (third.root_view_id, third.previous_view_id) == (root.id, second.id)
    assert await pushed(world, third, modal()) == {"ok": False, "error": "push_limit_reached"}
    await world.call("views.update", view_id=root.id, view=modal(section("new")))
    assert [view.blocks for view in world.slack.modals()] == [[section("new")], [PUSH], [PUSH]]


async def test_a_modal_is_pushed_only_over_an_open_one(world: World) -> None:
    opened = await world.opened(modal(PUSH))
    from_command = await world.call("views.push", trigger_id=await trigger(world), view=modal())
    click = await world.slack.click_in_view(opened, "push")
    await world.slack.close(opened)
    late = await world.call("views.push", trigger_id=click.trigger_id, view=modal())
    assert [from_command, late] == [NOT_FOUND] * 2
    assert world.slack.modals() == []


async def test_a_configured_failure_changes_nothing(world: World) -> None:
    world.slack.fail_next_api = [
        FailNext(429, '{"ok":false,"error":"ratelimited"}', {"retry-after": "30"}),
        FailNext(500, "oops", delay=0.5),
    ]
    assert (await world.call("auth.test"))["ok"] is True
    body: Json = {"trigger_id": await trigger(world), "view": modal()}
    responses = [
        await world.to_slack.post(f"{API}views.open", json=body, headers=AS_THE_BOT)
        for _ in range(3)
    ]
    assert [response.status_code for response in responses] == [429, 500, 200]
    assert responses[0].headers["retry-after"] == "30"
    assert responses[0].json()["error"] == "ratelimited"
    assert responses[1].text == "oops"
    assert world.slept == [0.0, 0.5]
    assert [call.status for call in world.slack.view_requests] == [429, 500, 200]
    assert [call.error for call in world.slack.view_requests] == ["ratelimited", None, None]
    assert [call.arguments for call in world.slack.view_requests] == [body] * 3
    assert [call.result for call in world.slack.view_requests][2] == responses[2].json()
    assert world.slack.requested_methods == ["auth.test", *["views.open"] * 3]
