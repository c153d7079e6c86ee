"""Share: posts a card for everyone in the channel or the thread, once for each state of it.

It is posted to the click's response_url, so the bot needs neither membership nor a scope to post
(docs.slack.dev: handling user interaction). A click in a modal or on the Home tab has none: there,
**Share…** opens a form, and its submission has one for the conversation that was chosen
(docs.slack.dev: view_submission payload, response_urls).
"""

from collections.abc import Awaitable, Hashable
from dataclasses import dataclass, field, replace
from uuid import UUID

import structlog

from bot.runtime.tasks import ShutdownDeadlineError
from bot.services import audit
from bot.services.form_replies import FormReplies, InvalidFormError
from bot.services.presenter import CardPresenter
from bot.services.runner import Runner, Work
from bot.services.voice_logs import VoiceLogs
from bot.slack.interaction import Interaction
from bot.slack.post import SlackError
from bot.slack.responder import Responder
from bot.slack.response_url import Visibility
from bot.slack.views import CLOSED
from bot.ui import block_kit, error_messages, errors, notices, share_form
from bot.ui.block_kit import Message
from bot.voicelogs.results import Found, LookupResult

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class ShareService:
    """Shares cards, after a click on Share or a submission of its form.

    A key identifies what is shared, so that it is shared only once.
    """

    runner: Runner
    forms: FormReplies
    voice_logs: VoiceLogs
    presenter: CardPresenter
    _in_progress: set[Hashable] = field(default_factory=set, init=False)

    def start(
        self, interaction: Interaction, log_id: UUID, *, state: str = "", keeps_card: bool = False
    ) -> Message | None:
        """Start to share a card in the given state.

        If `keeps_card`, it stays, since it is being followed. Otherwise, a line that says it was
        shared takes its place. A second click has no effect while the first is being handled.
        """
        self.runner.authorize(interaction, "share", [log_id])
        actor = interaction.actor
        place = (actor.channel_id, interaction.message_ts, interaction.thread_ts)
        key = ("share", actor.user_id, *place, log_id, state)
        return self._start(
            interaction,
            key,
            lambda responder: self._run(responder, log_id, key, keeps_card=keeps_card),
            already_shared=self._shared(interaction, log_id, earlier=True),
        )

    def _start(
        self,
        interaction: Interaction,
        key: Hashable,
        work: Work,
        *,
        already_shared: Message,
        in_place: bool = False,
    ) -> Message | None:
        if not self.runner.dedup.claim(key):
            return None if key in self._in_progress else already_shared
        self._in_progress.add(key)
        not_started = self.runner.start(interaction, "share", work, in_place=in_place)
        if not_started is not None:
            self._end(key, shared=False)
        return not_started

    async def _run(
        self, responder: Responder, log_id: UUID, key: Hashable, *, keeps_card: bool
    ) -> None:
        interaction = responder.interaction
        result, is_shared = await self._publish(responder, log_id, key)
        if is_shared:
            done = self._shared(interaction, log_id)
            await responder.reply(done, replace_original=not keeps_card)
        elif isinstance(result, Found):
            options = self.presenter.options(interaction)
            await responder.notify(notices.share_failed(log_id, interaction.request_id, options))
        else:
            await responder.notify(self.presenter.lookup_result(interaction, [result]))

    async def _publish(
        self, responder: Responder, log_id: UUID, key: Hashable
    ) -> tuple[LookupResult, bool]:
        """Fetch a leg and post its card for everyone; return whether it was delivered."""
        interaction, is_shared = responder.interaction, False
        try:
            # Only fetching may be interrupted: the user must be told whether the card was shared.
            async with self.runner.tasks.interruptible():
                result = await self.voice_logs.fetch(interaction, log_id, "share")
            if isinstance(result, Found):
                delivery = await responder.reply(
                    self.presenter.shared_card(interaction, result),
                    replace_original=False,
                    visibility=Visibility(public=True, thread_ts=interaction.thread_ts),
                )
                is_shared = bool(delivery)
        finally:
            self._end(key, shared=is_shared)
        if is_shared:
            audit.record(
                "share.published",
                interaction,
                id=str(log_id),
                where="thread" if interaction.thread_ts else "channel",
                masked=self.presenter.masks(public=True),
            )
        return result, is_shared

    def _end(self, key: Hashable, *, shared: bool) -> None:
        self._in_progress.discard(key)
        if not shared:
            self.runner.dedup.release(key)

    def _shared(self, interaction: Interaction, log_id: UUID, *, earlier: bool = False) -> Message:
        """Build the line that says a card was shared, with a button to share it again later."""
        options = replace(self.presenter.options(interaction), was_shared=True)
        return notices.shared(log_id, options, earlier=earlier)

    # ── Share… ────────────────────────────────────────────────────────────────────────────────

    def open_form(
        self, interaction: Interaction, log_id: UUID, *, in_place: bool = False
    ) -> Message | None:
        """Start to show the form: on top of the modal that was clicked in, or in its place."""
        self.runner.authorize(interaction, "share", [log_id])
        metadata = interaction.private_metadata(log_id)
        form = share_form.form(self.presenter.options(interaction), metadata)

        def show(responder: Responder) -> Awaitable[None]:
            return responder.update_modal(form) if in_place else responder.open_modal(form)

        return self.runner.start(interaction, "share_form", show)

    def start_from_form(
        self, interaction: Interaction, log_id: UUID, target: Interaction | None
    ) -> Message | None:
        """Start to share a card in the conversation that was chosen in the form.

        The ack shows "Sharing…" in the modal, which then shows the outcome. `target` is the same
        interaction, as if it had been in the chosen conversation; None if Slack sent no
        response_url for that. Raises InvalidFormError if another conversation may work.
        """
        self.runner.authorize(interaction, "share", [log_id])
        if target is None:
            _log.warning("share.no_response_url", request_id=interaction.request_id)
            raise InvalidFormError({share_form.FIELD: share_form.NO_RESPONSE_URL})
        denial = self.runner.denial(target, "share", [log_id])
        if denial is not None:
            raise InvalidFormError({share_form.FIELD: share_form.denied(denial)})
        if not self.runner.new_responder(target).accepts_response_url:
            _log.error("response_url.host_rejected", request_id=interaction.request_id)
            return error_messages.message(errors.INTERNAL_ERROR, interaction.request_id)
        # Slack may have shown an error for the first submission although it arrived.
        view_id = interaction.view.view_id if interaction.view is not None else ""
        key = ("share_form", view_id, target.actor.channel_id)
        return self._start(
            interaction,
            key,
            lambda responder: self._run_form(responder, target, log_id, key),
            already_shared=share_form.shared(target.actor.channel_id),
            in_place=True,
        )

    async def _run_form(
        self, responder: Responder, target: Interaction, log_id: UUID, key: Hashable
    ) -> None:
        responder.modal_title = share_form.TITLE
        acknowledged_at = self.forms.acknowledged_at()
        publisher = self.runner.new_responder(target)
        result, shared = await self._publish(publisher, log_id, key)
        request_id = responder.interaction.request_id
        if shared:
            message = share_form.shared(target.actor.channel_id)
        elif isinstance(result, Found):
            message = share_form.failed(share_form.rejected(request_id), log_id)
        else:
            error = self.presenter.lookup_result(responder.interaction, [result])
            message = share_form.failed(share_form.not_found(error), log_id)
        metadata = responder.interaction.private_metadata(log_id)
        view = block_kit.message_modal(share_form.TITLE, message, metadata)
        try:
            async with self.runner.tasks.interruptible():
                await self.forms.show(responder, view, acknowledged_at)
        except ShutdownDeadlineError:
            await publisher.notify(message)  # first, since Slack may not respond about the modal
            await responder.replace_modal(message)
        except SlackError as error:  # logged by the responder
            is_stuck = error.code not in CLOSED and not await responder.replace_modal(message)
            # A user who has closed the form would think that the card was shared.
            if is_stuck or not shared:
                await publisher.notify(message)
