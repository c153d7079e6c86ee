"""`check`, `lookup` and `demo` in a terminal, with a loopback SignalWire and Slack."""

import json
from typing import Final

import pytest

from bot.cli.check import check
from bot.cli.lookup import lookup
from bot.dev.emulator.slack.block_kit import problems
from bot.ui.voice_log_card import NO_VOICE_LOG
from tests.e2e.bot_process import (
    API_TOKEN,
    APP_TOKEN,
    BOT_TOKEN,
    PROJECT_ID,
    SECRETS,
    World,
    bot_process,
    closed_port,
)
from tests.e2e.socket_mode_slack import SocketModeSlack
from tests.support import texts
from tests.support.samples import (
    CALLER_NUMBER,
    CHILD,
    DELAYED,
    DOCUMENTED,
    MASKED_CALLER,
    UNAVAILABLE_ONCE,
)

pytestmark = pytest.mark.usefixtures("usual_logging")

UNKNOWN: Final = "b7182dc2-00f3-40e4-a5ce-000000000000"
CHECK_IT = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"
Captured = pytest.CaptureFixture[str]


def with_socket_mode(world: World, slack: SocketModeSlack) -> dict[str, str]:
    """Settings for HTTP and Socket Mode."""
    return {
        **world.settings,
        "SLACK_API_URL": f"{slack.own_url}/api/",
        "SLACK_APP_TOKEN": APP_TOKEN,
    }


def lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


# ── check ─────────────────────────────────────────────────────────────────────────────────────


async def test_check_exits_0_if_everything_works(
    world: World, slack: SocketModeSlack, capsys: Captured
) -> None:
    assert await check(with_socket_mode(world, slack)) == 0
    printed = capsys.readouterr()
    assert lines(printed.out) == [
        "ok   settings",
        "ok   Slack: token accepted by workspace T0ACME",
        "ok   Slack Socket Mode: app-level token accepted",
        "ok   SignalWire 127.0.0.1: reachable, credentials accepted",
    ]
    assert printed.err == ""


async def test_check_needs_the_settings_of_one_connection_only(
    world: World, slack: SocketModeSlack, capsys: Captured
) -> None:
    over_http = {**world.settings, "SLACK_APP_TOKEN": ""}
    over_socket = {**with_socket_mode(world, slack), "SLACK_SIGNING_SECRET": ""}
    assert await check(over_http) == 0
    assert "Socket Mode" not in capsys.readouterr().out
    assert await check(over_socket) == 0
    assert "ok   Slack Socket Mode" in capsys.readouterr().out


async def test_release_fails_for_a_space_that_does_not_exist(world: World) -> None:
    world.signalwire.is_absent = True
    try:
        async with bot_process("check", "--release", environment=world.settings) as bot:
            assert await bot.exit_code() == 1
    finally:
        world.signalwire.is_absent = False
    assert bot.output[2:] == [
        f"FAIL SignalWire 127.0.0.1: 127.0.0.1 has no voice logs (404): {CHECK_IT}"
    ]


async def test_check_fails_for_a_space_that_cannot_be_resolved(world: World) -> None:
    # A name reserved by RFC 2606 can't be resolved.
    environment = {**world.settings, "SIGNALWIRE_SPACE": "space.invalid.swire.io"}
    async with bot_process("check", environment=environment) as bot:
        assert await bot.exit_code() == 1
    assert bot.output[2:] == [
        f"WARN SignalWire space.invalid: space.invalid.swire.io can't be found: {CHECK_IT}"
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {"SLACK_BOT_TOKEN": f"{BOT_TOKEN}-old"},
            "FAIL Slack: rejected the token (invalid_auth); check SLACK_BOT_TOKEN",
        ),
        (
            {"SLACK_APP_TOKEN": f"{APP_TOKEN}-old"},
            "FAIL Slack Socket Mode: rejected the token (invalid_auth); check SLACK_APP_TOKEN",
        ),
        (
            {"SIGNALWIRE_API_TOKEN": f"{API_TOKEN}00"},
            f"FAIL SignalWire 127.0.0.1: {texts.UNAUTHORIZED}. {texts.UNAUTHORIZED_HINT}",
        ),
    ],
)
async def test_check_exits_1_for_refused_credentials(
    changed: dict[str, str], line: str, world: World, slack: SocketModeSlack, capsys: Captured
) -> None:
    assert await check({**with_socket_mode(world, slack), **changed}) == 1
    printed = capsys.readouterr()
    out = lines(printed.out)
    assert [found for found in out if not found.startswith("ok ")] == [line]
    assert len(out) == 4
    assert printed.err == ""
    assert not [secret for secret in SECRETS if secret in printed.out]


