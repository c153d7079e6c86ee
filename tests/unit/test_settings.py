import json
from decimal import Decimal

import pytest
from pydantic import JsonValue, SecretStr, ValidationError

from bot.settings import Required, Settings, SettingsError, secret_value
from bot.voicelogs.masking import Masking

CANARY = "canary7f3a"
DASHBOARD_MISTAKE = (
    "DASHBOARD_URL must be an https URL with {id} in it once, where the voice log's id goes"
)
NO_PROJECT_ID = "contains a character that no project id has"
ONE_PROJECT = {
    "SIGNALWIRE_SPACE": "acme",
    "SIGNALWIRE_PROJECT_ID": "3fa2d9f4-1f4e-4b7e-9d57-0d7b6a2b8c11",
    "SIGNALWIRE_API_TOKEN": "PTtoken",
}
WHOLE = {
    **ONE_PROJECT,
    "SLACK_SIGNING_SECRET": "signing",
    "SLACK_BOT_TOKEN": "xoxb-bot",
    "SLACK_APP_TOKEN": "xapp-app",
}


def read(*needs: Required, **environment: str) -> Settings:
    return Settings.from_environment(environment, *needs)


def mistakes(*needs: Required, **environment: str) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        read(*needs, **environment)
    return caught.value.errors


def project(**changes: JsonValue) -> dict[str, JsonValue]:
    return {
        "name": "Sales",
        "space": "acme",
        "project_id": "project-1",
        "api_token": "PTone",
        **changes,
    }


