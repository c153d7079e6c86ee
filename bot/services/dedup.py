"""Recognizes redelivered requests, and clicks that may have an effect only once."""

import time
from collections.abc import Callable, Hashable
from typing import Final

from cachetools import TTLCache

from bot.slack.views import ViewRef

MAX_KEYS: Final = 10_000
LIFETIME_SECONDS: Final = 30 * 60.0
"""As long as a response_url is valid (docs.slack.dev: handling user interaction)."""


class Deduplicator:
    """Remembers keys for half an hour, in this process only.

    Slack redelivers a request to the same URL or, in Socket Mode, to any open connection.
    """

    def __init__(self, elapsed: Callable[[], float] = time.monotonic) -> None:
        self._claimed: TTLCache[Hashable, bool] = TTLCache(MAX_KEYS, LIFETIME_SECONDS, elapsed)

    def claim(self, key: Hashable) -> bool:
        """Claim `key`; return False if it was claimed before."""
        if key in self._claimed:
            return False
        self._claimed[key] = True
        return True

    def release(self, key: Hashable) -> None:
        """Release `key`, so that the action can be retried."""
        self._claimed.pop(key, None)

    def mark_clicked(self, modal: ViewRef) -> None:
        """Remember that the user clicked in a modal."""
        self._claimed["clicked", modal.view_id] = True

    def was_clicked(self, modal: ViewRef) -> bool:
        """Whether the user has clicked in the modal, as far as this process knows."""
        return ("clicked", modal.view_id) in self._claimed
