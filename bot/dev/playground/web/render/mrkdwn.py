"""Slack's markup, mrkdwn, as inert HTML and as plain text.

Rules: docs.slack.dev: messaging/formatting-message-text. Takes linear time for any text.
"""

import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import groupby
from typing import Final

from markupsafe import Markup

from bot.dev.playground.web.render import inline
from bot.dev.playground.web.render.inline import MARK

_TOKEN: Final = re.compile(r"<([^<>\n]+)>")
_TAG: Final = re.compile("<[^>]*>")
_MENTION: Final = re.compile(r"([@#]|!subteam\^)([A-Z0-9]+)(?:\|(.*))?")
_BROADCAST: Final = re.compile(r"!(channel|here|everyone)(?:\|.*)?")
_DATE: Final = re.compile(r"!date\^([0-9]{1,15})\^([^^|]+)(?:\^([^|]*))?\|(.+)")
_OTHER_COMMAND: Final = re.compile(r"![^|]+\|(.+)")
_ENTITY: Final = re.compile("&(amp|lt|gt);")
_ENTITIES: Final[Mapping[str, str]] = {"amp": "&", "lt": "<", "gt": ">"}
_FENCE: Final = re.compile("```(.+?)```", re.DOTALL)
# `++` and the like are possessive, which keeps the time linear; `[^\W_]` is a letter or a digit.
_CODE: Final = re.compile(r"(?<![^\W_])`([^`\n]++)`(?![^\W_])")
_BARE_URL: Final = re.compile(
    f'(?<![^\\W_])https?://(?:(?!&[lg]t;)[^\\s<>"\\\\`|{MARK}])++', re.IGNORECASE
)
_URL_TAIL: Final = ".,;:!?'*_~)]}"
_QUOTE: Final = re.compile("(?:>|&gt;) ?")
# A delimiter opens at the start of a word and closes at the end of one; within a word it is text.
_EMPHASIS: Final = re.compile(
    "|".join(
        rf"(?<![^\W_])(?<!{mark}){mark}(?![\s{mark}])"
        rf"(?P<{tag}>(?:[^{mark}]|(?<=[^\W_]){mark}(?=[^\W_]))++)"
        rf"(?<!\s){mark}(?!{mark}|[^\W_])"
        for tag, mark in {"strong": r"\*", "em": "_", "s": "~"}.items()
    )
)
_KEPT: Final = re.compile(f"{MARK}([0-9]+){MARK}")


def html(text: str, names: Mapping[str, str], *, verbatim: bool) -> Markup:
    """The text as HTML.

    Args:
        text: mrkdwn, as sent to Slack.
        names: maps Slack IDs (U…, C…, S…) to names.
        verbatim: whether bare URLs are left alone instead of linked.
    """
    return _Html(names, verbatim=verbatim).render(text)


def as_plain(text: str, names: Mapping[str, str]) -> str:
    """A message's `text` as a screen reader or a notification gets it.

    Entities are decoded; mentions, links and dates become text. Formatting characters are kept.
    """
    parts = _TOKEN.split(inline.one_line_end(text))
    for index, body in enumerate(parts):
        token = _token(body, names) if index % 2 else None
        plain = f"<{body}>" if index % 2 else body
        parts[index] = _decoded(plain) if token is None else unescape(_TAG.sub("", token))
    return inline.close_bidi(inline.one_line_end(inline.printable("".join(parts))))


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda match: _ENTITIES[match[1]], text)


