"""Each example of the gallery is rendered as in its file in tests/golden.

`pytest --update-golden` rewrites the files. These tests alone cover every line of `bot/ui`, which
`.ci/run` checks: everything that users can see is in the gallery.
"""

from pathlib import Path
from typing import Final

import pytest

from bot.dev import gallery
from bot.dev.gallery.model import Example
from tests.support import golden

FOLDER: Final = Path(__file__).parents[2] / "golden"
UPDATE: Final = "run: pytest --update-golden tests/unit/ui/test_golden.py"
EXAMPLES: Final = [
    pytest.param(
        FOLDER / golden.file_name(section.name) / f"{golden.file_name(example.name)}.txt",
        example,
        id=f"{golden.file_name(section.name)}/{golden.file_name(example.name)}",
    )
    for section in gallery.sections()
    for example in section.examples
]


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("update_golden"))


@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_example_is_rendered_as_in_its_file(path: Path, example: Example, *, update: bool) -> None:
    rendered = golden.render_example(example)
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(rendered.encode())
    assert path.exists(), f"{path} is missing; {UPDATE}"
    assert rendered == path.read_bytes().decode(), f"{path} differs; {UPDATE}"


def test_no_golden_file_is_left_over(*, update: bool) -> None:
    stale = {path for path in FOLDER.rglob("*") if path.is_file()} - {
        path for path, _ in (each.values for each in EXAMPLES) if isinstance(path, Path)
    }
    if update:
        for path in stale:
            path.unlink()
        stale = set()
    assert not stale, f"{sorted(map(str, stale))} belong to no example; {UPDATE}"


def test_each_example_has_a_file_of_its_own() -> None:
    ids = [each.id for each in EXAMPLES]
    assert len(set(ids)) == len(ids)


def test_each_example_shows_another_state() -> None:
    names: dict[str, list[str]] = {}
    for section in gallery.sections():
        for example in section.examples:
            names.setdefault(golden.render_example(example), []).append(
                f"{section.name}: {example.name}"
            )
    assert [alike for alike in names.values() if len(alike) > 1] == []
