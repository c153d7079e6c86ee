"""Actions on interactive elements (click, choose, fill in) and the state that Slack keeps.

Facts: docs.slack.dev: reference/interaction-payloads/block_actions-payload and
view-interactions-payload, reference/block-kit/block-elements, changelog/2020-09 (the full state).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import JsonValue, TypeAdapter

from bot.dev.emulator.slack.block_elements import (
    Button,
    ConversationsSelect,
    Entered,
    Overflow,
    TextInput,
)
from bot.dev.emulator.slack.block_kit import Actions, AnyBlock, Block, Input, Section

# Entered values: block_id, then action_id, then the element's state.
State = Mapping[str, Mapping[str, Mapping[str, JsonValue]]]
NO_STATE: Final[State] = {}
_BLOCKS: Final[TypeAdapter[list[Block]]] = TypeAdapter(list[AnyBlock])


class NotFilledInError(ValueError):
    """Slack's client would not submit this form; `errors` has a message per field's block_id."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(
            "; ".join(f"{block_id}: {message}" for block_id, message in errors.items())
        )
        self.errors: Final = errors


def with_block_ids(blocks: JsonValue, prefix: str = "b") -> list[JsonValue]:
    """The blocks, with a `block_id` added to each block that has none."""
    return [
        {"block_id": f"{prefix}{index}", **block} if isinstance(block, dict) else block
        for index, block in enumerate(blocks if isinstance(blocks, list) else ())
    ]


def parsed(blocks: Sequence[JsonValue]) -> list[Block]:
    """Parse blocks that the emulator has accepted."""
    return _BLOCKS.validate_python(blocks)


def clickable(blocks: Sequence[Block]) -> list[list[tuple[Button | Overflow, int]]]:
    """For each block, what can be clicked in it.

    Each element is with the number of earlier elements that have the same `action_id`.
    """
    before: Counter[str] = Counter()
    found: list[list[tuple[Button | Overflow, int]]] = []
    for block in blocks:
        found.append([])
        elements = block.elements if isinstance(block, Actions) else []
        if isinstance(block, Section) and block.accessory is not None:
            elements = [block.accessory]
        for element in elements:
            found[-1].append((element, before[element.action_id]))
            before[element.action_id] += 1
    return found


def action_on(
    blocks: list[JsonValue],
    action_id: str,
    option: int = 0,
    *,
    value: str | None = None,
    nth: int = 0,
) -> dict[str, JsonValue]:
    """The action that a click on an element sends.

    Args:
        blocks: blocks with a `block_id` each.
        action_id: the element's. Elements of input blocks don't send actions.
        option: the index of the menu option.
        value: the value of the button or the menu option, instead of `option`; elements without it
            are skipped.
        nth: the index among the remaining elements.

    Raises LookupError when there is no such element or option.
    """
    read = parsed(blocks)
    found = [
        (block, element)
        for block, elements in zip(read, clickable(read), strict=True)
        for element, _ in elements
        if element.action_id == action_id and value in {None, *_values(element)}
    ]
    if not 0 <= nth < len(found):
        raise LookupError(f"no element {action_id!r} with value {value!r}, number {nth}, in here")
    block, element = found[nth]
    kept = {"type", "action_id", "text", "value"}
    action = element.model_dump(include=kept, exclude_unset=True)
    if isinstance(element, Overflow):
        index = option if value is None else _values(element).index(value)
        action["selected_option"] = element.options[index].sent
    return {**action, "block_id": block.block_id}


def _values(element: Button | Overflow) -> list[str]:
    """The value of a button, or those of a menu's options."""
    if isinstance(element, Button):
        return [element.value]
    return [option.value for option in element.options]


def initial_state(blocks: list[JsonValue], before: State = NO_STATE) -> State:
    """The state that Slack keeps for a new or updated view.

    Args:
        blocks: blocks with a `block_id` each; only inputs have a state.
        before: the state of the view that is updated. An element with the same IDs and type keeps
            its value, even if its initial value has changed (docs.slack.dev: surfaces/modals,
            "Updating views").
    """
    state: dict[str, dict[str, Mapping[str, JsonValue]]] = {}
    for block in parsed(blocks):
        if isinstance(block, Input):
            element, block_id = block.element, str(block.block_id)
            old = before.get(block_id, {}).get(element.action_id)
            own = {"type": element.type, element.state_key: element.initial}
            kept = old if old is not None and old["type"] == element.type else own
            state[block_id] = {element.action_id: kept}
    return state


def chosen_conversation(blocks: list[JsonValue], state: State) -> dict[str, str] | None:
    """The conversation for which a submitted form's payload has a response URL, if any.

    Returns its item of the payload's `response_urls`, without the URL.
    """
    for block in parsed(blocks):
        match block:
            case Input(
                block_id=str(block_id),
                element=ConversationsSelect(response_url_enabled=True, action_id=action_id),
            ):
                chosen = state[block_id][action_id]["selected_conversation"]
                if not isinstance(chosen, str):
                    return None
                return {"block_id": block_id, "action_id": action_id, "channel_id": chosen}
    return None


def filled_in(blocks: list[JsonValue], state: State, values: Mapping[str, Entered]) -> State:
    """The state of a form after the user has filled it in.

    `values` has what was entered, by `block_id`; empty to clear the field. Raises LookupError for
    an unknown block, option or conversation, ValueError for what can't be entered in a field, and
    NotFilledInError for an empty required field or a text that is too long.
    """
    fields = {str(block.block_id): block for block in parsed(blocks) if isinstance(block, Input)}
    unknown = set(values) - set(fields)
    if unknown:
        raise LookupError(f"no input block {sorted(unknown)} in this view")
    for block_id, entered in values.items():
        element = fields[block_id].element
        own = {"type": element.type, element.state_key: element.entered(entered)}
        state = {**state, block_id: {element.action_id: own}}
    checked = {block_id: _problem(block, state[block_id]) for block_id, block in fields.items()}
    errors = {block_id: message for block_id, message in checked.items() if message}
    if errors:
        raise NotFilledInError(errors)
    return state


def _problem(block: Input, state: Mapping[str, Mapping[str, JsonValue]]) -> str:
    element = block.element
    entered = state[element.action_id][element.state_key]
    if not entered:
        return "" if block.optional else "this field is required"
    if isinstance(element, TextInput) and len(str(entered)) > element.max_length:
        return f"must be at most {element.max_length} characters"
    return ""
