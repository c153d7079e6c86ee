"""Environment variables except those of SignalWire projects."""

import json
from typing import Final

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Required, Settings, secret_value
from bot.voicelogs.masking import Masking
from tests.support.settings import ONE_PROJECT, errors, project, read

CANARY = "canary7f3a"
COMPLETE = {
    **ONE_PROJECT,
    "SLACK_SIGNING_SECRET": "signing",
    "SLACK_BOT_TOKEN": "xoxb-bot",
    "SLACK_APP_TOKEN": "xapp-app",
}
INVALID = {
    "PORT must be a number from 1 to 65535": ["-1", "65536", "http", "3000.5", "0x50", "80 81"],
    "MASK_NUMBERS must be shared, always or never": [
        *("yes", "true", "1", "public", "shared,always", "Masking.NEVER"),
    ],
    "LOG_FORMAT must be json or console": ["xml", "text"],
    "LOG_LEVEL must be debug, info, warning or error": ["trace", "10"],
    "DRAIN_SECONDS must be a number of seconds from 0 to 300": [
        *("-1", "301", "nan", "inf", "-inf", "10s", "ten"),
    ],
    "ALLOWED_TEAMS must list workspace IDs such as T0123ABCD": [
        *("acme", "t0123abcd", "C0123ABCD", "T1,U2", "T1 T2"),
    ],
    "ALLOWED_CHANNELS must list channel IDs such as C0123ABCD, not names": [
        *("#general", "general", "U0123ABCD", "C1;C2", "#general,#random,#support"),
    ],
    "ALLOWED_USERS must list user IDs such as U0123ABCD, not names": [
        *("@jo", "C0123ABCD", "U\N{LATIN CAPITAL LETTER E WITH ACUTE}", '["U1"]', "U1|U2"),
    ],
    "SLACK_BOT_TOKEN must be the bot token, which begins with xoxb-": ["xapp-1", "xoxp-1"],
    "SLACK_APP_TOKEN must be the app-level token, which begins with xapp-": ["xoxb-1", "xoxp-1"],
    **{
        f"{variable} must list at least one ID, or be unset": [",", " , ,"]
        for variable in ("ALLOWED_TEAMS", "ALLOWED_CHANNELS", "ALLOWED_USERS")
    },
    "SLACK_SIGNING_SECRET contains a space, a quote or another invalid character": [
        *("8f74\N{LATIN SMALL LETTER E WITH ACUTE}", "8f74\udcff"),
        *('"8f742231b10e8888"', "'8f742231b10e8888'", "`8f742231b10e8888`", '8f742231b10e8888"'),
    ],
    "SLACK_BOT_TOKEN contains a space, a quote or another invalid character": ['"xoxb-1"'],
    "SLACK_APP_TOKEN contains a space, a quote or another invalid character": ["'xapp-1'"],
    "SLACK_SIGNING_SECRET must be one secret, or two with a comma between them: the new and the"
    " old one": [
        *(",", " , ", "the-first,the-second,the-third"),
    ],
    "SLACK_SIGNING_SECRET has a space or a comma in it, but a part is too short to be a secret": [
        *("8f74 2231", "8f74\n2231", "8f742231b10e8888abcd99yyyzzz8 5a5"),
    ],
    "SLACK_API_URL must be an https URL; plain http is for loopback only": [
        *("slack.com/api/", "http://slack.com/api/", "http://127.0.0.1.evil.com/"),
        *("ftp://slack.com/", "https:///api", "https://", "https://[::1"),
        *("https://slack.com:port/api/", "https://slack.com:99999/api/"),
        *("https://user:pass@slack.com/api/", "https://sla ck.com/api/"),
        *("https://slack.com/api/?x=1", "https://slack.com/api/?", "https://slack.com/api/#"),
        "https://slack.com\N{ACCOUNT OF}/api/",
    ],
    "DASHBOARD_URL must be an https URL with {id} in it once, where the voice log's ID goes": [
        # Not an https URL of a host.
        *("{id}", "acme.signalwire.com/{id}", "http://acme.signalwire.com/logs/{id}"),
        *("http://127.0.0.1/{id}", "javascript:alert({id})", "https:///{id}", "https://[::1]/{id}"),
        *("https://user@acme.signalwire.com/{id}", "https://acme.signalwire.com:port/{id}"),
        *("https://acme%2Eexample/{id}", "https://ácme.example/{id}"),
        # Not {id}, once, in the path or the query.
        *("https://acme.signalwire.com/logs", "https://acme.signalwire.com/{id}/{id}"),
        *("https://acme.signalwire.com/{ID}", "https://acme.signalwire.com/{id}/{project}"),
        *("https://{id}.signalwire.com/", "https://{id}/", "https://acme.signalwire.com:{id}/"),
        # Characters that no URL has.
        *("https://acme.signalwire.com/%logs/{id}", "https://acme.signalwire.com/%{id}41"),
        *("https://acme.signalwire.com/[{id}]", "https://acme.signalwire.com/a b/{id}"),
        *("https://acme.signalwire.com/<{id}>", "https://acme.signalwire.com/{id}|x"),
        "https://acme.signalwire.com/{id}" + "x" * 2900,
    ],
}


