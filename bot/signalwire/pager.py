"""Walks a project's list of voice logs from the newest to the oldest, a page at a time.

It must not know what is looked for. Facts: SignalWire docs, "List voice logs" and "Paging". That
the newest come first isn't promised there; SignalWire's own command line relies on it too.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from bot.signalwire.client import SignalWireClient
from bot.signalwire.errors import InvalidResponseError
from bot.signalwire.models import VoiceLog

PAGE_SIZE: Final = 200
"""Documented are up to 1,000; SignalWire's own command line says that 200 are the most."""

_SECOND: Final = timedelta(seconds=1)
_LATEST: Final = datetime(9999, 1, 1, tzinfo=UTC)
_QUERY_SIGNS: Final = "-._~!$&'()*+,;=:@/?%"  # RFC 3986 §3.4, and what is encoded already
_LONGEST_QUERY: Final = 8000
"""Bytes: longer request lines needn't be taken (RFC 9112 §3)."""


class VoiceLogPager:
    """One walk. How many pages are read is the caller's to bound.

    Attributes:
        ended: whether the last page was read.

    Args:
        client: the project's.
        since: the walk ends there or a little earlier: the bounds are rounded outwards, so filter.
        before: it begins there or a little later.
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
        """The next page, which may be empty though it isn't the last. Not to be called after that.

        Raises:
            SignalWireError: the page couldn't be had; asking once more asks for the same page. Or
                UnreadableAnswerError: the link to it leads back, or nowhere.
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
    # A whole second further out: it isn't documented whether the bounds themselves are included,
    # nor whether fractions of a second count.
    if since is not None:
        query["created_after"] = _stamp(since - _SECOND)
    if before is not None:
        query["created_before"] = _stamp(min(before, _LATEST) + 2 * _SECOND)
    return urlencode(query).encode()


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _query_of(link: str) -> bytes:
    """What follows a link's question mark; where the link leads doesn't matter.

    Absolute and relative links are documented, and SignalWire's own SDK takes no more of them than
    this either.
    """
    try:
        query = quote(link.partition("#")[0].partition("?")[2], safe=_QUERY_SIGNS).encode()
    except UnicodeEncodeError as error:  # half a surrogate pair
        raise InvalidResponseError("a paging link that can't be read") from error
    if not 0 < len(query) <= _LONGEST_QUERY:
        raise InvalidResponseError("a paging link that can't be read")
    return query
