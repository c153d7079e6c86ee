"""What the bot does for users: a service for each kind of request, and what they share."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.runtime.clock import Clock
from bot.services.command_replies import CommandReplies
from bot.services.details import DetailsService
from bot.services.follow import FollowService
from bot.services.lookup import LookupService
from bot.services.runner import Runner
from bot.services.search import SearchService
from bot.services.share import ShareService
from bot.services.status import StatusService


@dataclass(frozen=True)
class Services:
    """The services, for the listeners."""

    runner: Runner
    lookup: LookupService
    search: SearchService
    command_replies: CommandReplies
    details: DetailsService
    share: ShareService
    follow: FollowService
    status: StatusService
    new_request_id: Callable[[], str]
    now: Clock
