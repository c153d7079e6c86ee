"""What a key says of its value: in JSON, in the body of a form, in a header.

A key is read as words: `effective_caller_id_number`, `CallerName`, `sip_h_X-Customer-Name`.
"""

import re
from collections.abc import Iterable
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise
from typing import Final


class Holds(Enum):
    """What a value is that may have to be masked."""

    NAME = auto()
    """A person's name."""
    LABEL = auto()
    """A person's name if it has several words; one word is a login, or the name of a room."""
    ADDRESS = auto()
    """An end of a call."""
    SECRET = auto()
    """A password and the like, personal data other than a name, or the keys that were pressed."""
    SPEECH = auto()
    """What was said, or sent with a call."""


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_a-zA-Z]+")
_LONGEST_KEY: Final = 100
_PARTIES: Final = frozenset(
    {"ani", "asserted", "called", "callee", "caller", "calling", "cid", "destination", "dialed"}
    | {"diversion", "dnis", "forwarded", "from", "phone", "to"}
)
_ROLES: Final = frozenset(
    {"agent", "assignee", "attendee", "customer", "employee", "guest", "participant", "patient"}
    | {"recipient", "sender", "speaker", "subscriber"}
)
_PEOPLE: Final = _PARTIES | _ROLES | {"client", "connected", "contact", "cust", "member", "person"}
_PARTS: Final = frozenset({"display", "family", "first", "full", "given", "last", "middle"})
"""Beside `name` or a person: which name, or which part of it."""
_LABELS: Final = frozenset({"label", "name"})
_THINGS: Final = frozenset(
    {"app", "application", "channel", "codec", "context", "country", "device", "domain", "event"}
    | {"field", "file", "function", "gateway", "host", "model", "module", "node", "profile"}
    | {"project", "queue", "room", "server", "service", "space", "state", "step", "template"}
)
"""What has a name, but isn't a person."""
_PREFIXES: Final = frozenset({"h", "p", "sip", "variable", "x"})
_OTHERS: Final = _PREFIXES | frozenset(
    {"address", "display", "effective", "formatted", "id", "name", "number", "origination"}
    | {"uri", "user"}
)
"""What keys of the ends of a call also have."""
_NAMES: Final = frozenset(
    {"callername", "cnam", "firstname", "fullname", "lastname", "nickname", "surname"}
    | {"apellido", "apellidos", "cognome", "nachname", "nom", "nombre", "nome", "prenom"}
    | {"sobrenome", "vorname", "имя", "фамилия", "姓名", "名前", "氏名"}
)
_FREE_LABELS: Final = frozenset(
    {"accountname", "friendlyname", "profilename", "pushname", "screenname", "username"}
)
"""What people choose as they like: of a conference, a recording, an account."""
_DOERS: Final = frozenset({"by", "owner", "supervisor"})
"""Last word of a key that tells who did something: `transferred_by`."""
_CONTACTS: Final = frozenset(
    {"birth", "birthdate", "cell", "dob", "email", "mail", "mobile", "phone", "tel", "telephone"}
)
"""What an object has beside a person's name."""
_SECRETS: Final = frozenset(
    {"authorization", "cookie", "credential", "credentials", "otp", "passcode", "passphrase"}
    | {"pass", "passwd", "password", "pin", "pwd", "secret", "sig", "signature", "token"}
    | {"authtoken", "accesstoken", "inline"}
    | {f"{kind}key" for kind in ("access", "api", "auth", "encryption", "private")}
    | {f"{kind}key" for kind in ("signing", "subscription")}
    | {f"{kind}code" for kind in ("auth", "confirmation", "postal", "security", "verification")}
    | {"areacode", "exchangecode", "ndc", "npa", "nxx", "subscribernumber"}
    | {"birth", "birthdate", "birthday", "cvc", "cvv", "dob", "postcode", "ssn", "street", "zip"}
    | {f"{kind}address" for kind in ("billing", "customer", "home", "mailing", "patient")}
    | {"addressline", "postaladdress", "shippingaddress"}
    | {"digit", "digits", "dtmf", "keypress", "pressed"}
)
"""One word, or two. `inline` precedes the keys of encrypted audio (RFC 4568 §6.1). An area code and
the like are parts of a number, which other fields may separate."""
_COUNTS: Final = frozenset(
    {"attempts", "count", "duration", "enabled", "expires", "length", "max", "min", "mode", "ms"}
    | {"num", "required", "terminator", "terminators", "timeout", "type"}
)
"""Words of a key that tells something about a secret: `token_count`, `max_digits`."""
_FACTS: Final = frozenset({"at", "cost", "expiry", "keyid", "limit", "price", "ttl", "usage"})
"""One word, or two, at the end of other such keys: `token_issued_at`, `signing_key_id`."""
_SAID: Final = frozenset(
    {"comment", "comments", "content", "greeting", "heardapprox", "messagebody", "notes"}
    | {"postpromptdata", "postresponse", "prompt", "say", "smsbody", "speechresult"}
    | {"spokentotal", "summary", "text", "transcript"}
    | {"transcription", "userinput", "usertouser", "utterance", "uui", "word"}
)
"""What is said, or sent with a call: by an agent, a voice, speech recognition (SignalWire docs,
`ai`, `play`), or in the header of RFC 7433. One to three words, which may follow others."""
_RESULTS: Final = frozenset({"cause", "error", "reason", "status"})
"""Whose text isn't what was said."""
_TIMES: Final = frozenset(
    {"date", "epoch", "exp", "iat", "nbf", "stamp", "time", "timestamp", "ts", "uepoch"}
)
"""Three are from RFC 7519 §4.1."""
_TIME: Final = re.compile(
    r"""
    1[0-9]{9} (?:[0-9]{3}){0,2} (?:\.[0-9]{1,6})?
    | (?:19|20)[0-9]{2} (?:0[1-9]|1[0-2]) (?:0[1-9]|[12][0-9]|3[01])
      (?: (?:[01][0-9]|2[0-3]) (?:[0-5][0-9]){1,2} )?
    """,
    re.VERBOSE,
)
"""From 2001 to 2033, in seconds, milliseconds or microseconds; or a date, perhaps with a time."""
TOO_LONG_MS: Final = 10**9
"""Milliseconds. Longer durations are masked everywhere."""
_QUANTITIES: Final = frozenset({"count", "elapsed", "frames", "packets", "samples", "size"})
"""Last word of a key, or last but one: `packets_lost`. `ns` and `us` are only its last word."""
_NO_QUANTITIES: Final = _CONTACTS | {"number"}
"""Last word, or last but one, of a key whose value isn't a quantity: `number_us` is a US number."""
_SIZE: Final = re.compile(rf"[0-9]{{1,{len(str(TOO_LONG_MS)) - 1}}}")
_PORTS: Final = re.compile("[0-9]{1,5}(?:-[0-9]{1,5})?")
_OF_32_BITS: Final = re.compile("[0-9]{1,10}")
_PRODUCTS: Final = re.compile(
    r"""
    (?: [_.;~+()/,\ -] | [0-9]{1,4} (?=[A-Za-z]) | [A-Za-z]
        (?: [_-]? [0-9]{1,4} (?!\.?[0-9]) )?
        (?: [\ /-]? [0-9]{1,2} (?: \.[0-9]{1,2} ){0,2} (?: \.[0-9]{1,5} )?
            (?: \([0-9.]{1,8}\) )? (?![.\ ]?[0-9]) )?
    )++
    """,
    re.VERBOSE,
)
"""What a phone or a server says it is: a word may have the number of a model, and a version may
follow it (RFC 9110 §10.1.5)."""
_FORMS: Final = {
    **dict.fromkeys(("bytes", "octets"), _SIZE),
    **dict.fromkeys(("port", "ports"), _PORTS),
    **dict.fromkeys(("csrc", "ssrc", "rtptimestamp"), _OF_32_BITS),
    "useragent": _PRODUCTS,
}
"""By one word, or two, of a key, which another word may follow: the form of a value that stays. A
number of a person may have it only under other keys."""


