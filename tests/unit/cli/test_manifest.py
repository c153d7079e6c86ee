"""The manifest and the files that platforms read agree with the code."""

import json
import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import pytest

from bot import __version__, listeners
from bot.__main__ import main
from bot.entrypoints.http import EVENTS_PATH
from bot.settings import Required, Settings
from bot.ui import search_form, share_form, subcommands
from bot.ui.card_buttons import CardOptions
from tests.support.manifest import Manifest, read_manifest

if TYPE_CHECKING:
    from slack_bolt.async_app import AsyncApp

    from bot.services import Services

ROOT: Final = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return read_manifest()


# ── Listeners ─────────────────────────────────────────────────────────────────────────────────


KINDS: Final = {"message": "message_action", "global": "shortcut"}


class RecordingApp:
    """Replaces Bolt's app, and records the constraints of listeners by kind."""

    def __init__(self) -> None:
        self.constraints: dict[str, list[object]] = {}

    def __getattr__(self, kind: str) -> Callable[[object], Callable[[object], object]]:
        def register(constraint: object) -> Callable[[object], object]:
            self.constraints.setdefault(kind, []).append(constraint)
            return lambda listener: listener

        return register


def registered_constraints() -> dict[str, list[object]]:
    app = RecordingApp()
    listeners.register(cast("AsyncApp", app), cast("Services", None))
    return app.constraints


def test_every_listener_is_in_the_manifest(manifest: Manifest) -> None:
    found = registered_constraints()
    assert set(found) == {"command", "shortcut", "event", "action", "view", "error"}
    assert found["command"] == [command.command for command in manifest.features.slash_commands]
    shortcuts = [
        {"type": KINDS[shortcut.type], "callback_id": shortcut.callback_id}
        for shortcut in manifest.features.shortcuts
    ]
    assert sorted(found["shortcut"], key=str) == sorted(shortcuts, key=str)
    assert found["event"] == manifest.settings.event_subscriptions.bot_events
    # The manifest has no actions or views; they need only interactivity.
    assert manifest.settings.interactivity.is_enabled


def test_the_home_tab_is_enabled_with_its_event(manifest: Manifest) -> None:
    assert manifest.settings.event_subscriptions.bot_events == ["app_home_opened"]
    assert manifest.features.app_home.home_tab_enabled
    # The bot doesn't reply to messages.
    assert not manifest.features.app_home.messages_tab_enabled


def test_the_callback_ids_of_the_forms_have_listeners() -> None:
    forms = [search_form.form(""), share_form.form(CardOptions(), "")]
    assert registered_constraints()["view"] == [form.get("callback_id") for form in forms]


def test_the_command_lists_the_subcommands_and_its_text_is_not_escaped(manifest: Manifest) -> None:
    [command] = manifest.features.slash_commands
    assert command.command == subcommands.COMMAND
    assert command.usage_hint == subcommands.USAGE_HINT
    assert command.usage_hint.split(" | ") == [each.usage for each in subcommands.SUBCOMMANDS]
    # If it were escaped, phone numbers and channel names would be sent as links.
    assert not command.should_escape


def test_every_url_is_the_bots_endpoint(manifest: Manifest) -> None:
    urls = [command.url for command in manifest.features.slash_commands]
    urls.append(manifest.settings.interactivity.request_url)
    urls.append(manifest.settings.event_subscriptions.request_url)
    assert {url.removeprefix("https://voicelog.example.com") for url in urls} == {EVENTS_PATH}


def test_the_only_scope_is_commands(manifest: Manifest) -> None:
    assert manifest.oauth_config.scopes == {"bot": ["commands"]}


