"""Worlds as in tests/integration."""

from tests.integration.conftest import clean_worlds, open_world

__all__ = ["clean_worlds", "open_world"]
