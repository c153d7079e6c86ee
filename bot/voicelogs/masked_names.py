"""Masks the names beside numbers: callers' and other people's, email addresses, and passwords.

A caller's name says who they are as well as their number does. SIP users, Fabric addresses and
caller IDs that are words stay, since nothing else tells one end of a call from another.
"""

import re
from functools import lru_cache
from typing import Final

_BULLET: Final = "•"
HIDDEN: Final = _BULLET * 7
"""Takes the place of a name of any length."""

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PARTIES: Final = frozenset(
    {"ani", "asserted", "called", "callee", "caller", "calling", "cid", "destination", "dialed"}
    | {"diversion", "dnis", "forwarded", "from", "phone", "to"}
)
_PEOPLE: Final = _PARTIES | frozenset(
    {"agent", "contact", "customer", "display", "family", "first", "full", "given", "guest", "last"}
    | {"member", "middle", "person", "subscriber"}
)
_OTHERS: Final = frozenset(
    {"address", "effective", "formatted", "h", "id", "name", "number", "origination", "p", "sip"}
    | {"uri", "user", "x"}
)
"""What keys of people also have: `effective_caller_id_number`, `sip_h_X-Customer-Name`."""

_NAME_KEY: Final = re.compile("name|cnam|display", re.IGNORECASE)
_IN_WORD: Final = r"""[^\s"\\&,;{}<>\[\]|=:]"""
_NAMED: Final = re.compile(
    rf"""
    (?P<start> (?<![\w-]) (?P<key>[A-Za-z][\w-]{{2,63}}) [\\"']*+ \s* [:=>] \s* )
    (?: (?P<quote> \\*+["']) (?P<quoted> (?:(?!(?P=quote))[^"\\])++ )
      | (?P<words> {_IN_WORD}++ (?!\s*[:=]) (?: \s {_IN_WORD}++ (?!\s*[:=]) ){{0,5}} ) )
    """,
    re.VERBOSE,
)
"""A key and its value in JSON, a form's body, XML, a header: `"caller_id_name": "…"`."""
_USER_AT_HOST: Final = re.compile(
    r"""
    (?P<scheme> (?<![^\s:/@<>"'\\;,=&?()\[\]{}|])
        (?: sips?: (?: (?:\+[0-9]{1,3}\ )? [^\s@<>"]{0,100} [;=] )? )? )
    (?P<user> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ )
    (?: : (?P<password> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ ) )?
    @ (?P<host> [\w.-]*+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAME_BEFORE_ADDRESS: Final = re.compile(
    rf"""
    (?: (?P<quote> \\*+") (?P<quoted> [^"<>\\]++ ) (?P=quote)
      | (?P<words> (?<!{_IN_WORD}) {_IN_WORD}++ (?: \s {_IN_WORD}++ ){{0,7}} ) )
    (?P<address> \s* < (?:[a-zA-Z]{{3,8}}:)? \+? [0-9]{{0,3}} \ ? {_BULLET} )
    """,
    re.VERBOSE,
)
"""A display name (RFC 3261 §25.1) before an address that is masked: `"…" <sip:+1 ••••••••12@…>`."""
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}")
_ID: Final = re.compile("[0-9a-fA-F-]{8,}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_NO_NAME: Final = re.compile("sips?:|(?:null|None|true|false)$", re.IGNORECASE)


@lru_cache(maxsize=1024)
def is_name_key(key: str) -> bool:
    """Whether a key's value is a person's name: `caller_id_name`, `CallerName`, `cnam`."""
    words = _words(key)
    is_name = "name" in words and not words.isdisjoint(_PEOPLE)
    is_display = "display" in words and not words.isdisjoint(_PARTIES)
    return "cnam" in words or ((is_name or is_display) and words <= _PEOPLE | _OTHERS)


@lru_cache(maxsize=1024)
def is_address_key(key: str) -> bool:
    """Whether a key's value is an end of a call: `from`, `to`, `caller_id_number`, `sip_to_uri`."""
    words = _words(key)
    return not words.isdisjoint(_PARTIES) and words <= _PEOPLE | _OTHERS


def _words(key: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(key))


def mask_name(name: str) -> str:
    """Mask a name. What has no letters isn't one, and stays, as a SIP address does."""
    return name if _NO_NAME.match(name) or not _LETTER.search(name) else HIDDEN


def mask_names(text: str, *, emails: bool) -> str:
    """Mask the names in a text.

    Args:
        text: as displayed, with its numbers masked.
        emails: whether `name@host` is an email address, unless it says that it is SIP's.
    """
    if _NAME_KEY.search(text):
        text = _NAMED.sub(_named, text)
    if "@" in text:
        text = _USER_AT_HOST.sub(_email_masked if emails else _password_masked, text)
    return _NAME_BEFORE_ADDRESS.sub(_before_address, text) if "<" in text else text


def _named(match: re.Match[str]) -> str:
    if not is_name_key(match["key"]):
        return match.group()
    return match["start"] + (match["quote"] or "") + mask_name(match["quoted"] or match["words"])


def _before_address(match: re.Match[str]) -> str:
    quote = match["quote"] or ""
    return quote + mask_name(match["quoted"] or match["words"]) + quote + match["address"]


def _email_masked(match: re.Match[str]) -> str:
    scheme, user, host = match["scheme"], match["user"], match["host"]
    if match["password"] is not None or scheme or _ID.fullmatch(user) or not _DOMAIN.match(host):
        return _password_masked(match)
    return f"{mask_name(user)}@{host}"


def _password_masked(match: re.Match[str]) -> str:
    """Mask what is between a colon and an @, unless it may be part of a time or a number."""
    user, password = match["user"], match["password"]
    if password is None or not _LETTER.search(user + password):
        return match.group()
    return f"{match['scheme']}{user}:{HIDDEN}@{match['host']}"
