"""Masks the names of people and their email addresses.

A caller's name says who they are as well as their number does. Fabric addresses stay, and
SIP users and caller IDs of one word, since nothing else tells one end of a call from another.
"""

import re
from typing import Final

from bot.voicelogs.masked_keys import Holds
from bot.voicelogs.masked_secrets import BULLET, HIDDEN, USER_AT_HOST, mask_secret
from bot.voicelogs.masked_values import IN_WORD, values

_IN_NAME: Final = rf"(?:{IN_WORD}|[,&])"
_NAME_BEFORE_ADDRESS: Final = re.compile(
    rf"""
    (?: (?<!\\) (?P<quote> (?P<escaped> \\++ )? " )
        (?P<quoted> (?: [^"<>\\] | (?(escaped) (?!) | \\. ) )++ ) (?P=quote)
      | (?P<start> (?<!{_IN_NAME}) [,&]*+\s? )
        (?P<words> {IN_WORD} {_IN_NAME}*+ (?: \s {_IN_NAME}++ ){{0,7}} ) )
    (?P<address> \s* <
        (?: (?:sips?|tel|mailto|whatsapp):
          | \+?(?:[0-9][0-9\ ]*>|[0-9\ ]*{BULLET}) | [^\s<>@]++@ ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A display name (RFC 3261 §25.1) before an address: `"…" <sip:+1 ••••••••12@…>`."""
_WORD: Final = rf"[^\s\d{BULLET}@:/<>=;?]++"
_CALLER_ID: Final = re.compile(
    rf"""
    (?P<scheme> (?<!\S) (?: (?P<open> < )? [a-z]++: )? )
    (?P<words> {_WORD} (?: [;?]*+ \s {_WORD} (?! [{BULLET}\d:/<=] | (?(open) (?!) | > ) ) )++ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Several words: a name, as the caller's telephone company sends it (CNAM), or as a client
registers: `client:Dana Reyes`.
"""
_SIP_USER: Final = re.compile(
    rf"""
    (?P<scheme> (?<!\w) sips?: )
    {_WORD} (?: \s {_WORD} ){{1,7}}+ (?= (?: [:;] [^\s@<>]*+ )? @ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Several words in the user part of a SIP address, perhaps with a password or parameters."""
_KNOWN: Final = frozenset(
    {
        "anonymous",
        "answer",
        "area",
        "available",
        "blocked",
        "busy",
        "call",
        "caller",
        "cell",
        "free",
    }
    | {"end", "far", "hangup", "local", "party", "remote", "side", "system"}
    | {"hidden", "id", "in", "inbound", "likely", "name", "no", "not", "number", "of", "out"}
    | {"outbound", "phone", "private", "progress", "restricted", "risk", "scam", "spam", "toll"}
    | {"unavailable", "unknown", "wireless", "withheld"}
)
"""Words of what stands in place of a name, or of a status."""
_SPACE_IN_FORM: Final = re.compile(r"\+(?=[^\W\d_])")
_DOMAIN: Final = re.compile(r"[^.]+(?:\.[^.]+)*\.[^\W\d_][^.]+")
_ID: Final = re.compile("[0-9a-fA-F-]{8,}")
_NO_NAME: Final = re.compile(
    r"[\W\d_TZ]*|sips?:.*|(?=\D*\d)[0-9a-f-]{8,}", re.IGNORECASE | re.DOTALL
)
"""Without letters, a time, a SIP address, an id."""


def mask_name(name: str) -> str:
    """Mask a name. What has no letters isn't one, and stays, as a SIP address and an id do."""
    return name if _NO_NAME.fullmatch(name) else mask_secret(name)


def mask_caller_id(text: str) -> str:
    """Mask the names in a caller ID or a label: two or more words, unless all are known."""
    return _CALLER_ID.sub(_words_masked, text)


def mask_names(text: str, *, emails: bool) -> str:
    """Mask the names in a text.

    Args:
        text: as displayed, with its secrets and numbers masked.
        emails: whether `name@host` is an email address, unless it says that it is SIP's.
    """
    text = _values_masked(text)
    text = _SIP_USER.sub(rf"\g<scheme>{HIDDEN}", text) if "@" in text else text
    if emails and "@" in text:
        text = USER_AT_HOST.sub(_email_masked, text)
    return _NAME_BEFORE_ADDRESS.sub(_before_address, text) if "<" in text else text


def _values_masked(text: str) -> str:
    """Mask the values whose keys say that they are names, or may be."""
    pieces: list[str] = []
    end = 0
    for held, start, next_end in values(text, Holds.NAME, Holds.LABEL):
        mask = _mask_label if held is Holds.LABEL else mask_name
        pieces += [text[end:start], mask(text[start:next_end])]
        end = next_end
    return "".join([*pieces, text[end:]])


def _mask_label(label: str) -> str:
    """Mask a label; in the body of a form, `+` is a space."""
    spaced = _SPACE_IN_FORM.sub(" ", label)
    masked = mask_caller_id(spaced)
    return label if masked == spaced else masked


def _words_masked(match: re.Match[str]) -> str:
    words = match["words"]
    is_known = _KNOWN.issuperset(words.casefold().split())
    return match.group() if is_known else match["scheme"] + mask_name(words)


def _before_address(match: re.Match[str]) -> str:
    quote = match["quote"] or ""
    name = mask_name(match["quoted"] or match["words"])
    return f"{match['start'] or ''}{quote}{name}{quote}{match['address']}"


def _email_masked(match: re.Match[str]) -> str:
    scheme, user, password, host = match["scheme"], match["user"], match["password"], match["host"]
    is_account = scheme or password is not None or _ID.fullmatch(user)
    is_email = not is_account and _DOMAIN.match(host)
    return f"{mask_name(user)}@{host}" if is_email else match.group()