def test_unset_variables_have_the_documented_defaults() -> None:
    settings = read()
    assert settings.port == 3000
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.drain_seconds == 10
    assert settings.log_format is None
    assert settings.log_level == "info"
    assert settings.mask_numbers is Masking.SHARED
    assert settings.dashboard_url == ""
    assert settings.allowed_teams == settings.allowed_channels == settings.allowed_users == set()
    assert settings.slack_signing_secret is None
    assert settings.slack_bot_token is None
    assert settings.slack_app_token is None
    assert settings.projects == ()


@pytest.mark.parametrize("variable", sorted(field.upper() for field in Settings.model_fields))
@pytest.mark.parametrize("blank", ["", "  ", "\t\n"])
def test_an_empty_variable_counts_as_unset(variable: str, blank: str) -> None:
    assert read(**{variable: blank}) == read()


def test_other_variables_are_ignored() -> None:
    assert read(PATH="/bin", SIGNALWIRE="x", port="1") == read()


@pytest.mark.parametrize(
    ("need", "variables"),
    [
        (Required.SLACK_HTTP, ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"]),
        (Required.SLACK_SOCKET, ["SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"]),
        (
            Required.SIGNALWIRE,
            ["SIGNALWIRE_SPACE", "SIGNALWIRE_PROJECT_ID", "SIGNALWIRE_API_TOKEN"],
        ),
    ],
)
def test_each_missing_variable_that_a_command_requires_is_an_error(
    need: Required, variables: list[str]
) -> None:
    found = errors(need)
    assert [line.split()[0] for line in found] == variables
    assert all("is missing" in line for line in found)
    assert read(need, **COMPLETE).slack_bot_token is not None


def test_a_missing_variable_is_one_error_even_if_two_connections_require_it() -> None:
    found = errors(Required.SLACK_HTTP, Required.SLACK_SOCKET)
    assert sum(line.startswith("SLACK_BOT_TOKEN") for line in found) == 1


def test_all_errors_are_reported_together_on_a_line_each() -> None:
    wrong = {error.partition(" ")[0]: values[0] for error, values in INVALID.items()}
    del wrong["SLACK_SIGNING_SECRET"]
    found = errors(Required.SLACK_HTTP, Required.SIGNALWIRE, **wrong)
    missing = {"SLACK_SIGNING_SECRET", *(name for name in ONE_PROJECT)}
    assert {line.partition(" ")[0] for line in found} == wrong.keys() | missing
    assert len(found) == len(wrong) + len(missing)
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("error", "value"),
    [(error, value) for error, values in INVALID.items() for value in values],
    ids=lambda text: text[:40],
)
def test_an_invalid_value_is_one_error_that_says_what_is_valid(error: str, value: str) -> None:
    assert errors(**{error.partition(" ")[0]: value}) == (error,)


