"""Checks a message or a view against Slack's limits. Lengths are counted in code points.

Blocks, elements and fields that this bot doesn't send are refused, also where Slack takes them.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit.blocks import (
    HOME_BLOCK,
    MESSAGE_BLOCK,
    MODAL_BLOCK,
    plain,
)
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

# Slack silently ignores a misspelled top-level field. Nobody would notice a misspelled
# `replace_original`, so here it is reported.
_MESSAGE: Final = record(
    {},
    {
        # docs.slack.dev: changelog/2018-04-truncating-really-long-messages (cut at 40,000)
        "text": string(40_000),
        "blocks": array(MESSAGE_BLOCK, 0, MESSAGE_BLOCKS),
        "response_type": enum_value("ephemeral", "in_channel"),
        "replace_original": boolean,
        "delete_original": boolean,
        "thread_ts": string(pattern=r"\d+\.\d+"),
        "mrkdwn": boolean,
    },
)

_TYPE: Final = MappingProxyType({"type": string()})
_VIEW_EXTRAS: Final = MappingProxyType(
    {"private_metadata": string(3000), "callback_id": string(255)}
)


def _inputs_can_be_submitted(view: Mapping[str, JsonValue], pointer: str) -> Iterator[str]:
    """docs.slack.dev: reference/views/modal-views: submit is required with an input block."""
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(
        isinstance(block, dict) and block.get("type") == "input" for block in blocks
    )
    if has_input and "submit" not in view:
        yield problem(f"{pointer}/submit", "is required in a modal with an input block")


def _one_response_url(view: Mapping[str, JsonValue], pointer: str) -> Iterator[str]:
    """Slack takes several, and sends a response URL for each; this bot uses one."""
    blocks = view.get("blocks")
    enabled = [
        index
        for index, block in enumerate(blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict)
        and isinstance(element := block.get("element"), dict)
        and element.get("response_url_enabled") is True
    ]
    for index in enabled[1:]:
        place = f"{pointer}/blocks/{index}/element/response_url_enabled"
        yield problem(place, "is used by this bot once in a view")


_ANY_VIEW: Final = by_type(
    "must be modal or home",
    {
        "modal": record(
            {**_TYPE, "blocks": array(MODAL_BLOCK, 0, VIEW_BLOCKS), "title": plain(24)},
            {
                **_VIEW_EXTRAS,
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
            },
            _inputs_can_be_submitted,
            _one_response_url,
        ),
        "home": record({**_TYPE, "blocks": array(HOME_BLOCK, 0, VIEW_BLOCKS)}, _VIEW_EXTRAS),
    },
)


def problems(payload: Mapping[str, JsonValue]) -> list[str]:
    """Check a message payload (`text`, `blocks` and the fields that a response URL accepts).

    Returns one line per problem, starting with a JSON pointer, such as `/blocks/2/text/text: must
    be at most 3000 characters`; an empty list if Slack would accept it.
    """
    return [*_MESSAGE(dict(payload), ""), *_repeated_ids(payload)]


def view_problems(view: Mapping[str, JsonValue]) -> list[str]:
    return [*_ANY_VIEW(dict(view), ""), *_repeated_ids(view)]


def _repeated_ids(payload: Mapping[str, JsonValue]) -> Iterator[str]:
    yield from duplicates("block_id", payload.get("blocks"), "/blocks")
