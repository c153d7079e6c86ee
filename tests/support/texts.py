"""Texts that users read, from the builders: a change of wording breaks only golden files.

A title has no period here; in a message's plain text one follows it.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from pydantic import JsonValue

from bot.access import Denial
from bot.dev.emulator.signalwire.catalog import catalog
from bot.signalwire import errors as api_errors
from bot.signalwire.models import VoiceLog
from bot.ui import (
    access_denied,
    actions,
    card_buttons,
    errors,
    labels,
    lookup_result,
    multi_project_errors,
    notices,
    search_results,
)
from bot.ui import help as help_texts
from bot.ui import status as status_texts
from bot.ui.block_elements import Element
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions
from bot.ui.details import view as details
from bot.ui.details.sections import LOADING
from bot.voicelogs.ids import Ids
from bot.voicelogs.query import Query
from bot.voicelogs.results import Found, InternalError, ProjectHealth, SearchResult
from tests.support.cards import card_context
from tests.support.samples import DOCUMENTED, ENDED, NOW

__all__ = ["LOADING"]

ID: Final = UUID(DOCUMENTED)


def _title(message: Message) -> str:
    return message.text.splitlines()[0].removesuffix(".")


def _label(element: Element) -> str:
    assert element["type"] == "button"
    return element["text"]["text"]


NOT_FOUND: Final = errors.describe(api_errors.LogNotFoundError()).title
UNAUTHORIZED: Final = errors.describe(api_errors.AuthenticationError()).title
UNAUTHORIZED_HINT: Final = errors.describe(api_errors.AuthenticationError()).hint
TOO_OLD: Final = errors.describe(api_errors.LogTooOldError(None)).title
REJECTED: Final = errors.describe(api_errors.BadRequestError(400, ())).title
RATE_LIMITED: Final = errors.describe(api_errors.RateLimitedError(None)).title
UNAVAILABLE: Final = errors.describe(api_errors.UnavailableError("timeout")).title
INVALID_RESPONSE: Final = errors.describe(api_errors.InvalidResponseError("")).title
NOT_THE_API: Final = errors.describe(api_errors.InvalidResponseError(api_errors.NOT_THE_API)).title
_SOME_FAILED: Final = {"a": api_errors.LogNotFoundError(), "b": api_errors.UnavailableError("500")}
NOT_FOUND_EVERYWHERE: Final = multi_project_errors.describe_all(_SOME_FAILED).title
"""If other projects failed."""
NO_LIST: Final = errors.describe_list(api_errors.LogNotFoundError()).title

DENIED: Final = access_denied.describe(Denial("user", "U0EVE")).title
INTERNAL_ERROR: Final = errors.INTERNAL_ERROR.title
RESTARTING: Final = errors.RESTARTING.title
BUSY: Final = errors.BUSY.title
SHARED: Final = notices.shared(ID, CardOptions()).text
SHARED_IN_THREAD: Final = notices.shared(ID, CardOptions(thread_ts="1.2")).text
ALREADY_SHARED: Final = notices.shared(ID, CardOptions(), earlier=True).text
MODAL_FAILED: Final = _title(notices.modal_failed("", late=False))
SEARCH_EXPIRED: Final = _title(search_results.expired(""))
NONE_FOUND: Final = _title(
    search_results.search_results(
        SearchResult((), 0), Query(), card_context(), buttons=search_results.SearchButtons("")
    )
)
SLOW_LOG: Final = notices.slow("the log").text
SLOW_LOGS: Final = notices.slow("the logs").text
SLOW_CALLS: Final = notices.slow("the calls").text
UPDATED: Final = notices.updated(NOW).partition(" ")[0]

HELP: Final = _title(help_texts.help_card())
NO_ID: Final = _title(help_texts.no_id(()))
TRUNCATED_ID: Final = _title(help_texts.no_id(["b7182dc2…"]))
NO_ID_IN_MESSAGE: Final = _title(help_texts.no_id_in_message(Ids()))
ONE_NUMBER: Final = _title(search_results.offer([("", "x")], ()))
SEVERAL_NUMBERS: Final = _title(search_results.offer([("", "x"), ("", "y")], ()))

ALLOWED: Final = status_texts.status((), None).text.splitlines()[-1]
STATUS: Final = _title(status_texts.status((), None))

_CARD: Final = [
    _label(element)
    for element in card_buttons.card_row(ID, is_live=False, options=CardOptions())[:-1]
]
DETAILS, REFRESH, SHARE = _CARD
SHARE_AGAIN: Final = _label(card_buttons.share(ID, CardOptions(was_shared=True)))
FOLLOW: Final = _label(card_buttons.card_row(ID, is_live=True, options=CardOptions())[1])
STOP_FOLLOWING: Final = _label(
    card_buttons.card_row(ID, is_live=True, options=CardOptions(followed=True))[1]
)
LEGS: Final = details.LEGS_TITLE
CARD: Final = _label(actions.card(ID))
RETRY: Final = _label(actions.retry([ID]))
SEARCH_OLDER: Final = search_results.OLDER
CHANGE_SEARCH: Final = search_results.CHANGE
FIND_FORM: Final = _label(actions.find_form())
FIND_FORM_FILLED: Final = _label(actions.find_form("x"))
LOOK_UP_OTHER: Final = _label(actions.look_up_rest([ID]))
HELP_BUTTON: Final = _label(actions.show_help())
STATUS_BUTTON: Final = _label(actions.show_status())
RAW_JSON: Final = details.RAW_TITLE
COPY_AS_TEXT: Final = actions.COPY_AS_TEXT
CARD_LABELS: Final = [*_CARD, LEGS, COPY_AS_TEXT]
PUBLIC_CARD_LABELS: Final = [DETAILS, REFRESH, LEGS, COPY_AS_TEXT]
SHARED_LABELS: Final = [CARD, SHARE_AGAIN]
"""Instead of those of a card that was shared."""


def server_error(status: int) -> str:
    """Return the title of an error for a response with this status, 500 or above."""
    return errors.describe(api_errors.UnavailableError(str(status))).title


def headline(body: Mapping[str, JsonValue]) -> str:
    """Return the first line of a log's card, unless it is overdue."""
    log = VoiceLog.model_validate(dict(body))
    return labels.headline(log, log.created_at or NOW)


_BODIES: Final = {entry.id: entry.body for entry in catalog(NOW)}
COMPLETED: Final = headline(_BODIES[DOCUMENTED])
"""The headline of the documented example."""
COMPLETED_STATUS: Final = COMPLETED.partition(" · ")[0]
"""The headline of its Details, which have the duration below."""
ENDED_HEADLINE: Final = headline(_BODIES[ENDED])


def logs_found(found: int, of: int) -> str:
    """Return the title of the rows of a lookup of several IDs."""
    logs = [Found(ID, "", VoiceLog(id=DOCUMENTED))] * found
    errors = [InternalError(ID)] * (of - found)
    return _title(lookup_result.result_list([*logs, *errors], card_context()))


def reachable(project: str) -> str:
    """Return the status line of a reachable project, up to the milliseconds."""
    lines = status_texts.status([ProjectHealth(project, None, 1)], None).text.splitlines()
    return lines[1].partition(" (")[0]
