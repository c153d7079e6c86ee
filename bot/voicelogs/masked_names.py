"""Masks what is personal or secret beside numbers: names, email addresses, passwords and the like.

A caller's name says who they are as well as their number does. SIP users, Fabric addresses and
caller IDs that are words stay, since nothing else tells one end of a call from another.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.voicelogs.masked_keys import Holds, holds, holds_within

_BULLET: Final = "•"
HIDDEN: Final = _BULLET * 7
"""Takes the place of a name of any length."""

_IN_WORD: Final = r"""[^\s"\\&,;{}<>\[\]|=:]"""
_KEY: Final = re.compile(
    r"""
    (?P<end> </ (?:\w[\w-]{0,31}:)? )?
    (?<![\w-]) (?! (?<=;) text= ) [_-]*+ (?P<key>[^\W\d_][\w-]{1,63})
    [\\"'\]]*+ \s* (?:[:=]=?>?|>) \s*
    """,
    re.VERBOSE,
)
"""A key in JSON, a form's body, XML, a header, a dump: `"caller_id_name": "…"`. Or an end tag.

`;text=` of the header Reason (RFC 3326) isn't what was said.
"""
_NAMED: Final = re.compile(r"""[\\"']*+ ([^\W\d_][\w-]{1,63})""", re.VERBOSE)
"""The name of a pair, as in LaML: `<Parameter name="…" value="…"/>`."""
_TO_INNER_KEY: Final = re.compile(r"""[\s\\"']*[{\[(<][\s\\"'{\[(<:]*""")
"""What is between the key of an object and that of its first member."""
_QUOTED: Final = r"""(?P<quote> \\*+["']) (?: (?!(?<!\\)(?P=quote)) . )++"""
_UNQUOTED: Final = r"""[^\s"'\\&,;<>{}\[\]|]"""
_VALUES: Final[Mapping[Holds | None, re.Pattern[str]]] = {
    Holds.NAME: re.compile(
        rf"{_QUOTED} | {_IN_WORD}++ (?!\s*[:=]) (?: \s {_IN_WORD}++ (?!\s*[:=]) ){{0,5}}",
        re.VERBOSE,
    ),
    Holds.SECRET: re.compile(
        rf"""
        {_QUOTED}
        | Digest \s+ (?: \w++=(?:\\*"[^"]*+" | [^\s,"]++) (?:,\s*+)? )++
        | (?: (?:Basic|Bearer) \s+ | [a-z][\w-]*+ \s+ (?=[\w.~+/-]{{16}}) (?![\w-]++:) )?
          {_UNQUOTED}++ (?: ;\ [\w.-]++={_UNQUOTED}++ )*+
        """,
        re.VERBOSE | re.IGNORECASE,
    ),
    Holds.SPEECH: re.compile(rf"{_QUOTED} | [^\"&<>{{}}\[\]|]++", re.VERBOSE),
}
_DIGIT_WORD: Final = (
    "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred"
    "|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    "|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    "|um|dois|três|quatro|meia|sete|oito|nove"
    "|due|tre|quattro|cinque|sei|otto)"
)
_UNMISTAKABLE: Final = re.compile(
    rf"""
    (?<![\w.-])
    (?: (?P<scheme> (?:Basic|Bearer)\s+ ) [\w.~+/-]{{16,}}+=*+
      | eyJ [\w-]{{8,}}+ [\w.~+/=-]*+
      | PT[0-9a-f]{{32,}}+
      | (?P<typed> (?i:dtmf|digits?|keypress|otp|pin|pressed) [\s:=("'\[]{{1,3}} )
        [0-9*#{_BULLET}]++ (?: [\s,-]{{1,2}} [0-9*#] (?!\w) )*+
      | (?i:BEGIN:VCARD) .*? (?: (?i:END:VCARD) | $ )
      | (?i:{_DIGIT_WORD}) (?: [\s,.-]{{1,3}} (?i:{_DIGIT_WORD}) (?!\w) ){{3,}}+ )
    | (?P<element> <(?P<tag>(?i:body|message|say|sms|speak))\b[^<>]*+> ) .*? (?= </(?P=tag)> | $ )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What needs no key: credentials (RFC 7617, 6750), a JSON object in Base64, such as a JWT,
SignalWire's API token; keys that were pressed, a vCard, spoken digits, and what LaML says or sends.
"""
_USER_AT_HOST: Final = re.compile(
    r"""
    (?P<scheme> (?<![^\s:/@<>"'\\;,=&?()\[\]{}|])
        (?: sips?: (?: (?:\+[0-9]{1,3}\ )? [^\s@<>"]{0,100} [;=] )? )? )
    (?P<user> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ | (?<=//) (?=:) )
    (?: : (?P<password> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ ) )?
    @ (?P<host> [\w.-]*+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAME_BEFORE_ADDRESS: Final = re.compile(
    rf"""
    (?: (?<!\\) (?P<quote> (?P<escaped> \\++ )? " )
        (?P<quoted> (?: [^"<>\\] | (?(escaped) (?!) | \\. ) )++ ) (?P=quote)
      | (?P<words> (?<!{_IN_WORD}) {_IN_WORD}++ (?: \s {_IN_WORD}++ ){{0,7}} ) )
    (?P<address> \s* <
        (?: (?:sips?|tel|mailto|whatsapp):
          | \+?(?:[0-9][0-9\ ]*>|[0-9\ ]*{_BULLET}) | [^\s<>@]++@ ) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A display name (RFC 3261 §25.1) before an address: `"…" <sip:+1 ••••••••12@…>`."""
_DOMAIN: Final = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}")
_ID: Final = re.compile("[0-9a-fA-F-]{8,}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_NO_NAME: Final = re.compile(
    r"[\W\d_TZ]*|sips?:.*|(?=\D*\d)[0-9a-f-]{8,}", re.IGNORECASE | re.DOTALL
)
"""Without letters, a time, a SIP address, an id."""
_NOTHING: Final = re.compile("(?:null|none|true|false)$", re.IGNORECASE)


def mask_name(name: str) -> str:
    """Mask a name. What has no letters isn't one, and stays, as a SIP address and an id do."""
    return name if _NO_NAME.fullmatch(name) else mask_secret(name)


def mask_secret(value: str) -> str:
    """Mask a value, if there is one."""
    return HIDDEN if value.strip() and not _NOTHING.match(value) else value


def mask_names_and_secrets(text: str, *, emails: bool) -> str:
    """Mask the names and secrets in a text.

    Args:
        text: as displayed, with its numbers masked.
        emails: whether `name@host` is an email address, unless it says that it is SIP's.
    """
    text = _values_masked(text)
    text = _UNMISTAKABLE.sub(
        lambda match: f"{match['scheme'] or match['typed'] or match['element'] or ''}{HIDDEN}", text
    )
    if "@" in text:
        text = _USER_AT_HOST.sub(lambda match: _user_masked(match, emails=emails), text)
    return _NAME_BEFORE_ADDRESS.sub(_before_address, text) if "<" in text else text


def _values_masked(text: str) -> str:
    """Mask the values whose keys say that they are names or secrets."""
    pieces: list[str] = []
    end = 0
    for key, key_start, start in _keys(text):
        held = holds(key)
        pattern = _VALUES.get(held) if key_start >= end else None
        if pattern is None or not (match := pattern.match(text, start)):
            continue
        quote = match["quote"] or ""
        value = match.group()[len(quote) :]
        masked = mask_name(value) if held is Holds.NAME else mask_secret(value)
        pieces += [text[end:start], quote, masked]
        end = match.end()
    return "".join([*pieces, text[end:]])


def _keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the key that says most of each value, and where that key and its value start.

    A `name` beside a masked number is a person's. The `value` of a pair has the pair's name.
    """
    person = "person" if _BULLET in text else ""
    named, outer, outer_end = "", "", 0
    for found in _KEY.finditer(text):
        own = found["key"]
        if found["end"]:
            named = outer = ""
            continue
        if own == "key" and text[max(found.start() - 1, 0)] in "?&":
            own = "apikey"  # in the query of a URL
        elif own.lower() in ("key", "name"):
            pair = _NAMED.match(text, found.end())
            named = "" if pair is None else pair[1]
        elif own.lower() == "value" and named:
            own, named = named, ""
        is_inner = outer and _TO_INNER_KEY.fullmatch(text, outer_end, found.start())
        outer, outer_end = holds_within(outer if is_inner else person, own), found.end()
        # FreeSWITCH logs variables in brackets.
        yield outer, found.start(), outer_end + text.startswith("[", outer_end)


def _before_address(match: re.Match[str]) -> str:
    quote = match["quote"] or ""
    return quote + mask_name(match["quoted"] or match["words"]) + quote + match["address"]


def _user_masked(match: re.Match[str], *, emails: bool) -> str:
    """Mask a password, unless it may be part of a time or a number, or the user of an email."""
    scheme, user, password, host = match["scheme"], match["user"], match["password"], match["host"]
    if password is not None:
        has_letter = _LETTER.search(user + password)
        return f"{scheme}{user}:{HIDDEN}@{host}" if has_letter else match.group()
    is_email = emails and not scheme and not _ID.fullmatch(user) and _DOMAIN.match(host)
    return f"{mask_name(user)}@{host}" if is_email else match.group()
