"""Arguments for the builders of messages and views, with untrusted text wherever possible."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar, get_args
from uuid import UUID

from hypothesis import strategies as st

from bot.access import Denial
from bot.signalwire.errors import LogNotFoundError
from bot.signalwire.models import VoiceLog
from bot.ui import (
    access_denied,
    block_kit,
    error_messages,
    home_tab,
    lookup_result,
    not_understood,
    notices,
    search_form,
    search_results,
    share_form,
    status,
    voice_log_card,
)
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Message, View
from bot.ui.card_buttons import CardOptions, Place
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
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


def repeated(
    some: st.SearchStrategy[T], *, least: int = 0, most: int
) -> st.SearchStrategy[list[T]]:
    """Draw a list of `least` to `most` items, of which at most two differ."""
    few = st.lists(some, min_size=min(least, 1), max_size=2)
    return st.tuples(few, st.integers(least, most)).map(lambda pair: (pair[0] * most)[: pair[1]])


# ── Values ────────────────────────────────────────────────────────────────────────────────────

FLAGS: Final = st.booleans()
MOMENTS: Final = st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
REFERENCE: Final = st.just("k7m2")
METADATA_GIVEN: Final = st.just(METADATA)
FULL_NUMBERS: Final = st.sampled_from([[], [notices.full_numbers(UUID(int=7))]])
TRUNCATED: Final = st.lists(TEXT, max_size=4)
RETRIES: Final = st.integers(0, 10).map(lambda count: [ID] * count)
THREADS: Final = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 10**20 - 1), st.integers(0, 10**10 - 1)).map(
        lambda pair: f"{pair[0]}.{pair[1]}"
    ),
)
OPTIONS: Final = st.builds(
    CardOptions,
    thread_ts=THREADS,
    place=st.sampled_from(Place),
    masks_shared=FLAGS,
    public=FLAGS,
    in_modal=FLAGS,
    shared_by=st.sampled_from([None, "U0SUPPORT", "W0ACME1"]),
    was_shared=FLAGS,
    followed=FLAGS,
    state=st.sampled_from(["", "k7m2p9", "k7m2p9.4"]),
    dashboard_url=st.sampled_from(["", "https://acme.example/{id}"]),
)
CONTEXTS: Final = st.builds(
    CardContext,
    request_id=REFERENCE,
    now=MOMENTS,
    names_projects=FLAGS,
    options=OPTIONS,
    has_buttons=FLAGS,
    metadata=METADATA_GIVEN,
    modal_notes=FULL_NUMBERS,
)
DENIALS: Final = st.builds(Denial, st.sampled_from(["team", "channel", "user"]), TEXT)


def labeled(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return the labels of the buttons for the numbers in a text."""
    return [(label, TOKEN) for label in phone_numbers.in_texts([*texts, NUMBERS[0]])]


LABELS: Final = st.lists(
    st.tuples(TEXT, st.sampled_from(NUMBERS), TEXT).map(" ".join), max_size=3
).map(labeled)
NOTES: Final = TRUNCATED.map(lambda pieces: help_.about_truncated(Ids(truncated=tuple(pieces))))

# ── Logs, errors and results ──────────────────────────────────────────────────────────────────

LOGS: Final = known_fields(st.one_of(st.just(str(ID)), TEXT), TEXT).map(VoiceLog.model_validate)
ERRORS: Final = errors(TEXT)
FOUND: Final = st.builds(Found, st.just(ID), TEXT, LOGS)
MISSED: Final = st.builds(
    NotFound, st.just(ID), st.dictionaries(TEXT, ERRORS, min_size=1, max_size=5)
)
RESULTS: Final[st.SearchStrategy[LookupResult]] = st.one_of(
    FOUND, MISSED, st.just(InternalError(ID))
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
    most=30,
)
CARD_NOTES: Final = st.one_of(
    st.builds(notices.updated, MOMENTS),
    st.builds(notices.state_at, MOMENTS),
    st.sampled_from([notices.FOLLOWING, notices.FOLLOWING_ENDED]),
    ERRORS.map(lambda error: notices.stopped_following(error_texts.describe(error).title)),
)
DETAILS: Final = test_details_property.DETAILS | test_details_property.DETAILS.map(
    masking.mask_details
)
IDS_OF_OTHERS: Final = st.builds(
    Ids,
    st.just(()),
    TRUNCATED.map(tuple),
    st.lists(st.builds(OtherId, st.sampled_from(Kind), TEXT | st.just(str(ID))), max_size=4).map(
        tuple
    ),
)

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

# ── Arguments by builder ──────────────────────────────────────────────────────────────────────

