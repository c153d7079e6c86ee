"""The cards of unusual real logs; see tests/cases."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest

from bot.signalwire.models import RawVoiceLog
from bot.signalwire.responses import parse_voice_log
from bot.ui import actions, facts, labels, notices
from bot.ui.block_kit import Fact, Message
from bot.ui.card_buttons import CardOptions
from bot.ui.card_context import CardContext
from bot.ui.details import legs_chart
from bot.ui.details import view as details_view
from bot.ui.lookup_result import lookup_result
from bot.ui.mrkdwn import mrkdwn_to_text
from bot.voicelogs import masking
from bot.voicelogs.ids import in_text
from bot.voicelogs.results import CallLegs, Details, Found
from tests.cases import LOGS, LogCase
from tests.support.as_sent import refused, sent_blocks
from tests.support.reading import buttons, texts_in

NOW: Final = datetime(2026, 11, 28, 16, 38, 39, tzinfo=UTC)
CONTEXT: Final = CardContext("k7m2", NOW, options=CardOptions())
UNITS: Final = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}
CASES: Final = [pytest.param(case, id=case.name) for case in LOGS]


def parsed(case: LogCase) -> RawVoiceLog:
    text = re.sub(r"NOW([+-])(\d+)(s|min|h|d)\b", _moment, json.dumps(case.log))
    return parse_voice_log(text.encode())


def _moment(match: re.Match[str]) -> str:
    distance = timedelta(**{UNITS[match[3]]: int(match[2])})
    return (NOW + distance if match[1] == "+" else NOW - distance).isoformat()


def found(case: LogCase) -> Found:
    raw = parsed(case)
    return Found(UUID(raw.log.id), "acme", raw.log, raw.json)


def card(case: LogCase) -> Message:
    return lookup_result([found(case)], CONTEXT)


def shown_facts(text: str) -> dict[str, str]:
    lines = [line.partition(": ") for line in text.splitlines()[1:]]
    return {label: value for label, separator, value in lines if separator}


@pytest.mark.parametrize("case", CASES)
def test_a_card_shows_the_facts_of_the_log(case: LogCase) -> None:
    message = card(case)
    text, expected = message.text, case.card
    shown = shown_facts(text)
    expected_facts = {
        "From": expected.from_,
        "To": expected.to,
        facts.WAITING: expected.waiting,
        facts.BILLED: expected.billed,
        expected.since or facts.STARTED: expected.since_value,
    }

    assert {label: shown.get(label) for label, value in expected_facts.items() if value} == {
        label: value for label, value in expected_facts.items() if value
    }
    if expected.duration is not None:
        assert expected.duration in (shown.get("Duration"), shown.get(facts.DURATION_SO_FAR))
    if expected.charge is not None:
        assert expected.charge in (shown.get("Charge"), shown.get("Charge so far"))
    if expected.since is not None:
        assert [label for label in (facts.STARTED, facts.CREATED) if label in shown] == [
            expected.since
        ]
    if expected.headline is not None:
        assert text.splitlines()[0] == expected.headline
    audio = [line for line in text.splitlines() if line.startswith("Audio: ")]
    assert audio == ([expected.audio] if expected.audio is not None else [])
    assert (expected.overdue or "") in text
    assert ("no end" in text) is (expected.overdue is not None)
    assert [part for part in expected.says if part not in text] == []
    assert [part for part in expected.never if part in text] == []


@pytest.mark.parametrize("case", CASES)
def test_the_blocks_of_a_card_have_the_same_facts_in_pairs(case: LogCase) -> None:
    message = card(case)
    shown = texts_in(sent_blocks(message))
    field_counts = [
        len(block["fields"])
        for block in message.blocks
        if block["type"] == "section" and "fields" in block
    ]
    offers_follow = actions.FOLLOW in {button.action_id for button in buttons(sent_blocks(message))}

    assert field_counts in ([], [2], [4], [6])
    assert refused(message) == []
    for fact in facts.main_facts(found(case).log, NOW):
        assert mrkdwn_to_text(fact.line) in message.text
        assert f"*{fact.label}*\n{fact.value}" in shown
    assert case.card.follow in (None, offers_follow)


def test_the_abbreviated_parent_on_a_card_is_not_taken_for_a_truncated_id() -> None:
    (case,) = (case for case in LOGS if case.name == "a child leg")
    message = card(case)

    for text in (message.text, texts_in(sent_blocks(message))):
        ids = in_text(text)
        assert ([*map(str, ids.complete)], ids.truncated) == ([case.log["id"]], ())


@pytest.mark.parametrize(
    ("name", "sign", "length"),
    [
        ("a live leg whose duration is a stale snapshot", "▒", "14:00"),
        ("a row that never ended", "┃", "?"),
        ("queued for twenty hours", "┃", "?"),
        ("RELAY leg that was never billed", "░", "0:18"),
        ("RELAY leg that rang, then talked", "█", "0:12"),
    ],
)
def test_a_bar_shows_no_more_than_the_log_has(name: str, sign: str, length: str) -> None:
    (case,) = (case for case in LOGS if case.name.startswith(name))
    log = found(case).log
    bar = legs_chart.render_chart(CallLegs(log, (log,)), NOW).splitlines()[1]

    assert set(bar) & set("█░▒━┃") == {sign}
    assert bar.endswith(f" {length}")


def test_another_currency_is_kept_in_a_list_and_when_the_call_is_over() -> None:
    (case,) = (case for case in LOGS if case.name == "a currency of its own")
    log = found(case)
    over = notices.call_over(log.log_id, log.log, CardOptions())
    for message in (lookup_result([log, log], CONTEXT), over):
        assert "0.0121 EUR" in message.text
        assert "$" not in message.text


@pytest.mark.parametrize("case", CASES)
def test_details_show_the_same_facts_with_engine_and_source(case: LogCase) -> None:
    log = found(case)
    view = details_view.view(Details(log), CONTEXT)
    shown = texts_in(sent_blocks(view))

    assert labels.status(log.log)[1] in shown
    assert (case.card.overdue or "") in shown
    assert [word for word in labels.labels(log.log, exact=True) if word not in shown] == []
    assert (case.card.audio or "") in shown
    if log.log.duration_ms and not log.log.is_live:
        assert f"({log.log.duration_ms} ms)" in shown or log.log.duration_ms >= 1_000_000
    raw = details_view.raw_view(Details(log), CONTEXT)
    for name in ("audio_in_mos", "audio_out_lost"):
        assert (f"`{name}`" in texts_in(sent_blocks(raw))) == (name in case.log)


@pytest.mark.parametrize("case", CASES)
def test_a_masked_card_differs_in_addresses_only(case: LogCase) -> None:
    masked = lookup_result([masking.mask_result(found(case))], CONTEXT)
    hidden = {Fact("From", "").label, Fact("To", "").label}

    if "huge" not in case.name:
        whole, shown = shown_facts(card(case).text), shown_facts(masked.text)
        assert {name for name in whole if whole[name] != shown[name]} <= hidden
