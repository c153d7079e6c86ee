"""Bolt listeners: one module for each kind of interaction.

The action ids and the forms' callback ids are in ui/actions.py, the command in ui/subcommands.py,
and the message shortcut's callback id in shortcuts.py.
"""

from slack_bolt.async_app import AsyncApp

from bot.listeners import actions, commands, errors, events, shortcuts, views
from bot.services import Services


def register(app: AsyncApp, services: Services) -> None:
    for module in (commands, shortcuts, actions, views, events, errors):
        module.register(app, services)
