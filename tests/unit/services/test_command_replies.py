"""Slack accepts the reply to any text, and no button's value has a plain number."""

from datetime import UTC, datetime
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.listeners.command_text import NotUnderstood, decide
from bot.services.command_replies import numbers_in
from bot.ui import not_understood
from bot.ui.not_understood import SearchButtonBuilder
from tests.support.as_sent import refused

NOW: Final = datetime(2026, 11, 28, 18, tzinfo=UTC)
WORDS: Final = st.sampled_from(
    [
        *("find", "from", "to", "since", "until", "on", "between", "and", "failed", "inbuond"),
        *("5550103", "+1 206 555 0100", "555-0104", "sip:alice", "a@b", "2", "11/12", "3/4 10:00"),
        *("2h", "yesterday", "2026-11-20", "hello", "<!channel>", "`", "recent", "50", "9" * 20),
    ]
)
TEXTS: Final = st.lists(WORDS | st.text(max_size=8), max_size=8).map(" ".join)


@settings(max_examples=300)
@given(TEXTS, st.booleans())
def test_any_text_has_a_reply_that_slack_accepts(
    text: str,
    masked: bool,  # noqa: FBT001
) -> None:
    decision = decide(text, now=NOW)
    if not isinstance(decision, NotUnderstood):
        return
    numbers = numbers_in(decision.text, decision.errors, decision.query)
    message = not_understood.not_understood(
        decision.errors,
        decision.query,
        numbers,
        SearchButtonBuilder(lambda _: "sealed", NOW, masked),
    )

    assert refused(message) == []
    assert message.text.strip()


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("find 555-0103 and the other", ["5550103"]),
        ("find +1 206 555 0103 hung up", ["12065550103"]),
        ("find 2065550103 hung up", ["2065550103"]),
        ("find 5550100 5550103 5550104 5550105", ["5550100", "5550103", "5550104"]),
        ("hello there", []),
    ],
)
def test_each_number_of_a_text_is_found_once(text: str, digits: list[str]) -> None:
    decision = decide(text, now=NOW)
    assert isinstance(decision, NotUnderstood)
    numbers = numbers_in(decision.text, decision.errors, decision.query)

    assert [number.digits for number in numbers] == digits
