"""Delivers the replies to one interaction: in the channel, in a modal, or on the Home tab."""

import asyncio
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property
from typing import Final

import structlog

from bot.access import Access
from bot.slack.hosts import ResponseURL
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.response_url import EPHEMERAL, Delivery, ResponseUrlClient, Visibility
from bot.slack.views import CLOSED, HASH_CONFLICT, STACK_FULL, TRIGGER_EXPIRED, ViewRef, Views
from bot.ui import block_kit, home_tab, notices
from bot.ui.block_kit import Message, View
from bot.ui.details import view as details_view

REPLACE_SECONDS: Final = 3.0
"""How long a message for a modal waits for Slack, if it can be posted instead. The process may be
stopping: this leaves time for the post (runtime/tasks.py: SHUTDOWN_GRACE_SECONDS)."""

_log = structlog.stdlib.get_logger(__name__)


class NotMaskedError(Exception):
    """A message that isn't known to be masked was about to be shown to everyone."""


@dataclass(eq=False)
class ModalNotOpenedError(Exception):
    """Slack opened no modal. `late`: because the click was too long ago."""

    late: bool


@dataclass(eq=False)
class Responder:
    """Replies to one interaction."""

    interaction: Interaction
    """If a modal is opened to reply in, that becomes its `view`."""
    _: KW_ONLY
    response_urls: ResponseUrlClient
    views: Views
    access: Access
    in_place: bool = field(default=False, init=False)
    """Whether replies replace the message that was clicked in, and errors replace what the modal
    shows. Otherwise, errors are shown below the message, or on top of the modal."""
    modal_title: str = field(default=details_view.TITLE, init=False)
    """The title of a modal that shows a message."""
    _has_opened_modal: bool = field(default=False, init=False)

    @cached_property
    def _response_url(self) -> ResponseURL | None:
        url = self.interaction.response_url
        return None if url is None else self.response_urls.parse_url(url)

    @property
    def accepts_response_url(self) -> bool:
        """Whether the interaction's response_url, if any, is on one of Slack's hosts."""
        return self.interaction.response_url is None or self._response_url is not None

    # ── Messages ──────────────────────────────────────────────────────────────────────────────

    async def reply(
        self,
        message: Message,
        *,
        replace_original: bool | None = None,
        visibility: Visibility = EPHEMERAL,
        attempts: int = 3,
    ) -> Delivery:
        """Deliver the result of a request; see `ResponseUrlClient.post`.

        Without a response_url, a message for this user alone is shown in the interaction's modal.
        A reply to a click in a public message doesn't replace that message. It has no buttons,
        since a click on one wouldn't show that it began in a public message. Other replies replace
        the message that was clicked in, by default if they are `in_place`. A message for everyone
        that isn't known to be masked isn't posted: NotMaskedError is raised.
        """
        if visibility.public and not message.may_be_public:
            raise NotMaskedError
        replaces = self.in_place if replace_original is None else replace_original
        url = self.interaction.response_url
        if not visibility.public:
            if url is None and self.interaction.view is not None:
                await self.replace_modal(message)
                return Delivery.DELIVERED
            if self.interaction.is_public:
                message, replaces = block_kit.without_buttons(message), False
        if self._response_url is None:
            event = "reply.undeliverable" if url is None else "reply.host_rejected"
            _log.error(event, request_id=self.interaction.request_id)
            return Delivery.FAILED
        return await self.response_urls.post(
            self._response_url,
            message,
            request_id=self.interaction.request_id,
            replace_original=replaces,
            visibility=visibility,
            attempts=attempts,
        )

    async def notify(self, message: Message) -> None:
        """Tell the user something without changing what they clicked in.

        If a modal was opened to reply in, the message replaces what it shows.
        """
        if self._has_opened_modal:
            await self.replace_modal(message)
        elif self.interaction.response_url is not None:
            await self.reply(message, replace_original=False)
        elif not self.interaction.trigger_id:
            _log.warning("reply.undeliverable", request_id=self.interaction.request_id)
        else:
            try:
                await self._open(self.message_modal(message))
            except SlackError as error:
                self._log_failure(error)
                await self._notify_without_trigger(message)

    async def report(self, message: Message) -> None:
        """Tell the user that the request failed: in place of its result, if `in_place`."""
        if self.in_place:
            await self.reply(message)
        else:
            await self.notify(message)

    # ── Modals ────────────────────────────────────────────────────────────────────────────────

    async def open_modal(self, view: View) -> None:
        """Open a modal to reply in, on top of the one that was clicked in, if any.

        If three modals are open already, Slack's limit, the one that was clicked in is updated.
        Raises ModalNotOpenedError, and logs it; see `report_not_opened`.
        """
        try:
            modal = await self._open(view)
        except SlackError as error:
            self._log_failure(error)
            raise ModalNotOpenedError(late=error.code in TRIGGER_EXPIRED) from error
        self.interaction = replace(self.interaction, view=modal)
        self._has_opened_modal = True

    async def open_modal_if_needed(self) -> None:
        """Open a modal to reply in, if there is neither a response_url nor a modal.

        This comes before anything slow, since a trigger_id is valid for three seconds only.
        """
        if self.interaction.response_url is None and self.interaction.view is None:
            await self.open_modal(details_view.loading())

    async def report_not_opened(self, error: ModalNotOpenedError) -> None:
        """Tell the user that a modal couldn't be opened."""
        message = notices.modal_failed(self.interaction.request_id, late=error.late)
        in_modal = self.interaction.view is not None
        if self.interaction.response_url is not None or (in_modal and not error.late):
            await self.notify(message)  # on top of the modal, which may be more useful
        else:
            await self._notify_without_trigger(message)

    async def update_modal(self, view: View) -> None:
        """Update the modal, unless it has changed since this responder last updated it.

        Raises SlackError, and logs it, as an error unless the user closed the modal.
        """
        try:
            await self._update(self._modal(), view)
        except SlackError as error:
            self._log_failure(error)
            raise

    async def replace_modal(self, message: Message) -> bool:
        """Show a message in the modal, even if the modal has changed since.

        If Slack rejects it or takes too long, the message is posted to the response_url, if there
        is one. Return False if the modal may still be open and neither of them shows the message.
        """
        modal = ViewRef(self._modal().view_id)
        has_url = self.interaction.response_url is not None
        try:
            async with asyncio.timeout(REPLACE_SECONDS if has_url else None):
                await self._update(modal, self.message_modal(message))
        except SlackError as error:
            self._log_failure(error)
            if error.code in CLOSED:
                return True
        except TimeoutError:
            self._log_failure(SlackError("TimeoutError"))
        else:
            return True
        return has_url and bool(await self.reply(message, replace_original=False))

    def message_modal(self, message: Message) -> View:
        """Build the modal that shows a message."""
        metadata = self.interaction.private_metadata()
        return block_kit.message_modal(self.modal_title, message, metadata)

    async def restore_modal(self, view: View, *, was_clicked: Callable[[ViewRef], bool]) -> None:
        """Show what the modal showed last, if it has changed since, but not because of a click.

        If it hasn't changed, an error is only logged. Otherwise SlackError is raised, as by
        `update_modal`.
        """
        modal = self._modal()
        try:
            await self._update(modal, view)
        except SlackError as error:
            if error.code != HASH_CONFLICT:
                self._log_failure(error)
            elif not was_clicked(modal):
                self.interaction = replace(self.interaction, view=ViewRef(modal.view_id))
                await self.update_modal(view)

    def _modal(self) -> ViewRef:
        if self.interaction.view is None:
            raise RuntimeError("there is no modal")
        return self.interaction.view

    async def _update(self, modal: ViewRef, view: View) -> None:
        try:
            updated = await self.views.update(modal, view)
        except SlackError as error:
            if error.maybe_applied:  # then the hash may be out of date
                self.interaction = replace(self.interaction, view=ViewRef(modal.view_id))
            raise
        self.interaction = replace(self.interaction, view=updated)

    async def _open(self, view: View) -> ViewRef:
        """Open a modal, on top of the one that was clicked in; if three are open, update that."""
        modal = self.interaction.view
        if modal is None:
            return await self.views.open(self.interaction.trigger_id, view)
        try:
            return await self.views.push(self.interaction.trigger_id, view)
        except SlackError as error:
            if error.code != STACK_FULL:
                raise
            return await self.views.update(modal, view)

    async def _notify_without_trigger(self, message: Message) -> None:
        """Show a message in the modal that was clicked in, or else on the Home tab."""
        actor = self.interaction.actor
        if self.interaction.view is not None:
            await self.replace_modal(message)
        elif actor.user_id:
            view = home_tab.home_tab((), self.access.denial(actor), reply=message)
            try:
                await self.views.publish(actor.user_id, view)
            except SlackError as error:
                self._log_failure(error)

    def _log_failure(self, error: SlackError) -> None:
        write = _log.info if error.code in CLOSED else _log.error
        write("view.failed", request_id=self.interaction.request_id, reason=error.reason)
