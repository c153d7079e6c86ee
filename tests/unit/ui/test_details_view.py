import json

import pytest

from bot.ui import actions
from bot.ui.block_elements import button
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
from bot.voicelogs import masking
from tests.support.cards import card_context
from tests.unit.ui.details_examples import A, after, details, event, found, rendered, timeline

RANG = timeline(
    event(0.1, "calling_call_ringing"),
    event(3.3, "calling_call_answered"),
    event(192.48, "calling_call_ended"),
)


def test_the_first_page_ends_with_raw_json_text_to_copy_and_share() -> None:
    foot = details_view.view(details(), card_context())["blocks"][-1]
    log_id = found().log_id
    assert foot == {
        "type": "actions",
        "elements": [
            button(actions.RAW, "Raw JSON", str(log_id)),
            button(actions.COPY, "Copy as text", str(log_id)),
            actions.open_share_form(log_id),
        ],
    }


def test_the_call_times_include_events_that_are_not_on_the_page() -> None:
    steps = [event(5 + n / 10, "step") for n in range(100)]
    many = timeline(*RANG.events[:2], *steps, RANG.events[2])
    reduced = details_view.reduce_to_page(details(events=many), 1)
    for given in (details(events=many), masking.mask_details(reduced)):
        view = details_view.view(given, card_context())
        assert "Rang 3.2 s · talked 3 min 09 s" in rendered(view)


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(1, id="the bot's clock is behind"),
        pytest.param(5 * 3600, id="the log should have ended hours ago"),
    ],
)
def test_how_long_a_live_leg_talks_is_not_said_if_it_is_unknown(seconds: float) -> None:
    text = f'{{"id":"{A}","status":"in-progress","created_at":"2026-11-20T15:04:09.640Z"}}'
    events = timeline(event(0.1, "ringing"), event(3.3, "answered"))
    view = details_view.view(details(text, events), CardContext("k7m2", after(seconds)))
    assert "┃ Rang 3.2 s\n" in rendered(view)


def test_a_modal_stays_within_slacks_size_limit() -> None:
    wide = "\U0001f4de" * 300
    record = {"id": A, "charge_details": [{"description": wide, "charge": 1}] * 100}
    events = timeline(*(event(n, wide, details=wide) for n in range(40)))
    view = details_view.view(details(json.dumps(record), events), card_context())
    assert "See Raw JSON." in rendered(view)
    assert len(json.dumps(view)) < 200_000
    assert len(view["blocks"]) < 70
    assert view["blocks"][-1]["type"] == "actions"
