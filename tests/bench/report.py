"""One line of the result: what was measured against what, and whether the goal was reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

_HEAD: Final = ("figure", "this bot", "compared with", "ratio", "goal", "reached")


@dataclass(frozen=True)
class Row:
    """A figure.

    Attributes:
        figure: what was measured.
        ours: this bot's value, with its unit.
        other: what it is compared with, and its value.
        ratio: the one to the other.
        goal: what the ratio should be, at most or at least.
        at_least: whether more is better.
    """

    figure: str
    ours: str
    other: str
    ratio: float
    goal: float
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the goal was."""
        return self.ratio >= self.goal if self.at_least else self.ratio <= self.goal

    def cells(self) -> tuple[str, ...]:
        """The row as text."""
        sign = "≥" if self.at_least else "≤"
        reached = "yes" if self.reached else "no"
        goal = f"{sign} {_short(self.goal)}"
        return self.figure, self.ours, self.other, _short(self.ratio), goal, reached

    def as_json(self) -> dict[str, JsonValue]:
        """The row for a machine."""
        return {
            "figure": self.figure,
            "ours": self.ours,
            "other": self.other,
            "ratio": self.ratio,
            "goal": self.goal,
            "at_least": self.at_least,
            "reached": self.reached,
        }


def table(rows: Sequence[Row]) -> str:
    """All of them in Markdown, in columns."""
    lines = [_HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(_HEAD))]
    rule = tuple("-" * width for width in widths)
    padded = [
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in (_HEAD, rule, *lines[1:])
    ]
    return "\n".join(f"| {line} |" for line in padded)


def _short(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.0f}"
