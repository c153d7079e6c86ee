"""Reads tables in pasted text: CSV, tabs, Markdown, and the columns that command lines print."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final

_Split = Callable[[str], Sequence[str]]

_LONGEST: Final = 20_000
"""Characters of a line of a table at most; well below the limit of a field in `csv`."""
_MOST_COLUMNS: Final = 60
_NAME: Final = re.compile(r"""[^?!:={}"',;<>@]{0,40}""")  # "Cost ($)", but no part of a sentence
_ID: Final = re.compile(r"[0-9a-fA-F]{8}-|[0-9a-fA-F]{32}")
# SQL's `(id, call_sid) VALUES ('…', '…'), ('…', '…')`.
_VALUES: Final = re.compile(r"\(([^()]{3,1000})\)\s{0,9}VALUES\s{0,9}\(", re.IGNORECASE)
_NEXT_VALUES: Final = re.compile(r"\)\s{0,9},\s{0,9}\(")
_QUOTES: Final = " \t\r\"'`*_"


def _csv(delimiter: str) -> _Split:
    def split(line: str) -> Sequence[str]:
        with suppress(csv.Error):
            return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
        return []

    return split


_SPLITS: Final[dict[str, _Split]] = {
    "\t": lambda line: line.split("\t"),
    "||": re.compile(r"\|{1,2}").split,  # Jira's header
    "|": lambda line: line.split("|"),
    ",": _csv(","),
    ";": _csv(";"),
    " / ": lambda line: line.split(" / "),
    "  ": re.compile(r"\s{2,}").split,
}


def with_column_names(text: str, is_id_column: Callable[[str], bool]) -> str:
    """Return a text in which each row of a table is lines of "column: cell".

    Args:
        text: any text.
        is_id_column: whether a column's name is an id's. A table's header has such a name.
    """
    with_header, inserts = _VALUES.subn(_header, text)
    if inserts:
        text = _NEXT_VALUES.sub("\n", with_header)
    return "\n".join(_lines(text.split("\n"), is_id_column))


def _header(match: re.Match[str]) -> str:
    return f"\n{' '.join(match[1].split())}\n"


def _lines(lines: Sequence[str], is_id_column: Callable[[str], bool]) -> Iterator[str]:
    names: Sequence[str] = ()
    split: _Split = str.split
    for line in lines:
        cells: Sequence[str] = ()
        if len(line) > _LONGEST or _ID.search(line):
            cells = split(line.strip(" \r")) if names and len(line) <= _LONGEST else ()
        elif head := _head(line, is_id_column):
            names, split = head
        elif not line.strip():
            names = ()
        if cells and len(cells) == len(names) and not _is_pair(cells, is_id_column):
            for name, cell in zip(names, cells, strict=True):
                yield f"{name}: {cell}" if name else cell
        else:
            yield line


def _is_pair(cells: Sequence[str], is_id_column: Callable[[str], bool]) -> bool:
    """Whether a row is a name and a value, as where a database prints a record's fields."""
    filled = [cell.strip(_QUOTES) for cell in cells if cell.strip()]
    return len(filled) == 2 and is_id_column(filled[0])  # noqa: PLR2004 - a name and a value


def _head(line: str, is_id_column: Callable[[str], bool]) -> tuple[Sequence[str], _Split] | None:
    for delimiter, split in _SPLITS.items():
        if delimiter not in line.strip():
            continue
        names = [name.strip(_QUOTES) for name in split(line.strip(" \r"))]
        if (
            1 < len(names) <= _MOST_COLUMNS
            and all(map(_NAME.fullmatch, names))
            and any(map(is_id_column, names))
        ):
            return names, split
    return None
