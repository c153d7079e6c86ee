"""**Find a call**: the search form behind the global shortcut, and its results."""

import json
from datetime import timedelta

import pytest

from bot.dev.emulator.slack.workspace import FailNext, OpenView
from bot.ui import actions, block_kit, search_form, search_results
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.sample_logs import WANTED_AS_TYPED, log_id, log_ids, sample_logs
from tests.support import texts
from tests.support.reading import button_labels, rendered, row_ids
from tests.support.samples import DOCUMENTED, SUPPORT, TEAM

ANY_NUMBER = {"number": WANTED_AS_TYPED}


async def results(world: World, **values: str | list[str]) -> OpenView:
    """Submit the form, which opens with the last 24 hours."""
    return await world.submit(await world.open_form(), values)


def form_with(world: World, metadata: str, user_id: str = SUPPORT) -> OpenView:
    """Open the form as an older version of the bot may have opened it."""
    form = json.loads(json.dumps(search_form.form(metadata)))
    return world.slack.views.open(user_id, TEAM, form)


async def test_shortcut_opens_the_form(world: World) -> None:
    view = await world.open_form()

    assert (view.title, view.callback_id) == (texts.FIND_FORM, actions.FORM)
    assert [block["block_id"] for block in view.blocks if isinstance(block, dict)] == [
        *("number", "side", "window", "day", "outcomes", "directions", "kinds")
    ]
    assert world.view_methods == ["views.open"]


async def test_results_replace_the_form(world: World) -> None:
    view = await world.open_form()
    interaction = await world.slack.submit(view, {"number": "206 555 3434", "window": "any"})

    assert json.loads(interaction.ack_body)["response_action"] == "update"
    assert row_ids(world.modal()) == []
    await world.idle()
    found = world.modal()
    assert (found.id, found.title, found.callback_id) == (view.id, texts.FIND_FORM, "")
    assert row_ids(found) == [DOCUMENTED]


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({"number": WANTED_AS_TYPED}, 5),
        ({"number": WANTED_AS_TYPED, "window": "last hour"}, 2),
        ({"number": WANTED_AS_TYPED, "window": "any"}, 5),
        ({"number": WANTED_AS_TYPED, "side": "from"}, 0),
        ({"number": WANTED_AS_TYPED, "side": "to"}, 5),
        ({"number": f"{WANTED_AS_TYPED}, 5550100"}, 5),
        ({"number": WANTED_AS_TYPED, "window": "day", "day": "2026-11-02"}, 5),
        ({"number": WANTED_AS_TYPED, "day": "2026-11-02"}, 5),
        ({"directions": "inbound"}, 20),
        ({"outcomes": ["failed", "busy"], "number": "5550199"}, 0),
        ({"outcomes": ["failed", "completed"], "directions": ["inbound", "outbound"]}, 20),
        ({"kinds": ["video"], "number": "5550199"}, 0),
    ],
)
async def test_every_field_is_used(
    open_world: OpenWorld, values: dict[str, str | list[str]], count: int
) -> None:
    world = await open_world(Project(entries=sample_logs(200, wanted=range(0, 200, 40))))

    assert len(row_ids(await results(world, **values))) == count


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        ({"number": "12"}, ["number"]),
        ({"window": "day"}, ["day"]),
        ({"number": "bob", "window": "day", "day": "2027-01-01"}, ["day", "number"]),
        ({"number": "5550199 2h"}, ["number"]),
        ({"number": "1 206 555 0199, 5550100, 5550101"}, ["number"]),
        ({"number": "5550199", "window": "last hour", "day": "2026-11-01"}, ["day"]),
    ],
)
async def test_invalid_values_are_reported_on_their_fields(
    world: World, values: dict[str, str], fields: list[str]
) -> None:
    view = await results(world, **values)

    assert sorted(view.errors) == fields
    assert view.callback_id == actions.FORM
    assert all(0 < len(text) <= 300 for text in view.errors.values())
    assert world.log.lines("search.done") == []


async def test_field_errors_show_the_text_as_typed(world: World) -> None:
    view = await results(world, number="a<b&c")

    # The error of a field is plain text, without entities.
    assert view.errors["number"].startswith("I don't understand a<b&c. ")


@pytest.mark.parametrize("text", ["bob", "5550199 2h", "5550199 failed"])
async def test_number_field_accepts_only_a_number(world: World, text: str) -> None:
    error = (await results(world, number=text)).errors["number"]

    assert "sip:" in error
    assert "no-answer" not in error


async def test_corrected_form_is_searched(world: World) -> None:
    invalid = await results(world, number="12", window="day")

    assert row_ids(await world.submit(invalid, {"number": "5553434", "window": "any"})) == [
        DOCUMENTED
    ]


