# ruff: noqa: E501, RUF001 - a golden window is as wide as the window, and has dashes
"""Details: a window with everything there is to know of a log, page by page."""

import asyncio
import json
from urllib.parse import parse_qs

import pytest
from inline_snapshot import snapshot

from bot.dev.emulator.signalwire.catalogue import LIVE
from bot.dev.emulator.slack.workspace import OpenView, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, OpenWorld, Space, World
from tests.integration.modal_helpers import (
    LIST,
    LOADING,
    Doorway,
    beneath,
    details_of,
    drawn,
    is_filled,
    pressed,
    shown,
    turned,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

PARENT = "fa000000-0000-4000-8000-000000000001"
CHILD = "fa000000-0000-4000-8000-000000000003"
CHATTY = "0dd00000-0000-4000-8000-000000000004"
DELETED = "de1e7ed0-0000-4000-8000-000000000001"
NO_EVENTS = "fa170500-0000-4000-8000-000000000001"
EVENTS_ARRIVED = 0.5
"""Seconds by which a timeline is there that nobody holds back, on a busy machine too."""


def without_extras(view: OpenView) -> str:
    """A window as it looks, without what the engine adds to each event."""
    return "\n".join(line for line in drawn(view).splitlines() if not line.startswith("┃ {"))


def view_of(exchange: RecordedInteraction) -> str:
    """The payload of a click, as it was sent."""
    return parse_qs(exchange.request_body)["payload"][0]


async def test_details_open_before_signalwire_has_answered_and_fill_when_it_has(
    world: World,
) -> None:
    card = await world.answer(CHILD, user_id="U0FIRST")
    calls = len(world.slack.view_calls)
    world.hold_answers()
    exchange = await world.slack.click(card, actions.DETAILS, user_id="U0FIRST")
    opened = await world.slack.wait_for_modal("U0FIRST")

    assert (exchange.ack_status, exchange.ack_body, exchange.failed) == (200, "", None)
    assert drawn(opened) == snapshot("""\
[Voice log]
┃ Loading…\
""")
    world.release_answers()
    await world.idle()
    filled = shown(world, "U0FIRST")
    assert filled.id == opened.id
    assert [call.method for call in world.slack.view_calls[calls:]] == [
        "views.open",
        "views.update",
    ]
    assert exchange.messages == []
    assert drawn(filled) == snapshot("""\
[Voice log]
┃ ✅ Completed · 1 min 13 s
┃
┃ +1 206-555-0100 → +1 206-555-0103
┃
┃ Started                               Duration
┃ 2026-11-02 12:30:21 UTC               1 min 13 s (73310 ms)
┃ Billed time                           Charge (this leg)
┃ 1 min 09 s (69450 ms)                 $0.0132
┃
┃ Outbound (dial) · Phone call (RELAY) · Realtime API · Voice log id fa000000-0000-4000-8000-000000000003
┃
┃ Timeline
┃
┃ 4 events · +0:00.000 is 2026-11-02 12:30:21 UTC
┃
┃ +0:00.000 Call initiated
┃ +0:00.700 Call ringing
┃ +0:03.900 Call answered
┃ +1:13.310 Call ended
┃
┃ Legs of the call
┃
┃     0:00                        1:35
┃   A ████████████████████████████████ 1:35
┃   B  ░░░░░░                          0:18
┃ > C        █████████████████████████ 1:13
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 1 min 35 s  [ Card ]
┃
┃ B +1 206-555-0100 → +1 206-555-0102 · 📵 No answer · 18 s · started 0:02 after A · parent A  [ Card ]
┃
┃ C +1 206-555-0100 → +1 206-555-0103 · ✅ Completed · 1 min 13 s · started 0:21 after A · parent A · this leg
┃
┃ Searched 2026-11-02 12:25:00 UTC to 2026-11-02 12:36:35 UTC.
┃
┃ Charge
┃
┃ $0.0132 for this leg
┃
┃ No line items reported.
┃
┃ All fields of the record
┃
┃ id                                    from
┃ fa000000-0000-4000-8000-000000000003  +12065550100
┃ to                                    source
┃ +12065550103                          realtime_api
┃ charge                                charge_details
┃ 0.0132                                []
┃ created_at                            type
┃ 2026-11-02T12:30:21.000Z              relay_pstn_call
┃ url                                   direction
┃ null                                  outbound-dial
┃
┃ status                                duration
┃ completed                             73
┃ duration_ms                           billing_ms
┃ 73310                                 69450
┃ parent_id
┃ fa000000-0000-4000-8000-000000000001
┃
┃ [ Raw JSON ]\
""")


async def test_a_long_timeline_is_turned_page_by_page(world: World) -> None:
    first = await details_of(world, CHATTY, "U0PAGES")
    second = await turned(world, first, actions.PAGE)
    last = await turned(world, second, actions.PAGE)

    assert f'┃ {{"caller": "+12065550112", "note": "{"C" * 113}…' in drawn(first).splitlines()
    assert without_extras(first) == snapshot("""\
[Voice log]
┃ ✅ Completed · 42 s
┃
┃ +1 206-555-0100 → +1 206-555-0101
┃
┃ Started                               Duration
┃ 2026-11-02 11:30:00 UTC               42 s (42310 ms)
┃ Billed time                           Charge (this leg)
┃ 1 min 00 s (60000 ms)                 $0.01
┃
┃ Inbound · Phone call (RELAY) · Realtime API · Voice log id 0dd00000-0000-4000-8000-000000000004
┃
┃ Timeline
┃
┃ Events 1–40 of 120 · +0:00.000 is 2026-11-02 11:30:00 UTC
┃
┃ +0:00.000 Call step 0
┃ +0:01.000 ⛔ error: Call step 13
┃ +0:02.000 ⚠️ warning: Call step 26
┃ +0:03.000 debug: Call step 39
┃ +0:04.000 ⚠️ warning: Call step 52
┃ +0:05.000 Call step 65
┃ +0:06.000 ⛔ error: Call step 78
┃ +0:07.000 ⚠️ warning: Call step 91
┃ +0:08.000 debug: Call step 104
┃ +0:09.000 ⚠️ warning: Call step 117
┃ +0:10.000 Call step 10
┃ +0:11.000 ⛔ error: Call step 23
┃ +0:12.000 ⚠️ warning: Call step 36
┃ +0:13.000 debug: Call step 49
┃ +0:14.000 ⚠️ warning: Call step 62
┃
┃ +0:15.000 Call step 75
┃ +0:16.000 ⛔ error: Call step 88
┃ +0:17.000 ⚠️ warning: Call step 101
┃ +0:18.000 debug: Call step 114
┃ +0:19.000 ⚠️ warning: Call step 7
┃ +0:20.000 Call step 20
┃ +0:21.000 ⛔ error: Call step 33
┃ +0:22.000 ⚠️ warning: Call step 46
┃ +0:23.000 debug: Call step 59
┃ +0:24.000 ⚠️ warning: Call step 72
┃ +0:25.000 Call step 85
┃ +0:26.000 ⛔ error: Call step 98
┃ +0:27.000 ⚠️ warning: Call step 111
┃ +0:28.000 debug: Call step 4
┃ +0:29.000 ⚠️ warning: Call step 17
┃
┃ +0:30.000 Call step 30
┃ +0:31.000 ⛔ error: Call step 43
┃ +0:32.000 ⚠️ warning: Call step 56
┃ +0:33.000 debug: Call step 69
┃ +0:34.000 ⚠️ warning: Call step 82
┃ +0:35.000 Call step 95
┃ +0:36.000 ⛔ error: Call step 108
┃ +0:37.000 ⚠️ warning: Call step 1
┃ +0:38.000 debug: Call step 14
┃ +0:39.000 ⚠️ warning: Call step 27
┃
┃ [ Later ▶ ]
┃
┃ Legs of the call
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 42 s · this leg
┃
┃ No other legs between 2026-11-02 11:25:00 UTC and 2026-11-02 11:35:42 UTC.
┃
┃ Charge
┃
┃ $0.01 for this leg
┃
┃ No line items reported.
┃
┃ All fields of the record
┃
┃ id                                    from
┃ 0dd00000-0000-4000-8000-000000000004  +12065550100
┃ to                                    source
┃ +12065550101                          realtime_api
┃ charge                                charge_details
┃ 0.01                                  []
┃ created_at                            type
┃ 2026-11-02T11:30:00.000Z              relay_pstn_call
┃ url                                   direction
┃ null                                  inbound
┃
┃ status                                duration
┃ completed                             42
┃ duration_ms                           billing_ms
┃ 42310                                 60000
┃ parent_id
┃ null
┃
┃ [ Raw JSON ]\
""")
    assert without_extras(second) == snapshot("""\
[Voice log]
┃ ✅ Completed · 42 s
┃
┃ Timeline
┃
┃ Events 41–80 of 120 · +0:00.000 is 2026-11-02 11:30:00 UTC
┃
┃ +0:40.000 Call step 40
┃ +0:41.000 ⛔ error: Call step 53
┃ +0:42.000 ⚠️ warning: Call step 66
┃ +0:43.000 debug: Call step 79
┃ +0:44.000 ⚠️ warning: Call step 92
┃ +0:45.000 Call step 105
┃ +0:46.000 ⛔ error: Call step 118
┃ +0:47.000 ⚠️ warning: Call step 11
┃ +0:48.000 debug: Call step 24
┃ +0:49.000 ⚠️ warning: Call step 37
┃ +0:50.000 Call step 50
┃ +0:51.000 ⛔ error: Call step 63
┃ +0:52.000 ⚠️ warning: Call step 76
┃ +0:53.000 debug: Call step 89
┃ +0:54.000 ⚠️ warning: Call step 102
┃
┃ +0:55.000 Call step 115
┃ +0:56.000 ⛔ error: Call step 8
┃ +0:57.000 ⚠️ warning: Call step 21
┃ +0:58.000 debug: Call step 34
┃ +0:59.000 ⚠️ warning: Call step 47
┃ +1:00.000 Call step 60
┃ +1:01.000 ⛔ error: Call step 73
┃ +1:02.000 ⚠️ warning: Call step 86
┃ +1:03.000 debug: Call step 99
┃ +1:04.000 ⚠️ warning: Call step 112
┃ +1:05.000 Call step 5
┃ +1:06.000 ⛔ error: Call step 18
┃ +1:07.000 ⚠️ warning: Call step 31
┃ +1:08.000 debug: Call step 44
┃ +1:09.000 ⚠️ warning: Call step 57
┃
┃ +1:10.000 Call step 70
┃ +1:11.000 ⛔ error: Call step 83
┃ +1:12.000 ⚠️ warning: Call step 96
┃ +1:13.000 debug: Call step 109
┃ +1:14.000 ⚠️ warning: Call step 2
┃ +1:15.000 Call step 15
┃ +1:16.000 ⛔ error: Call step 28
┃ +1:17.000 ⚠️ warning: Call step 41
┃ +1:18.000 debug: Call step 54
┃ +1:19.000 ⚠️ warning: Call step 67
┃
┃ [ ◀ Earlier ]  [ Later ▶ ]
┃
┃ [ Back to the details ]\
""")
    assert without_extras(last) == snapshot("""\
[Voice log]
┃ ✅ Completed · 42 s
┃
┃ Timeline
┃
┃ Events 81–120 of 120 · +0:00.000 is 2026-11-02 11:30:00 UTC
┃
┃ +1:20.000 Call step 80
┃ +1:21.000 ⛔ error: Call step 93
┃ +1:22.000 ⚠️ warning: Call step 106
┃ +1:23.000 debug: Call step 119
┃ +1:24.000 ⚠️ warning: Call step 12
┃ +1:25.000 Call step 25
┃ +1:26.000 ⛔ error: Call step 38
┃ +1:27.000 ⚠️ warning: Call step 51
┃ +1:28.000 debug: Call step 64
┃ +1:29.000 ⚠️ warning: Call step 77
┃ +1:30.000 Call step 90
┃ +1:31.000 ⛔ error: Call step 103
┃ +1:32.000 ⚠️ warning: Call step 116
┃ +1:33.000 debug: Call step 9
┃ +1:34.000 ⚠️ warning: Call step 22
┃
┃ +1:35.000 Call step 35
┃ +1:36.000 ⛔ error: Call step 48
┃ +1:37.000 ⚠️ warning: Call step 61
┃ +1:38.000 debug: Call step 74
┃ +1:39.000 ⚠️ warning: Call step 87
┃ +1:40.000 Call step 100
┃ +1:41.000 ⛔ error: Call step 113
┃ +1:42.000 ⚠️ warning: Call step 6
┃ +1:43.000 debug: Call step 19
┃ +1:44.000 ⚠️ warning: Call step 32
┃ +1:45.000 Call step 45
┃ +1:46.000 ⛔ error: Call step 58
┃ +1:47.000 ⚠️ warning: Call step 71
┃ +1:48.000 debug: Call step 84
┃ +1:49.000 ⚠️ warning: Call step 97
┃
┃ +1:50.000 Call step 110
┃ +1:51.000 ⛔ error: Call step 3
┃ +1:52.000 ⚠️ warning: Call step 16
┃ +1:53.000 debug: Call step 29
┃ +1:54.000 ⚠️ warning: Call step 42
┃ +1:55.000 Call step 55
┃ +1:56.000 ⛔ error: Call step 68
┃ +1:57.000 ⚠️ warning: Call step 81
┃ +1:58.000 debug: Call step 94
┃ +1:59.000 ⚠️ warning: Call step 107
┃
┃ [ ◀ Earlier ]
┃
┃ [ Back to the details ]\
""")
    assert "Earlier" not in drawn(first)
    assert "Later" not in drawn(last)
    assert drawn(await turned(world, last, actions.PAGE_BACK)) == drawn(second)
    again = await turned(world, shown(world, "U0PAGES"), actions.PAGE_BACK)
    assert drawn(again) == drawn(first)


async def test_from_any_page_one_click_leads_back_to_the_details(world: World) -> None:
    first = await details_of(world, CHATTY, "U0RETURNS")
    second = await turned(world, first, actions.PAGE)
    last = await turned(world, second, actions.PAGE)

    assert drawn(await turned(world, last, actions.PAGE, value="1")) == drawn(first)


async def test_every_event_stands_on_exactly_one_page(world: World) -> None:
    page = await details_of(world, CHATTY, "U0COUNTS")
    pages = [page, page := await turned(world, page, actions.PAGE)]
    pages.append(await turned(world, page, actions.PAGE))
    lines = [line for page in pages for line in beneath(page, "Timeline").splitlines()]

    names = [f"Call step {n}" for n in range(120)]
    assert sorted(name for name in names for line in lines if line.endswith(name)) == sorted(names)


async def test_a_page_of_the_timeline_asks_for_no_legs(world: World) -> None:
    page = await details_of(world, CHATTY, "U0FRUGAL")
    asked = len(world.signalwire.requests)
    await turned(world, page, actions.PAGE)

    paths = [request.path.removeprefix(LIST) for request in world.signalwire.requests[asked:]]
    assert paths == [f"/{CHATTY}", f"/{CHATTY}/events"]


async def test_the_raw_json_is_a_page_away_and_so_is_the_way_back(world: World) -> None:
    first = await details_of(world, DOCUMENTED, "U0RAW")
    raw = await turned(world, first, actions.RAW)

    assert drawn(raw) == snapshot("""\
[Raw JSON]
┃ The record
┃
┃ {
┃   "id": "b7182dc2-00f3-40e4-a5ce-20f164b329df",
┃   "from": "+12065551212",
┃   "to": "+12065553434",
┃   "source": "realtime_api",
┃   "charge": 0.01,
┃   "charge_details": [],
┃   "created_at": "2024-05-06T12:20:00Z",
┃   "type": "relay_sip_call",
┃   "url": null,
┃   "direction": "inbound",
┃   "status": "completed",
┃   "duration": 9,
┃   "duration_ms": 9638,
┃   "billing_ms": 60000,
┃   "parent_id": null
┃ }
┃
┃ The timeline
┃
┃ {
┃   "data": [
┃     {
┃       "event_at": "2024-05-06T12:20:09.638Z",
┃       "level": "info",
┃       "name": "calling_call_ended",
┃       "details": {},
┃       "project_id": "38394337-9aff-503a-b737-e711338283d4",
┃       "log_id": "b7182dc2-00f3-40e4-a5ce-20f164b329df"
┃     },
┃     {
┃       "event_at": "2024-05-06T12:20:02.100Z",
┃       "level": "info",
┃       "name": "calling_call_answered",
┃       "details": {},
┃       "project_id": "38394337-9aff-503a-b737-e711338283d4",
┃       "log_id": "b7182dc2-00f3-40e4-a5ce-20f164b329df"
┃     },
┃     {
┃       "event_at": "2024-05-06T12:20:00.000Z",
┃       "level": "info",
┃       "name": "calling_call_initiated",
┃       "details": {},
┃       "project_id": "38394337-9aff-503a-b737-e711338283d4",
┃       "log_id": "b7182dc2-00f3-40e4-a5ce-20f164b329df"
┃     }
┃   ]
┃ }
┃
┃ [ Back to the details ]\
""")
    assert drawn(await turned(world, raw, actions.PAGE)) == drawn(first)


async def test_long_json_has_pages_of_its_own(world: World) -> None:
    first = await turned(world, await details_of(world, CHATTY, "U0LONG"), actions.RAW)
    second = await turned(world, first, actions.RAW)

    assert "Page 1 of " in drawn(first)
    assert "Page 2 of " in drawn(second)
    assert drawn(await turned(world, second, actions.RAW_BACK)) == drawn(first)


async def test_a_window_remembers_its_channel_and_its_log_and_nothing_else(world: World) -> None:
    card = await world.answer(CHATTY, user_id="U0MEMORY", channel_id="C0DESK")
    await pressed(world, card, user_id="U0MEMORY")
    page = shown(world, "U0MEMORY")
    remembered = {"channel": "C0DESK", "log": CHATTY, "public": False}

    for action in (actions.PAGE, actions.PAGE_BACK, actions.RAW, actions.RAW, actions.RAW_BACK):
        assert json.loads(page.private_metadata) == remembered
        page = await turned(world, page, action)
    assert json.loads(page.private_metadata) == remembered


async def test_a_click_in_a_window_is_audited_with_the_channel_it_was_opened_from(
    world: World,
) -> None:
    card = await world.answer(CHATTY, user_id="U0AUDIT", channel_id="C0DESK")
    await pressed(world, card, user_id="U0AUDIT")
    await turned(world, shown(world, "U0AUDIT"), actions.PAGE)

    opened, turned_ = world.log.lines("details.done", user="U0AUDIT")
    assert (opened["outcome"], opened["id"], opened["channel"]) == ("found", CHATTY, "C0DESK")
    assert (turned_["outcome"], turned_["id"], turned_["channel"]) == ("found", CHATTY, "C0DESK")
    assert opened["request_id"] != turned_["request_id"]


async def test_a_live_call_shows_what_there_is_by_now(open_world: OpenWorld) -> None:
    world = await open_world()
    view = await details_of(world, LIVE, "U0SUPPORT")

    assert beneath(view, "Timeline") == snapshot("""\
┃ 1 event · +0:00.000 is 2026-11-02 15:30:00 UTC
┃
┃ +0:00.000 Call initiated\
""")
    assert "so far" in drawn(view)


async def test_a_deleted_log_has_a_window_too(world: World) -> None:
    assert drawn(await details_of(world, DELETED, "U0GONE")) == snapshot("""\
[Voice log]
┃ 🗑️ Deleted log
┃
┃ Created                               Deleted
┃ 2026-10-24 15:30:00 UTC               2026-10-31 15:30:00 UTC
┃
┃ Voice log id de1e7ed0-0000-4000-8000-000000000001
┃
┃ Timeline
┃
┃ No events reported.
┃
┃ Legs of the call
┃
┃ A 🗑️ Deleted log · this leg
┃
┃ No other legs between 2026-10-24 15:25:00 UTC and 2026-10-24 16:35:00 UTC.
┃
┃ Charge
┃
┃ No charge reported.
┃
┃ All fields of the record
┃
┃ id                                    discarded_at
┃ de1e7ed0-0000-4000-8000-000000000001  2026-10-31T15:30:00.000Z
┃ created_at
┃ 2026-10-24T15:30:00.000Z
┃
┃ [ Raw JSON ]\
""")


async def test_without_its_events_a_log_still_has_the_rest(world: World) -> None:
    since = len(world.log.lines())
    view = await details_of(world, NO_EVENTS, "U0EVENTLESS")

    assert drawn(view) == snapshot("""\
[Voice log]
┃ ⏹️ Ended · 12 s
┃
┃ +1 206-555-0104 → +1 206-555-0105
┃
┃ Started                               Duration
┃ 2026-01-02 03:04:05 UTC               12 s (12345 ms)
┃ Billed time                           Charge (this leg)
┃ 10 s (10000 ms)                       $0.01
┃
┃ Inbound · Phone call (RELAY) · Realtime API · Voice log id fa170500-0000-4000-8000-000000000001
┃
┃ Timeline
┃
┃ 📡 SignalWire isn't answering
┃ Try again in a minute. If it keeps failing, check SignalWire's status page.
┃
┃ The timeline is missing; the rest isn't affected.
┃
┃ Legs of the call
┃
┃ A +1 206-555-0104 → +1 206-555-0105 · ⏹️ Ended · 12 s · this leg
┃
┃ No other legs between 2026-01-02 02:59:05 UTC and 2026-01-02 03:09:18 UTC.
┃
┃ Charge
┃
┃ $0.01 for this leg
┃
┃ No line items reported.
┃
┃ All fields of the record
┃
┃ id                                    from
┃ fa170500-0000-4000-8000-000000000001  +12065550104
┃ to                                    source
┃ +12065550105                          realtime_api
┃ charge                                charge_details
┃ 0.01                                  []
┃ created_at                            type
┃ 2026-01-02T03:04:05.678Z              relay_pstn_call
┃ url                                   direction
┃ null                                  inbound
┃
┃ status                                duration
┃ ended                                 12
┃ duration_ms                           billing_ms
┃ 12345                                 10000
┃ parent_id
┃ null
┃
┃ [ Raw JSON ]\
""")
    assert not [line for line in world.log.lines()[since:] if line["level"] == "error"]


async def test_without_the_list_a_log_still_has_the_rest(open_world: OpenWorld) -> None:
    world = await open_world(Space(front=Doorway(LIST, status=500)))
    view = await details_of(world, CHILD, "U0SUPPORT")

    assert beneath(view, "Legs of the call") == snapshot("""\
┃     0:00                        1:35
┃   A ████████████████████████████████ 1:35
┃ > B        █████████████████████████ 1:13
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 1 min 35 s  [ Card ]
┃
┃ B +1 206-555-0100 → +1 206-555-0103 · ✅ Completed · 1 min 13 s · started 0:21 after A · parent A · this leg
┃
┃ SignalWire's list couldn't be read: SignalWire isn't answering. Try again in a minute. If it keeps failing, check SignalWire's status page.\
""")
    assert "All fields of the record" in drawn(view)
    assert beneath(view, "Timeline") == snapshot("""\
┃ 4 events · +0:00.000 is 2026-11-02 12:30:21 UTC
┃
┃ +0:00.000 Call initiated
┃ +0:00.700 Call ringing
┃ +0:03.900 Call answered
┃ +1:13.310 Call ended\
""")


async def test_slow_legs_do_not_hold_the_rest_back(open_world: OpenWorld) -> None:
    door = Doorway(LIST)
    world = await open_world(Space(front=door), partial_after=EVENTS_ARRIVED)
    card = await world.answer(DOCUMENTED)
    door.shut()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Charge" in drawn(view))

    assert beneath(partial, "Legs of the call") == f"┃ {LOADING}"
    assert "Call answered" in beneath(partial, "Timeline")
    assert "$0.01" in beneath(partial, "Charge")
    door.open()
    await world.idle()
    whole = shown(world, "U0SUPPORT")
    assert whole.id == partial.id
    assert is_filled(whole)
    assert "No other legs between" in beneath(whole, "Legs of the call")
    assert beneath(whole, "Timeline") == beneath(partial, "Timeline")


async def test_slow_events_do_not_hold_the_rest_back(open_world: OpenWorld) -> None:
    door = Doorway("/events")
    world = await open_world(Space(front=door), partial_after=0.01)
    card = await world.answer(DOCUMENTED)
    door.shut()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Charge" in drawn(view))

    assert beneath(partial, "Timeline") == f"┃ {LOADING}"
    door.open()
    await world.idle()
    assert "Call answered" in beneath(shown(world, "U0SUPPORT"), "Timeline")


async def test_what_comes_quickly_fills_the_window_in_one_go(open_world: OpenWorld) -> None:
    world = await open_world(partial_after=10)
    await details_of(world, DOCUMENTED, "U0SUPPORT")

    assert [call.method for call in world.slack.view_calls] == ["views.open", "views.update"]


async def test_a_page_that_was_turned_is_not_turned_back_by_what_comes_late(
    open_world: OpenWorld,
) -> None:
    door = Doorway(LIST)
    world = await open_world(Space(front=door), partial_after=EVENTS_ARRIVED)
    card = await world.answer(CHATTY)
    door.shut()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Later" in drawn(view))
    await world.slack.click_in_view(partial, actions.PAGE)
    second = await world.slack.wait_for_modal(until=lambda view: "Events 41" in drawn(view))
    door.open()
    await world.idle()

    assert drawn(shown(world, "U0SUPPORT")) == drawn(second)


async def test_a_page_that_is_turned_while_the_rest_arrives_is_turned_all_the_same(
    open_world: OpenWorld,
) -> None:
    legs, log = Doorway(LIST), Doorway(CHATTY)
    world = await open_world(Space(front=lambda app: legs(log(app))), partial_after=EVENTS_ARRIVED)
    card = await world.answer(CHATTY)
    legs.shut()
    await world.slack.click(card, actions.DETAILS)
    partial = await world.slack.wait_for_modal(until=lambda view: "Later" in drawn(view))
    log.shut()
    await world.slack.click_in_view(partial, actions.PAGE)
    await log.reached.wait()
    legs.open()
    await world.slack.wait_for_modal(until=is_filled)
    log.open()
    await world.idle()

    assert "Events 41–80 of 120" in drawn(shown(world, "U0SUPPORT"))


async def test_events_are_asked_of_the_project_that_has_the_log(open_world: OpenWorld) -> None:
    world = await open_world(Space("north", entries=()), Space("south"))
    north, south = world.spaces["north"], world.spaces["south"]
    card = await world.answer(CHILD)
    before = len(north.requests), len(south.requests)
    await pressed(world, card)

    assert [one.path for one in north.requests[before[0] :]] == [f"{LIST}/{CHILD}"]
    asked = [one.path.removeprefix(LIST) for one in south.requests[before[1] :]]
    assert sorted(asked) == sorted(["", f"/{CHILD}", f"/{CHILD}/events", f"/{PARENT}"])
    assert "┃ Project\n┃ south" in drawn(shown(world, "U0SUPPORT"))


async def test_several_people_open_several_windows_at_once(world: World) -> None:
    wanted = {f"U0CROWD{n}": (CHILD, CHATTY, DOCUMENTED, PARENT)[n % 4] for n in range(8)}
    cards = {user: await world.answer(log_id, user_id=user) for user, log_id in wanted.items()}
    world.hold_answers()
    await asyncio.gather(
        *(world.slack.click(card, actions.DETAILS, user_id=user) for user, card in cards.items())
    )
    opened = [await world.slack.wait_for_modal(user) for user in wanted]
    assert [drawn(view) for view in opened] == [f"[Voice log]\n┃ {LOADING}"] * 8
    world.release_answers()
    await world.idle()

    for user, log_id in wanted.items():
        (view,) = world.slack.modals(user)
        assert is_filled(view)
        assert log_id in drawn(view)
        assert json.loads(view.private_metadata)["log"] == log_id


async def test_the_bot_is_told_nothing_of_a_log_by_a_click_but_its_id(world: World) -> None:
    card = await world.answer(CHILD, user_id="U0CLICK")
    exchange = await pressed(world, card, user_id="U0CLICK")

    (action,) = json.loads(view_of(exchange))["actions"]
    assert action["value"] == CHILD
