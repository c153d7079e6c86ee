"""**Details**: a modal with everything that is known about a log, in pages."""

import json
import re

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.slack.workspace import OpenView
from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.intercept import LIST
from tests.support import texts
from tests.support.reading import (
    action_ids,
    button_labels,
    buttons,
    headings,
    is_loaded,
    rendered,
    section_of,
    to_json,
)
from tests.support.samples import (
    CHILD,
    DELETED,
    DOCUMENTED,
    EVENTS_FAIL,
    LIVE,
    LONG_TIMELINE,
    NOW,
    PARENT,
)

PARTIAL_AFTER = 0.5
"""Seconds within which events that nothing holds back arrive, even on a busy machine."""


def events_in(view: OpenView) -> list[str]:
    return re.findall(r"Call (?:step \d+|[a-z]+)$", section_of(view, "Timeline"), re.MULTILINE)


async def test_modal_opens_before_signalwire_responds_and_is_then_filled(world: World) -> None:
    card = await world.ask(CHILD)
    async with world.holding_responses():
        interaction = await world.slack.click(card, actions.DETAILS)
        opened = await world.slack.wait_for_modal()

        assert (interaction.ack_status, interaction.ack_body, interaction.failed) == (200, "", None)
        assert rendered(opened) == f"[{opened.title}]\n┃ {texts.LOADING}"
    filled = world.modal()
    assert filled.id == opened.id
    assert world.view_methods == ["views.open", "views.update"]
    assert interaction.messages == []
    for fact in ("1 min 13 s", "+1 206-555-0100 → +1 206-555-0103", "73310 ms", "$0.0132", CHILD):
        assert fact in rendered(filled)
    assert "Rang 3.2 s · talked 1 min 09 s" in rendered(filled)
    assert events_in(filled) == [
        f"Call {name}" for name in ("initiated", "ringing", "answered", "ended")
    ]
    assert "+0:03.900" in section_of(filled, "Timeline")
    assert "PSTN call" in rendered(filled)
    assert {*action_ids(filled)} == {*(actions.CARD, actions.RAW, actions.COPY, actions.SHARE_FORM)}


async def test_long_timeline_has_pages(world: World) -> None:
    first = await world.open_details(LONG_TIMELINE)
    world.signalwire.requests.clear()
    second = await world.click_in_modal(first, actions.PAGE)
    assert world.paths == [f"/{LONG_TIMELINE}", f"/{LONG_TIMELINE}/events"], "no legs"
    last = await world.click_in_modal(second, actions.PAGE)
    paging = {actions.PAGE, actions.PAGE_BACK}

    seen = [event for page in (first, second, last) for event in events_in(page)]
    assert sorted(seen) == sorted(f"Call step {number}" for number in range(120))
    assert [len(events_in(page)) for page in (first, second, last)] == [40, 40, 40]
    assert paging & {*action_ids(first)} == {actions.PAGE}
    assert paging <= {*action_ids(second)}
    assert [(button.action_id, button.value) for button in buttons(last)] == [
        (actions.ERRORS, "1"),
        (actions.PAGE_BACK, "2"),
        (actions.PAGE, "1"),
    ]
    assert rendered(await world.click_in_modal(last, actions.PAGE, value="1")) == rendered(first)
    last = await world.click_in_modal(await world.click_in_modal(first, actions.PAGE), actions.PAGE)
    assert rendered(await world.click_in_modal(last, actions.PAGE_BACK)) == rendered(second)
    again = await world.click_in_modal(world.modal(), actions.PAGE_BACK)
    assert rendered(again) == rendered(first)


