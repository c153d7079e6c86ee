"""Requests from the Slack emulator, their acks, response URLs and auth.test."""

from typing import Final

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.signature import SignatureVerifier
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.dev.emulator.slack.workspace import FailNext, PostedMessage, RecordedInteraction
from tests.dev.emulator_harness import (
    API,
    SECRET,
    START,
    World,
    action_of,
    actions,
    button,
    inner,
    menu,
    option,
)

MENU: Final = menu("more", option("1"), option("2"))
BUTTONS: Final[JsonValue] = [actions(button("refresh", value="b7182dc2"), MENU)]
DIVIDER: Final[JsonValue] = [{"type": "divider"}]


def texts(interaction: RecordedInteraction) -> list[str]:
    return [message.text for message in interaction.messages]


async def card(world: World, **more: JsonValue) -> tuple[RecordedInteraction, PostedMessage]:
    interaction = await world.slack.command("x")
    return interaction, await world.posted(interaction, text="card", blocks=BUTTONS, **more)


async def test_a_command_is_the_form_slack_documents(world: World) -> None:
    interaction = await world.slack.command("b7182dc2 <x> & ü", channel_id="D0SUPPORT")
    fields = interaction.payload
    assert set(fields) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id"),
        *("user_name", "command", "text", "api_app_id", "is_enterprise_install"),
        *("response_url", "trigger_id"),
    }
    assert (fields["command"], fields["text"]) == ("/voicelog", "b7182dc2 <x> & ü")
    assert (fields["team_id"], fields["channel_id"]) == ("T0ACME", "D0SUPPORT")
    assert fields["response_url"] == interaction.response_url
    assert interaction.response_url.startswith("http://127.0.0.1:4020/response/")


@pytest.mark.parametrize(
    ("channel_id", "name"),
    [("C0SUPPORT", "support"), ("D0SUPPORT", "directmessage"), ("G0SUPPORT", "privategroup")],
)
async def test_only_a_public_channel_has_its_name_in_a_payload(
    world: World, channel_id: str, name: str
) -> None:
    command = await world.slack.command("x", channel_id=channel_id)
    used = await world.slack.message_shortcut({"text": "x"}, channel_id=channel_id)
    assert command.payload["channel_name"] == name
    assert used.payload["channel"] == {"id": channel_id, "name": name}


@pytest.mark.parametrize(
    ("way", "kind"),
    [("command", "application/x-www-form-urlencoded"), ("open_home", "application/json")],
)
async def test_slack_sdks_verifier_accepts_every_signature(
    world: World, way: str, kind: str
) -> None:
    sent = await (world.slack.command("x") if way == "command" else world.slack.open_home())
    [(body, headers)] = world.received
    timestamp = headers["x-slack-request-timestamp"]
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=timestamp, body=body)
    assert (timestamp, headers["x-slack-signature"]) == (str(int(START)), signature)
    assert (headers["content-type"], body.decode()) == (kind, sent.request_body)


async def test_a_message_shortcut_carries_the_whole_message(world: World) -> None:
    message: dict[str, JsonValue] = {"ts": "1.5", "text": "x", "blocks": [{"type": "canvas"}]}
    interaction = await world.slack.message_shortcut(message)
    body = interaction.payload
    assert (body["type"], body["callback_id"]) == ("message_action", "voicelog_lookup")
    assert body["message"] == {"type": "message", **message}
    assert body["message_ts"] == "1.5"
    assert body["team"] == {"id": "T0ACME", "domain": "acme"}
    assert body["channel"] == {"id": "C0SUPPORT", "name": "support"}
    assert body["response_url"] == interaction.response_url
    assert inner(body, "user")["team_id"] == "T0ACME"


async def test_each_interaction_has_its_own_response_url_and_trigger_id(world: World) -> None:
    _, message = await card(world)
    interactions = [
        await world.slack.command("x"),
        await world.slack.message_shortcut({"text": "x"}),
        await world.slack.global_shortcut(),
        await world.slack.click(message, "refresh"),
    ]
    assert len({each.trigger_id for each in interactions} - {""}) == 4
    assert interactions[1].payload["trigger_id"] == interactions[1].trigger_id
    assert len({each.response_url for each in interactions} - {""}) == 3


