"""The trigger ids Slack hands out with an interaction: good for one window, for three seconds.

It must not know what a window is, nor what was clicked.

Facts: docs.slack.dev: interactivity/handling-user-interaction, "Trigger IDs"; the errors:
reference/methods/views.open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

TRIGGER_SECONDS: Final = 3.0
KEPT: Final = 1000
"""How many of anything the sandbox remembers; the oldest is forgotten first."""


class TriggerRejectedError(Exception):
    """What Slack doesn't do, with the code of its error and what it says about the arguments."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(", ".join([code, *messages]))
        self.code = code
        self.messages = messages


@dataclass
class Trigger:
    """What a trigger id stands for.

    Attributes:
        at: when it was handed out, epoch seconds.
        user_id, team_id: whose interaction it was.
        view_id: the view they were in, if they were in one.
        is_spent: whether it was exchanged.
    """

    at: float
    user_id: str
    team_id: str
    view_id: str | None
    is_spent: bool = False


class Triggers:
    """The last thousand trigger ids."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` says the time now, epoch seconds."""
        self._clock = clock
        self._tickets: dict[str, Trigger] = {}

    def issue(self, trigger_id: str, user_id: str, team_id: str, view_id: str | None) -> None:
        """Hand out a trigger id, now."""
        self._tickets[trigger_id] = Trigger(self._clock(), user_id, team_id, view_id)
        if len(self._tickets) > KEPT:
            del self._tickets[next(iter(self._tickets))]

    def redeem(self, trigger_id: str) -> Trigger:
        """Spend a trigger id.

        Raises Refused: `invalid_trigger_id` for one that was never handed out,
        `exchanged_trigger_id` for one that was spent, `expired_trigger_id` after three seconds.
        """
        ticket = self._tickets.get(trigger_id)
        if ticket is None:
            raise TriggerRejectedError("invalid_trigger_id")
        if ticket.is_spent:
            raise TriggerRejectedError("exchanged_trigger_id")
        if self._clock() - ticket.at > TRIGGER_SECONDS:
            raise TriggerRejectedError("expired_trigger_id")
        ticket.is_spent = True
        return ticket
