"""The rows of the result, as Markdown and JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

from pydantic import JsonValue

_HEADER: Final = ("figure", "this bot", "compared with", "ratio", "goal", "reached")


@dataclass(frozen=True)
class Row:
    """A figure, compared with another one."""

    figure: str
    ours: str
    """This bot's value, with its unit."""
    other: str
    """What it is compared with, and its value."""
    ratio: float
    goal: float
    """What the ratio should be at most."""
    at_least: bool = False
    """Whether it should be at least the goal instead."""

    @property
    def reached(self) -> bool:
        """Whether the ratio reaches the goal."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def cells(self) -> tuple[str, ...]:
        """Return the cells of the row in Markdown."""
        sign = "≥" if self.at_least else "≤"
        reached = "yes" if self.reached else "no"
        goal = f"{sign} {_short(self.goal)}"
        return self.figure, self.ours, self.other, _short(self.ratio), goal, reached

    def as_json(self) -> dict[str, JsonValue]:
        """Return the row as JSON."""
        return {**asdict(self), "reached": self.reached}


def table(rows: Sequence[Row]) -> str:
    """Format the rows as a Markdown table with aligned columns."""
    lines = [_HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEADER))]
    rule = tuple("-" * width for width in widths)
    padded = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in (_HEADER, rule, *lines[1:])
    ]
    return "\n".join(f"| {line} |" for line in padded)


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"