def base_url(space: str) -> str:
    settings = read(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    return settings.projects[0].base_url


def test_nothing_set_gives_the_documented_defaults() -> None:
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


def test_every_variable_reaches_its_field() -> None:
    settings = read(
        **WHOLE,
        PORT="8080",
        SLACK_API_URL="http://127.0.0.1:4020/api/",
        ALLOWED_TEAMS="T1",
        ALLOWED_CHANNELS="C1",
        ALLOWED_USERS="U1",
        MASK_NUMBERS="always",
        DASHBOARD_URL="https://acme.signalwire.com/logs/voice/{id}",
        LOG_FORMAT="console",
        LOG_LEVEL="debug",
        DRAIN_SECONDS="2.5",
    )
    assert settings.port == 8080
    assert settings.dashboard_url == "https://acme.signalwire.com/logs/voice/{id}"
    assert settings.slack_api_url == "http://127.0.0.1:4020/api/"
    assert secret_value(settings.slack_signing_secret) == "signing"
    assert secret_value(settings.slack_bot_token) == "xoxb-bot"
    assert secret_value(settings.slack_app_token) == "xapp-app"
    assert settings.allowed_teams == {"T1"}
    assert settings.allowed_channels == {"C1"}
    assert settings.allowed_users == {"U1"}
    assert settings.mask_numbers is Masking.ALWAYS
    assert settings.log_format == "console"
    assert settings.log_level == "debug"
    assert Decimal(str(settings.drain_seconds)) == Decimal("2.5")
    (only,) = settings.projects
    assert only.name == "acme"
    assert only.base_url == "https://acme.signalwire.com"
    assert only.project_id == ONE_PROJECT["SIGNALWIRE_PROJECT_ID"]
    assert only.api_token.get_secret_value() == "PTtoken"


@pytest.mark.parametrize("variable", sorted(field.upper() for field in Settings.model_fields))
@pytest.mark.parametrize("nothing", ["", "  ", "\t\n"])
def test_an_empty_variable_counts_as_not_set(variable: str, nothing: str) -> None:
    assert read(**{variable: nothing}) == read()


def test_variables_of_others_are_ignored() -> None:
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
def test_what_a_way_of_running_needs_is_named_when_missing(
    need: Required, variables: list[str]
) -> None:
    found = mistakes(need)
    assert [line.split()[0] for line in found] == variables
    assert all("is missing" in line for line in found)
    assert read(need, **WHOLE).slack_bot_token is not None


def test_a_variable_that_two_needs_share_is_missed_once() -> None:
    found = mistakes(Required.SLACK_HTTP, Required.SLACK_SOCKET)
    assert sum(line.startswith("SLACK_BOT_TOKEN") for line in found) == 1


def test_every_mistake_is_reported_at_once_one_line_each() -> None:
    found = mistakes(
        Required.SLACK_HTTP,
        Required.SIGNALWIRE,
        PORT="http",
        SLACK_BOT_TOKEN="xapp-mixed",
        SLACK_API_URL="slack.com",
        SIGNALWIRE_SPACE="acme.example",
        SIGNALWIRE_PROJECT_ID="a:b",
        ALLOWED_TEAMS="general",
        ALLOWED_CHANNELS="#general",
        ALLOWED_USERS="@jo",
        MASK_NUMBERS="sometimes",
        DASHBOARD_URL="https://acme.signalwire.com/",
        LOG_FORMAT="xml",
        LOG_LEVEL="loud",
        DRAIN_SECONDS="soon",
    )
    assert sorted(line.split()[0] for line in found) == [
        "ALLOWED_CHANNELS",
        "ALLOWED_TEAMS",
        "ALLOWED_USERS",
        "DASHBOARD_URL",
        "DRAIN_SECONDS",
        "LOG_FORMAT",
        "LOG_LEVEL",
        "MASK_NUMBERS",
        "PORT",
        "SIGNALWIRE_API_TOKEN",
        "SIGNALWIRE_PROJECT_ID",
        "SIGNALWIRE_SPACE",
        "SLACK_API_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
    ]
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("PORT must be a number from 1 to 65535", "http"),
        ("PORT must be a number from 1 to 65535", "65536"),
        ("MASK_NUMBERS must be shared, always or never", "yes"),
        ("LOG_FORMAT must be json or console", "xml"),
        ("LOG_LEVEL must be debug, info, warning or error", "loud"),
        ("DRAIN_SECONDS must be a number of seconds from 0 to 300", "301"),
        (DASHBOARD_MISTAKE, "http://acme.signalwire.com/logs/{id}"),
        (DASHBOARD_MISTAKE, "https://acme.signalwire.com/%logs/{id}"),
        (DASHBOARD_MISTAKE, "https://acme.signalwire.com/%{id}41"),
        (DASHBOARD_MISTAKE, "https://acme.signalwire.com/[{id}]"),
        ("ALLOWED_USERS must hold user ids such as U0123ABCD, not names", "@jo"),
        ("SLACK_BOT_TOKEN must be the bot token, which begins with xoxb-", "xapp-1"),
    ],
)
def test_a_mistake_says_what_is_right(line: str, value: str) -> None:
    assert mistakes(**{line.partition(" ")[0]: value}) == (line,)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", CANARY),
        ("SLACK_BOT_TOKEN", f"xapp-{CANARY}"),
        ("SLACK_APP_TOKEN", f"xoxb-{CANARY}"),
        ("SLACK_API_URL", f"http://{CANARY}.example/"),
        ("SLACK_API_URL", f"https://[{CANARY}"),
        ("SLACK_API_URL", f"https://user:{CANARY}\N{ACCOUNT OF}@slack.com/api/"),
        ("SIGNALWIRE_SPACE", f"https://user:{CANARY}@acme.signalwire.com"),
        ("SIGNALWIRE_SPACE", f"{CANARY}\N{ACCOUNT OF}"),
        ("SIGNALWIRE_PROJECT_ID", f"{CANARY}:{CANARY}"),
        ("SIGNALWIRE_API_TOKEN", f"PT{CANARY} {CANARY}"),
        ("SLACK_SIGNING_SECRET", f"{CANARY},{CANARY},{CANARY}"),
        ("SLACK_SIGNING_SECRET", f"{CANARY} 7f"),
        ("SLACK_SIGNING_SECRET", f"{CANARY},{CANARY}\N{ACCOUNT OF}"),
        ("SIGNALWIRE_PROJECTS", CANARY),
        ("SIGNALWIRE_PROJECTS", f'"{CANARY}"'),
        ("SIGNALWIRE_PROJECTS", json.dumps({CANARY: CANARY})),
        ("SIGNALWIRE_PROJECTS", json.dumps([CANARY])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(name=CANARY * 5)])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(space=f"{CANARY}.example")])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(project_id=f"{CANARY}:")])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(api_token=f"{CANARY} {CANARY}")])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(api_token=[CANARY])])),
        ("SIGNALWIRE_PROJECTS", json.dumps([project(name=CANARY), project(name=CANARY)])),
        ("ALLOWED_TEAMS", CANARY),
        ("ALLOWED_CHANNELS", CANARY),
        ("ALLOWED_USERS", CANARY),
        ("MASK_NUMBERS", CANARY),
        ("LOG_FORMAT", CANARY),
        ("LOG_LEVEL", CANARY),
        ("DRAIN_SECONDS", CANARY),
        ("DASHBOARD_URL", f"https://user:{CANARY}@acme.signalwire.com/{{id}}"),
    ],
)
def test_a_mistake_never_quotes_the_value(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(**{variable: value})
    assert caught.value.errors
    assert all(line.startswith(variable) for line in caught.value.errors)
    assert CANARY not in "".join(caught.value.errors)
    assert CANARY not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_not_even_the_models_own_error_quotes_a_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"slack_bot_token": f"xapp-{CANARY}", "port": CANARY})
    assert caught.value.error_count() == 2
    assert CANARY not in str(caught.value) + repr(caught.value)