@pytest.mark.parametrize(("release", "code"), [(False, 1), (True, 0)])
async def test_unreachable_servers_fail_a_check_but_not_a_release(
    release: bool,  # noqa: FBT001
    code: int,
    world: World,
    capsys: Captured,
) -> None:
    with closed_port() as port:
        url = f"http://127.0.0.1:{port}"
        changed = {"SLACK_API_URL": url, "SLACK_APP_TOKEN": APP_TOKEN, "SIGNALWIRE_SPACE": url}
        assert await check({**world.settings, **changed}, release=release) == code
    [settings, *failed] = lines(capsys.readouterr().out)
    assert settings == "ok   settings"
    assert [line.partition(":")[0] for line in failed] == [
        "WARN Slack",
        "WARN Slack Socket Mode",
        "WARN SignalWire 127.0.0.1",
    ]


async def test_check_names_the_project_that_fails(world: World, capsys: Captured) -> None:
    environment = {**world.settings, "SIGNALWIRE_PROJECTS": two_projects(world.signalwire_url)}
    assert await check(environment) == 1
    out = lines(capsys.readouterr().out)
    assert "note settings: SIGNALWIRE_SPACE is ignored because SIGNALWIRE_PROJECTS is set" in out
    assert "ok   SignalWire Europe: reachable, credentials accepted" in out
    assert [line.partition(":")[0] for line in out if line.startswith("FAIL")] == [
        "FAIL SignalWire America"
    ]


@pytest.mark.parametrize(
    ("odd", "note"),
    [
        ({"SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99aaabbb85a"}, "SLACK_SIGNING_SECRET"),
        ({"SIGNALWIRE_PROJECT_ID": "acme"}, "SIGNALWIRE_PROJECT_ID"),
        ({"SIGNALWIRE_PROJECTS": "acme"}, "SIGNALWIRE_PROJECTS: the project_id of project 2"),
    ],
)
async def test_check_notes_what_looks_wrong(
    odd: dict[str, str], note: str, world: World, capsys: Captured
) -> None:
    [(name, value)] = odd.items()
    if name == "SIGNALWIRE_PROJECTS":
        listed = json.loads(two_projects(world.signalwire_url))
        listed[1]["project_id"] = value
        odd = {name: json.dumps(listed), "SIGNALWIRE_SPACE": ""}
    code = await check({**world.settings, **odd})
    [noted] = [line for line in lines(capsys.readouterr().out) if line.startswith("note ")]
    assert noted.startswith(f"note settings: {note} doesn't look like")
    assert value == "acme" or value not in noted
    assert code == (0 if name.startswith("SLACK") else 1)


def two_projects(url: str) -> str:
    """Return two projects with one URL; SignalWire refuses the token of the second."""
    shared = {"space": url, "project_id": PROJECT_ID}
    return json.dumps(
        [
            {**shared, "name": "Europe", "api_token": API_TOKEN},
            {**shared, "name": "America", "api_token": "PT-old"},
        ]
    )


# ── lookup ────────────────────────────────────────────────────────────────────────────────────


async def test_lookup_shows_the_card(world: World, capsys: Captured) -> None:
    settings = world.signalwire_settings
    assert await lookup(settings, DOCUMENTED.upper(), as_json=False) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert texts.COMPLETED in lines(printed.out)[0]
    for fact in (CALLER_NUMBER, "$0.01", "2024-05-06 12:20:00 UTC", "1 min", DOCUMENTED):
        assert fact in printed.out