async def test_card_opens_over_the_results(world: World) -> None:
    found = await results(world, number="5553434", window="any")
    opened = await world.click_in_modal(found, actions.CARD, value=DOCUMENTED)

    assert [view.id for view in world.slack.modals()] == [found.id, opened.id]
    assert texts.COMPLETED_STATUS in rendered(opened)
    await world.slack.close(opened)
    assert world.modal() == found


async def test_older_results_are_shown_in_the_same_modal(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(45)))
    view = await results(world, directions="inbound")
    ids = row_ids(view)
    for _ in range(2):
        assert button_labels(world.modal())[-2:] == [texts.SEARCH_OLDER, texts.CHANGE_SEARCH]
        clicked = await world.slack.click_in_view(world.modal(), actions.SEARCH_OLDER)
        await world.until_idle(world.slack.redeliver(clicked))
        ids += row_ids(world.modal())

    assert ids == log_ids(range(45))
    assert [one.id for one in world.slack.modals()] == [view.id]
    assert texts.SEARCH_OLDER not in button_labels(world.modal())
    assert len(world.log.lines("search.done")) == 3


async def test_long_search_shows_its_progress(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(700, wanted=[600])), progress_after=0.01)
    world.lists.hold(after=2)
    await world.slack.submit(await world.open_form(), ANY_NUMBER)
    partial = await world.slack.wait_for_modal(until=lambda view: "400 logs" in rendered(view))

    assert "2026-11-02 08:50:00 UTC" in rendered(partial)
    world.lists.release()
    await world.idle()
    assert row_ids(world.modal()) == [log_id(600)]


async def test_search_stops_if_its_modal_is_closed(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(700)), progress_after=0.01)
    world.lists.hold(after=1)
    await world.slack.submit(await world.open_form(), ANY_NUMBER)
    await world.slack.wait_for_modal(until=lambda view: "200 logs" in rendered(view))
    await world.slack.close(world.modal())
    await world.idle()
    line = await world.log.line("search.done")

    assert line["outcome"] == "interrupted"
    assert len(world.lists.requests) == 2
    assert not world.log.lines(level="error")


async def test_signalwire_error_is_shown_and_retried_in_the_modal(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(3)))
    world.lists.fail(503)
    view = await results(world, directions="inbound")

    assert texts.server_error(503) in rendered(view)
    (line,) = world.log.lines("search.done")
    assert str(line["request_id"]) in rendered(view)
    world.lists.recover()
    again = await world.click_in_modal(view, actions.SEARCH_RETRY)
    assert row_ids(again) == log_ids(range(3))


@pytest.mark.parametrize(
    ("environment", "subject"),
    [({"ALLOWED_USERS": "U0ANNA"}, "U0EVE"), ({"ALLOWED_CHANNELS": "C0OPS"}, "/voicelog")],
)
async def test_denied_user_gets_the_reason_instead_of_the_form(
    open_world: OpenWorld, environment: dict[str, str], subject: str
) -> None:
    world = await open_world(environment=environment)
    view = await world.open_form("U0EVE")

    assert texts.DENIED in rendered(view)
    assert subject in rendered(view)
    assert "submit" not in view.payload
    assert len(world.log.lines("search.denied", user="U0EVE")) == 1
    if "ALLOWED_USERS" in environment:
        assert (await world.open_form("U0ANNA")).callback_id == actions.FORM


@pytest.mark.parametrize("number", [WANTED_AS_TYPED, "12"], ids=["valid", "invalid"])
async def test_form_of_a_denied_user_is_rejected(open_world: OpenWorld, number: str) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    form = form_with(world, "{}", "U0EVE")
    view = await world.submit(form, {"number": number})

    assert texts.DENIED in rendered(view)
    assert world.log.lines("search.denied", user="U0EVE", outcome="user")
    assert world.list_requests == 0


async def test_results_are_authorized_by_the_channel_of_the_modal(open_world: OpenWorld) -> None:
    world = await open_world(
        Project(entries=sample_logs(50)), environment={"ALLOWED_CHANNELS": "C0OPS"}
    )
    found = await world.submit(form_with(world, '{"channel":"C0OPS"}'), {"directions": "inbound"})
    older = await world.click_in_modal(found, actions.SEARCH_OLDER)
    assert row_ids(older)[0] == log_id(20)
    moved = {**older.payload, "private_metadata": "{}"}
    elsewhere = world.slack.views.open("U0EVE", TEAM, moved)

    denied = await world.click_in_modal(elsewhere, actions.SEARCH_OLDER)
    assert texts.DENIED in rendered(denied)