def test_no_secret_shows_in_the_settings_representation() -> None:
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


@pytest.mark.parametrize(
    "space",
    [
        "acme",
        "ACME",
        " acme ",
        "acme.signalwire.com",
        "Acme.SignalWire.com",
        "acme.signalwire.com:443",
        "https://acme.signalwire.com",
        "https://acme.signalwire.com/",
        "https://acme.signalwire.com/dashboard?tab=calls#top",
    ],
)
def test_every_way_of_writing_a_space_means_its_api(space: str) -> None:
    assert base_url(space) == "https://acme.signalwire.com"


@pytest.mark.parametrize("space", ["acme.swire.io", "ACME.Swire.IO:443", "https://acme.swire.io/x"])
def test_a_space_may_be_on_signalwires_staging(space: str) -> None:
    assert base_url(space) == "https://acme.swire.io"
    (project,) = read(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space}).projects
    assert project.name == "acme"


@pytest.mark.parametrize(
    "space", ["my.signalwire.com", "my", "MY", "https://my.signalwire.com/?page=/logs/voices"]
)
def test_the_dashboards_address_is_no_space(space: str) -> None:
    (line,) = mistakes(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE isn't a SignalWire space: my.signalwire.com leads to")
    assert "acme.signalwire.com" in line


@pytest.mark.parametrize(
    "space", ["acme.dapp.signalwire.com", "a.b.dapp.signalwire.com", "dapp.signalwire.com"]
)
def test_a_sip_domain_is_no_space(space: str) -> None:
    (line,) = mistakes(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE is a SIP domain, not a SignalWire space;")
    (line,) = mistakes(SIGNALWIRE_PROJECTS=json.dumps([project(space=space)]))
    assert line.startswith(
        "SIGNALWIRE_PROJECTS: the space of project 1 is a SIP domain, not a SignalWire space;"
    )


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://127.0.0.1:4010/", "http://127.0.0.1:4010"),
        ("http://127.9.8.7", "http://127.9.8.7"),
        ("http://localhost:4010", "http://localhost:4010"),
        ("http://LOCALHOST:4010", "http://localhost:4010"),
        ("http://[::1]:4010", "http://[::1]:4010"),
        ("https://127.0.0.1:4010", "https://127.0.0.1:4010"),
    ],
)
def test_loopback_may_be_plain_http_on_any_port(space: str, expected: str) -> None:
    assert base_url(space) == expected


