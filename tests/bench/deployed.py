"""Runs a module without `rich`, as if only requirements.txt were installed.

Usage: `python -m tests.bench.deployed MODULE [argument …]`. The development tools install `rich`,
and structlog imports it if it is there.
"""

import runpy
import sys

sys.modules["rich"] = None  # type: ignore[assignment] # makes its import fail
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
