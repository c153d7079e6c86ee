import json
import re

import pytest

from bot import __version__
from bot.__main__ import main
from bot.cli import terminal
from bot.dev.emulator.signalwire.catalog import DOCUMENTED, catalog, delayed_log
from bot.dev.emulator.signalwire.failures import canned_failures
from bot.dev.gallery.fixtures import logged
from bot.dev.gallery.replies import reply
from bot.runtime.clock import utc_now
from bot.settings import Settings
from bot.ui import errors as error_texts

COMPLETE = {
    "SLACK_SIGNING_SECRET": "signing",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SIGNALWIRE_SPACE": "acme",
    "SIGNALWIRE_PROJECT_ID": "project",
    "SIGNALWIRE_API_TOKEN": "PT1",
}
COMMANDS = ("serve", "socket", "check", "lookup", "demo", "manifest")

pytestmark = pytest.mark.usefixtures("usual_logging")

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def exit_code(*arguments: str) -> int:
    """Return the exit code of arguments with which argparse exits."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    code = caught.value.code
    assert isinstance(code, int)
    return code


def demo(capsys: Captured, *arguments: str) -> str:
    """Return what the demo prints."""
    assert main(["demo", *arguments]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    return printed.out


def test_help_lists_every_command(capsys: Captured) -> None:
    assert exit_code("--help") == 0
    listed = [line.split()[0] for line in capsys.readouterr().out.split("\n") if line.strip()]
    assert [word for word in listed if word in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str, capsys: Captured) -> None:
    assert exit_code(command, "--help") == 0
    assert f"usage: python -m bot {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [("unknown",), ("lookup",), ("serve", "now"), ("--port", "1")]
)
def test_wrong_usage_exits_2_and_prints_the_usage(
    arguments: tuple[str, ...], capsys: Captured
) -> None:
    assert exit_code(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("usage: python -m bot")
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("arguments", "code", "missing"),
    [
        ((), 2, 5),
        (("serve",), 2, 5),
        (("socket",), 2, 5),
        (("check",), 1, 5),
        (("lookup", DOCUMENTED), 2, 3),
    ],
)
def test_each_missing_setting_is_a_line_on_stderr(
    arguments: tuple[str, ...], code: int, missing: int, capsys: Captured
) -> None:
    assert main(arguments) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    *lines, last = printed.err.splitlines()
    assert len(lines) == missing
    assert all(" is missing (" in line for line in lines)
    assert last.endswith("python -m bot demo")


def test_the_demo_shows_the_documented_log(capsys: Captured) -> None:
    card = terminal.render(reply(logged(DOCUMENTED)).blocks)
    expected = f"/voicelog {DOCUMENTED}\n\nVoiceLog (only visible to you)\n{card}\n"
    assert demo(capsys) == expected


@pytest.mark.parametrize(
    ("typed", "sent", "first_line"),
    [
        (
            ["/voicelog fa170404-0000-4000-8000-000000000000"],
            "fa170404",
            error_texts.NOT_FOUND.title,
        ),
        (["/voicelog", "fa170401-0000-4000-8000-000000000000"], "fa170401", "credentials"),
        (["fa170200-0000-4000-8000-000000000000"], "fa170200", error_texts.UNREADABLE.title),
        (["/voicelog help"], "help", "VoiceLog"),
        (["/voicelog hello"], "hello", "I don't understand hello."),
    ],
)
def test_the_demo_sends_the_given_command(
    typed: list[str], sent: str, first_line: str, capsys: Captured
) -> None:
    command, blank, name, card, *_ = demo(capsys, *typed).splitlines()
    assert command.startswith(f"/voicelog {sent}")
    assert (blank, name) == ("", "VoiceLog (only visible to you)")
    assert card.startswith("┃ ")
    assert first_line in card


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("Details", "Voice log (modal)", "┃ [ Raw JSON ]"),
        ("Legs of the call", "Legs of the call (modal)", "┃ No other legs between "),
        ("Refresh", "VoiceLog (only visible to you)", "┃ Updated "),
        ("Share", "VoiceLog (only visible to you)", "┃ Shared by "),
    ],
)
def test_the_demo_presses_a_button_or_menu_option_and_shows_the_result(
    label: str, first: str, last: str, capsys: Captured
) -> None:
    _, _, pressed = demo(capsys, "--press", label).partition(f"\n\n[ {label} ]\n\n")
    lines = pressed.splitlines()
    assert lines[0] == first
    assert lines[-1].startswith(last)


@pytest.mark.parametrize(
    ("pressed", "offered"),
    [
        (["Dance"], "Details, Refresh, Share, Legs of the call, Copy as text."),
        (["Details", "Refresh"], "Raw JSON, Copy as text, Share…, Close."),  # behind the modal
    ],
)
def test_the_demo_fails_if_there_is_no_such_button(
    pressed: list[str], offered: str, capsys: Captured
) -> None:
    assert main(["demo", *(word for label in pressed for word in ("--press", label))]) == 1
    printed = capsys.readouterr()
    assert repr(pressed[-1]) in printed.err
    assert printed.err.endswith(f"There is: {offered}\n")
    assert "[ Details ]" in printed.out


def test_the_demo_lists_every_id_of_the_emulator_below_a_heading(capsys: Captured) -> None:
    printed = demo(capsys, "--list")
    now = utc_now()
    known = [entry.id for entry in (*catalog(now), delayed_log(now))]
    known += [failure.id for failure in canned_failures()]
    assert sorted(re.findall(r"^  (\S+)  \S", printed, re.MULTILINE)) == sorted(set(known))
    groups = [part.splitlines() for part in printed.rstrip().split("\n\n")]
    assert all(len(lines) > 1 for lines in groups)
    assert not [heading for heading, *_ in groups if heading.startswith(" ")]
    assert len({heading for heading, *_ in groups}) == len(groups) < 15


def test_the_demo_presses_several_buttons_in_turn_in_any_case(capsys: Captured) -> None:
    presses = ["details", "RAW JSON", "back to the details", "close", "Share"]
    printed = demo(capsys, *(word for label in presses for word in ("--press", label)))
    assert re.findall(r"^\[ (.+) \]$", printed, re.MULTILINE) == [
        *("Details", "Raw JSON", "Back to the details", "Close", "Share"),
    ]
    assert re.findall(r"^(.+) \(modal\)$", printed, re.MULTILINE) == [
        *("Voice log", "Raw JSON", "Voice log"),
    ]
    assert "VoiceLog (for everyone)" in printed


def test_the_demo_shows_and_submits_forms(capsys: Captured) -> None:
    assert "/voicelog find\n\nFind a call (modal)\n" in demo(capsys, "find")
    printed = demo(capsys, "recent", "--press", "Change search", "--press", "search")
    assert "\n[ Search ]\n\nFind a call (modal)\n" in printed


@pytest.mark.parametrize(
    "typed",
    [
        ["/voicelog help", "/voicelog recent 1"],
        ["/voicelog", "help", "/voicelog", "recent", "1"],
        ["help\n/voicelog recent 1"],
    ],
)
def test_the_demo_sends_several_commands_in_turn(typed: list[str], capsys: Captured) -> None:
    printed = demo(capsys, *typed, "--press", "View")
    assert re.findall(r"^/voicelog .*|^\[ .* \]$", printed, re.MULTILINE) == [
        *("/voicelog help", "/voicelog recent 1", "[ View ]"),
    ]
    assert printed.count("VoiceLog (only visible to you)") == 3


def test_the_demo_accepts_bytes_that_are_not_utf_8(capsys: Captured) -> None:
    printed = demo(capsys, "\udcff\udce2\udc9c\udc85")
    assert printed.startswith("/voicelog \N{REPLACEMENT CHARACTER}✅\n")


def test_the_version_is_printed(capsys: Captured) -> None:
    assert exit_code("--version") == 0
    assert capsys.readouterr().out == f"VoiceLog {__version__}\n"


def test_the_demo_is_suggested_only_if_settings_are_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PORT", "http")
    assert main(["serve"]) == 2
    assert capsys.readouterr().err == "PORT must be a number from 1 to 65535\n"


@pytest.mark.parametrize("socket", [False, True])
def test_the_manifest_is_printed_as_one_json_object(socket: bool, capsys: Captured) -> None:  # noqa: FBT001
    # Slack's CLI appends --source to its hook.
    arguments = ["--socket", "--source=/home/acme/bot"] if socket else []
    assert main(["manifest", *arguments]) == 0
    printed = capsys.readouterr()
    manifest = json.loads(printed.out)
    assert manifest["settings"]["socket_mode_enabled"] is socket
    assert ("url" in manifest["features"]["slash_commands"][0]) is not socket
    assert ("request_url" in manifest["settings"]["interactivity"]) is not socket
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    assert printed.err == ""
