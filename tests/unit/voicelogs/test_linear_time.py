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


SPACES: Final = " " * 60

SHAPES: Final[dict[str, Shape]] = {
    "hex digits": repeated("abcdef0123"),
    "hex digits and an ellipsis": repeated_before("a1", "…"),
    "dashes": repeated("-"),
    "typographic dashes": repeated("\u2013"),
    "almost ids": repeated(ID[:-1] + "g "),
    "almost ids end to end": repeated(ID[:-1]),
    "first halves of ids": repeated("b7182dc2-00f3-"),
    "complete ids": repeated(f"{ID} "),
    "truncated ids": repeated("b7182dc2… "),
    "almost truncated ids": repeated("b7182dc2. "),
    "objects that never close": repeated('{"call_id":'),
    "lists that never close": repeated("["),
    "brackets that never open": repeated("]}"),
    "ids in objects that never close": repeated(f'{{"call_id":"{ID}",'),
    "labels": repeated("call_id: "),
    "ids without a label in lists": repeated(f"[{ID}"),
    "heads of tables": repeated("call_id,project_id\n"),
    "rows of a table": lambda length: "call_id,status\n" + repeated(f"{ID},x\n")(length),
    "short hex": repeated("c2a2f5df "),
    "short hex of calls": repeated("call c2a2f5df "),
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
    "lines that end in a dash": repeated("b7182dc2-\n> "),
    "addresses of recordings": repeated("files.signalwire.com/"),
    "tags of HTML": repeated("<b "),
    "encoded JSON": repeated('\\"call_id\\":'),
    "other projects' ids": repeated(f"Accounts/{ID} "),
    "paths of SignalWire": repeated("/api/projects/"),
    "ids of projects in a path": repeated(f"/api/projects/{ID}"),
    "ids at hosts of files": repeated(f"![a](//cdn.a/{ID}"),
    "tags of a logger": repeated(f"[{ID}] call "),
    "addresses of files in memory": repeated("blob:https://"),
    "columns in SQL": repeated("(id, call_sid"),
    "columns and values in SQL": repeated("(id)values("),
    "types of records": repeated('"type":"'),
    "labels after ids": repeated(f"{ID} the project id "),
    "spaces after ids": repeated(f"{ID} a{SPACES}"),
    "queries of ids": repeated("?id=c2a2f5df"),
    "dots": repeated("."),
    "angle brackets": repeated("<"),
    "angle brackets that never close": repeated_before("<a|b", "|"),
    "bars": repeated("|"),
    "bars after an angle bracket": lambda length: "<" + "|" * (length - 1),
    "quotes": repeated('"'),
    "escaped quotes": repeated('\\"'),
    "backticks": repeated("`"),
    "zero-width spaces": repeated("\u200b"),
    "zero-width spaces in an id": repeated(*"b7182dc2", "\u200b"),
    "soft hyphens between digits": repeated("1\u00ad"),
    "percent signs": repeated("%"),
    "encoded letters": repeated("%41"),
    "percent signs encoded again and again": repeated("%25"),
    "signs encoded one within the other": repeated("%%33%31"),
    "HTML's entities": repeated("&#49;"),
    "ampersands that never end": repeated_before("&amp;amp;", "&"),
    "JSON's escapes": repeated("\\u005c"),
    "quotes and colons": repeated('"from":'),
    "exponents": repeated("1e"),
    "exponents without a number": repeated("e"),
    "percent-encoded incomplete UTF-8": repeated("%E2%80"),
    "almost URLs": repeated("https://"),
    "links": repeated("<https://a.example|a> "),
    "addresses": repeated("sip:a@b "),
    "at signs": repeated("@"),
    "accounts": repeated("sip:a;b=c:d@"),
    "names": repeated("caller_name: a "),
    "names that never end": repeated_before('caller_name: "a', '"'),
    "secrets": repeated("token=a "),
    "secrets that never end": repeated('token: "a\\'),
    "credentials": repeated('token: Digest a="b", '),
    "credentials that never end": repeated('token: Digest a="b'),
    "tokens": repeated("eyJaaaaaaaa."),
    "private keys that never begin": repeated("-----BEGIN PRIVATE KEY"),
    "private keys that never end": repeated("-----BEGIN PRIVATE KEY-----"),
    "folders": lambda length: "//" + repeated("a/")(length - 2),
    "webhooks": repeated("hooks.slack.com/"),
    "names with commas before no address": repeated_before("a,&", "<"),
    "encoded words": repeated("=?a?B?"),
    "names before no address": repeated('"a" b <'),
    "digits": repeated("1"),
    "digits and blanks": repeated("1 "),
    "digits and marks": repeated("1-(2.3)/"),
    "almost numbers": repeated("206 555 010/"),
    "numbers": repeated("+1 206 555 0100, "),
    "unassigned numbers": repeated("111-111-1111 "),
    "plus signs": repeated("+"),
    "plus signs and digits": repeated("+1"),
    "digits of another script": repeated("\u0661"),
    "almost decimals": repeated_before("1.1", "."),
    "almost times": repeated("12:30:"),
    "dates": repeated("2026-11-20T14:00 "),
    "words": repeated("failed "),
    "words in two parts": repeated("no answer "),
    "beginnings of phrases": repeated("no "),
    "announced spans": repeated("since "),
    "blanks": repeated(" "),
    "sides": repeated("from:"),
    "lengths": repeated("1h "),
    "digits of dates": repeated("1/"),
    "commas": repeated(","),
    "arrows": repeated("->"),
    "numbers end to end": repeated("+12065550100"),
    "line ends": repeated("\n"),
    "letters that expand to many": repeated("\ufdfa"),
    "marks in canonical order": repeated("\u0316", "\u0301"),
    "marks in reverse order": repeated("\u0301", "\u0316"),
    "alternating marks": repeated("\u0301\u0316"),
    "lone surrogates": repeated("\ud800"),
    "only letters": repeated("x"),
}

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

    assert min(slowdowns(quadratic, SHAPES["only letters"])) > MAX_SLOWDOWN


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
