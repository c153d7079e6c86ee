"""How response bodies are read and parsed."""

import gzip
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import httpx
import pytest

from bot.signalwire.client import BODY_LIMIT, SignalWireClient
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    SignalWireError,
    UnavailableError,
)
from tests.support.signalwire import (
    LOG,
    Chunks,
    ScriptedApi,
    client_over,
    error_of,
    look_up,
    respond_with,
)
from tests.support.texts import ID

GZIPPED = gzip.compress(LOG, mtime=0)


ERRORS: Final[dict[tuple[tuple[str, str], ...], Sequence[bytes]]] = {
    (("invalid", "is bad"),): [
        b'{"errors":[{"type":"validation_error","code":"invalid","message":"is bad"}]}'
    ],
    (("one", "1"), ("two", "2")): [
        b'{"errors":[{"code":"one","message":"1"},{"code":"two","message":"2"}]}'
    ],
    (("7", "in detail"),): [b'{"errors":[{"code":7,"detail":"in detail"}]}'],
    (("c", "m"),): [
        b'{"errors":{"code":"c","message":"m"}}',
        b'{"error":{"code":"c","message":"m"}}',
        b'{"code":"c","message":"m"}',
    ],
    (("", "not good"),): [
        *(b'{"errors":["not good"]}', b'{"errors":"not good"}', b'{"error":"not good"}'),
        *(b'{"errors":[],"error":"not good"}', b'"not good"', b'["not good"]'),
        *(b'{"message":"not good"}', b'{"code":null,"message":"not good"}'),
        b'{"errors":[null,5,[],{},{"code":{}},"not good"]}',
        b'{"message":"not good","at":' + b"9" * 5000 + b"}",
        b'{"message":"not good","at":1e1000000000000000000}',
        b'{"message":"not good","at":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    (): [
        *(b"{}", b"[]", b"null", b"5", b'{"errors":5}', b"", b"<html>", b"\xff\xfe\xfd"),
        *(b'{"error":"\xff"}', b"[" * 50_000, b'{"error":' + b"9" * 5000 + b"}"),
    ],
}
"""Codes and messages of errors, and the bodies that have them."""


@pytest.mark.parametrize(
    ("body", "errors"),
    [(body, errors) for errors, bodies in ERRORS.items() for body in bodies],
    ids=lambda value: repr(value)[:40],
)
@pytest.mark.parametrize("status", [400, 402, 409, 410, 422, 423])
async def test_an_error_body_is_parsed_in_every_known_format(
    status: int, body: bytes, errors: tuple[tuple[str, str], ...]
) -> None:
    error = await error_of(ScriptedApi(respond_with(status, body)))
    assert isinstance(error, BadRequestError)
    assert error.status == status
    assert list(error.errors) == [ApiError(code, message) for code, message in errors]


@pytest.mark.parametrize(
    "body", [b"<html>404</html>", b"Not Found", b"404: Not Found", b'{"error"', b"[" * 50_000]
)
async def test_a_404_without_json_is_not_from_the_api(body: bytes) -> None:
    error = await error_of(ScriptedApi(respond_with(404, body)))
    assert isinstance(error, InvalidResponseError)
    assert error.cause == NOT_THE_API


@pytest.mark.parametrize(
    "body", [b'{"error":"Not Found"}', b'"Not Found"', b"{}", b"\xef\xbb\xbf{}", b""]
)
async def test_a_404_in_json_or_without_a_body_is_from_the_api(body: bytes) -> None:
    assert type(await error_of(ScriptedApi(respond_with(404, body)))) is LogNotFoundError


@pytest.mark.parametrize(
    ("message", "date"),
    [
        ("The value exceeds the 2025-02-09 date limit.", "2025-02-09"),
        ("The value exceeds the date limit.", None),
        ("", None),
    ],
)
async def test_a_log_beyond_the_history_limit_is_too_old(message: str, date: str | None) -> None:
    too_old = {"code": "exceeds_history_logs_limit", "message": message}
    other = {"code": "invalid", "message": "is bad"}
    error = await error_of(
        ScriptedApi(respond_with(422, json.dumps({"errors": [other, too_old]}).encode()))
    )
    assert isinstance(error, LogTooOldError)
    assert error.limit_date == date


