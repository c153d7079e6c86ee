"""Seals the values of a search's buttons: a number, or a search and where to continue it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from bot.signalwire.models import parse_uuid
from bot.slack.sealed_value import SealedValues
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs import query as queries
from bot.voicelogs.phone_numbers import Number
from bot.voicelogs.query import Query
from bot.voicelogs.results import Cursor

_NONE: Final = "-"
_NUMBER: Final = "number"
_SEARCH: Final = "search"


class OfferedNumber(NamedTuple):
    """A number in a message, and whether the reply offers no other."""

    number: Number
    is_only: bool


@dataclass(frozen=True)
class SealedSearches:
    """Seals and unseals searches."""

    sealed: SealedValues

    def offer(
        self, numbers: Sequence[str], *, masked: bool, is_only: bool
    ) -> list[tuple[str, str]]:
        """Return each number as it is shown, with the value of its button."""
        return [
            (
                masking.mask_address(number) if masked else number,
                self.seal_number(number, is_only=is_only),
            )
            for number in numbers
        ]

    def seal_number(self, number: str, *, is_only: bool) -> str:
        """Seal a number or an address in a message."""
        others = "" if is_only else " others"
        return self.sealed.seal(phone_numbers.restore(number).saved() + others, purpose=_NUMBER)

    def unseal_number(self, value: str) -> OfferedNumber | None:
        """Unseal a number; None if the value has expired or isn't ours."""
        text = self.sealed.unseal(value, purpose=_NUMBER)
        if text is None:
            return None
        number, _, others = text.partition(" ")
        return OfferedNumber(phone_numbers.restore(number), is_only=not others)

    def seal_search(self, query: Query, cursor: Cursor | None) -> str:
        """Seal a search and where to continue it."""
        time = cursor.created_at.isoformat() if cursor is not None else _NONE
        log_id = cursor.log_id if cursor is not None and parse_uuid(cursor.log_id) else _NONE
        return self.sealed.seal(f"{time} {log_id} {query.serialize()}", purpose=_SEARCH)

    def unseal_search(self, value: str) -> tuple[Query, Cursor | None] | None:
        """Unseal a search; None if the value has expired or isn't ours."""
        text = self.sealed.unseal(value, purpose=_SEARCH)
        if text is None:
            return None
        try:
            time, log_id, saved = text.split(" ", 2)
            query = queries.parse_saved(saved)
            if time == _NONE:
                return query, None
            created_at = datetime.fromisoformat(time)
            if created_at.tzinfo is None:
                return None
            return query, Cursor(created_at, log_id.removeprefix(_NONE))
        except ValueError:  # another version of the bot sealed it
            return None
