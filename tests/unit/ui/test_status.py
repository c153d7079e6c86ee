import pytest

from bot.access import Denial
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    LogTooOldError,
    SignalWireError,
)
from bot.ui import errors, home_tab, status
from bot.voicelogs.results import ProjectHealth
from tests.support.as_sent import refused


@pytest.mark.parametrize("error", [BadRequestError(422, ()), LogTooOldError(None)])
def test_no_error_of_a_project_is_about_an_id(error: SignalWireError) -> None:
    """The status isn't about a log."""
    text = status.status([ProjectHealth("sales", error, 3)], None).text
    assert "the ID" not in text
    assert errors.TOO_OLD.title not in text
    assert errors.describe_list(LogTooOldError(None)).hint not in text


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100])
def test_slack_accepts_any_number_of_projects(count: int) -> None:
    error = AuthenticationError()
    projects = [ProjectHealth(f"{'n' * 60}{number}", error, 99_999) for number in range(count)]
    message = status.status(projects, Denial("user", "U0EVE"))

    assert refused(message) == []
    assert refused(home_tab.home_tab(projects, None)) == []
    assert ("80 more" in message.text) is (count == 100)
