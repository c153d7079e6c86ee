"""Slack's own TypeScript types, `@slack/types`, accept every message and view as a literal.

The compiler checks a literal for fields that its type doesn't have.
"""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.gallery.model import Example
from tests.surfaces.examples import EXAMPLES
from tests.surfaces.node import node_modules

_TYPES: Final = {"message": "KnownBlock[]", "modal": "ModalView", "home": "HomeView"}


def compile_examples(examples: Iterable[Example], folder: Path) -> list[str]:
    """The compiler's errors, one line each; none if the examples have the types they should."""
    modules = node_modules()
    (folder / "node_modules").symlink_to(modules)
    literals = [
        f"export const example{index}: {_TYPES[example.kind]} = "
        + json.dumps(example.blocks if example.kind == "message" else example.payload)
        for index, example in enumerate(examples)
    ]
    lines = ['import type { HomeView, KnownBlock, ModalView } from "@slack/types";', *literals]
    (folder / "examples.ts").write_text("\n".join(lines))
    run = subprocess.run(  # noqa: S603 - a pinned program of this folder
        [modules / ".bin" / "tsc", "--noEmit", "--strict", "--module", "nodenext", "examples.ts"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return [line for line in run.stdout.splitlines() if "error TS" in line]


def test_every_surface_has_slacks_types(tmp_path: Path) -> None:
    assert compile_examples(EXAMPLES, tmp_path) == []


_TEXT: Final[JsonValue] = {"type": "plain_text", "text": "text"}


@pytest.mark.parametrize(
    "block",
    [
        {"type": "section", "text": {"type": "plain", "text": "text"}},
        {"type": "section", "text": _TEXT, "acessory": _TEXT},
        {"type": "actions", "elements": [{"type": "button", "text": "text"}]},
        {"type": "sections", "text": _TEXT},
    ],
)
def test_a_misspelled_one_has_not(block: JsonValue, tmp_path: Path) -> None:
    assert len(compile_examples([Example("", {"blocks": [block]})], tmp_path)) == 1
