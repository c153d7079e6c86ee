"""Renders results for an interaction: masked if necessary, and with the buttons that work there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.runtime.clock import Clock
from bot.slack.interaction import Interaction
from bot.ui import block_kit, notices
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.card_context import CardContext
from bot.ui.lookup_result import NO_SOURCE, SourceText, lookup_result
from bot.voicelogs import masking
from bot.voicelogs.masking import Masking
from bot.voicelogs.results import Found, LookupResult


@dataclass(frozen=True)
class CardPresenter:
    """Renders results; `names_projects` tells whether a card says which project its log is from."""

    masking: Masking
    names_projects: bool
    now: Clock
    dashboard_url: str = ""

    def masks(self, *, public: bool) -> bool:
        """Whether numbers are masked in what everyone in a channel sees, or only one user."""
        return self.masking.applies(public=public)

    def options(self, interaction: Interaction) -> CardOptions:
        """Return the options for a reply's buttons."""
        return CardOptions(
            interaction.thread_ts,
            interaction.place,
            masks_shared=self.masks(public=True),
            in_modal=interaction.view is not None,
            was_shared=interaction.was_shared,
            state=interaction.request_id,
            dashboard_url=self.dashboard_url,
        )

    def shared_options(self, shared_by: str | None) -> CardOptions:
        """Return the options for the buttons of a card that everyone in a channel sees."""
        return CardOptions(
            masks_shared=self.masks(public=True),
            public=True,
            shared_by=shared_by,
            dashboard_url=self.dashboard_url,
        )

    def context(self, interaction: Interaction, options: CardOptions | None = None) -> CardContext:
        """Return the context for a reply; by default, with the interaction's options."""
        return CardContext(
            interaction.request_id,
            self.now(),
            self.names_projects,
            options or self.options(interaction),
        )

    def lookup_result(
        self,
        interaction: Interaction,
        results: Sequence[LookupResult],
        options: CardOptions | None = None,
        *,
        source: SourceText = NO_SOURCE,
    ) -> Message:
        """Render results, in the order of the ids; by default, with the interaction's options.

        Numbers are masked in what everyone sees, and in replies to clicks there.
        """
        options = options or self.options(interaction)
        masked = self.masks(public=interaction.is_public or options.public)
        message = lookup_result(
            [masking.mask_result(result) if masked else result for result in results],
            self.context(interaction, options),
            source,
        )
        return replace(message, may_be_public=masked or self.masking is Masking.NEVER)

    def shared_card(self, interaction: Interaction, found: Found) -> Message:
        """Render the card that everyone sees after Share; that of a live leg shows the time."""
        user_id = interaction.actor.user_id
        card = self.lookup_result(interaction, [found], self.shared_options(user_id))
        dated = [notices.state_at(self.now())] if found.log.is_live else []
        return block_kit.with_notes(card, [notices.shared_by(user_id), *dated])

    def followed_card(
        self,
        interaction: Interaction,
        found: Found,
        note: str,
        *,
        state: str = "",
        is_followed: bool = False,
    ) -> Message:
        """Render a card with a note, in mrkdwn, about following, and the time.

        The state of the card is the interaction's by default; see `CardOptions`.
        """
        options = self.options(interaction)
        options = replace(options, followed=is_followed, state=state or options.state)
        card = self.lookup_result(interaction, [found], options)
        return block_kit.with_notes(card, [note, notices.updated(self.now())])

    def call_over(self, interaction: Interaction, found: Found) -> Message:
        """Render the message that a followed leg is over, masked like its card."""
        masked = self.masks(public=interaction.is_public)
        log = masking.mask_log(found.log) if masked else found.log
        return notices.call_over(found.log_id, log, self.options(interaction))
