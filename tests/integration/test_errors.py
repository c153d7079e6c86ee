"""What a person reads when SignalWire doesn't give the log."""

import json
from collections.abc import Container
from dataclasses import dataclass, replace

import pytest

from bot.dev.emulator.signalwire.catalogue import DOCUMENTED, canned_failures
from bot.signalwire.client import RetryPolicy
from bot.ui import errors as error_texts
from tests.integration.harness import OpenWorld, World, closed_port, only, reference_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

STALLED = "fa170200-0000-4000-8000-000000000007"
WHAT = {fault.id: fault.description for fault in canned_failures()}


@dataclass(frozen=True)
class Expected:
    outcome: str
    title: str
    words: tuple[str, ...]
    requests: Container[int] = (1,)


NOT_FOUND = Expected(
    "not_found",
    f"{error_texts.NOT_FOUND.title}.",
    ("may take a moment", "another project", "a message, a fax or a recording"),
)
REFUSED = Expected(
    "credentials_refused",
    f"{error_texts.CREDENTIALS_REJECTED.title}.",
    ("administrator", "project id", "token", "Voice scope"),
)
UNREADABLE = Expected(
    "unreadable", f"{error_texts.UNREADABLE.title}.", ("isn't a voice log", "Try again")
)
UNAVAILABLE = Expected(
    "unavailable", f"{error_texts.UNAVAILABLE.title}.", ("tried three times", "Try again"), (3,)
)
SLOW_DOWN = f"{error_texts.RATE_LIMITED.title}."

ERRORS = {
    "fa170400-0000-4000-8000-000000000000": Expected(
        "rejected", f"{error_texts.REQUEST_REJECTED.title}.", ("400", "Bad Request", "Check the id")
    ),
    "fa170401-0000-4000-8000-000000000000": REFUSED,
    "fa170403-0000-4000-8000-000000000000": REFUSED,
    "fa170404-0000-4000-8000-000000000000": NOT_FOUND,
    "fa170404-0000-4000-8000-000000000001": NOT_FOUND,
    "fa170422-0000-4000-8000-000000000000": Expected(
        "too_old",
        f"{error_texts.TOO_OLD.title}.",
        ("history limit", "2025-02-09", "Ask "),
    ),
    "fa170422-0000-4000-8000-000000000001": Expected(
        "rejected",
        f"{error_texts.REQUEST_REJECTED.title}.",
        ("422", "invalid_parameter", "Parameter value is invalid"),
    ),
    "fa170429-0000-4000-8000-000000000000": Expected(
        "rate_limited", SLOW_DOWN, ("Try again in 1 s.",), (3,)
    ),
    "fa170429-0000-4000-8000-000000000002": Expected(
        "rate_limited", SLOW_DOWN, ("Try again in 2 min 00 s.",)
    ),
    "fa170429-0000-4000-8000-000000000003": Expected(
        "rate_limited", SLOW_DOWN, ("Try again in a minute.",), (3,)
    ),
    "fa170500-0000-4000-8000-000000000000": Expected(
        "unavailable", f"{error_texts.UNAVAILABLE.title}.", ("tried once", "Try again")
    ),
    "fa170503-0000-4000-8000-000000000000": UNAVAILABLE,
    "fa170200-0000-4000-8000-000000000000": UNREADABLE,
    "fa170200-0000-4000-8000-000000000001": UNREADABLE,
    "fa170200-0000-4000-8000-000000000002": UNREADABLE,
    "fa170200-0000-4000-8000-000000000003": UNREADABLE,
    "fa170200-0000-4000-8000-000000000004": UNREADABLE,
    "fa170200-0000-4000-8000-000000000005": UNREADABLE,
    "fa170302-0000-4000-8000-000000000000": UNREADABLE,
}

# What goes wrong without keeping the person from the card, and how many requests that takes.
OVERCOME = {
    "fa170429-0000-4000-8000-000000000001": 2,
    "fa170503-0000-4000-8000-000000000001": 2,
    "fa170500-0000-4000-8000-000000000001": 1,
    "fa170200-0000-4000-8000-000000000006": 1,
}


async def test_every_fault_of_the_sandbox_has_an_expectation() -> None:
    assert {*ERRORS, *OVERCOME, STALLED} == {*WHAT}


async def assert_told(world: World, log_id: str, expected: Expected) -> None:
    """One message, the right words, a reference that the log knows; then all goes on."""
    before = len(world.asked_for)
    exchange = await world.type(log_id)
    message = only(exchange)

    assert [post.status for post in exchange.posts] == [200]
    assert set(world.asked_for[before:]) == {log_id}
    assert len(world.asked_for[before:]) in expected.requests
    assert message.text.startswith(expected.title)
    for words in (*expected.words, log_id):
        assert words in message.text
    (line,) = world.log.lines(request_id=reference_in(message))
    assert (line["event"], line["outcome"]) == ("lookup.done", expected.outcome)
    assert line["id"] == log_id
    shown = json.dumps(dict(message.payload))
    for hidden in (*world.secrets, "elsewhere.example", "html", "Traceback", "Error", "None"):
        assert hidden not in shown

    assert (await world.answer(DOCUMENTED)).text.startswith("Completed · 9 s")


@pytest.mark.parametrize("log_id", ERRORS, ids=[WHAT[log_id] for log_id in ERRORS])
async def test_a_failure_is_told_in_the_right_words(world: World, log_id: str) -> None:
    await assert_told(world, log_id, ERRORS[log_id])


@pytest.mark.parametrize("log_id", OVERCOME, ids=[WHAT[log_id] for log_id in OVERCOME])
async def test_a_passing_trouble_ends_in_the_card(world: World, log_id: str) -> None:
    before = len(world.asked_for)
    message = await world.answer(log_id)

    assert message.text.startswith("Ended · 12 s")
    assert world.asked_for[before:] == [log_id] * OVERCOME[log_id]


async def test_a_stalled_answer_is_given_up(open_world: OpenWorld) -> None:
    world = await open_world(retry_policy=RetryPolicy(total_seconds=0.8, answer_seconds=0.2))
    world.gate.close()

    told = replace(UNAVAILABLE, words=("tried twice", "Try again"), requests=(2,))
    await assert_told(world, STALLED, told)
    (line,) = world.log.lines("lookup.done", id=STALLED)
    assert isinstance(line["duration_ms"], int)
    assert 700 < line["duration_ms"] < 4000


async def test_nobody_listening_at_signalwire_is_told_and_logged_once(
    open_world: OpenWorld,
) -> None:
    with closed_port() as port:
        world = await open_world(environment={"SIGNALWIRE_SPACE": f"http://127.0.0.1:{port}"})
        line = await world.log.line("startup_check.failed", check="SignalWire 127.0.0.1")
        message = await world.answer(DOCUMENTED)

    assert "isn't answering" in str(line["message"])
    assert message.text.startswith(UNAVAILABLE.title)
    assert "tried three times" in message.text
    (audit,) = world.log.lines(request_id=reference_in(message))
    assert audit["outcome"] == "unavailable"
    assert len(world.log.lines("startup_check.failed")) == 1


async def test_wrong_credentials_are_told_without_showing_them(open_world: OpenWorld) -> None:
    world = await open_world(environment={"SIGNALWIRE_API_TOKEN": "PT" + "0badc0de" * 4})
    message = await world.answer(DOCUMENTED)

    assert message.text.startswith(REFUSED.title)
    assert "0badc0de" not in json.dumps(dict(message.payload))
    assert "0badc0de" not in world.log.getvalue()
    await world.log.line("startup_check.failed", check="SignalWire 127.0.0.1")
