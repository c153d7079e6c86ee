"""IDs in pasted text: payloads, logs, alerts, mail, tables and sentences."""

from string import Template
from typing import Final
from uuid import UUID

import pytest

from bot.voicelogs import ids
from tests.cases import PASTED, PastedCase

IDS: Final = {
    # calls
    "C": "c2a2f5df-266c-481a-8979-0000000000c3",
    "D": "d4f9e801-3c2b-4d6e-8f90-abcdef012345",
    "E": "e5a0f912-4d3c-4e7f-9a01-bcdef0123456",
    # a project, a space, and other things
    "P": "0d3ce2c6-9b5c-4a7e-8b1e-2d7a3c1f9e11",
    "S": "5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b",
    "X": "9b2d7c10-5a4e-4f3b-8c21-7e6d5c4b3a29",
    "Y": "1ed7b040-812a-44b2-8dde-00000f6773af",
    "Z": "86e3fe27-955f-4bbf-8000-00000d578818",
    "H": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
}


@pytest.mark.parametrize("case", PASTED, ids=lambda case: case.name)
def test_call_ids_are_distinguished_from_others(case: PastedCase) -> None:
    found = ids.in_text(Template("\n".join(case.text)).substitute(IDS))
    names = {UUID(log_id): name for name, log_id in IDS.items()}
    assert [names[log_id] for log_id in found.complete] == case.ids.split()
