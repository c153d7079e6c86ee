"""SignalWire projects in the environment: one in three variables, or several as JSON."""

import json

import pytest
from pydantic import JsonValue

from bot.settings import Required
from tests.support.settings import ONE_PROJECT, errors, project, read

NOT_A_LIST = (
    "SIGNALWIRE_PROJECTS must be a JSON list of objects with name, space, project_id, api_token"
)
NO_PROJECT_ID = "contains a character that no project ID has"


def base_url(space: str) -> str:
    settings = read(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    return settings.projects[0].base_url


def errors_of(*projects: JsonValue) -> tuple[str, ...]:
    return errors(SIGNALWIRE_PROJECTS=json.dumps(projects))


@pytest.mark.parametrize(
    "space",
    [
        *("acme", "ACME", " acme ", "acme.signalwire.com", "Acme.SignalWire.com"),
        *("acme.signalwire.com:443", "https://acme.signalwire.com", "https://acme.signalwire.com/"),
        "https://acme.signalwire.com/dashboard?tab=calls#top",
    ],
)
def test_a_space_may_be_its_name_its_host_or_a_url(space: str) -> None:
    assert base_url(space) == "https://acme.signalwire.com"


@pytest.mark.parametrize("space", ["acme.swire.io", "ACME.Swire.IO:443", "https://acme.swire.io/x"])
def test_a_space_may_be_on_signalwires_staging_domain(space: str) -> None:
    assert base_url(space) == "https://acme.swire.io"
    (project,) = read(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space}).projects
    assert project.name == "acme"


