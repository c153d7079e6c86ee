"""What stands outside the code agrees with it: the manifest, and the files that platforms read."""

import ast
import json
import re
import shlex
import tomllib
from pathlib import Path
from typing import Final

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, JsonValue
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from bot import listeners
from bot.__main__ import main
from bot.app import Bot
from bot.listeners import commands, shortcuts
from bot.settings import Need, Settings
from bot.web import EVENTS_PATH

ROOT: Final = Path(__file__).parent.parent.parent
RESPONSE_URL: Final = "https://hooks.slack.com/commands/T0ACME/1/x"


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Command(Part):
    command: str
    url: str
    description: str
    usage_hint: str = ""
    should_escape: bool


class Shortcut(Part):
    name: str
    type: str
    callback_id: str
    description: str


class BotUser(Part):
    display_name: str
    always_online: bool


class Features(Part):
    bot_user: BotUser
    slash_commands: list[Command]
    shortcuts: list[Shortcut]


class DisplayInformation(Part):
    name: str
    description: str
    background_color: str


class Interactivity(Part):
    is_enabled: bool
    request_url: str


class AppSettings(Part):
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class OAuth(Part):
    scopes: dict[str, list[str]]


class Manifest(Part):
    """All that manifest.yml holds; a field not named here has not been thought about."""

    model_config = ConfigDict(extra="ignore")  # _metadata

    display_information: DisplayInformation
    features: Features
    oauth_config: OAuth
    settings: AppSettings


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return Manifest.model_validate(yaml.safe_load((ROOT / "manifest.yml").read_text()))


@pytest.fixture(scope="module")
def bolt() -> AsyncApp:
    environment = {
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SIGNALWIRE_SPACE": "acme",
        "SIGNALWIRE_PROJECT_ID": "project",
        "SIGNALWIRE_API_TOKEN": "PT1",
        "ALLOWED_USERS": "U0NOBODY",  # so that everybody is refused, and nothing is looked up
    }
    return Bot(Settings.from_environment(environment, Need.SLACK_HTTP, Need.SIGNALWIRE)).bolt


def command_body(command: str) -> dict[str, JsonValue]:
    return {
        "command": command,
        "text": "help",
        "user_id": "U0SUPPORT",
        "team_id": "T0ACME",
        "channel_id": "C0SUPPORT",
        "response_url": RESPONSE_URL,
    }


def shortcut_body(kind: str, callback_id: str) -> dict[str, JsonValue]:
    return {
        "type": {"message": "message_action", "global": "shortcut"}[kind],
        "callback_id": callback_id,
        "user": {"id": "U0SUPPORT", "team_id": "T0ACME"},
        "team": {"id": "T0ACME"},
        "channel": {"id": "C0SUPPORT"},
        "message": {"text": ""},
        "response_url": "https://elsewhere.example/",  # refused, so that nothing is sent
    }


async def status_of(bolt: AsyncApp, body: dict[str, JsonValue]) -> int:
    request = AsyncBoltRequest(mode="socket_mode", body=body)
    return (await bolt.async_dispatch(request)).status


async def test_every_command_in_the_manifest_has_a_listener(
    manifest: Manifest, bolt: AsyncApp
) -> None:
    for command in manifest.features.slash_commands:
        assert await status_of(bolt, command_body(command.command)) == 200
    assert await status_of(bolt, command_body("/voicelogs")) == 404


async def test_every_shortcut_in_the_manifest_has_a_listener(
    manifest: Manifest, bolt: AsyncApp
) -> None:
    for shortcut in manifest.features.shortcuts:
        body = shortcut_body(shortcut.type, shortcut.callback_id)
        assert await status_of(bolt, body) == 200
    assert await status_of(bolt, shortcut_body("message", "voicelog_other")) == 404


def test_every_listener_is_in_the_manifest(manifest: Manifest) -> None:
    in_code = named_in_code()
    commands_ = {command.command for command in manifest.features.slash_commands}
    callbacks = {shortcut.callback_id for shortcut in manifest.features.shortcuts}
    assert in_code["command"] == commands_ == {commands.COMMAND}
    assert in_code["shortcut"] == callbacks == {shortcuts.LOOK_UP}
    # The manifest knows nothing of actions and views; they need interactivity, which it has.
    assert manifest.settings.interactivity.is_enabled


def named_in_code() -> dict[str, set[str]]:
    """The ids with which listeners are attached to a Bolt app, by the kind of listener."""
    found: dict[str, set[str]] = {}
    folder = Path(listeners.__file__).parent
    for module in folder.glob("*.py"):
        tree = ast.parse(module.read_text())
        constants = {
            node.target.id: node.value.value
            for node in ast.walk(tree)
            if isinstance(node, ast.AnnAssign)
            and isinstance(node.target, ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="app"), attr=kind), args=[ids]):
                    names = [name for name in ast.walk(ids) if isinstance(name, ast.Name)]
                    assert names, f"{module.name}: an id is not one of the module's constants"
                    ids_ = found.setdefault(kind, set())
                    ids_ |= {str(constants[name.id]) for name in names}
                case _:
                    pass
    return found


def test_every_url_is_where_the_bot_listens(manifest: Manifest) -> None:
    urls = [command.url for command in manifest.features.slash_commands]
    urls.append(manifest.settings.interactivity.request_url)
    assert {url.removeprefix("https://voicelog.example.com") for url in urls} == {EVENTS_PATH}


def test_the_only_scope_is_commands(manifest: Manifest) -> None:
    assert manifest.oauth_config.scopes == {"bot": ["commands"]}


def test_the_manifest_keeps_slacks_limits(manifest: Manifest) -> None:
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


# ── The files that platforms read ─────────────────────────────────────────────────────────────


def assert_is_a_command(line: str) -> None:
    """`python -m bot …` with arguments that the command line takes."""
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
    assert processes["release"].endswith(" check")


def test_the_python_that_platforms_install_is_one_that_the_project_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    installed = (ROOT / ".python-version").read_text().strip()
    least = re.fullmatch(r">=(\d+)\.(\d+)", project["requires-python"])
    assert least is not None
    assert re.fullmatch(r"\d+\.\d+", installed)
    assert [int(part) for part in installed.split(".")] >= [int(part) for part in least.groups()]


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


def test_the_requirements_hold_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pinned = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    wanted = {re.split(r"[^\w.-]", line)[0] for line in project["project"]["dependencies"]}
    assert wanted <= pinned
    # What only development needs is not installed where the bot runs.
    assert pinned & {"pytest", "mypy", "ruff", "pyyaml"} == set()


def test_the_deploy_button_asks_for_settings_that_exist() -> None:
    app = json.loads((ROOT / "app.json").read_text())
    asked = app["env"]
    assert {name.lower() for name in asked} <= set(Settings.model_fields)
    required = {name for name, about in asked.items() if about.get("required", True)}
    assert required == {*Need.SLACK_HTTP.value}, "one project or several is for people to choose"
    assert {*Need.SIGNALWIRE.value, "SIGNALWIRE_PROJECTS"} <= set(asked)
    processes = {line.partition(":")[0] for line in (ROOT / "Procfile").read_text().splitlines()}
    assert set(app["formation"]) <= processes


def test_slacks_command_line_tool_is_given_commands_that_exist() -> None:
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text())
    assert set(hooks["hooks"]) == {"get-manifest", "start"}
    for line in hooks["hooks"].values():
        assert_is_a_command(line)
    watched = hooks["config"]["watch"]
    for path in [*watched["app"]["paths"], *watched["manifest"]["paths"]]:
        assert (ROOT / path).exists()
