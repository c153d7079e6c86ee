"""One Slack interaction and the ways to reply to it."""

from dataclasses import dataclass

from bot.access import Actor
from bot.slack.views import ViewRef


@dataclass(frozen=True)
class Interaction:
    """A command, a shortcut, a click, a submitted form or an opened Home tab.

    Attributes:
        actor: who, and from where.
        request_id: shown with errors as the reference, and written to the log.
        response_url: None in a modal or a Home tab.
        trigger_id: opens one modal, within three seconds (docs.slack.dev: trigger_id).
        message_ts: the message that was clicked in, if any; a reply may replace it.
        in_channel: whether everyone in the channel sees that message, or the one from which the
            modal was opened that was clicked in.
        view: the modal that was clicked in, or that was opened to reply in.
        metadata: the private_metadata of a modal that is opened to reply in.
    """

    actor: Actor
    request_id: str
    response_url: str | None = None
    trigger_id: str = ""
    message_ts: str | None = None
    in_channel: bool = False
    view: ViewRef | None = None
    metadata: str = ""
