"""The rich_text block: its parts, and their elements as inline pieces.

Shapes: docs.slack.dev: reference/block-kit/blocks/rich-text-block. Messages that people write in
Slack are rich text.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import PlainValidator

from bot.dev.playground.web.render.inline import DateToken, Inline, Link, Mention, Styled, Tag, Text
from bot.dev.playground.web.render.model import BlockModel, UnsupportedBlock, parse_block


class Style(BlockModel):
    """The style of a range of text."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False
    code: bool = False

    def tags(self) -> Iterator[Tag]:
        """The HTML tags, from the innermost to the outermost."""
        flags: Mapping[Tag, bool] = {
            "code": self.code,
            "u": self.underline,
            "s": self.strike,
            "em": self.italic,
            "strong": self.bold,
        }
        yield from (tag for tag, on in flags.items() if on)


class _Leaf(BlockModel):
    style: Style = Style()

    def piece(self, names: Mapping[str, str]) -> Inline:
        """The element as an inline piece, without its style."""
        raise NotImplementedError


class RichWords(_Leaf):
    """Text."""

    type: Literal["text"]
    text: str

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """The text as is; it contains no markup."""
        return Text(self.text)


class RichLink(_Leaf):
    """A link, with or without a text."""

    type: Literal["link"]
    url: str
    text: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """Uses the URL if there is no text."""
        return Link(self.url, self.text or self.url)


class RichUser(_Leaf):
    """A mention of a user."""

    type: Literal["user"]
    user_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Uses the ID if there is no name."""
        return Mention(f"@{names.get(self.user_id, self.user_id)}")


class RichUsergroup(_Leaf):
    """A mention of a user group."""

    type: Literal["usergroup"]
    usergroup_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Uses the ID if there is no name."""
        return Mention(f"@{names.get(self.usergroup_id, self.usergroup_id)}")


class RichChannel(_Leaf):
    """A mention of a channel."""

    type: Literal["channel"]
    channel_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Uses the ID if there is no name."""
        return Mention(f"#{names.get(self.channel_id, self.channel_id)}")


class RichBroadcast(_Leaf):
    """A mention of the whole channel or workspace."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """Marked as a broadcast, because it notifies people."""
        return Mention(f"@{self.range}", broadcast=True)


class RichEmoji(_Leaf):
    """An emoji, by name and usually also by code points: `1f44b-1f3fd`."""

    type: Literal["emoji"]
    name: str
    unicode: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """The character; custom emoji have none and are shown by name."""
        try:
            return Text("".join(chr(int(point, 16)) for point in self.unicode.split("-")))
        except (ValueError, OverflowError):
            return Text(f":{self.name}:")


class RichColor(_Leaf):
    """A color value, `#1264a3`."""

    type: Literal["color"]
    value: str

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """The value as text: no style from outside is applied to the page."""
        return Text(self.value)


class RichDate(_Leaf):
    """A time."""

    type: Literal["date"]
    timestamp: int
    format: str
    fallback: str = ""
    url: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - shared signature
        """The fallback is shown until the page's script formats the date."""
        return DateToken(
            self.timestamp, self.format, self.fallback or str(self.timestamp), self.url
        )


AnyLeaf = (
    RichWords
    | RichLink
    | RichUser
    | RichUsergroup
    | RichChannel
    | RichBroadcast
    | RichEmoji
    | RichColor
    | RichDate
)
_LEAVES: Final[Mapping[str, type[AnyLeaf]]] = MappingProxyType(
    {
        "text": RichWords,
        "link": RichLink,
        "user": RichUser,
        "usergroup": RichUsergroup,
        "channel": RichChannel,
        "broadcast": RichBroadcast,
        "emoji": RichEmoji,
        "color": RichColor,
        "date": RichDate,
    }
)
Leaf = Annotated[AnyLeaf | UnsupportedBlock, PlainValidator(partial(parse_block, kinds=_LEAVES))]


class RichSection(BlockModel):
    """A paragraph."""

    type: Literal["rich_text_section"]
    elements: tuple[Leaf, ...]


Item = Annotated[
    RichSection | UnsupportedBlock,
    PlainValidator(partial(parse_block, kinds={"rich_text_section": RichSection})),
]


class RichList(BlockModel):
    """A list; a nested list is a separate list with a larger indent."""

    type: Literal["rich_text_list"]
    style: Literal["bullet", "ordered"]
    elements: tuple[Item, ...]
    indent: int = 0
    offset: int = 0


class RichQuote(BlockModel):
    """A quotation."""

    type: Literal["rich_text_quote"]
    elements: tuple[Leaf, ...]


class RichPreformatted(BlockModel):
    """Preformatted lines."""

    type: Literal["rich_text_preformatted"]
    elements: tuple[Leaf, ...]


_PARTS: Final[Mapping[str, type[RichSection | RichList | RichQuote | RichPreformatted]]] = (
    MappingProxyType(
        {
            "rich_text_section": RichSection,
            "rich_text_list": RichList,
            "rich_text_quote": RichQuote,
            "rich_text_preformatted": RichPreformatted,
        }
    )
)
Part = Annotated[
    RichSection | RichList | RichQuote | RichPreformatted | UnsupportedBlock,
    PlainValidator(partial(parse_block, kinds=_PARTS)),
]


def piece(leaf: AnyLeaf, names: Mapping[str, str]) -> Inline:
    """An element as an inline piece.

    Args:
        leaf: an element of a supported type.
        names: maps Slack IDs (U…, C…, S…) to names.
    """
    made = leaf.piece(names)
    for tag in leaf.style.tags():
        made = Styled(tag, (made,))
    return made
