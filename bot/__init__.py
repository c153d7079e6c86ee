"""A Slack bot that looks up SignalWire voice logs."""

from typing import Final

__version__: Final = "0.2.0"
