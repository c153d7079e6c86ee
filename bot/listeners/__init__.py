"""Slack in: one module for each kind of interaction.

The names of what can be pressed are in cards/buttons.py; Slack's other ids are named here and in
manifest.yml only.
"""

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, errors, events, shortcuts, views
from bot.services import Services


def register(app: AsyncApp, desks: Services) -> None:
    """Attach every listener to `app`."""
    commands.register(app, desks)
    shortcuts.register(app, desks)
    actions.register(app, desks)
    views.register(app, desks)
    events.register(app, desks)
    errors.register(app, desks)
