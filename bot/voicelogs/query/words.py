"""The words of a search: filters, connectives, and words that add nothing."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product, takewhile
from typing import Final, Literal

from bot.voicelogs.query.model import FILTERS

Connective = Literal["from", "to", "since", "until", "before", "on", "between", "and", "or"]


def _pairs(firsts: str, seconds: str) -> str:
    """Combine each phrase of a list with each of another."""
    return ", ".join(map(" ".join, product(firsts.split(", "), seconds.split(", "))))


_UNABLE: Final = "can't, cannot, can not, couldn't, could not, unable to, not able to"
_RECEIVE: Final = _pairs(
    "receive, receiving, get, getting", "call, any call, inbound call, incoming call"
)
_COMPLAINTS: Final[Mapping[Connective | None, str]] = {
    None: ", ".join(
        (
            _pairs(_UNABLE, f"call, dial, make call, {_RECEIVE}"),
            _pairs("not, never, no longer, stopped", _RECEIVE),
            _pairs("not, never, no longer, stopped", "ring, ringing"),
        )
    ),
    "to": _pairs(_UNABLE, "reach"),
}
"""What is said of calls that fail in one way or another, perhaps by being answered: no filter. They
are here with all their words, since `not getting answered` says something else.
"""
_NOBODY: Final = (
    "not, never, cannot, unable to, not able to, nobody, nobody is, nobody's, nobody has, no one,"
    " no one is, no one's, no one has"
)
_ANSWERED: Final = (
    "answer, answered, answering, pick up, picks up, picked up, picking up, connect, connected,"
    " connecting, succeed, successful, been answered, getting answered, "
    + _pairs("go, going, went, get, getting, got, come, coming, came", "through, thru")
)
_WITHHELD: Final = "anonymous, withheld, restricted, private, hidden, unknown"

_FILTERS: Final[Mapping[str, str]] = {
    "canceled": "cancelled, cancel, originator cancel, 487 request terminated",
    "busy": "user busy, busy here, 486 busy, 486 busy here, 600 busy everywhere",
    "failed": "failure, fail, failing, failed to connect, error, errored",
    "no-answer": "no answered, no ans",
    "missed": "unanswered, unconnected, unsuccessful, declined, 603 decline, rejected,"
    " call rejected, no pickup, no pick up, " + _pairs(_NOBODY, _ANSWERED),
    "answered": "picked up, connected, went through, got through, came through",
    "live": "active, ongoing, current, running",
    "completed": "complete, finished, done, success, successful, succeeded",
    "inbound": "incoming, received, direction in, dir in",
    "outbound": "outgoing, direction out, dir out",
    "pstn": "phone, telephone, relay pstn, relay pstn call, video room pstn leg",
    "sip": "relay sip, relay sip call, video room sip leg",
    "webrtc": "relay webrtc, relay webrtc call",
    "laml": "cxml, laml call",
    "video": "video room",
    "fabric": "subscriber, fabric subscriber device leg",
    "dialogflow": "dialogflow call",
    "anonymous": f"{_WITHHELD}, no caller id, " + _pairs(_WITHHELD, "caller, number"),
}
"""Other spellings of filters, with those of SignalWire's JSON; a plural needs none."""

_CONNECTIVES: Final[Mapping[Connective, str]] = {
    "from": "←, caller, by, initiated by, src, source, ani, cli, from number, from user,"
    " caller number, caller id number, calling number, calling party, a number, originating",
    "to": "→, >, into, dst, dest, cld, destination, dnis, to number, to user, destination number,"
    " callee, called, called number, called party, calling, b number, target, terminating,"
    " dials, dialed, dialled, dialing, dialling, phoned, phoning, rang, hitting, contacted, reach,"
    " reached, reaching, received by",
    "since": ">=, ≥, after, start, starting, from date, newer than, less than,"
    " created after, created since, started after, start time after, start date,"
    " date from, back to, going back to, not before, not until, no sooner than, no earlier than,"
    " not earlier than",
    "until": "<=, ≤, till, til, through, thru, up to, to date, end, end time, end stamp,"
    " end date, date to, not after, no later than, not later than",
    "before": "<, older than, prior to, more than, created before, started before,"
    " start time before",
    "on": "at, in, during, within, created on, created at, created in, created within,"
    " started at, start time, start stamp, call date, timestamp, ts",
    "between": "between, btw, btwn",
    "and": "&, &&",
    "or": "or",
}

