"""What is done for people: a module for each kind of request, and what they have in common.

A request comes in typed, from listeners/; what is found out about calls comes from the use cases;
what is said comes from cards/. Whatever happens after an acknowledgement, the person hears of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.desks.answering import LookupService
from bot.desks.following import FollowService
from bot.desks.reception import Runner
from bot.desks.searching import SearchService
from bot.desks.sharing import ShareService
from bot.desks.showing import DetailsService
from bot.desks.standing import StatusService
from bot.windows import Views


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
