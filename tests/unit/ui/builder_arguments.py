"""Arguments for the builders of messages and views, with untrusted text wherever possible."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar, get_args, get_type_hints
from uuid import UUID

from hypothesis import strategies as st

from bot import ui
from bot.access import Denial
from bot.signalwire.errors import LogNotFoundError
from bot.signalwire.models import VoiceLog
from bot.ui import block_kit, error_messages, lookup_result, notices, voice_log_row
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Message, View
from bot.ui.card_buttons import CardOptions, Place
from bot.ui.card_context import CardContext
from bot.ui.lookup_result import SourceText
from bot.ui.not_understood import SearchButtonBuilder
from bot.ui.search_results import SearchButtons
from bot.ui.subcommands import SUBCOMMANDS
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs.id_mentions import Kind, OtherId
from bot.voicelogs.ids import Ids
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import FILTERS, InvalidReason, Query, QueryError
from bot.voicelogs.results import (
    Found,
    InternalError,
    LookupResult,
    Match,
    NotFound,
    ProjectHealth,
    SearchResult,
)
from tests.unit.ui import test_details_property
from tests.unit.ui.details_examples import METADATA
from tests.unit.ui.untrusted_text import errors, known_fields, untrusted_text

T = TypeVar("T")
Builder = Callable[..., Message | View]
Arguments = dict[str, st.SearchStrategy[object]]

ID: Final = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
NUMBERS: Final = ("+12065550100", "+12065550101")
TOKEN: Final = "gAAAAABpB3mI2q-_tR7mW2x9Kq"
"""Stands for a sealed number."""
LONG_TOKEN: Final = "gAAAAABpB3mI" + "x9Kq" * 497
"""Stands for the longest search that can be sealed."""
TEXT: Final = untrusted_text(5000)
TEXTS: Final = st.lists(TEXT, max_size=4)
FLAGS: Final = st.booleans()
MOMENTS: Final = st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


def repeated(
    some: st.SearchStrategy[T], *, least: int = 0, most: int
) -> st.SearchStrategy[list[T]]:
    """Draw a list of `least` to `most` items, of which at most two differ."""
    few = st.lists(some, min_size=min(least, 1), max_size=2)
    return st.tuples(few, st.integers(least, most)).map(lambda pair: (pair[0] * most)[: pair[1]])


def labeled(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the labels of the buttons for the numbers in a text."""
    return [(label, TOKEN) for label in phone_numbers.in_texts([*texts, NUMBERS[0]])]


# ── Logs, errors and results ──────────────────────────────────────────────────────────────────

DENIALS: Final = st.builds(Denial, st.sampled_from(["team", "channel", "user"]), TEXT)
LOGS: Final = known_fields(st.one_of(st.just(str(ID)), TEXT), TEXT).map(VoiceLog.model_validate)
ERRORS: Final = errors(TEXT)
FOUND: Final = st.builds(Found, st.just(ID), TEXT, LOGS)
NOT_FOUND: Final = st.builds(
    NotFound, st.just(ID), st.dictionaries(TEXT, ERRORS, min_size=1, max_size=5)
)
RESULTS: Final[st.SearchStrategy[LookupResult]] = st.one_of(
    FOUND, NOT_FOUND, st.just(InternalError(ID))
)
SEVERAL: Final = repeated(RESULTS | RESULTS.map(masking.mask_result), least=1, most=10)
HEALTHS: Final = repeated(
    st.builds(
        ProjectHealth,
        TEXT,
        # The check requests a log that doesn't exist, so this error means that the project works.
        st.none()
        | st.just("internal_error")
        | ERRORS.filter(lambda error: not isinstance(error, LogNotFoundError)),
        st.integers(0, 10**5),
    ),
    most=100,
)
CARD_NOTES: Final = st.one_of(
    st.builds(notices.updated, MOMENTS),
    st.builds(notices.state_at, MOMENTS),
    st.sampled_from([notices.FOLLOWING, notices.FOLLOWING_ENDED]),
    ERRORS.map(lambda error: notices.stopped_following(error_texts.describe(error).title)),
)
OTHERS: Final = st.lists(
    st.builds(OtherId, st.sampled_from(Kind), TEXT | st.just(str(ID))), max_size=4
).map(tuple)
IDS_OF_OTHERS: Final = st.builds(Ids, st.just(()), TEXTS.map(tuple), OTHERS)
LABELS: Final = st.lists(
    st.tuples(TEXT, st.sampled_from(NUMBERS), TEXT).map(" ".join), max_size=3
).map(labeled)
TRUNCATED: Final = TEXTS.map(lambda pieces: help_.about_truncated(Ids(truncated=tuple(pieces))))

# ── Searches ──────────────────────────────────────────────────────────────────────────────────

