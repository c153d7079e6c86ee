from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.signalwire.models import LogEvent, Timeline
from bot.ui import actions
from bot.ui.block_kit import SECTION_LIMIT, Button, View
from bot.ui.details import view as details_view
from bot.voicelogs.results import Details, PartError
from tests.support.cards import card_context
from tests.unit.ui.details_examples import COMPLETED, details, drawn, event, refused, timeline

MANY = timeline(*(event(n * 1.5, f"step_{n + 1}") for n in range(120)))


def page(given: Details, number: int) -> View:
    return details_view.view(given, card_context(), page=number, metadata="")


def lines(*events: LogEvent) -> list[str]:
    """Return the timeline of page 1 without its headings."""
    shown = drawn(page(details(COMPLETED, timeline(*events)), 1))
    body = shown.partition("┃ Timeline\n┃\n")[2].partition("\n┃\n┃ Legs of the call")[0]
    return [line.removeprefix("┃").removeprefix(" ") for line in body.splitlines()][2:]


def page_buttons(view: View) -> list[tuple[str, str | None]]:
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
def test_event_names_are_made_readable(name: str, said: str) -> None:
    assert lines(event(0, name)) == [f"+0:00.000 {said}"]


@pytest.mark.parametrize(
    ("level", "marked"),
    [
        ("info", ""),
        ("debug", "debug: "),
        ("warn", "⚠️ warning: "),
        ("warning", "⚠️ warning: "),
        ("WARN", "⚠️ warning: "),
        ("error", "❌ error: "),
        ("critical", "critical: "),
    ],
)
def test_levels_other_than_info_are_named(level: str, marked: str) -> None:
    assert lines(event(0, "x", level)) == [f"+0:00.000 {marked}X"]


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
    ) == [
        "no time Early",
        "+0:00.000 A",
        "+0:02.100 B",
        "+1:01.000 C",
        "+1:00:59.999 D",
        "+9:59:59.000 E",
        "-0:00.500 Out of order",
        "no time Unnamed event",
    ]


def test_details_are_beside_their_event_or_below_it() -> None:
    shown = lines(
        event(0, "short", a=Decimal(1)),
        event(1, "long", reason="x" * 40, nested={"list": [Decimal(1), None, True]}),
        event(2, "very long", reason="y" * 400),
    )
    assert shown[0] == '+0:00.000 Short {"a": 1}'
    assert shown[1] == "+0:01.000 Long"
    assert shown[2] == '{"reason": "' + "x" * 40 + '", "nested": {"list": [1, null, true]}}'
    assert shown[3] == "+0:02.000 Very long"
    assert len(shown[4]) == 150
    assert shown[4].endswith("…")


TO_THE_DETAILS = (actions.PAGE, "1")


def test_pages_have_buttons_to_their_neighbors() -> None:
    given = details(events=MANY)
    assert [page_buttons(page(given, number)) for number in (1, 2, 3)] == [
        [(actions.PAGE, "2")],
        [(actions.PAGE_BACK, "1"), (actions.PAGE, "3"), TO_THE_DETAILS],
        [(actions.PAGE_BACK, "2"), TO_THE_DETAILS],
    ]


def test_a_page_that_does_not_exist_is_the_nearest() -> None:
    given = details(events=MANY)
    assert page(given, 99) == page(given, 3)
    assert page(given, 0) == page(given, -7) == page(given, 1)


@pytest.mark.parametrize("events", [None, "broken", timeline(), timeline(*MANY.events[:3])])
def test_page_2_of_a_single_page_has_no_legs(
    events: Timeline | PartError | None,
) -> None:
    """Legs are looked up for page 1 only: here they would be "Loading…" forever."""
    view = page(details(events=events), 2)
    assert "Legs of the call" not in drawn(view)
    assert page_buttons(view) == [TO_THE_DETAILS]


def test_forty_events_fill_one_page() -> None:
    assert page_buttons(page(details(events=timeline(*MANY.events[:40])), 1)) == []
    assert page_buttons(page(details(events=timeline(*MANY.events[:41])), 1)) != []


def test_long_events_take_several_blocks() -> None:
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


def test_offsets_ignore_time_zones() -> None:
    summer = datetime.fromisoformat("2026-11-20T17:04:10.640+02:00")
    shown = lines(event(0, "a"), LogEvent(event_at=summer.astimezone(UTC), name="b"))
    assert shown[-1] == "+0:01.000 B"
