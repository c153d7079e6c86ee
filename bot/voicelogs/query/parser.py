"""Parses the words of a search: numbers, time spans and filter words, in any order."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import counts, durations, numbers, times, words
from bot.voicelogs.query.bounds import Bounds
from bot.voicelogs.query.lookahead import DASHES, Lookahead
from bot.voicelogs.query.model import (
    FILTERS,
    FIND_LIMIT,
    OUTCOMES,
    RECENT_LIMIT,
    RECENT_MAX,
    Field,
    InvalidReason,
    Query,
    QueryError,
)
from bot.voicelogs.query.parties import Parties
from bot.voicelogs.query.times import Span
from bot.voicelogs.query.tokens import Token
from bot.voicelogs.query.words import Connective

_NOW: Final = frozenset({"now", "currently", "rn", "atm"})
_TIMES_FOLLOW: Final = frozenset[Connective]({"since", "until", "before"})
_SAID_OF_TIMES: Final = frozenset({"created", "initiated"})
"""Statuses for a moment only: `created yesterday` is about the time."""
_SAID_BEFORE_TIMES: Final = frozenset[Connective]({"on", "since"})
_BOUNDS: Final = frozenset({"start", "end"})
"""Connectives before a time only: `end 5pm`, but not `how did it end`."""
_EITHER_SIDE: Final = {"from", "to"}
_NAME: Final = re.compile(r"@[\w-]+")
"""Of a user, as Slack passes it on: `@dana`; without a number beside it, part of an address."""
_NOTHING: Final[tuple[Connective | None, str]] = (None, "")
_SIDES: Final = frozenset[Connective]({"from", "to"})
_NUMBERS_FOLLOW: Final = frozenset[Connective]({"from", "to", "between"})


@dataclass
class Parser:
    """Consumes words from the left, each by the first rule that accepts it."""

    tokens: Sequence[Token]
    fields: Collection[Field]
    """What may be searched for."""
    now: datetime
    latest: bool
    """Whether `5` is a number of calls."""
    second: bool
    """Whether to read what is ambiguous in the second way: a number without a unit as days rather
    than hours, 12/1 as January 12, and `at 3` as after noon.
    """
    errors: list[QueryError] = field(default_factory=list)
    """What isn't understood, in order."""
    ambiguous: str = ""
    """What can be read in two ways."""
    count: int | None = None
    """How many logs are asked for."""
    _at: int = 0
    _parties: Parties = field(default_factory=Parties)
    _bounds: Bounds = field(default_factory=Bounds)
    _filters: set[str] = field(default_factory=set)
    _is_now: bool = False
    _connective: tuple[Connective | None, str] = _NOTHING
    _connected_at: int = 0
    _unknown_until: int = -1

    @cached_property
    def _ahead(self) -> Lookahead:
        return Lookahead(self.tokens, self.fields, self.now, self.second)

    def read(self) -> Query:
        """Parse all words, and return what is understood."""
        while self._at < len(self.tokens):
            self._at += self._take()
        self._expect_nothing()
        span = self._bounds.query()
        if self._is_now and span == Query() and self._filters.isdisjoint(OUTCOMES):
            self._filters.add("live")
        # What isn't understood of "neither failed nor busy" would make its opposite of the rest.
        unknown = " ".join(error.token for error in self.errors if error.reason == "unknown")
        if any(map(words.is_negation, unknown.split())):
            self._filters.clear()
        filters = tuple(each for each in FILTERS if each in self._filters)
        limit = self.count or (RECENT_LIMIT if self.latest else FIND_LIMIT)
        return self._parties.complete(replace(span, filters=filters, limit=limit))

    def _take(self) -> int:
        """Consume the next words; return how many."""
        takes_number = "number" in self.fields and not self._follows(_TIMES_FOLLOW)
        return (
            self._take_duration()
            or self._take_time()
            or self._take_count()
            or (takes_number and self._take_address())
            or self._take_word()
            or (takes_number and self._take_number())
            or self._reject()
        )

    def _texts(self, most: int) -> list[str]:
        return [token.text for token in self.tokens[self._at : self._at + most]]

    def _follows(self, connectives: frozenset[Connective]) -> bool:
        return self._connective[0] in connectives

    def _fail(self, part: Field, reason: InvalidReason, token: str) -> None:
        self.errors.append(QueryError(part, reason, token))
        self._connective = _NOTHING

    def _expect_nothing(self) -> None:
        """Report a connective that nothing follows."""
        connective, token = self._connective
        has_subject = words.is_verb(connective, token) and self._parties  # "has 5550103 called"
        if connective in _TIMES_FOLLOW:
            self._fail("window", "missing", token)
        elif connective in _NUMBERS_FOLLOW and not (has_subject or self._unknown_until == self._at):
            self._fail("number", "missing", token)

    def _reject(self) -> int:
        texts = self._texts(1 + self._ahead.count_negated(self._at))
        token = " ".join(texts)
        if self._follows(_TIMES_FOLLOW) or set(self.fields) == {"window"}:
            self._fail("window", "not_a_date", token)
            return len(texts)
        # "to dana 5550103" is still about calls to the number.
        is_kept = self._follows(_SIDES) and not words.is_negation(texts[0])
        leads_on = is_kept and self._ahead.leads_to_number(self._at + len(texts))
        connective = self._connective if leads_on else _NOTHING
        if self._unknown_until == self._at:
            self.errors[-1].token += f" {token}"
        else:
            self._fail("number" if set(self.fields) == {"number"} else "words", "unknown", token)
        self._connective = connective
        self._unknown_until = self._at + len(texts)
        return len(texts)

    def _take_duration(self) -> int:
        """Report how long calls lasted, which isn't searched for."""
        if "words" not in self.fields or self._follows(_TIMES_FOLLOW):
            return 0
        length = durations.count_words(self._texts(durations.LONGEST_FORM))
        if not length and self._connective == _NOTHING and not self._bounds.is_day:
            length = int(self._ahead.is_clocked_duration(self._at))
        if length:
            self._fail("words", "unsupported", " ".join(self._texts(length)))
        return length

    def _take_time(self) -> int:
        found = self._ahead.match_time(self._at, is_announced=self._follows(_TIMES_FOLLOW))
        if found is None:
            return 0
        span, length = found
        token = " ".join(self._texts(length))
        connective, word = self._connective
        self._connective = _NOTHING
        if not isinstance(span, Span):
            self._fail("window", span, token)
            return length
        before = self.tokens[self._at - 1].text.casefold() if self._at else ""
        connective = self._bounds.read_connective(connective, word, before, span)
        is_inexact = words.is_inexact(before)
        wrong = self._bounds.add(span, connective, self.now, is_inexact=is_inexact)
        if wrong is not None:
            self._fail("window", wrong, token)
        elif span.is_swappable:
            self.ambiguous = self.ambiguous or token
        return length

    def _take_count(self) -> int:
        if "count" not in self.fields:
            return 0
        is_pronoun = self.count is not None and not self.tokens[self._at].text.isdecimal()
        is_bare = self.latest and not is_pronoun  # "last 3 with 0103, not the 0100 one"
        found = counts.match(self._texts(counts.LONGEST_FORM), is_bare=is_bare)
        if found is None:
            return 0
        count, length = found
        if self.count is None and 1 <= count <= RECENT_MAX:
            self.count = count
        else:
            reason: InvalidReason = "out_of_range" if self.count is None else "several"
            self.errors.append(QueryError("count", reason, str(count)))
        return length

    def _take_word(self) -> int:
        texts = self._texts(words.LONGEST_PHRASE)
        if self._bounds.is_open and texts[0] in DASHES:
            self._connective = "until", texts[0]
            return 1
        word, length = words.look_up(texts)
        if word is None:
            return 0
        if word.filter:
            if "words" not in self.fields or self._follows(_TIMES_FOLLOW):
                return 0
            if word.filter in _SAID_OF_TIMES and self._ahead.begins_time(self._at + length):
                self._connective = "on", texts[0]
            else:
                self._filters.add(word.filter)
                self._connective = _NOTHING
        is_free = not self._follows(_TIMES_FOLLOW | _NUMBERS_FOLLOW)
        self._is_now |= is_free and texts[0].casefold() in _NOW
        text = " ".join(texts[:length])
        is_noun = text.casefold() in _BOUNDS and not self._ahead.begins_time(
            self._at + length, is_announced=True
        )
        if word.connective and not is_noun:
            self._connect(word.connective, text)
        return length

    def _connect(self, connective: Connective, text: str) -> None:
        """Keep a connective for what follows it."""
        before = self._connective[1].casefold()
        is_adjacent = self._at == self._connected_at + 1
        self._connected_at = self._at
        if {before, text.casefold()} == _EITHER_SIDE and is_adjacent:
            self._connective = _NOTHING  # "to or from 5550103", unlike "from calls where to …"
        elif text == ">" and self._follows(_SAID_BEFORE_TIMES):
            self._connective = "since", text  # "created_at > 1795191840"
        elif connective not in {"and", "or"}:
            self._connective = connective, text
            self._parties.is_alternative = before == "or"
        elif before in _EITHER_SIDE:
            pass
        elif self._bounds.is_open and self._bounds.is_range:
            self._connective = "until", text
        elif connective == "or":
            self._connective = "or", text
        elif self._parties.last_side and not self._ahead.match_time(self._at + 1):
            self._connective = self._parties.last_side, text

    def _take_address(self) -> int:
        text = self.tokens[self._at].text
        if phone_numbers.is_mention(text) or (_NAME.fullmatch(text) and self._ahead.numbers):
            self._fail("number", "mention", text)
        elif phone_numbers.is_address(text):
            self._add_number(phone_numbers.address(text), text)
        else:
            return 0
        return 1

    def _take_number(self) -> int:
        length = self._ahead.count_number(self._at)
        text = " ".join(self._texts(length))
        if not length or (numbers.is_count(text) and self._take_stray_count(text)):
            return length
        if self._take_digits_of_time(text):
            return length
        parts = phone_numbers.visible_parts(text)
        if len(parts) > 1:
            self._fail("number", "hidden", text)
        else:
            self._add_number(phone_numbers.telephone("".join(parts)), text)
        return length

    def _take_stray_count(self, text: str) -> bool:
        """Take `2` in `5550103 2` for two hours, or two days; the user must choose."""
        takes_time = "window" in self.fields and self._bounds.lower is None
        if not takes_time or not (self._parties or self._filters):
            return False
        match times.match([text, "days" if self.second else "hours"], self.now):
            case (Span() as span, _):
                self._bounds.lower, self.ambiguous = span, text
                self._connective = _NOTHING
                return True
            case _:
                return False

    def _take_digits_of_time(self, text: str) -> bool:
        """Take `1795191840` or `20261120` for a number, or for a time; the user must choose."""
        is_side = self._follows(_NUMBERS_FOLLOW)
        is_certain = is_side and times.is_in_milliseconds(text)
        is_number = not is_certain and (is_side or self._bounds.lower)
        if is_number or "window" not in self.fields:
            return False
        if any(each.text == "or" for each in self.tokens[max(0, self._at - 1) : self._at + 2]):
            return False  # one of two numbers
        span = times.in_digits_alone(text, self.now)
        if span is None:
            return False
        is_announced = is_certain or self._follows(_SAID_BEFORE_TIMES)
        if not is_announced:
            self.ambiguous = self.ambiguous or text
        if is_announced or self.second:
            self._bounds.add(span, self._connective[0], self.now)
            self._connective = _NOTHING
            return True
        return False

    def _add_number(self, number: Number, text: str) -> None:
        error = self._parties.add(number, text, self._connective[0])
        self._connective = _NOTHING
        if error is not None:
            self.errors.append(error)