@pytest.mark.parametrize(
    ("ack", "shown"),
    [
        (JSONResponse({"text": "Help", "blocks": DIVIDER}), ["Help"]),
        (PlainTextResponse("Just words"), ["Just words"]),
        (JSONResponse(["x"]), ['["x"]']),
        (JSONResponse({}), []),
    ],
)
async def test_the_ack_of_a_command_can_carry_a_message(
    world: World, ack: Response, shown: list[str]
) -> None:
    world.ack = ack
    interaction = await world.slack.command("help")
    assert (texts(interaction), interaction.failed, interaction.posts) == (shown, None, [])
    assert (await world.slack.message_shortcut({"text": "x"})).messages == []


async def test_an_ack_with_wrong_blocks_fails(world: World) -> None:
    world.ack = JSONResponse({"text": "x", "blocks": [{"type": "section"}]})
    interaction = await world.slack.command("help")
    assert interaction.messages == []
    assert (interaction.failed or "").startswith("invalid_command_response")


async def test_an_ack_after_three_seconds_fails(world: World) -> None:
    async def slowly() -> Response:
        world.now += 3.2
        return Response()

    world.respond = slowly
    interaction = await world.slack.command("x")
    assert interaction.ack_seconds == pytest.approx(3.2)
    assert (interaction.failed or "").startswith("operation_timeout")


@pytest.mark.parametrize(
    ("outcome", "failed"),
    [
        (PlainTextResponse("", 404), "dispatch_failed: the app responded with 404"),
        (httpx.ReadTimeout("x"), "operation_timeout"),
        (httpx.ConnectError("x"), "dispatch_failed"),
    ],
)
async def test_a_bot_that_does_not_acknowledge_fails(
    world: World, outcome: Response | Exception, failed: str
) -> None:
    async def outcome_of() -> Response:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    world.respond = outcome_of
    interaction = await world.slack.command("x")
    assert interaction.ack_status == (404 if isinstance(outcome, Response) else 0)
    assert (interaction.failed or "").startswith(failed)


async def test_a_response_url_has_five_uses(world: World) -> None:
    interaction = await world.slack.command("x")
    responses = [await world.post(interaction, text=str(number)) for number in range(6)]
    assert [response.status_code for response in responses] == [200] * 5 + [404]
    assert responses[-1].text == "used_url"
    assert texts(interaction) == ["0", "1", "2", "3", "4"]
    assert [post.status for post in interaction.posts] == [200] * 5 + [404]


async def test_a_response_url_expires_after_thirty_minutes(world: World) -> None:
    interaction = await world.slack.command("x")
    world.now += 1800
    assert (await world.post(interaction, text="x")).status_code == 200
    world.now += 1
    response = await world.post(interaction, text="x")
    assert (response.status_code, response.text) == (404, "expired_url")


async def test_an_unknown_response_url_is_not_found(world: World) -> None:
    nowhere = await world.slack.global_shortcut()
    assert (nowhere.response_url, nowhere.channel_id) == ("", "")
    for token in ("x", nowhere.token):
        url = f"http://127.0.0.1:4020/response/{token}"
        response = await world.to_slack.post(url, json={"text": "x"})
        assert (response.status_code, response.text) == (404, "no_service")
    assert nowhere.posts == []


@pytest.mark.parametrize(
    ("content", "error", "messages"),
    [
        (
            {"text": "x", "blocks": [{"type": "section"}]},
            "invalid_blocks",
            ["/blocks/0: Value error, neither text nor fields"],
        ),
        (
            {"text": "x", "replace_orignal": True},
            "invalid_arguments",
            ["/replace_orignal: Extra inputs are not permitted"],
        ),
        ({"response_type": "ephemeral"}, "no_text", None),
    ],
)
async def test_an_invalid_message_is_rejected_with_the_reason(
    world: World, content: dict[str, JsonValue], error: str, messages: list[str] | None
) -> None:
    interaction = await world.slack.command("x")
    response = await world.post(interaction, **content)
    more = {} if messages is None else {"response_metadata": {"messages": messages}}
    assert (response.status_code, response.json()) == (400, {"ok": False, "error": error, **more})
    assert interaction.messages == []
    assert (await world.post(interaction, blocks=DIVIDER)).status_code == 200


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"text":"x"}', "text/plain"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
    ],
)
async def test_a_body_that_is_not_a_json_object_is_rejected(
    world: World, content: bytes, kind: str
) -> None:
    interaction = await world.slack.command("x")
    response = await world.to_slack.post(
        interaction.response_url, content=content, headers={"content-type": kind}
    )
    assert (response.status_code, response.text) == (400, "invalid_payload")
    assert interaction.posts[0].payload in ({"text": "x"}, [], None)