def _token(body: str, names: Mapping[str, str]) -> Markup | None:
    """Render what is in angle brackets; None if it is only text."""
    if (match := _MENTION.fullmatch(body)) is not None:
        sign = "#" if match[1] == "#" else "@"
        name = names.get(match[2]) or _decoded(match[3] or "") or match[2]
        return inline.mention(sign + name.removeprefix(sign))
    if (match := _BROADCAST.fullmatch(body)) is not None:
        return inline.mention(f"@{match[1]}", broadcast=True)
    if (match := _DATE.fullmatch(body)) is not None:
        date = inline.date(int(match[1]), _decoded(match[2]), _decoded(match[4]))
        return inline.link(_decoded(match[3] or ""), date)
    if (match := _OTHER_COMMAND.fullmatch(body)) is not None:
        return inline.escaped(_decoded(match[1]))
    address, _, label = body.partition("|")
    url = _decoded(address)
    label = _decoded(label) or url
    return inline.link(url, inline.escaped(label)) if inline.is_linkable(url) else None


class _Html:
    """Renders one text. Rendered parts are kept in a list; a mark in the text stands for each."""

    def __init__(self, names: Mapping[str, str], *, verbatim: bool) -> None:
        self._names = names
        self._verbatim = verbatim
        self._kept: list[Markup] = []

    def render(self, text: str) -> Markup:
        text = inline.one_line_end(inline.printable(text))
        # Tokens first, as in Slack: mentions work in code, too.
        text = _TOKEN.sub(self._keep_token, text)
        return Markup("").join(self._parts(_FENCE.split(text)))

    def _parts(self, parts: list[str]) -> Iterator[Markup]:
        """The text around fences, and within them at odd indexes."""
        for index, part in enumerate(parts):
            if index % 2:
                yield self._preformatted(part.removeprefix("\n").removesuffix("\n"))
                continue
            # Preformatted text begins and ends a line by itself.
            around = part.removeprefix("\n") if index > 0 else part
            around = around.removesuffix("\n") if index < len(parts) - 1 else around
            if around:
                yield from self._lines(around)

    def _preformatted(self, text: str) -> Markup:
        """Lines in a monospaced font; wide ones can be scrolled, also by keyboard."""
        opening = Markup('<pre tabindex="0" role="group" aria-label="Preformatted text">\n{}</pre>')
        return opening.format(self._text(text, inline.NEW_LINE))

    def _lines(self, text: str) -> Iterator[Markup]:
        text = _CODE.sub(
            lambda match: self._keep(Markup("<code>{}</code>").format(self._text(match[1]))), text
        )
        if not self._verbatim:
            text = _BARE_URL.sub(self._keep_url, text)
        for quoted, lines in groupby(text.split("\n"), lambda line: _QUOTE.match(line) is not None):
            whole = inline.BREAK.join(
                inline.bdi(self._emphasized(_QUOTE.sub("", line, count=1) if quoted else line))
                for line in lines
            )
            yield Markup("<blockquote>{}</blockquote>").format(whole) if quoted else whole

    def _emphasized(self, text: str) -> Markup:
        made = Markup("")
        end = 0
        for match in _EMPHASIS.finditer(text):
            tag = match.lastgroup or ""
            inner = self._emphasized(match[tag])
            made += self._text(text[end : match.start()])
            made += Markup("<{0}>{1}</{0}>").format(tag, inner)
            end = match.end()
        return made + self._text(text[end:])

    def _text(self, text: str, line_end: Markup = inline.BREAK) -> Markup:
        """Escape the text, and put what was kept aside back in."""
        return Markup("").join(
            self._kept[int(part)] if index % 2 else inline.escaped(_decoded(part), line_end)
            for index, part in enumerate(_KEPT.split(text))
        )

    def _keep(self, rendered: Markup) -> str:
        self._kept.append(rendered)
        return f"{MARK}{len(self._kept) - 1}{MARK}"

    def _keep_token(self, match: re.Match[str]) -> str:
        token = _token(match[1], self._names)
        return match[0] if token is None else self._keep(token)

    def _keep_url(self, match: re.Match[str]) -> str:
        written = match[0].rstrip(_URL_TAIL)
        url = _decoded(written)
        if not inline.is_web(url):
            return match[0]
        return self._keep(inline.link(url, inline.escaped(url))) + match[0][len(written) :]
