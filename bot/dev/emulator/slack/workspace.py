"""A loopback Slack: sends signed requests to a bot and accepts its responses.

Facts: docs.slack.dev: interactivity/implementing-slash-commands and implementing-shortcuts,
handling-user-interaction, surfaces/modals, surfaces/app-home, reference/interaction-payloads.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.routing import Route

from bot.dev.emulator.slack.block_elements import Entered
from bot.dev.emulator.slack.element_state import (
    NotFilledInError,
    action_on,
    chosen_conversation,
    filled_in,
    with_block_ids,
)
from bot.dev.emulator.slack.errors import RejectedError
from bot.dev.emulator.slack.installation import FailNext, Installation
from bot.dev.emulator.slack.interactions import AppRequest, PostedMessage, RecordedInteraction
from bot.dev.emulator.slack.payloads import (
    APP_ID,
    JSON_TYPE,
    click_form,
    command_form,
    home_event,
    payload_form,
    shortcut_form,
    sign,
)
from bot.dev.emulator.slack.response_urls import ResponseUrls
from bot.dev.emulator.slack.view_submissions import apply_response_action
from bot.dev.emulator.slack.views import OpenView
from bot.dev.emulator.slack.web_api import WebApi

__all__ = [
    "AppRequest",
    "FailNext",
    "NotFilledInError",
    "OpenView",
    "PostedMessage",
    "RecordedInteraction",
    "SlackEmulator",
    "sign",
]
_USER: Final = "U0SUPPORT"


def _anything(_view: OpenView) -> bool:
    return True


@dataclass(kw_only=True)
class SlackEmulator(Installation):
    """A workspace in which the bot is installed, and what its users can do.

    An action returns once the bot has acknowledged the request, or failed to. `team_id` is the
    user's own workspace or organization, by default the workspace.

    Attributes:
        app: the ASGI application: the Web API under `/api/`, and the response URLs.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        web_api, self._response_urls = WebApi(self), ResponseUrls(self)
        self.app = Starlette(
            routes=[
                Route("/api/{method}", web_api.handle, methods=["POST"]),
                Route("/response/{token}", self._response_urls.handle, methods=["POST"]),
            ]
        )

    # --- In channels --------------------------------------------------------------------------

    async def command(
        self,
        text: str,
        *,
        command: str = "/voicelog",
        user_id: str = _USER,
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> RecordedInteraction:
        interaction = self.begin(user_id, team_id, channel_id)
        await self.send(interaction, command_form(interaction, command, text))
        self._response_urls.show_ack(interaction)
        return interaction

    async def message_shortcut(
        self,
        message: Mapping[str, JsonValue],
        *,
        callback_id: str = "voicelog_lookup",
        user_id: str = _USER,
        team_id: str | None = None,
        channel_id: str = "C0SUPPORT",
    ) -> RecordedInteraction:
        """Use the message shortcut on `message` (`ts`, `text`, `blocks`, … as Slack stores it)."""
        interaction = self.begin(user_id, team_id, channel_id)
        form = shortcut_form(interaction, callback_id, message)
        return await self.send(interaction, form)

    async def global_shortcut(
        self,
        callback_id: str = "voicelog_find",
        *,
        user_id: str = _USER,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Use a global shortcut, which has no channel and so no response URL."""
        interaction = self.begin(user_id, team_id)
        return await self._send(
            interaction, "shortcut", action_ts=interaction.action_ts, callback_id=callback_id
        )

    async def click(
        self,
        message: PostedMessage,
        action_id: str,
        *,
        option: int = 0,
        value: str | None = None,
        nth: int = 0,
        user_id: str = _USER,
        team_id: str | None = None,
    ) -> RecordedInteraction:
        """Click an element of a message, and confirm if the element asks for it.

        The element is chosen as in `action_on`. The message is as the user saw it: it may have been
        deleted since, as in a client that hasn't been updated yet. Raises LookupError when the
        message has no such element.
        """
        action = action_on(with_block_ids(message.blocks), action_id, option, value=value, nth=nth)
        interaction = self.begin(user_id, team_id, message.channel_id)
        interaction.message_ts = message.ts
        form = click_form(
            interaction, message.payload_for_app, action, is_ephemeral=message.is_ephemeral
        )
        return await self.send(interaction, form)

    # --- In modals and on the Home tab --------------------------------------------------------

    def modal(self, user_id: str = _USER) -> OpenView | None:
        """The modal that a user sees."""
        return next(reversed(self.modals(user_id)), None)

    def modals(self, user_id: str = _USER) -> list[OpenView]:
        """A user's open modals, bottom first."""
        return [*self.views.modals(user_id)]

    def home_tab(self, user_id: str = _USER) -> OpenView | None:
        return self.views.home(user_id)

    async def wait_for_modal(
        self, user_id: str = _USER, until: Callable[[OpenView], bool] = _anything
    ) -> OpenView:
        """Wait until the modal that a user sees satisfies `until`, and return it.

        Raises TimeoutError after ten seconds of real time.
        """
        return await self.views.wait_until(lambda: self.modal(user_id), until)

    async def wait_for_home(
        self, user_id: str = _USER, until: Callable[[OpenView], bool] = _anything
    ) -> OpenView:
        """Wait until a user's Home tab satisfies `until`, as `wait_for_modal` does."""
        return await self.views.wait_until(lambda: self.home_tab(user_id), until)

    async def open_home(
        self, user_id: str = _USER, tab: str = "home", *, team_id: str | None = None
    ) -> RecordedInteraction:
        """Open the app's `home` or `messages` tab."""
        interaction = self.begin(user_id, team_id, opens_modals=False)
        interaction.subjects.add(user_id)
        home = self.home_tab(user_id)
        body = home_event(interaction, tab, None if home is None else home.payload_for_app())
        return await self.send(interaction, body, JSON_TYPE)

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

        The element is chosen as in `action_on`. Raises LookupError when there is no such element,
        or when the view isn't visible.
        """
        now = self.views.seen(view)
        action = action_on(now.blocks_with_ids, action_id, option, value=value, nth=nth)
        interaction = self.begin(now.user_id, team_id or now.team_id, view=now)
        return await self._send(
            interaction,
            "block_actions",
            api_app_id=APP_ID,
            container={"type": "view", "view_id": now.id},
            view=now.payload_for_app(),
            actions=[{**action, "action_ts": interaction.action_ts}],
        )

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
        now = self.views.seen(view)
        if now.type != "modal" or "submit" not in now.payload:
            raise ValueError("this view has no submit button")
        state = filled_in(now.blocks_with_ids, now.state, values)
        now = self.views.change(replace(now, state=state, errors={}))
        interaction = self.begin(now.user_id, team_id or now.team_id, view=now)
        urls: list[JsonValue] = []
        if (chosen := chosen_conversation(now.blocks_with_ids, state)) is not None:
            interaction.response_url = self.response_url(interaction.token)
            interaction.channel_id = chosen["channel_id"]
            urls = [{**chosen, "response_url": interaction.response_url}]
        await self._send(
            interaction,
            "view_submission",
            api_app_id=APP_ID,
            view=now.payload_for_app(),
            response_urls=urls,
        )
        if interaction.failed is None:
            try:
                apply_response_action(self.views, now, interaction.ack_body)
            except RejectedError as error:
                interaction.failed = f"view_submission failed: {error}"
        return interaction

    async def close(self, view: OpenView) -> None:
        """Close the modal that a user sees; the one below it, if any, becomes visible.

        The bot isn't notified: it doesn't ask for it. Raises LookupError when the modal isn't
        visible.
        """
        now = self.views.seen(view)
        if now.type != "modal":
            raise LookupError("a Home tab can't be closed")
        self.views.close(now)

    async def _send(
        self, interaction: RecordedInteraction, kind: str, **own: JsonValue
    ) -> RecordedInteraction:
        """Send an interaction of this type, with the type's own fields."""
        return await self.send(interaction, payload_form(interaction, kind, own))
