import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.voicelogs.unicode import nfkc


@given(st.text(max_size=256))
def test_short_text_is_normalized_as_a_whole(text: str) -> None:
    assert nfkc(text) == unicodedata.normalize("NFKC", text)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_wide_digits_are_normalized_at_any_position(before: int, digits: int) -> None:
    assert nfkc("x" * before + "\uff11" * digits) == "x" * before + "1" * digits
