"""What whoever runs the bot types in a terminal, against a loopback SignalWire and Slack."""

import json
from datetime import UTC, datetime
from typing import Final

import pytest

from bot.cli.check import check
from bot.cli.lookup import lookup
from bot.cli.terminal import render
from bot.dev.emulator.http_server import serve_on_loopback
from bot.dev.emulator.signalwire.catalogue import DOCUMENTED
from bot.dev.emulator.signalwire.fixtures import LogFixture, call
from bot.dev.emulator.signalwire.server import SignalWireEmulator
from bot.dev.emulator.slack.block_kit import problems
from bot.dev.gallery.fixtures import NOW, answer, entry, found
from bot.settings import SettingsError
from bot.ui import errors as error_texts
from bot.ui import help as help_
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
from tests.e2e.fake_socket_mode import SocketSlack

pytestmark = [
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("usual_logging"),
]

UNKNOWN: Final = "b7182dc2-00f3-40e4-a5ce-000000000000"
AT_SECOND_TRY: Final = "fa170503-0000-4000-8000-000000000001"
CHILD: Final = "fa000000-0000-4000-8000-000000000002"

CHECK_IT = "check SIGNALWIRE_SPACE (or the space in SIGNALWIRE_PROJECTS)"
Captured = pytest.CaptureFixture[str]


def both_ways(world: World, slack: SocketSlack) -> dict[str, str]:
    """Settings for HTTP and Socket Mode."""
    return {
        **world.settings,
        "SLACK_API_URL": f"{slack.url}/api/",
        "SLACK_APP_TOKEN": APP_TOKEN,
    }


def lines(text: str) -> list[str]:
    return text.rstrip("\n").split("\n")


# ── check ─────────────────────────────────────────────────────────────────────────────────────


async def test_check_exits_0_when_all_is_well(
    world: World, slack: SocketSlack, capsys: Captured
) -> None:
    assert await check(both_ways(world, slack)) == 0
    printed = capsys.readouterr()
    assert lines(printed.out) == [
        "ok   settings",
        "ok   Slack: token accepted by workspace T0ACME",
        "ok   Slack Socket Mode: app-level token accepted",
        "ok   SignalWire 127.0.0.1: reachable, credentials accepted",
    ]
    assert printed.err == ""


async def test_check_needs_no_app_token_and_no_signing_secret_beside_one(
    world: World, slack: SocketSlack, capsys: Captured
) -> None:
    over_http = {**world.settings, "SLACK_APP_TOKEN": ""}
    over_socket = {**both_ways(world, slack), "SLACK_SIGNING_SECRET": ""}
    assert await check(over_http) == 0
    assert "Socket Mode" not in capsys.readouterr().out
    assert await check(over_socket) == 0
    assert "ok   Slack Socket Mode" in capsys.readouterr().out


async def test_check_reads_no_call_record(world: World) -> None:
    assert await check(world.settings) == 0
    (request,) = world.signalwire.requests
    assert (request.path, dict(request.query)) == ("/api/voice/logs", {"page_size": "1"})


async def test_a_release_fails_that_names_a_space_which_does_not_exist(world: World) -> None:
    world.signalwire.is_absent = True
    try:
        async with bot_process("check", environment=world.settings) as bot:
            assert await bot.exit_code() == 1
    finally:
        world.signalwire.is_absent = False
    assert bot.output[2:] == [
        f"FAIL SignalWire 127.0.0.1: 127.0.0.1 has no voice logs (404): {CHECK_IT}"
    ]


async def test_so_does_one_whose_space_has_no_address(world: World) -> None:
    # The names of RFC 2606 lead nowhere; here not even a name server is there to ask.
    environment = {**world.settings, "SIGNALWIRE_SPACE": "space.invalid.swire.io"}
    async with bot_process("check", environment=environment) as bot:
        assert await bot.exit_code() == 1
    assert bot.output[2:] == [
        f"FAIL SignalWire space.invalid: space.invalid.swire.io can't be found: {CHECK_IT}"
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {"SLACK_BOT_TOKEN": f"{BOT_TOKEN}-old"},
            "FAIL Slack: refused the token (invalid_auth); check SLACK_BOT_TOKEN",
        ),
        (
            {"SLACK_APP_TOKEN": f"{APP_TOKEN}-old"},
            "FAIL Slack Socket Mode: refused the token (invalid_auth); check SLACK_APP_TOKEN",
        ),
        (
            {"SIGNALWIRE_API_TOKEN": f"{API_TOKEN}00"},
            (
                "FAIL SignalWire 127.0.0.1: SignalWire rejected the bot's credentials."
                " Ask the bot's administrator to check the project id and the API token,"
                " and that the token has the Voice scope."
            ),
        ),
    ],
)
async def test_check_says_what_is_refused_and_exits_1(
    changed: dict[str, str], line: str, world: World, slack: SocketSlack, capsys: Captured
) -> None:
    assert await check({**both_ways(world, slack), **changed}) == 1
    printed = capsys.readouterr()
    out = lines(printed.out)
    assert [found for found in out if not found.startswith("ok ")] == [line]
    assert len(out) == 4
    assert printed.err == ""
    assert not [secret for secret in SECRETS if secret in printed.out]


