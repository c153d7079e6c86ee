"""Replies to commands that can't be carried out as typed: what is wrong, and buttons that lead on.

They are about what the user typed, not about an error, and so have no reference.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.ui import actions, block_kit, mrkdwn, query_text, signs, subcommands
from bot.ui import help as help_
from bot.ui.block_elements import Button
from bot.ui.block_kit import Message
from bot.ui.errors import ErrorText
from bot.voicelogs import phone_numbers
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import RECENT_MAX, Field, InvalidReason, Query, QueryError

UNCLEAR: Final = "That search isn't clear"

_SHOWN: Final = 3
"""Errors."""
_TOKEN_LIMIT: Final = 60
_CLOCK: Final = re.compile(r", [0-9:]+ UTC")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


_TAKES: Final = (
    f"After `{subcommands.COMMAND}`, type a call's ID, or what to search for: a phone number, an"
    f" address (`sip:alice`), a time ({_listed(subcommands.EXAMPLE_TIMES)}), or a filter"
    f" ({_listed(subcommands.EXAMPLE_FILTERS)})."
)
_WHAT: Final[Mapping[InvalidReason, str]] = {
    "unknown": "I don't understand {token}.",
    "unsupported": "I can't filter by duration ({token}).",
    "mention": "{token} is a Slack mention, not a phone number.",
    "hidden": "Some digits of {token} are hidden.",
    "ambiguous": "{token} can be read in two ways.",
    "too_short": "{token} is too short to search for.",
    "too_long": "{token} has more digits than any phone number.",
    "several": "{token} is a second time range: a search takes only one.",
    "missing": "{token} needs a date or a time range after it.",
    "unused": "Another time range is chosen above.",
    "not_a_date": "{token} isn't a date or a time range.",
    "future": "{token} is in the future.",
    "too_far": "{token} is more than ten years ago.",
    "out_of_range": "{token} isn't a number from 1 to 20.",
}
_A_NUMBER: Final = "Enter at least three digits, or an address with an @ or sip: in it."
_TIME: Final = f"Use {subcommands.TIME_FORMS}."
_NEXT: Final[Mapping[InvalidReason, str]] = {
    "unknown": _TAKES,
    "unsupported": "Search without it: the results show how long each call lasted.",
    "mention": _A_NUMBER,
    "hidden": "Enter the whole number, or one part of it.",
    "ambiguous": "Add the unit, as in 2h or 2d, or write the date as 2026-11-20.",
    "too_short": "Enter at least three digits, or three characters of an address.",
    "too_long": "Enter one number at a time, or a part of it.",
    "several": "Remove one.",
    "missing": _TIME,
    "unused": "Choose “Since a day…” there, or clear this day.",
    "not_a_date": _TIME,
    "future": _TIME,
    "too_far": _TIME,
    "out_of_range": "Leave it out for the latest ten.",
}
_OF_FIELD: Final[Mapping[tuple[Field, InvalidReason], tuple[str, str]]] = {
    ("number", "unknown"): (_WHAT["unknown"], _A_NUMBER),
    ("number", "missing"): ("{token} needs a phone number or an address after it.", _A_NUMBER),
    ("number", "unsupported"): (
        "I can't search for either of two numbers ({token}).",
        "Search for one at a time.",
    ),
    ("number", "several"): (
        "{token} is one number too many: a search takes at most two, one from and one to.",
        _NEXT["several"],
    ),
    ("count", "several"): (
        "{token} is a second number of calls: a search takes only one.",
        _NEXT["several"],
    ),
    ("day", "missing"): ("No day is chosen.", "Choose a day, or another time range above."),
}
"""What is said instead about one field."""
_TWILIO: Final = {
    "CA": "call", "RE": "recording", "AC": "account", "CF": "conference", "SM": "message",
    "MM": "message", "PN": "phone number", "SK": "API key",
}  # fmt: skip
"""What a Twilio SID is of, by its prefix (Twilio docs, "What is a String Identifier (SID)?")."""


def explain(error: QueryError) -> ErrorText:
    """Describe what is wrong with one part of a search."""
    of_reason = _WHAT[error.reason], _NEXT[error.reason]
    what, next_step = _OF_FIELD.get((error.field, error.reason), of_reason)
    if error.reason == "too_long" and phone_numbers.is_address(error.token):
        what, next_step = "{token} has more characters than any address.", "Enter a part of it."
    if error.reason == "mention" and error.token.startswith("#"):
        what = "{token} is a Slack channel, not a phone number."
    if error.field == "day" and error.reason not in {"missing", "unused"}:
        next_step = "Choose a day from the last ten years."
    what = what.format(token=_code(error.token))
    return ErrorText(signs.SEARCH, UNCLEAR, what, next_step)


@dataclass(frozen=True)
class SearchButtonBuilder:
    """Builds buttons for searches; `seal` returns the value of one, `masked` hides most digits."""

    seal: Callable[[Query], str]
    now: datetime
    masked: bool = False

    def button(self, query: Query, *, in_place: bool = True) -> Button:
        """Build a button with the search's name; see `actions.typed_search`."""
        name = query_text.button_label(query, self.now, masked=self.masked)
        return actions.typed_search(name, self.seal(query), in_place=in_place)


