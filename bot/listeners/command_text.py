"""Decides what the text after `/voicelog` asks for. Starts nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from bot.ui import subcommands
from bot.ui.subcommands import COMMAND, FIND, HELP, RECENT, STATUS, Subcommand
from bot.voicelogs import ids, phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query, QueryError, words
from bot.voicelogs.query.dates import DAY_OF_DATE
from bot.voicelogs.query.tokens import EMOJI
from bot.voicelogs.unicode import one_line

_MOST_IGNORED: Final = 8
"""Words beside an id. More are a pasted text rather than a command."""

_ID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TWILIO_SID: Final = re.compile(
    r"(?<![0-9A-Za-z])(?:CA|AC|CF|RE|SM|MM|PN|SK)[0-9a-f]{32}(?![0-9A-Za-z])", re.IGNORECASE
)
"""A prefix of two letters and 32 hex digits (Twilio docs, "SID")."""

_ID_DIGITS: Final = 32
_WITHOUT_DASHES: Final = re.compile(
    r"(?<![\w-])[0-9a-f]{8}(?:[ .][0-9a-f]{4}){3}[ .][0-9a-f]{12}(?![\w-])", re.IGNORECASE
)
"""An id with blanks or points in place of its dashes. In a message, that may be anything."""
_ALMOST_ID: Final = re.compile(
    r"(?<![\w-])(?:[0-9a-z]+(?:-[0-9a-z]+){1,7}|[0-9a-f]{28,36})(?![\w…-]|\.\.)", re.IGNORECASE
)
_BEFORE_PREFIX: Final = re.compile(
    r"^(?:short |call )*id[:=]? (?:starting (?:with )?)?(?=\S+$)", re.IGNORECASE
)
"""What is said of the beginning of an id: `short id b7182dc2`, `id starting with b7182dc2`."""
_MOST_WRONG: Final = 4
"""Digits too few or too many. An id that lacks more was rather cut short."""
_MOST_NOT_HEX: Final = 2

_QUOTES: Final = " \"'`“”„‘’«»"  # noqa: RUF001 - typographic quotes
_SIZE: Final = r"[0-9]{1,3}(?:\.[0-9])?(?![-.()0-9]| [0-9(])"
"""What follows the sign of a comparison, as in `> 2h`, unlike the beginning of a number."""
_COMMAND: Final = re.compile(
    rf"(?:>(?!\s*(?:=|{_SIZE}))\s*|[-*•]\s+|(?!{DAY_OF_DATE})[0-9]{{1,2}}[.)]\s+)?"
    rf"(?:/?{COMMAND[1:]}(?!\S)\s*)*",
    re.IGNORECASE,
)
"""What is ignored at the beginning: the mark of a quotation or list, and a pasted `/voicelog`."""
_FORM: Final = re.compile(r"(?:open )?form\W*", re.IGNORECASE)
"""Asks for the form, without the words that add nothing: `open the search form please`."""
_HOW: Final = re.compile(
    r"(?:how|what) (?:do|does|can|to)\b|what(?:'?s| is) (?:this|that)\b", re.IGNORECASE
)
"""How a question about the bot itself begins, if nothing in it can be searched for."""
_UP: Final = re.compile(r"up\b:?\s*", re.IGNORECASE)
_LABEL: Final = re.compile("[A-Za-z]+[:=]")
_LABEL_OF_ID: Final = re.compile(
    r"[\W_]*|[0-9a-foil-]*[0-9][0-9a-foil-]*|.*[0-9a-f]{12}.*|ids?|uuid|sid|call[-_]?s?id|(?:voice_?)?segment(?:_?id)?",
    re.IGNORECASE,
)
"""A label of an id, or an id itself, perhaps in a link or in part."""


@dataclass(frozen=True)
class Find:
    """Search, or list the latest logs."""

    query: Query


@dataclass(frozen=True)
class Lookup:
    """Look ids up."""

    ids: Ids
    """Complete ones, or the beginnings of truncated ones; or none, but ids of other things."""
    ignored: tuple[str, ...] = ()
    """The other words, without those that label an id."""


@dataclass(frozen=True)
class TwilioSid:
    """Say that this is an id of Twilio's."""

    sid: str


