"""Block Kit's composition objects and interactive elements, with Slack's limits.

Facts: docs.slack.dev: reference/block-kit, pages composition-objects and block-elements.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit.schema import (
    NOTHING,
    Check,
    Record,
    Rule,
    any_of,
    array,
    boolean,
    by_type,
    enum_value,
    exactly_one_of,
    integer,
    pointer_to,
    problem,
    record,
    string,
    url,
)

TEXT_LIMIT: Final = 3000
BLOCK_ID: Final = string(255, low=1)
ACTION_ID: Final = string(255, low=1)
_DATE: Final = r"\d{4}-\d{2}-\d{2}"
_TIME: Final = r"([01]\d|2[0-3]):[0-5]\d"


def _any(_value: JsonValue, _pointer: str) -> Iterator[str]:
    yield from ()


def plain(high: int) -> Check:
    """A plain_text object of 1 to `high` characters."""
    fields = {"type": _any, "text": string(high, low=1)}
    return by_type(
        "plain_text, the only kind of text allowed here",
        {"plain_text": record(fields, {"emoji": boolean})},
    )


def text(high: int = TEXT_LIMIT) -> Check:
    """A text object of either kind, of 1 to `high` characters.

    `emoji` belongs to plain_text only and `verbatim` to mrkdwn only.
    """
    fields = {"type": _any, "text": string(high, low=1)}
    return by_type(
        "a text object (plain_text or mrkdwn)",
        {
            "plain_text": record(fields, {"emoji": boolean}),
            "mrkdwn": record(fields, {"verbatim": boolean}),
        },
    )


CONFIRM: Final = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": enum_value("primary", "danger")},
)
_SLACK_FILE: Final = record(
    {}, {"id": string(low=1), "url": url(3000)}, exactly_one_of("id", "url")
)
IMAGE_FIELDS: Final[Mapping[str, Check]] = MappingProxyType(
    {"type": _any, "alt_text": string(2000, low=1)}
)
IMAGE_SOURCES: Final[Mapping[str, Check]] = MappingProxyType(
    {"image_url": url(3000), "slack_file": _SLACK_FILE}
)
IMAGE_ELEMENT: Final = record(IMAGE_FIELDS, IMAGE_SOURCES, exactly_one_of(*IMAGE_SOURCES))


def _option(words: Check, extra: Mapping[str, Check] = NOTHING) -> Check:
    return record({"text": words, "value": string(150)}, {"description": words, **extra})


_PLAIN_OPTION: Final = _option(plain(75))
_RICH_OPTION: Final = _option(text(75))
_OVERFLOW_OPTION: Final = _option(plain(75), {"url": url(3000)})
_OPTION_GROUP: Final = record({"label": plain(75), "options": array(_PLAIN_OPTION, 1, 100)})
_FILTER: Final = record(
    {},
    {
        "include": array(enum_value("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH: Final = record(
    {}, {"trigger_actions_on": array(enum_value("on_enter_pressed", "on_character_entered"), 1, 2)}
)


def _choices(value: Record) -> list[JsonValue]:
    groups = value.get("option_groups")
    holders = [value, *(groups if isinstance(groups, list) else ())]
    lists = [holder.get("options") for holder in holders if isinstance(holder, Mapping)]
    return [option for options in lists if isinstance(options, list) for option in options]


def _initial_is_offered(value: Record, pointer: str) -> Iterator[str]:
    if "initial_option" in value and value["initial_option"] not in _choices(value):
        yield problem(pointer_to(pointer, "initial_option"), "must be one of the options")
    several = value.get("initial_options")
    for index, option in enumerate(several if isinstance(several, list) else ()):
        if option not in _choices(value):
            place = pointer_to(pointer_to(pointer, "initial_options"), index)
            yield problem(place, "must be one of the options")


_BASE: Final[Mapping[str, Check]] = MappingProxyType({"action_id": ACTION_ID, "confirm": CONFIRM})
_FOCUS: Final[Mapping[str, Check]] = MappingProxyType({"focus_on_load": boolean})
_MENU: Final[Mapping[str, Check]] = MappingProxyType({**_BASE, **_FOCUS, "placeholder": plain(150)})
_TYPE: Final[Mapping[str, Check]] = MappingProxyType({"type": _any})
_STATIC: Final[Mapping[str, Check]] = MappingProxyType(
    {"options": array(_PLAIN_OPTION, 1, 100), "option_groups": array(_OPTION_GROUP, 1, 100)}
)
_ID: Final = string(low=1)
_HERE: Final[Mapping[str, Check]] = MappingProxyType(
    {"default_to_current_conversation": boolean, "filter": _FILTER}
)


def _menu(*, several: bool, own: Mapping[str, Check], **initial: Check) -> Check:
    limit = {"max_selected_items": integer(1)} if several else {}
    rules = (
        (exactly_one_of("options", "option_groups"), _initial_is_offered)
        if "options" in own
        else ()
    )
    return record(_TYPE, {**_MENU, **limit, **own, **initial}, *rules)


def _menus() -> dict[str, Check]:
    query = {"min_query_length": integer(0)}
    later = {"response_url_enabled": boolean}
    many = array(_ID, 1)
    return {
        "static_select": _menu(several=False, own=_STATIC, initial_option=_PLAIN_OPTION),
        "external_select": _menu(several=False, own=query, initial_option=_PLAIN_OPTION),
        "users_select": _menu(several=False, own=NOTHING, initial_user=_ID),
        "channels_select": _menu(several=False, own=later, initial_channel=_ID),
        "conversations_select": _menu(
            several=False, own={**_HERE, **later}, initial_conversation=_ID
        ),
        "multi_static_select": _menu(
            several=True, own=_STATIC, initial_options=array(_PLAIN_OPTION, 1, 100)
        ),
        "multi_external_select": _menu(
            several=True, own=query, initial_options=array(_PLAIN_OPTION, 1, 100)
        ),
        "multi_users_select": _menu(several=True, own=NOTHING, initial_users=many),
        "multi_channels_select": _menu(several=True, own=NOTHING, initial_channels=many),
        "multi_conversations_select": _menu(several=True, own=_HERE, initial_conversations=many),
    }


def _group(initial: str, inner: Check) -> Check:
    optional = {**_BASE, **_FOCUS, initial: inner}
    required = {"type": _any, "options": array(_RICH_OPTION, 1, 10)}
    return record(required, optional, _initial_is_offered)


BUTTON: Final = record(
    {"type": _any, "text": plain(75)},
    {
        **_BASE,
        "value": string(2000),
        "url": url(3000),
        "style": enum_value("primary", "danger"),
        "accessibility_label": string(75),
    },
)
# Elements that work in actions blocks, as a section's accessory, and in input blocks (bar the
# button and the overflow menu, which the input block's own table leaves out).
CLICKABLE: Final[Mapping[str, Check]] = MappingProxyType(
    {
        **_menus(),
        "button": BUTTON,
        "overflow": record({"type": _any, "options": array(_OVERFLOW_OPTION, 1, 5)}, _BASE),
        "checkboxes": _group("initial_options", array(_RICH_OPTION, 1, 10)),
        "radio_buttons": _group("initial_option", _RICH_OPTION),
        "datepicker": record(_TYPE, {**_MENU, "initial_date": string(pattern=_DATE)}),
        "timepicker": record(
            _TYPE, {**_MENU, "initial_time": string(pattern=_TIME), "timezone": string(low=1)}
        ),
    }
)
# Not allowed as a section's accessory.
DATE_AND_TIME: Final = record(
    _TYPE, {**_BASE, **_FOCUS, "initial_date_time": integer(10**9, 10**10 - 1)}
)


def _lengths_agree(value: Record, pointer: str) -> Iterator[str]:
    """The initial value must be short enough, and the length limits must not contradict.

    Slack documents the two limits, not that they must agree, but contradicting limits are an error.
    """
    shortest, longest, first = (
        value.get(name) for name in ("min_length", "max_length", "initial_value")
    )
    if not isinstance(longest, int):
        return
    if isinstance(shortest, int) and shortest > longest:
        yield problem(pointer_to(pointer, "min_length"), f"must be at most max_length, {longest}")
    if isinstance(first, str) and len(first) > longest:
        yield problem(
            pointer_to(pointer, "initial_value"), f"must be at most max_length, {longest}"
        )


def _field(*rules: Rule, **own: Check) -> Check:
    shared = {
        "action_id": ACTION_ID,
        "placeholder": plain(150),
        "dispatch_action_config": DISPATCH,
    }
    return record(_TYPE, {**shared, **_FOCUS, "initial_value": string(), **own}, *rules)


# Only allowed in input blocks.
TYPED: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "plain_text_input": _field(
            _lengths_agree,
            initial_value=string(TEXT_LIMIT),
            multiline=boolean,
            min_length=integer(0, 3000),
            max_length=integer(1, 3000),
        ),
        "email_text_input": _field(),
        "url_text_input": _field(),
        "number_input": record(
            {"type": _any, "is_decimal_allowed": boolean},
            {
                "action_id": ACTION_ID,
                "initial_value": string(),
                "min_value": string(),
                "max_value": string(),
                "placeholder": plain(150),
                "dispatch_action_config": DISPATCH,
                **_FOCUS,
            },
        ),
        "file_input": record(
            _TYPE,
            {"action_id": ACTION_ID, "filetypes": array(_ID, 1), "max_files": integer(1, 10)},
        ),
    }
)