async def test_errors_and_warnings_can_be_shown_alone(world: World) -> None:
    whole = await world.open_details(LONG_TIMELINE)
    first = await world.click_in_modal(whole, actions.ERRORS)
    world.signalwire.requests.clear()
    last = await world.click_in_modal(first, actions.ERRORS, value="2")
    paths = world.paths

    assert "24 errors · 48 warnings" in section_of(whole, "Timeline")
    assert [len(events_in(page)) for page in (first, last)] == [40, 32]
    assert set(events_in(first)).isdisjoint(events_in(last))
    for page in (first, last):
        offsets = re.findall(r"\+\d:\d\d\.000(?= \S+ (?:error|warning): )", rendered(page))
        assert len(offsets) == len(events_in(page))
        assert "among 120 events" in rendered(page)
        of_all = {line for line in rendered(page).splitlines() if "error: Call step 13" in line}
        assert of_all <= set(rendered(whole).splitlines()), "the offset is that of all events"
    assert paths == [f"/{LONG_TIMELINE}", f"/{LONG_TIMELINE}/events"], "no legs"
    assert rendered(await world.click_in_modal(last, actions.ERRORS_BACK)) == rendered(first)
    again = await world.click_in_modal(world.modal(), actions.PAGE)
    assert rendered(again) == rendered(whole)


async def test_raw_json_is_as_signalwire_sent_it(world: World) -> None:
    first = await world.open_details(DOCUMENTED)
    raw = await world.click_in_modal(first, actions.RAW)
    text = rendered(raw).replace("┃ ", "").replace("┃", "")

    assert "duration_ms" in section_of(raw, "All fields")
    documents = [
        json.loads(one) for one in re.findall(r"^\{.*?^\}", text, re.DOTALL | re.MULTILINE)
    ]
    (log,) = [entry for entry in catalog(NOW) if entry.id == DOCUMENTED]
    assert documents[0] == dict(log.body)
    assert [event["name"] for event in documents[1]["data"]] == [
        f"calling_call_{name}" for name in ("ended", "answered", "initiated")
    ]
    assert rendered(await world.click_in_modal(raw, actions.PAGE)) == rendered(first)


async def test_long_json_has_pages(world: World) -> None:
    details = await world.open_details(LONG_TIMELINE)
    first = await world.click_in_modal(details, actions.RAW)
    second = await world.click_in_modal(first, actions.RAW)

    assert rendered(second) != rendered(first)
    assert action_ids(first) == [actions.PAGE, actions.RAW]
    assert rendered(await world.click_in_modal(second, actions.RAW_BACK)) == rendered(first)


async def test_channel_of_the_card_is_kept_on_every_page(world: World) -> None:
    await world.click(await world.ask(LONG_TIMELINE, channel_id="C0DESK"))
    page = world.modal()
    metadata = {"channel": "C0DESK", "log": LONG_TIMELINE, "public": False}
    turned = (actions.PAGE, actions.PAGE_BACK, actions.RAW, actions.RAW, actions.RAW_BACK)
    for action in turned:
        assert json.loads(page.private_metadata) == metadata
        page = await world.click_in_modal(page, action)

    assert json.loads(page.private_metadata) == metadata
    lines = world.log.lines("details.done")
    assert [(line["outcome"], line["id"], line["channel"]) for line in lines] == [
        ("found", LONG_TIMELINE, "C0DESK")
    ] * (1 + len(turned))
    assert len({line["request_id"] for line in lines}) == len(lines)


async def test_live_call_has_its_events_so_far(world: World) -> None:
    view = await world.open_details(LIVE)

    assert events_in(view) == ["Call initiated"]
    assert is_loaded(view)
    assert texts.FOLLOW not in button_labels(view)
    refreshed = await world.click_in_modal(view, actions.PAGE)
    assert (refreshed.id, rendered(refreshed)) == (view.id, rendered(view))


async def test_deleted_log_has_a_modal(world: World) -> None:
    view = await world.open_details(DELETED)

    assert is_loaded(view)
    assert events_in(view) == []
    assert "2026-10-31 15:30:00 UTC" in rendered(view)
    assert "discarded_at" in rendered(await world.click_in_modal(view, actions.RAW))


async def test_other_sections_are_shown_if_the_events_fail(world: World) -> None:
    view = await world.open_details(EVENTS_FAIL)

    assert texts.server_error(500) in section_of(view, "Timeline")
    assert texts.server_error(500) not in section_of(view, texts.LEGS)
    assert "12345 ms" in rendered(view)
    assert world.log.problems("error") == []


