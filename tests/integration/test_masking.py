"""MASK_NUMBERS: who sees full phone numbers, and who only the country and the last two digits."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.dev.emulator.signalwire.catalog import delayed_log
from bot.signalwire.models import Timeline
from bot.ui import actions
from bot.voicelogs import masking
from bot.voicelogs.results import Details
from tests.integration.harness import OpenWorld, Project, everything_shown
from tests.integration.private_data import NUMBERS
from tests.integration.sample_logs import MASKED_WANTED, WANTED_AS_TYPED, sample_logs
from tests.support.reading import MASKED, only, rendered, row_ids, section_of, to_json, value_with
from tests.support.samples import (
    CHILD,
    DELAYED,
    DOCUMENTED,
    LIVE,
    LONG_TIMELINE,
    MASKED_CALLER,
    NOW,
    OTHER_ADDRESS,
    SIP_ADDRESS,
    WHATSAPP_ADDRESS,
)

ADDRESSES = (SIP_ADDRESS, WHATSAPP_ADDRESS, OTHER_ADDRESS)
ALWAYS = {"MASK_NUMBERS": "always"}
_NUMBER = re.compile(r"206\D{0,3}555\D{0,3}\d{3,4}")


def assert_masked(*shown: str) -> None:
    for text in shown:
        assert [number for number in NUMBERS if number in text] == [], text
        assert not _NUMBER.search(text), text


async def test_cards_and_rows_are_masked(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    cards = [await world.ask(log_id) for log_id in (DOCUMENTED, CHILD, LIVE, *ADDRESSES)]
    rows = await world.ask(" ".join([DOCUMENTED, CHILD, *ADDRESSES]))
    shortcut = await world.reply_to(f"{DOCUMENTED} {CHILD}")
    opened = await world.click(rows, actions.CARD, value=value_with(rows, DOCUMENTED))

    assert_masked(*(to_json(message) for message in (*cards, rows, shortcut, only(opened))))
    assert MASKED_CALLER in cards[0].text
    assert MASKED_CALLER in only(opened).text
    assert "sip:+1 ••••••••10@sip.signalwire.com" in cards[3].text
    assert "WhatsApp +1 ••••••••47" in rows.text


@pytest.mark.parametrize(
    ("action", "log_id"),
    [(actions.REFRESH, DOCUMENTED), (actions.FOLLOW, LIVE), (actions.SHARE, CHILD)],
)
async def test_updated_cards_are_masked(open_world: OpenWorld, action: str, log_id: str) -> None:
    world = await open_world(environment=ALWAYS)
    _, message = await world.card(log_id)
    posts = [post.body for post in (await world.click(message, action)).posts]

    assert posts
    assert_masked(*posts)
    assert all(MASKED in json.dumps(json.loads(post), ensure_ascii=False) for post in posts)


async def test_every_page_of_the_details_is_masked(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    first = await world.open_details(LONG_TIMELINE)
    second = await world.click_in_modal(first, actions.PAGE)
    back = await world.click_in_modal(second, actions.PAGE_BACK)
    raw = await world.click_in_modal(back, actions.RAW)
    more = await world.click_in_modal(raw, actions.RAW)

    assert_masked(*(to_json(view) for view in (first, second, raw, more)))
    assert "+1 ••••••••00" in rendered(first)
    assert '{"caller": "+1 ••••••••12"' in section_of(first, "Timeline")
    assert '"from": "+1 ••••••••00"' in rendered(raw)
    assert LONG_TIMELINE in rendered(raw)
    assert "2026-11-02T11:30:00.000Z" in rendered(raw)


async def test_partial_details_and_legs_are_masked(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS, partial_after=0.0)
    await world.open_details(CHILD)
    legs = await world.open_legs(await world.ask(CHILD), CHILD)

    assert_masked(*everything_shown(world))
    assert "+1 ••••••••00 → +1 ••••••••02" in rendered(legs)


async def test_numbers_anywhere_in_a_call_without_a_log_are_masked(open_world: OpenWorld) -> None:
    unwritten = replace(
        delayed_log(NOW),
        call={
            "from": "+12065550120",
            "formatted_from": "(206) 555-0120",
            "formatted_to": "10025",
            "forwarded_from": 12065550122,
            "caller_name": "Front desk 206-555-0123",
            "answered_by": "+12065550124",
            "sip_result_code": "12065550125",
            "annotation": "call 206.555.0126 back",
        },
    )
    world = await open_world(Project(entries=[unwritten]), environment=ALWAYS)
    message = await world.ask(DELAYED)
    view = await world.open_details(DELAYED)
    raw = await world.click_in_modal(view, actions.RAW)
    legs = await world.open_legs(message, DELAYED)

    assert_masked(*(to_json(shown) for shown in (message, view, raw, legs)))
    assert "10025" not in to_json(raw)
    assert '"date_created": "Mon, 02 Nov 2026 15:29:20 +0000"' in rendered(raw)


async def test_search_results_are_masked(open_world: OpenWorld) -> None:
    logs = sample_logs(50, wanted=range(45))
    world = await open_world(Project(entries=logs), environment=ALWAYS)
    message = await world.ask(f"find {WANTED_AS_TYPED}")
    older = await world.search_older(message)
    in_modal = await world.submit(await world.open_form(), {"number": WANTED_AS_TYPED})

    for shown in (message, older, in_modal):
        assert len(row_ids(shown)) == 20
        assert MASKED_WANTED in rendered(shown)
        assert "555" not in rendered(shown)
        assert_masked(to_json(shown))


async def test_only_the_events_shown_are_masked(
    open_world: OpenWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Masking all of a long timeline and its JSON would take seven times as long."""
    masked: list[Timeline] = []

    def mask_details(details: Details) -> Details:
        if isinstance(details.timeline, Timeline):
            masked.append(details.timeline)
        return masking.mask_details(details)

    monkeypatch.setattr("bot.services.details.masking", SimpleNamespace(mask_details=mask_details))
    world = await open_world(environment=ALWAYS)
    view = await world.open_details(LONG_TIMELINE)

    assert "120" in section_of(view, "Timeline")
    assert masked
    for timeline in masked:
        assert timeline.json is None
        assert 0 < sum(bool(event.details) for event in timeline.events) <= 40
