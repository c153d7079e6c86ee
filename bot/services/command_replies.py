"""Replies to commands that weren't understood, with buttons for what the user may have meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.services.presenter import CardPresenter
from bot.services.sealed_search import SealedSearches
from bot.slack.interaction import Interaction
from bot.ui import not_understood
from bot.ui.block_kit import Message
from bot.ui.not_understood import SearchButtonBuilder
from bot.ui.subcommands import Subcommand
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs.phone_numbers import MAX_NUMBERS, Number
from bot.voicelogs.query import Query, QueryError


@dataclass(frozen=True, kw_only=True)
class CommandReplies:
    """Builds the replies, for users who have access."""

    presenter: CardPresenter
    sealed: SealedSearches

    def not_understood(
        self, interaction: Interaction, text: str, errors: Sequence[QueryError], query: Query
    ) -> Message:
        """Say what wasn't understood.

        `text` is all that was typed after the subcommand; `query`, what was understood.
        """
        numbers = numbers_in(text, errors, query)
        if self._masks(interaction):
            errors = [replace(error, token=masking.mask_text(error.token)) for error in errors]
        return not_understood.not_understood(errors, query, numbers, self._searches(interaction))

    def did_you_mean(
        self, interaction: Interaction, word: str, subcommand: Subcommand, query: Query | None
    ) -> Message:
        """Ask whether a misspelled word means a subcommand; see `not_understood.did_you_mean`."""
        return not_understood.did_you_mean(word, subcommand, query, self._searches(interaction))

    def ignored(self, interaction: Interaction, words: Sequence[str]) -> list[str]:
        """Return a note about the words beside an id, if there are any."""
        if not words:
            return []
        shown = map(masking.mask_text, words) if self._masks(interaction) else words
        return [not_understood.ignored([*shown])]

    def _masks(self, interaction: Interaction) -> bool:
        return self.presenter.masks(public=interaction.is_public)

    def _searches(self, interaction: Interaction) -> SearchButtonBuilder:
        return SearchButtonBuilder(
            lambda query: self.sealed.seal_search(query, None),
            self.presenter.now(),
            self._masks(interaction),
        )


def numbers_in(text: str, errors: Sequence[QueryError], query: Query) -> list[Number]:
    """Return the first few distinct numbers of a text, those of the search first.

    The parts that weren't understood may have some too, such as a third number.
    """
    found: list[Number] = []
    for number in _all_numbers(text, errors, query):
        known = [each.digits for each in found if each.digits]
        if number not in found and not (number.digits and number.digits.endswith(tuple(known))):
            found.append(number)
    return found[:MAX_NUMBERS]


def _all_numbers(text: str, errors: Sequence[QueryError], query: Query) -> Iterator[Number]:
    yield from filter(None, (*query.numbers, query.from_, query.to))
    for error in errors:
        if (error.field, error.reason) == ("number", "several"):
            is_address = phone_numbers.is_address(error.token)
            yield (phone_numbers.address if is_address else phone_numbers.telephone)(error.token)
    yield from map(phone_numbers.telephone, phone_numbers.in_texts([text]))
