"""User actions on the page, from the JSON that the browser sends to their results."""

import json
from typing import Final

import pytest
from pydantic import JsonValue
from starlette.responses import JSONResponse, Response

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.dev.playground.web.actions import Result
from tests.dev.emulator_harness import (
    Json,
    action_of,
    actions,
    button,
    form,
    home,
    inner,
    modal,
    option,
    payload,
)
from tests.dev.page_harness import DONE, GONE, Page, channel_texts, do, opened, posted

NEXT: Final = modal(actions(button("next")))
NOT_ACCEPTED: Final = Result(
    "The app didn't accept that: dispatch_failed: the app responded with 503."
)


def sent(page: Page) -> Json:
    return payload(page.world.slack.interactions[-1])


async def test_a_command_reaches_the_app_as_typed_by_the_user_in_the_channel(page: Page) -> None:
    assert await do(page, act="type", text="  /weather   Oslo & <b> https://x.example ") == DONE
    fields = form(page.world.slack.interactions[-1])
    assert (fields["command"], fields["text"]) == ("/weather", "Oslo & <b> https://x.example")
    assert (fields["user_id"], fields["channel_id"]) == ("U0ME", "C0HERE")
    assert channel_texts(page) == []
    assert await do(page, act="type", text="/weather") == DONE
    assert form(page.world.slack.interactions[-1])["text"] == ""


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


async def test_a_message_shortcut_sends_the_message(page: Page) -> None:
    shortcut: Json = {"act": "message_shortcut", "callback_id": "weather_where"}
    await do(page, act="type", text="Rain in <Oslo>?")
    [message] = page.world.slack.messages.messages
    assert await do(page, **shortcut, ts=message.ts) == DONE
    assert (sent(page)["type"], sent(page)["callback_id"]) == ("message_action", "weather_where")
    assert sent(page)["message"] == {
        "type": "message",
        "ts": message.ts,
        "user": "U0ME",
        "text": "Rain in &lt;Oslo&gt;?",
    }
    assert inner(sent(page), "user")["id"] == "U0ME"
    assert inner(sent(page), "channel")["id"] == "C0HERE"
    assert sent(page)["response_url"]
    before = len(page.world.slack.interactions)
    page.world.slack.messages.show(PostedMessage("9.0", "C0HERE", "ephemeral", {"text": "x"}))
    for ts in ("1.0", "9.0"):
        assert await do(page, **shortcut, ts=ts) == GONE
    assert len(page.world.slack.interactions) == before


async def test_a_global_shortcut_is_the_users(page: Page) -> None:
    assert await do(page, act="global_shortcut", callback_id="weather_find") == DONE
    assert (sent(page)["type"], sent(page)["callback_id"]) == ("shortcut", "weather_find")
    assert inner(sent(page), "user")["id"] == "U0ME"


async def test_a_click_identifies_the_element_and_the_option(page: Page) -> None:
    menu: JsonValue = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("one"), option("two")],
    }
    rows = (actions(button("wind", value="a")), actions(button("wind", value="b"), menu))
    message = await posted(page, *rows)
    assert await do(page, act="click", ts=message.ts, action_id="wind", nth=1) == DONE
    assert action_of(page.world.slack.interactions[-1])["value"] == "b"
    assert inner(sent(page), "user")["id"] == "U0ME"
    await do(page, act="click", ts=message.ts, action_id="more", option=1)
    assert action_of(page.world.slack.interactions[-1])["selected_option"] == option("two")
    for line in (2, 99, 10**30):
        assert await do(page, act="click", ts=message.ts, action_id="more", option=line) == GONE


async def test_a_click_in_a_view_is_sent_with_that_view(page: Page) -> None:
    shown = await opened(page, NEXT)
    assert await do(page, act="click", view_id=shown.id, action_id="next") == DONE
    assert inner(sent(page), "view")["id"] == shown.id
    tab = page.world.slack.views.publish("U0ME", "T0ACME", home(actions(button("top"))))
    assert await do(page, act="click", view_id=tab.id, action_id="top") == DONE
    assert inner(sent(page), "view")["type"] == "home"


