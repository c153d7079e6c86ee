import json

from bot.signalwire.errors import (
    UnavailableError,
)
from bot.ui import actions
from bot.ui.details import view as details_view
from tests.support.cards import card_context
from tests.unit.ui.details_examples import (
    EVENTS,
    LEGS,
    METADATA,
    A,
    call_legs,
    details,
    event,
    found,
    page_1,
    part,
    searched,
    timeline,
)


def test_a_failed_part_leaves_the_others_unchanged() -> None:
    view = page_1(events=UnavailableError("500", 3), legs=call_legs(LEGS, window=searched()))
    whole = page_1(legs=call_legs(LEGS, window=searched()))
    for heading in ("Legs of the call", "Charge", "All fields of the record"):
        assert part(view, heading) == part(whole, heading)


def test_the_first_page_ends_with_the_raw_json_button() -> None:
    foot = page_1()["blocks"][-1]
    assert foot == {"type": "actions", "elements": [actions.raw_json(found().log_id)]}


def test_private_metadata_is_passed_on() -> None:
    given = details(events=EVENTS)
    for view in (
        page_1(),
        details_view.legs_view(given, card_context(), metadata=METADATA),
        details_view.raw_view(given, page=1, metadata=METADATA),
    ):
        assert view["private_metadata"] == METADATA


def test_a_modal_stays_within_slacks_size_limit() -> None:
    wide = "\U0001f4de" * 300
    record = {"id": A} | {f"{n}{wide}": wide for n in range(60)}
    events = timeline(*(event(n, wide, details=wide) for n in range(40)))
    view = page_1(json.dumps(record), events)
    assert len(json.dumps(view)) < 200_000
    assert len(view["blocks"]) < 70
    assert view["blocks"][-1]["type"] == "actions"
