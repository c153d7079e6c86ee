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
    """A conversation that every user here can open; `kind` is as a filter's `include` names it.

    In an external one there are people of another company (Slack Connect).
    """

    id: str
    name: str
    kind: Literal["im", "mpim", "private", "public"] = "public"
    is_external: bool = False
    is_with_bot: bool = False

    @property
    def label(self) -> str:
        """The name as Slack's menus show it."""
        return f"#{self.name}" if self.kind in {"private", "public"} else self.name


CONVERSATIONS: Final = (
    Conversation("C0SUPPORT", "support"),
    Conversation("C0ENGINEERING", "engineering"),
    Conversation("C0ESCALATIONS", "escalations", "private"),
    Conversation("C0PARTNER", "partner-example", is_external=True),
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
    rules = menu.filter
    if rules is None:
        return [*conversations]
    return [
        each
        for each in conversations
        if (rules.include is None or each.kind in rules.include)
        and not (each.is_external and rules.exclude_external_shared_channels)
        and not (each.is_with_bot and rules.exclude_bot_users)
    ]
