"""Inline content of a message as HTML: text, links, mentions and dates.

Every piece is escaped here, and bidi control characters are closed at the end of their piece.
"""

import re
from datetime import UTC, datetime
from typing import Final

from markupsafe import Markup, escape

BREAK: Final = Markup("<br>")
NEW_LINE: Final = Markup("\n")
SPACE: Final = Markup(" ")
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
MARK: Final = "\ufdd0"
"""A character that no text contains, for the parser's own use."""
_UNPRINTABLE: Final = re.compile(f"[\x00\ud800-\udfff{MARK}]")
_BIDI_CONTROL: Final = re.compile("([\u202a-\u202e\u2066-\u2069])")
_POP_DIRECTIONAL: Final = "\u202c"
_POP_ISOLATE: Final = "\u2069"
_CLOSERS: Final = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _POP_DIRECTIONAL),
    **dict.fromkeys("\u2066\u2067\u2068", _POP_ISOLATE),
}
"""What closes each opening bidi control character."""
# The allowed schemes: `javascript:` runs code, and others start programs.
_WEB: Final = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"mailto:[^\s<>\"\\]+", re.IGNORECASE)


def printable(text: str) -> str:
    """The text with lone surrogates and NUL, which HTML can't contain, and MARK as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)


def one_line_end(text: str) -> str:
    r"""The text with `\n` for every line and paragraph separator."""
    return _LINE_ENDS.sub("\n", text)


def close_bidi(text: str) -> str:
    r"""The text with its bidi control characters balanced; its only line ends are `\n`.

    Unclosed characters are closed, and unmatched closing ones are dropped. An element around the
    text isn't enough: a stray character closes the element's own isolation (Unicode Standard Annex
    9).
    """
    if _BIDI_CONTROL.search(text) is None:
        return text
    return "\n".join(_contained_line(line) for line in text.split("\n"))


def _contained_line(line: str) -> str:
    kept: list[str] = []
    closers: list[str] = []
    isolates = 0
    for piece in _BIDI_CONTROL.split(line):
        if piece in _CLOSERS:
            closers.append(_CLOSERS[piece])
            isolates += closers[-1] == _POP_ISOLATE
        elif piece == _POP_ISOLATE and isolates:
            isolates -= 1
            while closers.pop() != _POP_ISOLATE:
                pass
        elif piece == _POP_DIRECTIONAL and closers[-1:] == [_POP_DIRECTIONAL]:
            closers.pop()
        elif piece in {_POP_DIRECTIONAL, _POP_ISOLATE}:
            continue
        kept.append(piece)
    return "".join([*kept, *reversed(closers)])


def escaped(text: str, line_end: Markup = BREAK) -> Markup:
    """Untrusted text, escaped and with balanced bidi characters; `line_end` is HTML."""
    lines = close_bidi(one_line_end(printable(text))).split("\n")
    return line_end.join(escape(line) for line in lines)


def bdi(line: Markup) -> Markup:
    """A line with an isolated reading direction."""
    return Markup("<bdi>{}</bdi>").format(line) if line else line


def is_web(url: str) -> bool:
    return _WEB.fullmatch(url) is not None


def is_linkable(url: str) -> bool:
    """Whether a link in text may have this URL: http, https or mailto."""
    return is_web(url) or _MAIL.fullmatch(url) is not None


def link(url: str, label: Markup) -> Markup:
    """A link; only the label if the URL is not allowed."""
    if not is_linkable(url):
        return label
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
        printable(url), label
    )


def mention(name: str, *, broadcast: bool = False) -> Markup:
    """A user, group or channel, including the sign; `broadcast` notifies the whole channel."""
    kind = "mention broadcast" if broadcast else "mention"
    return Markup('<span class="{}">{}</span>').format(kind, escaped(name))


def date(timestamp: int, pattern: str, fallback: str) -> Markup:
    """A time, in seconds since 1970, that the page's script shows in the reader's time zone.

    `pattern` contains Slack's date tokens (docs.slack.dev: formatting message text).
    """
    try:
        when = datetime.fromtimestamp(timestamp, UTC)
    except (ValueError, OverflowError, OSError):  # beyond the year 9999
        return escaped(fallback)
    return Markup('<time class="local" datetime="{}" data-format="{}" title="{}">{}</time>').format(
        f"{when:%Y-%m-%dT%H:%M:%SZ}",
        printable(pattern),
        escaped(fallback, SPACE),
        escaped(fallback),
    )
