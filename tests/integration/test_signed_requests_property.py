"""Whatever Slack signs, of whatever shape: no server error, and nothing of it in the log."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.app import create_http_app
from bot.dev.emulator.slack.payloads import APP_ID
from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.listeners.shortcuts import LOOK_UP
from bot.ui import actions
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import Query
from tests.integration.harness import DOCUMENTED, World
from tests.integration.raw_requests import Knock, hand_in, signed
from tests.integration.search_helpers import sealed

pytestmark = pytest.mark.asyncio(loop_scope="module")

JSON: Final = "application/json"
WORDS: Final = "private-words-93ab"
"""Stand wherever a request holds something of its own. Not the world's canary, which may not even
be where an audit line says whom it is about."""
RANDOM: Final = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ABOUT_WHOM: Final = {"user", "team", "channel"}
"""Of an audit line: Slack's own ids, which are there by right."""
MAY_BREAK: Final = {"listener.fault", "request.indigestible"}

# ── What Slack sends ──────────────────────────────────────────────────────────────────────────

TEXTS: Final = (
    *("", "help", "status", "recent 3", "find 5550103 2d", "find", "find <tel:+12065550100|x>"),
    *(DOCUMENTED, f"{DOCUMENTED} {WORDS}", "b7182dc2…", "call +1 206 555 0100"),
)
VALUES: Final = (
    *(DOCUMENTED, f"{DOCUMENTED} 1793633400.000100", f"{DOCUMENTED} U0SUPPORT", "2", ""),
    *(f"{actions.LEGS} {DOCUMENTED}", "2026-11-02T15:00:00+00:00 - x 20"),
    sealed(f"- - {Query(filters=('failed',)).serialize()}"),
    sealed(f"2026-11-02T15:00:00+00:00 - {Query((telephone('5550103'),)).serialize()}"),
    sealed("12065550100 others", "number"),
)
ACTIONS: Final = sorted(
    value
    for name, value in vars(actions).items()
    if name.isupper() and isinstance(value, str) and value.startswith("voicelog_")
)
WHO: Final[Mapping[str, JsonValue]] = {
    "user": {"id": "U0SUPPORT", "team_id": "T0ACME"},
    "team": {"id": "T0ACME"},
    "enterprise": None,
}
VIEW: Final[Mapping[str, JsonValue]] = {
    "id": "V1",
    "type": "modal",
    "callback_id": actions.FORM,
    "private_metadata": json.dumps({"channel": "C0SUPPORT", "log": DOCUMENTED}),
    "state": {
        "values": {
            "number": {"number": {"type": "plain_text_input", "value": "5550103"}},
            "window": {"window": {"type": "plain_text_input", "value": "2d"}},
            "words": {"words": {"type": "static_select", "selected_option": {"value": "any"}}},
        }
    },
}


def command(text: str, exchange: RecordedInteraction) -> dict[str, JsonValue]:
    return {
        "command": "/voicelog",
        "text": text,
        "user_id": "U0SUPPORT",
        "team_id": "T0ACME",
        "channel_id": "C0SUPPORT",
        "trigger_id": exchange.trigger_id,
        "response_url": exchange.response_url,
    }


def interactions(
    text: str, action_id: str, value: str, exchange: RecordedInteraction
) -> list[dict[str, JsonValue]]:
    """One of each kind that the bot serves."""
    who: Mapping[str, JsonValue] = {**WHO, "trigger_id": exchange.trigger_id}
    here: Mapping[str, JsonValue] = {
        **who,
        "channel": {"id": "C0SUPPORT"},
        "response_url": exchange.response_url,
    }
    pressed: dict[str, JsonValue] = {
        "type": "block_actions",
        "actions": [{"action_id": action_id, "value": value, "action_ts": "1.5"}],
    }
    in_message: dict[str, JsonValue] = {"message_ts": "1.4", "is_ephemeral": True}
    message: dict[str, JsonValue] = {"ts": "1.3", "text": text, "blocks": [{"text": text}]}
    shortcut: dict[str, JsonValue] = {"type": "message_action", "callback_id": LOOK_UP}
    home: dict[str, JsonValue] = {"type": "app_home_opened", "user": "U0SUPPORT", "tab": "home"}
    return [
        {**here, **shortcut, "message": message},
        {**who, "type": "shortcut", "callback_id": actions.FORM},
        {**here, **pressed, "container": in_message},
        {**who, **pressed, "view": {**VIEW}, "container": {"view_id": "V1"}},
        {**who, "type": "view_submission", "view": {**VIEW}},
        {"type": "event_callback", "team_id": "T0ACME", "api_app_id": APP_ID, "event": home},
        {"type": "url_verification", "challenge": "x"},
    ]


