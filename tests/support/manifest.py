"""The types of manifest.yml; a field that isn't here is an error."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict

PATH: Final = Path(__file__).parents[2] / "manifest.yml"


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


class AppHome(Part):
    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class BotUser(Part):
    display_name: str
    always_online: bool


class Features(Part):
    app_home: AppHome
    bot_user: BotUser
    slash_commands: list[Command]
    shortcuts: list[Shortcut]


class DisplayInformation(Part):
    name: str
    description: str
    background_color: str


class EventSubscriptions(Part):
    request_url: str
    bot_events: list[str]


class Interactivity(Part):
    is_enabled: bool
    request_url: str


class AppSettings(Part):
    event_subscriptions: EventSubscriptions
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class OAuth(Part):
    scopes: dict[str, list[str]]


class Manifest(Part):
    """All fields of manifest.yml; any other is an error."""

    model_config = ConfigDict(extra="ignore")  # _metadata

    display_information: DisplayInformation
    features: Features
    oauth_config: OAuth
    settings: AppSettings


def read_manifest() -> Manifest:
    return Manifest.model_validate(yaml.safe_load(PATH.read_text(encoding="utf-8")))
