# ruff: noqa: E501 - a golden window is as wide as the window
import json
from typing import Final

from inline_snapshot import snapshot

from bot.signalwire.errors import (
    UnavailableError,
)
from bot.ui import actions, errors
from bot.ui.details import view as details_view
from bot.voicelogs.results import CallLegs
from tests.support.cards import card_context
from tests.unit.ui.details_examples import (
    EVENTS,
    LEGS,
    METADATA,
    A,
    details,
    drawn,
    event,
    family,
    found,
    leg,
    page_1,
    part,
    refused,
    searched,
    timeline,
)

LIVE: Final = (
    '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","from":"+12065550100","to":"+12065550101",'
    '"charge":0.01,"charge_details":[],"created_at":"2026-11-20T15:04:09.640Z",'
    '"type":"relay_pstn_call","direction":"outbound","status":"answered","duration":42}'
)
DELETED: Final = (
    '{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329df","discarded_at":"2026-11-21T08:00:00Z",'
    '"created_at":"2026-11-20T15:04:09.640Z"}'
)


def test_a_completed_call_with_three_events_and_three_legs() -> None:
    view = page_1(legs=family(LEGS, window=searched()), name=True)
    assert drawn(view) == snapshot("""\
┃ ✅ Completed · 3 min 12 s
┃
┃ +1 206-555-0100 → +1 206-555-0101
┃
┃ Started                               Duration
┃ 2026-11-20 15:04:09 UTC               3 min 12 s (192480 ms)
┃ Billed time                           Charge (this leg)
┃ 3 min 00 s (180000 ms)                $0.0870
┃ Project
┃ acme
┃
┃ Inbound · LaML (cXML) call · Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ Timeline
┃
┃ 3 events · +0:00.000 is 2026-11-20 15:04:09 UTC
┃
┃ +0:00.000 Call initiated
┃ +0:24.500 ⚠️ warning: Media degraded {"mos": 2.1}
┃ +3:12.480 Call ended
┃
┃ Legs of the call
┃
┃     0:00                        3:12
┃ > A ████████████████████████████████ 3:12
┃   B ░░░░                             0:20
┃   C     ███████████████████████████  2:40
┃
┃ A +1 206-555-0100 → +1 206-555-0101 · ✅ Completed · 3 min 12 s · this leg
┃
┃ B +1 206-555-0101 → sip:alice@acme.example · 📵 No answer · 20 s · began 0:02 after A · parent A  [ Card ]
┃
┃ C +1 206-555-0101 → +1 206-555-0102 · ✅ Completed · 2 min 40 s · began 0:24 after A · parent A  [ Card ]
┃
┃ Searched 2026-11-20 14:59:09 UTC to 2026-11-20 15:12:21 UTC.
┃
┃ Charge
┃
┃ $0.0870 for this leg
┃ • Outbound call $0.0500
┃ • Text to Speech $0.037000
┃
┃ The lines needn't add up to the charge.
┃
┃ All fields of the record
┃
┃ id                                    from
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df  +12065550100
┃ to                                    source
┃ +12065550101                          laml
┃ charge                                charge_details
┃ 0.0870                                [{"description": "Outbound call", "charge": 0.0500}, {"description": "Text to Speech", "charge": 0.037000}]
┃ created_at                            type
┃ 2026-11-20T15:04:09.640Z              laml_call
┃ url                                   direction
┃ null                                  inbound
┃
┃ status                                duration
┃ completed                             192
┃ duration_ms                           billing_ms
┃ 192480                                180000
┃ parent_id                             audio_in_mos
┃ null                                  4.50
┃ audio_rtt_avg
┃ 1.20e2
┃
┃ [ Raw JSON ]\
""")
    assert refused(view) == []


def test_a_live_call() -> None:
    legs = family([leg(A, 0, status="answered", duration=42)], window=searched(-300, 60))
    assert drawn(page_1(LIVE, timeline(), legs)) == snapshot("""\
┃ 🟢 Answered · live, 42 s so far
┃
┃ +1 206-555-0100 → +1 206-555-0101
┃
┃ Started                               Duration so far
┃ 2026-11-20 15:04:09 UTC               42 s
┃ Charge so far (this leg)
┃ $0.01
┃
┃ Outbound · Phone call (RELAY) · Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ Timeline
┃
┃ No events yet.
┃
┃ Legs of the call
┃
┃ A 🟢 Answered · live, 42 s so far · this leg
┃
┃ No other legs between 2026-11-20 14:59:09 UTC and 2026-11-20 15:05:09 UTC.
┃
┃ Charge
┃
┃ $0.01 for this leg so far
┃
┃ SignalWire sent no itemised lines for it.
┃
┃ All fields of the record
┃
┃ id                                    from
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df  +12065550100
┃ to                                    charge
┃ +12065550101                          0.01
┃ charge_details                        created_at
┃ []                                    2026-11-20T15:04:09.640Z
┃ type                                  direction
┃ relay_pstn_call                       outbound
┃ status                                duration
┃ answered                              42
┃
┃ [ Raw JSON ]\
""")


