import re
from datetime import timedelta
from random import Random
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.signalwire.models import STATUSES
from bot.slack.sealed_value import LIFETIME, SealedValues
from bot.voicelogs import phone_numbers
from bot.voicelogs import query as queries
from tests.support.samples import NOW

SECRET: Final = "8f742231b10e8888abcd99yyyzzz85a5"
NEWER: Final = "93ab5c1d20e7f4468a1b2c3d4e5f6071"
VALUE_LIMIT: Final = 2000
"""docs.slack.dev: reference/block-kit/block-elements/button-element, `value`."""


def sealing(*secrets: str, after: timedelta = timedelta(0)) -> SealedValues:
    """Create SealedValues as in a process with these secrets, some time after NOW."""
    return SealedValues(secrets or (SECRET,), now=lambda: NOW + after)


def unsealed(value: str, by: SealedValues) -> str | None:
    return by.unseal(value, purpose="number")


@given(st.text())
def test_another_process_with_the_same_secret_unseals_a_value(text: str) -> None:
    assert unsealed(sealing().seal(text, purpose="number"), sealing()) == text


@pytest.mark.parametrize(
    ("made_after", "opened_after", "purpose", "is_valid"),
    [
        (timedelta(), LIFETIME, "number", True),
        (timedelta(), LIFETIME + timedelta(seconds=1), "number", False),
        # by a process whose clock is behind
        (timedelta(minutes=5), timedelta(), "number", True),
        (timedelta(), timedelta(), "search", False),
    ],
)
def test_a_value_is_unsealed_for_a_day_and_for_its_purpose_only(
    made_after: timedelta, opened_after: timedelta, purpose: str, *, is_valid: bool
) -> None:
    assert timedelta(days=1) == LIFETIME
    value = sealing(after=made_after).seal("12065550100", purpose=purpose)

    assert unsealed(value, sealing(after=opened_after)) == ("12065550100" if is_valid else None)


def test_sealing_a_text_twice_gives_different_values() -> None:
    sealed = sealing()

    assert sealed.seal("12065550100", purpose="n") != sealed.seal("12065550100", purpose="n")


@pytest.mark.parametrize("secrets", [(NEWER, SECRET), (SECRET, NEWER)])
def test_either_secret_of_a_rotation_unseals(secrets: tuple[str, str]) -> None:
    for secret in secrets:
        value = sealing(secret).seal("12065550100", purpose="number")
        assert unsealed(value, sealing(*secrets)) == "12065550100"


def test_the_first_secret_of_a_rotation_seals() -> None:
    value = sealing(NEWER, SECRET).seal("12065550100", purpose="number")

    assert unsealed(value, sealing(NEWER)) == "12065550100"
    assert unsealed(value, sealing(SECRET)) is None


@pytest.mark.parametrize("place", range(0, 96, 3))
def test_a_modified_value_is_not_unsealed(place: int) -> None:
    value = sealing().seal("12065550100", purpose="number")
    other = "A" if value[place] != "A" else "B"

    assert unsealed(value[:place] + other + value[place + 1 :], sealing()) is None
    assert unsealed(value[:place], sealing()) is None


@given(st.text() | st.text("gA_-=0 ", min_size=56))
@example("\ud800")
@example("\u0660-\u0661 - - 20")
@example("2026-11-02T15:00:00+00:00 - - 20 failed")
@example("x" * 250_000)
def test_arbitrary_text_is_not_unsealed(value: str) -> None:
    assert unsealed(value, sealing()) is None


@given(st.text("0123456789", min_size=5, max_size=15))
def test_a_value_does_not_reveal_the_number(digits: str) -> None:
    with pytest.MonkeyPatch.context() as patched:  # a random value may contain these digits
        patched.setattr("nacl.secret.random", Random(digits).randbytes)  # noqa: S311 - reproducible
        value = sealing().seal(phone_numbers.telephone(digits).saved(), purpose="number")
    fives = ["".join(five) for five in zip(*(digits[n:] for n in range(5)), strict=False)]

    assert not [five for five in fives if five in value]


@pytest.mark.parametrize("character", ["x", "é", "\N{CJK UNIFIED IDEOGRAPH-4E00}", "\U00010348"])
def test_the_longest_search_fits_into_a_value(character: str) -> None:
    """All filters, a time span, two numbers of the maximum length, and a cursor."""
    address = f"/{character * (254 // len(character.encode()))}"
    text = f"{address} {address} since 2026-10-20 until 2026-10-21 {' '.join(queries.FILTERS)}"
    query = queries.find(text, now=NOW)
    assert len(query.numbers) == 2
    assert set(STATUSES) < set(query.filters)
    cursor = f"{NOW.replace(microsecond=123456).isoformat()} {'0' * 36}"
    value = sealing().seal(f"{cursor} {query.serialize()}", purpose="search")

    assert len(value) <= VALUE_LIMIT
    assert re.fullmatch(r"[\w=-]+", value, re.ASCII)


def test_a_text_of_1447_bytes_is_the_longest_that_fits() -> None:
    fits, does_not = (len(sealing().seal("x" * n, purpose="search")) for n in (1447, 1448))

    assert fits <= VALUE_LIMIT < does_not


@pytest.mark.parametrize(
    "written",
    [
        *("+1 (206) 555-0100", "0100", "007", "000", "0049 30 123456", "sip:bob@example.com"),
        *("sips:bob", "sip:sip:bob", "sip:s:bob", "/private/Bob", "SIP:1206@x", "@12"),
        "sip:Straße",
    ],
)
def test_an_unsealed_number_is_the_sealed_one(written: str) -> None:
    made = phone_numbers.address if phone_numbers.is_address(written) else phone_numbers.telephone
    number = made(written)
    again = phone_numbers.restore(number.saved())

    assert (again.digits, again.fragment) == (number.digits, number.fragment)
    assert not re.search(r"\s", number.saved())