async def test_expired_trigger_is_an_error_line(world: World) -> None:
    world.views.hold()
    interaction = await world.slack.global_shortcut()
    await world.views.reached.wait()
    world.clock.advance(4)
    world.views.release()
    await world.idle()

    assert interaction.ack_status == 200
    assert world.slack.modals() == []
    assert world.log.problems("error") == [("view.failed", "expired_trigger_id")]


@pytest.mark.parametrize("metadata", ["{", '{"channel": 7}', "[]", '{"log": "x"}'])
async def test_form_with_unreadable_metadata_is_searched(
    open_world: OpenWorld, metadata: str
) -> None:
    world = await open_world(Project(entries=sample_logs(3, wanted=range(3))))
    view = await world.submit(form_with(world, metadata), ANY_NUMBER)

    assert row_ids(view) == log_ids(range(3))


async def test_form_with_unreadable_metadata_has_no_channel(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_CHANNELS": "C0OPS"})

    assert texts.DENIED in rendered(await world.submit(form_with(world, "{"), ANY_NUMBER))


def entered(view: OpenView) -> dict[str, object]:
    """Return the initial values of a form, by field."""
    found: dict[str, object] = {}
    for field, elements in view.state.items():
        match elements[field]:
            case {"value": str(text)} | {"selected_date": str(text)}:
                found[field] = text
            case {"selected_option": {"value": str(value)}} if value != search_form.ANY:
                found[field] = value
            case {"selected_options": [_, *_] as options}:
                assert isinstance(options, list)
                found[field] = [each["value"] for each in options if isinstance(each, dict)]
    return found


async def test_search_is_changed_in_its_modal(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(200, wanted=range(0, 200, 40))))
    found = await results(
        world, number=WANTED_AS_TYPED, side="to", window="last 2 days", outcomes=["completed"]
    )
    form = await world.click_in_modal(found, actions.CHANGE_SEARCH)

    assert (form.id, form.callback_id) == (found.id, actions.FORM)
    assert entered(form) == {
        "number": "2065550199",
        "side": "to",
        "window": "last 2 days",
        "outcomes": ["completed"],
    }
    again = await world.submit(form, {"window": "last hour"})
    assert row_ids(again) == log_ids([0, 40])
    assert "last hour · completed" in rendered(again)


async def test_search_that_was_typed_is_changed_in_a_new_modal(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50, wanted=range(40))))
    message = await world.ask(f"find from 5550100 to {WANTED_AS_TYPED} since 2026-11-02 inbound")
    await world.click(message, actions.CHANGE_SEARCH)

    assert entered(world.modal()) == {
        "number": "555-0100, 2065550199",
        "side": "from",
        "window": "day",
        "day": "2026-11-02",
        "directions": ["inbound"],
    }
    assert row_ids(await world.submit(world.modal(), {})) == row_ids(message) != []


async def test_expired_search_is_reported_in_the_modal(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(3)))
    found = await results(world, directions="inbound")
    world.clock.time += timedelta(days=1, seconds=1)

    modal = await world.click_in_modal(found, actions.CHANGE_SEARCH)
    assert texts.SEARCH_EXPIRED in rendered(modal)


# ── Results and a late ack ───────────────────────────────────────────────────────────────────


async def results_before_the_ack(world: World) -> OpenView:
    """Submit the form; return the results before they are shown again."""
    await world.slack.submit(await world.open_form(), {"directions": "inbound"})
    return await world.slack.wait_for_modal(until=lambda view: bool(row_ids(view)))


async def test_results_covered_by_a_late_ack_are_shown_again(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(3)), forms_settled_after=0.6)
    results = await results_before_the_ack(world)
    late = block_kit.message_modal(
        search_results.FORM_TITLE, search_results.searching(0, None), results.private_metadata
    )
    await world.bot.bolt.client.views_update(
        token=world.slack_token, view_id=results.id, view={**late}
    )
    assert row_ids(world.modal()) == []
    await world.idle()

    assert row_ids(world.modal()) == log_ids(range(3))


async def test_results_that_slack_rejects_the_second_time_stay(open_world: OpenWorld) -> None:
    """They may be covered by a late ack, so the rejection is logged."""
    world = await open_world(Project(entries=sample_logs(3)), forms_settled_after=0.6)
    await results_before_the_ack(world)
    world.slack.fail_next_api = [FailNext(200, '{"ok": false, "error": "view_too_large"}')]
    await world.idle()

    assert row_ids(world.modal()) == log_ids(range(3))
    assert world.log.problems("error") == [("view.failed", "view_too_large")]


async def test_earlier_results_do_not_cover_the_next_page(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(30)), forms_settled_after=0.6)
    first = await results_before_the_ack(world)
    second = await world.click_in_modal(first, actions.SEARCH_OLDER)

    assert not set(row_ids(second)) & set(row_ids(first))
