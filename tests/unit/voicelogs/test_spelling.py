import pytest

from bot.voicelogs import spelling


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        *(("", "", 0), ("find", "find", 0), ("fnd", "find", 1), ("finnd", "find", 1)),
        *(("fond", "find", 1), ("fidn", "find", 1), ("ifdn", "find", 2), ("", "find", 4)),
        *(("stauts", "status", 1), ("recetn", "recent", 1), ("kitten", "sitting", 3)),
    ],
)
def test_edits_are_insertions_deletions_substitutions_and_swaps(
    one: str, other: str, distance: int
) -> None:
    assert spelling.edit_distance(one, other) == distance
    assert spelling.edit_distance(other, one) == distance


def test_a_longer_word_may_have_two_mistakes() -> None:
    assert spelling.nearest("staus", ["status"]) == "status"
    assert spelling.nearest("stts", ["status"]) is None
    assert spelling.nearest("sttuss", ["status"]) == "status"


def test_the_nearest_word_is_found_unless_it_is_very_short() -> None:
    assert spelling.nearest("finds", ["fins", "find"]) == "fins"
    assert spelling.nearest("fi", ["fin"]) is None
    assert spelling.nearest("find", []) is None


@pytest.mark.parametrize("word", ["unfinished", "inactive", "unsuccesful", "nonlive"])
def test_a_word_is_never_corrected_to_its_opposite(word: str) -> None:
    assert spelling.nearest(word, ["finished", "active", "successful", "live"]) is None


def test_a_word_that_only_begins_like_a_negation_may_be_misspelled() -> None:
    assert spelling.nearest("inbuond", ["inbound", "outbound"]) == "inbound"
    assert spelling.nearest("unbound", ["inbound"]) == "inbound"
