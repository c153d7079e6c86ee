from uuid import UUID

from bot.dev.emulator.signalwire.catalog import DOCUMENTED
from bot.signalwire.models import VoiceLog
from bot.ui import voice_log_card
from bot.ui.block_kit import Message
from bot.ui.voice_log_card import CHARGE_LINES_LIMIT
from bot.voicelogs.results import Found
from tests.support.cards import card_context

WHOLE = {
    "from": "+12065550100",
    "to": "+12065550101",
    "charge": 1,
    "created_at": "2024-05-06T12:20:00Z",
    "duration_ms": 9638,
    "billing_ms": 60_000,
    "parent_id": DOCUMENTED,
}


def card(**fields: object) -> Message:
    log = VoiceLog.model_validate({"id": DOCUMENTED, "status": "busy", "type": "x", **fields})
    return voice_log_card.card(Found(UUID(DOCUMENTED), "acme", log), card_context())


def test_a_missing_field_changes_only_its_own_line() -> None:
    whole = card(**WHOLE).text.splitlines()
    for name in WHOLE:
        shown = card(**{**WHOLE, name: None}).text.splitlines()
        changed = [line for line in whole[1:] if line not in shown]
        assert (name, len(changed), len(shown)) == (name, 1, len(whole))


def test_charge_lines_up_to_the_limit_are_all_listed() -> None:
    lines = [{"description": f"Line {n}", "charge": n} for n in range(CHARGE_LINES_LIMIT)]
    text = card(charge_details=lines).text
    assert f"Line {CHARGE_LINES_LIMIT - 1}" in text
    assert "…" not in text