@pytest.mark.parametrize(
    "space", ["my.signalwire.com", "my", "MY", "https://my.signalwire.com/?page=/logs/voices"]
)
def test_the_host_of_the_dashboard_is_not_a_space(space: str) -> None:
    (line,) = errors(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE isn't a SignalWire space: my.signalwire.com leads to")
    assert "acme.signalwire.com" in line


@pytest.mark.parametrize(
    "space", ["acme.dapp.signalwire.com", "a.b.dapp.signalwire.com", "dapp.signalwire.com"]
)
def test_a_sip_domain_is_not_a_space(space: str) -> None:
    (line,) = errors(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE is a SIP domain, not a SignalWire space;")
    (line,) = errors_of(project(space=space))
    assert line.startswith(
        "SIGNALWIRE_PROJECTS: the space of project 1 is a SIP domain, not a SignalWire space;"
    )


@pytest.mark.parametrize(
    ("space", "expected"),
    [
        *((f"http://127.0.0.1:4010{end}", "http://127.0.0.1:4010") for end in ("", "/")),
        *((f"http://{host}:4010", "http://localhost:4010") for host in ("localhost", "LOCALHOST")),
        *(
            (url, url)
            for url in ("http://127.9.8.7", "http://[::1]:4010", "https://127.0.0.1:4010")
        ),
    ],
)
def test_a_space_on_loopback_may_use_plain_http_and_any_port(space: str, expected: str) -> None:
    assert base_url(space) == expected


@pytest.mark.parametrize(
    "space",
    [
        # Hosts that aren't a subdomain of signalwire.com or swire.io.
        *("acme.signalwire.com.evil.com", "https://acme.signalwire.com.evil.com", "acme.evil.com"),
        *("evilsignalwire.com", "signalwire.com", ".signalwire.com", "acme..signalwire.com"),
        *("swire.io", ".swire.io", "evilswire.io", "acme.swire.io.evil.com"),
        *("https://evil.com/acme.signalwire.com", "https://evil.com?acme.signalwire.com"),
        *("https://evil.com#.signalwire.com", "https://evil.com\\.signalwire.com"),
        *("https://evil.com%2f.signalwire.com", "https://acme.signalwire.com@evil.com"),
        *("acme\N{FULLWIDTH FULL STOP}evil.com", "acme\n.evil.com", "acme\r\nHost: evil.com"),
        # Users and ports.
        *("https://user@acme.signalwire.com", "https://user:pass@acme.signalwire.com"),
        *("https://@acme.signalwire.com", "http://user@127.0.0.1:4010", "acme.signalwire.com:port"),
        *("https://acme.signalwire.com:8443", "https://acme.signalwire.com:0"),
        "acme.signalwire.com:99999",
        # Plain http on other hosts than loopback, and other schemes.
        *("http://acme.signalwire.com", "http://acme.swire.io", "http://127.0.0.1.evil.com"),
        *("http://localhost.evil.com", "http://10.0.0.1", "http://0.0.0.0:4010"),
        *("http://192.168.1.1", "http://2130706433", "http://[::1", "http://[::2]:4010"),
        *("ftp://127.0.0.1", "ws://acme.signalwire.com", "javascript:acme", "https:acme"),
        # A mistyped scheme.
        *("https:/acme.signalwire.com", "http//acme.signalwire.com", "https.signalwire.com"),
        # Not a host's name.
        *("https://", "ac me", "acme_x", "-acme", "acme-", "acme.signalwire.com."),
        "acm\N{LATIN SMALL LETTER E WITH ACUTE}",
    ],
)
def test_any_other_space_is_an_error(space: str) -> None:
    (line,) = errors(**{**ONE_PROJECT, "SIGNALWIRE_SPACE": space})
    assert line.startswith("SIGNALWIRE_SPACE isn't a SignalWire space")


@pytest.mark.parametrize(
    "id_", ["a:b", "a b", "a\nb", "\N{LATIN SMALL LETTER E WITH ACUTE}", '"ab"', "'ab'"]
)
def test_a_project_id_has_no_quotes_and_only_what_basic_authentication_allows(id_: str) -> None:
    assert errors(SIGNALWIRE_PROJECT_ID=id_) == (f"SIGNALWIRE_PROJECT_ID {NO_PROJECT_ID}",)


def test_a_project_id_has_at_most_a_hundred_characters() -> None:
    (line,) = errors(SIGNALWIRE_PROJECT_ID="x" * 101)
    assert line == "SIGNALWIRE_PROJECT_ID has more than 100 characters"


@pytest.mark.parametrize(
    "token",
    ["PT a", "PT\r\nX-Evil: 1", "PT\N{LATIN SMALL LETTER E WITH ACUTE}", '"PTtoken"', "'PTtoken'"],
)
def test_a_token_has_no_quotes_and_only_what_a_header_allows(token: str) -> None:
    (line,) = errors(SIGNALWIRE_API_TOKEN=token)
    assert line.startswith("SIGNALWIRE_API_TOKEN contains")


def test_whitespace_around_a_token_is_ignored() -> None:
    settings = read(**{**ONE_PROJECT, "SIGNALWIRE_API_TOKEN": " PTtoken\n"})
    assert settings.projects[0].api_token.get_secret_value() == "PTtoken"


@pytest.mark.parametrize("left_out", sorted(ONE_PROJECT))
def test_an_incomplete_project_is_ignored(left_out: str) -> None:
    settings = read(**{name: ONE_PROJECT[name] for name in ONE_PROJECT if name != left_out})
    assert settings.projects == ()


def test_listed_projects_keep_their_order_and_names() -> None:
    given = [project(), project(name="Support", space="http://127.0.0.1:4010", project_id="p2")]
    settings = read(Required.SIGNALWIRE, SIGNALWIRE_PROJECTS=json.dumps(given))
    assert [(one.name, one.base_url, one.project_id) for one in settings.projects] == [
        ("Sales", "https://acme.signalwire.com", "project-1"),
        ("Support", "http://127.0.0.1:4010", "p2"),
    ]


def test_the_list_takes_precedence_over_the_three_variables() -> None:
    settings = read(**ONE_PROJECT, SIGNALWIRE_PROJECTS=json.dumps([project(name="Sales")]))
    assert [one.name for one in settings.projects] == ["Sales"]


@pytest.mark.parametrize(
    "text",
    [
        *("{", "[", "nope", "[{'name': 'a'}]", "[" * 50_000, "9" * 5000),
        *("{}", "null", "5", '"acme"', json.dumps(project()), "true", '["acme"]'),
    ],
    ids=lambda text: text[:20],
)
def test_anything_but_a_json_list_of_objects_is_one_error(text: str) -> None:
    assert errors(SIGNALWIRE_PROJECTS=text) == (NOT_A_LIST,)


def test_an_empty_list_is_an_error() -> None:
    assert errors_of() == ("SIGNALWIRE_PROJECTS must name at least one project",)


@pytest.mark.parametrize("other", ["Sales", " Sales "])
def test_two_projects_with_one_name_are_an_error(other: str) -> None:
    assert errors_of(project(), project(name=other, project_id="p2")) == (
        "SIGNALWIRE_PROJECTS has two projects with the same name",
    )


def test_each_missing_key_of_each_project_is_an_error() -> None:
    assert list(errors_of({"name": "Sales"}, project(name="Support"), {"space": "acme"})) == [
        "SIGNALWIRE_PROJECTS: the space of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the project_id of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the api_token of project 1 is missing",
        "SIGNALWIRE_PROJECTS: the name of project 3 is missing",
        "SIGNALWIRE_PROJECTS: the project_id of project 3 is missing",
        "SIGNALWIRE_PROJECTS: the api_token of project 3 is missing",
    ]


def test_each_invalid_value_of_each_project_is_an_error() -> None:
    space, *others = errors_of(
        project(space="acme.example", api_token=""),
        project(name="", project_id="a:b"),
        project(name=7, token="PTwrong-key"),
    )
    assert space.startswith("SIGNALWIRE_PROJECTS: the space of project 1 isn't a SignalWire space;")
    assert others == [
        "SIGNALWIRE_PROJECTS: the api_token of project 1 is empty",
        "SIGNALWIRE_PROJECTS: the name of project 2 is empty",
        f"SIGNALWIRE_PROJECTS: the project_id of project 2 {NO_PROJECT_ID}",
        "SIGNALWIRE_PROJECTS: the name of project 3 must be text",
        "SIGNALWIRE_PROJECTS: project 3 has an unknown key",
    ]
