"""Where the npm packages of package.json are."""

import os
import shutil
from pathlib import Path

import pytest


def node_modules() -> Path:
    """The folder of the installed packages. Without them the test is skipped.

    In CI it fails, since a skip would go unnoticed there; unless there is no Node.js at all.
    """
    folder = Path(__file__).parent / "node_modules"
    if folder.is_dir() and shutil.which("node"):
        return folder
    reason = "missing: npm ci --prefix tests/surfaces --ignore-scripts"
    if os.environ.get("CI") and shutil.which("npm"):
        pytest.fail(reason)
    pytest.skip(reason)
