"""What some tests need of the machine beside Python."""

import os
import shutil
from typing import Final

import pytest

_ADMINISTRATORS: Final = "/usr/sbin"
"""Where Debian puts servers, and not everybody's PATH leads."""


def program(*names: str, called: str, package: str) -> str:
    """The path of the first of these programs that is there.

    Where there is none, the test is skipped; in CI it fails, since nobody would notice there.

    Args:
        names: what the program may be called.
        called: how to speak of it.
        package: what Debian calls it.
    """
    search = os.pathsep.join([os.environ.get("PATH", os.defpath), _ADMINISTRATORS])
    for name in names:
        found = shutil.which(name, path=search)
        if found is not None:
            return found
    reason = f"no {called} is installed (Debian: apt-get install {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
