"""Actions on interactive elements (click, choose, fill in) and the state that Slack keeps.

Facts: docs.slack.dev: reference/interaction-payloads/block_actions-payload and
view-interactions-payload, reference/block-kit/block-elements, changelog/2020-09 (the full state).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.block_elements import ConversationsSelect
from bot.dev.emulator.slack.conversations import Choice, offered

Element = Mapping[str, JsonValue]
# What a user enters in a field: a text, a date, a conversation's ID, or the value of an option or
# of several.
Entered = str | Sequence[str]
# Entered values: block_id, then action_id, then the element's state.
State = Mapping[str, Mapping[str, Mapping[str, JsonValue]]]
NO_STATE: Final[State] = MappingProxyType({})

# Source: docs.slack.dev: reference/block-kit/block-elements, the plain-text input
_MAX_LENGTH: Final = 3000
# The element of each kind of input: its state key, its initial key and its empty state.
_STATE_FIELDS: Final[Mapping[str, tuple[str, str, JsonValue]]] = MappingProxyType(
    {
        "plain_text_input": ("value", "initial_value", None),
        "static_select": ("selected_option", "initial_option", None),
        "multi_static_select": ("selected_options", "initial_options", []),
        "conversations_select": ("selected_conversation", "", None),
        "datepicker": ("selected_date", "initial_date", None),
    }
)


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


def elements(block: JsonValue) -> Iterator[Element]:
    """Yield the elements of a block, in order; none if it isn't an object."""
    if not isinstance(block, dict):
        return
    name = {"actions": "elements", "section": "accessory", "input": "element"}
    held = block.get(name.get(str(block.get("type")), ""))
    for element in held if isinstance(held, list) else [held]:
        if isinstance(element, dict):
            yield element


def places(blocks: Sequence[JsonValue]) -> list[list[int]]:
    """For each element of each block, the number of earlier elements with the same `action_id`.

    Elements of input blocks aren't counted, because they send no actions.
    """
    before: Counter[str] = Counter()
    found: list[list[int]] = []
    for block in blocks:
        found.append([])
        is_input = isinstance(block, dict) and block.get("type") == "input"
        for element in () if is_input else elements(block):
            action_id = str(element.get("action_id"))
            found[-1].append(before[action_id])
            before[action_id] += 1
    return found


def _blocks_and_elements(blocks: list[JsonValue]) -> Iterator[tuple[Element, Element]]:
    """Yield each block with each of its elements."""
    for block in blocks:
        if isinstance(block, dict):
            yield from ((block, element) for element in elements(block))


def _options(element: Element) -> list[JsonValue]:
    options = element.get("options")
    return options if isinstance(options, list) else []


def _option_of(element: Element, value: str) -> JsonValue:
    for option in _options(element):
        if isinstance(option, dict) and option.get("value") == value:
            return option
    return None


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
    found = [
        (block, element)
        for block, element in _blocks_and_elements(blocks)
        if block.get("type") != "input" and element.get("action_id") == action_id
    ]
    if value is not None:
        found = [
            (block, element)
            for block, element in found
            if element.get("value") == value or _option_of(element, value) is not None
        ]
    if not 0 <= nth < len(found):
        raise LookupError(f"no element {action_id!r} with value {value!r}, number {nth}, in here")
    block, element = found[nth]
    kept = ("type", "action_id", "text", "value")
    action = {name: element[name] for name in kept if name in element}
    options = _options(element)
    if options:
        action["selected_option"] = options[option] if value is None else _option_of(element, value)
    return {**action, "block_id": block.get("block_id")}


