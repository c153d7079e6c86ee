"""Every message and view, with outside text in every place."""

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Final, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot import ui
from bot.dev.emulator.slack.block_kit import problems as message_problems
from bot.dev.emulator.slack.block_kit import view_problems
from bot.slack.response_url import ephemeral
from bot.ui import (
    access_denied,
    block_kit,
    error_messages,
    lookup_result,
    not_understood,
    notices,
    search_form,
    search_results,
    share_form,
    status,
    voice_log_card,
)
from bot.ui import help as help_
from bot.ui.block_kit import Message, View
from bot.ui.card_context import CardContext
from bot.ui.details import view as details_view
from bot.ui.lookup_result import SourceText
from bot.ui.subcommands import SUBCOMMANDS
from bot.voicelogs import masking, phone_numbers
from bot.voicelogs.ids import Ids, Kind, OtherId
from bot.voicelogs.query import QueryError
from bot.voicelogs.results import Found, NotFound
from tests.unit.ui import test_details_property, test_ui_property
from tests.unit.ui.details_examples import METADATA

ID: Final = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
QUICK: Final = settings(max_examples=40)
DRAWN_BY_OTHERS: Final[list[Callable[..., object]]] = [
    *(block_kit.message, block_kit.titled, block_kit.with_notes, block_kit.with_buttons),
    block_kit.without_buttons,
    *(error_messages.message, block_kit.home, block_kit.modal),
]
"""What the builders of messages and views are made of."""

# ── What every builder is given ───────────────────────────────────────────────────────────────

REFERENCE: Final = st.just("k7m2")
FLAG: Final = st.booleans()
PAGE: Final = test_details_property.PAGE
GIVEN_BACK: Final = st.just(METADATA)
FULL_NUMBERS: Final = st.sampled_from([[], [notices.full_numbers(UUID(int=7))]])
CUT_SHORT: Final = st.lists(test_ui_property.TEXT, max_size=4)
REPORTS: Final = st.one_of(
    test_ui_property.reports(), test_ui_property.reports().map(masking.mask_result)
)
DETAILS: Final = st.one_of(
    test_details_property.DETAILS, test_details_property.DETAILS.map(masking.mask_details)
)
SWEEPS: Final = st.one_of(
    test_ui_property.sweeps(), test_ui_property.sweeps().map(masking.mask_search)
)
FURTHER: Final = st.sampled_from([None, test_ui_property.FURTHER])
AGAIN: Final = {"retry": test_ui_property.RETRIES, "thread_ts": test_ui_property.THREADS}
TYPED: Final = st.tuples(
    test_ui_property.TEXT, st.sampled_from(test_ui_property.NUMBERS), test_ui_property.TEXT
).map(" ".join)


def labelled(texts: list[str]) -> list[tuple[str, str]]:
    """The numbers in a text, as their buttons are labeled."""
    return [
        (label, test_ui_property.TOKEN)
        for label in phone_numbers.in_texts([*texts, test_ui_property.NUMBERS[0]])
    ]


Builder = Callable[..., Message | View]
FOUND_IDS: Final = st.builds(
    Ids,
    st.just(()),
    CUT_SHORT.map(tuple),
    st.lists(
        st.builds(OtherId, st.sampled_from(Kind), test_ui_property.TEXT | st.just(str(ID))),
        max_size=4,
    ).map(tuple),
)


def named(builder: Callable[..., object]) -> str:
    return f"{builder.__module__}.{builder.__qualname__}"


