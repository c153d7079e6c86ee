"""Finds voice log ids in pasted text.

An id is a UUID, the dashboard's "Voice Segment ID" (SignalWire docs, "Segment IDs").
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import islice
from typing import Final
from uuid import UUID

from bot.voicelogs import id_mentions
from bot.voicelogs.id_mentions import UNLABELED, Findings, Kind, Mention, OtherId
from bot.voicelogs.id_words import Meaning
from bot.voicelogs.pasted_text import readings


@dataclass(frozen=True)
class Ids:
    """The ids in a text, all distinct."""

    complete: tuple[UUID, ...] = ()
    """The ids to look up, best first: calls and ids without a label, then parents of calls. If
    there are none, the ids of records in JSON, then those of other things, those without dashes,
    and projects.
    """
    truncated: tuple[str, ...] = ()
    """The beginnings of ids; also ids with one digit too few."""
    others: tuple[OtherId, ...] = ()
    """The first ids that are no voice logs', to say what they are. Some may also be in `complete`,
    if there is nothing better.
    """


class _Rank(IntEnum):
    CALL = auto()
    PARENT = auto()
    RECORD = auto()
    OTHER = auto()
    WITHOUT_DASHES = auto()
    OTHER_WITHOUT_DASHES = auto()
    PROJECT = auto()
    CERTAINLY_OTHER = auto()
    """Never looked up."""


# If the text has nothing else, a prefix needs no ellipsis.
_PREFIX: Final = re.compile(rf"{id_mentions.HEX}{{8,31}}-?")
_LIMIT: Final = 20
"""Truncated ids, and other ids."""
_PROJECT_OR_SPACE: Final = frozenset({Meaning.PROJECT, Meaning.SPACE})
_RANKS_OF_OTHERS: Final = frozenset(_Rank) - {_Rank.CALL, _Rank.PARENT, _Rank.WITHOUT_DASHES}
_KINDS: Final = {
    Meaning.PROJECT: Kind.PROJECT,
    Meaning.SPACE: Kind.SPACE,
    Meaning.RECORDING: Kind.RECORDING,
}


def in_text(text: str) -> Ids:
    """Find the ids in a text, in any notation, in linear time."""
    found = in_texts([text])
    prefix = text.strip(" `'\"<>")
    if found == Ids() and _PREFIX.fullmatch(prefix) and id_mentions.could_be_prefix(prefix + "…"):
        return Ids((), (prefix,))
    return found


def in_texts(texts: Iterable[str]) -> Ids:
    """Find the ids in several texts. A prefix of another id is omitted."""
    findings = Findings()
    for text in texts:
        for reading in readings(text):
            id_mentions.scan(reading, findings)
    mentions = _by_id(findings.mentions)
    whole = sorted(log_id.hex for log_id in mentions)
    prefixes = (piece for piece in findings.truncated if not _is_prefix_of_any(piece, whole))
    return Ids(
        _best(mentions),
        tuple(islice(prefixes, _LIMIT)),
        tuple(islice((*findings.others, *_others(mentions)), _LIMIT)),
    )


def _by_id(found: Iterable[Mention]) -> dict[UUID, list[Mention]]:
    """Group mentions, and read each `uuid` of FreeSWITCH that is also a `call_uuid` as a call's."""
    mentions: dict[UUID, list[Mention]] = {}
    for mention in found:
        mentions.setdefault(mention.log_id, []).append(mention)
    for same_id in mentions.values():
        if {Meaning.ID, Meaning.CALL} <= {mention.label.meaning for mention in same_id}:
            for mention in same_id:
                mention.bracket.has_own_id &= mention.label.meaning is not Meaning.ID
    return mentions


def _is_prefix_of_any(piece: str, sorted_hex: Sequence[str]) -> bool:
    prefix = re.sub("[^0-9a-f]", "", piece.lower())
    at = bisect_left(sorted_hex, prefix)
    return at < len(sorted_hex) and sorted_hex[at].startswith(prefix)


def _rank(mentions: Sequence[Mention]) -> _Rank:
    """Rank an id: mentions that say what it is count more than those that don't."""
    meanings = {mention.meaning for mention in mentions}
    if Meaning.NONE in meanings:
        meanings.discard(Meaning.UNKNOWN)
    if Meaning.CALL in meanings or meanings >= {Meaning.ID, Meaning.PARENT}:
        return _Rank.CALL
    if Meaning.NONE not in meanings and any(mention.label.is_certain for mention in mentions):
        return _Rank.CERTAINLY_OTHER
    if Meaning.PARENT in meanings:
        return _Rank.PARENT
    has_dashes = any(mention.has_dashes for mention in mentions)
    if Meaning.RECORD in meanings:
        return _Rank.RECORD
    if meanings <= _PROJECT_OR_SPACE:
        return _Rank.PROJECT
    if meanings - UNLABELED:
        return _Rank.OTHER if has_dashes else _Rank.OTHER_WITHOUT_DASHES
    return _Rank.CALL if has_dashes else _Rank.WITHOUT_DASHES


def _best(mentions: Mapping[UUID, Sequence[Mention]]) -> tuple[UUID, ...]:
    ranks = {log_id: _rank(same_id) for log_id, same_id in mentions.items()}
    ranked = sorted(ranks, key=lambda log_id: ranks[log_id])
    worst = max(min(ranks.values(), default=_Rank.CALL), _Rank.PARENT)
    worst = min(worst, _Rank.PROJECT)
    return tuple(log_id for log_id in ranked if ranks[log_id] <= worst)


def _others(mentions: Mapping[UUID, Sequence[Mention]]) -> Iterator[OtherId]:
    for log_id, same_id in mentions.items():
        if _rank(same_id) in _RANKS_OF_OTHERS:
            meanings = (mention.meaning for mention in same_id)
            meaning = next(meaning for meaning in meanings if meaning not in UNLABELED)
            yield OtherId(_KINDS.get(meaning, Kind.OTHER), str(log_id))
