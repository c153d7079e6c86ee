"""The workspace's conversations.

Facts: docs.slack.dev: reference/block-kit/block-elements/multi-select-menu-element and
select-menu-element, "Select menu of conversations"; reference/block-kit/composition-objects,
conversation filter object; reference/interaction-payloads/view-interactions-payload, response_urls.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Conversation:
    """A conversation that every user here can open; the ID of a direct message begins with D."""

    id: str
    name: str
    is_with_bot: bool = False

    @property
    def label(self) -> str:
        """The name as Slack's menus show it."""
        return self.name if self.id.startswith("D") else f"#{self.name}"


CONVERSATIONS: Final = (
    Conversation("C0SUPPORT", "support"),
    Conversation("C0ENGINEERING", "engineering"),
    Conversation("C0ESCALATIONS", "escalations"),
    Conversation("C0PARTNER", "partner-example"),
    Conversation("D0FRONTDESK", "Front desk"),
    Conversation("D0VOICELOG", "VoiceLog", is_with_bot=True),
)
