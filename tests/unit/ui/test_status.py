# ruff: noqa: E501 - a golden card is as wide as the card
import json

import pytest
from inline_snapshot import snapshot
from pydantic import JsonValue

from bot import __version__
from bot.access import Denial
from bot.cli.terminal import render
from bot.dev.emulator.slack.block_kit import problems, view_problems
from bot.signalwire.errors import (
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.slack.response_url import ephemeral
from bot.ui import status
from bot.ui.block_kit import View
from bot.ui.subcommands import SUBCOMMANDS
from bot.voicelogs.results import PartError, ProjectHealth

WELL = ProjectHealth("sales", None, 42)
HOSTILE = "<!channel>`*x*` <https://evil.example|SignalWire>"
REFUSALS = [Denial("channel", "C0OTHER"), Denial("user", "U0EVE"), Denial("team", "T0OTHER")]


def plain(drawn: str) -> str:
    return drawn.replace(__version__, "V")


def as_sent(content: object) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(content))
    return payload


def problems_of(view: View) -> list[str]:
    return view_problems(as_sent(view))


def buttons_in(view: View) -> list[str]:
    return [block["type"] for block in view["blocks"] if block["type"] == "actions"]


def test_all_is_well() -> None:
    message = status.status([WELL, ProjectHealth("support", None, 1250)], None)

    assert plain(render(message.blocks)) == snapshot("""\
┃ 📟 VoiceLog V
┃
┃ ✅ SignalWire sales: reachable, credentials accepted (42 ms)
┃
┃ ✅ SignalWire support: reachable, credentials accepted (1250 ms)
┃
┃ ✅ You may look voice logs up here.\
""")
    assert plain(message.text) == snapshot("""\
VoiceLog V.
✅ SignalWire sales: reachable, credentials accepted (42 ms)
✅ SignalWire support: reachable, credentials accepted (1250 ms)
✅ You may look voice logs up here.\
""")


def test_each_trouble_says_what_to_do() -> None:
    healths = [
        ProjectHealth("refused", AuthenticationError(), 7),
        ProjectHealth("down", UnavailableError("503", 3), 812),
        ProjectHealth("silent", UnavailableError("timeout", 3), 8000),
        ProjectHealth("slow", RateLimitedError(12), 9),
        ProjectHealth("odd", InvalidResponseError("HTML"), 3),
        ProjectHealth("faulty", "broken", 0),
    ]

    assert plain(render(status.status(healths, None).blocks)) == snapshot("""\
┃ 📟 VoiceLog V
┃
┃ ❌ SignalWire refused: SignalWire refused the bot's credentials (7 ms). Ask whoever runs this bot to check the project id and the token, and that the token has the Voice scope.
┃
┃ ❌ SignalWire down: SignalWire isn't answering (812 ms). Try again in a minute. If it goes on, look at SignalWire's status page.
┃
┃ ❌ SignalWire silent: SignalWire isn't answering (8000 ms). Try again in a minute. If it goes on, look at SignalWire's status page.
┃
┃ ❌ SignalWire slow: SignalWire asks to slow down (9 ms). Try again in 12 s.
┃
┃ ❌ SignalWire odd: SignalWire's answer couldn't be read (3 ms). Try again. If it goes on, show this message to whoever runs this bot.
┃
┃ ❌ SignalWire faulty: Sorry, something broke in this bot.
┃
┃ ✅ You may look voice logs up here.\
""")


@pytest.mark.parametrize("error", [BadRequestError(422, ()), LogTooOldError(None)])
def test_nobody_is_told_to_check_an_id_that_nobody_gave(error: SignalWireError) -> None:
    said = status.status([ProjectHealth("sales", error, 3)], None).text

    assert "the id" not in said
    assert "This log" not in said


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.reason)
def test_somebody_who_may_not_is_told_why_and_whom_to_ask(refusal: Denial) -> None:
    message = status.status([WELL], refusal)

    assert "✅ SignalWire sales: reachable" in message.text
    assert "🔒 You can't look up voice logs here." in message.text
    assert refusal.subject in message.text
    assert "Ask the bot's administrator" in message.text
    assert "You may" not in message.text