def not_understood(
    errors: Sequence[QueryError],
    query: Query,
    numbers: Sequence[Number],
    searches: SearchButtonBuilder,
) -> Message:
    """Say what wasn't understood, with buttons for the searches that may have been meant.

    `errors` begin with the most important; `query` is everything that was understood.
    """
    is_empty = query == Query(limit=query.limit)
    form = "" if is_empty else searches.seal(query)
    if errors[0].reason == "ambiguous":
        names = [query_text.button_span(reading, searches.now) for reading in errors[0].readings]
        buttons = [
            actions.typed_search(name, searches.seal(reading))
            if all(names) and len({*names}) == len(names)
            else searches.button(reading)
            for name, reading in zip(names, errors[0].readings, strict=True)
        ]
    else:
        names = []
        readings = _readings(errors, query)
        # Of "one number or another" each may be wanted, one after the other.
        are_alternatives = any(error.reason == "unsupported" and error.readings for error in errors)
        offered = () if are_alternatives else numbers
        others = [other for number in offered if (other := Query((number,))) not in readings]
        is_one = len(others) == 1
        buttons = [searches.button(each, in_place=not are_alternatives) for each in readings]
        buttons += [searches.button(other, in_place=is_one) for other in others]
    buttons += [actions.find_form(form), actions.show_help()]
    return _message(_explained(errors, names, query), buttons)


def _readings(errors: Sequence[QueryError], query: Query) -> list[Query]:
    """Return the distinct searches that may be meant: last, the one without unknown words."""
    if errors[0].reason == "out_of_range":
        return [replace(query, limit=RECENT_MAX)]
    readings = dict.fromkeys(each for error in errors for each in error.readings)
    unused = {"unknown", "unsupported", "mention"}
    if query != Query(limit=query.limit) and {error.reason for error in errors} <= unused:
        readings[query] = None
    return [*readings]


def did_you_mean(
    word: str,
    subcommand: subcommands.Subcommand,
    query: Query | None,
    searches: SearchButtonBuilder,
) -> Message:
    """Ask whether a misspelled word means a subcommand.

    `query` is the search that is then meant; None for the form, the status or the help.
    """
    if query is not None:
        meant = [searches.button(query)]
    elif subcommand is subcommands.STATUS:
        meant = [actions.show_status()]
    else:
        meant = [] if subcommand is subcommands.HELP else [actions.find_form()]
    return _message(_correction(word, subcommand.word), [*meant, actions.show_help()])


def twilio_sid(sid: str) -> Message:
    """Say that an ID is Twilio's."""
    kind = _TWILIO.get(sid[:2].upper())
    what = f"a Twilio {kind} SID" if kind else "a Twilio SID"
    return _about_id(f"{_code(sid)} is {what}. SignalWire's IDs look different.")


def near_miss(text: str, missing: int, not_hex: str) -> Message:
    """Say what is wrong with what looks like an ID.

    It has `missing` digits too few, negative for too many, and `not_hex` aren't hex digits.
    """
    problems = []
    if missing:
        digits = "one digit" if abs(missing) == 1 else f"{abs(missing)} digits"
        problems.append(f"it has {digits} too {'few' if missing > 0 else 'many'}")
    if not_hex:
        listed = " and ".join(_code(character) for character in not_hex)
        are = "isn't a hex digit" if len(not_hex) == 1 else "aren't hex digits"
        problems.append(f"{listed} {are} (0-9 and a-f)")
    wrong = ", and ".join(problems) or "its dashes are in the wrong places"
    return _about_id(f"{_code(text)} looks like an ID, but {wrong}.")


def ignored(words: Sequence[str]) -> str:
    """Return a note in mrkdwn about the words beside an ID."""
    return f"Ignored {', '.join(map(_code, words))}."


def _explained(errors: Sequence[QueryError], readings: Sequence[str], query: Query) -> str:
    """Name what isn't understood, then say what to do, unless the buttons do."""
    shown = errors[:_SHOWN]
    misspelled = [error for error in shown if error.suggestion]
    unknown = [
        _code(error.token) for error in shown if error.reason == "unknown" and not error.suggestion
    ]
    ambiguous = [error for error in shown if error.reason == "ambiguous"]
    others = {
        error.reason: explain(error).detail
        for error in reversed(shown)
        if error.reason not in {"unknown", "ambiguous"} and not error.suggestion
    }
    sentences = [*others.values()]
    if misspelled:
        sentences += [_correction(error.token, error.suggestion) for error in misspelled]
    if unknown:
        sentences.append(f"I don't understand {' and '.join(unknown)}.")
    if ambiguous:
        sentences.append(_question(ambiguous[0], readings))
    elif errors[0].reason == "mention" and query.has_number:
        sentences.append("Search without it.")
    elif not misspelled:
        sentences.append(explain(errors[0]).hint)
    return " ".join(sentences)


def _question(error: QueryError, readings: Sequence[str]) -> str:
    """Ask which reading is meant, by its day: the time of day, in UTC, is on the buttons only."""
    names = [re.sub("^last", "the last", _CLOCK.sub("", reading)) for reading in readings]
    if len({*names}) < len(names) or not all(names):  # one of them is a number
        return explain(error).detail
    return f"What does {_code(error.token)} mean: {' or '.join(names)}?"


def _correction(word: str, meant: str) -> str:
    return f"I don't know {_code(word)}. Did you mean {_code(meant)}?"


def _about_id(text: str) -> Message:
    buttons = [actions.find_form(), actions.show_help()]
    return _message(f"{text}\n{help_.WHERE_IDS_ARE}", buttons)


def _message(text: str, buttons: Sequence[Button]) -> Message:
    return block_kit.message([text], [block_kit.section(text), *block_kit.actions(buttons)])


def _code(text: str) -> str:
    return mrkdwn.code(text, _TOKEN_LIMIT)
