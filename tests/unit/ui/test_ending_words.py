import pytest

from bot.ui import ending_words


@pytest.mark.parametrize(
    "sent", ["486", "486.0", "sip:486", "486 Busy Here", "SIP/2.0 486 busy here", "486 "]
)
def test_a_sip_code_has_its_standard_phrase_once(sent: str) -> None:
    assert ending_words.sip_code(sent) == "486 Busy Here"


@pytest.mark.parametrize("sent", ["486 Out to lunch", "699", "799", "4860", "busy", "486.5"])
def test_any_other_sip_code_is_shown_as_sent(sent: str) -> None:
    assert ending_words.sip_code(sent) == f"`{sent}`"


@pytest.mark.parametrize("sent", ["USER_BUSY", "user-busy", "User Busy", "17"])
def test_a_hangup_cause_has_its_meaning(sent: str) -> None:
    assert ending_words.hangup_cause(sent) == f"`{sent}` (busy)"


@pytest.mark.parametrize("sent", ["SOLAR_FLARE", "999", "-17"])
def test_an_unknown_hangup_cause_has_none(sent: str) -> None:
    assert ending_words.hangup_cause(sent) == f"`{sent}`"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("human", "`human`"),
        ("machine", "`machine`"),
        ("machine_start", "`machine_start` (a machine)"),
        ("machine_end_beep", "`machine_end_beep` (a machine)"),
        ("fax", "`fax`"),
        ("unknown", "`unknown`"),
    ],
)
def test_who_answered_is_shown_as_sent(sent: str, shown: str) -> None:
    assert ending_words.answered_by(sent) == shown
