"""Unsigned requests of any shape are rejected, and nothing of them is logged."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.app import create_http_app
from bot.dev.emulator.slack.workspace import sign
from bot.entrypoints.http import BODY_LIMIT, EVENTS_PATH
from tests.integration.harness import IN_ONE_WORLD, World
from tests.support.raw_requests import (
    CONTENT_TYPE,
    EPOCH,
    FORM,
    SIGNATURE,
    SIGNING_SECRET,
    TIMESTAMP,
    RawRequest,
    call_app,
    is_signed_by_slack,
    signed,
)
from tests.support.samples import CANARY, DOCUMENTED

JSON: Final = "application/json"
RANDOM: Final = settings(IN_ONE_WORLD, max_examples=400)
REASONS: Final = {
    *("content type", "signature headers", "signature"),
    "timestamp over 5 minutes old, or this machine's clock is fast",
    "timestamp over 5 minutes ahead, or this machine's clock is slow",
    *("not UTF-8", "malformed body", "too large", "disconnected"),
}
HEALTH: Final = {"/healthz", "/readyz"}

# ── Mutations of a signed request ────────────────────────────────────────────────────────────

CHARACTERS: Final = st.characters(min_codepoint=0x20, max_codepoint=0xFF)
LINE: Final = st.text(CHARACTERS, max_size=30).map(lambda text: f"{text}{CANARY}".encode("latin-1"))
FRAGMENTS: Final = st.one_of(
    st.sampled_from([b"\xff", b"\xed\xa0\x80", b"\x00", b"%", b"&", b"=", b"{", b"[" * 2000, b"]"]),
    st.binary(max_size=20),
    st.just(b"payload="),
    st.just(f"&text={CANARY}".encode()),
    st.just(b"x" * BODY_LIMIT),
)
BODIES: Final = st.one_of(
    st.just(urlencode({"command": "/voicelog", "text": f"{DOCUMENTED} {CANARY}"}).encode()),
    st.just(urlencode({"payload": f'{{"type":"message_action","x":"{CANARY}"}}'}).encode()),
    st.just(f'{{"type":"event_callback","event":{{"type":"{CANARY}"}}}}'.encode()),
    st.lists(FRAGMENTS, max_size=5).map(b"".join),
)
CONTENT_TYPES: Final = st.sampled_from([FORM, JSON, f"{JSON}; charset=utf-8"])
SIGNED: Final = st.builds(
    lambda body, type_: signed(body, content_type=type_), BODIES, CONTENT_TYPES
)

Mutation = Callable[[RawRequest], RawRequest]


def with_header(name: bytes, values: st.SearchStrategy[bytes]) -> st.SearchStrategy[Mutation]:
    return values.map(lambda value: lambda request: request.with_header(name, value))


def without_header(name: bytes) -> Mutation:
    return lambda request: replace(request, headers=request.headers_without(name))


def preceded(name: bytes, value: bytes) -> Mutation:
    """Insert a wrong header before the right one."""
    return lambda request: replace(request, headers=[(name, value), *request.headers])


def altered_signature(alter: Callable[[bytes], bytes]) -> Mutation:
    return lambda request: request.with_header(SIGNATURE, alter(request.header(SIGNATURE) or b""))


def signed_again(secret: str, timestamp: int) -> Mutation:
    def mutate(request: RawRequest) -> RawRequest:
        for name, value in sign(request.body, timestamp, secret).items():
            request = request.with_header(name.lower().encode(), value.encode())
        return request

    return mutate


def altered_body(fragment: bytes, at: float) -> Mutation:
    """Insert `fragment` into the signed body."""

    def mutate(request: RawRequest) -> RawRequest:
        position = int(len(request.body) * at)
        return replace(request, chunks=[request.body[:position], fragment, request.body[position:]])

    return mutate


def in_chunks(size: int) -> Mutation:
    def mutate(request: RawRequest) -> RawRequest:
        body = request.body[: 200 * size]
        return replace(
            request, chunks=[body[start : start + size] for start in range(0, len(body), size)]
        )

    return mutate


TIMESTAMPS: Final = st.one_of(
    st.integers(-(10**14), 10**14).map(lambda number: str(number).encode()),
    st.sampled_from([b"", b" ", f"{EPOCH}.0".encode(), f"+{EPOCH}".encode(), b"9" * 5000, b"NaN"]),
    st.sampled_from(["١٧٩٥", "\uff11\uff17\uff19\uff15"]).map(str.encode),
    LINE,
)
SIGNATURES: Final = st.one_of(
    st.text("0123456789abcdef", min_size=64, max_size=64).map(lambda hex_: f"v0={hex_}".encode()),
    st.sampled_from([b"", b"v0=", b"v0", b"=" * 67, b"v0=" + b"0" * 5000, b"v0=" + b"\xff" * 64]),
    LINE,
)
ALTERATIONS: Final[list[Callable[[bytes], bytes]]] = [
    bytes.upper,
    bytes.title,
    lambda text: text[:-1],
]
OTHER_TYPES: Final = st.one_of(
    st.sampled_from([b"", b";", b"text/plain", b"multipart/form-data; boundary=x", b"*/*"]),
    st.sampled_from([b"APPLICATION/JSON", b" application/json ;", b"application/json, text/html"]),
    LINE,
)
METHODS: Final = st.sampled_from(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", ""])
PATHS: Final = st.one_of(
    st.sampled_from([f"{EVENTS_PATH}/", f"/{EVENTS_PATH}", "/healthz/", "/readyz/", *HEALTH]),
    st.sampled_from(
        ["/", "", "*", "/slack/events/..", "/slack/events\x00", "/.env", "//evil.example/"]
    ),
    st.text(max_size=20).map(lambda text: f"/{text}{CANARY}"),
)
MUTATIONS: Final[st.SearchStrategy[Mutation]] = st.one_of(
    with_header(SIGNATURE, SIGNATURES),
    with_header(TIMESTAMP, TIMESTAMPS),
    with_header(CONTENT_TYPE, OTHER_TYPES),
    st.sampled_from([SIGNATURE, TIMESTAMP, CONTENT_TYPE]).map(without_header),
    st.builds(preceded, st.just(SIGNATURE), SIGNATURES),
    st.builds(preceded, st.just(TIMESTAMP), TIMESTAMPS),
    st.builds(preceded, st.just(CONTENT_TYPE), OTHER_TYPES),
    st.sampled_from(ALTERATIONS).map(altered_signature),
    st.builds(signed_again, st.sampled_from([CANARY, "", SIGNING_SECRET.upper()]), st.just(EPOCH)),
    st.builds(
        signed_again,
        st.just(SIGNING_SECRET),
        st.one_of(st.integers(0, EPOCH - 301), st.integers(EPOCH + 301, 10**12)),
    ),
    st.builds(altered_body, FRAGMENTS, st.floats(0, 1)),
    st.integers(1, 50).map(in_chunks),
    st.just(lambda request: replace(request, disconnects=True)),
    METHODS.map(lambda method: lambda request: replace(request, method=method)),
    PATHS.map(lambda path: lambda request: replace(request, path=path)),
    st.builds(
        lambda name, value: lambda request: request.with_header(name, value),
        st.sampled_from([b"host", b"content-length", b"transfer-encoding", b"cookie", b"x-canary"]),
        LINE,
    ),
)


@st.composite
def unsigned(draw: st.DrawFn) -> RawRequest:
    """Draw a request that Slack signed, with one to four mutations."""
    request = draw(SIGNED)
    for mutate in draw(st.lists(MUTATIONS, min_size=1, max_size=4)):
        request = mutate(request)
    assume(
        not (
            is_signed_by_slack(request) and request.method == "POST" and request.path == EVENTS_PATH
        )
    )
    assume(not (request.method in {"GET", "HEAD"} and request.path in HEALTH))
    return request


@RANDOM
@given(unsigned())
async def test_unsigned_request_is_rejected_and_logged_in_fixed_words(
    world: World, request: RawRequest
) -> None:
    lines, requested = len(world.log.lines()), len(world.requested_ids)
    response = await call_app(create_http_app(world.bot), request)

    assert 400 <= response.status < 500
    assert CANARY.encode() not in response.body
    assert CANARY not in repr(response.headers)
    for line in world.log.lines()[lines:]:
        assert line.pop("timestamp")
        assert line.pop("reason") in REASONS
        assert line == {"event": "request.rejected", "level": "warning", "status": response.status}
    assert len(world.bot.tasks) == 0
    assert len(world.requested_ids) == requested
