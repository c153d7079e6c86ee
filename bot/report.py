"""What a lookup comes to: the words that lookup.py and cards/ share."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from bot.signalwire.errors import SignalWireError, UnavailableError, UnreadableAnswerError
from bot.signalwire.models import VoiceLog


@dataclass(frozen=True)
class Found:
    """A log, and the project that has it."""

    log_id: UUID
    project: str
    log: VoiceLog

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "found"


@dataclass(frozen=True)
class Missed:
    """No project had the log. `errors`: what each project answered, by its name; never empty."""

    log_id: UUID
    errors: Mapping[str, SignalWireError]

    @property
    def causes(self) -> Mapping[str, str]:
        """For logs: what lies behind an answer that didn't come or couldn't be read."""
        return {
            name: error.cause
            for name, error in self.errors.items()
            if isinstance(error, UnavailableError | UnreadableAnswerError)
        }

    @property
    def outcome(self) -> str:
        """One word for the audit line; `a+b` where the projects failed in different ways."""
        return "+".join(sorted({error.outcome for error in self.errors.values()}))


@dataclass(frozen=True)
class Broken:
    """The bot itself broke on this id."""

    log_id: UUID

    @property
    def outcome(self) -> str:
        """One word for the audit line."""
        return "fault"


Report = Found | Missed | Broken
