"""The size of the installed libraries."""

import re
from importlib.metadata import distribution
from pathlib import Path
from typing import Final

from tests.bench.memory_sampler import MEBIBYTE
from tests.bench.processes import ROOT
from tests.bench.report import Row

_GOAL_MEBIBYTES: Final = 65
_PINNED: Final = re.compile(r"^([\w.-]+)==", re.MULTILINE)


async def measure() -> list[Row]:
    """Add up the files of all requirements, with the `.pyc` files that pip compiles."""
    names = _PINNED.findall((ROOT / "requirements.txt").read_text())
    size = sum(map(_bytes, names)) / MEBIBYTE
    goal = f"goal of {_GOAL_MEBIBYTES}"
    return [
        Row("installed libraries", f"{size:.0f} MiB", goal, size / _GOAL_MEBIBYTES, 1),
    ]


def _bytes(name: str) -> int:
    files = [Path(file.locate()) for file in distribution(name).files or ()]
    return sum(path.stat().st_size for path in files if path.is_file())
