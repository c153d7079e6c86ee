# ruff: noqa: E501 - a golden window is as wide as the window
"""MASK_NUMBERS: who sees a phone number in full, and who its country and last two digits."""

import json
import re
import time
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import unquote

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.dev.emulator.signalwire.catalogue import LIVE, Event, LogFixture
from bot.dev.emulator.signalwire.fixtures import call
from bot.dev.emulator.slack.workspace import OpenView, PostedMessage, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, NOW, NUMBERS, OpenWorld, Space, World, only
from tests.integration.modal_helpers import (
    LIST,
    beneath,
    details_of,
    drawn,
    legs_pressed,
    pressed,
    shown,
    turned,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHILD = "fa000000-0000-4000-8000-000000000003"
CHATTY = "0dd00000-0000-4000-8000-000000000004"
ADDRESSES = [f"add00000-0000-4000-8000-{number:012d}" for number in (1, 2, 3)]
EVERYWHERE = "e0e00000-0000-4000-8000-000000000001"
ALWAYS = {"MASK_NUMBERS": "always"}
NEVER = {"MASK_NUMBERS": "never"}

_A_NUMBER = re.compile(r"206\D{0,3}555\D{0,3}\d{3,4}")


def everywhere() -> LogFixture:
    """A log with a number in every place that has room for one."""
    body = call(
        EVERYWHERE,
        NOW - timedelta(hours=1),
        from_="+1 (206) 555-0120",
        to=12065550121,
        url="https://acme.example/hook?From=%2B12065550122",
        charge_details=[{"description": "Call to 1-206-555-0123", "charge": 0.01}],
        parent_id="+12065550124",
        actor={
            "pstn": "12065550125",
            "notes": ["(206) 555-0126", "sip:+12065550127@acme.example"],
        },
    )
    details: dict[str, JsonValue] = {
        "caller": 12065550128,
        "uri": "sip:12065550129@acme.example",
        "+12065550130": {"to": "206.555.0131"},
        "webhook": "https://acme.example/hook?To=%2B12065550132&From=12065550133",
    }
    named = Event(NOW - timedelta(minutes=59), "calling_call_to_+12065550134", details=details)
    return LogFixture(EVERYWHERE, "a number everywhere", body, (named,))


def assert_masked(*texts: str) -> None:
    for text in texts:
        found = [number for number in NUMBERS if number.removeprefix("+") in text]
        assert not found, text
        assert not _A_NUMBER.search(text), text


def sent(message: PostedMessage | OpenView) -> str:
    """All of a message or a window, as it was sent."""
    return json.dumps(message.payload, ensure_ascii=False)


def messages(*exchanges: RecordedInteraction) -> Sequence[str]:
    return [post.body for exchange in exchanges for post in exchange.posts]


async def test_always_masks_cards_and_rows(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    cards = [await world.answer(log_id) for log_id in (DOCUMENTED, CHILD, LIVE, *ADDRESSES)]
    rows = await world.answer(" ".join([DOCUMENTED, CHILD, *ADDRESSES]))
    by_shortcut = only(await world.use_shortcut({"text": f"{DOCUMENTED} {CHILD}"}))

    assert_masked(*(sent(message) for message in (*cards, rows, by_shortcut)))
    assert "From: +1 ••••••••12" in cards[0].text
    assert "sip:+1 ••••••••10@sip.signalwire.com" in cards[3].text
    assert "whatsapp:+1 ••••••••47" in rows.text


async def test_always_masks_every_page_of_the_details(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    first = await details_of(world, CHATTY, "U0SUPPORT")
    second = await turned(world, first, actions.PAGE)
    raw = await turned(world, await turned(world, second, actions.PAGE_BACK), actions.RAW)
    more = await turned(world, raw, actions.RAW)

    assert_masked(*(sent(view) for view in (first, second, raw, more)))
    assert "+1 ••••••••00 → +1 ••••••••01" in drawn(first)
    assert '{"caller": "+1 ••••••••12"' in beneath(first, "Timeline")
    assert '"from": "+1 ••••••••00"' in drawn(raw)
    assert CHATTY in drawn(raw)
    assert "2026-11-02T11:30:00.000Z" in drawn(raw)


async def test_always_masks_what_comes_first_of_a_window_too(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS, partial_after=0.0)
    await details_of(world, CHILD, "U0SUPPORT")

    assert_masked(*(json.dumps(dict(one.view)) for one in world.slack.view_calls))


async def test_always_masks_the_legs_of_a_call(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    card = await world.answer(CHILD)
    await legs_pressed(world, card, CHILD)
    view = shown(world, "U0SUPPORT")

    assert_masked(sent(view))
    assert beneath(view, "Legs of the call") == snapshot("""\
┃     0:00                        1:35
┃   A ████████████████████████████████ 1:35
┃   B  ░░░░░░                          0:18
┃ > C        █████████████████████████ 1:13
┃
┃ A +1 ••••••••00 → +1 ••••••••01 · ✅ Completed · 1 min 35 s  [ Card ]
┃
┃ B +1 ••••••••00 → +1 ••••••••02 · 📵 No answer · 18 s · started 0:02 after A · parent A  [ Card ]
┃
┃ C +1 ••••••••00 → +1 ••••••••03 · ✅ Completed · 1 min 13 s · started 0:21 after A · parent A · this leg
┃
┃ Searched 2026-11-02 12:25:00 UTC to 2026-11-02 12:36:35 UTC.\
""")


async def test_always_masks_a_number_wherever_it_stands(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=[everywhere()]), environment=ALWAYS)
    card = await world.answer(EVERYWHERE)
    view = await details_of(world, EVERYWHERE, "U0SUPPORT")
    raw = await turned(world, view, actions.RAW)

    assert_masked(sent(card))
    assert_masked(beneath(view, "Timeline"))
    assert_masked(beneath(view, "Charge"))
    assert_masked(beneath(view, "Legs of the call"))
    assert_masked(sent(view))
    assert_masked(sent(raw))


async def test_a_masked_record_is_still_shown_field_by_field(open_world: OpenWorld) -> None:
    world = await open_world(Space(entries=[everywhere()]), environment=ALWAYS)
    view = await details_of(world, EVERYWHERE, "U0SUPPORT")
    fields = beneath(view, "All fields of the record")

    assert "couldn't be read" not in fields
    assert EVERYWHERE in fields
    assert "42310" in fields


async def test_what_is_masked_always_is_found_all_the_same(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    message = await world.answer("find +1 206 555 0103")

    assert CHILD in message.text
    assert_masked(sent(message))


async def test_a_card_for_one_person_shows_numbers_in_full_without_a_setting(world: World) -> None:
    card = await world.answer(CHILD, user_id="U0FULL")
    view = await details_of(world, CHILD, "U0FULL")

    assert "+1 206-555-0103" in card.text
    assert "+1 206-555-0103" in drawn(view)
    assert "•" not in card.text + drawn(view)


async def share(world: World, card: PostedMessage, user_id: str) -> PostedMessage:
    """Share a card; the message that everyone sees."""
    exchange = await pressed(world, card, actions.SHARE, user_id=user_id)
    (public,) = [one for one in exchange.accepted if one.response_type == "in_channel"]
    return public


async def test_a_shared_card_is_masked_without_a_setting_and_says_so_before(world: World) -> None:
    card = await world.answer(CHILD, user_id="U0SHARES")
    public = await share(world, card, "U0SHARES")

    assert "Phone numbers are masked" in sent(card)
    assert_masked(sent(public))
    assert "+1 ••••••••03" in public.text


async def test_never_shows_numbers_in_full_to_everyone_and_says_so_before(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment=NEVER)
    card = await world.answer(CHILD)
    public = await share(world, card, "U0SUPPORT")

    assert "Phone numbers are shown in full." in sent(card)
    assert "are masked" not in sent(card)
    assert "+1 206-555-0103" in public.text
    assert "•" not in public.text


async def test_always_masks_a_shared_card_and_what_is_left_of_ones_own(
    open_world: OpenWorld,
) -> None:
    world = await open_world(environment=ALWAYS)
    card = await world.answer(CHILD)
    exchange = await pressed(world, card, actions.SHARE)

    assert len(messages(exchange)) == 2
    assert_masked(*messages(exchange))


async def test_always_masks_a_card_that_is_refreshed(open_world: OpenWorld) -> None:
    world = await open_world(environment=ALWAYS)
    exchange = await pressed(world, await world.answer(CHILD), actions.REFRESH)

    assert "Updated" in exchange.accepted[0].text
    assert_masked(*messages(exchange))


# ── However it is written ─────────────────────────────────────────────────────────────────────

HOSTILE = "40511e00-0000-4000-8000-000000000001"
DIGITS = "12065550199"
WRITTEN = [
    "1    206    555    0199",
    "sip:1%2D206%2D555%2D0199@acme.example",
    "\u2460\u2461\u24ea\u2465\u2464\u2464\u2464\u24ea\u2460\u2468\u2468",
    "sip:bob@1.2065550199",
]


def hostile(written: str, amount: JsonValue = 12065550199) -> LogFixture:
    """A log with a number written like this in every field of it."""
    body = call(
        HOSTILE,
        NOW - timedelta(hours=1),
        from_=written,
        to=written,
        status=written,
        type=written,
        parent_id=written,
        source=written,
        direction=written,
        charge=amount,
        duration=amount,
        duration_ms=amount,
        billing_ms=amount,
        charge_details=[{"description": written, "charge": amount}],
        note={written: [amount, 5550199, written]},
    )
    event = Event(
        NOW - timedelta(minutes=59), written, details={written: written, "n": [amount, 5550199]}
    )
    return LogFixture(HOSTILE, "a number in every field", body, (event,))


def read_off(posted: str) -> str:
    """The digits of all that was posted, with everything but plain letters between them gone."""
    plain = unquote(
        unicodedata.normalize("NFKC", json.dumps(json.loads(posted), ensure_ascii=False))
    )
    return re.sub("[^0-9A-Za-z]", "", plain)


@pytest.mark.parametrize("written", WRITTEN)
async def test_a_shared_card_hides_a_number_however_it_is_written(
    open_world: OpenWorld, written: str
) -> None:
    world = await open_world(Space(entries=[hostile(written)]))
    card = await world.answer(HOSTILE)
    exchange = await pressed(world, card, actions.SHARE)
    (public,) = [one for one in exchange.accepted if one.response_type == "in_channel"]

    assert DIGITS[1:] in read_off(sent(card))
    assert DIGITS[1:] not in read_off(sent(public))


@pytest.mark.parametrize("written", WRITTEN)
async def test_always_hides_a_number_however_it_is_written(
    open_world: OpenWorld, written: str
) -> None:
    world = await open_world(Space(entries=[hostile(written)]), environment=ALWAYS)
    view = await details_of(world, HOSTILE, "U0SUPPORT")
    raw = await turned(world, view, actions.RAW)
    rows = await world.answer("recent 5")

    for posted in (sent(view), sent(raw), sent(rows)):
        assert DIGITS[1:] not in read_off(posted)
        assert "5550199" not in read_off(posted)


def refusing_the_list(app: ASGIApp) -> ASGIApp:
    """A SignalWire that finds fault with a number whenever it is asked for its list."""

    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == LIST:
            fault = {"errors": [{"code": "no", "message": "+1 206 555 0199 isn't yours"}]}
            await JSONResponse(fault, 422)(scope, receive, send)
            return
        await app(scope, receive, send)

    return refusing


async def test_always_masks_what_the_list_says_of_an_error(open_world: OpenWorld) -> None:
    world = await open_world(Space(front=refusing_the_list), environment=ALWAYS)
    message = await world.answer("recent")

    assert "It responded with 422: no +1 ••••••••99 isn't yours" in message.text
    assert_masked(sent(message))


LONG = "10e90000-0000-4000-8000-000000000001"
TRIES = 3


def of_many_events() -> LogFixture:
    """A log with about as many events as an answer has room for."""
    began = NOW - timedelta(minutes=59)
    events = [
        Event(began + timedelta(milliseconds=10 * index), "x", details={"t": "+12065550100"})
        for index in range(8000)
    ]
    return LogFixture(LONG, "a long timeline", call(LONG, NOW - timedelta(hours=1)), tuple(events))


async def test_masking_a_long_timeline_takes_little_longer_than_showing_it(
    open_world: OpenWorld,
) -> None:
    seconds: dict[str, float] = {}
    for setting in ("never", "always"):
        world = await open_world(
            Space(entries=[of_many_events()]), environment={"MASK_NUMBERS": setting}
        )
        tries: list[float] = []
        for _ in range(TRIES):
            began = time.process_time()
            view = await details_of(world, LONG, "U0SUPPORT")
            tries.append(time.process_time() - began)
        assert "events 1\u201340 of 8000" in drawn(view).lower()
        seconds[setting] = min(tries)

    # It was seven times as long when all events were masked, and their JSON.
    assert seconds["always"] < 3 * seconds["never"]
