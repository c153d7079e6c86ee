"""Reads a project's list of voice logs page by page, newest first.

Source: SignalWire docs, "List voice logs" and "Paging". The docs don't promise the order, but
SignalWire's own command line relies on it too.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import InvalidResponseError
from bot.signalwire.models import VoiceLog

PAGE_SIZE: Final = 200
"""The docs allow up to 1,000, SignalWire's own command line up to 200."""

_SECOND: Final = timedelta(seconds=1)
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_QUERY_CHARACTERS: Final = (
    "-._~!$&'()*+,;=:@/?%"  # RFC 3986 §3.4, and % for what is already encoded
)
_MAX_QUERY_BYTES: Final = 8000
"""Bytes. Servers needn't support longer request lines (RFC 9112 §3)."""


class VoiceLogPager:
    """Reads successive pages of logs between two times; the number of pages is unlimited.

    Both bounds are rounded outward, so the first and last logs may be beyond them. `exhausted`
    tells whether the last page was read.
    """

    def __init__(
        self, client: SignalWireClient, *, since: datetime | None, before: datetime | None
    ) -> None:
        self.exhausted = False
        self._client = client
        self._query = _first_query(since, before)
        self._link: str | None = None
        self._followed: set[bytes] = set()

    async def next_page(self) -> tuple[VoiceLog, ...]:
        """Get the next page, which may be empty. Not to be used once the pager is exhausted.

        Raises:
            InvalidResponseError: the link to the page is invalid or was followed before.
            SignalWireError: the request failed; the next request is for the same page.
        """
        if self._link is not None:
            self._query = _query_of(self._link)
            if self._query in self._followed:
                raise InvalidResponseError("a paging link that was followed before")
        page = await self._client.list_page(self._query)
        self._followed.add(self._query)
        self._link = page.next
        self.exhausted = page.next is None
        return page.logs


def _first_query(since: datetime | None, before: datetime | None) -> bytes:
    query = {"page_size": str(PAGE_SIZE)}
    # A second further out: the docs don't say whether the bounds are inclusive, or whether
    # fractions of a second count.
    if since is not None:
        query["created_after"] = _stamp(since - _SECOND)
    if before is not None:
        query["created_before"] = _stamp(min(before, _LATEST) + 2 * _SECOND)
    return urlencode(query).encode()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _query_of(link: str) -> bytes:
    """Return the query of a paging link; its host and path are ignored.

    The docs have absolute and relative links, and SignalWire's own SDK also uses only the query.
    """
    try:
        query = quote(link.partition("#")[0].partition("?")[2], safe=_QUERY_CHARACTERS).encode()
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise InvalidResponseError("a paging link that can't be read") from error
    if not 0 < len(query) <= _MAX_QUERY_BYTES:
        raise InvalidResponseError("a paging link that can't be read")
    return query
