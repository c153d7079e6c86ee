"""What a person does in a window, on the Home tab and at the knobs, and what comes of it."""

import json
from typing import TYPE_CHECKING

import pytest
from starlette.responses import JSONResponse, Response

from bot.dev.playground.web.actions import Result
from tests.dev.emulator_harness import actions, button, inner, modal, payload
from tests.dev.page_harness import DONE, FORM, GONE, Page, do, opened

if TYPE_CHECKING:
    from pydantic import JsonValue


async def test_a_form_is_sent_with_what_was_filled_in_and_closes(page: Page) -> None:
    window = await opened(page)
    assert await do(page, act="submit", view_id=window.id, values={"town": "Oslo"}) == DONE
    view = inner(payload(page.world.slack.interactions[-1]), "view")
    assert inner(view, "state", "values", "town", "written")["value"] == "Oslo"
    assert page.world.slack.modal("U0ME") is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "this field is required"), ("Trondheim", "must be at most 5 characters")],
)
async def test_a_field_filled_in_wrongly_is_said_at_the_field_and_nothing_is_sent(
    page: Page, typed: str, said: str
) -> None:
    window = await opened(page)
    before = len(page.world.slack.interactions)
    done = await do(page, act="submit", view_id=window.id, values={"town": typed})
    assert done == Result(errors={"town": said})
    assert len(page.world.slack.interactions) == before
    assert page.world.slack.modal("U0ME") is not None


async def test_what_the_app_says_about_a_field_stands_in_the_window(page: Page) -> None:
    window = await opened(page)
    errors: JsonValue = {"town": "No such town."}
    page.world.ack = JSONResponse({"response_action": "errors", "errors": errors})
    assert await do(page, act="submit", view_id=window.id, values={"town": "Olso"}) == DONE
    now = page.world.slack.modal("U0ME")
    assert now is not None
    assert now.errors == errors
    assert "No such town." in (await page.http.get("/live")).text
    assert 'value="Olso"' in (await page.http.get("/live")).text


async def test_an_answer_to_a_form_that_slack_does_not_take_is_said(page: Page) -> None:
    window = await opened(page)
    page.world.ack = JSONResponse({"response_action": "burn"})
    done = await do(page, act="submit", view_id=window.id, values={"town": "Oslo"})
    assert done.message.startswith("The app didn't accept that: view_submission failed: ")


async def test_a_window_without_a_way_to_send_it_says_so(page: Page) -> None:
    window = await opened(page, modal(actions(button("next"))))
    done = await do(page, act="submit", view_id=window.id, values={})
    assert done == Result("That can't be sent: this view has no submit button.")


async def test_a_field_that_the_form_has_not_is_said_to_have_gone(page: Page) -> None:
    window = await opened(page)
    assert await do(page, act="submit", view_id=window.id, values={"country": "NO"}) == GONE


async def test_a_window_is_closed_and_the_app_hears_of_it_if_it_wants_to(page: Page) -> None:
    window = await opened(page)
    assert await do(page, act="close", view_id=window.id) == DONE
    assert page.world.slack.modal("U0ME") is None
    assert payload(page.world.slack.interactions[-1])["type"] == "view_closed"
    quiet = await opened(page, modal(actions(button("next"))))
    before = len(page.world.slack.interactions)
    assert await do(page, act="close", view_id=quiet.id) == DONE
    assert len(page.world.slack.interactions) == before


async def test_a_window_that_is_closed_already_cannot_be_used(page: Page) -> None:
    window = await opened(page)
    await do(page, act="close", view_id=window.id)
    before = len(page.world.slack.interactions)
    assert await do(page, act="close", view_id=window.id) == GONE
    assert await do(page, act="submit", view_id=window.id, values={"town": "Oslo"}) == GONE
    assert await do(page, act="click", view_id=window.id, action_id="x") == GONE
    assert len(page.world.slack.interactions) == before


async def test_a_window_under_another_cannot_be_used(page: Page) -> None:
    below = await opened(page, modal(actions(button("more"))))
    click = await page.world.slack.click_in_view(below, "more")
    answer = await page.world.call("views.push", trigger_id=click.trigger_id, view=FORM)
    assert answer["ok"] is True
    assert await do(page, act="click", view_id=below.id, action_id="more") == GONE


async def test_opening_the_home_tab_tells_the_app_who_looks(page: Page) -> None:
    assert await do(page, act="home") == DONE
    event = inner(json.loads(page.world.slack.interactions[-1].request_body), "event")
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", "U0ME", "home")


async def test_a_home_tab_that_the_app_fails_is_said(page: Page) -> None:
    page.world.ack = Response("", 500)
    done = await do(page, act="home")
    assert done.message == "The app didn't accept that: dispatch_failed: the app answered 500."


async def test_a_knob_is_turned_and_says_what_came_of_it(page: Page) -> None:
    assert await do(page, act="control", name="rain", value="3") == Result("rain is 3 now.")
    assert page.knobs.turned == [("rain", "3")]


async def test_a_knob_that_is_not_there_or_does_not_go_so_far_says_so(page: Page) -> None:
    assert await do(page, act="control", name="snow", value="3") == GONE
    done = await do(page, act="control", name="rain", value="much")
    assert done == Result("That can't be sent: it must be a number.")
    assert page.knobs.turned == []