@lru_cache(maxsize=1024)
def holds(key: str) -> Holds | None:
    """Return what the value of a key is, as far as the key says."""
    words = _words(key)
    known = frozenset(words)
    pairs = known.union(map("".join, pairwise(words)))
    ends = {"".join(words[-count:]) for count in (1, 2, 3)}
    if not _SECRETS.isdisjoint(pairs) and known.isdisjoint(_COUNTS) and _FACTS.isdisjoint(ends):
        return Holds.SECRET
    if known.isdisjoint(_RESULTS) and not _SAID.isdisjoint(ends):
        return Holds.SPEECH
    if _is_name(known):
        return Holds.NAME
    if not _FREE_LABELS.isdisjoint(pairs) or not _DOERS.isdisjoint(words[-1:]):
        return Holds.LABEL
    is_end = known <= _PARTIES | _OTHERS and not known.isdisjoint(_PARTIES)
    return Holds.ADDRESS if is_end else None


def holds_within(outer: str, key: str) -> str:
    """Return the key that says most of a value: its own, or one with that of the outer object.

    `{"caller": {"name": …}}` has the caller's name.
    """
    if len(outer) > _LONGEST_KEY:
        return key
    if holds(outer) in (Holds.SECRET, Holds.SPEECH):
        return outer if _COUNTS.isdisjoint(_words(key)) else key
    together = f"{outer} {key}"
    says_most = holds(key) not in (None, Holds.LABEL)
    return key if says_most or holds(together) is None else together


