"""Buttons and menus. Each click is authorized, since anyone can click on a shared card."""

import re
from dataclasses import replace
from typing import Annotated, Final
from uuid import UUID

import structlog
from pydantic import BeforeValidator, Field, JsonValue, StrictBool
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.payloads import (
    ElementPayload,
    InteractionPayload,
    MessagePayload,
    PayloadModel,
    View,
    first,
)
from bot.services import Services
from bot.services.details import DetailsContent, DetailsRequest
from bot.slack.interaction import Interaction, PrivateMetadata
from bot.ui import actions
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.voicelogs.ids import Ids

_ACTION_IDS: Final = re.compile(r"voicelog_\w+")
_SHOWN_CONTENT: Final = {
    **dict.fromkeys((actions.PAGE, actions.PAGE_BACK), DetailsContent.ALL),
    **dict.fromkeys((actions.ERRORS, actions.ERRORS_BACK), DetailsContent.ERRORS),
    **dict.fromkeys((actions.RAW, actions.RAW_BACK), DetailsContent.RAW_JSON),
    actions.COPY: DetailsContent.TEXT,
    actions.COPY_IN_FULL: DetailsContent.TEXT_IN_FULL,
}
"""What a button in a modal about a log shows in that modal. Its value may be a page number."""
_OPENED_CONTENT: Final = {
    **dict.fromkeys((actions.DETAILS, actions.CARD), DetailsContent.ALL),
    actions.LEGS: DetailsContent.LEGS,
    actions.COPY: DetailsContent.TEXT,
}
"""What a button for a log shows in a new modal."""
_LOG_ACTIONS: Final = _OPENED_CONTENT.keys() | {
    *(actions.REFRESH, actions.FOLLOW, actions.STOP_FOLLOWING, actions.SHARE),
    *(actions.SHARE_IN_CHANNEL, actions.SHARE_FORM, actions.SHARE_FORM_BACK),
}
_THREAD_TS: Final = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")
_USER_ID: Final = re.compile(r"[UW][A-Z0-9]{1,20}")
_PAGE: Final = re.compile(r"[0-9]{1,5}")
_SUFFIX: Final = re.compile(r"_[0-9]+$")
"""Makes equal action ids in a block distinct; see `block_kit.actions`."""

_log = structlog.stdlib.get_logger(__name__)


class _Action(ElementPayload):
    action_id: str
    action_ts: str = ""


class _Container(PayloadModel):
    message_ts: str = ""
    is_ephemeral: StrictBool | None = None
    channel_id: str = ""


class Click(InteractionPayload):
    """A click in a message, a modal or a Home tab (docs.slack.dev: block_actions payload)."""

    actions: Annotated[tuple[_Action, ...], BeforeValidator(first), Field(min_length=1)]
    container: _Container = _Container()
    message: MessagePayload | None = None
    view: View | None = None

    @property
    def metadata(self) -> PrivateMetadata:
        """The metadata of the modal, or of one that is opened from the message."""
        if self.view is not None:
            return self.view.metadata
        channel = self.channel.id or self.container.channel_id
        return PrivateMetadata(channel=channel, public=self._is_public)

    @property
    def _is_public(self) -> bool:
        """Whether everyone in the channel sees the message.

        If the container doesn't say, the message does: a payload has one unless it is ephemeral.
        """
        if self.container.is_ephemeral is not None:
            return not self.container.is_ephemeral
        return self.message is not None or self.container != _Container()

    def interaction(self, request_id: str) -> Interaction:
        """Return who clicked, where, and the ways to reply."""
        metadata, action, view = self.metadata, self.actions[0], self.view
        message_ts = self.container.message_ts or (self.message.ts if self.message else "")
        is_private = view is not None or self.container.is_ephemeral is True
        place = message_ts or (view.id if view else "")
        time = action.action_ts or self.trigger_id
        return replace(
            super().interaction(request_id),
            actor=self.actor(metadata.channel, saw_private_reply=is_private),
            message_ts=message_ts if view is None else None,
            is_public=metadata.public,
            view=view.modal if view else None,
            idempotency_key=(self.user.id, place, action.action_id, time),
        )


