"""Bolt listeners: one module for each kind of interaction.

The action ids and the forms' callback ids are in ui/actions.py, the command in ui/subcommands.py,
and the message shortcut's callback id in shortcuts.py.
"""

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, errors, events, shortcuts, views
from bot.services import Services


def register(app: AsyncApp, services: Services) -> None:
    commands.register(app, services)
    shortcuts.register(app, services)
    actions.register(app, services)
    views.register(app, services)
    events.register(app, services)
    errors.register(app, services)
