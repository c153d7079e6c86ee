"""Finds and replaces values inside JSON."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

JsonPath = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


def paths(node: JsonValue, path: JsonPath = ()) -> Iterator[JsonPath]:
    """Return the paths of all values."""
    inner: Sequence[tuple[str | int, JsonValue]] = ()
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    for key, value in inner:
        yield (*path, key)
        yield from paths(value, (*path, key))


def strings(node: JsonValue) -> Iterator[str]:
    """Return all strings that are values."""
    match node:
        case str():
            yield node
        case list():
            for item in node:
                yield from strings(item)
        case dict():
            for item in node.values():
                yield from strings(item)
        case _:
            pass


def objects(node: JsonValue, *types: str) -> Iterator[dict[str, JsonValue]]:
    """Return all objects of these types, each before those inside it."""
    if isinstance(node, list):
        for item in node:
            yield from objects(item, *types)
    elif isinstance(node, dict):
        if node.get("type") in types:
            yield node
        for item in node.values():
            yield from objects(item, *types)


def replaced(node: JsonValue, path: Sequence[str | int], values: Sequence[JsonValue]) -> JsonValue:
    """Return the JSON with one value or none in place of the value at a path."""
    first, rest = path[0], path[1:]
    if isinstance(node, dict):
        new = [replaced(node[str(first)], rest, values)] if rest else values
        kept = [(key, value) for key, value in node.items() if key != first]
        return dict([*kept, *((str(first), value) for value in new)])
    if isinstance(node, list) and isinstance(first, int):
        new = [replaced(node[first], rest, values)] if rest else values
        return [*node[:first], *new, *node[first + 1 :]]
    raise LookupError(first)