async def test_other_sections_are_shown_if_the_list_fails(world: World) -> None:
    world.lists.fail(500)
    view = await world.open_details(CHILD)
    legs = section_of(view, texts.LEGS)

    assert texts.server_error(500) in legs
    assert ["0101" in legs, "0102" in legs, "0103" in legs] == [True, False, True]
    assert len(events_in(view)) == 4
    assert "PSTN call" in rendered(view)


@pytest.mark.parametrize(("section", "other"), [(texts.LEGS, "Timeline"), ("Timeline", texts.LEGS)])
async def test_slow_section_does_not_delay_the_others(
    open_world: OpenWorld, section: str, other: str
) -> None:
    world = await open_world(partial_after=PARTIAL_AFTER)
    part = world.lists if section == texts.LEGS else world.events
    card = await world.ask(DOCUMENTED)
    part.hold()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Timeline" in headings(view))

    assert section_of(partial, section).startswith(f"┃ {texts.LOADING}")
    assert texts.LOADING not in section_of(partial, other)
    part.release()
    await world.idle()
    whole = world.modal()
    assert (whole.id, is_loaded(whole)) == (partial.id, True)
    assert section_of(whole, other) == section_of(partial, other)


async def test_fast_responses_fill_the_modal_with_one_update(open_world: OpenWorld) -> None:
    world = await open_world(partial_after=10)
    await world.open_details(DOCUMENTED)

    assert world.view_methods == ["views.open", "views.update"]


async def test_late_legs_do_not_replace_a_later_page(open_world: OpenWorld) -> None:
    world = await open_world(partial_after=PARTIAL_AFTER)
    card = await world.ask(LONG_TIMELINE)
    world.lists.hold()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: actions.PAGE in action_ids(view))
    await world.slack.click_in_view(partial, actions.PAGE)
    second = await world.slack.wait_for_modal(
        until=lambda view: actions.PAGE_BACK in action_ids(view)
    )
    world.lists.release()
    await world.idle()

    assert rendered(world.modal()) == rendered(second)


async def test_page_requested_while_legs_arrive_is_shown(open_world: OpenWorld) -> None:
    world = await open_world(partial_after=PARTIAL_AFTER)
    card = await world.ask(LONG_TIMELINE)
    world.lists.hold()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: actions.PAGE in action_ids(view))
    world.lookups.hold()
    await world.slack.click_in_view(partial, actions.PAGE)
    await world.lookups.reached.wait()
    world.lists.release()
    await world.slack.wait_for_modal(until=is_loaded)
    world.lookups.release()
    await world.idle()

    assert actions.PAGE_BACK in action_ids(world.modal())


async def test_events_are_requested_from_the_project_that_has_the_log(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Project("north", entries=()), Project("south"))
    north, south = world.projects["north"], world.projects["south"]
    card = await world.ask(CHILD)
    north.requests.clear()
    south.requests.clear()
    await world.click(card)

    assert [one.path for one in north.requests] == [f"{LIST}/{CHILD}"]
    paths = [one.path.removeprefix(LIST) for one in south.requests]
    assert sorted(paths) == sorted(["", f"/{CHILD}", f"/{CHILD}/events", f"/{PARENT}"])
    assert "south" in rendered(world.modal())


async def test_json_full_of_quotation_marks_can_be_paged(open_world: OpenWorld) -> None:
    """Slack sends a modal back with each click, and the request's size is limited."""
    quotes = call(DOCUMENTED, NOW, note='"\\' * 30_000)
    world = await open_world(Project(entries=[LogFixture(quotes)]))
    raw = await world.click_in_modal(await world.open_details(DOCUMENTED), actions.RAW)
    second = await world.click_in_modal(raw, actions.RAW, value="2")

    assert to_json(second) != to_json(raw)


async def test_long_record_is_shown(open_world: OpenWorld) -> None:
    """It is rendered in a thread."""
    long = call(DOCUMENTED, NOW, note="x" * 100_000)
    world = await open_world(Project(entries=[LogFixture(long)]))

    assert "42310 ms" in rendered(await world.open_details(DOCUMENTED))
