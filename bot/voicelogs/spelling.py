"""Finds the word that a misspelled one may stand for."""

from collections.abc import Iterable
from typing import Final

_LONG_WORD: Final = 6
_SHORTEST: Final = 3
_NEGATIONS: Final = ("un", "in", "non", "dis")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is closest to `word`; None if none is close enough.

    A word of six letters or more may have two mistakes, a shorter one may have one. A word isn't
    taken for its opposite: `unfinished` isn't `finished` with two letters too many.
    """
    if len(word) < _SHORTEST:
        return None
    tolerance = 2 if len(word) >= _LONG_WORD else 1
    distances = {
        each: distance
        for each in known
        if abs(len(each) - len(word)) <= tolerance
        and (distance := edit_distance(word, each)) <= tolerance
        and not _is_negation(word, each, distance)
    }
    return min(distances, key=distances.__getitem__, default=None)


def _is_negation(word: str, known: str, distance: int) -> bool:
    """Whether a word resembles a known one more without its negative prefix."""
    return any(
        word.startswith(prefix) and edit_distance(word.removeprefix(prefix), known) < distance
        for prefix in _NEGATIONS
    )


def edit_distance(one: str, other: str) -> int:
    """Count the edits: letters to insert, delete, replace, or swap with a neighbor (Damerau)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, above, row = row, before, [i]
        for j, match in enumerate(other, 1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (letter != match))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], match):
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
    return row[-1]
