"""Limits on concurrency, which depend on how many files the process may have open."""

from dataclasses import dataclass
from typing import Final, Self

_FILES: Final = 1024
"""The limit of open files that `Limits()` is for."""
_OTHER_FILES: Final = 64
"""Files left for everything that has no limit here: modules, DNS, checks, the log."""
_MAX_CONNECTIONS: Final = 2048
"""Each busy connection takes time in every iteration of the event loop."""


@dataclass(frozen=True)
class Limits:
    """The limits on what is done concurrently.

    The defaults are for a process that may have 1,024 files open, as is usual on small machines.
    Each lookup, reply, view and connection takes one.
    """

    lookups: int = 512
    """Requests to SignalWire, divided evenly among the projects, so that a project that doesn't
    respond can't delay the others.
    """
    lookups_waiting: int = 1024
    """How many more may wait: twice as many as can run. A lookup further back would hardly finish
    in time, so its user is told at once that the bot is busy.
    """
    replies: int = 128
    """Posts to response URLs."""
    views: int = 128
    """Requests to open or update modals and Home tabs."""
    connections: int = 192
    """From clients; see bot/entrypoints/connections.py."""
    tasks: int = 2000
    tasks_per_user: int = 100
    """How many of them may be one user's. Looking up a message with fifty ids is one task, and so
    is following a leg.
    """

    @classmethod
    def within(cls, files: int) -> Self:
        """Return the limits for a process that may have this many files open.

        With more than 1,024, more clients may connect. With fewer, all limits but those on tasks
        are lower.
        """
        if files >= _FILES:
            return cls(connections=min(cls.connections + files - _FILES, _MAX_CONNECTIONS))
        share = (files - min(files // 4, _OTHER_FILES)) / (_FILES - _OTHER_FILES)

        def reduced(limit: int) -> int:
            return max(int(limit * share), 1)

        return cls(
            lookups=reduced(cls.lookups),
            lookups_waiting=reduced(cls.lookups_waiting),
            replies=reduced(cls.replies),
            views=reduced(cls.views),
            connections=reduced(cls.connections),
        )


DEFAULT_LIMITS: Final = Limits()
