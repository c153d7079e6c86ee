"""How a leg ended, and calls that only the Compatibility API has yet."""

from datetime import timedelta
from typing import Final

from bot.dev.emulator.signalwire.catalog import WRITTEN_AFTER
from bot.dev.emulator.signalwire.compatibility import CALLS
from bot.dev.emulator.signalwire.fixtures import Body, Event, LogFixture, call
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.ui import actions, notices
from bot.ui.details.ending import HEADING
from bot.ui.details.view import BACK
from bot.ui.voice_log_card import NO_VOICE_LOG
from tests.integration.harness import OpenWorld, Project, World, only
from tests.integration.intercept import LIST, Interceptor
from tests.integration.user_actions import (
    card,
    click,
    click_in_modal,
    modal_of,
    open_details,
    open_legs,
    shared_card,
)
from tests.support import texts
from tests.support.reading import (
    button_labels,
    headings,
    is_loaded,
    rendered,
    row_ids,
    section_of,
)
from tests.support.samples import (
    BUSY_LAML,
    CALL_FAILS,
    CHILD,
    DELAYED,
    DOCUMENTED,
    NOW,
)

CALLS_ONLY = "^/api/laml/"
BUSY_HERE = "486 Busy Here"
NO_END: Final[Body] = {"status": "in-progress", "charge": 0, "billing_ms": None}


def paths(space: SignalWireEmulator, since: int = 0) -> list[str]:
    """Return the paths of the requests, without their common beginning."""
    requests = [one for one in space.requests[since:] if one.query.get("page_size") != "1"]
    shortened = (one.path.removeprefix(LIST) for one in requests)
    return ["call" if path.startswith(f"/{'/'.join(CALLS)}") else path for path in shortened]


def live_laml_call(number: int, *, written_after: float) -> LogFixture:
    """Make a LaML call that ends a minute after it was first looked up."""
    id_ = f"1a310000-0000-4000-8000-0000000001{number:02}"

    def at(seconds: float) -> LogFixture:
        body = call(id_, NOW, type="laml_call")
        return LogFixture(body if seconds >= 60 else {**body, **NO_END})

    return LogFixture(at(0).body, timeline=at, written_after=written_after)


async def test_call_without_a_log_is_shown(open_world: OpenWorld) -> None:
    world = await open_world()
    message = await world.ask(DELAYED)

    assert message.text.startswith("Busy")
    assert NO_VOICE_LOG in message.text
    assert BUSY_HERE in message.text
    assert button_labels(message) == texts.CARD_LABELS
    assert paths(world.signalwire) == [f"/{DELAYED}", "call"]
    (line,) = world.log.lines("lookup.done")
    assert (line["outcome"], line["id"]) == ("compatibility", DELAYED)


async def test_several_ids_may_have_one_without_a_log(world: World) -> None:
    message = await world.ask(f"{DELAYED} {CHILD}", user_id="U0SEVERAL")

    assert row_ids(message) == [DELAYED, CHILD]
    opened = only(await click(world, message, actions.CARD, value=DELAYED, user_id="U0SEVERAL"))
    assert NO_VOICE_LOG in opened.text


async def test_modals_of_a_call_without_a_log(open_world: OpenWorld) -> None:
    world = await open_world()
    message = await world.ask(DELAYED)
    before = len(world.signalwire.requests)
    await click(world, message)
    details = modal_of(world)

    assert paths(world.signalwire, before) == [f"/{DELAYED}", "call", ""], "no events"
    assert NO_VOICE_LOG in rendered(details)
    assert BUSY_HERE in section_of(details, HEADING)
    raw = await click_in_modal(world, details, actions.RAW)
    assert NO_VOICE_LOG in rendered(raw)
    assert f'"sid": "{DELAYED}"' in rendered(raw)
    assert BACK in button_labels(raw)
    await open_legs(world, message, DELAYED)
    legs = modal_of(world)
    assert NO_VOICE_LOG in rendered(legs)
    assert "Busy" in rendered(legs)
    assert world.log.warning_lines() == []


async def test_shared_card_says_that_there_is_no_log_yet(open_world: OpenWorld) -> None:
    world = await open_world()
    message = await shared_card(world, DELAYED)

    assert NO_VOICE_LOG in message.text
    assert "+1 ••••••••00" in message.text
    assert "555" not in message.text


async def test_refresh_shows_the_log_once_it_is_written(open_world: OpenWorld) -> None:
    world = await open_world()
    interaction, before = await card(world, DELAYED)
    await click(world, before, actions.REFRESH)
    assert NO_VOICE_LOG in only(interaction).text
    world.clock.advance(WRITTEN_AFTER)
    await click(world, only(interaction), actions.REFRESH)

    assert NO_VOICE_LOG not in only(interaction).text
    assert f"Voice log ID: {DELAYED}" in only(interaction).text
    assert [line["outcome"] for line in world.log.lines("refresh.done")] == [
        *("compatibility", "found")
    ]