# ── What becomes of it ────────────────────────────────────────────────────────────────────────


def nested(depth: int, innermost: JsonValue) -> JsonValue:
    for _ in range(depth):
        innermost = {"elements": [innermost]}
    return innermost


ODD: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.sampled_from([None, True, 0, -1, 10**30, 1e308, float("nan"), float("-inf")]),
    st.sampled_from(["", " ", "\x00", "-", "9" * 5000, "<!channel>", f"https://{WORDS}.example/"]),
    st.text(max_size=10).map(lambda text: text + WORDS),
    st.just(f"{WORDS}\ud800"),
    st.just(WORDS * 300),
    st.sampled_from([[], {}, [WORDS], {"id": WORDS}, [[[]]], {WORDS: WORDS}]),
    st.sampled_from([40, 200, 450]).map(lambda depth: nested(depth, WORDS)),
)


def places(node: JsonValue, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where everything stands within a piece of JSON."""
    inner: Sequence[tuple[str | int, JsonValue]] = ()
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    for key, value in inner:
        yield (*place, key)
        yield from places(value, (*place, key))


def changed(node: JsonValue, place: Sequence[str | int], change: Sequence[JsonValue]) -> JsonValue:
    """The JSON with something else at a place, or nothing at all."""
    first, rest = place[0], place[1:]
    if isinstance(node, dict):
        kept = [(key, value) for key, value in node.items() if key != first]
        new = [changed(node[str(first)], rest, change)] if rest else change
        return dict([*kept, *((str(first), value) for value in new)])
    if isinstance(node, list) and isinstance(first, int):
        new = [changed(node[first], rest, change)] if rest else change
        return [*node[:first], *new, *node[first + 1 :]]
    raise LookupError(first)


@st.composite
def altered(draw: st.DrawFn, whole: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """What Slack sends, with odd things in some places of it."""
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3]))):
        known = list(places(whole))
        if known:
            change = draw(st.one_of(st.just([]), ODD.map(lambda odd: [odd])))
            after = changed(whole, draw(st.sampled_from(known)), change)
            assert isinstance(after, dict)
            whole = after
    return whole


def as_form(fields: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    return [
        (name, value if isinstance(value, str) else json.dumps(value))
        for name, value in fields.items()
    ]


@st.composite
def requests(draw: st.DrawFn, exchange: RecordedInteraction) -> Knock:
    """Signed: a command, an interaction or an event, altered; or nothing Slack ever sent."""
    text, value = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(VALUES))
    action_id = draw(st.sampled_from(ACTIONS))
    if draw(st.integers(0, 3)) == 0:
        form = as_form(draw(altered(command(text, exchange))))
        more = draw(st.lists(st.sampled_from(form), max_size=2)) if form else []
        return signed(urlencode([*form, *more], errors="surrogatepass").encode())
    known = interactions(text, action_id, value, exchange)
    whole = draw(st.sampled_from(known).flatmap(altered))
    if draw(st.integers(0, 5)) == 0:
        whole |= draw(st.sampled_from(known))
    written = json.dumps(whole, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        return signed(written.encode(errors="replace"), content_type=JSON)
    return signed(urlencode({"payload": written}, errors="surrogatepass").encode())


async def assert_taken_quietly(world: World, knock: Knock) -> list[str]:
    """No server error, nothing of the request in the log; the events of the lines there are."""
    before = len(world.log.lines())
    answer = await hand_in(create_http_app(world.bot, world.time.now), knock)
    await world.idle()

    assert answer.status in {200, 400, 404, 413}
    lines = world.log.lines()[before:]
    for line in lines:
        told = {name: value for name, value in line.items() if name not in ABOUT_WHOM}
        assert WORDS not in json.dumps(told)
    return [str(line["event"]) for line in lines]


@RANDOM
@given(st.data())
async def test_whatever_slack_signs_is_no_server_error_and_stays_out_of_the_log(
    world: World, data: st.DataObject
) -> None:
    knock = data.draw(requests(await world.slack.command("help")))
    events = await assert_taken_quietly(world, knock)

    broken = [event for event in events if event.endswith(("fault", "indigestible", "Exception"))]
    assert set(broken) <= MAY_BREAK
    assert "reply.content_refused" not in events, "Slack takes whatever is said to it"
