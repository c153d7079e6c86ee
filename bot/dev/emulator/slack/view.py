"""One modal or Home tab: the app's payload, and the state that Slack adds.

Facts: docs.slack.dev: reference/views, reference/interaction-payloads/view-interactions-payload.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, cast

from pydantic import JsonValue

from bot.dev.emulator.slack.element_state import NO_STATE, State, with_block_ids
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.payloads import APP_ID, BOT_ID

# docs.slack.dev: reference/methods/views.open, view_too_large: "greater than 250kb". How that is
# measured isn't documented; here it is the size of the view as compact JSON.
VIEW_BYTES: Final = 250_000
NO_ERRORS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class OpenView:
    """A snapshot of a modal or Home tab; look it up again for its current version."""

    id: str
    user_id: str
    team_id: str
    payload: Mapping[str, JsonValue]
    """The view as the app sent it."""
    hash: str
    """Changes with every update; the ID doesn't."""
    root_view_id: str
    """The lowest modal of the stack; its own ID for a Home tab."""
    previous_view_id: str | None = None
    """The modal below, if any."""
    state: State = field(default_factory=lambda: NO_STATE)
    """The entered values."""
    errors: Mapping[str, str] = field(default_factory=lambda: NO_ERRORS)
    """The app's validation errors from the last submission, by block_id."""

    @property
    def type(self) -> str:
        return str(self.payload["type"])

    @property
    def blocks(self) -> list[JsonValue]:
        blocks = self.payload.get("blocks")
        return blocks if isinstance(blocks, list) else []

    @property
    def blocks_with_ids(self) -> list[JsonValue]:
        """The blocks with a block_id each; generated IDs change with every update."""
        return with_block_ids(self.blocks, f"{self.hash}-")

    @property
    def title(self) -> str:
        return self._text("title")

    @property
    def close(self) -> str:
        """The label of the close button; empty for Slack's default."""
        return self._text("close")

    @property
    def submit(self) -> str:
        """The label of the submit button; empty if there is none."""
        return self._text("submit")

    def _text(self, name: str) -> str:
        text = self.payload.get(name)
        return str(text.get("text", "")) if isinstance(text, dict) else ""

    @property
    def callback_id(self) -> str:
        return str(self.payload.get("callback_id", ""))

    @property
    def private_metadata(self) -> str:
        return str(self.payload.get("private_metadata", ""))

    def payload_for_app(self) -> dict[str, JsonValue]:
        """The view as Slack sends it to the app, in payloads and Web API responses."""
        values: dict[str, JsonValue] = {
            block_id: {action_id: dict(own) for action_id, own in elements.items()}
            for block_id, elements in self.state.items()
        }
        return {
            "id": self.id,
            "team_id": self.team_id,
            "type": self.type,
            "blocks": self.blocks_with_ids,
            "private_metadata": self.private_metadata,
            "callback_id": self.callback_id,
            "state": {"values": values},
            "hash": self.hash,
            "title": self.payload.get("title"),
            "close": self.payload.get("close"),
            "submit": self.payload.get("submit"),
            "clear_on_close": False,
            "notify_on_close": False,
            "previous_view_id": self.previous_view_id,
            "root_view_id": self.root_view_id,
            "app_id": APP_ID,
            "external_id": "",
            "app_installed_team_id": self.team_id,
            "bot_id": BOT_ID,
        }


def sized(view: JsonValue) -> dict[str, JsonValue]:
    """Return a valid view, unless it is too large; raises RejectedError."""
    compact = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    if len(compact.encode()) > VIEW_BYTES:
        raise RejectedError("view_too_large")
    return cast("dict[str, JsonValue]", view)
