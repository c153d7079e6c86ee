"""slack_sdk's models read every message and view, find it valid, and give it back whole."""

from typing import Final

import pytest
from pydantic import JsonValue, TypeAdapter
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.dev.gallery.model import Example
from tests.surfaces.examples import EXAMPLES

_BLOCKS: Final = TypeAdapter(list[dict[str, JsonValue]])


def parsed(example: Example) -> JsonValue:
    """What slack_sdk makes of an example, after validating it."""
    blocks = Block.parse_all(_BLOCKS.validate_python(example.blocks))
    for block in blocks:
        block.validate_json()
    read: JsonValue = [block.to_dict() for block in blocks]
    if example.kind == "message":
        return {"text": example.text, "blocks": read}
    rest = {key: value for key, value in example.payload.items() if key != "blocks"}
    view = View(**rest, blocks=blocks)  # type: ignore[arg-type]  # a view's other fields
    view.validate_json()
    return {**view.to_dict(), "blocks": read}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_every_surface_is_valid_and_comes_back_whole(example: Example) -> None:
    assert parsed(example) == example.payload


def test_a_block_that_breaks_a_rule_is_rejected() -> None:
    button: dict[str, JsonValue] = {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": "too long " * 10},
    }
    with pytest.raises(SlackObjectFormationError, match="75"):
        parsed(Example("", {"blocks": [{"type": "actions", "elements": [button]}]}))
