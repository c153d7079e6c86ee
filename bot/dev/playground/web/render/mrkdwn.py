"""Slack's markup, mrkdwn, as inert HTML and as plain text.

Rules: docs.slack.dev: messaging/formatting-message-text. Takes linear time for any text.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from markupsafe import Markup

from bot.dev.playground.web.render import inline
from bot.dev.playground.web.render.inline import DateToken, Inline, Link, Mention, Styled, Tag, Text

_TOKEN: Final = re.compile(r"<([^<>\n]+)>")
_MENTION: Final = re.compile(r"([@#]|!subteam\^)([A-Z0-9]+)(?:\|(.*))?")
_EVERYONE: Final = re.compile(r"!(channel|here|everyone)(?:\|.*)?")
_DATE: Final = re.compile(r"!date\^([0-9]{1,15})\^([^^|]+)(?:\^([^|]*))?\|(.+)")
_OTHER_COMMAND: Final = re.compile(r"![^|]+\|(.+)")
_ENTITY: Final = re.compile("&(amp|lt|gt);")
_ENTITIES: Final[Mapping[str, str]] = {"amp": "&", "lt": "<", "gt": ">"}
# Does not start or end within a word. `++` is possessive, which keeps the time linear.
_CODE: Final = re.compile(r"(?<![^\W_])`([^`\n]++)`(?![^\W_])")
_BARE_URL: Final = re.compile(
    '(?<![^\\W_])https?://(?:(?!&[lg]t;)[^\\s<>"\\\\`|\ufffc])++', re.IGNORECASE
)
_URL_TAIL: Final = ".,;:!?'*_~)]}"
_FENCE: Final = "```"
_QUOTE: Final = re.compile("(?:>|&gt;) ?")
_TAGS: Final[Mapping[str, Tag]] = {"*": "strong", "_": "em", "~": "s"}
_CONSUMED: Final = "\ufffc"
"""Masks text that was already parsed, so that later rules skip it."""
_NEXT: Final = re.compile(f"[*_~{_CONSUMED}]")


@dataclass(frozen=True)
class _Preformatted:
    children: tuple[Inline, ...]


@dataclass(frozen=True)
class _Line:
    children: tuple[Inline, ...]
    quoted: bool


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    piece: Inline | _Preformatted


def html(text: str, names: Mapping[str, str], *, verbatim: bool) -> Markup:
    """The text as HTML.

    Args:
        text: mrkdwn, as sent to Slack.
        names: maps Slack IDs (U…, C…, S…) to names.
        verbatim: whether bare URLs are left alone instead of linked.
    """
    scanner = _Scanner(inline.one_line_end(text))
    # Tokens first, as in Slack: mentions work in code, too.
    scanner.consume(_tokens(scanner.text, names))
    scanner.consume(_fences(scanner))
    scanner.consume(_codes(scanner))
    if not verbatim:
        scanner.consume(_bare_urls(scanner))
    kinds = groupby(_lines(scanner), lambda part: isinstance(part, _Line) and part.quoted)
    return Markup("").join(_group(tuple(group), quoted=quoted) for quoted, group in kinds)


def as_plain(text: str, names: Mapping[str, str]) -> str:
    """A message's `text` as a screen reader or a notification gets it.

    Entities are decoded; mentions, links and dates become text. Formatting characters are kept.
    """
    scanner = _Scanner(inline.one_line_end(text))
    scanner.consume(_tokens(scanner.text, names))
    words = inline.as_text(scanner.pieces(0, len(scanner.text)))
    return inline.close_bidi(inline.one_line_end(inline.printable(words)))


def preformatted(children: Sequence[Inline]) -> Markup:
    """Lines in a monospaced font; wide ones can be scrolled, also by keyboard."""
    opening = Markup('<pre tabindex="0" role="group" aria-label="Preformatted text">\n{}</pre>')
    return opening.format(inline.html(children, inline.NEW_LINE))


class _Scanner:
    """A text, and the tokens found in it so far."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text
        """The text at the same length, with found tokens masked."""
        self._found: dict[int, _Span] = {}

    def consume(self, spans: Iterable[_Span]) -> None:
        """Mask the text that the spans cover; they are in order."""
        kept: list[str] = []
        end = 0
        for span in spans:
            self._found[span.start] = span
            kept += [self.left[end : span.start], _CONSUMED * (span.end - span.start)]
            end = span.end
        self.left = "".join([*kept, self.left[end:]])

    def span_at(self, position: int) -> _Span | None:
        return self._found.get(position)

    def preformatted(self, start: int, end: int) -> Iterator[tuple[int, int, _Preformatted]]:
        """The preformatted parts between two positions, each with its position."""
        while (start := self.left.find(_CONSUMED, start, end)) != -1:
            span = self._found.get(start)
            if span is not None and isinstance(span.piece, _Preformatted):
                yield span.start, span.end, span.piece
            start = span.end if span is not None else start + 1

    def pieces(self, start: int, end: int) -> Iterator[Inline]:
        """The unformatted pieces between two positions."""
        plain = start
        while (start := self.left.find(_CONSUMED, start, end)) != -1:
            span = self._found.get(start)
            if span is None or isinstance(span.piece, _Preformatted):
                start += 1
                continue
            yield Text(_decoded(self.text[plain:start]))
            yield span.piece
            plain = start = span.end
        yield Text(_decoded(self.text[plain:end]))


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _tokens(text: str, names: Mapping[str, str]) -> Iterator[_Span]:
    """The tokens in angle brackets."""
    for match in _TOKEN.finditer(text):
        token = _token(match[1], names)
        if token is not None:
            yield _Span(match.start(), match.end(), token)


