"""The rich_text block: sections, lists, quotes, preformatted text and their elements.

Facts: docs.slack.dev: reference/block-kit/blocks/rich-text-block.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.dev.emulator.slack.block_kit.elements import BLOCK_ID
from bot.dev.emulator.slack.block_kit.schema import (
    Check,
    array,
    boolean,
    by_type,
    enum_value,
    integer,
    record,
    string,
    url,
)

_WORD: Final = string(low=1)
_WRITTEN: Final = record(
    {}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean)
)
_MENTION: Final = record(
    {},
    dict.fromkeys(("bold", "italic", "strike", "highlight", "client_highlight", "unlink"), boolean),
)
_BORDER: Final[Mapping[str, Check]] = MappingProxyType({"border": integer(0, 1)})


def _mention(field: str) -> Check:
    return record({"type": _WORD, field: _WORD}, {"style": _MENTION})


_TEXT: Final = record({"type": _WORD, "text": _WORD}, {"style": _WRITTEN})
_LINK: Final = record(
    {"type": _WORD, "url": url(3000)}, {"text": string(), "unsafe": boolean, "style": _WRITTEN}
)
_LEAF: Final = by_type(
    "something rich text can hold",
    {
        "text": _TEXT,
        "link": _LINK,
        "emoji": record(
            {"type": _WORD, "name": _WORD}, {"unicode": string(), "skin_tone": integer(1, 6)}
        ),
        "user": _mention("user_id"),
        "usergroup": _mention("usergroup_id"),
        "channel": _mention("channel_id"),
        "broadcast": record(
            {"type": _WORD, "range": enum_value("here", "channel", "everyone")}, {"style": _MENTION}
        ),
        "color": record({"type": _WORD, "value": string(pattern="#[0-9A-Fa-f]{6}")}),
        "date": record(
            {"type": _WORD, "timestamp": integer(), "format": _WORD},
            {"fallback": string(), "url": url(3000), "style": _WRITTEN},
        ),
    },
)
_SECTION: Final = record({"type": _WORD, "elements": array(_LEAF, 1)})
_ITEM: Final = by_type(
    "a rich_text_section, which is all a list holds", {"rich_text_section": _SECTION}
)

PARTS: Final = by_type(
    "a part of rich text",
    {
        "rich_text_section": _SECTION,
        "rich_text_list": record(
            {"type": _WORD, "style": enum_value("bullet", "ordered"), "elements": array(_ITEM, 1)},
            {**_BORDER, "indent": integer(0, 8), "offset": integer(0)},
        ),
        "rich_text_quote": record({"type": _WORD, "elements": array(_LEAF, 1)}, _BORDER),
        "rich_text_preformatted": record(
            {
                "type": _WORD,
                "elements": array(
                    by_type(
                        "text or a link, which is all code holds", {"text": _TEXT, "link": _LINK}
                    ),
                    1,
                ),
            },
            {**_BORDER, "language": string()},
        ),
    },
)
RICH_TEXT: Final = record({"type": _WORD, "elements": array(PARTS, 1)}, {"block_id": BLOCK_ID})
