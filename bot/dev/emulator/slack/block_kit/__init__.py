"""Checks a message or a view against Slack's limits. Lengths are counted in code points."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit.blocks import MESSAGE_BLOCK, VIEW_BLOCK
from bot.dev.emulator.slack.block_kit.elements import plain
from bot.dev.emulator.slack.block_kit.schema import (
    array,
    boolean,
    by_type,
    duplicates,
    enum_value,
    problem,
    record,
    string,
)

# docs.slack.dev: reference/block-kit/blocks (50 in a message, 100 in a modal or a Home tab)
MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
# docs.slack.dev: reference/block-kit/blocks/markdown-block (12,000 for all of a payload's blocks)
MARKDOWN_TOTAL: Final = 12_000

# Slack silently ignores a misspelled top-level field. Nobody would notice a misspelled
# `replace_original`, so here it is reported.
_MESSAGE: Final = record(
    {},
    {
        # docs.slack.dev: changelog/2018-04-truncating-really-long-messages (cut at 40,000)
        "text": string(40_000),
        "blocks": array(MESSAGE_BLOCK, 0, MESSAGE_BLOCKS),
        "attachments": array(lambda _value, _pointer: iter(()), 0, 100),
        "response_type": enum_value("ephemeral", "in_channel"),
        "replace_original": boolean,
        "delete_original": boolean,
        "thread_ts": string(pattern=r"\d+\.\d+"),
        "mrkdwn": boolean,
        "unfurl_links": boolean,
        "unfurl_media": boolean,
        "metadata": lambda _value, _pointer: iter(()),
    },
)

_VIEW: Final = MappingProxyType({"type": string(), "blocks": array(VIEW_BLOCK, 0, VIEW_BLOCKS)})
_VIEW_EXTRAS: Final = MappingProxyType(
    {"private_metadata": string(3000), "callback_id": string(255), "external_id": string(255)}
)


def _has_input(view: Mapping[str, JsonValue]) -> bool:
    blocks = view.get("blocks")
    return isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )


def _inputs_can_be_submitted(view: Mapping[str, JsonValue], pointer: str) -> Iterator[str]:
    """docs.slack.dev: reference/views/modal-views: submit is required with an input block."""
    if _has_input(view) and "submit" not in view:
        yield problem(f"{pointer}/submit", "is required in a modal with an input block")


_ANY_VIEW: Final = by_type(
    "a view (modal or home)",
    {
        "modal": record(
            {**_VIEW, "title": plain(24)},
            {
                **_VIEW_EXTRAS,
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
            _inputs_can_be_submitted,
        ),
        "home": record(_VIEW, _VIEW_EXTRAS),
    },
)


def _between_blocks(payload: Mapping[str, JsonValue]) -> Iterator[str]:
    blocks = payload.get("blocks")
    yield from duplicates("block_id", blocks, "/blocks")
    markdown = tables = 0
    for index, block in enumerate(blocks if isinstance(blocks, list) else ()):
        kind = block.get("type") if isinstance(block, dict) else None
        words = block.get("text") if isinstance(block, dict) else None
        if kind == "markdown" and isinstance(words, str):
            markdown += len(words)
        tables += kind == "table"
        if kind == "table" and tables > 1:
            # docs.slack.dev: reference/block-kit/blocks/table-block, only_one_table_allowed
            yield problem(f"/blocks/{index}", "only one table is allowed in a message")
    if markdown > MARKDOWN_TOTAL:
        yield problem(
            "/blocks", f"markdown blocks must be at most {MARKDOWN_TOTAL} characters together"
        )


def _focused(value: JsonValue) -> int:
    """Count the elements with `focus_on_load`, at any depth."""
    if isinstance(value, list):
        return sum(_focused(item) for item in value)
    if not isinstance(value, dict):
        return 0
    return (value.get("focus_on_load") is True) + sum(_focused(item) for item in value.values())


def _one_focus(view: Mapping[str, JsonValue]) -> Iterator[str]:
    """docs.slack.dev: reference/block-kit/block-elements: focus_on_load is for one element."""
    if _focused(view.get("blocks")) > 1:
        yield problem("/blocks", "only one element can have focus_on_load")


def problems(payload: Mapping[str, JsonValue]) -> list[str]:
    """Check a message payload (`text`, `blocks` and the fields that a response URL accepts).

    Returns one line per problem, starting with a JSON pointer, such as `/blocks/2/text/text: must
    be at most 3000 characters`; an empty list if Slack would accept it.
    """
    return [*_MESSAGE(dict(payload), ""), *_between_blocks(payload)]


def view_problems(view: Mapping[str, JsonValue]) -> list[str]:
    """Check a modal or Home tab view; returns lines as in `problems`."""
    return [*_ANY_VIEW(dict(view), ""), *_between_blocks(view), *_one_focus(view)]
