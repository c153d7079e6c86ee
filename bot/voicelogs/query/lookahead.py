"""Tells what begins at a word of a search, whatever is before it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.voicelogs import phone_numbers
from bot.voicelogs.query import durations, numbers, times, words
from bot.voicelogs.query.model import Field, InvalidReason
from bot.voicelogs.query.times import Span
from bot.voicelogs.query.tokens import Token

DASHES: Final = frozenset({"-", "--"})
_COMPARED: Final = frozenset({"<", "<=", ">", ">="})


@dataclass(frozen=True)
class Lookahead:
    """The words of a search, of which any can be looked at."""

    tokens: Sequence[Token]
    fields: Collection[Field]
    """What may be searched for."""
    now: datetime
    second: bool
    """Whether to read what is ambiguous in the second way."""

    def match_time(
        self, at: int, *, is_announced: bool = False
    ) -> tuple[Span | InvalidReason, int] | None:
        """Read the time that begins at an index, as `times.match` does.

        `is_announced` tells whether a word like `since` is before it.
        """
        if "window" not in self.fields:
            return None
        before = "since" if is_announced else self.tokens[at - 1].text if at else ""
        texts = [token.text for token in self.tokens[at : at + times.LONGEST_FORM]]
        return times.match(texts, self.now, before=before, second=self.second)

    def begins_time(self, at: int, *, is_announced: bool = False) -> bool:
        """Whether a time begins at an index, perhaps after a mark of comparison."""
        is_compared = self._text(at, 1) in _COMPARED
        found = self.match_time(at + is_compared, is_announced=is_announced or is_compared)
        return found is not None

    @cached_property
    def numbers(self) -> int:
        """How many numbers there are, without those that are too short to search for."""
        return sum(digits >= phone_numbers.MIN_LENGTH for digits in self._lengths_of_numbers())

    @property
    def has_whole_number(self) -> bool:
        """Whether one of the numbers is whole, perhaps without an area code."""
        return any(digits >= numbers.LOCAL for digits in self._lengths_of_numbers())

    def _lengths_of_numbers(self) -> Iterator[int]:
        at = 0
        while at < len(self.tokens):
            time = self.match_time(at)
            length = time[1] if time else self.count_number(at)
            if not time:
                yield len("".join(filter(str.isdecimal, self._text(at, length))))
            at += length or 1

    def _text(self, at: int, length: int) -> str:
        return " ".join(token.text for token in self.tokens[at : at + length])

    def is_clocked_duration(self, at: int) -> bool:
        """Whether the word at an index is a duration that is written as a time of day is."""
        word = self._text(at, 1)
        if ":" not in word or not durations.is_clocked(word, numbers=self.numbers):
            return False
        time, day = self.match_time(at), self.match_time(at + 1)
        return time is not None and time[1] == 1 and day is None

    def count_number(self, at: int) -> int:
        """Count the words of the number that begins at an index; 0 if none does."""
        rest = self.tokens[at : at + phone_numbers.MAX_DIGITS * 2]
        return numbers.count_pieces(rest, lambda more: self.match_time(at + more) is not None)

    def leads_to_number(self, at: int) -> bool:
        """Whether a number begins at an index, or after a few unknown words."""
        for start in range(at, at + words.LONGEST_PHRASE):
            texts = [token.text for token in self.tokens[start : start + words.LONGEST_PHRASE]]
            if not texts or self.match_time(start) is not None:
                return False
            if self.count_number(start) or phone_numbers.is_address(texts[0]):
                return True
            if words.is_negation(texts[0]) or words.look_up(texts)[0] is not None:
                return False
        return False

    def count_negated(self, at: int) -> int:
        """Count the words that one turns into their opposite: `not failed`, `not from 206`."""
        first = self._text(at, 1)
        if not words.is_negation(first):
            return 0
        start = at + 1
        word, length = self._look_up(start)
        while word == words.Word() and not self.match_time(start):  # "not the failed ones"
            start += length
            word, length = self._look_up(start)
        if word is None or not word.filter:
            is_about_rest = words.negates_what_follows(first)
            length = self._count_number_or_times(start) if is_about_rest else 0
        return length and start + length - at - 1

    def _look_up(self, at: int) -> tuple[words.Word | None, int]:
        return words.look_up([each.text for each in self.tokens[at : at + words.LONGEST_PHRASE]])

    def _count_number_or_times(self, at: int) -> int:
        sides = int(self._text(at, 1) in {"from", "to"})
        number = self.count_number(at + sides)
        return self._count_times(at) or (number and sides + number)

    def _count_times(self, at: int) -> int:
        """Count the words of times with their connectives: `on Monday`, `between 2pm and 3pm`."""
        texts = [token.text for token in self.tokens[at : at + 2]]
        word, link = words.look_up(texts)
        is_link = word is not None and not word.filter and (word.connective or texts[0] in DASHES)
        found = self.match_time(at + link if is_link else at)
        if found is None:
            return 0
        length = found[1] + (link if is_link else 0)
        return length + self._count_times(at + length)
