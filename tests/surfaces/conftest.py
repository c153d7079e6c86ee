"""Worlds as in tests/integration."""

from tests.integration.conftest import open_world

__all__ = ["open_world"]
