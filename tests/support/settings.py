"""Reads settings from given environment variables."""

from typing import Final

import pytest
from pydantic import JsonValue

from bot.settings import Required, Settings, SettingsError

ONE_PROJECT: Final = {
    "SIGNALWIRE_SPACE": "acme",
    "SIGNALWIRE_PROJECT_ID": "3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11",
    "SIGNALWIRE_API_TOKEN": "PTtoken",
}


def project(**changes: JsonValue) -> dict[str, JsonValue]:
    """Return an item of SIGNALWIRE_PROJECTS."""
    return {
        "name": "Sales",
        "space": "acme",
        "project_id": "project-1",
        "api_token": "PTone",
        **changes,
    }


def read(*required: Required, **environment: str) -> Settings:
    return Settings.from_environment(environment, *required)


def errors(*required: Required, **environment: str) -> tuple[str, ...]:
    """Return the errors of an invalid environment."""
    with pytest.raises(SettingsError) as caught:
        read(*required, **environment)
    return caught.value.errors
