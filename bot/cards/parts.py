"""What the parts of the Details window share. It must not know what any of them shows."""

from collections.abc import Sequence
from typing import Final

from bot.cards import blocks, problems
from bot.cards.blocks import Block, Section
from bot.cards.list_problems import describe_part
from bot.report import PartError

LOADING: Final = "Loading…"


def sections(lines: Sequence[str]) -> list[Section]:
    """Lines of mrkdwn in as many blocks as they need; each line by itself fits into one."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= blocks.SECTION_LIMIT:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [blocks.section(text) for text in texts]


def missing(part: str, trouble: PartError) -> list[Block]:
    """Why a part isn't there, and that the others are; `part` begins a sentence: `The legs are`."""
    problem = problems.INTERNAL_ERROR if trouble == "broken" else describe_part(trouble)
    said = f"{problem.emoji} *{problem.title}*\n{problem.hint}"
    return [blocks.section(said), blocks.context(f"{part} missing; the rest isn't affected.")]
