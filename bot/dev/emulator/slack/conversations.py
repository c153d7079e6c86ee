"""The workspace's conversations, and the choice of one in a form.

Facts: docs.slack.dev: reference/block-kit/block-elements/multi-select-menu-element and
select-menu-element, "Select menu of conversations"; reference/block-kit/composition-objects,
conversation filter object; reference/interaction-payloads/view-interactions-payload, response_urls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from bot.dev.emulator.slack.block_kit import ConversationsSelect


@dataclass(frozen=True)
class Conversation:
    """A conversation that every user here can open."""

    id: str
    name: str
    kind: Literal["im", "private", "public"] = "public"
    is_with_bot: bool = False

    @property
    def label(self) -> str:
        """The name as Slack's menus show it."""
        return self.name if self.kind == "im" else f"#{self.name}"


CONVERSATIONS: Final = (
    Conversation("C0SUPPORT", "support"),
    Conversation("C0ENGINEERING", "engineering"),
    Conversation("C0ESCALATIONS", "escalations", "private"),
    Conversation("C0PARTNER", "partner-example"),
    Conversation("D0FRONTDESK", "Front desk", "im"),
    Conversation("D0VOICELOG", "VoiceLog", "im", is_with_bot=True),
)


@dataclass(frozen=True)
class Choice:
    """The conversation chosen in a menu that has `response_url_enabled`."""

    block_id: str
    action_id: str
    channel_id: str


def offered(menu: ConversationsSelect, conversations: Iterable[Conversation]) -> list[Conversation]:
    """The conversations that a menu offers.

    Where a menu has no filter, Slack offers everything. That the filter applies to a chosen
    conversation too isn't documented; here, another one can't be chosen.
    """
    without_bots = menu.filter is not None and menu.filter.exclude_bot_users
    return [each for each in conversations if not (each.is_with_bot and without_bots)]
