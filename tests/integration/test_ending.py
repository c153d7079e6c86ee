"""How a leg ended, and calls that only the Compatibility API has yet."""

from datetime import timedelta
from typing import Final

from bot.dev.emulator.signalwire.catalog import WRITTEN_AFTER
from bot.dev.emulator.signalwire.compatibility import CALLS
from bot.dev.emulator.signalwire.fixtures import Body, Event, LogFixture, call
from bot.ui import actions, notices
from bot.ui.details.ending import HEADING
from bot.ui.details.view import BACK
from bot.ui.voice_log_card import NO_VOICE_LOG
from tests.integration.harness import OpenWorld, Project, World
from tests.support import texts
from tests.support.reading import (
    button_labels,
    headings,
    is_loaded,
    only,
    rendered,
    row_ids,
    section_of,
)
from tests.support.samples import BUSY_LAML, CALL_FAILS, CHILD, DELAYED, DOCUMENTED, NOW

BUSY_HERE = "486 Busy Here"
NO_END: Final[Body] = {"status": "in-progress", "charge": 0, "billing_ms": None}


def paths(world: World) -> list[str]:
    """Return what was requested from SignalWire, with `call` for a Compatibility call."""
    compatibility = f"/{'/'.join(CALLS)}"
    return ["call" if path.startswith(compatibility) else path for path in world.paths]


def live_laml_call(number: int, *, written_after: float) -> LogFixture:
    """Make a LaML call that ends a minute after it was first looked up."""
    id_ = f"1a310000-0000-4000-8000-0000000001{number:02}"

    def at(seconds: float) -> LogFixture:
        body = call(id_, NOW, type="laml_call")
        return LogFixture(body if seconds >= 60 else {**body, **NO_END})

    return LogFixture(at(0).body, timeline=at, written_after=written_after)


async def test_call_without_a_log_is_shown(world: World) -> None:
    message = await world.ask(DELAYED)

    assert message.text.startswith("Busy")
    assert NO_VOICE_LOG in message.text
    assert BUSY_HERE in message.text
    assert button_labels(message) == texts.CARD_LABELS
    assert paths(world) == [f"/{DELAYED}", "call"]
    (line,) = world.log.lines("lookup.done")
    assert (line["outcome"], line["id"]) == ("compatibility", DELAYED)


async def test_several_ids_may_have_one_without_a_log(world: World) -> None:
    message = await world.ask(f"{DELAYED} {CHILD}")

    assert row_ids(message) == [DELAYED, CHILD]
    opened = only(await world.click(message, actions.CARD, value=DELAYED))
    assert NO_VOICE_LOG in opened.text


async def test_modals_of_a_call_without_a_log(world: World) -> None:
    message = await world.ask(DELAYED)
    world.signalwire.requests.clear()
    await world.click(message)
    details = world.modal()

    assert paths(world) == [f"/{DELAYED}", "call", ""], "no events"
    assert NO_VOICE_LOG in rendered(details)
    assert BUSY_HERE in section_of(details, HEADING)
    raw = await world.click_in_modal(details, actions.RAW)
    assert NO_VOICE_LOG in rendered(raw)
    assert f'"sid": "{DELAYED}"' in rendered(raw)
    assert BACK in button_labels(raw)
    legs = await world.open_legs(message, DELAYED)
    assert NO_VOICE_LOG in rendered(legs)
    assert "Busy" in rendered(legs)
    assert world.log.problems("warning", "error") == []


async def test_shared_card_says_that_there_is_no_log_yet(world: World) -> None:
    message = await world.shared_card(DELAYED)

    assert NO_VOICE_LOG in message.text
    assert "+1 ••••••••00" in message.text
    assert "555" not in message.text


async def test_refresh_shows_the_log_once_it_is_written(world: World) -> None:
    interaction, before = await world.card(DELAYED)
    await world.click(before, actions.REFRESH)
    assert NO_VOICE_LOG in only(interaction).text
    world.clock.advance(WRITTEN_AFTER)
    await world.click(only(interaction), actions.REFRESH)

    assert NO_VOICE_LOG not in only(interaction).text
    assert f"Voice log ID: {DELAYED}" in only(interaction).text
    assert [line["outcome"] for line in world.log.lines("refresh.done")] == [
        *("compatibility", "found")
    ]