def test_somebody_of_another_company_is_told_of_no_project() -> None:
    message = status.status([], Denial("team", "T0OTHER"))

    assert plain(render(message.blocks)) == snapshot("""\
┃ 📟 VoiceLog V
┃
┃ 🔒 You can't look up voice logs here. Only people in certain workspaces can look up voice logs. Ask the bot's administrator (the app's About tab in Slack shows who installed it) to allow your workspace: T0OTHER.\
""")


def test_a_hostile_name_of_a_project_is_shown_as_it_is() -> None:
    troubles: list[PartError | None] = [None, AuthenticationError(), "broken"]
    for trouble in troubles:
        health = ProjectHealth(HOSTILE, trouble, 1)
        posted = json.dumps(ephemeral(status.status([health], None)), ensure_ascii=False)

        assert "<!" not in posted
        assert "<https" not in posted
        assert "`&lt;!channel&gt;'*x*' " in posted


@pytest.mark.parametrize("count", [0, 1, 20, 21, 100])
def test_however_many_projects_there_are_slack_takes_it(count: int) -> None:
    error = AuthenticationError()
    healths = [ProjectHealth(f"{'n' * 60}{number}", error, 99_999) for number in range(count)]
    message = status.status(healths, Denial("user", "U0EVE"))
    view = status.home(healths, None)

    assert problems(as_sent(ephemeral(message))) == []
    assert problems_of(view) == []
    assert ("80 more projects" in message.text) is (count == 100)


def test_of_many_projects_none_is_hidden_behind_a_cut() -> None:
    """The permission stands last, and must be there however much is said before it."""
    healths = [ProjectHealth(f"project-{n}", AuthenticationError(), 99_999) for n in range(30)]
    drawn = render(status.status(healths, None).blocks)

    assert "… and 10 more projects" in drawn
    assert "You may look voice logs up here" in drawn


def test_home_says_what_the_bot_does_before_signalwire_has_answered() -> None:
    view = status.home(None, None)

    assert plain(render(view["blocks"])) == snapshot("""\
┃ 📞 VoiceLog
┃
┃ Who called whom, how the call ended, how long it took, what it cost: VoiceLog shows a SignalWire voice log here in Slack, to you alone.
┃
┃ [ Find a call ]
┃
┃ Things to try
┃
┃ • /voicelog b7182dc2-00f3-40e4-a5ce-20f164b329df shows a call's card: from and to, status, duration, charge. Up to ten ids at a time, or a dashboard or API link
┃ • /voicelog find 5550134 2h finds calls without an id, by a number however it is written, by time, by status or direction
┃ • /voicelog recent 5 lists the latest calls, ten unless told otherwise
┃ • /voicelog status says whether the bot can reach SignalWire, and whether you may look calls up here
┃ • /voicelog help shows this
┃
┃ On a message that holds ids or a phone number: its menu (⋮), Look up voice log.
┃
┃ ────────────────────────────────────────────────────────────────────────────
┃
┃ Status
┃
┃ Asking SignalWire… If this stays, open the tab again.
┃
┃ VoiceLog V\
""")
    assert problems_of(view) == []


def test_home_names_every_subcommand_by_its_example() -> None:
    drawn = render(status.home(None, None)["blocks"])

    assert [each.example for each in SUBCOMMANDS if f"• {each.example} {each.does}" in drawn] == [
        each.example for each in SUBCOMMANDS
    ]


def test_home_of_somebody_who_may_search_has_a_button() -> None:
    assert buttons_in(status.home(None, None)) == ["actions"]
    assert buttons_in(status.home([WELL], None)) == ["actions"]


@pytest.mark.parametrize("healths", [None, [WELL]], ids=["pending", "answered"])
def test_home_of_somebody_who_may_not_has_none(healths: list[ProjectHealth] | None) -> None:
    for refusal in REFUSALS:
        assert buttons_in(status.home(healths, refusal)) == []


def test_home_says_from_the_first_why_there_is_no_button() -> None:
    drawn = render(status.home(None, Denial("user", "U0EVE"))["blocks"])

    assert "You can't look up voice logs here" in drawn


def test_home_where_only_channels_are_allowed_says_where_to_go() -> None:
    drawn = render(status.home([WELL], Denial("channel", ""))["blocks"])

    assert "Run /voicelog in one of the channels where it is allowed." in drawn
    assert "(blank)" not in drawn
