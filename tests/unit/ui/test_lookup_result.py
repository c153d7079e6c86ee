"""What the golden files of lookups don't show: values of buttons, and long texts."""

from uuid import UUID

import pytest

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.dev.gallery.fixtures import logged
from bot.signalwire.errors import LogNotFoundError, UnavailableError
from bot.signalwire.models import VoiceLog
from bot.ui import actions
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.lookup_result import lookup_result
from bot.voicelogs.ids import in_text
from bot.voicelogs.results import Found, InternalError, LookupResult, NotFound
from tests.support.cards import card_context

MISSING = UUID("40400000-0000-4000-8000-000000000404")
OPTIONS = CardOptions(thread_ts="1763800000.000100")
EXAMPLE = logged(DOCUMENTED)
NOT_FOUND = NotFound(MISSING, {"acme": LogNotFoundError()})


def shown(*results: LookupResult, options: CardOptions | None = OPTIONS) -> Message:
    return lookup_result(results, card_context(options))


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
    "result",
    [InternalError(MISSING), NOT_FOUND, NotFound(MISSING, {"acme": UnavailableError("503", 3)})],
)
def test_try_again_holds_the_id_and_the_thread(result: LookupResult) -> None:
    retry = actions.retry([MISSING], OPTIONS.thread_ts)
    assert shown(result).blocks[-1] == {"type": "actions", "elements": [retry]}


def leg(number: int, parent: int | None = None, **changes: object) -> Found:
    def id_of(n: int) -> str:
        return f"1e90000{n}-0000-4000-8000-00000000000{n}"

    parent_id = None if parent is None else id_of(parent)
    body = {"id": id_of(number), "parent_id": parent_id, "charge": "0.01", **changes}
    return Found(UUID(id_of(number)), "acme", VoiceLog.model_validate(body))


def test_each_call_of_several_legs_has_a_total_that_names_it_by_no_truncated_id() -> None:
    text = shown(leg(1), leg(4), leg(2, 1), leg(5, 4), leg(6, 5)).text
    lines = [line for line in text.splitlines() if line.startswith("Total: ")]
    assert lines == [
        "Total: $0.02 for 2 legs of 1e900001-…-0001",
        "Total: $0.03 for 3 legs of 1e900004-…-0004",
    ]
    assert [line for line in lines if in_text(line).truncated] == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"charge": None}, "a charge"), ({"price_unit": "EUR"}, "a charge in dollars")],
)
def test_a_total_says_how_many_legs_it_leaves_out(changes: dict[str, object], what: str) -> None:
    text = shown(leg(1), leg(2, 1, **changes)).text
    assert f"Total: $0.01 for these 2 legs of one call (1 without {what})" in text