SEVERAL: Final = st.tuples(st.lists(REPORTS, min_size=1, max_size=2), st.integers(1, 10)).map(
    lambda pair: (pair[0] * 10)[: pair[1]]
)
FOUND: Final = st.builds(Found, st.just(ID), test_ui_property.TEXT, test_ui_property.logs())
MISSED: Final = st.builds(
    NotFound,
    st.just(ID),
    st.dictionaries(test_ui_property.TEXT, test_ui_property.errors(), min_size=1, max_size=5),
)
CONTEXT: Final = st.builds(
    CardContext,
    request_id=REFERENCE,
    now=test_ui_property.MOMENTS,
    names_projects=FLAG,
    options=st.none() | test_ui_property.SETTINGS,
)
GIVEN: Final[dict[Builder, dict[str, st.SearchStrategy[object]]]] = {
    lookup_result.lookup_result: {
        "results": SEVERAL,
        "context": CONTEXT,
        "source": st.builds(
            SourceText,
            st.booleans(),
            FOUND_IDS,
            st.lists(st.uuids(), max_size=70),
            st.lists(TYPED, max_size=3).map(labelled),
            CUT_SHORT.map(test_ui_property.cut_short),
        ),
    },
    voice_log_card.card: {"found": FOUND, "context": CONTEXT},
    details_view.legs_view: {
        "details": DETAILS,
        "metadata": GIVEN_BACK,
        "context": CONTEXT,
        "notes": FULL_NUMBERS,
    },
    details_view.loading: {},
    details_view.raw_view: {
        "details": DETAILS,
        "page": PAGE,
        "metadata": GIVEN_BACK,
        "notes": FULL_NUMBERS,
    },
    details_view.message_modal: {
        "message": test_ui_property.rows() | test_ui_property.failures(),
        "metadata": GIVEN_BACK,
    },
    details_view.errors_view: {
        "details": DETAILS,
        "page": PAGE,
        "metadata": GIVEN_BACK,
        "context": CONTEXT,
        "notes": FULL_NUMBERS,
    },
    details_view.text_view: {
        "details": DETAILS,
        "metadata": GIVEN_BACK,
        "context": CONTEXT,
        "may_show_in_full": FLAG,
        "notes": FULL_NUMBERS,
    },
    details_view.view: {
        "details": DETAILS,
        "page": PAGE,
        "metadata": GIVEN_BACK,
        "context": CONTEXT,
        "notes": FULL_NUMBERS,
    },
    search_form.form: {
        "metadata": GIVEN_BACK,
        "query": st.none() | test_ui_property.QUERIES,
    },
    help_.help_card: {},
    help_.no_id: {"cut_short": CUT_SHORT},
    help_.no_id_in_message: {"found": FOUND_IDS},
    search_results.expired: {"request_id": REFERENCE},
    search_results.search_results: {
        "result": SWEEPS,
        "query": test_ui_property.QUERIES,
        "context": CONTEXT,
        "buttons": test_ui_property.SEARCH_BUTTONS,
        "is_continued": FLAG,
        "masked": FLAG,
    },
    not_understood.not_understood: {
        "errors": st.lists(
            test_ui_property.query_errors(test_ui_property.TEXT), min_size=1, max_size=4
        ),
        "query": test_ui_property.QUERIES,
        "numbers": st.just([phone_numbers.telephone(test_ui_property.NUMBERS[0])]),
        "searches": test_ui_property.BUTTON_BUILDERS,
    },
    not_understood.did_you_mean: {
        "word": test_ui_property.TEXT,
        "subcommand": st.sampled_from(SUBCOMMANDS[1:]),
        "query": st.none() | test_ui_property.QUERIES,
        "searches": test_ui_property.BUTTON_BUILDERS,
    },
    not_understood.twilio_sid: {"sid": test_ui_property.TEXT},
    not_understood.near_miss: {
        "text": test_ui_property.TEXT,
        "missing": st.integers(-4, 4),
        "not_hex": test_ui_property.TEXT.map(lambda text: text[:2]),
    },
    search_results.offer: {
        "labels": st.lists(TYPED, max_size=3).map(labelled),
        "notes": CUT_SHORT.map(test_ui_property.cut_short),
    },
    search_results.searching: {
        "looked_at": st.integers(0, 10**9),
        "back_to": st.none() | test_ui_property.MOMENTS,
    },
    search_results.results_modal: {"message": test_ui_property.found(), "metadata": GIVEN_BACK},
    notices.call_over: {
        "log_id": st.just(ID),
        "log": test_ui_property.logs(test_ui_property.TEXT),
        "setting": test_ui_property.SETTINGS,
    },
    notices.shared: {
        "log_id": st.just(ID),
        "setting": test_ui_property.SETTINGS,
        "earlier": FLAG,
    },
    notices.follow_limit_reached: {"limit": st.integers(1, 99), "request_id": REFERENCE},
    notices.follow_capacity_reached: {"request_id": REFERENCE},
    notices.share_failed: {
        "log_id": st.just(ID),
        "request_id": REFERENCE,
        "setting": test_ui_property.SETTINGS,
    },
    notices.modal_failed: {"request_id": REFERENCE, "late": FLAG},
    share_form.form: {"setting": test_ui_property.SETTINGS, "metadata": GIVEN_BACK},
    share_form.window: {"message": test_ui_property.found(), "metadata": GIVEN_BACK},
    share_form.sharing: {},
    # A channel is mentioned there on purpose.
    share_form.shared: {"channel_id": st.just("D0FRONTDESK")},
    share_form.rejected: {"request_id": REFERENCE},
    share_form.not_found: {"missed": test_ui_property.found()},
    share_form.failed: {"message": test_ui_property.found(), "log_id": st.just(ID)},
    error_messages.busy: {"request_id": REFERENCE, **AGAIN},
    error_messages.restarting: {"request_id": REFERENCE, **AGAIN},
    error_messages.not_found: {"result": MISSED, "request_id": REFERENCE, **AGAIN},
    error_messages.internal_error: {"request_id": REFERENCE, **AGAIN},
    access_denied.access_denied: {
        "refused": test_ui_property.refused_people(test_ui_property.TEXT),
        "request_id": REFERENCE,
    },
    notices.slow: {"what": st.sampled_from(["the log", "the logs", "the calls"])},
    lookup_result.result_list: {
        "results": SEVERAL,
        "context": CONTEXT,
        "notes": CUT_SHORT.map(test_ui_property.cut_short),
    },
    status.home: {
        "healths": st.none() | test_ui_property.healths(),
        "refusal": st.none() | test_ui_property.refused_people(test_ui_property.TEXT),
    },
    status.status: {
        "healths": test_ui_property.healths(),
        "refusal": st.none() | test_ui_property.refused_people(test_ui_property.TEXT),
    },
}