async def test_follow_continues_with_the_log_once_it_is_written(open_world: OpenWorld) -> None:
    leg = live_laml_call(1, written_after=20)
    world = await open_world(Project(entries=[leg]))
    _, before = await world.card(leg.id)
    clicked = await world.click(before, actions.FOLLOW)

    has_note = [NO_VOICE_LOG in message.text for message in clicked.accepted]
    assert has_note == [True, False, False, False], "started, log written, call over, new message"
    assert notices.FOLLOWING_ENDED in clicked.messages[0].text
    (ended,) = world.log.lines("follow.ended")
    assert ended["outcome"] == "over"


async def test_follow_ends_with_a_call_whose_log_is_never_written(open_world: OpenWorld) -> None:
    leg = live_laml_call(2, written_after=timedelta(days=1).total_seconds())
    world = await open_world(Project(entries=[leg]))
    _, before = await world.card(leg.id)
    clicked = await world.click(before, actions.FOLLOW)

    followed, _ = clicked.messages
    assert NO_VOICE_LOG in followed.text
    assert followed.text.startswith("Completed")
    assert notices.FOLLOWING_ENDED in followed.text


async def test_details_of_a_busy_laml_call_say_that_it_was_busy(world: World) -> None:
    message = await world.ask(BUSY_LAML)
    world.signalwire.requests.clear()
    await world.click(message)
    details = world.modal()

    assert BUSY_HERE in section_of(details, HEADING)
    assert sorted(paths(world)) == sorted(["", f"/{BUSY_LAML}", f"/{BUSY_LAML}/events", "call"])
    assert headings(details)[1] == HEADING
    world.signalwire.requests.clear()
    await world.click_in_modal(details, actions.RAW)
    assert "call" not in paths(world), "it is not in the JSON"


async def test_masked_details_look_at_all_pages_of_the_timeline(open_world: OpenWorld) -> None:
    events = tuple(Event(NOW + timedelta(seconds=n), "step") for n in range(90))
    answered_ms = int((NOW + timedelta(seconds=100)).timestamp()) * 1000
    end_details: Body = {"sip_code": 486, "answer_time": answered_ms}
    last = Event(NOW + timedelta(minutes=2), "calling_call_ended", "info", end_details)
    leg = LogFixture(call(DOCUMENTED, NOW), events=(last, *events))
    world = await open_world(Project(entries=[leg]), environment={"MASK_NUMBERS": "always"})
    first = await world.open_details(DOCUMENTED)

    assert BUSY_HERE in section_of(first, HEADING)
    assert "Talked 20 s" in rendered(first)
    assert HEADING not in headings(await world.click_in_modal(first, actions.PAGE))


async def test_details_of_other_calls_ask_for_no_compatibility_call(open_world: OpenWorld) -> None:
    leg = live_laml_call(3, written_after=0)
    world = await open_world(Project("live", entries=[leg]), Project("all"))
    for log_id in (leg.id, DOCUMENTED):
        details = await world.open_details(log_id)
        assert HEADING not in headings(details)

    assert "call" not in paths(world)


async def test_failed_compatibility_call_is_one_short_line(world: World) -> None:
    details = await world.open_details(CALL_FAILS)

    assert len(section_of(details, HEADING).replace("┃", "").split("\n\n")) <= 2
    assert "Compatibility API" in section_of(details, HEADING)
    assert "doesn't say why" not in rendered(details)
    assert headings(details)[2:4] == [texts.LEGS, "Timeline"]
    assert is_loaded(details)


async def test_call_that_the_compatibility_api_does_not_have(world: World) -> None:
    world.calls.fail(404, body='{"code":"20404","status":404}')
    details = await world.open_details(BUSY_LAML)

    assert len(world.calls.requests) == 1
    assert HEADING not in headings(details)


async def test_slow_compatibility_api_does_not_delay_the_other_sections(
    open_world: OpenWorld,
) -> None:
    world = await open_world(partial_after=0.01)
    world.calls.hold()
    await world.slack.click(await world.ask(BUSY_LAML), actions.DETAILS)
    early = await world.slack.wait_for_modal(until=lambda view: "Busy" in rendered(view))
    assert HEADING not in headings(early)
    world.calls.release()
    await world.idle()

    assert BUSY_HERE in section_of(world.modal(), HEADING)
