import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
from pydantic import JsonValue
from slack_sdk.signature import SignatureVerifier
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.dev.emulator.slack.workspace import FailNext, PostedMessage, RecordedInteraction, sign
from tests.dev.emulator_harness import SECRET, START, World, form, payload

BUTTONS: Final[JsonValue] = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "refresh",
                "text": {"type": "plain_text", "text": "Refresh"},
                "value": "b7182dc2",
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [
                    {"text": {"type": "plain_text", "text": "One"}, "value": "1"},
                    {"text": {"type": "plain_text", "text": "Two"}, "value": "2"},
                ],
            },
        ],
    }
]
DIVIDER: Final[JsonValue] = [{"type": "divider"}]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    yield world
    await world.close()


def texts(exchange: RecordedInteraction) -> list[str]:
    return [message.text for message in exchange.messages]


async def test_a_command_is_the_form_slack_documents(world: World) -> None:
    exchange = await world.slack.command("b7182dc2 <x> & ü", channel_id="D0SUPPORT")
    fields = form(exchange)
    assert set(fields) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id"),
        *("user_name", "command", "text", "api_app_id", "is_enterprise_install"),
        *("response_url", "trigger_id"),
    }
    assert (fields["command"], fields["text"]) == ("/voicelog", "b7182dc2 <x> & ü")
    assert (fields["team_id"], fields["channel_id"]) == ("T0ACME", "D0SUPPORT")
    assert fields["response_url"] == exchange.response_url
    assert exchange.response_url.startswith("http://127.0.0.1:4020/response/")
    [(body, headers)] = world.received
    assert body.decode() == exchange.request_body
    assert headers["content-type"] == "application/x-www-form-urlencoded"


async def test_slacks_own_verifier_takes_the_signature(world: World) -> None:
    await world.slack.command("help")
    [(body, headers)] = world.received
    timestamp, signature = (
        headers["x-slack-request-timestamp"],
        headers["x-slack-signature"],
    )
    verifier = SignatureVerifier(SECRET)
    assert timestamp == str(int(START))
    assert verifier.generate_signature(timestamp=timestamp, body=body) == signature


def test_sign_is_an_hmac_over_version_time_and_body() -> None:
    digest = hmac.new(b"secret", b"v0:17:a=1", hashlib.sha256).hexdigest()
    assert sign(b"a=1", 17, "secret") == {
        "X-Slack-Request-Timestamp": "17",
        "X-Slack-Signature": f"v0={digest}",
    }


async def test_a_message_shortcut_carries_the_whole_message(world: World) -> None:
    message: dict[str, JsonValue] = {"ts": "1.5", "text": "x", "user": "U0AGENT"}
    exchange = await world.slack.message_shortcut(message)
    body = payload(exchange)
    assert body["type"] == "message_action"
    assert body["callback_id"] == "voicelog_lookup"
    assert body["message"] == {"type": "message", **message}
    assert body["message_ts"] == "1.5"
    assert body["team"] == {"id": "T0ACME", "domain": "acme"}
    assert body["channel"] == {"id": "C0SUPPORT", "name": "support"}
    assert body["response_url"] == exchange.response_url
    assert isinstance(body["user"], dict)
    assert body["user"]["team_id"] == "T0ACME"
    assert body["trigger_id"]


async def test_each_exchange_has_its_own_response_url(world: World) -> None:
    urls = [(await world.slack.command("x")).response_url for _ in range(3)]
    assert len(set(urls)) == 3


async def test_what_the_bot_posts_is_shown(world: World) -> None:
    exchange = await world.slack.command("x")
    assert exchange.messages == []
    posted = await world.shown(exchange, text="one", blocks=DIVIDER)
    await world.shown(exchange, text="two", response_type="in_channel")
    assert exchange.messages[0] == posted
    assert (posted.text, posted.blocks, posted.response_type) == ("one", DIVIDER, "ephemeral")
    assert posted.channel_id == "C0SUPPORT"
    assert exchange.messages[1].response_type == "in_channel"
    assert [post.payload for post in exchange.posts][1] == {
        "text": "two",
        "response_type": "in_channel",
    }


