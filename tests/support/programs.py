"""Programs that some tests need besides Python."""

import os
import shutil
from typing import Final

import pytest

_SBIN: Final = "/usr/sbin"
"""Debian puts servers there; it is missing from many PATHs."""


def require_program(*names: str, called: str, package: str) -> str:
    """Return the path of the first of these programs that is installed.

    If none is, the test is skipped; in CI it fails, where a skip would go unnoticed.

    Args:
        names: the program's possible names.
        called: its name in the message.
        package: its Debian package.
    """
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), _SBIN])
    for name in names:
        found = shutil.which(name, path=search)
        if found is not None:
            return found
    reason = f"no {called} is installed (Debian: apt-get install {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
