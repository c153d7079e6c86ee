from itertools import count

from bot.desks.shelf import NUMBERS_KEPT, SECONDS_KEPT, Shelf, new_token
from bot.numbers import Number, telephone

ONE, OTHER = telephone("+1 206 555 0101"), telephone("+1 206 555 0102")


class Seconds:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def shelf(seconds: Seconds | None = None) -> Shelf:
    tokens = (f"t{number}" for number in count())
    return Shelf(new_token=lambda: next(tokens), elapsed=seconds or Seconds())


def test_a_number_is_found_under_its_token() -> None:
    kept = shelf()

    assert (kept.put(ONE), kept.put(OTHER)) == ("t0", "t1")
    assert kept.get("t0") == ONE
    assert kept.get("t1") == OTHER
    assert kept.get("t0") == ONE


def test_an_unknown_token_stands_for_nothing() -> None:
    kept = shelf()
    kept.put(ONE)

    for token in ("", "t1", "T0", "t0 ", "-"):
        assert kept.get(token) is None


def test_a_number_is_kept_for_half_an_hour_and_no_longer() -> None:
    seconds = Seconds()
    kept = shelf(seconds)
    token = kept.put(ONE)
    seconds.now = SECONDS_KEPT - 1
    assert kept.get(token) == ONE
    seconds.now = SECONDS_KEPT

    assert SECONDS_KEPT == 30 * 60
    assert kept.get(token) is None


def test_reading_a_number_does_not_keep_it_longer() -> None:
    seconds = Seconds()
    kept = shelf(seconds)
    token = kept.put(ONE)
    for minute in range(30):
        seconds.now = minute * 60
        assert kept.get(token) == ONE
    seconds.now = SECONDS_KEPT

    assert kept.get(token) is None


def test_the_same_number_put_twice_has_two_tokens() -> None:
    kept = shelf()

    assert kept.put(ONE) != kept.put(ONE)


def test_there_is_room_for_a_few_thousand_and_the_newest_is_always_kept() -> None:
    kept = shelf()
    tokens = [kept.put(Number(f"{number}", f"{number}")) for number in range(NUMBERS_KEPT + 10)]
    there = [token for token in tokens if kept.get(token) is not None]

    assert len(there) == NUMBERS_KEPT
    assert tokens[-1] in there
    assert tokens[:10] == [token for token in tokens if token not in there]


def test_a_token_cannot_be_guessed_and_fits_into_a_value() -> None:
    tokens = {new_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {12}
    # The value of a button is split at its blanks, and "-" there stands for no number.
    assert not any(token.isspace() or " " in token or token == "-" for token in tokens)