async def test_check_says_what_cannot_be_reached_and_exits_1(
    world: World, capsys: Captured
) -> None:
    with closed_port() as nobody:
        url = f"http://127.0.0.1:{nobody}"
        changed = {"SLACK_API_URL": url, "SLACK_APP_TOKEN": APP_TOKEN, "SIGNALWIRE_SPACE": url}
        assert await check({**world.settings, **changed}) == 1
    [settings, *failed] = lines(capsys.readouterr().out)
    assert settings == "ok   settings"
    assert [line.partition(":")[0] for line in failed] == [
        "FAIL Slack",
        "FAIL Slack Socket Mode",
        "FAIL SignalWire 127.0.0.1",
    ]


async def test_check_says_so_when_slack_answers_an_error_page(
    world: World, slack: SocketSlack, capsys: Captured
) -> None:
    slack.is_away = True
    assert await check(both_ways(world, slack)) == 1
    failed = [line for line in lines(capsys.readouterr().out) if line.startswith("FAIL")]
    assert len(failed) == 2
    assert not [line for line in failed if "None" in line]


async def test_check_says_which_of_several_projects_is_wrong(
    world: World, capsys: Captured
) -> None:
    environment = {**world.settings, "SIGNALWIRE_PROJECTS": two_projects(world.signalwire_url)}
    assert await check(environment) == 1
    out = lines(capsys.readouterr().out)
    assert "note settings: SIGNALWIRE_PROJECTS is used, so SIGNALWIRE_SPACE is not" in out
    assert "ok   SignalWire Europe: reachable, credentials accepted" in out
    assert [line.partition(":")[0] for line in out if line.startswith("FAIL")] == [
        "FAIL SignalWire America"
    ]


def two_projects(url: str) -> str:
    """Two projects at one address; the second's token is refused there."""
    shared = {"space": url, "project_id": PROJECT_ID}
    return json.dumps(
        [
            {**shared, "name": "Europe", "api_token": API_TOKEN},
            {**shared, "name": "America", "api_token": "PT-old"},
        ]
    )


async def test_check_as_a_process_exits_1_with_a_line_for_each_finding(
    world: World, slack: SocketSlack
) -> None:
    changed = {"SLACK_BOT_TOKEN": "xoxb-old", "SIGNALWIRE_API_TOKEN": "PT-old"}
    environment = {**both_ways(world, slack), **changed}
    async with bot_process("check", environment=environment) as bot:
        assert await bot.exit_code() == 1
    assert [line[:4] for line in bot.output] == ["ok  ", "FAIL", "ok  ", "FAIL"]
    assert bot.errors == []


# ── lookup ────────────────────────────────────────────────────────────────────────────────────


async def test_lookup_shows_the_card(world: World, capsys: Captured) -> None:
    settings = world.signalwire_settings
    assert await lookup(settings, DOCUMENTED.upper(), as_json=False) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    card = answer(found(entry(DOCUMENTED, NOW).body), setting=None)
    assert printed.out == f"{render(card.blocks)}\n"


async def test_lookup_as_json_prints_the_message_and_nothing_else(world: World) -> None:
    # A lookup that is tried again, which a server would log at this level.
    environment = {**world.signalwire_settings, "LOG_LEVEL": "debug", "LOG_FORMAT": "json"}
    async with bot_process("lookup", "--json", AT_SECOND_TRY, environment=environment) as bot:
        assert await bot.exit_code() == 0
    assert len(world.signalwire.requests) == 2
    [line] = bot.output
    message = json.loads(line)
    assert list(message) == ["text", "blocks"]
    assert AT_SECOND_TRY in message["text"]
    assert message["blocks"][0]["type"] == "header"
    assert problems(message) == []
    assert bot.errors == []