def _token(body: str, names: Mapping[str, str]) -> Inline | None:
    """The piece for a token; None if it is only text in angle brackets."""
    if (match := _MENTION.fullmatch(body)) is not None:
        sign = "#" if match[1] == "#" else "@"
        name = names.get(match[2]) or _decoded(match[3] or "") or match[2]
        return Mention(sign + name.removeprefix(sign))
    if (match := _EVERYONE.fullmatch(body)) is not None:
        return Mention(f"@{match[1]}", broadcast=True)
    if (match := _DATE.fullmatch(body)) is not None:
        url = _decoded(match[3] or "")
        return DateToken(int(match[1]), _decoded(match[2]), _decoded(match[4]), url)
    if (match := _OTHER_COMMAND.fullmatch(body)) is not None:
        return Text(_decoded(match[1]))
    address, _, label = body.partition("|")
    url = _decoded(address)
    return Link(url, _decoded(label) or url) if inline.is_linkable(url) else None


def _fences(scanner: _Scanner) -> Iterator[_Span]:
    left = scanner.left
    start = left.find(_FENCE)
    while start != -1:
        inside = start + len(_FENCE)
        close = left.find(_FENCE, inside + 1)
        if close == -1:
            return
        first = inside + left.startswith("\n", inside)
        last = max(first, close - left.endswith("\n", inside, close))
        end = close + len(_FENCE)
        yield _Span(start, end, _Preformatted(tuple(scanner.pieces(first, last))))
        start = left.find(_FENCE, end)


def _codes(scanner: _Scanner) -> Iterator[_Span]:
    for match in _CODE.finditer(scanner.left):
        inside = tuple(scanner.pieces(match.start(1), match.end(1)))
        yield _Span(match.start(), match.end(), Styled("code", inside))


def _bare_urls(scanner: _Scanner) -> Iterator[_Span]:
    for match in _BARE_URL.finditer(scanner.left):
        url = match[0].rstrip(_URL_TAIL)
        if inline.is_web(_decoded(url)):
            end = match.start() + len(url)
            yield _Span(match.start(), end, Link(_decoded(url), _decoded(url)))


def _lines(scanner: _Scanner) -> Iterator[_Line | _Preformatted]:
    emphasis = _EmphasisParser(scanner)
    start = 0
    for line in scanner.left.split("\n"):
        end = start + len(line)
        yield from _parts(scanner, emphasis, start, end)
        start = end + 1


def _parts(
    scanner: _Scanner, emphasis: "_EmphasisParser", start: int, end: int
) -> Iterator[_Line | _Preformatted]:
    """A line's pieces, split at preformatted text."""
    quote = _QUOTE.match(scanner.left, start, end)
    begin = start if quote is None else quote.end()
    whole = True
    for first, last, piece in scanner.preformatted(begin, end):
        if begin < first:
            yield _Line(emphasis.within(begin, first), quote is not None)
        yield piece
        begin, whole = last, False
    if whole or begin < end:
        yield _Line(emphasis.within(begin, end), quote is not None)


class _EmphasisParser:
    """Parses bold, italic and strikethrough.

    A delimiter opens at the start of a word and closes at the end of a word, on the same line.
    """

    def __init__(self, scanner: _Scanner) -> None:
        self._reading = scanner
        self._closers = {
            mark: [m.start() for m in re.finditer(re.escape(mark), scanner.left) if self._ends(m)]
            for mark in _TAGS
        }

    def within(self, start: int, end: int) -> tuple[Inline, ...]:
        return tuple(self._within(start, end)) if start < end else ()

    def _within(self, start: int, end: int) -> Iterator[Inline]:
        plain = start
        while (match := _NEXT.search(self._reading.left, start, end)) is not None:
            found = self._piece(match, end)
            if found is None:
                start = match.end()
                continue
            yield Text(_decoded(self._reading.text[plain : match.start()]))
            yield found[0]
            plain = start = found[1]
        yield Text(_decoded(self._reading.text[plain:end]))

    def _piece(self, match: re.Match[str], end: int) -> tuple[Inline, int] | None:
        """The piece that starts here and its end; None for an ordinary character."""
        start = match.start()
        if match[0] == _CONSUMED:
            span = self._reading.span_at(start)
            if span is None or isinstance(span.piece, _Preformatted):
                return None
            return span.piece, span.end
        closers = self._closers[match[0]]
        following = bisect_left(closers, start + 1)
        if not self._begins(match) or following == len(closers) or closers[following] >= end:
            return None
        close = closers[following]
        return Styled(_TAGS[match[0]], self.within(start + 1, close)), close + 1

    def _begins(self, match: re.Match[str]) -> bool:
        before, after = self._around(match)
        return not (before.isalnum() or after.isspace() or match[0] in {before, after})

    def _ends(self, match: re.Match[str]) -> bool:
        before, after = self._around(match)
        return not (before.isspace() or after.isalnum() or match[0] in {before, after})

    def _around(self, match: re.Match[str]) -> tuple[str, str]:
        left, start, end = self._reading.left, *match.span()
        return left[max(start - 1, 0) : start] or " ", left[end : end + 1] or " "


def _group(parts: Sequence[_Line | _Preformatted], *, quoted: bool) -> Markup:
    made: list[Markup] = []
    after_a_line = False
    for part in parts:
        if isinstance(part, _Preformatted):
            made.append(preformatted(part.children))
        else:
            made += [inline.BREAK] if after_a_line else []
            made.append(inline.bdi(inline.html(part.children)))
        after_a_line = isinstance(part, _Line)
    whole = Markup("").join(made)
    return Markup("<blockquote>{}</blockquote>").format(whole) if quoted else whole
