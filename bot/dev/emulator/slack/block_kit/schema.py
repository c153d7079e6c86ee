"""Combinators for Block Kit's rules: strings, lists, records and choices."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pydantic import JsonValue

Record = Mapping[str, JsonValue]
# Takes a value and its JSON pointer; yields one line per problem.
Check = Callable[[JsonValue, str], Iterator[str]]
# Takes a record and its JSON pointer; for rules across several fields.
Rule = Callable[[Record, str], Iterator[str]]

NOTHING: Mapping[str, Check] = MappingProxyType({})


def problem(pointer: str, message: str) -> str:
    """Format one problem: the JSON pointer, then what is wrong."""
    return f"{pointer or '/'}: {message}"


def pointer_to(pointer: str, key: str | int) -> str:
    """The JSON pointer of a child, with its key escaped as in RFC 6901."""
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _length(size: int, low: int, high: int | None, unit: str, pointer: str) -> Iterator[str]:
    if size < low:
        yield problem(pointer, f"must be at least {low} {unit}{'' if low == 1 else 's'}")
    if high is not None and size > high:
        yield problem(pointer, f"must be at most {high} {unit}s")


def string(high: int | None = None, *, low: int = 0, pattern: str | None = None) -> Check:
    """A string of `low` to `high` code points that fully matches `pattern`, if given."""

    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem(pointer, "must be a string")
            return
        yield from _length(len(value), low, high, "character", pointer)
        if pattern is not None and re.fullmatch(pattern, value) is None:
            yield problem(pointer, f"must look like {pattern}")

    return check


def boolean(value: JsonValue, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem(pointer, "must be true or false")


def integer(low: int | None = None, high: int | None = None) -> Check:
    """An integer from `low` to `high`, inclusive."""

    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem(pointer, "must be an integer")
            return
        if low is not None and value < low:
            yield problem(pointer, f"must be at least {low}")
        if high is not None and value > high:
            yield problem(pointer, f"must be at most {high}")

    return check


def enum_value(*allowed: str) -> Check:
    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield problem(pointer, f"must be one of: {', '.join(allowed)}")

    return check


def array(inner: Check, low: int = 0, high: int | None = None) -> Check:
    """A list of `low` to `high` items that `inner` accepts."""

    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem(pointer, "must be a list")
            return
        yield from _length(len(value), low, high, "item", pointer)
        for index, item in enumerate(value):
            yield from inner(item, pointer_to(pointer, index))

    return check


def record(
    required: Mapping[str, Check],
    optional: Mapping[str, Check] = NOTHING,
    *rules: Rule,
) -> Check:
    """An object with all required fields, any optional ones and no others."""
    fields = {**optional, **required}

    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem(pointer, "must be an object")
            return
        for name in required:
            if name not in value:
                yield problem(pointer_to(pointer, name), "is required")
        for name, item in value.items():
            if name not in fields:
                yield problem(pointer_to(pointer, name), "is not a known field here")
            else:
                yield from fields[name](item, pointer_to(pointer, name))
        for rule in rules:
            yield from rule(value, pointer)

    return check


def by_type(refusal: str, kinds: Mapping[str, Check]) -> Check:
    """An object whose `type` selects its shape; `refusal` says what is wrong with any other."""

    def check(value: JsonValue, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem(pointer, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            yield problem(pointer_to(pointer, "type"), "is required and must be a string")
        elif kind not in kinds:
            yield problem(pointer_to(pointer, "type"), f"{kind!r} {refusal}")
        else:
            yield from kinds[kind](value, pointer)

    return check


def any_of(*names: str) -> Rule:
    """At least one of the fields must be there."""

    def rule(value: Record, pointer: str) -> Iterator[str]:
        if not any(name in value for name in names):
            yield problem(pointer, f"must have {' or '.join(names)}")

    return rule


def duplicates(name: str, items: JsonValue, pointer: str) -> Iterator[str]:
    """Report each item whose field `name` has the same value as an earlier item's."""
    seen: set[str] = set()
    for index, item in enumerate(items if isinstance(items, list) else ()):
        value = item.get(name) if isinstance(item, dict) else None
        if isinstance(value, str):
            if value in seen:
                place = pointer_to(pointer_to(pointer, index), name)
                yield problem(place, f"{value!r} is used more than once")
            seen.add(value)