async def test_follow_continues_with_the_log_once_it_is_written(open_world: OpenWorld) -> None:
    leg = live_laml_call(1, written_after=20)
    world = await open_world(Project(entries=[leg]))
    _, before = await card(world, leg.id)
    clicked = await click(world, before, actions.FOLLOW)

    has_note = [NO_VOICE_LOG in message.text for message in clicked.accepted]
    assert has_note == [True, False, False, False], "started, log written, call over, new message"
    assert notices.FOLLOWING_ENDED in clicked.messages[0].text
    (ended,) = world.log.lines("follow.ended")
    assert ended["outcome"] == "over"


async def test_follow_ends_with_a_call_whose_log_is_never_written(open_world: OpenWorld) -> None:
    leg = live_laml_call(2, written_after=timedelta(days=1).total_seconds())
    world = await open_world(Project(entries=[leg]))
    _, before = await card(world, leg.id)
    clicked = await click(world, before, actions.FOLLOW)

    followed, _ = clicked.messages
    assert NO_VOICE_LOG in followed.text
    assert followed.text.startswith("Completed")
    assert notices.FOLLOWING_ENDED in followed.text


async def test_details_of_a_busy_laml_call_say_that_it_was_busy(open_world: OpenWorld) -> None:
    world = await open_world()
    message = await world.ask(BUSY_LAML)
    before = len(world.signalwire.requests)
    await click(world, message)
    details = modal_of(world)

    assert BUSY_HERE in section_of(details, HEADING)
    assert sorted(paths(world.signalwire, before)) == sorted(
        ["", f"/{BUSY_LAML}", f"/{BUSY_LAML}/events", "call"]
    )
    assert headings(details)[1] == HEADING
    since = len(world.signalwire.requests)
    await click_in_modal(world, details, actions.RAW)
    assert "call" not in paths(world.signalwire, since), "it is not in the JSON"


async def test_masked_details_look_at_all_pages_of_the_timeline(open_world: OpenWorld) -> None:
    events = tuple(Event(NOW + timedelta(seconds=n), "step") for n in range(90))
    answered_ms = int((NOW + timedelta(seconds=100)).timestamp()) * 1000
    end_details: Body = {"sip_code": 486, "answer_time": answered_ms}
    last = Event(NOW + timedelta(minutes=2), "calling_call_ended", "info", end_details)
    leg = LogFixture(call(DOCUMENTED, NOW), events=(last, *events))
    world = await open_world(Project(entries=[leg]), environment={"MASK_NUMBERS": "always"})
    first = await open_details(world, DOCUMENTED)

    assert BUSY_HERE in section_of(first, HEADING)
    assert "Talked 20 s" in rendered(first)
    assert HEADING not in headings(await click_in_modal(world, first, actions.PAGE))


async def test_details_of_other_calls_ask_for_no_compatibility_call(
    open_world: OpenWorld,
) -> None:
    leg = live_laml_call(3, written_after=0)
    world = await open_world(Project("live", entries=[leg]), Project("all"))
    for log_id in (leg.id, DOCUMENTED):
        details = await open_details(world, log_id)
        assert HEADING not in headings(details)

    assert "call" not in [path for space in world.projects.values() for path in paths(space)]


async def test_failed_compatibility_call_is_one_short_line(world: World) -> None:
    details = await open_details(world, CALL_FAILS, "U0FAILS")

    assert len(section_of(details, HEADING).replace("┃", "").split("\n\n")) <= 2
    assert "Compatibility API" in section_of(details, HEADING)
    assert "doesn't say why" not in rendered(details)
    assert headings(details)[2:4] == [texts.LEGS, "Timeline"]
    assert is_loaded(details)


async def test_call_that_the_compatibility_api_does_not_have(open_world: OpenWorld) -> None:
    calls = Interceptor(CALLS_ONLY).fail(404, body='{"code":"20404","status":404}')
    world = await open_world(Project(middleware=calls))
    details = await open_details(world, BUSY_LAML)

    assert len(calls.requests) == 1
    assert HEADING not in headings(details)


async def test_slow_compatibility_api_does_not_delay_the_other_sections(
    open_world: OpenWorld,
) -> None:
    calls = Interceptor(CALLS_ONLY).hold()
    world = await open_world(Project(middleware=calls), partial_after=0.01)
    await world.slack.click(await world.ask(BUSY_LAML), actions.DETAILS)
    early = await world.slack.wait_for_modal(until=lambda view: "Busy" in rendered(view))
    assert HEADING not in headings(early)
    calls.release()
    await world.idle()

    assert BUSY_HERE in section_of(modal_of(world), HEADING)
