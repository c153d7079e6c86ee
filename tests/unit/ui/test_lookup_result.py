# ruff: noqa: E501 - a golden card is as wide as the card
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from inline_snapshot import snapshot

from bot.cli.terminal import render
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, catalogue
from bot.signalwire.errors import (
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import VoiceLog
from bot.ui import actions, voice_log_card
from bot.ui import errors as error_texts
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Message
from bot.ui.lookup_result import lookup_result, result_list
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
MISSING = UUID("40400000-0000-4000-8000-000000000404")
ENTRIES = {entry.description: entry for entry in catalogue(NOW)}


def found(what: str, project: str = "acme") -> Found:
    entry = ENTRIES[what]
    body = json.loads(json.dumps(entry.body), parse_float=Decimal)
    return Found(UUID(entry.id), project, VoiceLog.model_validate(body))


def log(**fields: object) -> Found:
    return Found(UUID(DOCUMENTED), "acme", VoiceLog.model_validate({"id": DOCUMENTED, **fields}))


def missed(**errors: SignalWireError) -> NotFound:
    return NotFound(MISSING, errors)


def rows(*results: LookupResult, name_project: bool = False, notes: Sequence[str] = ()) -> Message:
    return result_list(results, card_context(names_projects=name_project), notes=notes)


def drawn(message: Message) -> str:
    return render(message.blocks)


EXAMPLE = found("the documentation's own example")
NOT_FOUND = missed(acme=LogNotFoundError())


def test_several_logs_have_a_row_each_in_the_order_given() -> None:
    message = rows(
        found("status ended"),
        EXAMPLE,
        found("status in-progress"),
        found("fabric_subscriber_device_leg: the status is always null"),
        found("deleted: only id, created_at and discarded_at are left"),
    )
    assert drawn(message) == snapshot("""\
┃ 5 of 5 voice logs found
┃
┃ ⏹️ Ended · 42 s
┃ +1 206-555-0100 → +1 206-555-0101
┃ $0.01 · 2026-11-22 04:00:00 UTC
┃ 57a70500-0000-4000-8000-000000000013
┃
┃ ✅ Completed · 9 s
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ 🟢 In progress · live, 42 s so far
┃ +1 206-555-0100 → +1 206-555-0101
┃ $0.00 · 2026-11-22 16:59:00 UTC
┃ 57a70500-0000-4000-8000-000000000004
┃
┃ 📄 Fabric subscriber device leg
┃ +1 206-555-0100 → /private/reception
┃ $0.00 · 2026-11-21 17:00:00 UTC
┃ ca110000-0000-4000-8000-000000000007
┃
┃ 🗑️ Deleted log
┃ 2026-11-13 17:00:00 UTC · deleted 2026-11-20 17:00:00 UTC
┃ de1e7ed0-0000-4000-8000-000000000001\
""")
    assert message.text == snapshot("""\
5 of 5 voice logs found
Ended · 42 s. +1 206-555-0100 → +1 206-555-0101. $0.01 · 2026-11-22 04:00:00 UTC. 57a70500-0000-4000-8000-000000000013
Completed · 9 s. +1 206-555-1212 → +1 206-555-3434. $0.01 · 2024-05-06 12:20:00 UTC. b7182dc2-00f3-40e4-a5ce-20f164b329df
In progress · live, 42 s so far. +1 206-555-0100 → +1 206-555-0101. $0.00 · 2026-11-22 16:59:00 UTC. 57a70500-0000-4000-8000-000000000004
Fabric subscriber device leg. +1 206-555-0100 → /private/reception. $0.00 · 2026-11-21 17:00:00 UTC. ca110000-0000-4000-8000-000000000007
Deleted log. 2026-11-13 17:00:00 UTC · deleted 2026-11-20 17:00:00 UTC. de1e7ed0-0000-4000-8000-000000000001\
""")


def test_a_row_as_it_is_posted() -> None:
    assert rows(EXAMPLE, EXAMPLE).blocks[1] == snapshot(
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": """\
✅ *Completed · 9 s*
`+1 206-555-1212` → `+1 206-555-3434`
$0.01 · <!date^1714998000^{date_short_pretty} at {time_secs}|2024-05-06 12:20:00 UTC>
`b7182dc2-00f3-40e4-a5ce-20f164b329df`\
""",
                "verbatim": True,
            },
        }
    )


def test_each_failure_has_its_own_row_with_its_reason() -> None:
    message = rows(
        EXAMPLE,
        NOT_FOUND,
        missed(acme=AuthenticationError()),
        missed(acme=LogTooOldError("2026-10-01")),
        missed(acme=BadRequestError(400, [ApiError("bad_request", "no")])),
        missed(acme=RateLimitedError(30.0)),
        missed(acme=UnavailableError("timeout", 3)),
        missed(acme=InvalidResponseError("not JSON")),
    )
    assert drawn(message) == snapshot("""\
┃ 1 of 8 voice logs found
┃
┃ ✅ Completed · 9 s
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ 🔍 No such voice log
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 🔑 SignalWire refused the bot's credentials
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 📅 This log is too old
┃ The log is older than the history limit of the SignalWire account, which reaches back to 2026-10-01.
┃ 40400000-0000-4000-8000-000000000404
┃
┃ ⚠️ SignalWire rejected the request
┃ It answered 400: bad_request no.
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 🐢 SignalWire asks to slow down
┃ Try again in 30 s.
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 📡 SignalWire isn't answering
┃ 40400000-0000-4000-8000-000000000404
┃
┃ ❓ SignalWire's answer couldn't be read
┃ 40400000-0000-4000-8000-000000000404
┃
┃ Reference k7m2.\
""")
    assert message.text == snapshot("""\
1 of 8 voice logs found
Completed · 9 s. +1 206-555-1212 → +1 206-555-3434. $0.01 · 2024-05-06 12:20:00 UTC. b7182dc2-00f3-40e4-a5ce-20f164b329df
No such voice log. 40400000-0000-4000-8000-000000000404
SignalWire refused the bot's credentials. 40400000-0000-4000-8000-000000000404
This log is too old. The log is older than the history limit of the SignalWire account, which reaches back to 2026-10-01. 40400000-0000-4000-8000-000000000404
SignalWire rejected the request. It answered 400: bad_request no. 40400000-0000-4000-8000-000000000404
SignalWire asks to slow down. Try again in 30 s. 40400000-0000-4000-8000-000000000404
SignalWire isn't answering. 40400000-0000-4000-8000-000000000404
SignalWire's answer couldn't be read. 40400000-0000-4000-8000-000000000404
Reference k7m2.\
""")


def test_a_row_says_what_each_project_answered() -> None:
    message = rows(EXAMPLE, missed(acme=LogNotFoundError(), beta=UnavailableError("500", 3)))
    assert drawn(message) == snapshot("""\
┃ 1 of 2 voice logs found
┃
┃ ✅ Completed · 9 s
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ 🔍 Not found, but not every project could tell
┃ • No such voice log: acme
┃ • SignalWire isn't answering: beta
┃ 40400000-0000-4000-8000-000000000404
┃
┃ Reference k7m2.\
""")


def test_projects_are_named_in_rows_when_there_are_several() -> None:
    other = found("status ended", project="beta <x>")
    message = rows(EXAMPLE, other, name_project=True)
    assert drawn(message) == snapshot("""\
┃ 2 of 2 voice logs found
┃
┃ ✅ Completed · 9 s
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df · acme
┃
┃ ⏹️ Ended · 42 s
┃ +1 206-555-0100 → +1 206-555-0101
┃ $0.01 · 2026-11-22 04:00:00 UTC
┃ 57a70500-0000-4000-8000-000000000013 · beta <x>\
""")
    assert "beta &lt;x&gt;" in message.text


def test_the_project_is_not_named_in_rows_when_there_is_one() -> None:
    assert "acme" not in rows(EXAMPLE, EXAMPLE).text


def test_the_reference_is_shown_only_if_something_failed() -> None:
    assert "k7m2" in rows(EXAMPLE, NOT_FOUND).text
    assert "k7m2" in drawn(rows(EXAMPLE, NOT_FOUND))
    assert "k7m2" not in rows(EXAMPLE, EXAMPLE).text
    assert "k7m2" not in drawn(rows(EXAMPLE, EXAMPLE))


@pytest.mark.parametrize(
    ("results", "title"),
    [
        ([EXAMPLE, EXAMPLE], "2 of 2 voice logs found"),
        ([EXAMPLE, NOT_FOUND], "1 of 2 voice logs found"),
        ([NOT_FOUND, NOT_FOUND], "0 of 2 voice logs found"),
    ],
)
def test_the_title_counts_what_was_found(results: Sequence[LookupResult], title: str) -> None:
    message = rows(*results)
    assert message.text.splitlines()[0] == title
    assert drawn(message).splitlines()[0].endswith(title)


def test_notes_stand_at_the_foot_and_in_the_text() -> None:
    message = rows(EXAMPLE, EXAMPLE, notes=["1 more id was left out.", "Found `b7182dc2`."])
    assert drawn(message).splitlines()[-3:] == snapshot(
        ["┃ 1 more id was left out.", "┃", "┃ Found b7182dc2."]
    )
    assert message.text.splitlines()[-2:] == ["1 more id was left out.", "Found b7182dc2."]


@pytest.mark.parametrize(
    ("fields", "route"),
    [
        ({"from": "+12065550100", "to": "alice"}, "+1 206-555-0100 \u2192 alice"),
        ({"from": "+12065550100"}, "+1 206-555-0100 \u2192 unknown"),
        ({"to": "alice"}, "unknown \u2192 alice"),
    ],
)
def test_an_end_that_is_missing_is_called_unknown(fields: dict[str, str], route: str) -> None:
    assert route in rows(log(**fields), EXAMPLE).text


def test_a_log_with_nothing_but_an_id_has_a_row() -> None:
    message = rows(log(), EXAMPLE)
    assert message.blocks[1] == snapshot(
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": """\
📄 *Voice log*
`b7182dc2-00f3-40e4-a5ce-20f164b329df`\
""",
                "verbatim": True,
            },
        }
    )
    assert message.text.splitlines()[1] == f"Voice log. {DOCUMENTED}"


def test_ten_rows_all_stand_in_the_text() -> None:
    body = {"from": "sip:" + "a" * 300, "to": "sip:" + "b" * 300, "status": "x" * 300}
    text = rows(*[log(**body, charge=1, created_at="2024-05-06T12:20:00Z")] * 10).text
    assert text.count(DOCUMENTED) == 10


def test_one_id_is_answered_with_the_full_card() -> None:
    message = lookup_result([EXAMPLE], card_context(names_projects=True))
    assert message == voice_log_card.card(EXAMPLE, card_context(names_projects=True))


def test_one_id_that_is_not_there_is_answered_with_the_full_explanation() -> None:
    message = lookup_result([NOT_FOUND], card_context())
    assert message == error_texts.not_found(NOT_FOUND, "k7m2")


def test_several_ids_are_answered_with_rows() -> None:
    message = lookup_result([EXAMPLE, NOT_FOUND], card_context())
    assert message == rows(EXAMPLE, NOT_FOUND)


def test_ids_left_out_are_counted_below_the_rows() -> None:
    message = lookup_result([EXAMPLE] * 10, card_context(), left_out=2)
    assert message.text.splitlines()[-1] == snapshot(
        "2 more ids were left out: ten at a time. Ask again with the rest."
    )


def test_an_id_cut_short_beside_a_whole_one_is_mentioned_below_it() -> None:
    message = lookup_result([EXAMPLE], card_context(), cut_short=["ca110000\u2026"])
    assert drawn(message) == snapshot("""\
┃ ✅ Completed · 9 s
┃
┃ From                                  To
┃ +1 206-555-1212                       +1 206-555-3434
┃ Charge (this leg)
┃ $0.01
┃
┃ Inbound · SIP call (RELAY) · Realtime API
┃
┃ Started                               Duration
┃ 2024-05-06 12:20:00 UTC               9 s (9638 ms)
┃ Billed time
┃ 1 min 00 s (60000 ms)
┃
┃ Voice log id b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ Found ca110000…. The dashboard's list cuts ids short. Open the call there and copy the whole Voice Segment ID.\
""")


# ── With buttons ──────────────────────────────────────────────────────────────────────────────

SETTING = CardOptions(thread_ts="1763800000.000100")
PASSING: tuple[SignalWireError, ...] = (
    LogNotFoundError(),
    RateLimitedError(30.0),
    UnavailableError("timeout", 3),
    InvalidResponseError("not JSON"),
)
LASTING: tuple[SignalWireError, ...] = (
    AuthenticationError(),
    LogTooOldError("2026-10-01"),
    BadRequestError(400, []),
)


def test_each_row_has_card_or_where_it_may_help_try_again() -> None:
    results: list[LookupResult] = [
        EXAMPLE,
        NOT_FOUND,
        InternalError(MISSING),
        missed(acme=UnavailableError("timeout", 3)),
        missed(acme=AuthenticationError()),
    ]
    message = lookup_result(results, card_context(SETTING))
    assert drawn(message) == snapshot("""\
┃ 1 of 5 voice logs found
┃
┃ ✅ Completed · 9 s  [ Card ]
┃ +1 206-555-1212 → +1 206-555-3434
┃ $0.01 · 2024-05-06 12:20:00 UTC
┃ b7182dc2-00f3-40e4-a5ce-20f164b329df
┃
┃ 🔍 No such voice log  [ Try again ]
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 🩹 Sorry, something broke in this bot  [ Try again ]
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 📡 SignalWire isn't answering  [ Try again ]
┃ 40400000-0000-4000-8000-000000000404
┃
┃ 🔑 SignalWire refused the bot's credentials
┃ 40400000-0000-4000-8000-000000000404
┃
┃ Reference k7m2.\
""")


def test_a_rows_button_as_it_is_posted() -> None:
    message = lookup_result([EXAMPLE, NOT_FOUND], card_context(SETTING))
    accessories = [
        block["accessory"]
        for block in message.blocks
        if block["type"] == "section" and "accessory" in block
    ]
    assert accessories == snapshot(
        [
            {
                "type": "button",
                "action_id": "voicelog_card",
                "text": {"type": "plain_text", "text": "Card", "emoji": False},
                "value": "b7182dc2-00f3-40e4-a5ce-20f164b329df 1763800000.000100",
            },
            {
                "type": "button",
                "action_id": "voicelog_card",
                "text": {"type": "plain_text", "text": "Try again", "emoji": False},
                "value": "40400000-0000-4000-8000-000000000404 1763800000.000100",
            },
        ]
    )


def test_what_can_be_pressed_changes_nothing_of_what_is_said() -> None:
    kinds: list[list[LookupResult]] = [
        [EXAMPLE, NOT_FOUND],
        [EXAMPLE],
        [NOT_FOUND],
        [InternalError(MISSING)],
    ]
    for results in kinds:
        pressed = lookup_result(results, card_context(SETTING))
        assert pressed.text == lookup_result(results, card_context()).text


def test_without_a_setting_there_is_nothing_to_press() -> None:
    kinds: list[list[LookupResult]] = [
        [EXAMPLE, NOT_FOUND, InternalError(MISSING)],
        [EXAMPLE],
        [NOT_FOUND],
    ]
    for results in kinds:
        message = lookup_result(results, card_context())
        assert "action_id" not in str(message.blocks)


@pytest.mark.parametrize("what", ["status completed", "status in-progress"])
def test_the_only_logs_card_has_the_buttons_of_its_setting(what: str) -> None:
    result = found(what)
    message = lookup_result([result], card_context(SETTING))
    row = actions.card_actions(result.log_id, is_live=result.log.is_live, setting=SETTING)
    assert message == voice_log_card.card(result, card_context(), buttons=row)
    assert message.blocks[-1] == {"type": "actions", "elements": row}


@pytest.mark.parametrize("error", PASSING, ids=lambda error: type(error).__name__)
def test_an_only_error_that_may_pass_can_be_tried_again(error: SignalWireError) -> None:
    message = lookup_result([missed(acme=error)], card_context(SETTING))
    assert message.blocks[-1] == {
        "type": "actions",
        "elements": [actions.retry([MISSING], SETTING.thread_ts)],
    }


@pytest.mark.parametrize("error", LASTING, ids=lambda error: type(error).__name__)
def test_an_only_error_that_lasts_offers_no_further_try(error: SignalWireError) -> None:
    message = lookup_result([missed(acme=error)], card_context(SETTING))
    assert message == error_texts.not_found(missed(acme=error), "k7m2")


def test_an_id_on_which_the_bot_broke_can_be_tried_again() -> None:
    message = lookup_result([InternalError(MISSING)], card_context(SETTING))
    assert message == error_texts.internal_error(
        "k7m2", retry=[MISSING], thread_ts=SETTING.thread_ts
    )
