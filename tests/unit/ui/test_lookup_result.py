import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog
from bot.signalwire.errors import (
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
from bot.ui import actions, card_buttons, error_messages, voice_log_card
from bot.ui import errors as error_texts
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.lookup_result import lookup_result
from bot.voicelogs.ids import in_text
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
MISSING = UUID("40400000-0000-4000-8000-000000000404")
ENTRIES = {entry.description: entry for entry in catalog(NOW)}
OPTIONS = CardOptions(thread_ts="1763800000.000100")
TRANSIENT: tuple[SignalWireError, ...] = (
    LogNotFoundError(),
    RateLimitedError(30.0),
    UnavailableError("timeout", 3),
    InvalidResponseError("not JSON"),
)
PERMANENT: tuple[SignalWireError, ...] = (
    AuthenticationError(),
    LogTooOldError("2026-10-01"),
    BadRequestError(400, []),
)


def found(what: str) -> Found:
    entry = ENTRIES[what]
    body = json.loads(json.dumps(entry.body), parse_float=Decimal)
    return Found(UUID(entry.id), "acme", VoiceLog.model_validate(body))


def missed(error: SignalWireError) -> NotFound:
    return NotFound(MISSING, {"acme": error})


def shown(*results: LookupResult, options: CardOptions | None = OPTIONS) -> Message:
    return lookup_result(results, card_context(options))


EXAMPLE = found("the documentation's own example")
NOT_FOUND = missed(LogNotFoundError())


def test_ten_long_rows_are_all_in_the_text() -> None:
    fields = {"from": "sip:" + "a" * 300, "to": "sip:" + "b" * 300, "status": "x" * 300}
    log = VoiceLog.model_validate({"id": DOCUMENTED, "charge": 1, **fields})
    assert shown(*[Found(UUID(DOCUMENTED), "acme", log)] * 10).text.count(DOCUMENTED) == 10


@pytest.mark.parametrize(
    ("found", "failed", "missed_too", "title"),
    [
        (2, 0, 0, "2 voice logs found"),
        (2, 0, 1, "2 voice logs found"),
        (2, 1, 0, "2 found, 1 couldn't be looked up"),
        (1, 3, 2, "1 found, 3 couldn't be looked up"),
        (0, 2, 0, "2 IDs couldn't be looked up"),
    ],
)
def test_the_title_counts_what_was_found_and_what_failed(
    found: int, failed: int, missed_too: int, title: str
) -> None:
    results = [EXAMPLE] * found + [InternalError(MISSING)] * failed + [NOT_FOUND] * missed_too
    assert shown(*results).text.splitlines()[0] == title


def test_buttons_of_rows_hold_the_id_and_the_thread() -> None:
    message = shown(EXAMPLE, InternalError(MISSING))
    accessories = [
        block["accessory"]
        for block in message.blocks
        if block["type"] == "section" and "accessory" in block
    ]
    assert accessories == [
        actions.card(EXAMPLE.log_id, OPTIONS.thread_ts),
        actions.card(MISSING, OPTIONS.thread_ts, "Try again"),
    ]


@pytest.mark.parametrize(
    "results", [[EXAMPLE, NOT_FOUND], [EXAMPLE], [NOT_FOUND], [InternalError(MISSING)]]
)
def test_buttons_change_no_text_and_need_options(results: list[LookupResult]) -> None:
    without = shown(*results, options=None)
    assert shown(*results).text == without.text
    assert "action_id" not in str(without.blocks)


@pytest.mark.parametrize("what", ["status completed", "status in-progress"])
def test_the_card_of_a_single_id_has_the_buttons_of_its_options(what: str) -> None:
    result = found(what)
    row = card_buttons.card_row(result.log_id, is_live=result.log.is_live, options=OPTIONS)
    assert shown(result) == voice_log_card.card(result, card_context(OPTIONS))
    assert shown(result).blocks[-1] == {"type": "actions", "elements": row}


@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
def test_a_transient_error_of_a_single_id_can_be_retried(error: SignalWireError) -> None:
    retry = actions.retry([MISSING], OPTIONS.thread_ts)
    assert shown(missed(error)).blocks[-1] == {"type": "actions", "elements": [retry]}


@pytest.mark.parametrize("error", PERMANENT, ids=lambda error: type(error).__name__)
def test_a_permanent_error_of_a_single_id_cannot_be_retried(error: SignalWireError) -> None:
    assert shown(missed(error)) == lookup_result([missed(error)], card_context())


def test_an_internal_error_of_a_single_id_can_be_retried() -> None:
    assert shown(InternalError(MISSING)) == error_messages.failed(
        error_texts.INTERNAL_ERROR, "k7m2", retry=[MISSING], thread_ts=OPTIONS.thread_ts
    )


def leg(number: int, parent: int | None = None, **fields: object) -> Found:
    def id_of(n: int) -> str:
        return f"1e90000{n}-0000-4000-8000-00000000000{n}"

    parent_id = None if parent is None else id_of(parent)
    body = {"id": id_of(number), "parent_id": parent_id, "charge": "0.01", **fields}
    return Found(UUID(id_of(number)), "acme", VoiceLog.model_validate(body))


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([leg(1), leg(2)], []),
        ([leg(1), NOT_FOUND], []),
        ([leg(1), leg(2, 1, charge="0.0132")], ["$0.0232 for these 2 legs of one call"]),
        ([leg(2, 1), leg(3, 1)], ["$0.02 for these 2 legs of one call"]),
        ([leg(1), leg(2, 1), leg(4)], ["$0.02 for 2 legs of 1e900001-…-0001"]),
        ([leg(2, 1), leg(3, 1), InternalError(MISSING)], ["$0.02 for 2 legs of 1e900001-…-0001"]),
        (
            [leg(1), leg(4), leg(2, 1), leg(5, 4), leg(6, 5)],
            ["$0.02 for 2 legs of 1e900001-…-0001", "$0.03 for 3 legs of 1e900004-…-0004"],
        ),
        ([leg(1), leg(2, 1, status="ringing")], ["$0.02 so far for these 2 legs of one call"]),
        (
            [leg(1), leg(2, 1, charge=None)],
            ["$0.01 for these 2 legs of one call (1 without a charge)"],
        ),
        ([leg(1, charge=None), leg(2, 1, charge=None)], []),
    ],
)
def test_results_of_one_call_have_a_total(results: list[LookupResult], expected: list[str]) -> None:
    message = shown(*results)
    lines = [line for line in message.text.splitlines() if line.startswith("Total: ")]
    assert lines == [f"Total: {line}" for line in expected]
    assert [line for line in lines if in_text(line).truncated] == []
    assert len(re.findall(r'"Total: ', json.dumps(message.blocks))) == len(lines)
