"""One Slack interaction: who did it, where, and the ways to reply."""

from collections.abc import Hashable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.access import Actor
from bot.slack.views import ViewRef
from bot.ui.card_buttons import Place


class PrivateMetadata(BaseModel):
    """What a modal keeps between clicks, in Slack's `private_metadata`: no number, no secret."""

    model_config = ConfigDict(defer_build=True, frozen=True, extra="ignore")

    channel: str = ""
    """The channel it was opened from, for authorization; empty if there was none."""
    log: UUID | None = None
    """The voice log that the modal shows."""
    public: bool = True
    """Whether it was opened from a message that everyone in the channel sees, or from a modal that
    was. True if a modal doesn't say, so that numbers are masked."""

    @classmethod
    def parse(cls, text: str) -> "PrivateMetadata":
        """Parse a modal's private_metadata; the defaults if it isn't this bot's."""
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            return cls()


@dataclass(frozen=True)
class Interaction:
    """A command, a shortcut, a click, a submitted form or an opened Home tab."""

    actor: Actor
    request_id: str
    """Shown in errors as the reference, and written to the log."""
    response_url: str | None = None
    """None in a modal or a Home tab."""
    trigger_id: str = ""
    """Can open one modal, within three seconds (docs.slack.dev: trigger_id)."""
    message_ts: str | None = None
    """The message that was clicked in, if any; a reply may replace it."""
    thread_ts: str | None = None
    """The thread in which a card can be shared; None for the channel."""
    channel_name: str = ""
    """As in the payload, which has the names of public channels only."""
    was_shared: bool = False
    """Whether the user has already shared the card that was clicked in."""
    is_public: bool = False
    """Whether everyone in the channel sees the message that was clicked in, or the one from which
    the modal was opened.
    """
    view: ViewRef | None = None
    """The modal that was clicked in, or that was opened to reply in."""
    idempotency_key: Hashable = None
    """The same for each delivery of the request; None if unknown."""

    @property
    def place(self) -> Place:
        """The kind of conversation; a channel, unless the payload says otherwise.

        The payload names others `directmessage` or `privategroup` (docs.slack.dev: slash command
        payload), or `mpdm-…` for a group.
        """
        if self.actor.channel_id.startswith("D") or self.channel_name == "directmessage":
            return Place.DIRECT
        is_private = self.channel_name == "privategroup" or self.channel_name.startswith("mpdm-")
        return Place.PRIVATE if is_private or self.actor.channel_id[:1] == "G" else Place.CHANNEL

    def private_metadata(self, log_id: UUID | None = None) -> str:
        """Serialize the private_metadata of a modal that is opened or updated in reply."""
        metadata = PrivateMetadata(channel=self.actor.channel_id, log=log_id, public=self.is_public)
        return metadata.model_dump_json(exclude_none=True)
