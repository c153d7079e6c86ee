"""What people see and do in windows (Slack: modal views) and on their Home tab.

It must not know what the bot shows there. What becomes of a view stands in `slack_views`, what an
answer to a submission does in `slack_submission`.

Facts: docs.slack.dev: surfaces/modals, surfaces/app-home, reference/interaction-payloads.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.dev.emulator.slack.element_state import action_on, chosen, filled_in
from bot.dev.emulator.slack.interactions import RecordedInteraction
from bot.dev.emulator.slack.payloads import (
    JSON_TYPE,
    closed_form,
    home_event,
    submission_form,
    view_click_form,
)
from bot.dev.emulator.slack.sender import RequestSender
from bot.dev.emulator.slack.trigger_ids import TriggerRejectedError
from bot.dev.emulator.slack.view import OpenView
from bot.dev.emulator.slack.view_submissions import apply_response_action


def _anything(_view: OpenView) -> bool:
    return True


class ViewActions(RequestSender):
    """A workspace whose people have windows and Home tabs."""

    def modal(self, user_id: str = "U0SUPPORT") -> OpenView | None:
        """The window a person sees now, if there is one."""
        return next(reversed(self.views.modals(user_id)), None)

    def modals(self, user_id: str = "U0SUPPORT") -> list[OpenView]:
        """A person's open windows, bottom first."""
        return [*self.views.modals(user_id)]

    def home_tab(self, user_id: str = "U0SUPPORT") -> OpenView | None:
        """What was last published on a person's Home tab, if anything was."""
        return self.views.home(user_id)

    async def wait_for_modal(
        self,
        user_id: str = "U0SUPPORT",
        until: Callable[[OpenView], bool] = _anything,
        timeout: float = 10.0,  # noqa: ASYNC109 - a test states its patience where it waits
    ) -> OpenView:
        """Wait until the window a person sees is as `until` wants it, and return it.

        Raises TimeoutError after `timeout` seconds of real time.
        """
        return await self._wait(lambda: self.modal(user_id), until, timeout)

    async def wait_for_home(
        self,
        user_id: str = "U0SUPPORT",
        until: Callable[[OpenView], bool] = _anything,
        timeout: float = 10.0,  # noqa: ASYNC109 - a test states its patience where it waits
    ) -> OpenView:
        """Wait until a person's Home tab is as `until` wants it, and return it.

        Raises TimeoutError after `timeout` seconds of real time.
        """
        return await self._wait(lambda: self.home_tab(user_id), until, timeout)

    async def _wait(
        self,
        shown: Callable[[], OpenView | None],
        until: Callable[[OpenView], bool],
        seconds: float,
    ) -> OpenView:
        def look() -> OpenView | None:
            view = shown()
            return view if view is not None and until(view) else None

        return await self.views.until(look, seconds)

    async def open_home(
        self, user_id: str = "U0SUPPORT", tab: str = "home", *, team_id: str | None = None
    ) -> RecordedInteraction:
        """Look at the app's `home` or `messages` tab; returns once the bot has taken the event."""
        exchange, origin = self._begin(user_id, team_id, opens_windows=False)
        home = self.home_tab(user_id)
        body = home_event(origin, tab, None if home is None else home.payload_for_app())
        await self._send(exchange, body, JSON_TYPE)
        return exchange

    async def click_in_view(
        self,
        view: OpenView,
        action_id: str,
        *,
        option: int = 0,
        value: str | None = None,
        nth: int = 0,
        user_id: str | None = None,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Click an element of the window a person sees, or of their Home tab, as it is now.

        What is clicked is chosen as in `Slack.click`. Raises LookupError when there is no such
        element, and when nobody, or not this person, sees the view.
        """
        now = self._require_visible(user_id, view)
        action = action_on(now.blocks_with_ids, action_id, option, value=value, nth=nth)
        now = self.views.change(replace(now, state=chosen(now.state, action)))
        exchange, origin = self._begin(now.user_id, team_id or now.team_id, view_id=now.id)
        await self._send(exchange, view_click_form(origin, now.payload_for_app(), action))
        return exchange

    async def submit(
        self,
        view: OpenView,
        values: Mapping[str, str],
        *,
        user_id: str | None = None,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Fill in the window a person sees and send it; then do what the bot's answer says.

        Args:
            view: the window.
            values: by block_id: the text typed, or the value of the option chosen; empty to leave
                a field empty. A field that isn't named keeps what stands in it.
            user_id: who does it: nobody but the one who sees it can.
            team_id: where they are at home, if Slack says something else now.

        Raises LookupError for a window that isn't seen and a field or option that isn't there,
        NotFilledInError for what Slack's client wouldn't send, and ValueError for what is no form.
        """
        now = self._require_visible(user_id, view)
        if now.type != "modal" or "submit" not in now.payload:
            raise ValueError("this view has nothing to send it with")
        state = filled_in(now.blocks_with_ids, now.state, values)
        now = self.views.change(replace(now, state=state, errors={}))
        exchange, origin = self._begin(now.user_id, team_id or now.team_id, view_id=now.id)
        await self._send(exchange, submission_form(origin, now.payload_for_app()))
        if exchange.failed is None:
            try:
                apply_response_action(self.views, now, exchange.ack_body)
            except TriggerRejectedError as refused:
                exchange.failed = f"view_submission failed: {refused}"
        return exchange

    async def close(
        self, view: OpenView, *, user_id: str | None = None
    ) -> RecordedInteraction | None:
        """Close the window a person sees; the one below it, if any, is seen again.

        With `clear_on_close` all of them go. With `notify_on_close` the bot is told, and that
        exchange is returned. Raises LookupError when nobody, or not this person, sees the window.
        """
        now = self._require_visible(user_id, view)
        if now.type != "modal":
            raise LookupError("a Home tab can't be closed")
        is_cleared = now.payload.get("clear_on_close") is True
        if is_cleared:
            self.views.clear(now.user_id)
        else:
            self.views.close(now)
        if now.payload.get("notify_on_close") is not True:
            return None
        exchange, origin = self._begin(now.user_id, now.team_id, opens_windows=False)
        await self._send(
            exchange, closed_form(origin, now.payload_for_app(), is_cleared=is_cleared)
        )
        return exchange

    def _require_visible(self, user_id: str | None, view: OpenView) -> OpenView:
        if user_id not in {None, view.user_id}:
            raise LookupError(f"view {view.id} is shown to {view.user_id} alone")
        return self.views.seen(view)