VALID: Final[dict[str, dict[str, object]]] = {
    **{
        variable: {value: SecretStr(value)}
        for variable, value in COMPLETE.items()
        if variable.startswith("SLACK_")
    },
    "PORT": {"0": 0, " 8080 ": 8080, "65535": 65535},
    "MASK_NUMBERS": {
        **dict.fromkeys(["always", " Always "], Masking.ALWAYS),
        "shared": Masking.SHARED,
        "NEVER": Masking.NEVER,
    },
    "LOG_FORMAT": {word: word.strip().lower() for word in ("json", "JSON", "console", " Console ")},
    "LOG_LEVEL": {word: word.lower() for word in ("debug", "INFO", "Warning", "error")},
    "DRAIN_SECONDS": {"0": 0.0, "0.5": 0.5, "300": 300.0},
    "ALLOWED_TEAMS": {"T1,E2": {"T1", "E2"}, " T1 , T2 ,, T1": {"T1", "T2"}},
    "ALLOWED_CHANNELS": {"C1,G2,D3": {"C1", "G2", "D3"}},
    "ALLOWED_USERS": {"U1,W2": {"U1", "W2"}},
    "SLACK_API_URL": {
        **dict.fromkeys(
            ["https://slack.com/api", "https://slack.com/api/"], "https://slack.com/api/"
        ),
        "https://slack-gov.com/api/": "https://slack-gov.com/api/",
        "http://127.0.0.1:4020/api": "http://127.0.0.1:4020/api/",
        "http://localhost:4020": "http://localhost:4020/",
        "http://[::1]:4020/api/": "http://[::1]:4020/api/",
    },
    "DASHBOARD_URL": {
        url: url
        for url in (
            "https://acme.signalwire.com/logs/voice/{id}",
            "https://acme.signalwire.com/logs?type=voice&id={id}#events",
            "https://acme.signalwire.com:8443/#/calls/{id}/",
            "https://example.com/%7Bproject%7D/{id}",
        )
    },
}


@pytest.mark.parametrize("variable", VALID)
def test_a_valid_value_is_read(variable: str) -> None:
    for value, expected in VALID[variable].items():
        assert getattr(read(**{variable: value}), variable.lower()) == expected


def test_a_single_signing_secret_is_read() -> None:
    assert read(SLACK_SIGNING_SECRET="signing").signing_secrets == ("signing",)
    assert read().signing_secrets == ()


@pytest.mark.parametrize("separator", [",", ", ", " , ", " ", "\n", "\r\n", "\t", ",\n,"])
def test_two_signing_secrets_are_read_with_the_new_one_first(separator: str) -> None:
    settings = read(SLACK_SIGNING_SECRET=f" the-new-one{separator}the-one-before\n")

    assert settings.signing_secrets == ("the-new-one", "the-one-before")


def test_the_validation_error_of_the_model_quotes_no_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"slack_bot_token": f"xapp-{CANARY}", "port": CANARY})
    assert caught.value.error_count() == 2
    assert CANARY not in str(caught.value) + repr(caught.value)


def test_the_repr_of_the_settings_has_no_secret() -> None:
    settings = read(
        SLACK_SIGNING_SECRET=CANARY,
        SLACK_BOT_TOKEN=f"xoxb-{CANARY}",
        SLACK_APP_TOKEN=f"xapp-{CANARY}",
        SIGNALWIRE_SPACE="acme",
        SIGNALWIRE_PROJECT_ID="project",
        SIGNALWIRE_API_TOKEN=f"PT{CANARY}",
        SIGNALWIRE_PROJECTS=json.dumps([project(api_token=f"PT{CANARY}")]),
    )
    assert CANARY not in repr(settings) + str(settings) + repr(settings.projects)
    assert CANARY not in settings.model_dump_json()


def test_the_value_of_a_secret_that_was_not_required_is_an_error() -> None:
    assert secret_value(SecretStr("known")) == "known"
    with pytest.raises(ValueError, match="without requiring"):
        secret_value(None)