@pytest.mark.parametrize(
    "space",
    [
        "http://acme.signalwire.com",
        "acme.signalwire.com.evil.com",
        "https://acme.signalwire.com.evil.com",
        "acme.evil.com",
        "evilsignalwire.com",
        "signalwire.com",
        ".signalwire.com",
        "swire.io",
        ".swire.io",
        "evilswire.io",
        "http://acme.swire.io",
        "acme.swire.io.evil.com",
        "acme..signalwire.com",
        "acme.signalwire.com.",
        "https://evil.com/acme.signalwire.com",
        "https://evil.com?acme.signalwire.com",
        "https://evil.com#.signalwire.com",
        "https://evil.com\\.signalwire.com",
        "https://evil.com%2f.signalwire.com",
        "https://acme.signalwire.com@evil.com",
        "https://user@acme.signalwire.com",
        "https://user:pass@acme.signalwire.com",
        "https://@acme.signalwire.com",
        "http://user@127.0.0.1:4010",
        "https://acme.signalwire.com:8443",
        "https://acme.signalwire.com:0",
        "acme.signalwire.com:port",
        "acme.signalwire.com:99999",
        "http://127.0.0.1.evil.com",
        "http://localhost.evil.com",
        "http://10.0.0.1",
        "http://0.0.0.0:4010",
        "http://192.168.1.1",
        "http://2130706433",
        "http://[::1",
        "http://[::2]:4010",
        "ftp://127.0.0.1",
        "ws://acme.signalwire.com",
        "javascript:acme",
        "https:acme",
        "https://",
        "ac me",
        "acme_x",
        "-acme",
        "acme-",
        "acm\N{LATIN SMALL LETTER E WITH ACUTE}",
        "acme\N{FULLWIDTH FULL STOP}evil.com",
        "acme\n.evil.com",
        "acme\r\nHost: evil.com",
    ],
)
def test_a_space_elsewhere_or_malformed_is_refused(space: str) -> None:
    (line,) = mistakes(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE isn't a SignalWire space")


@pytest.mark.parametrize("broken", ["a:b", "a b", "a\nb", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
def test_a_project_id_that_basic_auth_cannot_carry_is_refused(broken: str) -> None:
    (line,) = mistakes(**{**ONE_PROJECT, "SIGNALWIRE_PROJECT_ID": broken})
    assert line.startswith("SIGNALWIRE_PROJECT_ID ")


@pytest.mark.parametrize(
    "broken", ["PT a", "PT\r\nX-Evil: 1", "PT\N{LATIN SMALL LETTER E WITH ACUTE}"]
)
def test_a_token_that_a_header_cannot_carry_is_refused(broken: str) -> None:
    (line,) = mistakes(**{**ONE_PROJECT, "SIGNALWIRE_API_TOKEN": broken})
    assert line.startswith("SIGNALWIRE_API_TOKEN ")


@pytest.mark.parametrize(
    "broken", ["8f74 2231", "8f74\n2231", "8f74\N{LATIN SMALL LETTER E WITH ACUTE}", "8f74\udcff"]
)
def test_a_signing_secret_that_nothing_can_be_signed_with_is_refused(broken: str) -> None:
    (line,) = mistakes(SLACK_SIGNING_SECRET=broken)
    assert line.startswith("SLACK_SIGNING_SECRET ")


def test_one_signing_secret_is_one() -> None:
    assert read(SLACK_SIGNING_SECRET="signing").signing_secrets == ("signing",)
    assert read().signing_secrets == ()


@pytest.mark.parametrize("between", [",", ", ", " , ", " ", "\n", "\r\n", "\t", ",\n,"])
def test_in_a_rotation_there_are_two_signing_secrets_the_new_one_first(between: str) -> None:
    settings = read(SLACK_SIGNING_SECRET=f" the-new-one{between}the-one-before\n")

    assert settings.signing_secrets == ("the-new-one", "the-one-before")


@pytest.mark.parametrize(
    "broken", [",", " , ", "the-first,the-second,the-third", "8f742231b10e8888abcd99yyyzzz8 5a5"]
)
def test_signing_secrets_that_are_none_too_many_or_a_broken_one_are_refused(broken: str) -> None:
    (line,) = mistakes(SLACK_SIGNING_SECRET=broken)
    assert line.startswith("SLACK_SIGNING_SECRET ")
    assert "secret" in line


def test_blanks_around_a_pasted_token_do_no_harm() -> None:
    settings = read(**{**ONE_PROJECT, "SIGNALWIRE_API_TOKEN": " PTtoken\n"})
    assert settings.projects[0].api_token.get_secret_value() == "PTtoken"


@pytest.mark.parametrize("left_out", sorted(ONE_PROJECT))
def test_half_a_project_is_no_project(left_out: str) -> None:
    settings = read(**{name: ONE_PROJECT[name] for name in ONE_PROJECT if name != left_out})
    assert settings.projects == ()


def test_several_projects_keep_their_order_and_names() -> None:
    given = [project(), project(name="Support", space="http://127.0.0.1:4010", project_id="p2")]
    settings = read(Required.SIGNALWIRE, SIGNALWIRE_PROJECTS=json.dumps(given))
    assert [(one.name, one.base_url, one.project_id) for one in settings.projects] == [
        ("Sales", "https://acme.signalwire.com", "project-1"),
        ("Support", "http://127.0.0.1:4010", "p2"),
    ]


def test_several_projects_go_before_the_single_one() -> None:
    settings = read(**ONE_PROJECT, SIGNALWIRE_PROJECTS=json.dumps([project(name="Sales")]))
    assert [one.name for one in settings.projects] == ["Sales"]


@pytest.mark.parametrize(
    "text",
    ["{", "[", "nope", "[{'name': 'a'}]", "[" * 50_000, "9" * 5000],
    ids=lambda text: text[:20],
)
def test_projects_that_are_not_json_are_one_mistake(text: str) -> None:
    (line,) = mistakes(SIGNALWIRE_PROJECTS=text)
    assert line.startswith("SIGNALWIRE_PROJECTS ")


@pytest.mark.parametrize("value", [{}, None, 5, "acme", project(), True])
def test_projects_that_are_not_a_list_are_one_mistake(value: JsonValue) -> None:
    (line,) = mistakes(SIGNALWIRE_PROJECTS=json.dumps(value))
    assert line.startswith("SIGNALWIRE_PROJECTS ")


def test_an_empty_list_of_projects_is_a_mistake() -> None:
    assert mistakes(SIGNALWIRE_PROJECTS="[]") == (
        "SIGNALWIRE_PROJECTS must name at least one project",
    )


@pytest.mark.parametrize("other", ["Sales", " Sales "])
def test_two_projects_of_one_name_are_a_mistake(other: str) -> None:
    given = [project(), project(name=other, project_id="p2")]
    assert mistakes(SIGNALWIRE_PROJECTS=json.dumps(given)) == (
        "SIGNALWIRE_PROJECTS has two projects with the same name",
    )


def test_each_missing_key_of_each_project_is_named() -> None:
    given: list[JsonValue] = [{"name": "Sales"}, project(name="Support"), {"space": "acme"}]
    assert list(mistakes(SIGNALWIRE_PROJECTS=json.dumps(given))) == [
        "SIGNALWIRE_PROJECTS: the space of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the project_id of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the api_token of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the name of project 3 is missing",
        "SIGNALWIRE_PROJECTS: the project_id of project 3 is missing",
        "SIGNALWIRE_PROJECTS: the api_token of project 3 is missing",
    ]


def test_several_mistakes_in_several_projects_are_all_named() -> None:
    given = [
        project(space="acme.example", api_token=""),
        project(name="", project_id="a:b"),
        project(name=7, token="PTwrong-key"),
    ]
    space, *others = mistakes(SIGNALWIRE_PROJECTS=json.dumps(given))
    assert space.startswith("SIGNALWIRE_PROJECTS: the space of project 1 isn't a SignalWire space;")
    assert others == [
        "SIGNALWIRE_PROJECTS: the api_token of project 1 is empty",
        "SIGNALWIRE_PROJECTS: the name of project 2 is empty",
        f"SIGNALWIRE_PROJECTS: the project_id of project 2 {NO_PROJECT_ID}",
        "SIGNALWIRE_PROJECTS: the name of project 3 must be text",
        "SIGNALWIRE_PROJECTS: project 3 has an unknown key",
    ]


def test_a_key_with_a_line_break_still_makes_one_line() -> None:
    given = [project(**{"to\nken": "PTwrong-key"})]
    (line,) = mistakes(SIGNALWIRE_PROJECTS=json.dumps(given))
    assert "\n" not in line


@pytest.mark.parametrize(
    ("variable", "token", "right"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_BOT_TOKEN", "xoxp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("SLACK_APP_TOKEN", "xoxp-1", "xapp-"),
    ],
)
def test_a_token_in_the_place_of_another_is_caught(variable: str, token: str, right: str) -> None:
    (line,) = mistakes(**{variable: token})
    assert line.startswith(f"{variable} ")
    assert right in line


@pytest.mark.parametrize(
    ("variable", "given", "kept"),
    [
        ("ALLOWED_TEAMS", "T1,E2", {"T1", "E2"}),
        ("ALLOWED_TEAMS", " T1 , T2 ,, T1", {"T1", "T2"}),
        ("ALLOWED_CHANNELS", "C1,G2,D3", {"C1", "G2", "D3"}),
        ("ALLOWED_USERS", "U1,W2", {"U1", "W2"}),
        ("ALLOWED_USERS", ",", set[str]()),
    ],
)
def test_an_allow_list_is_comma_separated(variable: str, given: str, kept: set[str]) -> None:
    assert getattr(read(**{variable: given}), variable.lower()) == kept


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("ALLOWED_TEAMS", "acme"),
        ("ALLOWED_TEAMS", "t0123abcd"),
        ("ALLOWED_TEAMS", "C0123ABCD"),
        ("ALLOWED_TEAMS", "T1,U2"),
        ("ALLOWED_CHANNELS", "#general"),
        ("ALLOWED_CHANNELS", "general"),
        ("ALLOWED_CHANNELS", "U0123ABCD"),
        ("ALLOWED_USERS", "@jo"),
        ("ALLOWED_USERS", "C0123ABCD"),
        ("ALLOWED_USERS", "U\N{LATIN CAPITAL LETTER E WITH ACUTE}"),
        ("ALLOWED_TEAMS", "T1 T2"),
        ("ALLOWED_CHANNELS", "C1;C2"),
        ("ALLOWED_USERS", '["U1"]'),
        ("ALLOWED_USERS", "U1|U2"),
    ],
)
def test_what_is_no_slack_id_of_its_kind_is_refused(variable: str, given: str) -> None:
    (line,) = mistakes(**{variable: given})
    assert line.startswith(f"{variable} must hold")


def test_a_list_that_is_wrong_in_the_same_way_many_times_is_one_mistake() -> None:
    assert len(mistakes(ALLOWED_CHANNELS="#general,#random,#support")) == 1


@pytest.mark.parametrize(("given", "port"), [("0", 0), (" 8080 ", 8080), ("65535", 65535)])
def test_a_port_is_a_number_up_to_65535(given: str, port: int) -> None:
    assert read(PORT=given).port == port


@pytest.mark.parametrize("given", ["-1", "65536", "http", "3000.5", "0x50", "80 81"])
def test_anything_else_is_no_port(given: str) -> None:
    (line,) = mistakes(PORT=given)
    assert line.startswith("PORT ")


@pytest.mark.parametrize("given", ["0", "0.5", "300"])
def test_draining_may_take_up_to_five_minutes(given: str) -> None:
    assert str(Decimal(str(read(DRAIN_SECONDS=given).drain_seconds)).normalize()) == str(
        Decimal(given).normalize()
    )


@pytest.mark.parametrize("given", ["-1", "301", "nan", "inf", "-inf", "10s", "ten"])
def test_any_other_time_to_drain_is_refused(given: str) -> None:
    (line,) = mistakes(DRAIN_SECONDS=given)
    assert line.startswith("DRAIN_SECONDS ")


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        *(("LOG_FORMAT", word) for word in ("json", "JSON", "console", " Console ")),
        *(("LOG_LEVEL", word) for word in ("debug", "INFO", "Warning", "error")),
    ],
)
def test_log_settings_are_words_in_any_case(variable: str, given: str) -> None:
    assert getattr(read(**{variable: given}), variable.lower()) == given.strip().lower()


