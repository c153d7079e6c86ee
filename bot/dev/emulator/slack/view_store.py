"""The modals and Home tabs that users see, and the changes they allow.

Errors use the codes of the Web API.

Facts: docs.slack.dev: surfaces/modals, surfaces/app-home, reference/methods/views.open, .push,
.update and .publish.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from pydantic import JsonValue

from bot.dev.emulator.changes import ChangeCounter
from bot.dev.emulator.slack.element_state import initial_state
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.view import NO_ERRORS, OpenView

# docs.slack.dev: reference/methods/views.push, push_limit_reached
STACK: Final = 3
_WAIT_SECONDS: Final = 10.0


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
        own = f"V{self._number():09d}"
        view = self._with_state(OpenView(own, user_id, team_id, payload, self._new_hash(), own))
        self._put(user_id, (view,))
        return view

    def push(self, below_id: str | None, payload: Mapping[str, JsonValue]) -> OpenView:
        """Open a modal on top of the stack that contains `below_id`.

        Raises RejectedError: `not_found` when that modal isn't open, `push_limit_reached`
        over three.
        """
        top = self.modals(self._find(below_id).user_id)[-1]
        stack = self.modals(top.user_id)
        if len(stack) >= STACK:
            raise RejectedError("push_limit_reached")
        own = f"V{self._number():09d}"
        view = OpenView(
            own, top.user_id, top.team_id, payload, self._new_hash(), top.root_view_id, top.id
        )
        view = self._with_state(view)
        self._put(top.user_id, (*stack, view))
        return view

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
        """Wait until `find` returns a view that satisfies the condition, and return it.

        Raises TimeoutError after ten seconds of real time.
        """
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
