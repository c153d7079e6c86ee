"""User actions on the page, from the JSON that the browser sends to their results."""

from typing import Final

import pytest
from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.actions import Result
from tests.dev.emulator_harness import Json, actions, button
from tests.dev.page_harness import DONE, GONE, Page, channel_texts, do, opened, posted

NOT_ACCEPTED: Final = Result(
    "The app didn't accept that: dispatch_failed: the app responded with 503."
)


async def test_a_command_reaches_the_app_as_typed_by_the_user_in_the_channel(page: Page) -> None:
    assert await do(page, act="type", text="  /weather   Oslo & <b> https://x.example ") == DONE
    fields = page.world.slack.interactions[-1].payload
    assert (fields["command"], fields["text"]) == ("/weather", "Oslo & <b> https://x.example")
    assert (fields["user_id"], fields["channel_id"]) == ("U0ME", "C0HERE")
    assert channel_texts(page) == []
    assert await do(page, act="type", text="/weather") == DONE
    assert page.world.slack.interactions[-1].payload["text"] == ""


async def test_the_message_in_an_ack_is_shown_in_the_channel(page: Page) -> None:
    page.world.ack = JSONResponse({"text": "Rain"})
    await do(page, act="type", text="/weather Oslo")
    page.world.ack = Response("", 500)
    assert await do(page, act="type", text="/weather Oslo") == DONE
    assert channel_texts(page) == [
        "Rain",
        "/weather failed: dispatch_failed: the app responded with 500",
    ]


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("/wether Oslo", "/wether"),
        ("/weatherOslo", "/weatherOslo"),
        ("/ weather", "/"),
        ("//weather", "//weather"),
        ("/<!channel>&", "/&lt;!channel&gt;&amp;"),
    ],
)
async def test_an_unknown_command_is_quoted_and_not_sent(
    page: Page, typed: str, named: str
) -> None:
    assert await do(page, act="type", text=typed) == DONE
    assert channel_texts(page) == [f"No app here has the command {named}."]
    assert page.world.slack.interactions == []


async def test_a_plain_message_is_in_the_channel_and_not_sent_to_the_app(page: Page) -> None:
    for text in ("", "   ", "\n\t"):
        assert await do(page, act="type", text=text) == DONE
    assert (channel_texts(page), page.world.slack.changes.count) == ([], 0)
    assert await do(page, act="type", text=" Is <this> it? ") == DONE
    assert channel_texts(page) == ["Is &lt;this&gt; it?"]
    assert page.world.slack.interactions == []
    assert page.world.slack.changes.count > 0


async def test_a_shortcut_is_sent_with_its_id_and_the_message(page: Page) -> None:
    await do(page, act="type", text="Rain in <Oslo>?")
    [message] = page.world.slack.messages.messages
    on_message: Json = {"act": "message_shortcut", "callback_id": "weather_where", "ts": message.ts}
    assert await do(page, **on_message) == DONE
    assert await do(page, act="global_shortcut", callback_id="weather_find") == DONE
    sent, anywhere = page.world.slack.interactions
    assert (sent.user_id, sent.channel_id) == ("U0ME", "C0HERE")
    assert sent.payload["callback_id"] == "weather_where"
    assert sent.payload["message"] == {
        "type": "message",
        "ts": message.ts,
        "user": "U0ME",
        "text": "Rain in &lt;Oslo&gt;?",
    }
    assert anywhere.payload["callback_id"] == "weather_find"


async def test_only_a_public_message_has_the_shortcut(page: Page) -> None:
    page.world.slack.messages.show(PostedMessage("9.0", "C0HERE", "ephemeral", {"text": "x"}))
    for ts in ("1.0", "9.0"):
        done = await do(page, act="message_shortcut", callback_id="weather_where", ts=ts)
        assert done == GONE
    assert page.world.slack.interactions == []


@pytest.mark.parametrize("act", [{"act": "close"}, {"act": "submit", "values": {}}])
async def test_a_modal_that_is_not_open_cannot_be_used(page: Page, act: Json) -> None:
    assert await do(page, **act, view_id="V1") == GONE


@pytest.mark.parametrize(
    "what",
    [
        *({"ts": "1.0"}, {"view_id": "V1"}, {}),
        *({"action_id": "other"}, {"nth": 1}, {"nth": 10**30}),
    ],
)
async def test_a_click_on_something_missing_is_reported(page: Page, what: Json) -> None:
    message = await posted(page, actions(button("wind")))
    own: Json = {"ts": message.ts} if {"nth", "action_id"} & set(what) else {}
    before = len(page.world.slack.interactions)
    assert await do(page, **{"act": "click", "action_id": "wind", **own, **what}) == GONE
    assert len(page.world.slack.interactions) == before


async def test_every_action_is_the_users(page: Page) -> None:
    message = await posted(page, actions(button("wind")), actions(button("wind")))
    steps: list[Json] = [
        {"act": "click", "ts": message.ts, "action_id": "wind", "nth": 1},
        {"act": "global_shortcut", "callback_id": "weather_find"},
        {"act": "home"},
    ]
    for step in steps:
        assert await do(page, **step) == DONE
    sent = page.world.slack.interactions
    assert [(each.user_id, each.failed) for each in sent] == [("U0ME", None)] * 4


async def test_a_rejection_by_the_app_is_reported(page: Page) -> None:
    message = await posted(page, actions(button("wind")))
    page.world.ack = Response("", 503)
    assert await do(page, act="click", ts=message.ts, action_id="wind") == NOT_ACCEPTED
    assert await do(page, act="home") == NOT_ACCEPTED


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"town": ""}, Result(errors={"town": "this field is required"})),
        ({"town": "Trondheim"}, Result(errors={"town": "must be at most 5 characters"})),
        ({"country": "NO"}, GONE),
    ],
)
async def test_an_invalid_form_is_not_sent(page: Page, values: JsonValue, expected: Result) -> None:
    shown = await opened(page)
    before = len(page.world.slack.interactions)
    assert await do(page, act="submit", view_id=shown.id, values=values) == expected
    assert len(page.world.slack.interactions) == before
    assert page.world.slack.modal("U0ME") is not None


async def test_a_control_is_changed_and_reports_the_result(page: Page) -> None:
    assert await do(page, act="control", name="rain", value="3") == Result("rain is 3 now.")
    assert page.controls.changed == [("rain", "3")]
    assert await do(page, act="control", name="snow", value="3") == GONE
    done = await do(page, act="control", name="rain", value="much")
    assert done == Result("That can't be sent: it must be a number.")
    assert page.controls.changed == [("rain", "3")]