@pytest.mark.parametrize(
    ("variable", "given"),
    [("LOG_FORMAT", "xml"), ("LOG_FORMAT", "text"), ("LOG_LEVEL", "trace"), ("LOG_LEVEL", "10")],
)
def test_unknown_log_settings_are_refused(variable: str, given: str) -> None:
    (line,) = mistakes(**{variable: given})
    assert line.startswith(f"{variable} ")


@pytest.mark.parametrize(
    ("given", "masking"),
    [
        ("shared", Masking.SHARED),
        ("always", Masking.ALWAYS),
        (" Always ", Masking.ALWAYS),
        ("NEVER", Masking.NEVER),
    ],
)
def test_where_numbers_are_masked_is_a_word_in_any_case(given: str, masking: Masking) -> None:
    assert read(MASK_NUMBERS=given).mask_numbers is masking


@pytest.mark.parametrize("given", ["yes", "true", "1", "public", "shared,always", "Masking.NEVER"])
def test_any_other_word_for_masking_is_refused_with_those_there_are(given: str) -> None:
    (line,) = mistakes(MASK_NUMBERS=given)
    assert line.startswith("MASK_NUMBERS ")
    assert [word for word in ("shared", "always", "never") if word not in line] == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://slack.com/api", "https://slack.com/api/"),
        ("https://slack.com/api/", "https://slack.com/api/"),
        ("https://slack-gov.com/api/", "https://slack-gov.com/api/"),
        ("http://127.0.0.1:4020/api", "http://127.0.0.1:4020/api/"),
        ("http://localhost:4020", "http://localhost:4020/"),
        ("http://[::1]:4020/api/", "http://[::1]:4020/api/"),
    ],
)
def test_slacks_api_url_ends_in_one_slash(given: str, kept: str) -> None:
    assert read(SLACK_API_URL=given).slack_api_url == kept


