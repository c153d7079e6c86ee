"""What is done for people: a module for each kind of request, and what they have in common.

A request comes in typed, from listeners/; what is found out about calls comes from the use cases;
what is said comes from ui/. Whatever happens after an acknowledgement, the person hears of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.details import DetailsService
from bot.services.follow import FollowService
from bot.services.lookup import LookupService
from bot.services.runner import Runner
from bot.services.search import SearchService
from bot.services.share import ShareService
from bot.services.status import StatusService
from bot.slack.views import Views


@dataclass(frozen=True)
class Services:
    """Every desk there is, as the listeners find them."""

    runner: Runner
    lookup: LookupService
    search: SearchService
    details: DetailsService
    share: ShareService
    follow: FollowService
    status: StatusService
    views: Views
    new_request_id: Callable[[], str]