def initial_state(blocks: list[JsonValue], before: State = NO_STATE) -> State:
    """The state that Slack keeps for a new or updated view.

    Args:
        blocks: blocks with a `block_id` each; an element without an `action_id` has no state.
        before: the state of the view that is updated. An element with the same IDs and type keeps
            its value, even if its initial value has changed (docs.slack.dev: surfaces/modals,
            "Updating views").
    """
    state: dict[str, dict[str, Mapping[str, JsonValue]]] = {}
    for block, element in _blocks_and_elements(blocks):
        kind, action_id = str(element.get("type")), element.get("action_id")
        if kind not in _STATE_FIELDS or not isinstance(action_id, str):
            continue
        name, initial, empty = _STATE_FIELDS[kind]
        block_id = str(block.get("block_id"))
        own: Mapping[str, JsonValue] = {"type": kind, name: element.get(initial, empty)}
        old = before.get(block_id, {}).get(action_id)
        kept = old if old is not None and old["type"] == kind else own
        state.setdefault(block_id, {})[action_id] = kept
    return state


def chosen_conversation(blocks: list[JsonValue], state: State) -> Choice | None:
    """The conversation for which a submitted form's payload has a response URL, if any."""
    for block, element in _blocks_and_elements(blocks):
        if element.get("response_url_enabled") is True:
            block_id, action_id = str(block["block_id"]), str(element["action_id"])
            chosen = state[block_id][action_id]["selected_conversation"]
            return Choice(block_id, action_id, chosen) if isinstance(chosen, str) else None
    return None


def filled_in(blocks: list[JsonValue], state: State, values: Mapping[str, Entered]) -> State:
    """The state of a form after the user has filled it in.

    `values` has what was entered, by `block_id`; empty to clear the field. Raises LookupError for
    an unknown block, option or conversation, ValueError for what can't be entered in a field, and
    NotFilledInError for an empty required field or a text that is too long.
    """
    fields = {
        str(block.get("block_id")): (block, element)
        for block, element in _blocks_and_elements(blocks)
        if block.get("type") == "input"
    }
    unknown = set(values) - set(fields)
    if unknown:
        raise LookupError(f"no input block {sorted(unknown)} in this view")
    for block_id, (_, element) in fields.items():
        if block_id in values:
            own = _entered(element, values[block_id])
            state = {**state, block_id: {str(element.get("action_id")): own}}
    checked = {
        block_id: _problem(block_id, block, element, state)
        for block_id, (block, element) in fields.items()
    }
    errors = {block_id: message for block_id, message in checked.items() if message}
    if errors:
        raise NotFilledInError(errors)
    return state


def _entered(element: Element, entered: Entered) -> Mapping[str, JsonValue]:
    kind = str(element.get("type"))
    name = _STATE_FIELDS[kind][0]
    if name == "selected_conversation" and entered:
        menu = ConversationsSelect.model_validate(element)
        if entered not in [each.id for each in offered(menu)]:
            raise LookupError(f"no conversation {entered!r} is offered")
    return {"type": kind, name: _value(element, name, entered)}


def _value(element: Element, name: str, entered: Entered) -> JsonValue:
    match name, entered:
        case "selected_options", str():
            return [_offered(element, entered)] if entered else []
        case "selected_options", _:
            return [_offered(element, value) for value in dict.fromkeys(entered)]
        case "value" | "selected_conversation", str():
            return entered or None
        case "selected_option", str():
            return _offered(element, entered) if entered else None
        case "selected_date", str():
            return date.fromisoformat(entered).isoformat() if entered else None
        case _:
            raise ValueError(f"the emulator can't enter {entered!r} in a {element.get('type')}")


def _offered(element: Element, value: str) -> JsonValue:
    option = _option_of(element, value)
    if option is None:
        raise LookupError(f"no option with value {value!r}")
    return option


def _problem(block_id: str, block: Element, element: Element, state: State) -> str:
    own = state[block_id][str(element.get("action_id"))]
    entered = own[_STATE_FIELDS[str(element.get("type"))][0]]
    if not entered:
        return "" if block.get("optional") is True else "this field is required"
    longest = element.get("max_length", _MAX_LENGTH)
    if isinstance(entered, str) and isinstance(longest, int) and len(entered) > longest:
        return f"must be at most {longest} characters"
    return ""
