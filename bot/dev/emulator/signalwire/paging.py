"""Pages of a list of voice logs, as the API documents them.

The filters `created_on` and `include_deleted`, which the bot doesn't use, are missing.

Facts: signalwire.com/docs: REST API, Voice, "List voice logs" and Core, "Paging".
"""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from pydantic import JsonValue

Row = Mapping[str, JsonValue]

_DEFAULT_SIZE: Final = 50
_SIZES: Final = range(1, 1001)
# Ten thousand logs are sorted again for each page.
_parse: Final = lru_cache(maxsize=20_000)(datetime.fromisoformat)


class QueryRejectedError(Exception):
    """A parameter that the API rejects with 422: error code, message and parameter name."""

    def __init__(self, code: str, message: str, attribute: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.attribute = attribute


def _integer(query: Mapping[str, str], name: str, default: int, allowed: range) -> int:
    text = query.get(name, str(default))
    if text.isascii() and text.isdigit() and int(text) in allowed:
        return int(text)
    raise QueryRejectedError("invalid_parameter", "Parameter value is invalid", name)


def _datetime(query: Mapping[str, str], name: str, default: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(query.get(name, default))
    except ValueError as error:
        raise QueryRejectedError("not_a_datetime", "Value is not a datetime", name) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _created(row: Row) -> datetime:
    return _parse(str(row["created_at"]))


def _token(query: Mapping[str, str]) -> str:
    asked = sorted(
        (name, value)
        for name, value in query.items()
        if name in {"created_after", "created_before"}
    )
    return "PA" + hashlib.sha256(urlencode(asked).encode()).hexdigest()[:16]


def page_of(rows: Sequence[Row], query: Mapping[str, str], base: str) -> dict[str, JsonValue]:
    """The page of `rows` that `query` asks for, newest first, with links under the URL `base`.

    Unknown parameters are ignored, as in the real API. Raises QueryRejectedError for an invalid
    one.
    """
    size = _integer(query, "page_size", _DEFAULT_SIZE, _SIZES)
    number = _integer(query, "page_number", 0, range(sys.maxsize))
    token = _token(query)
    if number > 0 and "page_token" not in query:
        raise QueryRejectedError("page_token_required", "Page token is required", "page_token")
    if query.get("page_token", token) != token:
        raise QueryRejectedError("page_token_is_invalid", "Page token is invalid", "page_token")
    after = _datetime(query, "created_after", "0001-01-01")
    before = _datetime(query, "created_before", "9999-12-31")
    found = [row for row in rows if after < _created(row) < before and "discarded_at" not in row]
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