QUERIES: Final = st.builds(
    Query,
    st.lists(st.just(telephone(NUMBERS[0])), max_size=2).map(tuple),
    st.none() | MOMENTS,
    st.lists(st.sampled_from(FILTERS), unique=True).map(tuple),
)
QUERY_ERRORS: Final = st.builds(
    QueryError,
    st.sampled_from(["number", "window", "words", "count"]),
    st.sampled_from(get_args(InvalidReason)),
    TEXT,
)
SEARCH_RESULTS: Final = st.builds(
    SearchResult,
    repeated(st.builds(Match, TEXT, LOGS), most=20).map(tuple),
    st.integers(0, 10**7),
    st.none() | MOMENTS,
    errors=st.dictionaries(TEXT, ERRORS, max_size=5),
)
BUTTON_BUILDERS: Final = st.builds(
    SearchButtonBuilder,
    st.just(lambda _: TOKEN),
    st.just(datetime(2026, 11, 22, tzinfo=UTC)),
    FLAGS,
)
SEARCH_BUTTONS: Final = st.builds(
    SearchButtons,
    older=st.none() | st.just(LONG_TOKEN),
    change=st.just(LONG_TOKEN),
    again=st.none() | st.just(LONG_TOKEN),
    without=st.lists(st.tuples(st.just(("busy", "missed")), st.just(LONG_TOKEN)), max_size=4),
    further=st.none() | st.just(LONG_TOKEN),
)

# ── Arguments by name ─────────────────────────────────────────────────────────────────────────

PARTS: Final[set[Callable[..., object]]] = {
    *(block_kit.message, block_kit.titled, block_kit.with_buttons, block_kit.without_buttons),
    *(error_messages.message, block_kit.home, block_kit.modal, block_kit.form),
    voice_log_row.list_message,
}
"""Used by the builders of messages and views."""


def builders(*returned: type) -> Iterator[Builder]:
    """Return the public functions of `bot.ui` that return a message or a view."""
    for found in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and get_type_hints(function)["return"] in returned and function not in PARTS:
                yield function


def drawn(made: Callable[..., T]) -> st.SearchStrategy[T]:
    """Draw what a builder returns, or an instance of a dataclass."""
    return st.builds(made, **arguments(made))


def arguments(made: Callable[..., object]) -> Arguments:
    known = {**BY_NAME, **OF_ONE.get(made, {})}
    hints = [(name, hint) for name, hint in get_type_hints(made).items() if name != "return"]
    found = {name: FLAGS if hint is bool else known[name] for name, hint in hints}
    optional = [name for name, hint in hints if type(None) in get_args(hint)]
    return {**found, **{name: st.none() | found[name] for name in optional}}


MESSAGES: Final = st.deferred(lambda: st.one_of([*map(drawn, builders(Message))]))
MISSED: Final = st.deferred(lambda: drawn(lookup_result.lookup_result))
OF_ONE: Final[dict[Callable[..., object], Arguments]] = {
    help_.no_id_in_message: {"found": IDS_OF_OTHERS},
    block_kit.message_modal: {"message": MESSAGES},
    block_kit.with_notes: {"notes": st.lists(CARD_NOTES, max_size=2)},
}
"""For the parameters of one builder that have another meaning there."""
BY_NAME: Final[Arguments] = {
    "back_to": MOMENTS,
    "buttons": SEARCH_BUTTONS,
    "channel_id": st.just("D0FRONTDESK"),  # its mention is intended
    "context": st.deferred(lambda: drawn(CardContext)),
    "dashboard_url": st.sampled_from(["", "https://acme.example/{id}"]),
    "denial": DENIALS,
    "details": test_details_property.DETAILS
    | test_details_property.DETAILS.map(masking.mask_details),
    "errors": st.lists(QUERY_ERRORS, min_size=1, max_size=4),
    "found": FOUND,
    "labels": LABELS,
    "limit": st.integers(1, 99),
    "log": LOGS,
    "log_id": st.just(ID),
    "message": MISSED,
    "metadata": st.just(METADATA),
    "missed": MISSED,
    "missing": st.integers(-4, 4),
    "modal_notes": st.sampled_from([[], [notices.full_numbers(UUID(int=7))]]),
    "not_hex": TEXT.map(lambda text: text[:2]),
    "notes": TRUNCATED,
    "now": MOMENTS,
    "numbers": st.just([telephone(NUMBERS[0])]),
    "options": st.deferred(lambda: drawn(CardOptions)),
    "others": OTHERS,
    "page": test_details_property.PAGE,
    "place": st.sampled_from(Place),
    "problem": st.sampled_from([error_texts.BUSY, error_texts.INTERNAL_ERROR]),
    "projects": HEALTHS,
    "query": QUERIES,
    "reply": st.deferred(lambda: drawn(notices.modal_failed)),
    "request_id": st.just("k7m2"),
    "result": SEARCH_RESULTS | SEARCH_RESULTS.map(masking.mask_search),
    "results": SEVERAL,
    "retry": st.integers(0, 10).map(lambda count: [ID] * count),
    "scanned": st.integers(0, 10**9),
    "searches": BUTTON_BUILDERS,
    "shared_by": st.sampled_from(["U0SUPPORT", "W0ACME1"]),
    "sid": TEXT,
    "source": st.builds(
        SourceText, FLAGS, IDS_OF_OTHERS, st.lists(st.uuids(), max_size=70), LABELS, TRUNCATED
    ),
    "state": st.sampled_from(["", "k7m2p9", "k7m2p9.4"]),
    "subcommand": st.sampled_from(SUBCOMMANDS[1:]),
    "text": TEXT,
    "thread_ts": st.tuples(st.integers(0, 10**20 - 1), st.integers(0, 10**10 - 1)).map(
        lambda pair: f"{pair[0]}.{pair[1]}"
    ),
    "title": st.just("Voice log"),
    "truncated": TEXTS,
    "what": st.sampled_from(["the log", "the logs", "the calls"]),
    "word": TEXT,
}
