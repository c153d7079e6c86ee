"""User actions in modals and on the Home tab.

Facts: docs.slack.dev: surfaces/modals, surfaces/app-home, reference/interaction-payloads.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.dev.emulator.slack.element_state import (
    Entered,
    action_on,
    chosen_conversation,
    filled_in,
)
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.interactions import RecordedInteraction
from bot.dev.emulator.slack.payloads import (
    JSON_TYPE,
    home_event,
    submission_form,
    view_click_form,
)
from bot.dev.emulator.slack.sender import RequestSender
from bot.dev.emulator.slack.view import OpenView
from bot.dev.emulator.slack.view_store import Views
from bot.dev.emulator.slack.view_submissions import apply_response_action


def _anything(_view: OpenView) -> bool:
    return True


class ViewActions:
    def __init__(self, views: Views, sender: RequestSender) -> None:
        self._views = views
        self._sender = sender

    def modal(self, user_id: str = "U0SUPPORT") -> OpenView | None:
        return next(reversed(self._views.modals(user_id)), None)

    def modals(self, user_id: str = "U0SUPPORT") -> list[OpenView]:
        """A user's open modals, bottom first."""
        return [*self._views.modals(user_id)]

    def home_tab(self, user_id: str = "U0SUPPORT") -> OpenView | None:
        return self._views.home(user_id)

    async def wait_for_modal(
        self, user_id: str = "U0SUPPORT", until: Callable[[OpenView], bool] = _anything
    ) -> OpenView:
        """Wait until the modal that a user sees satisfies `until`, and return it.

        Raises TimeoutError after ten seconds of real time.
        """
        return await self._views.wait_until(lambda: self.modal(user_id), until)

    async def wait_for_home(
        self, user_id: str = "U0SUPPORT", until: Callable[[OpenView], bool] = _anything
    ) -> OpenView:
        """Wait until a user's Home tab satisfies `until`, as `wait_for_modal` does."""
        return await self._views.wait_until(lambda: self.home_tab(user_id), until)

    async def open_home(
        self, user_id: str = "U0SUPPORT", tab: str = "home", *, team_id: str | None = None
    ) -> RecordedInteraction:
        """Open the app's `home` or `messages` tab; returns once the bot has received the event."""
        interaction = self._sender.begin(user_id, team_id, opens_modals=False)
        home = self.home_tab(user_id)
        body = home_event(interaction, tab, None if home is None else home.payload_for_app())
        return await self._sender.send(interaction, body, JSON_TYPE)

    async def click_in_view(
        self,
        view: OpenView,
        action_id: str,
        *,
        option: int = 0,
        value: str | None = None,
        nth: int = 0,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Click an element in the current version of a visible modal or Home tab.

        The element is chosen as in `MessageActions.click`. Raises LookupError when there is no such
        element, or when the view isn't visible.
        """
        now = self._views.seen(view)
        action = action_on(now.blocks_with_ids, action_id, option, value=value, nth=nth)
        interaction = self._sender.begin(now.user_id, team_id or now.team_id, view_id=now.id)
        form = view_click_form(interaction, now.payload_for_app(), action)
        return await self._sender.send(interaction, form)

    async def submit(
        self,
        view: OpenView,
        values: Mapping[str, Entered],
        *,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Fill in the modal that a user sees and submit it; then apply the bot's response.

        `values` are as in `filled_in`; other fields keep their values. If a conversation was chosen
        in a menu with `response_url_enabled`, the interaction's response URL leads there. Raises
        LookupError for a modal that isn't visible or an unknown field or option, NotFilledInError
        if Slack's client would not submit the form, and ValueError for a view without a submit
        button.
        """
        now = self._views.seen(view)
        if now.type != "modal" or "submit" not in now.payload:
            raise ValueError("this view has no submit button")
        state = filled_in(now.blocks_with_ids, now.state, values)
        now = self._views.change(replace(now, state=state, errors={}))
        interaction = self._sender.begin(now.user_id, team_id or now.team_id, view_id=now.id)
        conversation = chosen_conversation(now.blocks_with_ids, state)
        urls = [self._sender.issue_response_url(interaction, conversation)] if conversation else []
        await self._sender.send(
            interaction, submission_form(interaction, now.payload_for_app(), urls)
        )
        if interaction.failed is None:
            try:
                apply_response_action(self._views, now, interaction.ack_body)
            except RejectedError as error:
                interaction.failed = f"view_submission failed: {error}"
        return interaction

    async def close(self, view: OpenView) -> None:
        """Close the modal that a user sees; the one below it, if any, becomes visible.

        The bot isn't notified: it doesn't ask for it. Raises LookupError when the modal isn't
        visible.
        """
        now = self._views.seen(view)
        if now.type != "modal":
            raise LookupError("a Home tab can't be closed")
        self._views.close(now)