@pytest.mark.parametrize("way", ["command", "shortcut"])
async def test_only_a_clicked_message_is_replaced_or_deleted(way: str, world: World) -> None:
    interaction = await (
        world.slack.command("x")
        if way == "command"
        else world.slack.message_shortcut({"text": "x"})
    )
    await world.posted(interaction, text="first", replace_original=True)
    await world.posted(interaction, text="second", replace_original=True)
    assert (await world.post(interaction, delete_original=True)).text == "ok"
    assert texts(interaction) == ["first", "second"]
    assert [message.edits for message in interaction.messages] == [0, 0]


async def test_a_response_to_a_click_replaces_the_clicked_message(world: World) -> None:
    interaction, message = await card(world)
    click = await world.slack.click(message, "refresh")
    await world.posted(click, text="fresh", replace_original=True)
    await world.posted(click, text="fresher", response_type="in_channel")
    await world.posted(click, text="below", replace_original=False)
    assert texts(interaction) == ["fresher"]
    assert texts(click) == ["fresher", "below"]
    assert interaction.messages[0].edits == 2
    assert interaction.messages[0].response_type == "ephemeral", "it can't become public"


async def test_delete_original_deletes_the_clicked_message(world: World) -> None:
    interaction, message = await card(world)
    click = await world.slack.click(message, "refresh")
    await world.posted(click, text="shared", response_type="in_channel", delete_original=True)
    assert interaction.messages == []
    assert [(m.text, m.response_type) for m in click.messages] == [("shared", "in_channel")]
    await world.posted(click, text="y", replace_original=True)
    assert texts(click) == ["shared", "y"]


async def test_a_click_has_the_element_and_the_message(world: World) -> None:
    _, message = await card(world)
    click = await world.slack.click(message, "refresh")
    body = click.payload
    assert body["type"] == "block_actions"
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0SUPPORT",
        "is_ephemeral": True,
    }
    action = action_of(click)
    assert (action["action_id"], action["block_id"]) == ("refresh", "b0")
    assert action["value"] == "b7182dc2"
    assert "message" not in body


async def test_a_configured_failure_does_not_count_as_a_use(world: World) -> None:
    interaction = await world.slack.command("x")
    world.slack.fail_next = [FailNext(503, "oops", {"retry-after": "1"}, 0.5), FailNext(404, "x")]
    responses = [await world.post(interaction, text="x") for _ in range(3)]
    assert [response.status_code for response in responses] == [503, 404, 200]
    assert (responses[0].text, responses[0].headers["retry-after"]) == ("oops", "1")
    assert world.slept == [0.5, 0.0]
    assert (interaction.uses, texts(interaction)) == (1, ["x"])


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {"authorization": "Bearer xoxb-emulator"},
            {"ok": True, "team_id": "T0ACME", "team": "Acme", "is_enterprise_install": False},
        ),
        ({"authorization": "Bearer xoxb-other"}, {"ok": False, "error": "invalid_auth"}),
        ({}, {"ok": False, "error": "not_authed"}),
    ],
)
async def test_auth_test_identifies_the_bot_by_its_token(
    world: World, headers: dict[str, str], expected: dict[str, JsonValue]
) -> None:
    response = await world.to_slack.post(f"{API}auth.test", headers=headers)
    assert response.status_code == 200
    body: dict[str, JsonValue] = response.json()
    assert expected.items() <= body.items()
    assert ({"url", "user", "user_id", "bot_id"} <= set(body)) is expected["ok"]
    assert world.slack.requested_methods == ["auth.test"]


async def test_other_methods_are_unknown(world: World) -> None:
    response = await world.to_slack.post(f"{API}chat.postMessage")
    assert response.json() == {"ok": False, "error": "unknown_method"}
