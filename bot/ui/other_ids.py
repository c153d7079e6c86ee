"""Explains IDs that aren't voice log IDs."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.ui import mrkdwn
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids

_SHOWN: Final = 3
_LIMIT: Final = 100
"""Characters shown of an ID or an address."""
_DIGITS: Final = 32

_NAMES: Final = {
    Kind.RECORDING: "a recording",
    Kind.PROJECT: "a project or an account",
    Kind.SPACE: "a space",
    Kind.OTHER: "something else, such as a request or a ticket",
}


def mistyped(ids: Ids) -> list[OtherId]:
    """Return the IDs with one digit too few or too many, or with dashes in the wrong places."""
    return [other for other in ids.others if other.kind is Kind.MISTYPED]


def truncated(ids: Ids) -> list[str]:
    """Return the truncated IDs, without the mistyped ones."""
    typos = {other.text for other in mistyped(ids)}
    return [piece for piece in ids.truncated if piece not in typos]


def labeled(log_ids: Iterable[object], others: Sequence[OtherId]) -> list[OtherId]:
    """Return the looked-up IDs that are labeled as something else's."""
    looked_up = {str(log_id) for log_id in log_ids}
    return [other for other in others if other.text in looked_up]


def sentences(others: Sequence[OtherId], *, is_shown: bool = False) -> list[str]:
    """Return sentences in mrkdwn about the first few IDs.

    `is_shown`: there is one ID, and the message shows it elsewhere.
    """
    return [_sentence(other, is_shown=is_shown) for other in others[:_SHOWN]]


def _sentence(other: OtherId, *, is_shown: bool) -> str:
    text = other.text
    shown = mrkdwn.code(text, _LIMIT)
    if other.kind is Kind.MISTYPED:
        return f"{shown} {_mistake(text)}"
    if other.kind is Kind.TWILIO_CALL:
        return f"{shown} is a Twilio call SID, not a SignalWire ID."
    if other.kind is Kind.RECORDING and "/" in text:
        host, *_, name = re.split("[?#]", text)[0].rstrip("/").split("/")
        address = mrkdwn.code(f"{host}/…/{name}", _LIMIT)
        return f"{address} is a recording's URL. It doesn't contain the call's ID."
    subject = "It's" if is_shown else f"{shown} is"
    return f"{subject} labeled as the ID of {_NAMES[other.kind]}."


def _mistake(text: str) -> str:
    digits = len(re.sub("[^0-9a-fA-F]", "", text))
    if digits == _DIGITS:
        return "has its dashes in the wrong places."
    return f"has {digits} digits, but an ID has {_DIGITS}."
