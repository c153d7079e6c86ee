"""Finds what is secret in a text, by its key or by its form: passwords, tokens, what was said."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from bot.voicelogs.masked_keys import Holds
from bot.voicelogs.masked_values import values

BULLET: Final = "•"
HIDDEN: Final = BULLET * 7
"""Takes the place of a secret or a name of any length."""
_DIGIT_WORD: Final = (
    "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|treble|hundred"
    "|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    "|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    "|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"
    "|zéro|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|eins|zwei|zwo|drei|vier|fünf|sechs|sieben|acht|neun"
    "|um|dois|três|quatro|meia|sete|oito|nove"
    "|due|tre|quattro|cinque|sei|otto)"
)
_DIGITS: Final = rf"(?: {_DIGIT_WORD} | [0-9]{{1,8}} ) (?!\w)"
_SPOKEN: Final = rf"""
    (?<!:) (?! [0-9]++ [.-] ) (?= (?: [0-9\s,.-]{{0,40}}+ {_DIGIT_WORD} (?!\w) ){{2}} )
    {_DIGITS} (?: [\s,.-]{{1,3}} {_DIGITS} ){{3,}}+"""
"""Four or more digits, at least two of them words; speech recognition mixes words and figures.
The first isn't part of a time or a date."""
_AT, _DOT = (
    rf"(?: \s? [(\[{{] \s? {word} \s? [)\]}}] \s? | \s {word} \s )" for word in ("at", "dot")
)
_DISGUISED: Final = rf"""
    [\w.+-]{{1,64}}+ (?: {_DOT} [\w+-]{{1,64}}+ ){{0,3}}
    (?= {_AT} [\w-]{{1,64}}+ {_DOT} \w | \s? [(\[{{] \s? at \s? [)\]}}] \s? \w )"""
"""The user of an email address that is written in words: `jane (at) acme (dot) example`."""
_OF_SERVICES: Final = r"""(?:
    PT[0-9a-f]{16,}+
    | (?: xox[a-z][.-] | xapp- | sk- | glpat- | whsec_ ) [\w.+/=-]{16,}+
    | (?: gh[a-z] | github_pat | hf | npm | [prs]k_(?:live|test) | shp[a-z]{2} )
      _ [0-9A-Za-z]{16,}+ [\w-]*+
    | (?: AIza | A[KS]IA | SG\. | ya29\. ) [\w.-]{16,}+ )"""
"""Tokens of SignalWire; Slack, OpenAI, GitLab, Stripe; GitHub, Hugging Face, npm, Stripe, Shopify;
Google, Amazon, SendGrid.
"""
_PRIVATE_KEY: Final = r"""
    -{5} BEGIN\ [A-Z\ ]{0,20} PRIVATE\ KEY [A-Z\ ]{0,9} -{5}
    .*? (?: -{5} END\ [A-Z\ ]{0,20} PRIVATE\ KEY [A-Z\ ]{0,9} -{5} | $ )"""
