import io
import json
import linecache
import logging
from typing import Literal

import pytest
import structlog
from pydantic import JsonValue

from bot.runtime import logging as logs

pytestmark = pytest.mark.usefixtures("usual_logging")

SDK_LOGGERS = ("slack_sdk", "slack_bolt", "httpx", "httpcore", "aiohttp", "asyncio", "uvicorn")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def configured(
    log_format: Literal["json", "console"] | None = "json", level: str = "info"
) -> io.StringIO:
    """Configure logging; return the stream that it is written to."""
    stream = io.StringIO()
    logs.configure(log_format, level, stream)
    return stream


@pytest.fixture
def out() -> io.StringIO:
    """A stream for JSON lines of level `info` and above."""
    return configured()


def lines(stream: io.StringIO) -> list[dict[str, JsonValue]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def written(stream: io.StringIO, message: str) -> str:
    """Return `message` as it appears when a library logs it."""
    logging.getLogger("some.library").warning(message)
    *_, line = lines(stream)  # asyncio may log what an earlier test left to the garbage collector
    return str(line["event"])


def test_an_event_is_one_json_line_with_its_keys(out: io.StringIO) -> None:
    structlog.stdlib.get_logger("bot.x").info("lookup.begun", id="b7182dc2", duration_ms=12)
    logging.getLogger("some.library").warning("two\nlines of %s", "text")
    line, of_library = lines(out)
    assert next(iter(line)) == "event"
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {"event": "lookup.begun", "level": "info", "id": "b7182dc2", "duration_ms": 12}
    assert (of_library["event"], of_library["level"]) == ("two\nlines of text", "warning")


def test_the_console_format_is_readable(out: io.StringIO) -> None:
    stream = configured("console")
    structlog.stdlib.get_logger("bot.x").info("lookup.begun", text="two\nlines")
    (line,) = stream.getvalue().splitlines()
    assert "lookup.begun" in line
    assert "[info" in line
    assert "\x1b" not in line
    assert out.getvalue() == ""


@pytest.mark.parametrize(
    ("chosen", "terminal", "as_json"),
    [
        (None, False, True),
        (None, True, False),
        ("json", True, True),
        ("console", False, False),
    ],
)
def test_json_is_the_default_unless_the_output_is_a_terminal(
    chosen: Literal["json", "console"] | None, *, terminal: bool, as_json: bool
) -> None:
    stream = Terminal() if terminal else io.StringIO()
    logs.configure(chosen, "info", stream)
    structlog.stdlib.get_logger("bot.x").info("event")
    assert stream.getvalue().startswith("{") is as_json


@pytest.mark.parametrize("count", range(4))
def test_lines_below_the_level_are_omitted_unless_they_are_audit_lines(count: int) -> None:
    levels = ["debug", "info", "warning", "error"]
    stream = configured(level=levels[count])
    for level in levels:
        structlog.stdlib.get_logger("bot.x").log(logging.getLevelNamesMapping()[level.upper()], "x")
    structlog.stdlib.get_logger(logs.AUDIT).info("lookup.done", outcome="found")
    *others, audit = lines(stream)
    assert [line["level"] for line in others] == levels[count:]
    assert (audit["event"], audit["outcome"]) == ("lookup.done", "found")


@pytest.mark.parametrize("name", [*SDK_LOGGERS, "slack_sdk.web.base", "uvicorn.error"])
def test_an_sdk_logs_warnings_only_and_not_even_these_at_error(name: str) -> None:
    logger = logging.getLogger(name)
    for level, logged in (("debug", {"careful", "failed"}), ("error", {"failed"})):
        stream = configured(level=level)
        logger.debug("request body")
        logger.info("request body")
        logger.warning("careful")
        logger.error("failed")
        events = {str(line["event"]) for line in lines(stream)}
        assert {"failed"} <= events <= logged


def fail() -> None:
    raise ValueError("canary xoxb-1 +12065550104")


def test_an_exception_is_logged_by_class_and_origin(out: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        structlog.stdlib.get_logger("bot.x").exception("task.failed", request_id="abc123")
    (line,) = lines(out)
    assert (line["event"], line["level"], line["error"]) == ("task.failed", "error", "ValueError")
    assert line["request_id"] == "abc123"
    origin = line["origin"]
    assert isinstance(origin, list)
    assert str(origin[-1]).endswith(" fail")
    assert str(origin[-1]).startswith("test_logging.py:")
    assert "canary" not in out.getvalue()
    assert "Traceback" not in out.getvalue()


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_librarys_exception_is_logged_without_its_message(
    log_format: Literal["json", "console"],
) -> None:
    stream = configured(log_format)
    try:
        fail()
    except ValueError as error:
        logging.getLogger("some.library").exception("broken")
        logging.getLogger("some.library").warning("broken", exc_info=error)
    assert stream.getvalue().count("ValueError") == 2
    assert len(stream.getvalue().splitlines()) == 2
    assert "canary" not in stream.getvalue()


def test_only_the_innermost_frames_are_logged() -> None:
    def recurse(depth: int) -> None:
        if depth == 0:
            fail()
        recurse(depth - 1)

    with pytest.raises(ValueError, match="canary") as caught:
        recurse(50)
    linecache.clearcache()
    origin = logs.origin(caught.value)
    assert linecache.cache == {}, "the source files were read"
    assert len(origin) == 8
    assert origin[-1].endswith(" fail")
    assert all("/" not in frame for frame in origin)


def test_without_an_exception_there_is_no_error_key(out: io.StringIO) -> None:
    logging.getLogger("some.library").error("broken", exc_info=True)  # noqa: LOG014 - what is tested
    (line,) = lines(out)
    assert line.keys() & {"error", "exc_info"} == set()


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-123-456-abcDEF",
        "xoxp-123-456",
        "xoxe.xoxb-1-abc",
        "xapp-1-A0123-456-abcdef",
        "wss://wss-primary.slack.com/link/?ticket=abc&app_id=1",
        "https://hooks.slack.com/commands/T0123ABCD/1234/abcd",
        "https://hooks.slack.com/actions/T0123ABCD/1234/abcd",
        "https://hooks.slack-gov.com/commands/T0123ABCD/1234/abcd",
        "http://127.0.0.1:4020/response/abcd-1234",
        "Basic cHJvamVjdDpQVHRva2Vu",
        "basic cHJvamVjdDpQVHRva2Vu==",
        "Bearer abcdefgh12345678",
        "PT0123456789abcdef0123456789abcdef",
        "+12065550104",
        "12065550104",
        "2065550104",
        "+442079460123",
    ],
)
@pytest.mark.parametrize("around", ["{}", "sent ({}) off", "to={}&x=1", "'{}'", "a\n{}\nb"])
def test_a_secret_or_a_number_in_a_librarys_message_is_redacted(
    out: io.StringIO, secret: str, around: str
) -> None:
    event = written(out, around.format(secret))
    assert "[redacted]" in event
    private = secret.rpartition("/")[2].rpartition(" ")[2]
    assert private not in event
    assert secret not in event


