"""Texts with marks: of what is masked, or of what isn't understood.

In `«Jane Doe» rang «72543|•••43»`, what follows the bar is how it is shown.
"""

import re
from typing import Final

HIDDEN: Final = "•••••••"


def plain(marked: str) -> str:
    """Return a text as it is sent, without marks."""
    return re.sub(r"«([^|»]*)[^»]*»", r"\1", marked)


def shown(marked: str) -> str:
    """Return a text as it is shown, with dots for what is marked without a bar."""
    return re.sub(r"«[^|»]*\|?([^»]*)»", lambda mark: mark[1] or HIDDEN, marked)


def marks(marked: str) -> list[str]:
    """Return what is marked, each as its mark says that it is shown."""
    return [mark[2] or mark[1] for mark in re.finditer(r"«([^|»]*)\|?([^»]*)»", marked)]


def unmarked(marked: str) -> str:
    """Return a text without what is marked."""
    return re.sub("«[^»]*»", "", marked)
