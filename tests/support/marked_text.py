"""Texts in which what is masked is marked: `«Jane Doe» rang «72543|•••43»`.

Instead of `«Jane Doe»` dots are shown, and instead of `«72543|•••43»` what follows the bar.
"""

import re
from typing import Final

HIDDEN: Final = "•••••••"


def plain(marked: str) -> str:
    """Return a text as it is sent, without marks."""
    return re.sub(r"«([^|»]*)[^»]*»", r"\1", marked)


def shown(marked: str) -> str:
    """Return a text as it is shown."""
    return re.sub(r"«[^|»]*\|?([^»]*)»", lambda mark: mark[1] or HIDDEN, marked)
