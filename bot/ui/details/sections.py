"""Blocks that several parts of the Details modal have in common."""

from typing import Final

from bot.ui import block_kit, errors
from bot.ui.block_kit import Block
from bot.ui.errors import describe_part
from bot.voicelogs.results import PartError

LOADING: Final = "Loading…"


def missing(part: str, error: PartError) -> list[Block]:
    """Explain why a part is missing; `part` starts a sentence: `The legs are`."""
    problem = errors.INTERNAL_ERROR if error == "internal_error" else describe_part(error)
    text = f"{problem.emoji} *{problem.title}*\n{problem.hint}"
    return [block_kit.section(text), block_kit.context(f"{part} missing; the rest isn't affected.")]
