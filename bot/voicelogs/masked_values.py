"""Finds the values whose keys say what they are: in JSON, a form's body, XML, a header, a dump."""

import re
from collections.abc import Iterator
from typing import Final

from bot.voicelogs.masked_keys import Holds, holds, holds_within

IN_WORD: Final = r"""[^\s"\\&,;{}<>\[\]|=:]"""
"""A character of a word that may be a name."""
_KEY: Final = re.compile(
    r"""
    (?P<end> </ (?:\w[\w-]{0,31}:)? )?
    (?<![\w-]) (?! (?<=;) text= ) (?: (?P<option>--) | [_-]*+ ) (?P<key>[^\W\d_][\w-]{1,63})
    (?: [\\"'\]]*+ \s* (?:[:=]=?>?|>) \s* | (?(option) \s++ (?!-) | (?!) ) )
    """,
    re.VERBOSE,
)
"""A key in JSON, a form's body, XML, a header, a dump, a command: `"caller_id_name": "…"`,
`--password …`. Or an end tag.

`;text=` of the header Reason (RFC 3326) isn't what was said.
"""
_NAMED: Final = re.compile(r"""[\\"']*+ ([^\W\d_][\w-]{1,63})""", re.VERBOSE)
"""The name of a pair, as in LaML: `<Parameter name="…" value="…"/>`."""
_TO_INNER_KEY: Final = re.compile(r"""[\s\\"']*[{\[(<][\s\\"'{\[(<:]*""")
"""What is between the key of an object and that of its first member."""
_QUOTED: Final = r"""(?P<quote> \\*+["']) (?: (?!(?<!\\)(?P=quote)) . )++"""
_UNQUOTED: Final = r"""[^\s"'\\&,;<>{}\[\]|]"""
_NAME: Final = re.compile(
    rf"{_QUOTED} | {IN_WORD}++ (?!\s*[:=]) (?: \s {IN_WORD}++ (?!\s*[:=]) ){{0,5}}", re.VERBOSE
)
_VALUES: Final = {
    Holds.NAME: _NAME,
    Holds.LABEL: _NAME,
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
_MASKED_NUMBER: Final = re.compile("•[0-9]")


def values(text: str, *wanted: Holds) -> Iterator[tuple[Holds, int, int]]:
    """Yield what each value is, if its key says that it is one of `wanted`, its start and end."""
    end = 0
    for key, key_start, start in _keys(text):
        held = holds(key)
        if held not in wanted or key_start < end:
            continue
        if match := _VALUES[held].match(text, start):
            end = match.end()
            yield held, start + len(match["quote"] or ""), end


def _keys(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the key that says most of each value, and where that key and its value start.

    A `name` beside a masked number is a person's. The `value` of a pair has the pair's name.
    """
    person = "person" if _MASKED_NUMBER.search(text) else ""
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
