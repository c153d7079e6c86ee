"""Typed and pasted text is read in linear time, even if it is meant to be slow.

Four times the text may take eight times as long: linear time is four times as long, quadratic time
sixteen. CPU time is measured, and the best of several runs counts, on a busy machine, too.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import pytest
from pydantic import JsonValue

from bot.signalwire.compatibility import CompatibilityCall
from bot.slack import message_text
from bot.voicelogs import ids, masking, phone_numbers, query
from bot.voicelogs.query import QueryError

NOW: Final = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
LONG: Final = 64 * 1024
"""Characters; as many bytes as the HTTP app accepts."""
SHORT: Final = LONG // 4
MAX_SLOWDOWN: Final = 8
TOO_SHORT: Final = 0.002
"""Seconds; less can't be measured."""
MAX_RUNS: Final = 10
MAX_SECONDS: Final = 2.0
"""After which there are no more runs: so long a time is exact enough."""

Reader = Callable[[str], object]
Shape = Callable[[int], str]

# ── Texts meant to be slow ────────────────────────────────────────────────────────────────────


def repeated(*pieces: str) -> Shape:
    """Return a text of repeated pieces, each with the same share of the length."""

    def shape(length: int) -> str:
        part = length // len(pieces)
        return "".join(piece * (part // len(piece)) for piece in pieces)

    return shape


def repeated_before(piece: str, end: str) -> Shape:
    """Return a text of a repeated piece, with an end that doesn't match it."""
    return lambda length: repeated(piece)(length - len(end)) + end


PIECES: Final = (
    # IDs, whole and in part, and what may be the beginning of one.
    *("abcdef0123", "c2a2f5df ", "call c2a2f5df ", "b7182dc2-00f3-", "b7182dc2… ", "b7182dc2. "),
    *(ID[:-1], f"{ID[:-1]}g ", f"{ID} ", f"[{ID}", f"[{ID}] call ", f"{ID} the project id "),
    *(f"{ID} a{' ' * 60}", f"Accounts/{ID} ", f"/api/projects/{ID}", "/api/projects/", "<b "),
    *("files.signalwire.com/", "b7182dc2-\n> ", "blob:https://", "?id=c2a2f5df", "call_id: "),
    *('{"call_id":', f'{{"call_id":"{ID}",', '\\"call_id\\":', '"type":"', "[", "]}"),
    *("(id, call_sid", "(id)values(", "call_id,project_id\n", f"![a](//cdn.a/{ID}"),
    # Punctuation, and escapes within one another.
    *("-", "\u2013", ".", "<", "|", '"', '\\"', "`", "@", ",", "->", " ", "\n", "\u200b"),
    *("%", "%41", "%25", "%%33%31", "%E2%80", "&#49;", "\\u005c"),
    # Addresses, names and secrets.
    *("https://", "<https://a.example|a> ", "sip:a@b ", "sip:a;b=c:d@", "hooks.slack.com/"),
    *("caller_name: a ", "token=a ", 'token: "a\\', 'token: Digest a="b', "eyJaaaaaaaa."),
    *('token: Digest a="b", ', "-----BEGIN PRIVATE KEY", "-----BEGIN PRIVATE KEY-----"),
    *("=?a?B?", '"a" b <', "--token ", "-u a", "a dot ", "a at a dot "),
    # Numbers, times and words of a search.
    *("1", "1 ", "1-(2.3)/", "1\u00ad", "\u0661", "1e", "e", "+", "+1", "+12065550100"),
    *("206 555 010/", "+1 206 555 0100, ", "111-111-1111 ", "12:30:", "1/", "2026-11-20T14:00 "),
    *("1h ", "since ", "from:", '"from":', "failed ", "no ", "no answer ", "x"),
    *("one 1 ", "1, 2, one "),
    # A letter that expands to many, alternating marks, and a lone surrogate.
    *("\ufdfa", "\u0301\u0316", "\ud800"),
)

SHAPES: Final[dict[str, Shape]] = {
    **{piece: repeated(piece) for piece in PIECES},
    "hex digits and an ellipsis": repeated_before("a1", "…"),
    "rows of a table": lambda length: "call_id,status\n" + repeated(f"{ID},x\n")(length),
    "distinct beginnings of ids": lambda length: " ".join(
        f"{number:08x}a\u2026" for number in range(length // 11)
    ),
    "distinct ids": lambda length: " ".join(
        f"{number:08x}-0000-4000-8000-000000000000" for number in range(length // 37)
    ),
    "ids and their beginnings": lambda length: " ".join(
        f"{number:08x}-0000-4000-8000-000000000000 {number:08x}-0000\u2026"
        for number in range(length // 52)
    ),
    "angle brackets that never close": repeated_before("<a|b", "|"),
    "bars after an angle bracket": lambda length: "<" + "|" * (length - 1),
    "zero-width spaces in an id": repeated(*"b7182dc2", "\u200b"),
    "ampersands that never end": repeated_before("&amp;amp;", "&"),
    "names that never end": repeated_before('caller_name: "a', '"'),
    "folders": lambda length: "//" + repeated("a/")(length - 2),
    "names with commas before no address": repeated_before("a,&", "<"),
    "almost decimals": repeated_before("1.1", "."),
    "marks in canonical order": repeated("\u0316", "\u0301"),
    "marks in reverse order": repeated("\u0301", "\u0316"),
}
"""By name, or by the piece that is repeated."""

# ── Readers ─────────────────────────────────────────────────────────────────────────────────


def message(text: str, *, size: int = 50) -> dict[str, JsonValue]:
    """Return a message with a text that is split into many elements."""
    leaves: list[JsonValue] = [
        {"type": "text", "text": text[at : at + size]} for at in range(0, len(text), size)
    ]
    return {"blocks": [{"type": "rich_text", "elements": [{"elements": leaves}]}]}


def search(text: str) -> None:
    with suppress(QueryError):
        query.find(text, now=NOW)


def submit_form(text: str) -> None:
    with suppress(ExceptionGroup):
        query.from_fields(query.Fields(text, window=text, filters=(text,)), now=NOW)


READERS: Final[dict[str, Reader]] = {
    "ids in a text": ids.in_text,
    "ids in a message": lambda text: ids.in_texts(message_text.texts_in(message(text))),
    "numbers in a text": lambda text: phone_numbers.in_texts([text]),
    "numbers in a message": lambda text: phone_numbers.in_texts(
        message_text.texts_in(message(text))
    ),
    "a search": search,
    "a form": submit_form,
    "a number in an address": lambda text: phone_numbers.telephone("+12065550100").matches(text),
    "a call's record": lambda text: CompatibilityCall.model_validate(
        {"sid": ID, "end_time": text, "price": text, "status": text, "audio_in_mos": text}
    ),
    "a text to mask": masking.mask_text,
    "an address to mask": masking.mask_address,
    "JSON to mask": lambda text: masking.mask_json(
        {"a": [text], text: [*text], text[1:]: dict.fromkeys(map(str, range(len(text) // 8)))}
    ),
}


def seconds(read: Reader, text: str) -> float:
    started = time.process_time()
    read(text)
    return time.process_time() - started


def slowdowns(read: Reader, shape: Shape) -> Iterator[float]:
    """Yield how many times as long four times the text takes, more exactly with each run."""
    shorts, longs = list[float](), list[float]()
    while len(longs) < MAX_RUNS and sum(longs) < MAX_SECONDS:
        shorts.append(seconds(read, shape(SHORT)))
        longs.append(seconds(read, shape(LONG)))
        yield min(longs) / min(shorts) if min(longs) > TOO_SHORT else 0


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_about_four_times_as_long(reader: str, shape: str) -> None:
    ratios = slowdowns(READERS[reader], SHAPES[shape])
    assert any(slowdown < MAX_SLOWDOWN for slowdown in ratios)


def test_quadratic_time_is_detected() -> None:
    def quadratic(text: str) -> None:
        for end in range(0, len(text), 16):
            text[:end].isspace()
            text[:end].count("y")

    assert min(slowdowns(quadratic, SHAPES["x"])) > MAX_SLOWDOWN


# ── Depth ─────────────────────────────────────────────────────────────────────────────────────

NESTINGS: Final[dict[str, Callable[[JsonValue], JsonValue]]] = {
    "lists": lambda inner: [inner],
    "elements": lambda inner: {"elements": [inner]},
    "attachments": lambda inner: {"attachments": [inner]},
    "forwarded messages": lambda inner: {"message_blocks": [{"message": inner}]},
    "texts": lambda inner: {"text": inner},
}


@pytest.mark.parametrize("nesting", NESTINGS)
def test_a_deeply_nested_message_is_read(nesting: str) -> None:
    nested: JsonValue = ID
    for _ in range(LONG // len('{"text":}')):
        nested = NESTINGS[nesting](nested)
    deep: dict[str, JsonValue] = {"text": ID, "blocks": nested, "attachments": [nested]}

    assert [str(found) for found in ids.in_texts(message_text.texts_in(deep)).complete] == [ID]
    assert phone_numbers.in_texts(message_text.texts_in(deep)) == []
