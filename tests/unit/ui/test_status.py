import pytest

from bot.access import Denial
from bot.signalwire.errors import (
    AuthenticationError,
)
from bot.ui import home_tab, status
from bot.voicelogs.results import ProjectHealth
from tests.support.as_sent import refused


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100])
def test_slack_accepts_any_number_of_projects(count: int) -> None:
    error = AuthenticationError()
    projects = [ProjectHealth(f"{'n' * 60}{number}", error, 99_999) for number in range(count)]
    message = status.status(projects, Denial("user", "U0EVE"))

    assert refused(message) == []
    assert refused(home_tab.home_tab(projects, None)) == []
    assert ("80 more" in message.text) is (count == 100)