def register(app: AsyncApp, services: Services) -> None:
    @app.action(_ACTION_IDS)
    async def handle_block_action(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        click = Click.model_validate(body)
        interaction = click.interaction(services.new_request_id())
        if interaction.view is not None:
            services.runner.dedup.mark_clicked(interaction.view)
        services.runner.accept_and_notify(
            interaction, lambda: _handle(services, interaction, click)
        )
        await ack()


def _handle(services: Services, interaction: Interaction, click: Click) -> Message | None:
    """Start what a click asks for, or return a message. Does no I/O."""
    action, value = _SUFFIX.sub("", click.actions[0].action_id), click.actions[0].entered
    log_id = click.metadata.log  # None in a message, and in a modal that isn't about one log
    if action == actions.OVERFLOW:
        action, _, value = value.partition(" ")
    match action:
        case actions.HELP:
            services.runner.authorize(interaction, "help")
            return help_.help_card()
        case actions.STATUS:
            services.runner.authorize(interaction, "status")
            return services.status.start(interaction)
        case actions.OPEN_DASHBOARD:
            return None  # Slack has opened the link, and expects only an ack
        case actions.RETRY | actions.LOOK_UP_REST:
            return _look_up(services, interaction, value, in_place=action == actions.RETRY)
        case action if action in _SHOWN_CONTENT and log_id is not None:
            page = int(value) if _PAGE.fullmatch(value) else 1
            request = DetailsRequest(log_id, _SHOWN_CONTENT[action], page)
            return services.details.start(interaction, request, in_modal=True)
        case action if action in _LOG_ACTIONS:
            return _handle_log_action(services, interaction, action, value)
        case _:
            return _handle_search_action(services, interaction, action, value)


def _handle_search_action(
    services: Services, interaction: Interaction, action: str, value: str
) -> Message | None:
    """Handle a button for a search, whose value is sealed, or an unknown one."""
    match action:
        case actions.FIND_FORM | actions.CHANGE_SEARCH:
            return services.search.open_form(interaction, value)
        case actions.FIND_NUMBER:
            return services.search.search_number(interaction, value)
        case actions.SEARCH_OLDER | actions.TYPED_NUMBER:
            return services.search.resume(interaction, value, replace_original=False)
        case actions.SEARCH_RETRY | actions.SEARCH_WIDER | actions.TYPED_SEARCH:
            return services.search.resume(interaction, value, replace_original=True)
        case _:
            # The button is from another version of the bot, in a message that is still visible.
            _log.warning("action.unknown", request_id=interaction.request_id)
            return help_.help_card()


def _handle_log_action(
    services: Services, interaction: Interaction, action: str, value: str
) -> Message | None:
    """Handle a button for one log."""
    log_id, card = _parse_value(value)
    # A shared card is public, whatever the payload says about its message.
    interaction = replace(
        interaction,
        thread_ts=card.thread_ts,
        was_shared=card.was_shared,
        is_public=interaction.is_public or card.shared_by is not None,
    )
    match action:
        case actions.CARD if interaction.view is None:
            return services.lookup.start(interaction, Ids((log_id,)))
        case action if action in _OPENED_CONTENT:
            request = DetailsRequest(log_id, _OPENED_CONTENT[action])
            return services.details.start(interaction, request)
        case actions.REFRESH:
            return services.lookup.start_refresh(interaction, log_id, card.shared_by)
        case actions.FOLLOW:
            return services.follow.start(interaction, log_id)
        case actions.SHARE_FORM | actions.SHARE_FORM_BACK:
            is_back = action == actions.SHARE_FORM_BACK and interaction.view is not None
            return services.share.open_form(interaction, log_id, in_place=is_back)
        case actions.STOP_FOLLOWING:
            return services.follow.stop(interaction, log_id)
        case _:
            return services.share.start(
                interaction, log_id, state=card.state, keeps_card=card.followed
            )


def _look_up(
    services: Services, interaction: Interaction, value: str, *, in_place: bool
) -> Message | None:
    """Look ids up. A single one is shown in the modal that was clicked in, if there is one."""
    words = value.split()
    sealed = [
        word.removeprefix(actions.NUMBER_PREFIX) for word in words if actions.NUMBER_PREFIX in word
    ]
    words = [word for word in words if actions.NUMBER_PREFIX not in word]
    thread_ts = words.pop() if words and _THREAD_TS.fullmatch(words[-1]) else None
    interaction = replace(interaction, thread_ts=thread_ts)
    ids = Ids(tuple(UUID(log_id) for log_id in words))
    if interaction.view is not None and len(ids.complete) == 1:
        request = DetailsRequest(ids.complete[0])
        return services.details.start(interaction, request, in_modal=True)
    return services.lookup.start(
        interaction,
        ids,
        numbers=lambda: services.search.unseal_numbers(sealed),
        in_place=in_place,
    )


def _parse_value(value: str) -> tuple[UUID, CardOptions]:
    """Parse the value of a button for one log, and what it says of the card.

    Unknown words are ignored: they may be from another version of the bot.
    """
    log_id, *words = value.split()
    prefix = actions.STATE_PREFIX
    states = [word.removeprefix(prefix) for word in words if word.startswith(prefix)]
    return UUID(log_id), CardOptions(
        thread_ts=next(filter(_THREAD_TS.fullmatch, words), None),
        shared_by=next(filter(_USER_ID.fullmatch, words), None),
        was_shared=actions.SHARED_WORD in words,
        followed=actions.FOLLOWED_WORD in words,
        state=states[0] if states else "",
    )
