# ruff: noqa: RUF001 - an en dash stands between two numbers
from datetime import UTC, datetime

import pytest
from inline_snapshot import snapshot

from bot.signalwire.models import LogEvent, Timeline
from bot.ui import actions
from bot.ui.block_kit import SECTION_LIMIT, Button, View
from bot.ui.details import view as details_view
from bot.voicelogs.results import Details, PartError
from tests.support.cards import card_context
from tests.unit.ui.details_examples import COMPLETED, details, drawn, event, refused, timeline

LIVE = COMPLETED.replace('"completed"', '"in-progress"')
MANY = timeline(*(event(n * 1.5, f"step_{n + 1}") for n in range(120)))


def page(given: Details, number: int) -> View:
    return details_view.view(given, card_context(), page=number, metadata="")


def lines(*events: LogEvent, text: str = COMPLETED) -> list[str]:
    """The timeline of a first page, without its heading."""
    shown = drawn(page(details(text, timeline(*events)), 1))
    body = shown.partition("┃ Timeline\n┃\n")[2].partition("\n┃\n┃ Legs of the call")[0]
    return [line.removeprefix("┃").removeprefix(" ") for line in body.splitlines()]


def turns(view: View) -> list[tuple[str, str | None]]:
    pressed: list[Button] = []
    for block in view["blocks"]:
        if block["type"] == "actions":
            pressed += [each for each in block["elements"] if each["type"] == "button"]
    pages = {actions.PAGE, actions.PAGE_BACK}
    return [
        (each["action_id"], each.get("value")) for each in pressed if each["action_id"] in pages
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("calling_call_initiated", "Call initiated"),
        ("calling.call.answered", "Call answered"),
        ("CALLING_call_ended", "Call ended"),
        ("calling", "Calling"),
        ("media-degraded", "Media degraded"),
        ("recording/started", "Recording started"),
        ("already said", "Already said"),
        ("_", "(blank)"),
        ("*bold* <!here> `x` & ~y~", "Bold here x y"),
        ("évènement", "Évènement"),
    ],
)
def test_names_are_made_readable_whether_known_or_not(name: str, said: str) -> None:
    assert lines(event(0, name))[2:] == [f"+0:00.000 {said}"]


@pytest.mark.parametrize(
    ("level", "marked"),
    [
        ("info", ""),
        ("debug", "debug: "),
        ("warn", "⚠️ warning: "),
        ("warning", "⚠️ warning: "),
        ("WARN", "⚠️ warning: "),
        ("error", "⛔ error: "),
        ("critical", "critical: "),
    ],
)
def test_a_level_worth_noticing_is_marked_with_a_word(level: str, marked: str) -> None:
    assert lines(event(0, "x", level))[2:] == [f"+0:00.000 {marked}X"]


def test_offsets_count_from_the_first_event_that_has_a_time() -> None:
    assert lines(
        event(None, "early"),
        event(1, "a"),
        event(3.1, "b"),
        event(62, "c"),
        event(3601 + 59.999, "d"),
        event(36_000, "e"),
        event(0.5, "out of order"),
        LogEvent(),
    ) == snapshot(
        [
            "8 events · +0:00.000 is 2026-11-20 15:04:10 UTC",
            "",
            "no time Early",
            "+0:00.000 A",
            "+0:02.100 B",
            "+1:01.000 C",
            "+1:00:59.999 D",
            "+9:59:59.000 E",
            "-0:00.500 Out of order",
            "no time Unnamed event",
        ]
    )


def test_without_any_time_none_is_made_up() -> None:
    assert lines(event(None, "a"), event(None, "b")) == snapshot(
        ["2 events · without times", "", "no time A", "no time B"]
    )


def test_details_stand_beside_their_event_or_under_it() -> None:
    shown = lines(
        event(0, "short", a=1),
        event(1, "long", reason="x" * 40, nested={"list": [1, None, True]}),
        event(2, "very long", reason="y" * 400),
    )
    assert shown[2] == '+0:00.000 Short {"a": 1}'
    assert shown[3] == "+0:01.000 Long"
    assert shown[4] == '{"reason": "' + "x" * 40 + '", "nested": {"list": [1, null, true]}}'
    assert shown[5] == "+0:02.000 Very long"
    assert len(shown[6]) == 150
    assert shown[6].endswith("…")


