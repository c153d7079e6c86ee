"""Where the npm packages of package.json are."""

import shutil
from pathlib import Path

import pytest


def node_modules() -> Path:
    """The folder of the installed packages. Without it or Node.js, the test is skipped.

    Not even in CI does it fail: there may be no way to npm's registry.
    """
    folder = Path(__file__).parent / "node_modules"
    if not (folder.is_dir() and shutil.which("node")):
        pytest.skip("missing: npm ci --prefix tests/surfaces --ignore-scripts")
    return folder