def test_the_manifest_is_within_slacks_limits(manifest: Manifest) -> None:
    # github.com/slackapi/manifest-schema, schemas/manifest.schema.2.0.0.json
    about, features = manifest.display_information, manifest.features
    assert 1 <= len(about.name) <= 35
    assert 1 <= len(about.description) <= 140
    assert re.fullmatch(r"#([0-9a-fA-F]{3}){1,2}", about.background_color)
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features.bot_user.display_name)
    assert 1 <= len(features.slash_commands) <= 50
    for command in features.slash_commands:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command.command)
        assert 1 <= len(command.description) <= 2000
        assert len(command.usage_hint) <= 1000
        assert len(command.url) <= 3000
    assert 1 <= len(features.shortcuts) <= 10
    for shortcut in features.shortcuts:
        assert shortcut.type in {"message", "global"}
        assert 1 <= len(shortcut.name) <= 24
        assert 1 <= len(shortcut.description) <= 150
        assert 1 <= len(shortcut.callback_id) <= 255


# ── Files that hosting platforms read ─────────────────────────────────────────────────────────


def assert_is_a_command(line: str) -> None:
    """Assert that a line is `python -m bot` with valid arguments."""
    python, *rest = shlex.split(line)
    assert python.rpartition("/")[2] == "python"
    assert rest[:2] == ["-m", "bot"]
    with pytest.raises(SystemExit) as caught:
        main([*rest[2:], "--help"])
    assert caught.value.code == 0


def test_every_process_of_the_procfile_is_a_command() -> None:
    processes = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(processes) == {"web", "worker", "release"}
    for line in processes.values():
        assert_is_a_command(line)
    assert processes["worker"].endswith(" socket")
    assert processes["release"].endswith(" check --release")


PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_versions_of_python_and_of_the_bot_are_the_projects() -> None:
    installed = (ROOT / ".python-version").read_text().strip()
    least = re.fullmatch(r">=(\d+)\.(\d+)", PROJECT["requires-python"])
    assert least is not None
    assert re.fullmatch(r"\d+\.\d+", installed)
    assert [int(part) for part in installed.split(".")] >= [int(part) for part in least.groups()]
    assert PROJECT["version"] == __version__


@pytest.mark.parametrize("name", ["requirements.txt", "tests/requirements.txt"])
def test_every_requirement_is_pinned_by_hash_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    requirements = re.sub(r"\\\n", " ", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE))
    lines = [line for line in requirements.splitlines() if line.strip()]
    pinned = re.compile(
        r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*"
    )
    assert lines
    assert [line[:60] for line in lines if not pinned.fullmatch(line)] == []
    assert "://" not in text
    assert not re.search(r"(extra-)?index-u|find-links|trusted-host", text)


def test_the_requirements_contain_every_dependency() -> None:
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    assert {re.split(r"[^\w.-]", line)[0] for line in PROJECT["dependencies"]} <= pinned
    # Development dependencies are not installed in production.
    assert pinned & {"pytest", "mypy", "ruff"} == set()


def test_the_deploy_button_asks_for_existing_settings() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    variables = app["env"]
    assert {name.lower() for name in variables} <= set(Settings.model_fields)
    # The user chooses HTTP or Socket Mode, and one project or several.
    required = {name for name, variable in variables.items() if variable.get("required", True)}
    assert required == {"SLACK_BOT_TOKEN"}
    optional = {*Required.SLACK_HTTP.value, *Required.SLACK_SOCKET.value, "ALLOWED_TEAMS"}
    assert optional | {*Required.SIGNALWIRE.value, "SIGNALWIRE_PROJECTS"} <= set(variables)
    processes = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}
    assert set(app["formation"]) <= processes


def test_the_hooks_of_slacks_cli_are_commands() -> None:
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text())
    assert set(hooks["hooks"]) == {"get-manifest", "start"}
    assert_is_a_command(hooks["hooks"]["start"])
    # Slack's CLI appends the option to the hook.
    assert_is_a_command(hooks["hooks"]["get-manifest"] + ' --source="/home/acme/bot"')
    watched = hooks["config"]["watch"]
    for path in [*watched["app"]["paths"], *watched["manifest"]["paths"]]:
        assert (ROOT / path).exists()
