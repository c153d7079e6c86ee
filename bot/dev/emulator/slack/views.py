"""The modals and Home tabs that users see, the changes they allow, and the state that Slack adds.

Errors use the codes of the Web API.

Facts: docs.slack.dev: surfaces/modals, surfaces/app-home, reference/views, reference/methods/
views.open, .push, .update and .publish, reference/interaction-payloads/view-interactions-payload.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.element_state import NO_STATE, State, initial_state, with_block_ids
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.payloads import APP_ID, BOT_ID

# docs.slack.dev: reference/methods/views.open, view_too_large: "greater than 250kb". How that is
# measured isn't documented; here it is the size of the view as compact JSON.
VIEW_BYTES: Final = 250_000
# docs.slack.dev: reference/methods/views.push, push_limit_reached
STACK: Final = 3
_WAIT_SECONDS: Final = 10.0
NO_ERRORS: Final[Mapping[str, str]] = {}


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


class Views:
    """All users' open modals and Home tabs."""

    def __init__(
        self, clock: Callable[[], float], number: Callable[[], int], changes: ChangeCounter
    ) -> None:
        self._clock = clock
        self._number = number
        self._stacks: dict[str, tuple[OpenView, ...]] = {}
        self._homes: dict[str, OpenView] = {}
        self._changes = changes

    def modals(self, user_id: str) -> tuple[OpenView, ...]:
        """A user's open modals, bottom first; the last one is visible."""
        return self._stacks.get(user_id, ())

    def home(self, user_id: str) -> OpenView | None:
        return self._homes.get(user_id)

    def seen(self, view: OpenView) -> OpenView:
        """The current version of the view. Raises LookupError when its user can't see it."""
        for one in (self.home(view.user_id), *self.modals(view.user_id)[-1:]):
            if one is not None and one.id == view.id:
                return one
        raise LookupError(f"view {view.id} is not what {view.user_id} sees")

    def open(self, user_id: str, team_id: str, payload: Mapping[str, JsonValue]) -> OpenView:
        """Open a modal.

        It replaces an open one: Slack's behavior here is not documented, and its maintainers say
        not to rely on it (github.com/slackapi/bolt-js issue 1827).
        """
        return self._add(user_id, team_id, payload, ())

    def push(self, below_id: str | None, payload: Mapping[str, JsonValue]) -> OpenView:
        """Open a modal on top of the stack that contains `below_id`.

        Raises RejectedError: `not_found` when that modal isn't open, `push_limit_reached`
        over three.
        """
        top = self.modals(self._find(below_id).user_id)[-1]
        stack = self.modals(top.user_id)
        if len(stack) >= STACK:
            raise RejectedError("push_limit_reached")
        return self._add(top.user_id, top.team_id, payload, stack)

    def _add(
        self,
        user_id: str,
        team_id: str,
        payload: Mapping[str, JsonValue],
        below: tuple[OpenView, ...],
    ) -> OpenView:
        own = f"V{self._number():09d}"
        root, previous = (below[0].id, below[-1].id) if below else (own, None)
        view = OpenView(own, user_id, team_id, payload, self._new_hash(), root, previous)
        self._put(user_id, (*below, self._with_state(view)))
        return self.modals(user_id)[-1]

    def update(
        self, view_id: str, payload: Mapping[str, JsonValue], known_hash: str | None = None
    ) -> OpenView:
        """Replace a modal's view as a whole: fields that are not given are removed.

        Raises RejectedError: `not_found` when it isn't open, `hash_conflict` when its hash
        differs.
        """
        old = self._find(view_id)
        if known_hash not in {None, old.hash}:
            raise RejectedError("hash_conflict")
        return self.change(self._updated(old, payload))

    def publish(self, user_id: str, team_id: str, payload: Mapping[str, JsonValue]) -> OpenView:
        """Publish a view on a user's Home tab, which keeps its ID."""
        own = f"V{self._number():09d}"
        old = self._homes.get(user_id, OpenView(own, user_id, team_id, payload, "", own))
        return self.change(self._updated(old, payload))

    def change(self, view: OpenView) -> OpenView:
        """Replace a user's Home tab, or the modal that has the same ID if it still exists."""
        if view.type == "home":
            self._homes[view.user_id] = view
        else:
            stack = self.modals(view.user_id)
            self._stacks[view.user_id] = tuple(view if one.id == view.id else one for one in stack)
        self._changes.bump()
        return view

    def close(self, view: OpenView) -> None:
        """Close a modal and all above it; if it was replaced, close the view in its position.

        An empty response to a submission does this. Modals that the app opened or pushed over the
        submitted one, before it responded, were reported to disappear with it
        (github.com/slackapi/bolt-js issues 639 and 1072).
        """
        ids = [one.id for one in self.modals(view.user_id)]
        kept = ids.index(view.id) if view.id in ids else 0
        self._put(view.user_id, self.modals(view.user_id)[:kept])

    def clear(self, user_id: str) -> None:
        self._put(user_id, ())

    async def wait_until(
        self, find: Callable[[], OpenView | None], condition: Callable[[OpenView], bool]
    ) -> OpenView:
        """Wait until `find` returns a view that satisfies the condition, and return it."""
        async with asyncio.timeout(_WAIT_SECONDS):
            while (found := find()) is None or not condition(found):
                await self._changes.wait_past(self._changes.count)
        return found

    def _find(self, view_id: str | None) -> OpenView:
        for stack in self._stacks.values():
            for view in stack:
                if view.id == view_id:
                    return view
        raise RejectedError("not_found")

    def _updated(self, old: OpenView, payload: Mapping[str, JsonValue]) -> OpenView:
        new = replace(old, payload=payload, hash=self._new_hash(), errors=NO_ERRORS)
        return self._with_state(new)

    def _with_state(self, view: OpenView) -> OpenView:
        return replace(view, state=initial_state(view.blocks_with_ids, view.state))

    def _new_hash(self) -> str:
        return f"{int(self._clock())}.{self._number():08x}"

    def _put(self, user_id: str, stack: tuple[OpenView, ...]) -> None:
        self._stacks[user_id] = stack
        self._changes.bump()
