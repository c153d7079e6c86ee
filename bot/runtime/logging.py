"""Configures logging: one line per event, as JSON or for a terminal, with secrets redacted.

Libraries log through the same handler, so their lines are redacted too. An exception is logged by
its class and origin, without its message, which may quote a request.
"""

import logging
import os
import re
import sys
import traceback
from typing import Final, Literal, TextIO

import stamina.instrumentation
import structlog
from stamina.instrumentation import RetryDetails
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.runtime.log_queue import LineQueue
from bot.runtime.terminal_color import wants_color

AUDIT: Final = "bot.audit"
"""The logger of audit lines, which are written at any LOG_LEVEL."""

# slack_sdk logs parameters and bodies at DEBUG; Bolt logs whole requests at INFO.
_VERBOSE_LOGGERS: Final = ("slack_sdk", "httpx", "httpcore", "aiohttp", "asyncio", "uvicorn")

_SECRETS: Final = re.compile(
    r"""xox[a-z]-[\w-]+ | xapp-[\w-]+                  # Slack tokens
    | wss?://\S+                                        # Socket Mode, with a ticket
    | (?i:hooks\.slack[\w.-]*(?:/|%2F|\\/)[^\s"'>]*)  # response_urls, encoded or not
    | /response/[\w-]+
    | (?i:basic|bearer)\s+[\w+/=.-]{8,}                # Authorization headers
    | \bPT[0-9a-f]{16,}                                # SignalWire tokens
    | (?:(?<![\w-])\+?|%2B)\d{10,15}(?![\w-])         # phone numbers
    | \+\d{1,3}(?:[ ().-]{1,2}\d{2,4}){2,5}            # and spaced ones
    """,
    re.VERBOSE,
)
_FRAMES: Final = 8
"""How many frames of an exception are logged."""
_STDOUT: Final = 1

_log = structlog.stdlib.get_logger(__name__)


def configure(
    log_format: Literal["json", "console"] | None, level: str, stream: TextIO | None = None
) -> None:
    """Send all log lines of the process to a stream, or through a queue to standard output.

    Without a format, it is JSON unless the output is a terminal. Audit lines are written at any
    level.
    """
    is_terminal = os.isatty(_STDOUT) if stream is None else stream.isatty()
    as_console = log_format == "console" or (log_format is None and is_terminal)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=is_terminal and wants_color(os.environ))
        if as_console
        else structlog.processors.JSONRenderer()
    )
    handler = LineQueue(_STDOUT) if stream is None else logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(allow=())],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _strip_messages,
                _redact,
                _event_first,
                renderer,
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    stamina.instrumentation.set_on_retry_hooks([_log_retry])
    logging.raiseExceptions = False  # it would print unredacted lines
    logging.getLogger().handlers = [handler]
    _set_levels(level.upper())


def _set_levels(level: str) -> None:
    root = logging.getLogger()
    root.setLevel(level)
    logging.getLogger(AUDIT).setLevel(logging.INFO)
    for name in _VERBOSE_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # slack_sdk logs several lines for each attempt to connect; the watchdog logs one.
    logging.getLogger("slack_sdk.socket_mode").setLevel(logging.CRITICAL)
    # Bolt warns that SLACK_BOT_TOKEN is set, as it should be here. Whatever matters is raised.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)


def origin(error: BaseException) -> list[str]:
    """Return the frames that an exception passed through, innermost last, without its message."""
    # extract_tb() would read the source files, which aren't needed.
    frames = [*traceback.walk_tb(error.__traceback__)][-_FRAMES:]
    codes = [(frame.f_code, line) for frame, line in frames]
    return [f"{code.co_filename.rpartition('/')[2]}:{line} {code.co_name}" for code, line in codes]


def _strip_messages(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["origin"] = origin(error)
    return event


def _redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: _redacted_value(value) for key, value in event.items()}


def _redacted_value(value: object) -> object:
    if isinstance(value, str):
        return _SECRETS.sub("[redacted]", value)
    if isinstance(value, list | tuple):
        return [_redacted_value(item) for item in value]
    if isinstance(value, dict):
        return {key: _redacted_value(item) for key, item in value.items()}
    return value


def _event_first(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    first = {key: event.pop(key) for key in ("event", "level", "timestamp") if key in event}
    return first | dict(event)


def _log_retry(details: RetryDetails) -> None:
    """Stamina's hook. The final failure is logged elsewhere, so this line is DEBUG."""
    cause = type(details.caused_by).__name__
    _log.debug("retry.scheduled", number=details.retry_num, cause=cause, wait=details.wait_for)
