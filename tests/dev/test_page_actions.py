"""What a person does at the page, from the words that the browser sends to what comes of it."""

import json

import pytest
from pydantic import JsonValue, ValidationError
from starlette.responses import JSONResponse, Response

from bot.dev.playground.web.actions import USER_ACTION
from tests.dev.emulator_harness import (
    Json,
    actions,
    button,
    form,
    home,
    inner,
    listed,
    modal,
    option,
    payload,
)
from tests.dev.page_harness import DONE, FIRST, GONE, Page, do, opened, posted, said


async def test_a_command_reaches_the_app_as_typed_by_the_person_in_the_channel(page: Page) -> None:
    assert await do(page, act="type", text="  /weather   Oslo & <b> https://x.example ") == DONE
    sent = form(page.world.slack.interactions[-1])
    assert (sent["command"], sent["text"]) == ("/weather", "Oslo & <b> https://x.example")
    assert (sent["user_id"], sent["channel_id"]) == ("U0ME", "C0HERE")
    assert said(page) == []


async def test_a_command_alone_has_an_empty_text(page: Page) -> None:
    assert await do(page, act="type", text="/weather") == DONE
    assert form(page.world.slack.interactions[-1])["text"] == ""


async def test_what_a_command_is_answered_with_at_once_stands_in_the_channel(page: Page) -> None:
    page.world.ack = JSONResponse({"text": "Rain"})
    await do(page, act="type", text="/weather Oslo")
    assert said(page) == ["Rain"]


@pytest.mark.parametrize("typed", ["/wether Oslo", "/weatherOslo", "/", "/ weather", "//weather"])
async def test_a_command_that_nobody_has_is_said_to_be_unknown(page: Page, typed: str) -> None:
    assert await do(page, act="type", text=typed) == DONE
    [told] = said(page)
    assert told == f"No app here has the command {typed.split(maxsplit=1)[0]}."
    assert page.world.slack.interactions == []


async def test_an_unknown_command_is_quoted_as_it_is_and_not_as_markup(page: Page) -> None:
    await do(page, act="type", text="/<!channel>&")
    assert said(page) == ["No app here has the command /&lt;!channel&gt;&amp;."]


async def test_a_plain_message_stands_in_the_channel_and_the_app_hears_nothing(page: Page) -> None:
    before = page.world.slack.changes.count
    assert await do(page, act="type", text=" Is <this> it? ") == DONE
    assert said(page) == ["Is &lt;this&gt; it?"]
    assert page.world.slack.interactions == []
    assert page.world.slack.changes.count > before


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
async def test_nothing_typed_is_nothing_sent(page: Page, text: str) -> None:
    assert await do(page, act="type", text=text) == DONE
    assert said(page) == []
    assert page.world.slack.changes.count == 0


async def test_a_command_that_the_app_fails_is_said_in_the_channel(page: Page) -> None:
    page.world.ack = Response("", 500)
    assert await do(page, act="type", text="/weather Oslo") == DONE
    assert said(page) == ["/weather failed: dispatch_failed: the app answered 500"]


async def test_a_message_shortcut_hands_the_message_over(page: Page) -> None:
    done = await do(page, act="message_shortcut", callback_id="weather_where", ts=FIRST.ts)
    assert done == DONE
    sent = payload(page.world.slack.interactions[-1])
    assert (sent["type"], sent["callback_id"]) == ("message_action", "weather_where")
    assert sent["message"] == FIRST.whole()
    assert inner(sent, "user")["id"] == "U0ME"
    assert inner(sent, "channel")["id"] == "C0HERE"
    assert sent["response_url"]


async def test_a_message_shortcut_works_on_what_was_just_written(page: Page) -> None:
    await do(page, act="type", text="Rain in Oslo?")
    ts = page.channel.messages([])[-1].ts
    await do(page, act="message_shortcut", callback_id="weather_where", ts=ts)
    message = inner(payload(page.world.slack.interactions[-1]), "message")
    assert (message["text"], message["user"]) == ("Rain in Oslo?", "U0ME")


async def test_a_global_shortcut_comes_from_no_channel(page: Page) -> None:
    assert await do(page, act="global_shortcut", callback_id="weather_find") == DONE
    sent = payload(page.world.slack.interactions[-1])
    assert (sent["type"], sent["callback_id"]) == ("shortcut", "weather_find")
    assert inner(sent, "user")["id"] == "U0ME"
    assert "response_url" not in sent


