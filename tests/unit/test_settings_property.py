"""Whatever the environment holds, it can be run with, or its errors quote none of it."""

import json
import re
from collections.abc import Iterable
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.app import Bot, create_http_app
from bot.settings import Required, Settings, SettingsError
from tests.integration.raw_requests import hand_in, signed
from tests.support.samples import NOW

PRIVATE: Final = "k7qz9w"
"""Stands in every value that isn't one of a variable's own words, and in no word of the bot's."""
RANDOM: Final = settings(max_examples=250)
FEWER: Final = settings(RANDOM, max_examples=100)
VARIABLES: Final = sorted(field.upper() for field in Settings.model_fields)
OUR_WORDS: Final = r"(?:is|isn't|has|must|contains|holds) (?!valid)[ -~]+"
MISTAKE: Final = re.compile(
    rf"(?:{'|'.join(VARIABLES)})(?:: (?:the [a-z_]+ of )?project \d+)? {OUR_WORDS}"
)
RIGHT: Final = {
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

# ── What may stand in an environment ──────────────────────────────────────────────────────────

# A byte that isn't UTF-8 is half a character in os.environ (PEP 383).
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
PRIVATE_TEXT: Final = st.tuples(HOSTILE, HOSTILE).map(PRIVATE.join)


def spoilt(right: str) -> st.SearchStrategy[str]:
    """A value that would be right, but for what stands in it."""
    return st.builds(
        lambda share, odd: right[: (at := int(share * len(right)))] + odd + right[at:],
        st.floats(0, 1),
        st.one_of(HOSTILE, PRIVATE_TEXT),
    )


LEAVES: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.sampled_from([None, True, 0, -1, float("nan"), float("inf"), [], {}]),
    st.just(4000).map(lambda exponent: 10**exponent),
    PRIVATE_TEXT,
)
INNER: Final[st.SearchStrategy[JsonValue]] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PRIVATE_TEXT, inner, max_size=3),
    max_leaves=5,
)
WHOLE: Final = {"name": "Sales", "space": "acme", "project_id": "p1", "api_token": "PT1"}


@st.composite
def projects(draw: st.DrawFn) -> JsonValue:
    """A project with something missing, odd, too much, or none of it."""
    made: dict[str, JsonValue] = {**WHOLE}
    for key in draw(st.lists(st.sampled_from(sorted(WHOLE)), max_size=3)):
        made[key] = draw(st.one_of(INNER, spoilt(WHOLE[key])))
    for key in draw(st.lists(st.sampled_from(sorted(WHOLE)), max_size=1)):
        del made[key]
    return made | draw(st.dictionaries(PRIVATE_TEXT, INNER, max_size=2))


@st.composite
def duplicated(draw: st.DrawFn) -> str:
    """JSON in which a key is given twice."""
    key = draw(st.sampled_from(sorted(WHOLE)))
    return f'[{{"{key}":{json.dumps(draw(INNER))},{json.dumps(WHOLE)[1:]}]'


PROJECTS: Final = st.one_of(
    st.lists(projects(), max_size=4).map(json.dumps),
    INNER.map(json.dumps),
    duplicated(),
    st.sampled_from(
        ["[1e999999]", '[{"name":1e999999}]', f"[{'9' * 5000}]", "[NaN]", "[-Infinity]"]
    ),
    st.sampled_from([900, 5000, 50_000]).map(lambda depth: "[" * depth + "]" * depth),
    st.sampled_from([300, 5000]).map(lambda depth: f'[{{"name":{"[" * depth}{"]" * depth}}}]'),
    spoilt(json.dumps([WHOLE])),
)


def value(variable: str) -> st.SearchStrategy[str]:
    known = PROJECTS if variable == "SIGNALWIRE_PROJECTS" else spoilt(RIGHT[variable])
    right = st.just(RIGHT.get(variable, json.dumps([WHOLE])))
    return st.one_of(right, known, PRIVATE_TEXT)


@st.composite
def environments(draw: st.DrawFn) -> dict[str, str]:
    """Some variables, each right, nearly so, or nothing like it."""
    variables = draw(st.lists(st.sampled_from(VARIABLES), unique=True))
    return {variable: draw(value(variable)) for variable in variables}


NEEDS: Final = st.lists(st.sampled_from(Required), unique=True)


def wrong(environment: dict[str, str], needs: Iterable[Required]) -> SettingsError | None:
    """The mistakes, if there are any; whatever else is raised goes through."""
    try:
        Settings.from_environment(environment, *needs)
    except SettingsError as error:
        return error
    return None


@RANDOM
@given(environments(), NEEDS)
def test_an_environment_is_read_or_its_errors_are_a_line_each_and_quote_none_of_it(
    environment: dict[str, str], needs: list[Required]
) -> None:
    error = wrong(environment, needs)
    if error is None:
        return
    assert error.errors
    assert len(set(error.errors)) == len(error.errors)
    for mistake in error.errors:
        assert MISTAKE.fullmatch(mistake)
    assert PRIVATE not in f"{error} {error!r}".casefold()
    assert error.__cause__ is error.__context__ is None


@st.composite
def nearly_right(draw: st.DrawFn) -> dict[str, str]:
    """A whole environment of which a value or two may be odd."""
    environment = dict(RIGHT)
    for variable in draw(st.lists(st.sampled_from(VARIABLES), max_size=2)):
        environment[variable] = draw(value(variable))
    return environment


@FEWER
@given(nearly_right())
async def test_with_any_settings_that_are_accepted_the_bot_starts_and_rejects_other_signatures(
    environment: dict[str, str],
) -> None:
    needs = (Required.SLACK_HTTP, Required.SIGNALWIRE)
    if wrong(environment, needs) is not None:
        return
    bot = Bot(Settings.from_environment(environment, *needs), now=lambda: NOW)
    answer = await hand_in(create_http_app(bot), signed(b"command=%2Fvoicelog"))
    assert answer.status == 401, "it is signed with another secret"
