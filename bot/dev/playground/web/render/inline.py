"""What stands within a line of a message: text, links, mentions, moments; as HTML and as words.

Every piece is escaped here, and marks that turn the reading direction end where their piece ends.
It must not know in which notation the line was written.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from markupsafe import Markup, escape

Tag = Literal["strong", "em", "s", "u", "code"]

BREAK: Final = Markup("<br>")
NEW_LINE: Final = Markup("\n")
SPACE: Final = Markup(" ")
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNENCODABLE: Final = re.compile("[\x00\ud800-\udfff]")
_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATING: Final = frozenset("\u2066\u2067\u2068")
_END_OF_TURN: Final = "\u202c"
_END_OF_ISOLATE: Final = "\u2069"
# A link goes nowhere else: `javascript:` runs, and other schemes start programs.
_WEB: Final = re.compile(r"https?://[^\s<>\"\\]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"mailto:[^\s<>\"\\]+", re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """Characters that mean themselves."""

    text: str


@dataclass(frozen=True)
class Styled:
    """A stretch in a face of its own."""

    tag: Tag
    children: "tuple[Inline, ...]"


@dataclass(frozen=True)
class Link:
    """A link. One that may not lead anywhere is only its words."""

    url: str
    words: str


@dataclass(frozen=True)
class Mention:
    """A person, a group or a channel, its sign included; `broadcast` calls all who read along."""

    words: str
    broadcast: bool = False


@dataclass(frozen=True)
class DateToken:
    """A time, in seconds since 1970, that each reader sees in their own zone.

    `format` has Slack's date tokens in it (docs.slack.dev: formatting message text).
    """

    timestamp: int
    format: str
    words: str
    url: str = ""


Inline = Text | Styled | Link | Mention | DateToken


def printable(text: str) -> str:
    """The text without what a page can't hold: half characters and NUL become U+FFFD."""
    return _UNENCODABLE.sub("\ufffd", text)


def one_line_end(text: str) -> str:
    r"""The text with `\n` for all that ends a line, or a paragraph of mixed direction."""
    return _LINE_ENDS.sub("\n", text)


def close_bidi(text: str) -> str:
    r"""The text with its direction marks ending where it ends; its only line ends are `\n`.

    What it opens is closed, and what would close something beyond it is dropped. An element around
    it isn't enough: a stray mark closes the element's own isolation (Unicode Standard Annex 9).
    """
    if _TURNING.search(text) is None:
        return text
    return "\n".join(_contained_line(line) for line in text.split("\n"))


def _contained_line(line: str) -> str:
    kept: list[str] = []
    closers: list[str] = []
    isolates = 0
    for character in line:
        if character == _END_OF_ISOLATE:
            if not isolates:
                continue
            isolates -= 1
            while closers.pop() != _END_OF_ISOLATE:
                pass
        elif character == _END_OF_TURN:
            if not closers or closers[-1] != _END_OF_TURN:
                continue
            closers.pop()
        elif character in _ISOLATING:
            isolates += 1
            closers.append(_END_OF_ISOLATE)
        elif _TURNING.match(character) is not None:
            closers.append(_END_OF_TURN)
        kept.append(character)
    return "".join([*kept, *reversed(closers)])


def escaped(text: str, line_end: Markup = BREAK) -> Markup:
    """Outside text, escaped and contained; `line_end` is HTML."""
    lines = close_bidi(one_line_end(printable(text))).split("\n")
    return line_end.join(escape(line) for line in lines)


def bdi(line: Markup) -> Markup:
    """A line that has a reading direction of its own."""
    return Markup("<bdi>{}</bdi>").format(line) if line else line


def is_web(url: str) -> bool:
    """Whether a button may open it: http and https only."""
    return _WEB.fullmatch(url) is not None


def is_linkable(url: str) -> bool:
    """Whether a link in text may lead there: the web, or a mail to write."""
    return is_web(url) or _MAIL.fullmatch(url) is not None


def html(pieces: Iterable[Inline], line_end: Markup = BREAK) -> Markup:
    """The pieces as HTML that can stand within a line."""
    return Markup("").join(_html(piece, line_end) for piece in pieces)


def as_text(pieces: Iterable[Inline]) -> str:
    """The pieces as words only."""
    return "".join(
        piece.text
        if isinstance(piece, Text)
        else as_text(piece.children)
        if isinstance(piece, Styled)
        else piece.words
        for piece in pieces
    )


def _html(piece: Inline, line_end: Markup) -> Markup:
    match piece:
        case Text(text):
            return escaped(text, line_end)
        case Styled(tag, children):
            return Markup("<{0}>{1}</{0}>").format(tag, html(children, line_end))
        case Link(url, words):
            return _link(url, escaped(words, line_end))
        case Mention(words, broadcast):
            kind = "mention broadcast" if broadcast else "mention"
            return Markup('<span class="{}">{}</span>').format(kind, escaped(words, line_end))
        case DateToken():
            return _link(piece.url, _moment(piece, line_end))


def _link(url: str, words: Markup) -> Markup:
    if not is_linkable(url):
        return words
    return Markup('<a href="{}" rel="noopener noreferrer" target="_blank">{}</a>').format(
        printable(url), words
    )


def _moment(moment: DateToken, line_end: Markup) -> Markup:
    try:
        when = datetime.fromtimestamp(moment.timestamp, UTC)
    except (ValueError, OverflowError, OSError):  # beyond the year 9999
        return escaped(moment.words, line_end)
    return Markup('<time class="local" datetime="{}" data-format="{}" title="{}">{}</time>').format(
        f"{when:%Y-%m-%dT%H:%M:%SZ}",
        printable(moment.format),
        escaped(moment.words, SPACE),
        escaped(moment.words, line_end),
    )
