"""Draws Block Kit and mrkdwn as accessible HTML that does nothing by itself.

It must not know any app, nor what happens when something is pressed: the page's script does that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import JsonValue

from bot.dev.emulator.slack.element_state import NO_STATE, State
from bot.dev.playground.web.render import block_kit, inline, mrkdwn, rich_text
from bot.dev.playground.web.render.block_kit import Input, Mrkdwn, PlainText, Select, TextInput
from bot.dev.playground.web.render.model import UnsupportedBlock
from bot.dev.playground.web.render.rich_text import AnyLeaf

_TEMPLATES: Final = Path(__file__).parent.parent / "templates"
_NO_ERRORS: Final[Mapping[str, str]] = MappingProxyType({})


class Renderer:
    """Draws for one workspace.

    Attributes:
        environment: the templates; the page's own stand beside those for blocks.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        """Names: what to call a Slack id (U…, C…, S…, T…)."""
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
            words=self._words, plain=_plain, line=_line, lines=_lines, leaf=self._leaf
        )
        self.environment.tests.update(unknown=_is_unknown, web=inline.is_web)

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
            blocks: as they were sent. What can't be drawn is shown as such, with its JSON.
            prefix: begins every id, so that it is the only one in the page; without spaces.
            errors: what is wrong with the fields of a form, by block_id; plain text.
            state: what was entered already; it goes before initial values.
        """
        drawing = _Drawing(prefix, block_kit.places(blocks), errors, state)
        template = self.environment.get_template("block_kit/blocks.html")
        return Markup(  # noqa: S704 - the template escapes
            template.render(blocks=block_kit.parse(blocks), drawing=drawing)
        )

    def mrkdwn(self, text: str) -> Markup:
        """A text in Slack's markup as HTML; also for a message without blocks."""
        return mrkdwn.html(text, self._names, verbatim=False)

    def _words(self, words: PlainText | Mrkdwn) -> Markup:
        if isinstance(words, Mrkdwn):
            return mrkdwn.html(words.text, self._names, verbatim=words.verbatim)
        return _plain(words)

    def _leaf(self, leaf: AnyLeaf, *, preformatted: bool) -> Markup:
        line_end = inline.NEW_LINE if preformatted else inline.BREAK
        return inline.html([rich_text.piece(leaf, self._names)], line_end)


@dataclass(frozen=True)
class _Drawing:
    """What the templates ask about the blocks that they draw."""

    prefix: str
    places: Sequence[Sequence[int]]
    errors: Mapping[str, str]
    state: State

    def id(self, block: int, element: int = 0) -> str:
        """An element's id, by its indexes."""
        return f"{self.prefix}-{block}-{element}"

    def error(self, block: Input) -> str:
        """What is wrong with a field; empty if nothing is."""
        return self.errors.get(block.block_id, "")

    def written(self, block: Input, element: TextInput) -> str:
        """What stands in a field to write in."""
        own = self._entered(block.block_id, element.action_id)
        value = element.initial_value if own is None else own.get("value")
        return value if isinstance(value, str) else ""

    def chosen(self, block: block_kit.Known, element: Select) -> str | None:
        """The value of the option that is chosen; None if none is."""
        own = self._entered(block.block_id, element.action_id)
        if own is None:
            return None if element.initial_option is None else element.initial_option.value
        option = own.get("selected_option")
        value = option.get("value") if isinstance(option, dict) else None
        return value if isinstance(value, str) else None

    def _entered(self, block_id: str, action_id: str) -> Mapping[str, JsonValue] | None:
        return self.state.get(block_id, {}).get(action_id)


def _finalize(printed: object) -> object:
    return inline.printable(printed) if type(printed) is str else printed


def _plain(words: PlainText) -> Markup:
    return inline.bdi(inline.escaped(words.text))


def _line(text: str) -> Markup:
    """For where no element can stand: in an attribute, in a menu's option."""
    return inline.escaped(text, inline.SPACE)


def _lines(text: str) -> Markup:
    """For where lines end as they do in the text."""
    return inline.escaped(text, inline.NEW_LINE)


def _is_unknown(shape: object) -> bool:
    return isinstance(shape, UnsupportedBlock)
