"""The text to copy: plain, with one fact on each line."""

import json
from uuid import UUID

import pytest

from bot.signalwire.compatibility import CompatibilityCall
from bot.ui.card_context import CardContext
from bot.ui.details import copy_text
from bot.voicelogs.results import Found
from tests.unit.ui.details_examples import A, after, found

CONTEXT = CardContext("k7m2", after(840), names_projects=True)


def lines(**fields: object) -> list[str]:
    text = json.dumps({"id": A, "created_at": after(0).isoformat(), **fields})
    return copy_text.text(found(text), CONTEXT).splitlines()


@pytest.mark.parametrize("sent", ["&lt;", "&amp;lt;", "a<b>", "https://acme.example/?a=1&b=2"])
def test_values_are_copied_as_they_were_sent(sent: str) -> None:
    assert f"From: {sent}" in lines(**{"from": sent})


def test_a_call_without_a_log_is_copied_with_its_sip_result_code() -> None:
    call = CompatibilityCall.model_validate({"sid": A, "sip_result_code": 486})
    called = Found(UUID(A), "acme", call.as_voice_log(), call=call)
    assert copy_text.text(called, CONTEXT).splitlines() == [
        "SIP result code: 486 Busy Here",
        "Project: acme",
        f"Call SID: {A}",
    ]