@pytest.mark.parametrize(
    "secret",
    [
        "sip:+12065550104@example.com",
        "whatsapp:+12065550104",
        "tel:+12065550104",
        "text=%2B12065550104",
        "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1%2F12065550104%2Fabcd",
        '{"response_url":"https:\\/\\/hooks.slack.com\\/commands\\/T1\\/12065550104\\/abcd"}',
    ],
)
def test_a_number_or_a_response_url_within_a_url_is_redacted(out: io.StringIO, secret: str) -> None:
    event = written(out, secret)
    assert "2065550104" not in event
    assert "abcd" not in event


def test_arguments_and_fields_are_redacted_and_a_librarys_fields_are_omitted(
    out: io.StringIO,
) -> None:
    logging.getLogger("some.library").warning("call from %s", "+12065550104", extra={"token": "x"})
    structlog.stdlib.get_logger("bot.x").info("event", text="token xoxb-1-2")
    first, second = lines(out)
    assert first["event"] == "call from [redacted]"
    assert "token" not in first
    assert second["text"] == "token [redacted]"


@pytest.mark.parametrize(
    "harmless",
    [
        "b7182dc2-00f3-40e4-a5ce-20f164b329df",
        "00000000-0000-4000-8000-012065550104",
        "took 1200 ms",
        "user U0123ABCD in T0123ABCD",
        "listening on http://127.0.0.1:3000",
        "https://acme.signalwire.com/",
    ],
)
def test_ids_and_counts_are_not_redacted(out: io.StringIO, harmless: str) -> None:
    assert written(out, harmless) == harmless
