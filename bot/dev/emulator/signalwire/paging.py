"""Pages of a list of voice logs, as the API documents them, without the filter `created_on`.

Facts: signalwire.com/docs: REST API, Voice, "List voice logs" and Core, "Paging".
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from pydantic import JsonValue

Row = Mapping[str, JsonValue]

_DEFAULT_SIZE: Final = 50
_MAX_SIZE: Final = 1000


class QueryRejectedError(Exception):
    """A parameter that the API rejects with 422: error code, message and parameter name."""

    def __init__(self, code: str, message: str, attribute: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.attribute = attribute


def _integer(query: Mapping[str, str], name: str, default: int, low: int, high: int | None) -> int:
    text = query.get(name, str(default))
    if text.isascii() and text.isdigit():
        value = int(text)
        if low <= value and (high is None or value <= high):
            return value
    raise QueryRejectedError("invalid_parameter", "Parameter value is invalid", name)


def _datetime(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name)
    if text is None:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise QueryRejectedError("not_a_datetime", "Value is not a datetime", name) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _created(row: Row) -> datetime:
    return _parse(str(row["created_at"]))


# Ten thousand logs are sorted again for each page.
@lru_cache(maxsize=20_000)
def _parse(timestamp: str) -> datetime:
    return datetime.fromisoformat(timestamp)


def _filters(query: Mapping[str, str]) -> list[Callable[[Row], bool]]:
    kept: list[Callable[[Row], bool]] = []
    after, before = _datetime(query, "created_after"), _datetime(query, "created_before")
    if after is not None:
        kept.append(lambda row: _created(row) > after)
    if before is not None:
        kept.append(lambda row: _created(row) < before)
    if query.get("include_deleted", "false") not in {"true", "1"}:
        kept.append(lambda row: "discarded_at" not in row)
    return kept


def _token(query: Mapping[str, str]) -> str:
    asked = sorted(
        (name, value)
        for name, value in query.items()
        if name in {"created_after", "created_before", "include_deleted"}
    )
    return "PA" + hashlib.sha256(urlencode(asked).encode()).hexdigest()[:16]


def page_of(rows: Sequence[Row], query: Mapping[str, str], base: str) -> dict[str, JsonValue]:
    """The page of `rows` that `query` asks for, newest first, with links under the URL `base`.

    Unknown parameters are ignored, as in the real API. Raises QueryRejectedError for an invalid
    one.
    """
    size = _integer(query, "page_size", _DEFAULT_SIZE, 1, _MAX_SIZE)
    number = _integer(query, "page_number", 0, 0, None)
    token = _token(query)
    if number > 0 and "page_token" not in query:
        raise QueryRejectedError("page_token_required", "Page token is required", "page_token")
    if query.get("page_token", token) != token:
        raise QueryRejectedError("page_token_is_invalid", "Page token is invalid", "page_token")
    found = list(rows)
    for keep in _filters(query):
        found = [row for row in found if keep(row)]
    found.sort(key=_created, reverse=True)

    def link(page: int) -> str:
        where = {"page_number": str(page), "page_size": str(size), "page_token": token}
        return f"{base}?{urlencode({**query, **where})}"

    links: dict[str, JsonValue] = {"self": link(number), "first": link(0)}
    if (number + 1) * size < len(found):
        links["next"] = link(number + 1)
    if number > 0:
        links["prev"] = link(number - 1)
    shown = found[number * size : (number + 1) * size]
    return {"links": links, "data": [dict(row) for row in shown]}
