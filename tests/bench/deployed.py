"""Runs a module as where only requirements.txt is installed: `as_deployed MODULE [argument …]`.

Structlog loads `rich` wherever it finds it, which the tests' tools bring along.
"""

import runpy
import sys

sys.modules["rich"] = None  # type: ignore[assignment] # Python's own way to say "not installed"
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
