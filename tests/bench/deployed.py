"""Runs a module as if only requirements.txt were installed.

Usage: `python -m tests.bench.deployed MODULE [argument …]`. The development tools install packages
that structlog and httpx import if they are there.
"""

import runpy
import sys

for name in ("greenlet", "pygments", "rich"):
    sys.modules[name] = None  # type: ignore[assignment] # makes its import fail
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
