"""What is done for people: a module for each kind of request, and what they have in common.

A request comes in typed, from listeners/; what is found out about calls comes from the use cases;
what is said comes from cards/. Whatever happens after an acknowledgement, the person hears of it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.desks.answering import Answering
from bot.desks.following import Following
from bot.desks.reception import Reception
from bot.desks.searching import Searching
from bot.desks.sharing import Sharing
from bot.desks.showing import Showing
from bot.desks.standing import Standing
from bot.windows import Windows


@dataclass(frozen=True)
class Desks:
    """Every desk there is, as the listeners find them."""

    reception: Reception
    answering: Answering
    searching: Searching
    showing: Showing
    sharing: Sharing
    following: Following
    standing: Standing
    windows: Windows
    new_reference: Callable[[], str]
