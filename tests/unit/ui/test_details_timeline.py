from decimal import Decimal

import pytest

from bot.signalwire.models import LogEvent, Timeline
from bot.ui import actions
from bot.ui.block_kit import View
from bot.ui.details import view as details_view
from bot.voicelogs.results import Details, PartError
from tests.support.as_sent import sent_blocks
from tests.support.cards import card_context
from tests.support.reading import buttons
from tests.unit.ui.details_examples import COMPLETED, details, event, rendered, timeline

MANY = timeline(*(event(n * 1.5, f"step_{n + 1}") for n in range(120)))


def page(given: Details, number: int) -> View:
    return details_view.view(given, card_context(), number)


def lines(*events: LogEvent) -> list[str]:
    """Return the timeline of page 1 without its headings."""
    shown = rendered(page(details(COMPLETED, timeline(*events)), 1))
    body = shown.partition("┃ Timeline\n┃\n")[2].partition("\n┃\n┃ Charge breakdown")[0]
    return [line.removeprefix("┃").removeprefix(" ") for line in body.splitlines()][2:]


def page_buttons(view: View) -> list[tuple[str, str]]:
    pages = {actions.PAGE, actions.PAGE_BACK, actions.ERRORS, actions.ERRORS_BACK}
    pressed = buttons(sent_blocks(view))
    return [(each.action_id, each.value) for each in pressed if each.action_id in pages]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("calling_call_initiated", "Call initiated"),
        ("calling.call.answered", "Call answered"),
        ("CALLING_call_ended", "Call ended"),
        ("calling", "Calling"),
        ("media-degraded", "Media degraded"),
        ("recording/started", "Recording started"),
        ("already readable", "Already readable"),
        ("_", "(blank)"),
        ("*bold* <!here> `x` & ~y~", "Bold here x y"),
        ("évènement", "Évènement"),
    ],
)
def test_event_names_are_made_readable(name: str, shown: str) -> None:
    assert lines(event(0, name)) == [f"+0:00.000 {shown}"]


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


BACK_TO_DETAILS = (actions.PAGE, "1")


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (40, [[]]),
        (41, [[(actions.PAGE, "2")], [(actions.PAGE_BACK, "1"), BACK_TO_DETAILS]]),
        (
            120,
            [
                [(actions.PAGE, "2")],
                [(actions.PAGE_BACK, "1"), (actions.PAGE, "3"), BACK_TO_DETAILS],
                [(actions.PAGE_BACK, "2"), BACK_TO_DETAILS],
            ],
        ),
    ],
)
def test_pages_of_forty_events_have_buttons_to_their_neighbors(
    count: int, expected: list[list[tuple[str, str]]]
) -> None:
    given = details(events=timeline(*MANY.events[:count]))
    assert [page_buttons(page(given, n + 1)) for n in range(len(expected))] == expected


def test_a_page_that_does_not_exist_shows_the_nearest_page() -> None:
    given = details(events=MANY)
    assert page(given, 99) == page(given, 3)
    assert page(given, 0) == page(given, -7) == page(given, 1)


@pytest.mark.parametrize("events", [None, "internal_error", timeline(), timeline(*MANY.events[:3])])
def test_page_2_of_a_single_page_has_no_legs(events: Timeline | PartError | None) -> None:
    """Legs are looked up for page 1 only; on page 2 they would never load."""
    view = page(details(events=events), 2)
    assert "Legs of the call" not in rendered(view)
    assert page_buttons(view) == [BACK_TO_DETAILS]


# ── Errors and warnings ───────────────────────────────────────────────────────────────────────


def leveled(*levels: str) -> Timeline:
    return timeline(*(event(n, f"step_{n}", level) for n, level in enumerate(levels)))


def errors_page(given: Timeline, number: int = 1) -> View:
    return details_view.errors_view(details(events=given), card_context(), number)


def labels(view: View) -> list[str]:
    return [each.label for each in buttons(sent_blocks(view))]


@pytest.mark.parametrize(
    ("levels", "label"),
    [
        (["info"] * 9 + ["error", "warn"], "Errors and warnings only"),
        (["info"] * 10 + ["error"], "Errors only"),
        (["info"] * 10 + ["warning"], "Warnings only"),
        (["debug"] * 10 + [" ERROR "], "Errors only"),
        (["info"] * 11, None),
        (["error"] * 6 + ["warn"] * 5, None),
        (["info"] * 9 + ["error"], None),
        (["info"] * 10 + ["critical"], None),
    ],
    ids=["both", "errors", "warnings", "in capitals", "none", "all", "few events", "unknown"],
)
def test_the_button_is_named_for_what_it_shows(levels: list[str], label: str | None) -> None:
    shown = labels(page(details(events=leveled(*levels)), 1))
    assert [each for each in shown if each.endswith(" only")] == ([label] if label else [])


@pytest.mark.parametrize(
    ("levels", "summary"),
    [
        (["info", "error"], "2 events · 1 error"),
        (["warn"], "1 event · 1 warning"),
        (["error", "warn", "error", "warning", "debug"], "5 events · 2 errors · 2 warnings"),
        (["info", "critical"], "2 events"),
        (["info"] * 40 + ["warn"], "Events 1\u201340 of 41 · 1 warning"),
    ],
)
def test_errors_and_warnings_are_counted(levels: list[str], summary: str) -> None:
    assert f"┃ {summary} · +0:00.000 is" in rendered(page(details(events=leveled(*levels)), 1))


def test_errors_alone_have_pages_of_their_own() -> None:
    given = leveled(*["info", "error"] * 41)
    first, last = errors_page(given), errors_page(given, 2)

    assert page_buttons(first) == [(actions.ERRORS, "2"), BACK_TO_DETAILS]
    assert page_buttons(last) == [(actions.ERRORS_BACK, "1"), BACK_TO_DETAILS]
    assert errors_page(given, 99) == last
    assert errors_page(given, 0) == first


def test_events_that_are_not_shown_are_reduced_to_their_level() -> None:
    given = details_view.reduce_to_page(
        details(events=leveled("info", "error", "WARN", "odd")), 1, errors_only=True
    )
    assert isinstance(given.timeline, Timeline)
    assert [(each.name, each.level) for each in given.timeline.events] == [
        *((None, None), ("step_1", "error"), ("step_2", "WARN"), (None, None))
    ]
    paged = details_view.reduce_to_page(details(events=leveled(*["Error"] * 41)), 2)
    assert isinstance(paged.timeline, Timeline)
    first, *others = paged.timeline.events[:40]
    assert [(each.name, each.level) for each in (first, *others)] == [(None, "error")] * 40
    assert first.event_at is not None
    assert len(set(map(id, others))) == 1, "so that a hundred thousand take little memory"
