"""What happens when something is pressed. Each click is authorised afresh, by whoever it is."""

import re
from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog
from pydantic import JsonValue
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners import forms
from bot.listeners.payloads import Click, PrivateMetadata
from bot.services import Services
from bot.services.details import DetailsRequest, DetailsTab
from bot.services.lookup import LookupRequest
from bot.slack.interaction import Interaction
from bot.ui import actions
from bot.ui import help as help_
from bot.ui.block_kit import Message
from bot.voicelogs.ids import Ids

_ACTION_IDS: Final = re.compile(r"voicelog_\w+")
_LOG_ACTIONS: Final = frozenset(
    {
        *(actions.CARD, actions.DETAILS, actions.LEGS, actions.REFRESH),
        *(actions.FOLLOW, actions.SHARE, actions.SHARE_IN_CHANNEL),
    }
)
_THREAD: Final = re.compile(r"[0-9]{1,20}\.[0-9]{1,10}")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,20}")

_log = structlog.stdlib.get_logger(__name__)


def register(app: AsyncApp, services: Services) -> None:
    """Attach what can be pressed."""

    @app.action(_ACTION_IDS)
    async def pressed(ack: AsyncAck, body: dict[str, JsonValue]) -> None:
        click = Click.model_validate(body)
        interaction = click.interaction(services.new_request_id())
        if interaction.view is not None:
            services.runner.mark_touched(interaction.view)
        services.runner.accept_and_notify(
            interaction, click.idempotency_key, lambda: _handle(services, interaction, click)
        )
        await ack()


def _handle(services: Services, interaction: Interaction, click: Click) -> Message | None:
    """Begin what a click asks for; or what to say instead. Does no I/O."""
    action, value = click.action_id, click.value
    if action == actions.OVERFLOW:
        action, _, value = value.partition(" ")
    if action.startswith(actions.FIND_NUMBER):
        return services.search.search_number(interaction, value)
    match action:
        case actions.FIND_FORM:
            return forms.open_form(services, interaction)
        case actions.SEARCH_OLDER | actions.SEARCH_RETRY:
            instead = action == actions.SEARCH_RETRY
            return services.search.resume(interaction, value, instead=instead)
        case actions.RETRY:
            return _retry(services, interaction, value)
        case actions.PAGE | actions.PAGE_BACK | actions.RAW | actions.RAW_BACK:
            return _show_page(services, interaction, click.metadata, action, value)
        case action if action in _LOG_ACTIONS:
            return _handle_log_action(services, interaction, action, value)
        case _:
            # Of another version of the bot, in a message that is still on the screen.
            _log.warning("action.unknown", request_id=interaction.request_id)
            return help_.help_card()


def _handle_log_action(
    services: Services, interaction: Interaction, action: str, value: str
) -> Message | None:
    """For the buttons that stand for one log, and perhaps the thread it was asked for in."""
    log_id, thread_ts, shared_by = _parse_value(value)
    if shared_by is not None:  # a card that everyone sees, whatever the click says of its message
        interaction = replace(interaction, in_channel=True)
    memory = PrivateMetadata(
        channel=interaction.actor.channel_id, log=log_id, public=interaction.in_channel
    )
    metadata = memory.carried()
    match action:
        case actions.CARD if interaction.view is None:
            question = LookupRequest(interaction, Ids((log_id,)), thread_ts=thread_ts)
            return services.lookup.start(question, no_id=help_.no_id)
        case actions.DETAILS | actions.CARD:
            return services.details.start(interaction, DetailsRequest(log_id, metadata))
        case actions.LEGS:
            request = DetailsRequest(log_id, metadata, DetailsTab.LEGS)
            return services.details.start(interaction, request)
        case actions.REFRESH:
            return services.lookup.start_refresh(interaction, log_id, thread_ts, shared_by)
        case actions.FOLLOW:
            return services.follow.start(interaction, log_id, thread_ts)
        case _:
            return services.share.start(interaction, log_id, thread_ts)


def _retry(services: Services, interaction: Interaction, value: str) -> Message | None:
    """The same ids once more: in the place of the message, or in the window, which has one."""
    words = value.split()
    thread_ts = words.pop() if words and _THREAD.fullmatch(words[-1]) else None
    ids = Ids(tuple(UUID(log_id) for log_id in words))
    if interaction.view is not None and len(ids.complete) == 1:
        request = DetailsRequest(ids.complete[0], interaction.metadata)
        return services.details.show_page(interaction, interaction.view, request)
    question = LookupRequest(interaction, ids, instead=True, thread_ts=thread_ts)
    return services.lookup.start(question, no_id=help_.no_id)


def _show_page(
    services: Services, interaction: Interaction, memory: PrivateMetadata, action: str, value: str
) -> Message | None:
    """Another page of the details, or of the JSON, in the window that was clicked in."""
    if interaction.view is None or memory.log is None:
        return help_.help_card()
    is_raw = action in {actions.RAW, actions.RAW_BACK}
    page = int(value) if value.isdecimal() and len(value) < 6 else 1  # noqa: PLR2004 - no such book
    tab = DetailsTab.RAW_JSON if is_raw else DetailsTab.ALL
    request = DetailsRequest(memory.log, interaction.metadata, tab, page)
    return services.details.show_page(interaction, interaction.view, request)


def _parse_value(value: str) -> tuple[UUID, str | None, str | None]:
    """A log's id and, if they are there, a thread's timestamp or the id of who shared the card."""
    log_id, _, more = value.partition(" ")
    thread_ts = more if _THREAD.fullmatch(more) else None
    return UUID(log_id), thread_ts, more if _PERSON.fullmatch(more) else None
