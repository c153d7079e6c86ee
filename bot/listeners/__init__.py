"""Bolt listeners: one module for each kind of interaction.

The action ids and the forms' callback ids are in ui/actions.py, the command is in ui/subcommands.py,
and the callback ids of the shortcuts are in shortcuts.py. manifest.yml repeats the command and the callback ids of the shortcuts.
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