async def test_an_ack_can_carry_the_message(world: World) -> None:
    world.ack = JSONResponse({"text": "Help", "blocks": DIVIDER})
    exchange = await world.slack.command("help")
    assert (texts(exchange), exchange.failed, exchange.posts) == (["Help"], None, [])
    world.ack = PlainTextResponse("Just words")
    assert texts(await world.slack.command("help")) == ["Just words"]
    world.ack = JSONResponse(["x"])
    assert texts(await world.slack.command("help")) == ['["x"]']
    world.ack = JSONResponse({})
    assert texts(await world.slack.command("help")) == []


async def test_the_ack_of_a_shortcut_shows_nothing(world: World) -> None:
    world.ack = JSONResponse({"text": "x"})
    assert (await world.slack.message_shortcut({"text": "x"})).messages == []


async def test_an_ack_with_wrong_blocks_fails(world: World) -> None:
    world.ack = JSONResponse({"text": "x", "blocks": [{"type": "section"}]})
    exchange = await world.slack.command("help")
    assert exchange.messages == []
    assert (exchange.failed or "").startswith("invalid_command_response")


async def test_an_ack_that_is_not_200_fails(world: World) -> None:
    world.ack = PlainTextResponse("", 404)
    exchange = await world.slack.command("x")
    assert exchange.ack_status == 404
    assert exchange.failed == "dispatch_failed: the app answered 404"


async def test_an_ack_after_three_seconds_fails(world: World) -> None:
    async def slowly() -> Response:
        world.now += 3.2
        return Response()

    world.answer = slowly
    exchange = await world.slack.command("x")
    assert exchange.ack_seconds == pytest.approx(3.2)
    assert (exchange.failed or "").startswith("operation_timeout")


@pytest.mark.parametrize(
    ("error", "failed"),
    [(httpx.ReadTimeout("x"), "operation_timeout"), (httpx.ConnectError("x"), "dispatch_failed")],
)
async def test_a_bot_that_cannot_be_reached_fails(
    world: World, error: Exception, failed: str
) -> None:
    async def broken() -> Response:
        raise error

    world.answer = broken
    exchange = await world.slack.command("x")
    assert exchange.ack_status == 0
    assert (exchange.failed or "").startswith(failed)


async def test_a_response_url_has_five_uses(world: World) -> None:
    exchange = await world.slack.command("x")
    answers = [await world.post(exchange, text=str(number)) for number in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[-1].text == "used_url"
    assert texts(exchange) == ["0", "1", "2", "3", "4"]
    assert [post.status for post in exchange.posts] == [200] * 5 + [404]


async def test_a_response_url_lives_for_thirty_minutes(world: World) -> None:
    exchange = await world.slack.command("x")
    world.now += 1800
    assert (await world.post(exchange, text="x")).status_code == 200
    world.now += 1
    answer = await world.post(exchange, text="x")
    assert (answer.status_code, answer.text) == (404, "expired_url")


async def test_an_unknown_response_url_is_not_found(world: World) -> None:
    answer = await world.to_slack.post("http://127.0.0.1:4020/response/x", json={"text": "x"})
    assert answer.status_code == 404


async def test_wrong_blocks_are_refused_with_their_place(world: World) -> None:
    exchange = await world.slack.command("x")
    answer = await world.post(exchange, text="x", blocks=[{"type": "section"}])
    assert answer.status_code == 400
    assert answer.json() == {
        "ok": False,
        "error": "invalid_blocks",
        "response_metadata": {"messages": ["/blocks/0: must have text or fields"]},
    }
    assert exchange.messages == []


async def test_a_message_needs_text_or_blocks(world: World) -> None:
    exchange = await world.slack.command("x")
    answer = await world.post(exchange, response_type="ephemeral")
    assert (answer.status_code, answer.json()) == (400, {"ok": False, "error": "no_text"})
    assert (await world.post(exchange, blocks=DIVIDER)).status_code == 200


async def test_a_misspelt_field_is_refused(world: World) -> None:
    exchange = await world.slack.command("x")
    answer = await world.post(exchange, text="x", replace_orignal=True)
    assert answer.json()["error"] == "invalid_arguments"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"text":"x"}', "text/plain"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
    ],
)
async def test_what_is_not_a_json_object_is_refused(
    world: World, content: bytes, kind: str
) -> None:
    exchange = await world.slack.command("x")
    answer = await world.to_slack.post(
        exchange.response_url, content=content, headers={"content-type": kind}
    )
    assert (answer.status_code, answer.text) == (400, "invalid_payload")
    assert exchange.posts[0].payload in ({"text": "x"}, [], None)