@dataclass(frozen=True)
class NearMissId:
    """Say what is wrong with an id."""

    text: str
    """What looks like an id."""
    missing: int
    """How many digits it has too few; negative for too many. With zero, and with no other wrong
    characters, its dashes are in the wrong places.
    """
    not_hex: str = ""
    """The characters in it that aren't hex digits."""


@dataclass(frozen=True)
class NotUnderstood:
    """Say what wasn't understood."""

    text: str
    """All that was typed after the subcommand."""
    errors: tuple[QueryError, ...]
    """What wasn't understood, at least one; the first of them matters most."""
    query: Query
    """Everything that was understood, for the form."""


@dataclass(frozen=True)
class DidYouMean:
    """Ask whether a misspelled subcommand was meant."""

    word: str
    """The misspelled word, as typed."""
    subcommand: Subcommand
    """The subcommand that it may be."""
    meant: "Decision"
    """What to do if that is meant."""


Decision = Subcommand | Find | Lookup | TwilioSid | NearMissId | NotUnderstood | DidYouMean
"""A subcommand shows the help or the status; FIND opens the form, since nothing says for what."""


def decide(text: str, *, now: datetime) -> Decision:
    """Decide what a command asks for.

    Args:
        text: all that was typed after the command.
        now: the current time, in UTC.
    """
    if _ID.fullmatch(text) and UUID(text).int:  # by far the most usual
        return Lookup(Ids((UUID(text),)))
    text = _WITHOUT_DASHES.sub(lambda found: re.sub("[ .]", "-", found.group()), text)
    plain = _COMMAND.sub("", one_line(phone_numbers.normalize(text)).strip(_QUOTES), count=1)
    first, rest = _first_word(plain)
    if not first:
        return HELP
    bare = " ".join(words.without_fillers(plain.split(maxsplit=_MOST_IGNORED)))
    if _FORM.fullmatch(bare):
        return FIND
    if subcommands.named(bare) is HELP:  # "I need help"
        return HELP
    subcommand = subcommands.named(first)
    is_ignored = subcommand not in {FIND, None}
    about_id = _about_id(
        text, plain if subcommand is None else rest, (first,) if is_ignored else ()
    )
    if about_id is not None:
        return about_id
    if subcommand is None:
        return _without_subcommand(text, plain, now)
    return _with_subcommand(subcommand, plain, rest, now)


def _first_word(plain: str) -> tuple[str, str]:
    """Split off the first word."""
    first, rest = (*plain.split(maxsplit=1), "", "")[:2]
    word, mark, value = (
        re.split("([:=])", first, maxsplit=1) if _LABEL.match(first) else ("", "", "")
    )
    if mark and subcommands.named(word) is not None:
        return word, f"{value} {rest}".strip()
    return first, _UP.sub("", rest) if first.casefold() == "look" else rest


def _about_id(text: str, beside: str, ignored: tuple[str, ...]) -> Decision | None:
    """Decide about a text with an id, or with what looks like one; None if it has none."""
    found = ids.in_text(text)
    if found.complete:
        return Lookup(found, (*ignored, *_ignored(beside)))
    if sid := _TWILIO_SID.search(beside):
        return TwilioSid(sid.group())
    almost = [each.group() for each in _ALMOST_ID.finditer(beside)]
    if (near_miss := next(filter(None, map(_near_miss, almost)), None)) is not None:
        return near_miss
    # A whole id that isn't to be looked up is that of a recording, or of something else.
    is_of_other = any(map(_is_whole, almost))
    return Lookup(found) if is_of_other or ids.in_texts([text]).truncated else None