async def test_lookup_as_json_prints_only_the_message(world: World) -> None:
    # A retried lookup, which a server would log at this level.
    environment = {**world.signalwire_settings, "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    async with bot_process("lookup", "--json", UNAVAILABLE_ONCE, environment=environment) as bot:
        assert await bot.exit_code() == 0
    assert len(world.signalwire.requests) == 2
    [line] = bot.output
    message = json.loads(line)
    assert list(message) == ["text", "blocks"]
    assert UNAVAILABLE_ONCE in message["text"]
    assert message["blocks"][0]["type"] == "header"
    assert problems(message) == []
    assert bot.errors == []


@pytest.mark.parametrize("as_json", [False, True])
async def test_lookup_masks_numbers(world: World, capsys: Captured, *, as_json: bool) -> None:
    for setting, shown in {"always": MASKED_CALLER, "shared": CALLER_NUMBER}.items():
        environment = {**world.signalwire_settings, "MASK_NUMBERS": setting}
        assert await lookup(environment, DOCUMENTED, as_json=as_json) == 0
        printed = capsys.readouterr().out
        assert shown in printed
        assert ("555" in printed) is (setting == "shared")


async def test_lookup_of_an_unknown_id_exits_1(world: World, capsys: Captured) -> None:
    assert await lookup(world.signalwire_settings, UNKNOWN, as_json=False) == 1
    printed = capsys.readouterr()
    assert texts.NOT_FOUND in lines(printed.out)[0]
    assert printed.err == ""


async def test_lookup_shows_a_call_without_a_log(world: World, capsys: Captured) -> None:
    assert await lookup(world.signalwire_settings, DELAYED, as_json=False) == 0
    assert NO_VOICE_LOG in capsys.readouterr().out


@pytest.mark.parametrize(("unknown", "code"), [("", 0), (f" and {UNKNOWN}", 1)])
async def test_lookup_of_several_ids_exits_1_if_one_is_missing(
    unknown: str, code: int, world: World, capsys: Captured
) -> None:
    text = f"{DOCUMENTED}, {CHILD}{unknown}"
    assert await lookup(world.signalwire_settings, text, as_json=False) == code
    out = capsys.readouterr().out
    assert lines(out)[0] == f"┃ {texts.logs_found(2, 2)}"
    assert out.index(DOCUMENTED) < out.index(CHILD)
    assert ("1 other ID" in out) == bool(unknown)


@pytest.mark.parametrize(
    ("text", "title"),
    [("hello", texts.NO_ID), ("b7182dc2...", texts.TRUNCATED_ID)],
)
async def test_lookup_without_an_id_exits_2_with_empty_stdout(
    text: str, title: str, world: World, capsys: Captured
) -> None:
    assert await lookup(world.signalwire_settings, text, as_json=True) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert title in lines(printed.err)[0]
    assert world.signalwire.requests == []


async def test_lookup_names_the_project_that_has_the_log(world: World, capsys: Captured) -> None:
    environment = {"SIGNALWIRE_PROJECTS": two_projects(world.signalwire_url)}
    assert await lookup(environment, DOCUMENTED, as_json=False) == 0
    found = capsys.readouterr().out
    assert ("Europe" in found, "America" in found) == (True, False)
    assert await lookup(environment, UNKNOWN, as_json=False) == 1
    missing = capsys.readouterr().out
    assert ("Europe" in missing, "America" in missing) == (True, True)


# ── The program as a whole ────────────────────────────────────────────────────────────────────


async def test_demo_exits_0_and_ignores_the_settings(world: World) -> None:
    async with bot_process("demo", environment=world.settings) as bot:
        assert await bot.exit_code() == 0
    assert bot.output[0] == f"/voicelog {DOCUMENTED}"
    assert any(texts.COMPLETED in line for line in bot.output)
    assert bot.errors == []
    assert world.signalwire.requests == []
    assert world.slack.requested_methods == []