async def test_a_shortcut_on_a_message_that_has_gone_is_said_to_be_too_late(page: Page) -> None:
    done = await do(page, act="message_shortcut", callback_id="weather_where", ts="1.0")
    assert done == GONE
    assert page.world.slack.interactions == []


async def test_a_click_says_which_of_several_alike_and_which_line_of_a_menu(page: Page) -> None:
    menu: JsonValue = {
        "type": "overflow",
        "action_id": "more",
        "options": [option("one"), option("two")],
    }
    rows = (actions(button("wind", value="a")), actions(button("wind", value="b"), menu))
    message = await posted(page, *rows)
    assert await do(page, act="click", ts=message.ts, action_id="wind", nth=1) == DONE
    click = page.world.slack.interactions[-1]
    assert listed(click)["value"] == "b"
    assert inner(payload(click), "user")["id"] == "U0ME"
    await do(page, act="click", ts=message.ts, action_id="more", option=1)
    assert listed(page.world.slack.interactions[-1])["selected_option"] == option("two")


async def test_a_click_in_a_window_is_one_in_that_window(page: Page) -> None:
    window = await opened(page, modal(actions(button("next"))))
    assert await do(page, act="click", view_id=window.id, action_id="next") == DONE
    assert inner(payload(page.world.slack.interactions[-1]), "view")["id"] == window.id


async def test_a_click_on_the_home_tab_is_one_there(page: Page) -> None:
    assert await do(page, act="home") == DONE
    await page.world.call("views.publish", user_id="U0ME", view=home(actions(button("next"))))
    tab = page.world.slack.home_tab("U0ME")
    assert tab is not None
    assert await do(page, act="click", view_id=tab.id, action_id="next") == DONE
    assert inner(payload(page.world.slack.interactions[-1]), "view")["type"] == "home"


@pytest.mark.parametrize(
    "where",
    [
        {"ts": "1.0", "action_id": "wind"},
        {"view_id": "V1", "action_id": "wind"},
        {"action_id": "wind"},
        {"ts": FIRST.ts, "action_id": "wind"},
    ],
)
async def test_a_click_on_what_has_gone_is_said_to_be_too_late(page: Page, where: Json) -> None:
    assert await do(page, act="click", **where) == GONE
    assert page.world.slack.interactions == []


@pytest.mark.parametrize("what", [{"action_id": "other"}, {"nth": 1}, {"nth": 10**30}])
async def test_a_click_on_an_element_that_has_gone_is_said_to_be_too_late(
    page: Page, what: Json
) -> None:
    message = await posted(page, actions(button("wind")))
    before = len(page.world.slack.interactions)
    assert await do(page, **{"act": "click", "ts": message.ts, "action_id": "wind", **what}) == GONE
    assert len(page.world.slack.interactions) == before


@pytest.mark.parametrize("line", [1, 99, 10**30])
async def test_a_line_that_a_menu_has_not_cannot_be_chosen(page: Page, line: int) -> None:
    menu: JsonValue = {"type": "overflow", "action_id": "more", "options": [option("one")]}
    message = await posted(page, actions(menu))
    assert await do(page, act="click", ts=message.ts, action_id="more", option=line) == GONE


async def test_a_window_of_somebody_else_cannot_be_clicked(page: Page) -> None:
    window = await page.world.opened(modal(actions(button("next"))), "U0OTHER")
    assert await do(page, act="click", view_id=window.id, action_id="next") == GONE
    assert await do(page, act="close", view_id=window.id) == GONE
    assert page.world.slack.modal("U0OTHER") is not None


async def test_a_click_that_the_app_fails_is_said(page: Page) -> None:
    message = await posted(page, actions(button("wind")))
    page.world.ack = Response("", 503)
    done = await do(page, act="click", ts=message.ts, action_id="wind")
    assert done.message == "The app didn't accept that: dispatch_failed: the app answered 503."


@pytest.mark.parametrize(
    "what",
    [
        {},
        {"act": "burn"},
        {"act": "type", "text": None},
        {"act": "type", "text": "x" * 4001},
        {"act": "type", "text": "x", "user_id": "U0OTHER"},
        {"act": "click", "ts": "1.0"},
        {"act": "click", "ts": "1.0", "action_id": "x", "nth": -1},
        {"act": "click", "ts": "1.0", "action_id": "x", "option": -1},
        {"act": "submit", "view_id": "V1", "values": {"town": ["Oslo"]}},
        {"act": "control", "name": "rain", "value": 3},
    ],
)
def test_what_is_no_act_is_not_read_as_one(what: Json) -> None:
    with pytest.raises(ValidationError):
        USER_ACTION.validate_json(json.dumps(what))
