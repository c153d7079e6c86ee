"""Renders Block Kit and mrkdwn as accessible HTML; the page's script adds the behavior."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import JsonValue

from bot.dev.emulator.slack.block_elements import Mrkdwn, PlainText
from bot.dev.emulator.slack.element_state import NO_STATE, State, clickable, initial_state, parsed
from bot.dev.emulator.slack.views import NO_ERRORS
from bot.dev.playground.web.render import inline, mrkdwn

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"


class Renderer:
    """Renders for one workspace; `environment` has the templates for the page and for blocks."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self.environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_finalize,
        )
        self.environment.filters.update(
            words=self._words,
            plain=_plain,
            # Plain text on one line, for attributes and menu options; and on several.
            line=partial(inline.escaped, line_end=inline.SPACE),
            lines=partial(inline.escaped, line_end=inline.NEW_LINE),
        )

    def blocks(
        self,
        blocks: Sequence[JsonValue],
        prefix: str,
        *,
        errors: Mapping[str, str] = NO_ERRORS,
        state: State = NO_STATE,
    ) -> Markup:
        """The blocks as HTML.

        Args:
            blocks: as accepted by the emulator, which rejects those that can't be rendered.
            prefix: starts every element ID, to keep IDs unique in the page; without spaces.
            errors: a form's error messages, by block_id; plain text.
            state: the entered values; they override initial values.
        """
        read = parsed(blocks)
        html = self.environment.get_template("block_kit/blocks.html").render(
            blocks=read,
            prefix=prefix,
            clickable=clickable(read),
            errors=errors,
            state=initial_state([*blocks], state),
        )
        return Markup(html)  # noqa: S704 - the template escapes

    def mrkdwn(self, text: str) -> Markup:
        """Render a text in Slack's markup as HTML; also used for messages without blocks."""
        return mrkdwn.html(text, self._names, verbatim=False)

    def _words(self, words: PlainText | Mrkdwn) -> Markup:
        if isinstance(words, Mrkdwn):
            return mrkdwn.html(words.text, self._names, verbatim=words.verbatim)
        return _plain(words)


def _finalize(printed: object) -> object:
    return inline.printable(printed) if type(printed) is str else printed


def _plain(words: PlainText) -> Markup:
    return inline.bdi(inline.escaped(words.text))
