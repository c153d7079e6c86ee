"""`check`, `lookup` and `demo` in a terminal, with a loopback SignalWire and Slack."""

import json
from collections.abc import Mapping, Sequence
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


def two_projects(url: str, **second: str) -> str:
    """Return two projects with one URL; SignalWire refuses the token of the second."""
    shared = {"space": url, "project_id": PROJECT_ID}
    return json.dumps(
        [
            {**shared, "name": "Europe", "api_token": API_TOKEN},
            {**shared, "name": "America", "api_token": "PT-old", **second},
        ]
    )


def lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


# ── check ─────────────────────────────────────────────────────────────────────────────────────


async def checked(
    environment: Mapping[str, str], capsys: Captured, *, code: int, release: bool = False
) -> list[str]:
    """Return the lines of `check`, which exits with this code and prints no secret."""
    assert await check(environment, release=release) == code
    printed = capsys.readouterr()
    assert printed.err == ""
    assert not [secret for secret in SECRETS if secret in printed.out]
    return lines(printed.out)


@pytest.mark.parametrize("unset", ["", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"])
async def test_check_needs_the_settings_of_one_connection_only(
    unset: str, world: World, slack: SocketModeSlack, capsys: Captured
) -> None:
    environment = {**with_socket_mode(world, slack), unset: ""}
    assert await checked(environment, capsys, code=0) == [
        "ok   settings",
        "ok   Slack: token accepted by workspace T0ACME",
        *(["ok   Slack Socket Mode: app-level token accepted"] * (unset != "SLACK_APP_TOKEN")),
        "ok   SignalWire 127.0.0.1: reachable, credentials accepted",
    ]


async def test_space_that_cannot_be_resolved_fails_a_check_but_not_a_release(world: World) -> None:
    # A name reserved by RFC 2606 can't be resolved.
    environment = {**world.settings, "SIGNALWIRE_SPACE": "space.invalid.swire.io"}
    for arguments, code in ((["check"], 1), (["check", "--release"], 0)):
        async with bot_process(*arguments, environment=environment) as bot:
            assert await bot.exit_code() == code
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
async def test_refused_credentials_fail_even_a_release(
    changed: dict[str, str], line: str, world: World, slack: SocketModeSlack, capsys: Captured
) -> None:
    environment = {**with_socket_mode(world, slack), **changed}
    out = await checked(environment, capsys, code=1, release=True)
    assert [found for found in out if not found.startswith("ok ")] == [line]
    assert len(out) == 4


@pytest.mark.parametrize(("release", "code"), [(False, 1), (True, 0)])
async def test_unreachable_servers_fail_a_check_but_not_a_release(
    world: World, capsys: Captured, *, release: bool, code: int
) -> None:
    with closed_port() as port:
        url = f"http://127.0.0.1:{port}"
        changed = {"SLACK_API_URL": url, "SLACK_APP_TOKEN": APP_TOKEN, "SIGNALWIRE_SPACE": url}
        out = await checked({**world.settings, **changed}, capsys, code=code, release=release)
    assert [line.partition(":")[0] for line in out] == [
        "ok   settings",
        "WARN Slack",
        "WARN Slack Socket Mode",
        "WARN SignalWire 127.0.0.1",
    ]


async def test_check_names_the_project_that_fails(world: World, capsys: Captured) -> None:
    projects = two_projects(world.signalwire_url, project_id="acme")
    out = await checked({**world.settings, "SIGNALWIRE_PROJECTS": projects}, capsys, code=1)
    assert "note settings: SIGNALWIRE_SPACE is ignored because SIGNALWIRE_PROJECTS is set" in out
    odd = "note settings: SIGNALWIRE_PROJECTS: the project_id of project 2 doesn't look like"
    assert any(line.startswith(odd) for line in out)
    assert "ok   SignalWire Europe: reachable, credentials accepted" in out
    assert [line.partition(":")[0] for line in out if line.startswith("FAIL")] == [
        "FAIL SignalWire America"
    ]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("SLACK_SIGNING_SECRET", "8f742231b10e8888abcd99aaabbb85a", 0),
        ("SIGNALWIRE_PROJECT_ID", "acme", 1),
    ],
)
async def test_check_notes_what_looks_wrong(
    name: str, value: str, code: int, world: World, capsys: Captured
) -> None:
    out = await checked({**world.settings, name: value}, capsys, code=code)
    [note] = [line for line in out if line.startswith("note ")]
    assert note.startswith(f"note settings: {name} doesn't look like")
    assert value not in note


# ── lookup ────────────────────────────────────────────────────────────────────────────────────

FACTS: Final = (CALLER_NUMBER, "$0.01", "2024-05-06 12:20:00 UTC", "1 min", DOCUMENTED)
SEVERAL: Final = f"{DOCUMENTED}, {CHILD}"


@pytest.mark.parametrize(
    ("text", "code", "title", "others"),
    [
        (DOCUMENTED.upper(), 0, texts.COMPLETED, FACTS),
        (DELAYED, 0, "", [NO_VOICE_LOG]),
        (UNKNOWN, 1, texts.NOT_FOUND, []),
        (SEVERAL, 0, texts.logs_found(2, 2), [DOCUMENTED, CHILD]),
        (f"{SEVERAL} and {UNKNOWN}", 1, texts.logs_found(2, 2), [DOCUMENTED, CHILD, "1 other ID"]),
    ],
)
async def test_lookup_shows_the_reply_and_exits_0_if_each_log_was_found(
    text: str, code: int, title: str, others: Sequence[str], world: World, capsys: Captured
) -> None:
    assert await lookup(world.signalwire_settings, text, as_json=False) == code
    printed = capsys.readouterr()
    assert title in lines(printed.out)[0]
    assert sorted(others, key=printed.out.index) == list(others)
    assert ("other ID" in printed.out) == ("1 other ID" in others)
    assert printed.err == ""


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
