"""Audit lines: who did what, from where, with what outcome. They have no phone number or name."""

import structlog

from bot.runtime import logging as logs
from bot.slack.interaction import Interaction

_log = structlog.stdlib.get_logger(logs.AUDIT)


def record(event: str, interaction: Interaction, **fields: object) -> None:
    """Write an audit line for an interaction."""
    actor = interaction.actor
    _log.info(
        event,
        request_id=interaction.request_id,
        user=actor.user_id,
        team=actor.team_id,
        channel=actor.channel_id,
        **fields,
    )
