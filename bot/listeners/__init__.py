"""Slack in: one module for each kind of interaction; Slack's ids are named here only."""

from slack_bolt.async_app import AsyncApp

from bot.listeners import commands, faults, shortcuts
from bot.listeners.desk import Desk


def register(app: AsyncApp, desk: Desk) -> None:
    """Attach every listener to `app`."""
    commands.register(app, desk)
    shortcuts.register(app, desk)
    faults.register(app, desk)
