"""What users see if SignalWire doesn't return the log."""

from collections.abc import Container
from dataclasses import dataclass, replace

import pytest

from bot.dev.emulator.signalwire.failures import canned_failures
from bot.signalwire.client import RetryPolicy
from tests.integration.harness import OpenWorld, Project, World, request_ids_shown
from tests.support import texts
from tests.support.reading import only, request_id_in, to_json
from tests.support.samples import DOCUMENTED, STALLED

DESCRIPTIONS = {failure.id: failure.description for failure in canned_failures()}


@dataclass(frozen=True)
class Expected:
    """The result of a lookup: outcome, title, facts in the text, requests for the voice log."""

    outcome: str
    title: str
    facts: tuple[str, ...] = ()
    requests: Container[int] = (1,)


NOT_FOUND = Expected("not_found", texts.NOT_FOUND)
UNAUTHORIZED = Expected("credentials_rejected", texts.UNAUTHORIZED)
INVALID = Expected("unreadable", texts.INVALID_RESPONSE)
UNAVAILABLE = Expected("unavailable", texts.UNAVAILABLE, ("three times",), (3,))
RATE_LIMITED = Expected("rate_limited", texts.RATE_LIMITED, ("in a minute",), (3,))


def canned(status: int, number: int = 0) -> str:
    return f"fa170{status}-0000-4000-8000-{number:012}"


ERRORS = {
    canned(400): Expected("rejected", texts.REJECTED, ("400", "Bad Request")),
    canned(401): UNAUTHORIZED,
    canned(403): UNAUTHORIZED,
    canned(404): NOT_FOUND,
    canned(404, 1): NOT_FOUND,
    canned(422): Expected("too_old", texts.TOO_OLD, ("2025-02-09",)),
    canned(422, 1): Expected(
        "rejected", texts.REJECTED, ("422", "invalid_parameter", "Parameter value is invalid")
    ),
    canned(429): replace(RATE_LIMITED, facts=("in 1 second",)),
    canned(429, 2): replace(RATE_LIMITED, facts=("in 2 min",), requests=(1,)),
    canned(429, 3): RATE_LIMITED,
    canned(500): Expected("unavailable", texts.server_error(500), ("once",), (1,)),
    canned(503): replace(UNAVAILABLE, title=texts.server_error(503)),
    **{canned(200, number): INVALID for number in range(6)},
    canned(302): INVALID,
}
TRANSIENT = {
    canned(429, 1): 2,
    canned(503, 1): 2,
    canned(500, 1): 1,
    canned(500, 2): 1,
    canned(200, 6): 1,
}
"""Failures after which the log is found, and the number of requests that takes."""


async def test_every_canned_failure_has_an_expectation() -> None:
    assert {*ERRORS, *TRANSIENT, STALLED} == {*DESCRIPTIONS}


async def assert_error(world: World, log_id: str, expected: Expected) -> None:
    """Assert that there is one message, with this text and a logged request ID."""
    interaction = await world.type(log_id)
    message = only(interaction)

    assert [post.status for post in interaction.posts] == [200]
    assert set(world.requested_ids) == {log_id}
    assert len(world.requested_ids) in expected.requests
    assert message.text.startswith(f"{expected.title}.")
    assert [fact for fact in (*expected.facts, log_id) if fact not in message.text] == []
    (line,) = world.log.lines(request_id=request_id_in(message))
    assert (line["event"], line["outcome"], line["id"]) == ("lookup.done", expected.outcome, log_id)
    assert request_id_in(message) in request_ids_shown(world), "what is asserted of every test"
    hidden = (*world.secrets, "elsewhere.example", "html", "Traceback", "Error", "None")
    assert [word for word in hidden if word in to_json(message)] == []

    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize("log_id", ERRORS, ids=[DESCRIPTIONS[log_id] for log_id in ERRORS])
async def test_each_failure_has_its_message_and_audit_line(world: World, log_id: str) -> None:
    await assert_error(world, log_id, ERRORS[log_id])


@pytest.mark.parametrize("log_id", TRANSIENT, ids=[DESCRIPTIONS[log_id] for log_id in TRANSIENT])
async def test_transient_failure_ends_with_the_card(world: World, log_id: str) -> None:
    await world.ask(log_id)

    assert world.log.lines("lookup.done", id=log_id, outcome="found")
    assert world.requested_ids == [log_id] * TRANSIENT[log_id]


async def test_stalled_response_times_out(open_world: OpenWorld) -> None:
    world = await open_world(retry_policy=RetryPolicy(total_seconds=0.8, response_seconds=0.2))
    world.gate.close()

    await assert_error(world, STALLED, replace(UNAVAILABLE, facts=("twice",), requests=(2,)))
    (line,) = world.log.lines("lookup.done", id=STALLED)
    assert isinstance(line["duration_ms"], int)
    assert 700 < line["duration_ms"] < 4000


async def test_wrong_credentials_are_not_shown(open_world: OpenWorld) -> None:
    world = await open_world(Project(token_is_wrong=True))
    message = await world.ask(DOCUMENTED)

    assert message.text.startswith(f"{texts.UNAUTHORIZED}.")
    assert "0badc0de" not in to_json(message) + world.log.getvalue()
    await world.log.line("startup_check.failed", check="SignalWire 127.0.0.1")


async def test_missing_space_is_reported_everywhere(world: World) -> None:
    world.signalwire.is_absent = True

    for typed in (DOCUMENTED, "find 5550103", "status"):
        assert texts.NOT_THE_API in (await world.ask(typed)).text
