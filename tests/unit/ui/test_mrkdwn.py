import re
import unicodedata
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import mrkdwn
from tests.unit.ui.untrusted_text import HOSTILE

WILD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("`<>&*_~@#|\n\u202e\u2066\u200b\u0301\u00a0\U000e0041\ud800"),
    ),
    max_size=300,
)
INVISIBLE = {
    "right_to_left_override": "\u202e",
    "left_to_right_isolate": "\u2066",
    "direction_mark": "\u200f",
    "zero_width_space": "\u200b",
    "zero_width_joiner": "\u200d",
    "word_joiner": "\u2060",
    "byte_order_mark": "\ufeff",
    "soft_hyphen": "\u00ad",
    "tag": "\U000e0041",
    "bell": "\x07",
    "escape": "\x1b",
    "null": "\x00",
    "private_use": "\ue000",
    "unassigned": "\U0003ffff",
    "half_a_character": "\ud800",
}


@pytest.mark.parametrize("invisible", INVISIBLE.values(), ids=INVISIBLE.keys())
def test_invisible_characters_are_dropped(invisible: str) -> None:
    assert mrkdwn.clean(f"a{invisible}b{invisible * 3}") == "ab"


@pytest.mark.parametrize(
    "space", [" ", "\n", "\r\n", "\t", "\v", "\f", "\u00a0", "\u2028", "\u2029", "\u3000", "  \n "]
)
def test_every_whitespace_character_becomes_a_space(space: str) -> None:
    assert mrkdwn.clean(f"{space}a{space}b{space}") == "a b"


@pytest.mark.parametrize(
    "text",
    [
        "sip:+12065550110@sip.signalwire.com",
        "Zo\u00eb Nu\u00f1ez",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u0928\u092e\u0938\u094d\u0924\u0947",
        "Vi\u1ec7t Nam",
        "e\u0323\u0302",
        "\u4f60\u597d",
        "\U0001f4de",
    ],
)
def test_names_are_unchanged(text: str) -> None:
    assert mrkdwn.clean(text) == text


@pytest.mark.parametrize("between", ["\u200b", "\ufe0f", "\u034f", ""])
@pytest.mark.parametrize("mark", ["\u0301", "\u0489"])
def test_stacked_combining_marks_are_cut_to_two(mark: str, between: str) -> None:
    assert mrkdwn.clean("a" + (mark + between) * 300 + "b") == "a" + mark * 2 + "b"


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [("abc", 3, "abc"), ("", 3, ""), ("abcd", 3, "ab\u2026"), ("ab cd", 4, "ab\u2026")],
)
def test_long_text_ends_with_an_ellipsis_within_the_limit(
    text: str, limit: int, clipped: str
) -> None:
    assert mrkdwn.clip(text, limit) == clipped


@given(text=WILD, limit=st.integers(1, 50))
def test_clipping_never_exceeds_the_limit(text: str, limit: int) -> None:
    assert len(mrkdwn.clip(text, limit)) <= limit


def test_slacks_control_characters_become_entities_once() -> None:
    assert mrkdwn.escape("<a & b> &lt;") == "&lt;a &amp; b&gt; &amp;lt;"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_any_text_is_inert(hostile: str) -> None:
    assert re.fullmatch(r"`[^`<>\n]+`", mrkdwn.code(hostile))
    assert re.fullmatch(r"`[^`<>\n]+`", mrkdwn.address(hostile))
    assert not set(mrkdwn.plain_word(hostile)) & set("<>&*~`@#|:!\n\u2028\u200b")
    assert not set(mrkdwn.mrkdwn_to_text(mrkdwn.code(hostile))) & set("<>`\n")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("<!channel> & `x`\n*y*", "&lt;!channel&gt; &amp; 'x' *y*"),
        ("<" * 10, "&lt;" * 10),
        ("<" * 11, "&lt;" * 9 + "\u2026"),
    ],
)
def test_code_shows_text_as_it_was_sent_and_counts_and_cuts_no_part_of_an_entity(
    sent: str, shown: str
) -> None:
    assert mrkdwn.code(sent, 40) == f"`{shown}`"


@pytest.mark.parametrize(
    "nothing",
    [
        *("", "  ", "\n", "\u200b", "\u202e\u2066"),
        *("\u3164" * 3, "\u115f", "\u2800", "\ufe0f", "\U000e0101"),
    ],
)
def test_code_is_never_empty(nothing: str) -> None:
    assert mrkdwn.code(nothing) == "`(blank)`"


@given(text=WILD)
def test_code_is_one_span_of_visible_characters(text: str) -> None:
    shown = mrkdwn.code(text)
    assert re.fullmatch(r"`[^`<>]+`", shown)
    assert {unicodedata.category(c)[0] for c in shown} & {"C"} == set()
    assert re.sub("&(?:amp|lt|gt);", "", shown).count("&") == 0
    assert len(shown) <= 120 * 5 + 2


