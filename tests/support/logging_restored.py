"""Undoes what the bot's commands do to the logging of the process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

from bot.runtime.logging import AUDIT

_LOGGERS: Final = (
    AUDIT,
    *("slack_bolt", "slack_sdk", "httpx", "httpcore", "aiohttp", "asyncio", "uvicorn"),
)
"""The loggers whose level the bot sets."""


@contextmanager
def logging_restored() -> Iterator[None]:
    """Restore all that `bot.runtime.logging` and uvicorn change."""
    root = logging.getLogger()
    access = logging.getLogger("uvicorn.access")  # uvicorn changes it when it logs no requests
    loggers = [root, *(logging.getLogger(name) for name in _LOGGERS)]
    levels, handlers = [logger.level for logger in loggers], list(root.handlers)
    access_propagates, access_handlers = access.propagate, list(access.handlers)
    was_configured, config = structlog.is_configured(), structlog.get_config()
    hooks = get_on_retry_hooks()
    try:
        yield
    finally:
        root.handlers = handlers
        access.propagate, access.handlers = access_propagates, access_handlers
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        set_on_retry_hooks(hooks)
        structlog.reset_defaults()
        if was_configured:
            structlog.configure(**config)
