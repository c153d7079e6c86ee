"""The rich_text block: its parts, and what stands in them as pieces of a line.

Shapes: docs.slack.dev: reference/block-kit/blocks/rich-text-block. What people write in Slack comes
as rich text. It must not know any other block.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import PlainValidator

from bot.dev.playground.web.render.inline import DateToken, Inline, Link, Mention, Styled, Tag, Text
from bot.dev.playground.web.render.model import BlockModel, UnsupportedBlock, parse_block


class Style(BlockModel):
    """How a stretch is written."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False
    code: bool = False

    def tags(self) -> Iterator[Tag]:
        """From the innermost to the outermost."""
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
        """The leaf as it stands in a line, its style aside."""
        raise NotImplementedError


class RichWords(_Leaf):
    """Text."""

    type: Literal["text"]
    text: str

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - words name nobody
        """Nothing in it is markup."""
        return Text(self.text)


class RichLink(_Leaf):
    """A link, with or without words of its own."""

    type: Literal["link"]
    url: str
    text: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - a link names nobody
        """Without words, the URL."""
        return Link(self.url, self.text or self.url)


class RichUser(_Leaf):
    """A person."""

    type: Literal["user"]
    user_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Without a name, the id."""
        return Mention(f"@{names.get(self.user_id, self.user_id)}")


class RichUsergroup(_Leaf):
    """A group of people."""

    type: Literal["usergroup"]
    usergroup_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Without a name, the id."""
        return Mention(f"@{names.get(self.usergroup_id, self.usergroup_id)}")


class RichChannel(_Leaf):
    """A channel."""

    type: Literal["channel"]
    channel_id: str

    def piece(self, names: Mapping[str, str]) -> Inline:
        """Without a name, the id."""
        return Mention(f"#{names.get(self.channel_id, self.channel_id)}")


class RichBroadcast(_Leaf):
    """All who read along."""

    type: Literal["broadcast"]
    range: Literal["here", "channel", "everyone"]

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - everyone has no name
        """It calls people, and so must be seen."""
        return Mention(f"@{self.range}", broadcast=True)


class RichEmoji(_Leaf):
    """An emoji, by name and mostly by its code points too: `1f44b-1f3fd`."""

    type: Literal["emoji"]
    name: str
    unicode: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - an emoji names nobody
        """The character; a workspace's own emoji have none, and stay names."""
        try:
            return Text("".join(chr(int(point, 16)) for point in self.unicode.split("-")))
        except (ValueError, OverflowError):
            return Text(f":{self.name}:")


class RichColor(_Leaf):
    """A colour's value, `#1264a3`."""

    type: Literal["color"]
    value: str

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - a colour names nobody
        """Its value: no style from outside reaches the page."""
        return Text(self.value)


class RichDate(_Leaf):
    """A time."""

    type: Literal["date"]
    timestamp: int
    format: str
    fallback: str = ""
    url: str = ""

    def piece(self, names: Mapping[str, str]) -> Inline:  # noqa: ARG002 - a time names nobody
        """Until it is shown in the reader's zone, its fallback."""
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
    """A list; one within another is a list of its own with a larger indent."""

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
    """Lines in a fixed-width face."""

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
    """A leaf as it stands in a line.

    Args:
        leaf: known; what is unknown isn't a piece of a line.
        names: what to call a Slack id (U…, C…, S…).
    """
    made = leaf.piece(names)
    for tag in leaf.style.tags():
        made = Styled(tag, (made,))
    return made
