"""Renders Block Kit and mrkdwn as accessible HTML; the page's script adds the behavior."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import JsonValue

from bot.dev.emulator.slack.block_elements import ConversationsSelect, Mrkdwn, PlainText
from bot.dev.emulator.slack.block_kit import Input
from bot.dev.emulator.slack.conversations import Conversation, offered
from bot.dev.emulator.slack.element_state import NO_STATE, State, initial_state, places
from bot.dev.playground.web.render import block_kit, inline, mrkdwn
from bot.dev.playground.web.render.block_kit import UnsupportedBlock

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_NO_ERRORS: Final[Mapping[str, str]] = MappingProxyType({})


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
        self.environment.filters.update(words=self._words, plain=_plain, line=_line, lines=_lines)
        self.environment.tests.update(unknown=_is_unknown)

    def blocks(
        self,
        blocks: Sequence[JsonValue],
        prefix: str,
        *,
        errors: Mapping[str, str] = _NO_ERRORS,
        state: State = NO_STATE,
    ) -> Markup:
        """The blocks as HTML.

        Args:
            blocks: as sent to Slack. Unsupported ones are shown as such, with their JSON.
            prefix: starts every element ID, to keep IDs unique in the page; without spaces.
            errors: a form's error messages, by block_id; plain text.
            state: the entered values; they override initial values.
        """
        entered = initial_state([*blocks], state)
        drawing = _Drawing(prefix, places(blocks), errors, entered)
        template = self.environment.get_template("block_kit/blocks.html")
        return Markup(  # noqa: S704 - the template escapes
            template.render(blocks=block_kit.parse(blocks), drawing=drawing)
        )

    def mrkdwn(self, text: str) -> Markup:
        """Render a text in Slack's markup as HTML; also used for messages without blocks."""
        return mrkdwn.html(text, self._names, verbatim=False)

    def _words(self, words: PlainText | Mrkdwn) -> Markup:
        if isinstance(words, Mrkdwn):
            return mrkdwn.html(words.text, self._names, verbatim=words.verbatim)
        return _plain(words)


@dataclass(frozen=True)
class _Drawing:
    prefix: str
    places: Sequence[Sequence[int]]
    errors: Mapping[str, str]
    state: State

    def id(self, block: int, element: int = 0) -> str:
        return f"{self.prefix}-{block}-{element}"

    def error(self, block: Input) -> str:
        return self.errors.get(block.block_id or "", "")

    def entered(self, block: Input, name: str) -> JsonValue:
        """What was entered in a field, by its name in the field's state."""
        return self.state[str(block.block_id)][block.element.action_id][name]

    def chosen(self, block: Input, name: str) -> list[JsonValue]:
        """The values of the options chosen in a menu. `name` is as in `entered`."""
        options = self.entered(block, name)
        listed = options if isinstance(options, list) else [options]
        return [option["value"] for option in listed if isinstance(option, dict)]

    def conversations(self, element: ConversationsSelect) -> list[Conversation]:
        return offered(element)


def _finalize(printed: object) -> object:
    return inline.printable(printed) if type(printed) is str else printed


def _plain(words: PlainText) -> Markup:
    return inline.bdi(inline.escaped(words.text))


def _line(text: str) -> Markup:
    """Plain text on one line, for attributes and menu options."""
    return inline.escaped(text, inline.SPACE)


def _lines(text: str) -> Markup:
    return inline.escaped(text, inline.NEW_LINE)


def _is_unknown(block: object) -> bool:
    return isinstance(block, UnsupportedBlock)