@pytest.mark.parametrize("as_json", [False, True])
async def test_lookup_masks_numbers_where_they_always_are(
    world: World, capsys: Captured, *, as_json: bool
) -> None:
    for setting, shown in {"always": "+1 ••••••••12", "shared": "+1 206-555-1212"}.items():
        environment = {**world.signalwire_settings, "MASK_NUMBERS": setting}
        assert await lookup(environment, DOCUMENTED, as_json=as_json) == 0
        printed = capsys.readouterr().out
        assert shown in printed
        assert ("555" in printed) is (setting == "shared")


async def test_lookup_of_an_unknown_id_exits_1_and_says_so(world: World, capsys: Captured) -> None:
    assert await lookup(world.signalwire_settings, UNKNOWN, as_json=False) == 1
    printed = capsys.readouterr()
    assert lines(printed.out)[0] == f"┃ 🔍 {error_texts.NOT_FOUND.title}"
    assert printed.err == ""


async def test_lookup_of_several_ids_exits_1_if_one_is_missing(
    world: World, capsys: Captured
) -> None:
    text = f"{DOCUMENTED}, {CHILD} and {UNKNOWN}"
    assert await lookup(world.signalwire_settings, text, as_json=False) == 1
    out = capsys.readouterr().out
    assert lines(out)[0] == "┃ 2 of 3 voice logs found"
    places = [out.index(log_id) for log_id in (DOCUMENTED, CHILD, UNKNOWN)]
    assert places == sorted(places)


async def test_lookup_of_several_ids_exits_0_if_all_are_there(
    world: World, capsys: Captured
) -> None:
    text = f"{DOCUMENTED} {CHILD}"
    assert await lookup(world.signalwire_settings, text, as_json=False) == 0
    assert lines(capsys.readouterr().out)[0] == "┃ 2 of 2 voice logs found"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("hello", help_.NO_ID),
        ("b7182dc2...", help_.INCOMPLETE_ID),
    ],
)
async def test_lookup_without_an_id_exits_2_and_keeps_standard_output_empty(
    text: str, title: str, world: World, capsys: Captured
) -> None:
    assert await lookup(world.signalwire_settings, text, as_json=True) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert title in lines(printed.err)[0]
    assert world.signalwire.requests == []


async def test_lookup_asks_every_project_and_names_the_one_that_has_it(
    world: World, capsys: Captured
) -> None:
    theirs = "0e000000-0000-4000-8000-00000000000e"
    entry = LogFixture(
        theirs, "of the other project", call(theirs, datetime(2026, 3, 1, tzinfo=UTC))
    )
    other = SignalWireEmulator(
        project_id="other-project",
        api_token="PT-other",
        clock=lambda: datetime.now(UTC),
        sleep=no_sleep,
        entries=[entry],
    )
    async with serve_on_loopback(other.app) as url:
        first, _ = json.loads(two_projects(world.signalwire_url))
        second = {
            "name": "America",
            "space": url,
            "project_id": "other-project",
            "api_token": "PT-other",
        }
        environment = {"SIGNALWIRE_PROJECTS": json.dumps([first, second])}
        assert await lookup(environment, theirs, as_json=False) == 0
        assert "America" in capsys.readouterr().out
        assert await lookup(environment, DOCUMENTED, as_json=False) == 0
        assert "Europe" in capsys.readouterr().out
        assert await lookup(environment, UNKNOWN, as_json=False) == 1
        missing = capsys.readouterr().out
    assert "Europe" in missing
    assert "America" in missing


async def no_sleep(_seconds: float) -> None:
    pass


async def test_lookup_needs_no_slack_settings(world: World) -> None:
    with pytest.raises(SettingsError) as caught:
        await lookup({}, DOCUMENTED, as_json=False)
    assert not [mistake for mistake in caught.value.errors if "SLACK" in mistake]
    assert len(caught.value.errors) == 3
    assert world.signalwire.requests == []


# ── The program as a whole ────────────────────────────────────────────────────────────────────


async def test_demo_as_a_process_exits_0_and_leaves_the_settings_alone(world: World) -> None:
    async with bot_process("demo", environment=world.settings) as bot:
        assert await bot.exit_code() == 0
    assert bot.output[0] == f"/voicelog {DOCUMENTED}"
    assert "┃ ✅ Completed · 9 s" in bot.output
    assert bot.errors == []
    assert world.signalwire.requests == []
    assert world.slack.api_calls == []
