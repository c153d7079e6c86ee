"""Slack's trigger IDs: each opens one modal, within three seconds.

Facts: docs.slack.dev: interactivity/handling-user-interaction, "Trigger IDs"; the errors:
reference/methods/views.open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

TRIGGER_SECONDS: Final = 3.0
KEPT: Final = 1000
"""How many items of each kind the emulator keeps; the oldest is dropped first."""


class RejectedError(Exception):
    """A request that Slack rejects: its error code, and messages about the arguments."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(", ".join([code, *messages]))
        self.code = code
        self.messages = messages

    @property
    def response(self) -> dict[str, JsonValue]:
        """The response, in which Slack says what is wrong."""
        response: dict[str, JsonValue] = {"ok": False, "error": self.code}
        if self.messages:
            response["response_metadata"] = {"messages": [*self.messages]}
        return response


@dataclass
class Trigger:
    """An issued trigger ID.

    Attributes:
        at: when it was issued, epoch seconds.
        user_id, team_id: the user who interacted, and their workspace.
        view_id: the view in which they interacted, if any.
        is_spent: whether it was used.
    """

    at: float
    user_id: str
    team_id: str
    view_id: str | None
    is_spent: bool = False


class Triggers:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._triggers: dict[str, Trigger] = {}

    def issue(self, trigger_id: str, user_id: str, team_id: str, view_id: str | None) -> None:
        self._triggers[trigger_id] = Trigger(self._clock(), user_id, team_id, view_id)
        if len(self._triggers) > KEPT:
            del self._triggers[next(iter(self._triggers))]

    def redeem(self, trigger_id: str) -> Trigger:
        """Use a trigger ID.

        Raises RejectedError: `invalid_trigger_id` for one that was never issued,
        `exchanged_trigger_id` for one that was used, `expired_trigger_id` after three seconds.
        """
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise RejectedError("invalid_trigger_id")
        if trigger.is_spent:
            raise RejectedError("exchanged_trigger_id")
        if self._clock() - trigger.at > TRIGGER_SECONDS:
            raise RejectedError("expired_trigger_id")
        trigger.is_spent = True
        return trigger