def builders() -> Iterator[Callable[..., object]]:
    """Return the public functions of `bot.ui` that return a message or a view."""
    for found in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_own and get_type_hints(function)["return"] in {Message, View}:
                yield function


def test_every_builder_is_listed() -> None:
    others = {named(each) for each in DRAWN_BY_OTHERS}
    assert {named(each) for each in builders()} == {named(each) for each in GIVEN} | others


# ── What holds for everything that is shown ───────────────────────────────────────────────────

BOLD: Final = re.compile(r"\*[^*\n]+\*")
OWN_AT: Final = re.compile("(?:an|with an|needs an) @ or sip: (?:before|in) it")
PRESSED: Final = {
    "button",
    "overflow",
    "static_select",
    "multi_static_select",
    "datepicker",
    "plain_text_input",
}


def every(node: JsonValue, *kinds: str) -> Iterator[dict[str, JsonValue]]:
    """Every object of one of these types, at any depth."""
    if isinstance(node, list):
        for item in node:
            yield from every(item, *kinds)
    elif isinstance(node, dict):
        if node.get("type") in kinds:
            yield node
        for item in node.values():
            yield from every(item, *kinds)


def assert_slack_takes(payload: dict[str, JsonValue]) -> None:
    check = view_problems if "type" in payload else message_problems
    assert check(payload) == []
    shown = payload["blocks"]
    assert isinstance(shown, list)
    assert len(shown) <= (100 if "type" in payload else 50)
    assert payload.get("private_metadata", METADATA) in {METADATA, ""}


def assert_nothing_comes_of_outside_text(payload: dict[str, JsonValue]) -> None:
    """No mention, no link, no formatting, in whatever Slack formats."""
    for item in every(payload, "mrkdwn"):
        text = str(item["text"])
        own = OWN_AT.sub(
            "", test_ui_property.CODE.sub("x", test_ui_property.OWN_DATE.sub("", text))
        )
        assert not set(BOLD.sub("", own)) & set("<>&`@#~_*")
        assert "://" not in own
    spoken = str(payload.get("text", ""))
    assert not set(spoken) & set("<>`")
    assert "&" not in test_ui_property.ENTITY.sub("", spoken)
    assert "://" not in spoken


def assert_what_is_pressed_or_filled_in_is_the_bots_own(payload: dict[str, JsonValue]) -> None:
    for element in every(payload, *PRESSED):
        assert test_ui_property.MARK not in json.dumps(element, ensure_ascii=False)


@pytest.mark.parametrize("builder", GIVEN, ids=named)
@QUICK
@given(data=st.data())
def test_hostile_text_is_valid_and_inert_in_every_builder(
    builder: Builder, data: st.DataObject
) -> None:
    made = builder(**data.draw(st.fixed_dictionaries(GIVEN[builder])))
    payload = json.loads(json.dumps(ephemeral(made) if isinstance(made, Message) else made))
    assert_slack_takes(payload)
    test_ui_property.assert_nothing_is_hidden(payload)
    assert_nothing_comes_of_outside_text(payload)
    assert_what_is_pressed_or_filled_in_is_the_bots_own(payload)


@QUICK
@given(st.lists(test_ui_property.query_errors(test_ui_property.TEXT), min_size=1, max_size=3))
def test_field_errors_are_short_and_complete(
    errors: list[QueryError],
) -> None:
    said = search_form.field_errors(errors)
    fields = (search_form.NUMBER_FIELD, search_form.WINDOW_FIELD, search_form.DAY_FIELD)
    assert said.keys() <= {*fields, *search_form.FILTER_FIELDS}
    for text in said.values():
        assert 0 < len(text) <= search_form.FIELD_ERROR_LIMIT
        assert not test_ui_property.hidden_in(text)
        assert "://" not in text