_ENDED_BY_CALLEE: Final = ("answered", "missed")
"""Before `by`, these filters are about the number that was called: `answered by 5550103`."""

_FILLERS: Final = """
    a an the all any anything anyone every some my our me us i we you please pls plz thanks show
    list get give find search see check want need is are was were be been has have had do does did
    can could for of with involving both vs versus also plus just only now right that those
    these which what who when where how many much count call calls leg legs log logs voice number
    history phonenumber callerid status state direction type thx happened made placed last latest
    most recent past everything until_now till_now to_now up_to_now so_far all_time any_time
    ever over_the either lookup look_up pull pull_up bring_up fetch view display retrieve just_now
    earlier callers started make limit still currently why there it anyone anybody someone somebody
    call_status call_direction dir disposition hangup_cause outcome recently lately going_back
    newest_first how_long they he she them their customer agent line the_phone by_phone go_through
    get_through date time hi hey hello kindly asap thank ty ok okay so bot swsh rn atm tyvm let
    gimme would like looking i'm i_am i'd_like i'll_need good_morning good_afternoon sip/2.0
    says said detail info information event record got getting actually really tried trying yet r u
    select filter sort sort_by order_by desc as_before call_state end_reason reason result cause
    kind day period timeframe range
    interval - – — / | • ·
"""  # noqa: RUF001 - dashes as people type them

_INEXACT: Final = ("about", "approx", "approximately", "around", "circa", "near", "roughly")
"""Before a time of day that isn't known to the minute; elsewhere they add nothing."""
_EXCLUDED: Final = re.compile(r"[-!]\w")
_VERB_WITH_NOT: Final = (
    r"(?:do|did|does|was|were|is|are|has|have|had|ca|could|wo|would)n['\u2019]?t"
)
_NOT: Final = re.compile(f"not|{_VERB_WITH_NOT}", re.IGNORECASE)
_AFTER_BUT: Final = re.compile(f"{_NOT.pattern}|only|just|also", re.IGNORECASE)
_ONLY_BEFORE_FILTERS: Final = re.compile(rf"no|{_VERB_WITH_NOT}", re.IGNORECASE)
"""Negations that aren't about a number or a time after them: `no` is also short for "number", and
what follows `can't` may be its subject.
"""
_NEGATION: Final = re.compile(
    rf"{_NOT.pattern}|no|nobody|none|non|never|without|except|excluding|exclude|but|neither|nor|apart|than|minus|besides"
    "|ignoring|ignore|hide|skip|omit|!=|<>|≠",
    re.IGNORECASE,
)
_PICTURE: Final = frozenset({"So", "Sk", "Mn"})
"""Unicode categories of emoji."""
LONGEST_PHRASE: Final = 5
"""Words."""


@dataclass(frozen=True)
class Word:
    """What a word or phrase means: both for `answered by`; if it adds nothing, neither."""

    filter: str | None = None
    connective: Connective | None = None


def squeeze(words: str) -> str:
    """Reduce words to lower-case letters and digits: `No-Answer` to `noanswer`."""
    bare = re.sub(r"[\W_]", "", words.casefold())
    return bare or words