def test_no_events_means_something_else_while_the_leg_is_live() -> None:
    assert lines(text=LIVE) == ["No events yet."]
    assert lines() == ["SignalWire has no events for this log."]


def test_the_first_page_of_a_long_timeline() -> None:
    view = page(details(events=MANY), 1)
    shown = drawn(view)
    assert "┃ Events 1–40 of 120 · +0:00.000 is 2026-11-20 15:04:09 UTC" in shown
    assert "+0:58.500 Step 40" in shown
    assert "Step 41" not in shown
    assert "┃ [ Later ▶ ]\n┃\n┃ Legs of the call" in shown
    assert turns(view) == [(actions.PAGE, "2")]


def test_a_page_amid_a_long_timeline_holds_nothing_else() -> None:
    view = page(details(events=MANY), 2)
    shown = drawn(view).splitlines()
    assert shown[:7] == snapshot(
        [
            "┃ ✅ Completed · 3 min 12 s",
            "┃",
            "┃ Timeline",
            "┃",
            "┃ Events 41–80 of 120 · +0:00.000 is 2026-11-20 15:04:09 UTC",
            "┃",
            "┃ +1:00.000 Step 41",
        ]
    )
    assert shown[-3:] == snapshot(
        ["┃ [ ◀ Earlier ]  [ Later ▶ ]", "┃", "┃ [ Back to the details ]"]
    )
    assert turns(view) == [(actions.PAGE_BACK, "1"), (actions.PAGE, "3"), TO_THE_DETAILS]


TO_THE_DETAILS = (actions.PAGE, "1")


def test_the_last_page_of_a_long_timeline() -> None:
    view = page(details(events=MANY), 3)
    shown = drawn(view).splitlines()
    assert shown[4] == "┃ Events 81–120 of 120 · +0:00.000 is 2026-11-20 15:04:09 UTC"
    assert shown[-5:-2] == ["┃ +2:58.500 Step 120", "┃", "┃ [ ◀ Earlier ]"]
    assert shown[-1] == "┃ [ Back to the details ]"
    assert turns(view) == [(actions.PAGE_BACK, "2"), TO_THE_DETAILS]


def test_a_last_page_of_one_event() -> None:
    given = details(events=timeline(*MANY.events[:41]))
    assert "Event 41 of 41 " in drawn(page(given, 2))


def test_a_page_that_isnt_there_is_taken_for_the_nearest() -> None:
    given = details(events=MANY)
    assert page(given, 99) == page(given, 3)
    assert page(given, 0) == page(given, -7) == page(given, 1)


@pytest.mark.parametrize("events", [None, "broken", timeline(), timeline(*MANY.events[:3])])
def test_a_further_page_of_what_has_one_only_says_so_without_the_legs(
    events: Timeline | PartError | None,
) -> None:
    """For a further page nobody looks for legs: they would be "Loading…" for ever."""
    view = page(details(events=events), 2)
    assert "Legs of the call" not in drawn(view)
    assert turns(view) == [TO_THE_DETAILS]


def test_forty_events_fill_one_page() -> None:
    assert turns(page(details(events=timeline(*MANY.events[:40])), 1)) == []
    assert turns(page(details(events=timeline(*MANY.events[:41])), 1)) != []


def test_events_with_much_to_say_take_several_blocks() -> None:
    full = timeline(*(event(n, "x" * 99, reason="y" * 400) for n in range(40)))
    view = page(details(events=full), 1)
    assert refused(view) == []
    texts = [
        block["text"]["text"]
        for block in view["blocks"]
        if block["type"] == "section" and "text" in block
    ]
    assert sum(text.count("`+0:") for text in texts) == 40
    assert max(map(len, texts)) <= SECTION_LIMIT


def test_times_in_other_zones_are_the_same_times() -> None:
    summer = datetime.fromisoformat("2026-11-20T17:04:10.640+02:00")
    shown = lines(event(0, "a"), LogEvent(event_at=summer.astimezone(UTC), name="b"))
    assert shown[-1] == "+0:01.000 B"