_DETAILS: Final[Arguments] = {"details": DETAILS, "context": CONTEXTS}
_PAGE: Final[Arguments] = {**_DETAILS, "page": test_details_property.PAGE}
MESSAGES: Final[dict[Builder, Arguments]] = {
    lookup_result.lookup_result: {
        "results": SEVERAL,
        "context": CONTEXTS,
        "source": st.builds(
            SourceText, FLAGS, IDS_OF_OTHERS, st.lists(st.uuids(), max_size=70), LABELS, NOTES
        ),
    },
    lookup_result.result_list: {"results": SEVERAL, "context": CONTEXTS, "notes": NOTES},
    voice_log_card.card: {"found": FOUND, "context": CONTEXTS},
    help_.help_card: {},
    help_.no_id: {"truncated": TRUNCATED},
    help_.no_id_in_message: {"found": IDS_OF_OTHERS},
    search_results.expired: {"request_id": REFERENCE},
    search_results.search_results: {
        "result": SEARCH_RESULTS | SEARCH_RESULTS.map(masking.mask_search),
        "query": QUERIES,
        "context": CONTEXTS,
        "buttons": SEARCH_BUTTONS,
        "is_continued": FLAGS,
        "masked": FLAGS,
    },
    search_results.offer: {"labels": LABELS, "notes": NOTES},
    search_results.searching: {
        "scanned": st.integers(0, 10**9),
        "back_to": st.none() | MOMENTS,
    },
    not_understood.not_understood: {
        "errors": st.lists(QUERY_ERRORS, min_size=1, max_size=4),
        "query": QUERIES,
        "numbers": st.just([telephone(NUMBERS[0])]),
        "searches": BUTTON_BUILDERS,
    },
    not_understood.did_you_mean: {
        "word": TEXT,
        "subcommand": st.sampled_from(SUBCOMMANDS[1:]),
        "query": st.none() | QUERIES,
        "searches": BUTTON_BUILDERS,
    },
    not_understood.twilio_sid: {"sid": TEXT},
    not_understood.near_miss: {
        "text": TEXT,
        "missing": st.integers(-4, 4),
        "not_hex": TEXT.map(lambda text: text[:2]),
    },
    notices.call_over: {"log_id": st.just(ID), "log": LOGS, "options": OPTIONS},
    notices.shared: {"log_id": st.just(ID), "options": OPTIONS, "earlier": FLAGS},
    notices.follow_limit_reached: {"limit": st.integers(1, 99), "request_id": REFERENCE},
    notices.follow_capacity_reached: {"request_id": REFERENCE},
    notices.share_failed: {"log_id": st.just(ID), "request_id": REFERENCE, "options": OPTIONS},
    notices.modal_failed: {"request_id": REFERENCE, "late": FLAGS},
    notices.slow: {"what": st.sampled_from(["the log", "the logs", "the calls"])},
    share_form.sharing: {},
    # Its mention of a channel is intended.
    share_form.shared: {"channel_id": st.just("D0FRONTDESK")},
    share_form.rejected: {"request_id": REFERENCE},
    error_messages.failed: {
        "problem": st.sampled_from([error_texts.BUSY, error_texts.INTERNAL_ERROR]),
        "request_id": REFERENCE,
        "retry": RETRIES,
        "thread_ts": THREADS,
    },
    access_denied.access_denied: {"denial": DENIALS, "request_id": REFERENCE},
    status.status: {"projects": HEALTHS, "denial": st.none() | DENIALS},
}


def made_by(*builders: Builder) -> st.SearchStrategy[object]:
    """Draw a message that one of these builders returns."""
    return st.one_of([st.builds(builder, **MESSAGES[builder]) for builder in builders])


ARGUMENTS: Final[dict[Builder, Arguments]] = {
    **MESSAGES,
    block_kit.with_notes: {
        "message": made_by(lookup_result.lookup_result),
        "notes": st.lists(CARD_NOTES, max_size=2),
    },
    share_form.not_found: {"missed": made_by(lookup_result.lookup_result)},
    share_form.failed: {"message": made_by(lookup_result.lookup_result), "log_id": st.just(ID)},
    details_view.loading: {},
    details_view.view: _PAGE,
    details_view.errors_view: _PAGE,
    details_view.raw_view: _PAGE,
    details_view.legs_view: _DETAILS,
    details_view.text_view: {**_DETAILS, "may_show_in_full": FLAGS},
    block_kit.message_modal: {
        "title": st.just(details_view.TITLE),
        "message": made_by(*MESSAGES),
        "metadata": METADATA_GIVEN,
    },
    search_form.form: {"metadata": METADATA_GIVEN, "query": st.none() | QUERIES},
    share_form.form: {"options": OPTIONS, "metadata": METADATA_GIVEN},
    home_tab.home_tab: {"projects": st.none() | HEALTHS, "denial": st.none() | DENIALS},
}
