"""Every message and view that `bot.ui` can build, with untrusted text wherever possible."""

import json
import re
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.ui import actions, block_kit, home_tab, search_form
from bot.ui.block_kit import Fact, Message, View
from bot.voicelogs.query import QueryError
from tests.support.as_sent import as_sent, refused
from tests.support.json_paths import objects
from tests.support.reading import buttons
from tests.unit.ui.builder_arguments import (
    LONG_TOKEN,
    NUMBERS,
    QUERY_ERRORS,
    TOKEN,
    Builder,
    arguments,
    builders,
    drawn,
)
from tests.unit.ui.details_examples import METADATA
from tests.unit.ui.untrusted_text import (
    CODE,
    MARK,
    OWN_AT,
    OWN_DATE,
    as_shown,
    assert_inert,
    hidden_in,
)

QUICK: Final = settings(max_examples=60)
LIKE_MESSAGES: Final = (home_tab.home_tab, block_kit.message_modal)
"""Views whose blocks are those of messages."""


def named(builder: Builder) -> str:
    return f"{builder.__module__}.{builder.__qualname__}"


# ── Checks ────────────────────────────────────────────────────────────────────────────────────────


def mrkdwn(payload: JsonValue) -> list[str]:
    return [str(item["text"]) for item in objects(payload, "mrkdwn")]


HEADLINE = re.compile(r"\A[^\s`]+ \*[^*\n]*\*")
"""The first line of a row: an emoji and, in bold, what happened."""


def without_code(text: str) -> str:
    """Return mrkdwn without code, date tokens and the bot's own use of `@`."""
    return OWN_AT.sub("", CODE.sub("", OWN_DATE.sub("", text)))


MENU_: Final = f"{actions.LEGS}|{actions.COPY}|{actions.REFRESH}|{actions.OPEN_DASHBOARD}"
UUID_: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
THREAD_: Final = r"[0-9]{1,20}\.[0-9]{1,10}"
PERSON_: Final = "[UW][A-Z0-9]+"
STATE_: Final = rf"{actions.STATE_PREFIX}[a-z0-9.]+"
VALUE: Final = re.compile(
    rf"(?:(?:{MENU_}) )?{UUID_}(?: {THREAD_}| {PERSON_})?"
    rf"(?: {actions.SHARED_WORD})?(?: {actions.FOLLOWED_WORD})?(?: {STATE_})?"
    rf"|{UUID_}(?: {UUID_}){{0,{actions.IDS_IN_VALUE_LIMIT - 1}}}(?: {THREAD_})?"
    rf"(?: {actions.NUMBER_PREFIX}{re.escape(TOKEN)})*"
    rf"|{re.escape(LONG_TOKEN)}|{re.escape(TOKEN)}"
)


def assert_values_are_harmless(payload: JsonValue) -> None:
    """Assert that values are IDs, timestamps or sealed, without numbers or untrusted text."""
    for value in filter(None, (each.value for each in buttons(payload))):
        assert VALUE.fullmatch(value)
        assert not [number for number in NUMBERS if number.removeprefix("+") in value]


def assert_untrusted_text_is_in_code(payload: JsonValue) -> None:
    for text in mrkdwn(payload):
        own = without_code(HEADLINE.sub("", text))
        assert MARK not in own
        assert not set(own) & set("<>&`@#~_")
        for headline in HEADLINE.findall(text):
            assert headline.count("*") == 2
            assert not set(headline) & set("<>&`@#~_:|!")


def assert_text_is_complete(message: Message) -> None:
    assert message.text.strip()
    assert len(message.text) < block_kit.TEXT_LIMIT, "the text must not be truncated"
    assert not hidden_in(as_shown(message.text))


INTERACTIVE: Final = {
    "button",
    "overflow",
    "static_select",
    "multi_static_select",
    "datepicker",
    "plain_text_input",
}


def assert_modal_is_small(payload: dict[str, JsonValue]) -> None:
    """Assert that it is well below Slack's limits, which are in other units."""
    assert len(json.dumps(payload)) < 200_000
    texts = objects(payload, "mrkdwn", "plain_text", "text")
    assert all(len(str(item["text"])) <= 2900 for item in texts)


@pytest.mark.parametrize("builder", [*builders(Message, View)], ids=named)
@QUICK
@given(data=st.data())
def test_hostile_text_is_valid_and_inert_in_every_builder(
    builder: Builder, data: st.DataObject
) -> None:
    made = data.draw(drawn(builder))
    payload = as_sent(made)
    assert refused(made) == []
    assert_inert(payload)
    if isinstance(made, Message):
        assert_text_is_complete(made)
    else:
        assert_modal_is_small(payload)
        has_metadata = arguments(builder).keys() & {"context", "metadata"}
        assert payload.get("private_metadata") == (METADATA if has_metadata else None)
    if isinstance(made, Message) or builder in LIKE_MESSAGES:
        assert_untrusted_text_is_in_code(payload)
        assert_values_are_harmless(payload)
    elements = [*objects(payload, *INTERACTIVE)]
    assert MARK not in json.dumps(elements, ensure_ascii=False)


@QUICK
@given(st.lists(QUERY_ERRORS, min_size=1, max_size=3))
def test_field_errors_are_short_and_complete(errors: list[QueryError]) -> None:
    shown_errors = search_form.field_errors(errors)
    fields = (search_form.NUMBER_FIELD, search_form.WINDOW_FIELD, search_form.DAY_FIELD)
    assert shown_errors.keys() <= {*fields, *search_form.FILTER_FIELDS}
    for text in shown_errors.values():
        assert 0 < len(text) <= search_form.FIELD_ERROR_LIMIT
        assert not hidden_in(as_shown(text))
        assert "://" not in text
        assert "`" not in text
        assert "&lt;" not in text


# ── Limits ────────────────────────────────────────────────────────────────────────────────────


def test_builders_clip_text_beyond_a_limit() -> None:
    long = "x" * (block_kit.TEXT_LIMIT + 1)
    eleven = block_kit.fields([Fact("Label", long)] * 11)
    built = [block_kit.header(long), block_kit.section(long), block_kit.context(long), *eleven]
    message = block_kit.message([long], built)
    assert refused(message) == []
    assert len(message.text) == block_kit.TEXT_LIMIT
    texts = [str(item["text"]) for item in objects(as_sent(message), "mrkdwn", "plain_text")]
    assert len(texts) == 13
    assert all(text.endswith("\u2026") for text in [message.text, *texts])
