# ruff: noqa: RUF001 - digits and signs of many scripts
"""A number in any notation and any field is invisible in masked data.

What is visible is defined here independently of the implementation: digits of all scripts are
converted (NFKC, `unicodedata`), escapes are decoded, and only digits and the letters A to Z are
kept; of an address, only digits.
"""

import html
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Final
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE
from pydantic import JsonValue

from bot.signalwire.audio_quality import AudioQuality
from bot.signalwire.compatibility import CompatibilityCall
from bot.signalwire.errors import ApiError, BadRequestError, LogTooOldError, SignalWireError
from bot.signalwire.models import VoiceLog
from bot.signalwire.responses import parse_events, parse_voice_log
from bot.ui import lookup_result, search_results
from bot.ui.card_buttons import CardOptions
from bot.ui.details import view as details_view
from bot.ui.search_results import SearchButtons
from bot.voicelogs import masking
from bot.voicelogs.query import Query
from bot.voicelogs.results import (
    CallLegs,
    Details,
    Ending,
    Found,
    LookupResult,
    Match,
    NotFound,
    SearchResult,
)
from tests.support.cards import card_context
from tests.support.raw_json import as_text, document, raw
from tests.support.samples import DOCUMENTED

ID: Final = DOCUMENTED
NUMBER: Final = "12065551212"
LONG: Final = 64 * 1024
QUICK: Final = settings(max_examples=30)

# ── What is visible ───────────────────────────────────────────────────────────────────────────


def digit(character: str) -> str:
    value = unicodedata.digit(character, unicodedata.numeric(character, -1))
    return str(int(value)) if value in range(100) else character


def decodings(shown: str) -> set[str]:
    """Return a text, and the text with up to three levels of escapes decoded."""
    found = {shown}
    for _ in range(3):
        shown = html.unescape(unquote(unicodedata.normalize("NFKC", shown)))
        shown = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), shown)
        found.add(shown)
    return found


def readable_texts(shown: str) -> set[str]:
    """Return the digits and the letters A to Z of a text, for each way to decode it."""
    plain = {"".join(map(digit, decoding)) for decoding in decodings(shown)}
    plain |= {unicodedata.normalize("NFKC", each) for each in plain}
    return {re.sub("[^0-9A-Za-z]", "", each) for each in plain}


def assert_hidden(shown: str, number: str = NUMBER) -> None:
    """Assert that no seven consecutive digits of the number are visible."""
    parts = {number[start : start + 7] for start in range(len(number) - 6)}
    for readable_text in readable_texts(shown):
        assert not [part for part in parts if part in readable_text], shown


def digits_of(shown: str) -> str:
    return re.sub("[^0-9]", "", "".join(map(digit, shown)))


@pytest.mark.parametrize(
    "shown", [NUMBER, "1 206 555 1212", "1-2-0-6-5-5-5", "%31206%2D555%2D1212", "①②⓪⑥⑤⑤⑤①②①②"]
)
def test_the_check_detects_a_visible_number(shown: str) -> None:
    with pytest.raises(AssertionError):
        assert_hidden(shown)


# ── Notations ─────────────────────────────────────────────────────────────────────────────────


def between(mark: str) -> str:
    return mark.join(["1", "206", "555", "1212"])


def each(written: Callable[[int], str]) -> str:
    return "".join(written(int(one)) for one in NUMBER)