def _table() -> dict[str, Word]:
    filters = {each: f"{each}, {_FILTERS.get(each, each)}" for each in FILTERS}
    rows = (
        (Word(), ", ".join([*_FILLERS.split(), *_INEXACT])),
        *((Word(connective=each), phrases) for each, phrases in _COMPLAINTS.items()),
        *((Word(filter=each), spellings) for each, spellings in filters.items()),
        *((Word(each, connective="to"), _pairs(filters[each], "by")) for each in _ENDED_BY_CALLEE),
        *((Word(connective=each), f"{each}, {more}") for each, more in _CONNECTIVES.items()),
    )
    return {squeeze(each): word for word, spellings in rows for each in spellings.split(", ")}


_TABLE: Final = _table()
VOCABULARY: Final = (
    *(word for word, meaning in _TABLE.items() if len(word) > 4 and meaning != Word()),  # noqa: PLR2004 - short ones are near to anything
    *("busy", "from", "live", "calls", "call", "last", "latest", "limit"),
    *("today", "yesterday", "hour", "hours", "minutes", "days", "week", "weeks", "month"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
"""Words that a misspelled one may be."""


def look_up(tokens: Sequence[str]) -> tuple[Word | None, int]:
    """Find the longest known phrase that the tokens begin with, and its number of tokens, or 0.

    `-failed` and `!failed` aren't `failed`, but what other search boxes take for its opposite.
    """
    if not tokens or _EXCLUDED.match(tokens[0]):
        return None, 0
    if tokens[0].casefold() == "but" and any(map(_AFTER_BUT.fullmatch, tokens[1:2])):
        return Word(), 1  # "inbound but not answered"
    words = [*takewhile(lambda token: any(map(str.isalnum, token)), tokens[:LONGEST_PHRASE])]
    for length in range(max(1, len(words)), 0, -1):
        # "can't call" by itself, and "can't connect" as "not connect".
        starts = [tokens[0], *(["not"] if _NOT.fullmatch(tokens[0]) else [])]
        for start in starts:
            phrase = squeeze("".join([start, *tokens[1:length]]))
            for spelling in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
                word = _TABLE.get(spelling)
                if word is not None and not _is_one_of_excluded(word, tokens, length):
                    return word, length
    is_picture = {*map(unicodedata.category, tokens[0])} <= _PICTURE
    return (Word(), 1) if is_picture else (None, 0)


def _is_one_of_excluded(word: Word, tokens: Sequence[str], length: int) -> bool:
    """Whether a complaint is rather a list of outcomes to leave out: `not ringing or busy`."""
    if word.filter or not _NOT.fullmatch(tokens[0]):
        return False
    alternative, _ = look_up(tokens[length + 1 :])
    is_list = tokens[length : length + 1] in (["or"], ["nor"])
    return is_list and alternative is not None and alternative.filter is not None


def is_label(word: str) -> bool:
    """Whether a word may stand before a colon or an equals sign: `from:`, `status=`, no filter."""
    found, _ = look_up([word])
    return found is not None and found.filter is None


def is_inexact(word: str) -> bool:
    """Whether the time of day after a word isn't known to the minute: `around`."""
    return word.casefold() in _INEXACT


def is_verb(connective: Connective | None, word: str) -> bool:
    """Whether a connective says that somebody calls somebody, as `called` does."""
    return connective == "to" and word.isalpha() and word.casefold() != "to"


def is_negation(word: str) -> bool:
    """Whether a word may turn what is around it into its opposite: `not`, `neither`, `but`."""
    return _NEGATION.fullmatch(word) is not None


def negates_what_follows(word: str) -> bool:
    """Whether a negation may be about a number or a time after it."""
    return _ONLY_BEFORE_FILTERS.fullmatch(word) is None


def without_fillers(tokens: Sequence[str]) -> list[str]:
    """Return the words that add something beside an id, unlike `please`, `to` or `pull up`."""
    links = {None, "and", "or", "from", "to", "on"}
    left: list[str] = []
    at = 0
    while at < len(tokens):
        word, length = look_up(tokens[at:])
        length = length or 1
        if word is None or word.filter or word.connective not in links:
            left += tokens[at : at + length]
        at += length
    return left