def test_a_word_keeps_letters_digits_and_a_few_signs() -> None:
    assert mrkdwn.plain_word("no-answer (v2.1)/x") == "no-answer (v2.1)/x"
    assert mrkdwn.plain_word("\u00fcbergabe") == "\u00fcbergabe"
    assert mrkdwn.plain_word("to 1 ••••••••12") == "to 1 ••••••••12"


def test_a_word_is_short_and_never_empty() -> None:
    assert mrkdwn.plain_word("x" * 100) == "x" * 39 + "\u2026"
    assert mrkdwn.plain_word("<!>") == "(blank)"
    assert mrkdwn.plain_word("") == "(blank)"


def test_a_url_in_plain_text_is_no_link() -> None:
    plain_text = mrkdwn.mrkdwn_to_text(mrkdwn.code("https://evil.example"))
    assert "://" not in plain_text
    assert plain_text.replace("\u2060", "") == "https://evil.example"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("+12065550100", "+1 206-555-0100"),
        ("+442079460100", "+44 20 7946 0100"),
        ("+4930232550100", "+49 30 232550100"),
        ("whatsapp:+15557654321", "WhatsApp +1 555-765-4321"),
        ("WhatsApp:+12065550147", "WhatsApp +1 206-555-0147"),
        ("whatsapp:+1 ••••••••47", "WhatsApp +1 ••••••••47"),
        ("whatsapp:+1<!here>", "WhatsApp +1&lt;!here&gt;"),
    ],
)
def test_a_number_is_in_international_form_and_whatsapp_is_named(sent: str, shown: str) -> None:
    assert mrkdwn.address(sent) == f"`{shown}`"


@pytest.mark.parametrize(
    "sent",
    [
        "sip:+12065550110@sip.signalwire.com",
        "sip:reception@acme.dapp.signalwire.com",
        "whatsapp:alice",
        "/private/reception",
        "freeswitch",
        "Anonymous",
        "2065550100",
        "12065550100",
        "+1206555010012345678",
        "+266696687",
        "+02065550100",
        "+1 206 555 0100",
        "+12065550100;ext=5",
        "911",
        "+999999999999",
        *("+112065550100", "+4407911123456"),  # phonenumbers would drop a digit
    ],
)
def test_any_other_address_is_shown_as_it_was_sent(sent: str) -> None:
    assert mrkdwn.address(sent) == f"`{sent}`"


def test_a_long_address_is_clipped() -> None:
    assert mrkdwn.address("sip:" + "x" * 500, 60) == f"`sip:{'x' * 55}\u2026`"


@pytest.mark.parametrize(
    ("dollars", "shown"),
    [
        ("0", "$0.00"),
        ("0.0", "$0.00"),
        ("0.01", "$0.01"),
        ("0.010", "$0.010"),
        ("0.0066", "$0.0066"),
        ("0.121176", "$0.121176"),
        ("0.50415001", "$0.50415001"),
        ("12", "$12.00"),
        ("1234567.5", "$1,234,567.50"),
        ("1E+2", "$100.00"),
        ("1E-7", "$0.0000001"),
        ("-0.01", "-$0.01"),
        ("-0", "$0.00"),
        # more digits than the decimal context has
        ("-12345.123456789012345678901234567890", "-$12,345.123456789012345678901234567890"),
    ],
)
def test_money_has_every_digit_and_at_least_two_decimals(dollars: str, shown: str) -> None:
    assert mrkdwn.money(Decimal(dollars)) == shown


@given(
    dollars=st.decimals(-(10**9), 10**9, allow_nan=False, places=8),
)
def test_money_can_be_read_back(dollars: Decimal) -> None:
    assert Decimal(mrkdwn.money(dollars).replace("$", "").replace(",", "")) == dollars


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Call `abc` to `def`", "Call abc to def"),
        ("Press *Share*, then *Look up voice log*.", "Press Share, then Look up voice log."),
        ("*Label*\n`*67*`", "Label\n*67*"),
        ("*`label`* `*`", "label *"),
        ("2 calls with *97@acme.example", "2 calls with *97@acme.example"),
        ("5 * 3 * 2", "5 * 3 * 2"),
    ],
)
def test_emphasis_and_code_marks_are_removed_and_other_asterisks_stay(
    marked: str, plain: str
) -> None:
    assert mrkdwn.mrkdwn_to_text(marked) == plain


def test_a_time_is_a_date_token_with_utc_in_its_fallback() -> None:
    when = datetime(2024, 5, 6, 12, 20, 0, 999_999, tzinfo=UTC)
    assert mrkdwn.date_token(when) == (
        "<!date^1714998000^{date_short_pretty} at {time_secs}|2024-05-06 12:20:00 UTC>"
    )
