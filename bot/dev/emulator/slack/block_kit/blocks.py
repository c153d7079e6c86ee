"""The blocks and elements that this bot sends, with Slack's limits.

Facts: docs.slack.dev: reference/block-kit, pages blocks, block-elements and composition-objects.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.dev.emulator.slack.block_kit.schema import (
    Check,
    Record,
    any_of,
    array,
    boolean,
    by_type,
    duplicates,
    enum_value,
    integer,
    pointer_to,
    problem,
    record,
    string,
)

_Fields = Mapping[str, Check]

_TEXT_LIMIT: Final = 3000
_ID: Final = string(255, low=1)
_TYPE: Final[_Fields] = MappingProxyType({"type": string()})
_BLOCK_ID: Final[_Fields] = MappingProxyType({"block_id": _ID})


def plain(high: int) -> Check:
    """A plain_text object of 1 to `high` characters."""
    fields = {**_TYPE, "text": string(high, low=1)}
    return by_type("must be plain_text here", {"plain_text": record(fields, {"emoji": boolean})})


def _text(high: int) -> Check:
    """`emoji` belongs to plain_text only and `verbatim` to mrkdwn only."""
    fields = {**_TYPE, "text": string(high, low=1)}
    return by_type(
        "must be plain_text or mrkdwn",
        {
            "plain_text": record(fields, {"emoji": boolean}),
            "mrkdwn": record(fields, {"verbatim": boolean}),
        },
    )


def _used_in(where: str, kinds: _Fields) -> Check:
    return by_type(f"is not used by this bot in {where}", kinds)


# --- Elements ---------------------------------------------------------------------------------

_CONFIRM: Final = record(
    {"title": plain(100), "text": _text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": enum_value("primary", "danger")},
)
_OPTION: Final = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
_URL: Final = string(3000, pattern=r"https?://[!-~]+")
_MENU_OPTION: Final = record(
    {"text": plain(75), "value": string(150)}, {"description": plain(75), "url": _URL}
)
_INTERACTIVE: Final[_Fields] = MappingProxyType({"action_id": _ID, "confirm": _CONFIRM})
_MENU: Final[_Fields] = MappingProxyType({**_INTERACTIVE, "placeholder": plain(150)})
_OPTIONS: Final[_Fields] = MappingProxyType({**_TYPE, "options": array(_OPTION, 1, 100)})


def _initial_is_offered(value: Record, pointer: str) -> Iterator[str]:
    options, several = value.get("options"), value.get("initial_options")
    initial = [("initial_option", value["initial_option"])] if "initial_option" in value else []
    if isinstance(several, list):
        initial += [(f"initial_options/{index}", each) for index, each in enumerate(several)]
    for name, option in initial:
        if isinstance(options, list) and option not in options:
            yield problem(f"{pointer}/{name}", "must be one of the options")


def _lengths_agree(value: Record, pointer: str) -> Iterator[str]:
    """The length limits must not contradict each other or the initial value.

    Slack documents the two limits, not that they must agree, but contradicting limits are an error.
    """
    longest, first = value.get("max_length"), value.get("initial_value")
    sizes = {
        "min_length": value.get("min_length"),
        "initial_value": len(first) if isinstance(first, str) else None,
    }
    for name, size in sizes.items():
        if isinstance(size, int) and isinstance(longest, int) and size > longest:
            yield problem(pointer_to(pointer, name), f"must be at most max_length, {longest}")


_CONVERSATIONS: Final[_Fields] = MappingProxyType(
    {
        **_MENU,
        "initial_conversation": string(low=1),
        "default_to_current_conversation": boolean,
        "filter": record(
            {},
            {
                "include": array(enum_value("im", "mpim", "private", "public"), 1),
                "exclude_external_shared_channels": boolean,
                "exclude_bot_users": boolean,
            },
            any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
        ),
    }
)
_MENUS: Final[_Fields] = MappingProxyType(
    {
        "static_select": record(
            _OPTIONS, {**_MENU, "initial_option": _OPTION}, _initial_is_offered
        ),
        "multi_static_select": record(
            _OPTIONS,
            {
                **_MENU,
                "initial_options": array(_OPTION, 1, 100),
                "max_selected_items": integer(1, 100),
            },
            _initial_is_offered,
        ),
        "conversations_select": record(_TYPE, _CONVERSATIONS),
        "datepicker": record(
            _TYPE, {**_MENU, "initial_date": string(pattern=r"\d{4}-\d{2}-\d{2}")}
        ),
    }
)
_CLICKABLE: Final[_Fields] = MappingProxyType(
    {
        **_MENUS,
        "button": record(
            {**_TYPE, "text": plain(75)},
            {
                **_INTERACTIVE,
                "value": string(2000),
                "style": enum_value("primary", "danger"),
                "url": _URL,
            },
        ),
        "overflow": record({**_TYPE, "options": array(_MENU_OPTION, 1, 5)}, _INTERACTIVE),
    }
)
_TYPED: Final[_Fields] = MappingProxyType({"action_id": _ID, "placeholder": plain(150)})
_TYPED_INPUTS: Final[_Fields] = MappingProxyType(
    {
        "plain_text_input": record(
            _TYPE,
            {
                **_TYPED,
                "initial_value": string(_TEXT_LIMIT),
                "multiline": boolean,
                "min_length": integer(0, 3000),
                "max_length": integer(1, 3000),
            },
            _lengths_agree,
        ),
        "number_input": record(
            {**_TYPE, "is_decimal_allowed": boolean},
            {**_TYPED, **dict.fromkeys(("initial_value", "min_value", "max_value"), string())},
        ),
    }
)

# --- Blocks -----------------------------------------------------------------------------------

_SECTION: Final = record(
    _TYPE,
    {
        **_BLOCK_ID,
        "text": _text(_TEXT_LIMIT),
        "fields": array(_text(2000), 1, 10),
        "accessory": _used_in("a section's accessory", _CLICKABLE),
    },
    any_of("text", "fields"),
)
_CONTEXT: Final = record(
    {
        **_TYPE,
        "elements": array(
            _used_in(
                "a context block",
                {"plain_text": _text(_TEXT_LIMIT), "mrkdwn": _text(_TEXT_LIMIT)},
            ),
            1,
            10,
        ),
    },
    _BLOCK_ID,
)


def _one_action_id_once(value: Record, pointer: str) -> Iterator[str]:
    """docs.slack.dev: an action_id is unique within its containing block."""
    yield from duplicates("action_id", value.get("elements"), pointer_to(pointer, "elements"))


_ACTIONS: Final = record(
    {**_TYPE, "elements": array(_used_in("an actions block", _CLICKABLE), 1, 25)},
    _BLOCK_ID,
    _one_action_id_once,
)
_PREFORMATTED: Final = record(
    {
        **_TYPE,
        "elements": array(
            _used_in("preformatted text", {"text": record({**_TYPE, "text": string(low=1)})}), 1
        ),
    },
)
_RICH_TEXT: Final = record(
    {
        **_TYPE,
        "elements": array(
            _used_in("a rich_text block", {"rich_text_preformatted": _PREFORMATTED}), 1
        ),
    },
    _BLOCK_ID,
)


def _input(elements: _Fields) -> Check:
    fields = {**_TYPE, "label": plain(2000), "element": _used_in("an input block", elements)}
    return record(fields, {**_BLOCK_ID, "hint": plain(2000), "optional": boolean})


_INPUTS: Final[_Fields] = MappingProxyType({**_MENUS, **_TYPED_INPUTS})
# docs.slack.dev: response_url_enabled "only works with menus in input blocks in modals"
_MODAL_INPUTS: Final[_Fields] = MappingProxyType(
    {
        **_INPUTS,
        "conversations_select": record(_TYPE, {**_CONVERSATIONS, "response_url_enabled": boolean}),
    }
)
_EVERYWHERE: Final[_Fields] = MappingProxyType(
    {
        "header": record({**_TYPE, "text": plain(150)}, _BLOCK_ID),
        "section": _SECTION,
        "context": _CONTEXT,
        "actions": _ACTIONS,
        "divider": record(_TYPE, _BLOCK_ID),
        "rich_text": _RICH_TEXT,
    }
)
MESSAGE_BLOCK: Final = _used_in("a message", _EVERYWHERE)
HOME_BLOCK: Final = _used_in("a view", {**_EVERYWHERE, "input": _input(_INPUTS)})
MODAL_BLOCK: Final = _used_in("a view", {**_EVERYWHERE, "input": _input(_MODAL_INPUTS)})
