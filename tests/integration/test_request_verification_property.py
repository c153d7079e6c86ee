"""Whatever is sent to the door: strangers leave nothing behind, and nobody breaks anything."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.app import create_http_app
from bot.dev.emulator.slack.workspace import sign
from bot.entrypoints.http import BODY_LIMIT, EVENTS_PATH
from tests.integration.harness import CANARY, DOCUMENTED, FORM, World
from tests.integration.raw_requests import (
    CONTENT_TYPE,
    EPOCH,
    SECRET,
    SIGNATURE,
    TIMESTAMP,
    Knock,
    hand_in,
    is_slacks,
    signed,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON: Final = "application/json"
RANDOM: Final = settings(
    max_examples=400,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
REASONS: Final = {
    *("content type", "signature headers", "signature"),
    "timestamp over 5 minutes old, or this machine's clock is fast",
    "timestamp over 5 minutes ahead, or this machine's clock is slow",
    *("not UTF-8", "malformed body", "too large", "disconnected"),
}
HEALTH: Final = {"/healthz", "/readyz"}

# ── Requests that are nearly Slack's ──────────────────────────────────────────────────────────

LETTERS: Final = st.characters(min_codepoint=0x20, max_codepoint=0xFF)
LINE: Final = st.text(LETTERS, max_size=30).map(lambda text: f"{text}{CANARY}".encode("latin-1"))
SCRAPS: Final = st.one_of(
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
    st.lists(SCRAPS, max_size=5).map(b"".join),
)
CONTENT_TYPES: Final = st.sampled_from([FORM, JSON, f"{JSON}; charset=utf-8"])
NEARLY: Final = st.builds(lambda body, kind: signed(body, content_type=kind), BODIES, CONTENT_TYPES)

Break = Callable[[Knock], Knock]


def with_header(name: bytes, values: st.SearchStrategy[bytes]) -> st.SearchStrategy[Break]:
    return values.map(lambda value: lambda knock: knock.having(name, value))


def without_header(name: bytes) -> Break:
    return lambda knock: replace(knock, headers=knock.without(name))


def after(name: bytes, value: bytes) -> Break:
    """The header twice, and the right one comes too late."""
    return lambda knock: replace(knock, headers=[(name, value), *knock.headers])


def altered_signature(alter: Callable[[bytes], bytes]) -> Break:
    return lambda knock: knock.having(SIGNATURE, alter(knock.header(SIGNATURE) or b""))


def signed_anew(secret: str, timestamp: int) -> Break:
    def break_it(knock: Knock) -> Knock:
        for name, value in sign(knock.body, timestamp, secret).items():
            knock = knock.having(name.lower().encode(), value.encode())
        return knock

    return break_it


def altered_body(scrap: bytes, share: float) -> Break:
    """Something put into the body at a place, after it was signed."""

    def break_it(knock: Knock) -> Knock:
        place = int(len(knock.body) * share)
        return replace(knock, chunks=[knock.body[:place], scrap, knock.body[place:]])

    return break_it


def in_chunks(size: int) -> Break:
    def break_it(knock: Knock) -> Knock:
        body = knock.body[: 200 * size]
        return replace(knock, chunks=[body[at : at + size] for at in range(0, len(body), size)])

    return break_it


DIGITS: Final = st.one_of(
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
ALTERED: Final[list[Callable[[bytes], bytes]]] = [bytes.upper, bytes.title, lambda it: it[:-1]]
KINDS: Final = st.one_of(
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
BREAKS: Final[st.SearchStrategy[Break]] = st.one_of(
    with_header(SIGNATURE, SIGNATURES),
    with_header(TIMESTAMP, DIGITS),
    with_header(CONTENT_TYPE, KINDS),
    st.sampled_from([SIGNATURE, TIMESTAMP, CONTENT_TYPE]).map(without_header),
    st.builds(after, st.just(SIGNATURE), SIGNATURES),
    st.builds(after, st.just(TIMESTAMP), DIGITS),
    st.builds(after, st.just(CONTENT_TYPE), KINDS),
    st.sampled_from(ALTERED).map(altered_signature),
    st.builds(signed_anew, st.sampled_from([CANARY, "", SECRET.upper()]), st.just(EPOCH)),
    st.builds(
        signed_anew,
        st.just(SECRET),
        st.one_of(st.integers(0, EPOCH - 301), st.integers(EPOCH + 301, 10**12)),
    ),
    st.builds(altered_body, SCRAPS, st.floats(0, 1)),
    st.integers(1, 50).map(in_chunks),
    st.just(lambda knock: replace(knock, stops_early=True)),
    METHODS.map(lambda method: lambda knock: replace(knock, method=method)),
    PATHS.map(lambda path: lambda knock: replace(knock, path=path)),
    st.builds(
        lambda name, value: lambda knock: knock.having(name, value),
        st.sampled_from([b"host", b"content-length", b"transfer-encoding", b"cookie", b"x-canary"]),
        LINE,
    ),
)


@st.composite
def strangers(draw: st.DrawFn) -> Knock:
    """What Slack would send, with one or several things wrong with it, so that it isn't Slack's."""
    knock = draw(NEARLY)
    for break_it in draw(st.lists(BREAKS, min_size=1, max_size=4)):
        knock = break_it(knock)
    assume(not (is_slacks(knock) and knock.method == "POST" and knock.path == EVENTS_PATH))
    assume(not (knock.method in {"GET", "HEAD"} and knock.path in HEALTH))
    return knock


# ── Strangers ─────────────────────────────────────────────────────────────────────────────────


@RANDOM
@given(strangers())
async def test_what_slack_did_not_sign_is_turned_away_and_leaves_one_line_of_fixed_words(
    world: World, knock: Knock
) -> None:
    lines, asked = len(world.log.lines()), len(world.asked_for)
    answer = await hand_in(create_http_app(world.bot, world.time.now), knock)

    assert 400 <= answer.status < 500
    assert CANARY.encode() not in answer.body
    assert CANARY not in repr(answer.headers)
    for line in world.log.lines()[lines:]:
        assert line.pop("timestamp")
        assert line.pop("reason") in REASONS
        assert line == {"event": "request.rejected", "level": "warning", "status": answer.status}
    assert len(world.bot.tasks) == 0
    assert len(world.asked_for) == asked