@pytest.mark.parametrize(
    "what",
    [
        {"ts": "1.0"},
        {"view_id": "V1"},
        {},
        {"action_id": "other"},
        {"nth": 1},
        {"nth": 10**30},
    ],
)
async def test_a_click_on_something_missing_is_reported(page: Page, what: Json) -> None:
    message = await posted(page, actions(button("wind")))
    own: Json = {"ts": message.ts} if {"nth", "action_id"} & set(what) else {}
    before = len(page.world.slack.interactions)
    assert await do(page, **{"act": "click", "action_id": "wind", **own, **what}) == GONE
    assert len(page.world.slack.interactions) == before


async def test_a_rejection_by_the_app_is_reported(page: Page) -> None:
    message = await posted(page, actions(button("wind")))
    page.world.ack = Response("", 503)
    assert await do(page, act="click", ts=message.ts, action_id="wind") == NOT_ACCEPTED
    assert await do(page, act="home") == NOT_ACCEPTED


async def test_a_submitted_form_has_its_input_and_closes(page: Page) -> None:
    shown = await opened(page)
    assert await do(page, act="submit", view_id=shown.id, values={"town": "Oslo"}) == DONE
    view = inner(sent(page), "view")
    assert inner(view, "state", "values", "town", "written")["value"] == "Oslo"
    assert page.world.slack.modal("U0ME") is None


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


async def test_the_apps_errors_are_shown_at_the_fields(page: Page) -> None:
    shown = await opened(page)
    errors: JsonValue = {"town": "No such town."}
    page.world.ack = JSONResponse({"response_action": "errors", "errors": errors})
    assert await do(page, act="submit", view_id=shown.id, values={"town": "Olso"}) == DONE
    live = (await page.http.get("/live")).text
    assert "No such town." in live
    assert 'value="Olso"' in live
    page.world.ack = JSONResponse({"response_action": "burn"})
    done = await do(page, act="submit", view_id=shown.id, values={"town": "Oslo"})
    assert done.message.startswith("The app didn't accept that: view_submission failed: ")


async def test_a_closed_modal_is_gone_and_the_app_is_not_notified(page: Page) -> None:
    shown = await opened(page)
    before = len(page.world.slack.interactions)
    assert await do(page, act="close", view_id=shown.id) == DONE
    assert page.world.slack.modal("U0ME") is None
    for act in (
        {"act": "close"},
        {"act": "submit", "values": {}},
        {"act": "click", "action_id": "x"},
    ):
        assert await do(page, **act, view_id=shown.id) == GONE
    assert len(page.world.slack.interactions) == before


async def test_opening_the_home_tab_sends_its_user(page: Page) -> None:
    assert await do(page, act="home") == DONE
    event = inner(json.loads(page.world.slack.interactions[-1].request_body), "event")
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0ME", "home")


async def test_a_control_is_changed_and_reports_the_result(page: Page) -> None:
    assert await do(page, act="control", name="rain", value="3") == Result("rain is 3 now.")
    assert page.controls.changed == [("rain", "3")]
    assert await do(page, act="control", name="snow", value="3") == GONE
    done = await do(page, act="control", name="rain", value="much")
    assert done == Result("That can't be sent: it must be a number.")
    assert page.controls.changed == [("rain", "3")]


async def test_a_control_sends_its_current_command(page: Page) -> None:
    for number in (1, 2):
        assert await do(page, act="command", name="trip") == DONE
        fields = form(page.world.slack.interactions[-1])
        assert (fields["command"], fields["text"]) == ("/weather", f"Bergen {number}")
    count = len(page.world.slack.interactions)
    done = await do(page, act="command", name="sea")
    assert done == Result("That can't be sent: there is no control sea.")
    assert len(page.world.slack.interactions) == count