def test_a_deleted_log() -> None:
    log = found(DELETED).log
    assert drawn(page_1(DELETED, timeline(), CallLegs(log, (log,), searched()))) == snapshot("""\
┃ 🗑️ Deleted log
┃
┃ Created                               Deleted
┃ 2026-11-20 15:04:09 UTC               2026-11-21 08:00:00 UTC
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ Timeline
┃
┃ SignalWire has no events for this log.
┃
┃ Legs of the call
┃
┃ A 🗑️ Deleted log · this leg
┃
┃ No other legs between 2026-11-20 14:59:09 UTC and 2026-11-20 15:12:21 UTC.
┃
┃ Charge
┃
┃ SignalWire names no charge for this log.
┃
┃ All fields of the record
┃
┃ id                                    discarded_at
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df  2026-11-21T08:00:00Z
┃ created_at
┃ 2026-11-20T15:04:09.640Z
┃
┃ [ Raw JSON ]\
""")


def test_what_is_still_on_its_way() -> None:
    view = page_1(events=None)
    assert part(view, "Timeline") == part(view, "Legs of the call") == "┃ Loading…"
    assert part(view, "Charge") == part(page_1(), "Charge")


def test_one_part_that_failed_leaves_the_others() -> None:
    view = page_1(events=UnavailableError("500", 3), legs=family(LEGS, window=searched()))
    assert part(view, "Timeline") == snapshot("""\
┃ 📡 SignalWire isn't answering
┃ Try again in a minute. If it goes on, look at SignalWire's status page.
┃
┃ The timeline is missing; the rest isn't affected.\
""")
    whole = page_1(legs=family(LEGS, window=searched()))
    for heading in ("Legs of the call", "Charge", "All fields of the record"):
        assert part(view, heading) == part(whole, heading)


def test_a_fault_of_the_bots_own_is_no_blame_on_signalwire() -> None:
    assert part(page_1(legs="broken"), "Legs of the call") == snapshot("""\
┃ 🩹 Sorry, something broke in this bot
┃ Try again. If it goes on, show this message to whoever runs this bot.
┃
┃ The legs are missing; the rest isn't affected.\
""")


def test_the_first_page_ends_with_the_way_to_the_json() -> None:
    foot = page_1()["blocks"][-1]
    assert foot == {"type": "actions", "elements": [actions.raw_json(found().log_id)]}


def test_metadata_comes_back_as_it_was_given() -> None:
    given = details(events=EVENTS)
    for view in (
        page_1(),
        details_view.legs_view(given, card_context(), metadata=METADATA),
        details_view.raw_view(given, page=1, metadata=METADATA),
    ):
        assert view["private_metadata"] == METADATA


def test_the_project_is_named_only_if_there_are_several() -> None:
    assert "acme" not in drawn(page_1())
    assert "┃ Project\n┃ acme" in drawn(page_1(name=True))
    given = details(legs=family(LEGS))
    for name in (True, False):
        view = details_view.legs_view(given, card_context(names_projects=name), metadata="")
        assert ("Project acme" in drawn(view)) is name


def test_a_window_opens_with_a_sign_of_life() -> None:
    assert drawn(details_view.loading()) == "┃ Loading…"
    assert refused(details_view.loading()) == []


def test_trouble_takes_the_whole_window() -> None:
    message = errors.internal_error("k7m2")
    view = details_view.message_modal(message)
    assert drawn(view) == drawn(message)
    assert refused(view) == []


def test_what_would_be_too_large_for_slack_is_left_to_the_json_page() -> None:
    wide = "\U0001f4de" * 300
    record = {"id": A} | {f"{n}{wide}": wide for n in range(60)}
    events = timeline(*(event(n, wide, details=wide) for n in range(40)))
    view = page_1(json.dumps(record), events)
    assert len(json.dumps(view)) < 200_000
    assert "The rest is too large for this window: see Raw JSON." in drawn(view)
    assert view["blocks"][-1]["type"] == "actions"