@pytest.mark.parametrize(
    "given",
    [
        "slack.com/api/",
        "http://slack.com/api/",
        "http://127.0.0.1.evil.com/",
        "ftp://slack.com/",
        "https:///api",
        "https://",
        "https://[::1",
        "https://slack.com:port/api/",
        "https://slack.com:99999/api/",
        "https://user:pass@slack.com/api/",
        "https://slack.com\N{ACCOUNT OF}/api/",
        "https://sla ck.com/api/",
        "https://slack.com/api/?x=1",
        "https://slack.com/api/?",
        "https://slack.com/api/#",
    ],
)
def test_a_url_that_slacks_api_cannot_have_is_refused(given: str) -> None:
    (line,) = mistakes(SLACK_API_URL=given)
    assert line.startswith("SLACK_API_URL ")
    assert "\N{ACCOUNT OF}" not in line


def test_revealing_a_secret_that_was_not_asked_for_is_an_error() -> None:
    assert secret_value(SecretStr("known")) == "known"
    with pytest.raises(ValueError, match="without requiring"):
        secret_value(None)


@pytest.mark.parametrize(
    "url",
    [
        "https://acme.signalwire.com/logs/voice/{id}",
        "https://acme.signalwire.com/logs?type=voice&id={id}#events",
        "https://acme.signalwire.com:8443/#/calls/{id}/",
        "https://example.com/%7Bproject%7D/{id}",
    ],
)
def test_a_dashboard_url_has_the_id_anywhere_behind_the_host(url: str) -> None:
    assert read(DASHBOARD_URL=url).dashboard_url == url


@pytest.mark.parametrize(
    "url",
    [
        "{id}",
        "acme.signalwire.com/{id}",
        "http://127.0.0.1/{id}",
        "javascript:alert({id})",
        "https://acme.signalwire.com/logs",
        "https://acme.signalwire.com/{id}/{id}",
        "https://acme.signalwire.com/{ID}",
        "https://acme.signalwire.com/{id}/{project}",
        "https://{id}.signalwire.com/",
        "https://{id}/",
        "https:///{id}",
        "https://user@acme.signalwire.com/{id}",
        "https://acme.signalwire.com:port/{id}",
        "https://acme.signalwire.com:{id}/",
        "https://acme%2Eexample/{id}",
        "https://[::1]/{id}",
        "https://acme.signalwire.com/a b/{id}",
        "https://acme.signalwire.com/<{id}>",
        "https://acme.signalwire.com/{id}|x",
        "https://ácme.example/{id}",
        "https://acme.signalwire.com/{id}" + "x" * 2900,
    ],
)
def test_any_other_dashboard_url_is_a_mistake(url: str) -> None:
    assert mistakes(DASHBOARD_URL=url) == (DASHBOARD_MISTAKE,)
