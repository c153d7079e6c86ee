import json

import pytest
from pydantic import JsonValue

from bot.access import Denial
from bot.dev.emulator.slack.block_kit import problems, view_problems
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    LogTooOldError,
    SignalWireError,
)
from bot.slack.response_url import ephemeral
from bot.ui import errors, home_tab, status
from bot.voicelogs.results import ProjectHealth


def as_sent(content: object) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(content))
    return payload


@pytest.mark.parametrize("error", [BadRequestError(422, ()), LogTooOldError(None)])
def test_no_project_is_told_about_an_id(error: SignalWireError) -> None:
    """A status isn't about one log."""
    text = status.status([ProjectHealth("sales", error, 3)], None).text
    assert "the ID" not in text
    assert errors.TOO_OLD.title not in text
    assert errors.describe_list(LogTooOldError(None)).hint not in text


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100])
def test_slack_accepts_any_number_of_projects(count: int) -> None:
    error = AuthenticationError()
    projects = [ProjectHealth(f"{'n' * 60}{number}", error, 99_999) for number in range(count)]
    message = status.status(projects, Denial("user", "U0EVE"))

    assert problems(as_sent(ephemeral(message))) == []
    assert view_problems(as_sent(home_tab.home_tab(projects, None))) == []
    assert ("80 more" in message.text) is (count == 100)
