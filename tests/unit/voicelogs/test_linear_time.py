"""What people type and paste is read in time linear in its length, however it was made to be slow.

Four times the text may take eight times as long: a linear reading takes four times, a quadratic one
sixteen. Processor time, and the best of several tries, so that nothing depends on the machine.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import pytest
from pydantic import JsonValue

from bot.slack import message_text
from bot.voicelogs import ids, masking, phone_numbers, query
from bot.voicelogs.query import QueryError

NOW: Final = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
ID: Final = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
LONG: Final = 64 * 1024
"""Characters; the guard lets as many bytes through of what people type."""
SHORT: Final = LONG // 4
SLOWDOWN_AT_MOST: Final = 8
NOTHING: Final = 0.002
"""Seconds for the long text that say nothing about what a longer one would take."""
TRIES: Final = 10
PATIENCE: Final = 2.0
"""Seconds of readings, after which there are no more tries: what is so slow is measured well."""

Reader = Callable[[str], object]
Shape = Callable[[int], str]

# ── Texts made to be slow ─────────────────────────────────────────────────────────────────────


def of(*pieces: str) -> Shape:
    """As many of each piece as fit into a text, all of the first before the second."""

    def shape(length: int) -> str:
        share = length // len(pieces)
        return "".join(piece * (share // len(piece)) for piece in pieces)

    return shape


def ending(piece: str, end: str) -> Shape:
    """The same piece throughout, and an end that spoils what it began to be."""
    return lambda length: of(piece)(length - len(end)) + end


SHAPES: Final[dict[str, Shape]] = {
    "hex digits": of("abcdef0123"),
    "hex digits and an ellipsis": ending("a1", "…"),
    "dashes": of("-"),
    "typographic dashes": of("\u2013"),
    "almost ids": of(ID[:-1] + "g "),
    "almost ids end to end": of(ID[:-1]),
    "first halves of ids": of("b7182dc2-00f3-"),
    "whole ids": of(f"{ID} "),
    "cut ids": of("b7182dc2… "),
    "almost cut ids": of("b7182dc2. "),
    "objects that never close": of('{"call_id":'),
    "lists that never close": of("["),
    "brackets that never open": of("]}"),
    "ids in objects that never close": of(f'{{"call_id":"{ID}",'),
    "labels": of("call_id: "),
    "ids without a label in lists": of(f"[{ID}"),
    "heads of tables": of("call_id,project_id\n"),
    "rows of a table": lambda length: "call_id,status\n" + of(f"{ID},x\n")(length),
    "short hex": of("c2a2f5df "),
    "short hex of calls": of("call c2a2f5df "),
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
    "lines that end in a dash": of("b7182dc2-\n> "),
    "addresses of recordings": of("files.signalwire.com/"),
    "tags of HTML": of("<b "),
    "encoded JSON": of('\\"call_id\\":'),
    "other projects' ids": of(f"Accounts/{ID} "),
    "dots": of("."),
    "angle brackets": of("<"),
    "angle brackets that never close": ending("<a|b", "|"),
    "bars": of("|"),
    "bars after an angle bracket": lambda length: "<" + "|" * (length - 1),
    "quotes": of('"'),
    "escaped quotes": of('\\"'),
    "backticks": of("`"),
    "zero-width spaces": of("\u200b"),
    "zero-width spaces in an id": of(*"b7182dc2", "\u200b"),
    "soft hyphens between digits": of("1\u00ad"),
    "percent signs": of("%"),
    "encoded letters": of("%41"),
    "percent signs encoded again and again": of("%25"),
    "signs encoded one within the other": of("%%33%31"),
    "HTML's entities": of("&#49;"),
    "ampersands that never end": ending("&amp;amp;", "&"),
    "JSON's escapes": of("\\u005c"),
    "quotes and colons": of('"from":'),
    "exponents": of("1e"),
    "exponents without a number": of("e"),
    "encoded halves of letters": of("%E2%80"),
    "almost URLs": of("https://"),
    "links": of("<https://a.example|a> "),
    "addresses": of("sip:a@b "),
    "at signs": of("@"),
    "digits": of("1"),
    "digits and blanks": of("1 "),
    "digits and marks": of("1-(2.3)/"),
    "almost numbers": of("206 555 010/"),
    "numbers": of("+1 206 555 0100, "),
    "numbers nobody has": of("111-111-1111 "),
    "plus signs": of("+"),
    "plus signs and digits": of("+1"),
    "digits of another script": of("\u0661"),
    "almost decimals": ending("1.1", "."),
    "almost times": of("12:30:"),
    "dates": of("2026-11-20T14:00 "),
    "words": of("failed "),
    "words in two parts": of("no answer "),
    "halves of words": of("no "),
    "announced spans": of("since "),
    "blanks": of(" "),
    "sides": of("from:"),
    "lengths": of("1h "),
    "digits of dates": of("1/"),
    "commas": of(","),
    "arrows": of("->"),
    "numbers end to end": of("+12065550100"),
    "line ends": of("\n"),
    "letters that stand for many": of("\ufdfa"),
    "marks in the order of their places": of("\u0316", "\u0301"),
    "marks against the order of their places": of("\u0301", "\u0316"),
    "marks of two places in turn": of("\u0301\u0316"),
    "halves of characters": of("\ud800"),
    "nothing but letters": of("x"),
}

# ── Who reads them ────────────────────────────────────────────────────────────────────────────


def message(text: str, *, size: int = 50) -> dict[str, JsonValue]:
    """A message with a text in it, a little in each element of each block."""
    leaves: list[JsonValue] = [
        {"type": "text", "text": text[at : at + size]} for at in range(0, len(text), size)
    ]
    return {"blocks": [{"type": "rich_text", "elements": [{"elements": leaves}]}]}


def searched(text: str) -> None:
    with suppress(QueryError):
        query.find(text, now=NOW)


def filled_in(text: str) -> None:
    with suppress(ExceptionGroup):
        query.from_fields(query.Fields(text, window=text, filters=(text,)), now=NOW)


READERS: Final[dict[str, Reader]] = {
    "ids in a text": ids.in_text,
    "ids in a message": lambda text: ids.in_texts(message_text.texts_in(message(text))),
    "numbers in a text": lambda text: phone_numbers.in_texts([text]),
    "numbers in a message": lambda text: phone_numbers.in_texts(
        message_text.texts_in(message(text))
    ),
    "a search": searched,
    "a form": filled_in,
    "who called": lambda text: phone_numbers.telephone("+12065550100").matches(text),
    "a text to mask": masking.mask_text,
    "an end of a call to mask": masking.mask_address,
    "JSON to mask": lambda text: masking.mask_json({"a": [text], text: [*text]}),
}


def seconds(read: Reader, text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def slowdowns(read: Reader, shape: Shape) -> Iterator[float]:
    """How many times longer four times the text takes, more exactly with every try."""
    shorts, longs = list[float](), list[float]()
    while len(longs) < TRIES and sum(longs) < PATIENCE:
        shorts.append(seconds(read, shape(SHORT)))
        longs.append(seconds(read, shape(LONG)))
        yield min(longs) / min(shorts) if min(longs) > NOTHING else 0


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_takes_about_four_times_as_long(reader: str, shape: str) -> None:
    tried = slowdowns(READERS[reader], SHAPES[shape])
    assert any(slowdown < SLOWDOWN_AT_MOST for slowdown in tried)


def test_quadratic_time_is_detected() -> None:
    def quadratic(text: str) -> None:
        for end in range(0, len(text), 16):
            text[:end].isspace()
            text[:end].count("y")

    assert min(slowdowns(quadratic, SHAPES["nothing but letters"])) > SLOWDOWN_AT_MOST


# ── However deep ──────────────────────────────────────────────────────────────────────────────

INTO: Final[dict[str, Callable[[JsonValue], JsonValue]]] = {
    "lists": lambda inner: [inner],
    "elements": lambda inner: {"elements": [inner]},
    "attachments": lambda inner: {"attachments": [inner]},
    "forwarded messages": lambda inner: {"message_blocks": [{"message": inner}]},
    "texts": lambda inner: {"text": inner},
}


@pytest.mark.parametrize("into", INTO)
def test_a_deeply_nested_message_is_read(into: str) -> None:
    nested: JsonValue = ID
    for _ in range(LONG // len('{"text":}')):
        nested = INTO[into](nested)
    deep: dict[str, JsonValue] = {"text": ID, "blocks": nested, "attachments": [nested]}

    assert [str(found) for found in ids.in_texts(message_text.texts_in(deep)).complete] == [ID]
    assert phone_numbers.in_texts(message_text.texts_in(deep)) == []
