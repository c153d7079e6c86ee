"""What a key says of its value: in JSON, in the body of a form, in a header.

A key is read as words: `effective_caller_id_number`, `CallerName`, `sip_h_X-Customer-Name`.
"""

import re
from decimal import Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from bot.signalwire.models import Scalar
from bot.signalwire.raw_json import scalar_text


class Holds(Enum):
    """What a value is that may have to be masked."""

    NAME = auto()
    """A person's name."""
    ADDRESS = auto()
    """An end of a call."""
    SECRET = auto()
    """A password and the like, personal data other than a name, or what was said or typed."""


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_LONGEST_KEY: Final = 100
_PARTIES: Final = frozenset(
    {"ani", "asserted", "called", "callee", "caller", "calling", "cid", "destination", "dialed"}
    | {"diversion", "dnis", "forwarded", "from", "phone", "to"}
)
_PEOPLE: Final = _PARTIES | frozenset(
    {"agent", "client", "contact", "customer", "display", "employee", "family", "first", "full"}
    | {"given", "guest", "last", "member", "middle", "patient", "person", "subscriber"}
)
_OTHERS: Final = frozenset(
    {"address", "effective", "formatted", "h", "id", "name", "number", "origination", "p", "sip"}
    | {"uri", "user", "x"}
)
"""What keys of people also have."""
_NAMES: Final = frozenset(
    {"callername", "cnam", "firstname", "fullname", "lastname", "nickname", "surname"}
)
_SECRETS: Final = frozenset(
    {"authorization", "cookie", "credential", "credentials", "otp", "passcode", "passphrase"}
    | {"passwd", "password", "pin", "pwd", "secret", "sig", "signature", "token"}
    | {"apikey", "authtoken", "accesstoken", "inline"}
    | {"birth", "birthdate", "birthday", "cvc", "cvv", "dob", "postcode", "ssn", "street", "zip"}
)
"""`inline` precedes the keys of encrypted audio (RFC 4568 §6.1)."""
_SECRET_PAIRS: Final = tuple(
    map(
        frozenset,
        [
            *[{kind, "key"} for kind in ("access", "api", "auth", "private")],
            *[{kind, "address"} for kind in ("billing", "customer", "home", "mailing", "patient")],
            *[{kind, "address"} for kind in ("postal", "shipping")],
            {"postal", "code"},
        ],
    )
)
_COUNTS: Final = frozenset(
    {"attempts", "count", "enabled", "expires", "length", "ms", "required", "timeout", "type"}
)
"""The last word of a key that tells something about a secret: `token_count`, `pin_length`."""
_SAID: Final = frozenset(
    {"content", "postpromptdata", "speechresult", "speechtext", "summary", "transcript"}
    | {"transcription", "transcriptiontext", "transcripttext", "utterance"}
)
"""What an AI agent or speech recognition makes of a conversation (SignalWire docs, `ai`)."""
_TYPED: Final = frozenset({"digit", "digits"})
_TYPED_BY: Final = _TYPED | {"collected", "dtmf", "entered", "input", "pressed", "user"}
_TIMES: Final = frozenset({"time", "timestamp"})
_SINCE_1970: Final = re.compile("1[0-9]{9}(?:[0-9]{3}){0,2}")
"""From 2001 to 2033, in seconds, milliseconds or microseconds."""
TOO_LONG_MS: Final = 10**9
"""Milliseconds. Longer durations are masked everywhere."""


@lru_cache(maxsize=1024)
def holds(key: str) -> Holds | None:
    """Return what the value of a key is, as far as the key says."""
    words = _words(key)
    known = frozenset(words)
    if _is_secret(words, known):
        return Holds.SECRET
    is_of_people = known <= _PEOPLE | _OTHERS
    is_name = "name" in known and not known.isdisjoint(_PEOPLE)
    is_display = "display" in known and not known.isdisjoint(_PARTIES)
    if not known.isdisjoint(_NAMES) or ((is_name or is_display) and is_of_people):
        return Holds.NAME
    return Holds.ADDRESS if is_of_people and not known.isdisjoint(_PARTIES) else None


def holds_within(outer: str, key: str) -> str:
    """Return the key that says most of a value: its own, or one with that of the outer object.

    `{"caller": {"name": …}}` has the caller's name.
    """
    if len(outer) > _LONGEST_KEY:
        return key
    if holds(outer) in (Holds.NAME, Holds.SECRET):
        return outer
    together = f"{outer} {key}"
    return key if holds(key) is not None or holds(together) is None else together


def is_time_or_duration(key: str, value: Scalar) -> bool:
    """Whether a value is a time since 1970, or a JSON number of milliseconds that a card shows too.

    Both may have as many digits as a phone number.
    """
    last = (_words(key) or ("",))[-1]
    if last in _TIMES:
        return _SINCE_1970.fullmatch(scalar_text(value)) is not None
    if last != "ms" or not isinstance(value, Decimal) or value.as_tuple().exponent:
        return False
    return 0 <= value < TOO_LONG_MS


@lru_cache(maxsize=1024)
def _words(key: str) -> tuple[str, ...]:
    """Return the words of a key; none if it is too long for one."""
    return tuple(map(str.lower, _WORD.findall(key))) if len(key) <= _LONGEST_KEY else ()


def _is_secret(words: tuple[str, ...], known: frozenset[str]) -> bool:
    if not words or words[-1] in _COUNTS:
        return False
    return (
        not known.isdisjoint(_SECRETS)
        or any(pair <= known for pair in _SECRET_PAIRS)
        or "".join(words) in _SAID
        or (not known.isdisjoint(_TYPED) and known <= _TYPED_BY)
    )
