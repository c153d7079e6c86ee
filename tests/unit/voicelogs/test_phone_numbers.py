from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import MAX_NUMBERS, in_texts

ONE = "+1 206-555-0101"


def full_width(text: str) -> str:
    """Return a text in full-width characters."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.mark.parametrize(
    "written",
    [
        *("+1 206 555 0101", "+12065550101", "(206) 555-0101", "206.555.0101", "206-555-0101"),
        *("2065550101", "1-206-555-0101", "tel:+12065550101", "<tel:+12065550101|call>"),
        *(full_width("+12065550101"), "+1\u00a0206\u00a0555\u00a00101", "call (206)555-0101 now."),
        *("206-555-0101 x77", "+1 206 555 0101 ext. 5", "tel:+12065550101;ext=5"),
        *("*+12065550101*", "`+12065550101`", "from:+12065550101,", "(+12065550101)"),
    ],
)
def test_a_number_is_found_in_each_notation(written: str) -> None:
    assert in_texts([written]) == [ONE]


def test_a_number_of_another_country_is_found_in_international_form() -> None:
    assert in_texts(["ring +44 20 7946 0958"]) == ["+44 20 7946 0958"]


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", "hello", "12345", "5550101", "2026-11-20 15:30:00", "order 1234567890123456"),
        *("1795366800", "10.0.0.1:65535", "$1,250.00", "0.154996", "v1.2.3-4567", "+", "+1 206"),
        *("b7182dc2-00f3-40e4-a5ce-20f164b329df", "00000000000", "111-111-1111"),
        *("invoice 2026-11-0042", "INV-2026-11-0042", "2026-11-2004 15:00", "206 2026-11-0042 555"),
    ],
)
def test_an_invalid_number_is_not_found(written: str) -> None:
    assert in_texts([written]) == []


def test_a_number_beside_that_of_a_document_is_found() -> None:
    assert in_texts(["2026-11-0042 206 555 0101 2026-11-0043"]) == [ONE]


def test_the_first_three_distinct_numbers_are_found_in_order() -> None:
    texts = ["206 555 0103, 206 555 0101", "+12065550103", "206 555 0102; 206 555 0104"]

    assert MAX_NUMBERS == 3
    assert in_texts(texts) == ["+1 206-555-0103", "+1 206-555-0101", "+1 206-555-0102"]


def test_texts_are_not_joined() -> None:
    assert in_texts(["206 555", "0101"]) == []


def test_reading_stops_after_three_numbers() -> None:
    read = list[str]()

    def texts() -> Iterator[str]:
        for last in range(1, 9):
            read.append(f"206 555 010{last}")
            yield read[-1]

    assert len(in_texts(texts())) == 3
    assert len(read) == 3


def test_only_the_beginning_of_long_texts_is_read() -> None:
    assert in_texts(["x" * 3900, "206 555 0101"]) == [ONE]
    assert in_texts(["x" * 4000, "206 555 0101"]) == []
    assert in_texts(["x" * 3990 + " 206 555 0101"]) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=5))
def test_any_text_is_read(texts: list[str]) -> None:
    found = phone_numbers.in_texts(texts)

    assert len(found) <= MAX_NUMBERS
    assert all(number.startswith("+") for number in found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(("2065550103", ONE[:-1] + "3"), ("12065550103", ONE[:-1] + "3"), ("5550103", "555-0103")),
        *(("+44 20 7946 0958", "+44 20 7946 0958"), ("0103", "0103"), ("55501", "55501")),
    ],
)
def test_a_number_is_formatted_as_in_its_country(text: str, shown: str) -> None:
    assert phone_numbers.telephone(text).formatted() == shown


def test_an_address_is_shown_in_lower_case_without_its_scheme() -> None:
    assert phone_numbers.address("sip:Alice@acme.example").formatted() == "alice@acme.example"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("From=%2B12065550101&To=%2B12065550103", [ONE, "+1 206-555-0103"]),
        ("\u202a+1 206\u2011555\u20110101\u202c", [ONE]),
        ("call sip:Reception@acme.example.", ["sip:reception@acme.example"]),
        ("sip:<mailto:jo@acme.example|jo@acme.example>", ["sip:jo@acme.example"]),
        ("sip%3Ajo%40acme.example", ["sip:jo@acme.example"]),
        ("sip:+12065550101@sip.example", [ONE]),
        ("sip:101@acme.example", ["sip:101@acme.example"]),
        ("jo@acme.example, gossip:jo@acme.example, sip:jo", []),
    ],
)
def test_pasted_numbers_and_sip_addresses_are_found(text: str, found: list[str]) -> None:
    assert in_texts([text]) == found


def test_found_address_is_searched_for_as_an_address() -> None:
    (address,) = in_texts(["sip:jo@acme.example"])
    assert phone_numbers.restore(address).matches("sip:jo@acme.example:5060")
    assert phone_numbers.kind_of([address]) == "SIP address"
    assert phone_numbers.kind_of([address, ONE]) == "phone number"