"""RFC 7468."""
_UNMISTAKABLE: Final = re.compile(
    rf"""
    (?<![\w.-])
    (?: (?P<scheme> (?:Basic|Bearer)\s+ ) [\w.~+/-]{{16,}}+=*+
      | eyJ [\w-]{{8,}}+ [\w.~+/=-]*+
      | {_OF_SERVICES}
      | {_PRIVATE_KEY}
      | (?P<webhook> hooks\.slack(?:-gov)?\.com [\\/]++ ) (?: [^\s"'\\<>] | \\(?=/) )++
      | (?P<typed> (?i:dtmf|digits?|keypress|otp|pin|pressed) [\s:=("'\[]{{1,3}} )
        [0-9*#{BULLET}]++ (?: [\s,-]{{1,2}} [0-9*#] (?!\w) )*+
      | (?P<account> (?: -u | --(?:proxy-)?user ) [\s="']{{1,3}} [^\s:"']{{1,100}} : ) [^\s"']++
      | =\?[\w*-]{{1,40}}\?[BbQq]\?[^\s?]*+\?=
      | (?i:BEGIN:VCARD) .*? (?: (?i:END:VCARD) | $ )
      | (?i:{_SPOKEN}) | (?i:{_DISGUISED}) )
    | (?P<element> <(?P<tag>(?i:body|message|say|sms|speak))\b[^<>]*+> ) .*? (?= </(?P=tag)> | $ )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What needs no key: credentials (RFC 7617, 6750), a JSON object in Base64, such as a JWT, tokens,
private keys, the path of a webhook of Slack; keys that were pressed, the password of an account
in a command, an encoded word (RFC 2047), as in a display name, a vCard, spoken digits, an email
address in words, and what LaML says or sends.
"""
USER_AT_HOST: Final = re.compile(
    r"""
    (?P<scheme> (?<![^\s:/@<>"'\\;,=&?()\[\]{}|])
        (?: sips?: (?: (?:\+[0-9]{1,3}\ )? [^\s@<>"]{0,100} [;=] )? )? )
    (?P<user> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ | (?<=//) (?=:) )
    (?: : (?P<password> [^\s:/@<>"'\\;,=&?()\[\]{}|]++ ) )?
    @ (?P<host> [^\s:/@<>"'\\;,=&?()\[\]{}|]*+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""An account and its host (RFC 3986 §3.2.1), or an email address."""
_FILE: Final = re.compile(
    r"""
    (?P<host> (?: (?<=//) | (?<=/\\/) ) [^\s"'\\<>/?\#&]++
      | \bfiles\.(?:signalwire\.com|swire\.io) )
    (?P<folders> (?: \\?/ [^\s"'\\<>/?\#&,;]++ )+ \\?/ )
    (?P<name> [^\s"'\\<>/?\#&,;]++ )
    (?P<query> [?\#] [^\s"'\\<>]*+ )?
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""The address of a file in a folder."""
_RECORDING: Final = re.compile(
    r"files\.(?:signalwire\.com|swire\.io)|/recordings?\\?/"
    r"|\.(?:aac|flac|m4a|mp[34]|oga|ogg|opus|wav|webm)\b",
    re.IGNORECASE,
)
"""What the address of a recording has: anyone who knows the address can listen to it."""
_LETTER: Final = re.compile(r"[^\W\d_]")
_NOTHING: Final = re.compile("(?:null|none|true|false)$", re.IGNORECASE)


class Secret(NamedTuple):
    """Where a secret is in a text, and what takes its place."""

    start: int
    end: int
    shown: str = HIDDEN


def mask_secret(value: str) -> str:
    """Mask a value, if there is one."""
    return HIDDEN if value.strip() and not _NOTHING.match(value) else value


def by_key(text: str) -> Iterator[Secret]:
    """Find secrets, and what was said, by their keys."""
    for _, start, end in values(text, Holds.SECRET, Holds.SPEECH):
        value = text[start:end]
        if mask_secret(value) != value:
            yield Secret(start, end)


def by_form(text: str) -> Iterator[Secret]:
    """Find what is unmistakable."""
    for match in _UNMISTAKABLE.finditer(text):
        kept = match.lastgroup  # what precedes a secret; of nested groups, the outer one
        yield Secret(match.end(kept) if kept else match.start(), match.end())


def passwords(text: str) -> Iterator[Secret]:
    """Find the passwords of accounts, except what may be part of a time or a number."""
    for match in USER_AT_HOST.finditer(text) if "@" in text else ():
        if match["password"] is not None and _LETTER.search(match["user"] + match["password"]):
            yield Secret(*match.span("password"))


def recordings(text: str) -> Iterator[Secret]:
    """Find what leads to a recording in its address: the folders, and what follows the name."""
    for match in _FILE.finditer(text) if "/" in text else ():
        if _RECORDING.search(match.group()):
            yield Secret(*match.span("folders"), shown="/…/")
            yield Secret(match.end("name"), match.end(), shown="")