@pytest.mark.parametrize("way", ["command", "shortcut"])
async def test_what_no_click_was_on_is_neither_replaced_nor_deleted(way: str, world: World) -> None:
    exchange = await (
        world.slack.command("x")
        if way == "command"
        else world.slack.message_shortcut({"text": "x"})
    )
    await world.shown(exchange, text="first")
    await world.shown(exchange, text="second", replace_original=True)
    assert (await world.post(exchange, delete_original=True)).text == "ok"
    assert texts(exchange) == ["first", "second"]
    assert [message.edits for message in exchange.messages] == [0, 0]


async def test_replace_original_with_nothing_posted_posts(world: World) -> None:
    exchange = await world.slack.command("x")
    await world.shown(exchange, text="x", replace_original=True)
    assert texts(exchange) == ["x"]


async def card(world: World, **more: JsonValue) -> tuple[RecordedInteraction, PostedMessage]:
    exchange = await world.slack.command("x")
    return exchange, await world.shown(exchange, text="card", blocks=BUTTONS, **more)


async def test_an_ephemeral_message_cannot_become_public(world: World) -> None:
    exchange, message = await card(world)
    click = await world.slack.click(message, "refresh")
    await world.shown(click, text="y", replace_original=True, response_type="in_channel")
    [message] = exchange.messages
    assert (message.text, message.response_type) == ("y", "ephemeral")


async def test_delete_original_takes_the_clicked_message_away(world: World) -> None:
    exchange, message = await card(world)
    click = await world.slack.click(message, "refresh")
    assert (await world.post(click, delete_original=True)).text == "ok"
    assert exchange.messages == []
    await world.shown(click, text="y", replace_original=True)
    assert texts(click) == ["y"]


async def test_a_click_says_what_was_clicked_where(world: World) -> None:
    _, message = await card(world)
    click = await world.slack.click(message, "refresh")
    body = payload(click)
    assert body["type"] == "block_actions"
    assert body["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": "C0SUPPORT",
        "is_ephemeral": True,
    }
    assert isinstance(body["actions"], list)
    [action] = body["actions"]
    assert isinstance(action, dict)
    assert (action["action_id"], action["block_id"], action["value"]) == (
        "refresh",
        "b0",
        "b7182dc2",
    )
    assert "message" not in body


async def test_a_click_on_a_public_message_carries_it(world: World) -> None:
    _, message = await card(world, response_type="in_channel", thread_ts="1.5")
    body = payload(await world.slack.click(message, "more", option=1))
    assert isinstance(body["message"], dict)
    assert (body["message"]["text"], body["message"]["thread_ts"]) == ("card", "1.5")
    assert isinstance(body["actions"], list)
    [action] = body["actions"]
    assert isinstance(action, dict)
    assert isinstance(action["selected_option"], dict)
    assert action["selected_option"]["value"] == "2"


async def test_what_is_not_there_cannot_be_clicked(world: World) -> None:
    _, message = await card(world)
    with pytest.raises(LookupError, match="share"):
        await world.slack.click(message, "share")


async def test_an_accessory_can_be_clicked(world: World) -> None:
    exchange = await world.slack.command("x")
    element: JsonValue = {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": "x"},
    }
    words: JsonValue = {"type": "mrkdwn", "text": "x"}
    block: JsonValue = {"type": "section", "text": words, "accessory": element, "block_id": "own"}
    message = await world.shown(exchange, blocks=[block])
    body = payload(await world.slack.click(message, "a"))
    assert isinstance(body["actions"], list)
    assert isinstance(body["actions"][0], dict)
    assert body["actions"][0]["block_id"] == "own"


