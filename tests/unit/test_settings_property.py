"""Any environment is either accepted, or rejected with errors that don't quote it."""

import json
import re
from collections.abc import Iterable
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.app import Bot, create_http_app
from bot.settings import Required, Settings, SettingsError
from tests.support.raw_requests import call_app, signed
from tests.support.samples import NOW

CANARY: Final = "k7qz9w"
"""In every random value, and in no text of the bot."""
RANDOM: Final = settings(max_examples=250)
FEWER: Final = settings(RANDOM, max_examples=100)
VARIABLES: Final = sorted(field.upper() for field in Settings.model_fields)
ERROR_TEXT: Final = r"(?:is|isn't|has|must|contains|holds) (?!valid)[ -~]+"
ERROR_LINE: Final = re.compile(
    rf"(?:{'|'.join(VARIABLES)})(?:: (?:the [a-z_]+ of )?project \d+)? {ERROR_TEXT}"
)
VALID: Final = {
    "PORT": "8080",
    "SLACK_SIGNING_SECRET": "8f742231b10e8888abcd99yyyzzz85a5",
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "SLACK_API_URL": "http://127.0.0.1:9/api/",
    "SIGNALWIRE_SPACE": "http://127.0.0.1:9",
    "SIGNALWIRE_PROJECT_ID": "project",
    "SIGNALWIRE_API_TOKEN": "PT1",
    "ALLOWED_TEAMS": "T1,E2",
    "ALLOWED_CHANNELS": "C1",
    "ALLOWED_USERS": "U1",
    "MASK_NUMBERS": "always",
    "DASHBOARD_URL": "https://acme.signalwire.com/logs/voice/{id}",
    "LOG_FORMAT": "json",
    "LOG_LEVEL": "debug",
    "DRAIN_SECONDS": "2.5",
}

# ── Values in the environment ─────────────────────────────────────────────────────────────────

# A byte that isn't UTF-8 is a lone surrogate in os.environ (PEP 383).
ODD: Final = st.sampled_from(
    [
        *("\udcff", "\ud800", "\x00", "\n", "\r\n", "\x1b[31m", "\u2028", "\u202e", "\ufeff", "é"),
        *(",", ":", ";", "@", "#", "?", "/", "\\", "[", "]", "%", "%25", " ", '"', "'", "{", "*"),
        *("http://", "https://", "127.0.0.1", "localhost", "[::1]", ".signalwire.com", ":443"),
        *("xoxb-", "xapp-", "PT", "T1", "C1", "U1", "NaN", "1e999999", "\u0663"),
    ]
)
HUGE: Final = st.sampled_from(["x", "9", "T1,", "[", '[{"name":']).map(lambda piece: piece * 20_000)
HOSTILE: Final = st.lists(ODD | ODD | ODD | HUGE | st.text(max_size=20), max_size=6).map("".join)
CANARY_TEXT: Final = st.tuples(HOSTILE, HOSTILE).map(CANARY.join)


def corrupted(valid: str) -> st.SearchStrategy[str]:
    """Draw a valid value with something inserted into it."""
    return st.builds(
        lambda position, inserted: (
            valid[: (at := int(position * len(valid)))] + inserted + valid[at:]
        ),
        st.floats(0, 1),
        st.one_of(HOSTILE, CANARY_TEXT),
    )


JSON_LEAVES: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.sampled_from([None, True, 0, -1, float("nan"), float("inf"), [], {}]),
    st.just(4000).map(lambda exponent: 10**exponent),
    CANARY_TEXT,
)
JSON_VALUES: Final[st.SearchStrategy[JsonValue]] = st.recursive(
    JSON_LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CANARY_TEXT, inner, max_size=3),
    max_leaves=5,
)
PROJECT: Final = {"name": "Sales", "space": "acme", "project_id": "p1", "api_token": "PT1"}


@st.composite
def projects(draw: st.DrawFn) -> JsonValue:
    """Draw a project with missing, invalid and additional keys, if any."""
    project: dict[str, JsonValue] = {**PROJECT}
    for key in draw(st.lists(st.sampled_from(sorted(PROJECT)), max_size=3)):
        project[key] = draw(st.one_of(JSON_VALUES, corrupted(PROJECT[key])))
    for key in draw(st.lists(st.sampled_from(sorted(PROJECT)), max_size=1)):
        del project[key]
    return project | draw(st.dictionaries(CANARY_TEXT, JSON_VALUES, max_size=2))


@st.composite
def duplicated(draw: st.DrawFn) -> str:
    """Draw JSON with a duplicate key."""
    key = draw(st.sampled_from(sorted(PROJECT)))
    return f'[{{"{key}":{json.dumps(draw(JSON_VALUES))},{json.dumps(PROJECT)[1:]}]'


PROJECTS: Final = st.one_of(
    st.lists(projects(), max_size=4).map(json.dumps),
    JSON_VALUES.map(json.dumps),
    duplicated(),
    st.sampled_from(
        ["[1e999999]", '[{"name":1e999999}]', f"[{'9' * 5000}]", "[NaN]", "[-Infinity]"]
    ),
    st.sampled_from([900, 5000, 50_000]).map(lambda depth: "[" * depth + "]" * depth),
    st.sampled_from([300, 5000]).map(lambda depth: f'[{{"name":{"[" * depth}{"]" * depth}}}]'),
    corrupted(json.dumps([PROJECT])),
)


def value(variable: str) -> st.SearchStrategy[str]:
    variants = PROJECTS if variable == "SIGNALWIRE_PROJECTS" else corrupted(VALID[variable])
    valid = st.just(VALID.get(variable, json.dumps([PROJECT])))
    return st.one_of(valid, variants, CANARY_TEXT)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, str]:
    """Draw some variables, each valid, corrupted or random."""
    variables = draw(st.lists(st.sampled_from(VARIABLES), unique=True))
    return {variable: draw(value(variable)) for variable in variables}


REQUIRED: Final = st.lists(st.sampled_from(Required), unique=True)


def error_in(environment: dict[str, str], required: Iterable[Required]) -> SettingsError | None:
    """Return the SettingsError, if any; other exceptions are raised."""
    try:
        Settings.from_environment(environment, *required)
    except SettingsError as error:
        return error
    return None


@RANDOM
@given(environments(), REQUIRED)
def test_an_environment_is_read_or_rejected_with_one_line_per_error_and_no_quotes(
    environment: dict[str, str], required: list[Required]
) -> None:
    error = error_in(environment, required)
    if error is None:
        return
    assert error.errors
    assert len(set(error.errors)) == len(error.errors)
    for line in error.errors:
        assert ERROR_LINE.fullmatch(line)
    assert CANARY not in f"{error} {error!r}".casefold()
    assert error.__cause__ is error.__context__ is None


@st.composite
def nearly_valid(draw: st.DrawFn) -> dict[str, str]:
    """Draw a complete environment in which up to two values may be invalid."""
    environment = dict(VALID)
    for variable in draw(st.lists(st.sampled_from(VARIABLES), max_size=2)):
        environment[variable] = draw(value(variable))
    return environment


@FEWER
@given(nearly_valid())
async def test_with_any_accepted_settings_the_bot_starts_and_rejects_other_signatures(
    environment: dict[str, str],
) -> None:
    required = (Required.SLACK_HTTP, Required.SIGNALWIRE)
    if error_in(environment, required) is not None:
        return
    bot = Bot(Settings.from_environment(environment, *required), now=lambda: NOW)
    response = await call_app(create_http_app(bot), signed(b"command=%2Fvoicelog"))
    assert response.status == 401, "it is signed with another secret"