@pytest.mark.parametrize(
    "body",
    [
        *(b"<html><body>Sign in</body></html>", b"", b"null", b"5", b'"text"', b"{}"),
        *(b'{"id":null}', b'{"id":""}', b'{"id":{}}', b'{"from":"+12065550104"}'),
        *(LOG[: len(LOG) // 2], b"[" + LOG + b"]", LOG + LOG, b"[" * 200_000),
        *(b'{"id":"x","more":' + b"[" * 200_000, b"\xff\xfe\xfd", b'{"id":"\xff\xfe"}'),
    ],
    ids=lambda body: repr(body[:20]),
)
async def test_a_body_that_is_not_a_voice_log_is_invalid_and_not_retried(body: bytes) -> None:
    api = ScriptedApi(respond_with(200, body))
    assert isinstance(await error_of(api), InvalidResponseError)
    assert len(api.requests) == 1


async def test_a_log_with_another_id_is_invalid() -> None:
    error = await error_of(
        ScriptedApi(respond_with(200, b'{"id":"b7182dc2-00f3-40e4-a5ce-20f164b329d0"}'))
    )
    assert isinstance(error, InvalidResponseError)


async def test_ids_are_compared_without_regard_to_case() -> None:
    assert (
        await look_up(ScriptedApi(respond_with(200, LOG.upper().replace(b'"ID"', b'"id"'))))
    ).id.isupper()


async def test_an_error_never_quotes_what_the_server_sent() -> None:
    error = await error_of(ScriptedApi(respond_with(200, b"<html>+12065550104</html>")))
    assert "2065550104" not in repr(error) + str(error)


@pytest.mark.parametrize(
    ("request_", "limit", "body"),
    [
        (lambda client: client.get_voice_log(ID), BODY_LIMIT, b'{"id":"x"}'),
        (lambda client: client.get_compatibility_call(ID), BODY_LIMIT, b'{"sid":"x"}'),
        (lambda client: client.list_events(ID), 4 * BODY_LIMIT, b'{"data":[]}'),
        (lambda client: client.list_page(b""), 4 * BODY_LIMIT, b'{"data":[]}'),
    ],
    ids=["a log", "a call", "events", "a page"],
)
async def test_a_body_has_at_most_one_mebibyte_or_four_for_a_list(
    request_: Callable[[SignalWireClient], Awaitable[object]], limit: int, body: bytes
) -> None:
    async def receive(size: int) -> None:
        api = ScriptedApi(respond_with(200, body.ljust(size)))
        await request_(client_over(httpx.MockTransport(api)))

    await receive(limit)
    with pytest.raises(InvalidResponseError) as caught:
        await receive(limit + 1)
    assert caught.value.cause == "over the size limit"


@pytest.mark.parametrize(
    ("status", "raised"),
    [(200, InvalidResponseError), (404, LogNotFoundError), (500, UnavailableError)],
)
async def test_a_body_is_read_only_up_to_the_limit(
    status: int, raised: type[SignalWireError]
) -> None:
    stream = Chunks([b"x" * 65_536] * 100)
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, stream=stream))
    with pytest.raises(raised):
        await client_over(transport).get_voice_log(ID)
    assert stream.read == 17


async def test_a_gzipped_log_is_decoded() -> None:
    gzipped = respond_with(200, GZIPPED, {"content-encoding": "gzip"})
    assert (await look_up(ScriptedApi(gzipped))).id == str(ID)


async def test_a_small_body_that_decodes_to_a_large_one_is_invalid() -> None:
    zip_bomb = gzip.compress(b" " * (BODY_LIMIT * 4))
    assert len(zip_bomb) < 10_000
    error = await error_of(ScriptedApi(respond_with(200, zip_bomb, {"content-encoding": "gzip"})))
    assert isinstance(error, InvalidResponseError)
    assert error.cause == "over the size limit"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        *(
            (encoding, gzip.compress(GZIPPED, mtime=0))
            for encoding in ("gzip, gzip", "gzip,gzip", "deflate", "br", "zstd", "x")
        ),
        ("gzip", b"not gzip at all"),
        ("gzip", GZIPPED[:10] + b"\xff" * 20),
        ("gzip", GZIPPED[:30]),
    ],
)
async def test_broken_gzip_or_an_unrequested_encoding_is_invalid(
    encoding: str, body: bytes
) -> None:
    error = await error_of(ScriptedApi(respond_with(200, body, {"content-encoding": encoding})))
    assert isinstance(error, InvalidResponseError)