async def test_an_answer_to_a_click_replaces_the_message_clicked(world: World) -> None:
    exchange, message = await card(world)
    click = await world.slack.click(message, "refresh")
    assert click.response_url != exchange.response_url
    await world.shown(click, text="fresh", replace_original=True)
    await world.shown(click, text="fresher")
    await world.shown(click, text="beside", replace_original=False)
    assert texts(exchange) == ["fresher"]
    assert texts(click) == ["fresher", "beside"]


async def test_a_click_can_share_by_deleting_and_posting_anew(world: World) -> None:
    exchange, message = await card(world)
    click = await world.slack.click(message, "refresh")
    await world.shown(click, text="shared", response_type="in_channel", delete_original=True)
    assert exchange.messages == []
    assert [(m.text, m.response_type) for m in click.messages] == [("shared", "in_channel")]


async def test_a_response_url_fails_as_told_and_spends_no_use(world: World) -> None:
    exchange = await world.slack.command("x")
    world.slack.fail_next = [FailNext(503, "oops", {"retry-after": "1"}, 0.5), FailNext(404, "x")]
    answers = [await world.post(exchange, text="x") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [503, 404, 200]
    assert (answers[0].text, answers[0].headers["retry-after"]) == ("oops", "1")
    assert world.slept == [0.5, 0.0]
    assert (exchange.uses, texts(exchange)) == (1, ["x"])


async def test_waiting_ends_with_the_message_that_was_counted_for(world: World) -> None:
    exchange = await world.slack.command("x")
    waiting = asyncio.create_task(exchange.wait_for_message(count=2))
    await world.shown(exchange, text="one")
    await world.post(exchange)
    assert not waiting.done()
    await world.shown(exchange, text="two")
    assert (await waiting).text == "two"
    assert (await exchange.wait_for_message()).text == "one"


async def test_waiting_gives_up(world: World) -> None:
    exchange = await world.slack.command("x")
    with pytest.raises(TimeoutError):
        await exchange.wait_for_message(timeout=0.001)


async def test_the_bot_may_post_before_it_acknowledges(world: World) -> None:
    async def at_once() -> Response:
        await world.shown(world.slack.interactions[-1], text="early")
        return Response()

    world.answer = at_once
    assert texts(await world.slack.command("x")) == ["early"]


async def test_only_the_last_thousand_exchanges_are_kept(world: World) -> None:
    first = await world.slack.command("x")
    await world.shown(first, text="x")
    for number in range(1000):
        world.slack.log.add(
            RecordedInteraction(str(number), "", START, "C0SUPPORT", world.slack.messages)
        )
    assert len(world.slack.interactions) == 1000
    assert first.messages == []
    assert (await world.post(first, text="x")).text == "no_service"


async def auth_test(world: World, **headers: str) -> dict[str, JsonValue]:
    answer = await world.to_slack.post("http://127.0.0.1:4020/api/auth.test", headers=headers)
    assert answer.status_code == 200
    body: dict[str, JsonValue] = answer.json()
    return body


async def test_auth_test_knows_the_bot_by_its_token(world: World) -> None:
    body = await auth_test(world, authorization="Bearer xoxb-emulator")
    assert body["ok"] is True
    assert (body["team_id"], body["team"], body["is_enterprise_install"]) == (
        "T0ACME",
        "Acme",
        False,
    )
    assert {"url", "user", "user_id", "bot_id"} < set(body)
    assert world.slack.api_calls == ["auth.test"]


async def test_auth_test_refuses_any_other_token(world: World) -> None:
    assert await auth_test(world, authorization="Bearer xoxb-other") == {
        "ok": False,
        "error": "invalid_auth",
    }
    assert await auth_test(world) == {"ok": False, "error": "not_authed"}


async def test_other_methods_are_unknown(world: World) -> None:
    answer = await world.to_slack.post("http://127.0.0.1:4020/api/chat.postMessage")
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": "unknown_method"})