BETWEEN: Final = (
    *(" " * 4, " " * 100, "\t\t\t\t", "\n", "\r\n\r\n", "----", " - - ", "••••", "📞"),
    *("ー", "ʼ", "〜", "тел", "电话", "ª", "℡", "Ａ"),  # letters, but not A to Z
    *("%2D", "%2E", "%20%20%20%20", "%252D", "%252525252D", f"%{'25' * 20}2D", "%C2%AA"),
    *("&nbsp;", "\\u000a", "\\r\\n", "\\\\t"),
)
MARKS: Final = (
    *("•", "\u200b", "\u200d", "\u00ad", "\u200f", "\ufe0f", "\U000e0041", "\u3164"),
    *("\u0332", "\u0332" * 4, "\ufe0f\u20e3"),  # combining; the last makes a key of a digit
)
TEN_DIGITS: Final = (
    *("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙"),
    *("𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡", "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "🯰🯱🯲🯳🯴🯵🯶🯷🯸🯹"),
    *("₀₁₂₃₄₅₆₇₈₉", "⁰¹²³⁴⁵⁶⁷⁸⁹", "⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾"),
    *("🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊", "⓪⑴⑵⑶⑷⑸⑹⑺⑻⑼", "〇一二三四五六七八九"),
)
ESCAPES: Final[tuple[Callable[[int], str], ...]] = (
    lambda one: f"%3{one}",
    lambda one: f"%253{one}",
    lambda one: f"%D9%A{one}",
    lambda one: f"％3{one}",
    lambda one: f"&#{0x30 + one};",
    lambda one: f"&#x3{one};",
    lambda one: f"&#x3{one} ",
    lambda one: f"\\u003{one}",
    lambda one: f"\\ud835\\u{0xDFCE + one:04x}",
)
NOTATIONS: Final = (
    *map(between, BETWEEN),
    *(each(lambda one, mark=mark: f"{one}{mark}") for mark in MARKS),  # type: ignore[misc]
    *(each(lambda one, ten=ten: ten[one]) for ten in TEN_DIGITS),  # type: ignore[misc]
    *map(each, ESCAPES),
    *("⑫⓪⑥⑤⑤⑤⑫⑫", "1２٠६๕𝟝₅¹②❶2", f"%2B{NUMBER}", f"%252B{NUMBER}", "1206555%31212"),
    *("1 ((206)) [[555]] {1212}", "%12%06%55%51%21%2", "+1 (206) 555-1212", "+1.206.555.1212"),
    # What alone isn't a number: decimals, times, an IP address, a word of hex digits, an id.
    *("1.2 0.65 5.5 1.2 12", "0.1 0.2 0.0 0.6 0.5 0.5 0.5 0.1 0.2", "12:06 5:55 12:12"),
    *("1 206.55.51.212", f"{NUMBER}a0b0c0d0e0f0a0b0c0d0e", f"{NUMBER}{NUMBER}{NUMBER}"[:32]),
    *("12065551-2120-6555-1212-06555121206", f"12065{ID}551212", f"{ID} {NUMBER} {ID}"),
    *(f"00{NUMBER}", f"From={NUMBER}&To=1", f"/calls/{NUMBER}/status", f"conference_{NUMBER}"),
    *(f'{{"caller": "{NUMBER}"}}', f"tel:+{NUMBER};phone-context=example.com"),
    *(f"+{NUMBER};ext=1234", f"whatsapp:+{NUMBER}", '"Bob 1-206-555-1212" <sip:bob@acme.example>'),
    *(f"sip:desk-{NUMBER}@acme.example", f'"Bob" <sip:{NUMBER}@acme.example:5060>'),
    *(f"sip:+{NUMBER}@acme.example;user=phone", f"sip:bob:{NUMBER}@acme.example"),
    *("sip:bob@1.2065551212", "sip:bob@1.206.555.1212.example", "sip:bob@1206.555:1212"),
    *("sip:1206@555.1212", "sip:1206@555:1212", "sip:1206@555@1212"),
    *(f"sip:bob@acme.example;user={NUMBER}", f"sip:bob@acme.example?To=%2B{NUMBER}"),
)


@pytest.mark.parametrize("piece", ["1", "1 ", "123456a", "1234567a", "+1", "(206", "+12065550100,"])
@pytest.mark.parametrize("mask", [masking.mask_address, masking.mask_text])
def test_no_number_is_visible_in_a_long_text(piece: str, mask: Callable[[str], str]) -> None:
    for before in ("", '"', "+"):
        assert not re.search("[0-9]{7}", mask(before + piece * (LONG // len(piece))))


@pytest.mark.parametrize("code", sorted(COUNTRY_CODE_TO_REGION_CODE))
def test_no_number_of_any_country_is_visible(code: int) -> None:
    number = f"{code}2345678901"
    for mask in (masking.mask_address, masking.mask_text):
        assert_hidden(mask(f"+{number}"), number)


@pytest.mark.parametrize(
    "address",
    [
        *("1a2b0c6d5e5f5g1h2i1j2", "120655a51212", "1 then 206 then 555 then 1212"),
        *("sip:1a206b555c1212@acme.example", "sip:bob@a1.b206.c555.d1212.example"),
        *("sip:bob@acme.example;a=1206;b=555;c=1212", "1%61206%61555%611212"),
        "sip:bob@10.0.0.1;a=1206;b=555;c=1212",
    ],
)
def test_letters_in_an_address_do_not_reveal_a_number(address: str) -> None:
    assert digits_of(masking.mask_address(address).replace("10.0.0.1", "")) == "12"


# ── Places ────────────────────────────────────────────────────────────────────────────────────


def a_log(**fields: JsonValue) -> VoiceLog:
    return parse_voice_log(json.dumps({"id": ID, "status": "completed", **fields}).encode()).log


def found(**fields: JsonValue) -> Found:
    return Found(UUID(ID), "acme", a_log(**fields), raw(json.dumps({"id": ID, **fields})))


def rejected(message: str) -> SignalWireError:
    return BadRequestError(422, [ApiError(message, message)])


def card(result: LookupResult) -> str:
    """Return a shared card as posted."""
    message = lookup_result.lookup_result(
        [masking.mask_result(result)],
        card_context(CardOptions(public=True, shared_by="U0SHARES"), names_projects=True),
    )
    return posted(message.text, message.blocks)


def row(result: LookupResult) -> str:
    masked = masking.mask_result(result)
    message = lookup_result.lookup_result([masked, masked], card_context(names_projects=True))
    return posted(message.text, message.blocks)


def search(log: VoiceLog, error: SignalWireError | None = None) -> str:
    errors = {"acme": error} if error is not None else {}
    result = SearchResult(
        () if errors else (Match("acme", log),), scanned=0 if errors else 1, errors=errors
    )
    message = search_results.search_results(
        masking.mask_search(result),
        Query(),
        card_context(names_projects=True),
        buttons=SearchButtons(""),
    )
    return posted(message.text, message.blocks)


def modals(whole: Details) -> str:
    """Return all modals of a log as posted."""
    masked, context = masking.mask_details, card_context(names_projects=True)
    page = masked(details_view.reduce_to_page(whole, 1))
    errors = masked(details_view.reduce_to_page(whole, 1, errors_only=True))
    views = [
        details_view.view(page, context, page=1),
        details_view.legs_view(masked(whole), context),
        details_view.raw_view(masked(details_view.reduce_to_json(whole)), card_context()),
        details_view.errors_view(errors, context, page=1),
        details_view.text_view(masked(whole), context),
    ]
    return "\n".join(posted("", view["blocks"]) for view in views)


def posted(text: str, blocks: object) -> str:
    """Return each text of a message on a line, without the requested ID, which isn't masked."""
    decoded: object = json.loads(json.dumps([text, blocks]))
    shown = "\n".join(texts(decoded))
    return shown.replace(ID, " id ")


def texts(node: object) -> list[str]:
    if isinstance(node, str):
        return [f"{node} end"]
    if isinstance(node, list):
        return [text for item in node for text in texts(item)]
    if isinstance(node, dict):
        return [text for name, item in node.items() if name != "type" for text in texts(item)]
    return []


def everywhere(**fields: JsonValue) -> str:
    """Return everything that shows a log with these fields."""
    one = found(**fields)
    call_legs = CallLegs(one.log, (one.log, a_log(**{"id": ID[:-1] + "0", **fields})))
    return "\n".join([card(one), row(one), search(one.log), modals(Details(one, None, call_legs))])


def events(event: JsonValue) -> str:
    timeline = parse_events(json.dumps({"data": [event]}).encode())
    return modals(Details(found(), timeline))


def ended(text: str) -> str:
    """Return everything that shows how a leg ended, with `text` in each field."""
    call = CompatibilityCall(sid=ID, sip_result_code=text)
    one = replace(found(), call=call)
    ending = Ending(text, text, text, text, text)
    return "\n".join([card(one), row(one), modals(Details(one, ending=ending))])


TEXT_FIELDS: Final = ("id", "from", "to", "type", "source", "direction", "status", "parent_id")
NUMBER_FIELDS: Final = (
    *("charge", "duration", "duration_ms", "billing_ms", "created_at", "discarded_at"),
    *("audio_in_mos", "audio_out_jitter_avg", "audio_rtt_max", "audio_out_lost"),
)
PLACES: Final[dict[str, Callable[[str], str]]] = {
    **{name: lambda said, name=name: everywhere(**{name: said}) for name in TEXT_FIELDS},  # type: ignore[misc]
    "unknown field": lambda said: everywhere(note=said, other=f"call: {said} (now)"),
    "unknown list": lambda said: everywhere(parts=[[said], {"a": said}]),
    "charge line": lambda said: everywhere(
        charge_details=[{"description": said, "charge": 0.01}]
    ),
    "name of a field": lambda said: everywhere(**{said: 1}),
    "event's name": lambda said: events({"name": said}),
    "event's level": lambda said: events({"name": "x", "level": said}),
    "event's details": lambda said: events({"details": {"note": said}}),
    "end in an event": lambda said: events({"details": {"params": [{"to": said}]}}),
    "key in an event": lambda said: events({"details": {said: {said: [said]}}}),
    "how a leg ended": ended,
    "API's message": lambda said: "\n".join(
        [card(NotFound(UUID(ID), {"a": rejected(said), "b": rejected(said)})),
         card(NotFound(UUID(ID), {"a": rejected(said)})),
         row(NotFound(UUID(ID), {"a": rejected(said)}))]
    ),
    "list's message": lambda said: search(a_log(), rejected(said)),
    "date in an error": lambda said: card(NotFound(UUID(ID), {"a": LogTooOldError(said)})),
    "timeline's error": lambda said: modals(Details(found(), rejected(said), rejected(said))),
    "legs' errors": lambda said: modals(
        Details(found(), None, CallLegs(a_log(), (), None, 0, rejected(said), rejected(said)))
    ),
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_notation_reveals_a_number_in_any_place(place: str) -> None:
    for written in NOTATIONS:
        assert_hidden(PLACES[place](written))


NUMBERS: Final = st.one_of(
    st.text("0123456789", min_size=7, max_size=15).filter(lambda digits: len(set(digits)) > 2),
    st.just(NUMBER),
)
DIGITS: Final = [
    [character for character in map(chr, range(0x110000)) if unicodedata.digit(character, -1) == n]
    for n in range(10)
]
SEPARATORS: Final = st.text(
    st.one_of(
        st.sampled_from(" -.()/+%:;,\u200b\u2060\u202e\u0301\ufe0f\u20e3ー•&#=_@'\"\\\n\t"),
        st.characters(exclude_categories=["Cs"]),  # IDs have no surrogates
    ).filter(lambda one: not re.match("[A-Za-z]", one) and not digits_of(one)),
    max_size=5,
)


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a number and a notation: any digits, with any separators but letters."""
    number = draw(NUMBERS)
    plus = draw(st.sampled_from(["", "+", "%2B", "00 "]))
    pieces = [
        draw(st.one_of(st.just(one), st.sampled_from(DIGITS[int(one)]), st.just(f"%3{one}")))
        + draw(st.one_of(st.just(""), SEPARATORS))
        for one in number
    ]
    return number, plus + "".join(pieces)


@pytest.mark.parametrize("place", PLACES)
@QUICK
@given(pair=written())
def test_no_number_in_any_script_is_visible_in_any_place(place: str, pair: tuple[str, str]) -> None:
    number, said = pair
    assert_hidden(PLACES[place](said), number)


@QUICK
@given(pair=written(), at=st.integers(0, 20))
@example(pair=(NUMBER, "①②⓪⑥⑤⑤⑤①②①②"), at=6)
def test_no_number_is_visible_across_several_json_values(pair: tuple[str, str], at: int) -> None:
    number, said = pair
    first, second = said[:at], said[at:]
    masked = masking.mask_json({"a": [first, second], "b": {"": first, " ": second}})

    assert_hidden(re.sub(r"\\[nt]", " ", as_text(masked)), number)
    assert masking.mask_json(masked) == masked
    assert list(masked) == ["a", "b"]


@QUICK
@given(pair=written())
def test_masking_masked_text_changes_nothing(pair: tuple[str, str]) -> None:
    for mask in (masking.mask_address, masking.mask_text):
        once = mask(pair[1])
        assert mask(once) == once


@pytest.mark.parametrize("name", NUMBER_FIELDS)
@QUICK
@given(number=NUMBERS, point=st.integers(0, 15), quoted=st.booleans())
@example(number="0206551", point=1, quoted=False)
def test_no_number_is_visible_as_an_amount_or_a_time(
    name: str, number: str, point: int, *, quoted: bool
) -> None:
    amount = f"{number[:point]}.{number[point:]}" if 0 < point < len(number) else number
    value: JsonValue = amount if quoted else float(amount)
    if amount.startswith("0."):
        number = number[1:]  # a zero before the decimal point isn't part of a number
    assert_hidden(everywhere(**{name: value}), number)
    assert_hidden(everywhere(qos_metrics={name: value}), number)
    assert_hidden(everywhere(charge_details=[{"description": "a", name: value}]), number)


def test_a_callers_name_is_not_visible_in_any_place() -> None:
    called = f'"Quill" <sip:{NUMBER}@acme.example>'
    for place in PLACES.values():
        assert "Quill" not in place(called)
    assert "Quill" not in everywhere(caller_id_name="Quill", note={"body": "CallerName=Quill"})
    assert "Quill" not in events({"details": {"caller": {"first_name": "Quill"}}})


@pytest.mark.parametrize("name", AudioQuality.model_fields)
def test_no_number_is_visible_in_the_quality_of_a_compatibility_call(name: str) -> None:
    call = CompatibilityCall.model_validate({"sid": ID, name: NUMBER})
    shown = modals(Details(found(), ending=Ending(quality=call.quality)))
    assert_hidden(shown)


@pytest.mark.parametrize("number", ["5551212", "65551212", "206555121", "2065551212", NUMBER])
@pytest.mark.parametrize("name", ["calls", "duration", "from", "1"])
def test_no_number_is_visible_as_a_json_number(number: str, name: str) -> None:
    values: list[JsonValue] = [int(number), float(f"0.{number}"), [*map(int, number)], [*number]]
    for value in values:
        assert_hidden(everywhere(**{name: value}), number)
        assert_hidden(events({"details": {name: value}}), number)


@pytest.mark.parametrize("name", ["elapsed_us", "samples", "frames", "packet_count", "size"])
@QUICK
@given(
    pair=written(),
    number=st.integers(10**9, 10**15 - 1),
    whole=NUMBERS,
    point=st.integers(1, 14),
)
def test_no_number_is_visible_as_a_quantity_but_a_json_number_of_up_to_nine_digits(
    name: str, pair: tuple[str, str], number: int, whole: str, point: int
) -> None:
    """Most numbers have ten or more."""
    assert_hidden(everywhere(**{name: pair[1]}), pair[0])
    assert_hidden(everywhere(**{name: number}), str(number))
    values: list[JsonValue] = [
        [*map(int, whole)],
        [int(whole[:point]), int(f"0{whole[point:]}")],
        {name: whole, "a": int(whole)},
    ]
    for value in values:
        assert_hidden(everywhere(**{name: value}), whole)


def test_a_list_of_numbers_in_json_stays_a_list() -> None:
    sent = '{"a": [1, 2, 0, 6, 5, 5, 5, "1", "\\u0032", -1, 2], "b": [true, null, 12]}'
    masked = masking.mask_json(document(sent))
    assert masked == {"a": [*"•••••••••", -1, 2], "b": [True, None, 12]}


# ── What stays ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        *((kept, kept) for kept in ("0.0132", "0.121176", "0.037000", "12.0655", "9998.77")),
        *(("-0.01", "-0.01"), ("0.50415001", "0.50415"), ("1.2065551212", "1.20656")),
        *((hidden, None) for hidden in ("12065.55", "12065551212")),
    ],
)
def test_a_charge_keeps_six_digits(sent: str, shown: str | None) -> None:
    charge = masking.mask_log(a_log(charge=sent)).charge
    assert charge == (None if shown is None else Decimal(shown))
    assert str(charge) == str(shown)


def test_a_long_call_keeps_its_times() -> None:
    shown = card(found(duration_ms=3725009, billing_ms=3780000))
    assert "1 h 02 min" in shown
    assert "1 h 03 min" in shown
