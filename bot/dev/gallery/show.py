"""`python -m bot gallery`: prints the gallery, as text or as JSON for tools."""

import sys
from collections.abc import Mapping

from bot.cli import terminal
from bot.cli.streams import print_json
from bot.dev import gallery


def show(environment: Mapping[str, str], *, as_json: bool) -> int:
    """Print every example; as JSON, a list of objects with section, name, kind and payload."""
    examples = [
        (section.name, example) for section in gallery.sections() for example in section.examples
    ]
    if as_json:
        rows = [
            {
                "section": section,
                "name": example.name,
                "kind": example.kind,
                "payload": example.payload,
            }
            for section, example in examples
        ]
        print_json(rows)
        return 0
    for section, example in examples:
        print(f"{section}: {example.name}\n")
        terminal.show(example.blocks, sys.stdout, environment)
        print()
    return 0
