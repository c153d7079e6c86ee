"""Audit lines: who did what, from where, with what outcome. They have no phone number or name."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

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


@contextmanager
def timed(event: str, interaction: Interaction, **fields: object) -> Iterator[dict[str, object]]:
    """Write an audit line when the block ends, with the fields that it adds and the duration."""
    started, fields = time.monotonic(), {**fields, "outcome": "interrupted"}
    try:
        yield fields
    finally:
        duration_ms = round((time.monotonic() - started) * 1000)
        record(event, interaction, **fields, duration_ms=duration_ms)