def _ignored(text: str) -> tuple[str, ...]:
    """Return the words beside ids that are neither labels nor fillers."""
    beside = EMOJI.sub("", text)
    tokens = [
        word.strip(_QUOTES + ".,;:!?()[]{}<>") for word in beside.split()[: 2 * _MOST_IGNORED]
    ]
    beside_ids = [
        token
        for token in tokens
        if token and (_TWILIO_SID.fullmatch(token) or not _LABEL_OF_ID.fullmatch(token))
    ]
    ignored = words.without_fillers(beside_ids)
    return tuple(ignored) if len(beside.split()) <= _MOST_IGNORED else ()


def _is_whole(text: str) -> bool:
    plain = text.casefold()
    return _ID.fullmatch(plain) is not None or re.fullmatch("[0-9a-f]{32}", plain) is not None


def _near_miss(text: str) -> NearMissId | None:
    digits = text.replace("-", "").casefold()
    missing = _ID_DIGITS - len(digits)
    not_hex = "".join(dict.fromkeys(re.sub("[0-9a-f]", "", digits)))
    if abs(missing) > _MOST_WRONG or len(not_hex) > _MOST_NOT_HEX or _is_whole(text):
        return None
    return NearMissId(text, missing, not_hex)


def _without_subcommand(text: str, plain: str, now: datetime) -> Decision:
    parsed = queries.parse(plain, now=now)
    first, rest = _first_word(plain)
    if not parsed.errors and not parsed.is_empty:
        return Find(parsed.query)
    if (truncated := _truncated(text, parsed.errors)) is not None:
        return truncated
    near = subcommands.nearest(first)
    if near is not None:
        meant = _with_subcommand(near, f"{near.word} {rest}", rest, now)
        if not isinstance(meant, NotUnderstood):
            return DidYouMean(first, near, meant)
    if _HOW.match(plain) and parsed.query == Query():
        return HELP
    if not parsed.errors and {FIND, RECENT} & {*map(subcommands.named, plain.split())}:
        return _all_calls(plain, now)
    errors = parsed.errors or (QueryError("words", "unknown", plain),)
    return NotUnderstood(plain, errors, parsed.query)


def _truncated(text: str, errors: Sequence[QueryError]) -> Lookup | None:
    """Look up what may be the beginning of an id, unless it is understood otherwise."""
    if any(error.reason == "ambiguous" for error in errors):
        return None
    found = ids.in_text(_BEFORE_PREFIX.sub("", text))
    return Lookup(found) if found.truncated else None


def _with_subcommand(subcommand: Subcommand, plain: str, rest: str, now: datetime) -> Decision:
    if subcommand in {HELP, STATUS}:
        parsed = queries.parse(rest, now=now)
        if not parsed.errors and words.without_fillers(rest.split()):
            return Find(parsed.query)  # "status failed", "help me find 5550103"
        # As in "status:faild" and "status != failed", "status" is the name of a filter.
        is_label = _LABEL.match(plain) or any(map(words.is_negation, rest.split()))
        is_search = parsed.query != Query() or (subcommand is STATUS and is_label)
        if parsed.errors and is_search:
            return NotUnderstood(rest, parsed.errors, parsed.query)
        return subcommand
    if subcommand is RECENT and not queries.starts_search(plain, now=now):  # "last 2 hours" does
        parsed = queries.parse(f"{subcommand.word} {rest}", now=now, latest=True)
        if parsed.errors:
            return NotUnderstood(rest, parsed.errors, parsed.query)
        return Find(parsed.query)
    return _find(plain if subcommand is RECENT else rest, now)


def _find(text: str, now: datetime) -> Decision:
    other = subcommands.named(text) if text.isalpha() else None
    if other is not None and other is not FIND:
        return _with_subcommand(other, text, "", now)
    parsed = queries.parse(text, now=now)
    if parsed.errors:
        if (truncated := _truncated(text, parsed.errors)) is not None:
            return truncated
        return NotUnderstood(text, parsed.errors, parsed.query)
    return _all_calls(text, now) if parsed.is_empty else Find(parsed.query)


def _all_calls(text: str, now: datetime) -> Decision:
    """List the latest calls if the words ask for them, or open the form: `all calls`."""
    if any(subcommands.named(word) is RECENT for word in text.split()):
        return Find(queries.parse("", now=now, latest=True).query)
    return FIND