def is_of_person(keys: Iterable[str]) -> bool:
    """Whether an object with these keys describes a person: it has an email address, say."""
    return any(not _CONTACTS.isdisjoint(_words(key)) for key in keys)


def is_known(key: str, text: str, *, is_number: bool, is_item: bool) -> bool:
    """Whether its key and form show what a value is: a time, a size, a port, a quantity, a version.

    These may have as many digits as a phone number.

    Args:
        key: the key that says most of the value.
        text: the value.
        is_number: whether it is a JSON number.
        is_item: whether it is in a list, where several values may be parts of a number.
    """
    words = _words(key)
    if not words or holds(key) is not None:
        return False
    if not _TIMES.isdisjoint(words) and _TIME.fullmatch(text):
        return True
    ending = frozenset(words[-2:])
    if not _NO_QUANTITIES.isdisjoint(ending):
        return False
    forms = [_FORMS[end] for end in _FORMS.keys() & {*ending, *map("".join, pairwise(words[-3:]))}]
    is_quantity = words[-1] in ("ns", "us") or not _QUANTITIES.isdisjoint(ending)
    if is_number and (words[-1] == "ms" or (is_quantity and not is_item)):
        forms.append(_SIZE)
    return any(form.fullmatch(text) for form in forms)


@lru_cache(maxsize=1024)
def _words(key: str) -> tuple[str, ...]:
    """Return the words of a key, in lower case; none if it is too long for one."""
    return tuple(map(str.lower, _WORD.findall(key))) if len(key) <= _LONGEST_KEY else ()


def _is_name(known: frozenset[str]) -> bool:
    """Whether the words are those of a name: `caller_id_name`, `agent`, `customer_first`."""
    people = known & _PEOPLE | {word[:-1] for word in known if word[:-1] in _PEOPLE}
    is_role = people <= _ROLES and 0 < len(people) == len(known - _PREFIXES)
    if is_role or not known.isdisjoint(_NAMES):
        return True
    if not known.isdisjoint(_THINGS):
        return False
    is_part = not known.isdisjoint(_PARTS)
    return is_part or not known.isdisjoint(_LABELS) if people else is_part and "name" in known
