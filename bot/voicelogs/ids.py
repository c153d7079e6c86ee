"""Finds voice log ids in pasted text.

An id is a UUID, the dashboard's "Voice Segment ID" (SignalWire docs, "Segment IDs").
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from itertools import islice
from typing import Final
from uuid import UUID

from bot.voicelogs import id_mentions
from bot.voicelogs.id_mentions import Findings, Kind, Mention, OtherId
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
    PROJECT = auto()
    CERTAINLY_OTHER = auto()
    """Never looked up."""


# If the text has nothing else, a prefix needs no ellipsis.
_PREFIX: Final = re.compile(rf"{id_mentions.HEX}{{8,31}}-?")
_LIMIT: Final = 20
"""Truncated ids, and other ids."""
_OTHERS: Final = {
    Meaning.RECORD: (_Rank.RECORD, Kind.OTHER),
    Meaning.RECORDING: (_Rank.OTHER, Kind.RECORDING),
    Meaning.OTHER: (_Rank.OTHER, Kind.OTHER),
    Meaning.UNKNOWN: (_Rank.OTHER, Kind.OTHER),
    Meaning.PROJECT: (_Rank.PROJECT, Kind.PROJECT),
    Meaning.SPACE: (_Rank.PROJECT, Kind.SPACE),
}
"""How ids rank that aren't a voice log's, and what they are."""


def in_text(text: str) -> Ids:
    """Find the ids in a text, in any notation, in linear time."""
    prefix = text.strip(" `'\"<>")
    if _PREFIX.fullmatch(prefix) and id_mentions.could_be_prefix(prefix + "…"):
        return Ids((), (prefix,))
    return in_texts([text])


def in_texts(texts: Iterable[str]) -> Ids:
    """Find the ids in several texts. A prefix of another id is omitted."""
    findings = Findings()
    for text in texts:
        for reading in readings(text):
            id_mentions.scan(reading, findings)
    mentions = _by_id(findings.mentions)
    judged = {log_id: _judge(same_id) for log_id, same_id in mentions.items()}
    best = min((rank for rank, _ in judged.values()), default=_Rank.CALL)
    worst = min(max(best, _Rank.PARENT), _Rank.PROJECT)
    ranked = sorted(judged, key=lambda log_id: judged[log_id][0])
    whole = sorted(log_id.hex for log_id in mentions)
    prefixes = (piece for piece in findings.truncated if not _is_prefix_of_any(piece, whole))
    others = (OtherId(kind, str(log_id)) for log_id, (_, kind) in judged.items() if kind)
    return Ids(
        tuple(log_id for log_id in ranked if judged[log_id][0] <= worst),
        tuple(islice(prefixes, _LIMIT)),
        tuple(islice((*findings.others, *others), _LIMIT)),
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


def _judge(mentions: Sequence[Mention]) -> tuple[_Rank, Kind | None]:
    """Return the rank of an id, and what it identifies if not a voice log."""
    meanings = {mention.meaning for mention in mentions}
    strongest = min(meanings)
    if strongest is Meaning.CALL or meanings >= {Meaning.ID, Meaning.PARENT}:
        return _Rank.CALL, None
    if strongest is Meaning.PARENT:
        return _Rank.PARENT, None
    if strongest not in _OTHERS:
        has_dashes = any(mention.has_dashes for mention in mentions)
        return _Rank.CALL if has_dashes else _Rank.WITHOUT_DASHES, None
    rank, kind = _OTHERS[strongest]
    is_certain = any(mention.label.is_certain for mention in mentions)
    return _Rank.CERTAINLY_OTHER if is_certain and Meaning.NONE not in meanings else rank, kind
