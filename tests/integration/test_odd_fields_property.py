"""Whatever stands in a field that isn't needed, the answer is the same."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions as buttons
from bot.ui import errors as error_texts
from tests.integration.click_helpers import NUMBER, card, shared_card
from tests.integration.harness import DOCUMENTED, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

Place = tuple[str | int, ...]
Payload = dict[str, JsonValue]

JSON: Final = "application/json"
RANDOM: Final = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXT: Final = st.text(max_size=8) | st.just("\ud800") | st.just("9" * 5000)
ANY_JSON: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "values", "type", "x"]), inner, max_size=3)
        ),
        max_leaves=4,
    ),
    st.sampled_from([30, 450]).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)
NTH: Final = st.integers(0, 30) | st.integers(0, 999)
"""Which place: of most payloads, the first thirty are those that Slack adds."""
NEEDED: Final[Mapping[str, frozenset[Place]]] = {
    "message_action": frozenset(
        {("type",), ("callback_id",), ("user",), ("user", "id"), ("message",), ("message", "text")}
    ),
    "shortcut": frozenset(
        {("type",), ("callback_id",), ("trigger_id",), ("user",), ("user", "id")}
    ),
    "block_actions": frozenset(
        {
            *(("type",), ("user",), ("user", "id")),
            *(("actions",), ("actions", 0), ("actions", 0, "action_id"), ("actions", 0, "value")),
        }
    ),
    "view_submission": frozenset(
        {
            *(("type",), ("user",), ("user", "id"), ("view",), ("view", "id")),
            *(("view", "callback_id"), ("view", "type"), ("view", "private_metadata")),
        }
    ),
    "event_callback": frozenset(
        {("type",), ("event",), ("event", "type"), ("event", "user"), ("event", "tab")}
    ),
}
"""What there is no answer without, by the kind of payload."""
WHERE_PEOPLE_ARE_FROM: Final = {("user", "team_id"), ("team_id",)}
"""Another id in there is another person's; but there may be none."""
OF_A_WINDOW: Final = {("view",), ("view", "id"), ("view", "type"), ("view", "private_metadata")}
"""What a click in it needs besides: which window, and of which log."""


def places(node: JsonValue, place: Place = ()) -> Iterator[Place]:
    """Where everything stands within a piece of JSON."""
    inner: Sequence[tuple[str | int, JsonValue]] = ()
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    for key, value in inner:
        yield (*place, key)
        yield from places(value, (*place, key))


def put(node: JsonValue, place: Place, odd: JsonValue) -> JsonValue:
    """The JSON with something else in a place."""
    if not place:
        return odd
    first, rest = place[0], place[1:]
    if isinstance(node, dict):
        return {
            key: put(value, rest, odd) if key == first else value for key, value in node.items()
        }
    if isinstance(node, list):
        return [put(value, rest, odd) if n == first else value for n, value in enumerate(node)]
    raise LookupError(first)


def unneeded(payload: Payload) -> list[Place]:
    """The places of a payload that hold nothing that is needed, nor stand within such a thing."""
    needed = NEEDED[str(payload["type"])]
    if "view" in payload and payload["type"] == "block_actions":
        needed |= OF_A_WINDOW
    known = [place for place in places(payload) if place not in needed]
    if payload["type"] == "view_submission":
        known = [place for place in known if place[:2] != ("view", "state")]  # what was written
    return sorted(known, key=len)


def altered(payload: Payload, nth: int, odd: JsonValue) -> Payload:
    """The payload with any JSON in one place that isn't needed."""
    known = unneeded(payload)
    place = known[nth % len(known)]
    if place in WHERE_PEOPLE_ARE_FROM and isinstance(odd, str):
        odd = [odd]
    after = put(payload, place, odd)
    assert isinstance(after, dict)
    return after


async def sent(exchange: RecordedInteraction) -> Payload:
    """The payload with which an exchange began."""
    payload: Payload = json.loads(dict(parse_qsl(exchange.request_body))["payload"])
    return payload


def renewed(payload: Payload, exchange: RecordedInteraction) -> Payload:
    """A payload of before with the tickets of another exchange, as if done once more."""
    once_more = {**payload, "trigger_id": exchange.trigger_id}
    if "response_url" in payload:
        once_more["response_url"] = exchange.response_url
    actions = payload.get("actions")
    if isinstance(actions, list):
        moment = f"{exchange.token}.1"
        once_more["actions"] = [
            {**action, "action_ts": moment} for action in actions if isinstance(action, dict)
        ]
    return once_more


async def do(world: World, payload: Payload, *, content_type: str = "") -> None:
    written = json.dumps(payload)
    answer = (
        await world.knock(written.encode(), content_type=content_type)
        if content_type
        else await world.knock(urlencode({"payload": written}).encode())
    )
    assert answer.status_code == 200, answer
    await world.idle()


def window_of(world: World) -> str:
    window = world.slack.modal()
    return "" if window is None else render(window.blocks)


@pytest.fixture
def quiet(world: World) -> Iterator[World]:
    """The plain world, before and after which nobody sees a window."""
    world.slack.views.clear("U0SUPPORT")
    yield world
    world.slack.views.clear("U0SUPPORT")


@RANDOM
@given(NTH, ANY_JSON)
async def test_a_message_shortcut_is_answered_the_same(
    quiet: World, nth: int, odd: JsonValue
) -> None:
    quiet.slack.views.clear("U0SUPPORT")
    message: Payload = {"text": DOCUMENTED, "blocks": [], "files": [None], "attachments": []}
    exchange = await quiet.slack.message_shortcut(message)
    await quiet.idle()
    again = await quiet.slack.command("help")
    await do(quiet, altered(renewed(await sent(exchange), again), nth, odd))

    told = [message.text for message in again.accepted] or [window_of(quiet)]
    assert "Completed" in told[-1]


@RANDOM
@given(NTH, ANY_JSON)
async def test_a_global_shortcut_opens_the_form(quiet: World, nth: int, odd: JsonValue) -> None:
    quiet.slack.views.clear("U0SUPPORT")
    exchange = await quiet.slack.global_shortcut()
    await quiet.idle()
    quiet.slack.views.clear("U0SUPPORT")
    again = await quiet.slack.command("help")
    await do(quiet, altered(renewed(await sent(exchange), again), nth, odd))

    window = quiet.slack.modal()
    assert window is not None
    assert window.callback_id == buttons.FORM


@RANDOM
@given(NTH, ANY_JSON)
async def test_a_click_on_a_message_is_answered_the_same(
    quiet: World, nth: int, odd: JsonValue
) -> None:
    quiet.slack.views.clear("U0SUPPORT")
    _, own = await card(quiet)
    exchange = await quiet.slack.click(own, buttons.REFRESH)
    await quiet.idle()
    again = await quiet.slack.command("help")
    payload = renewed(await sent(exchange), again)
    payload = {**payload, "view": None, "message": None, "enterprise": {}}
    await do(quiet, altered(payload, nth, odd))

    told = [message.text for message in again.accepted] or [window_of(quiet)]
    assert "Completed" in told[-1]


@RANDOM
@given(NTH, ANY_JSON)
async def test_a_click_in_a_window_is_answered_the_same(
    quiet: World, nth: int, odd: JsonValue
) -> None:
    quiet.slack.views.clear("U0SUPPORT")
    _, own = await card(quiet)
    await quiet.slack.click(own, buttons.DETAILS)
    await quiet.idle()
    window = quiet.slack.modal()
    assert window is not None
    exchange = await quiet.slack.click_in_view(window, buttons.RAW)
    await quiet.idle()
    raw, shown = window_of(quiet), len(quiet.slack.view_calls)
    again = await quiet.slack.command("help")
    await do(quiet, altered(renewed(await sent(exchange), again), nth, odd))

    assert window_of(quiet) == raw
    assert len(quiet.slack.view_calls) > shown


@RANDOM
@given(NTH, ANY_JSON)
async def test_a_form_is_searched_whatever_else_it_holds(
    quiet: World, nth: int, odd: JsonValue
) -> None:
    quiet.slack.views.clear("U0SUPPORT")
    await quiet.slack.global_shortcut()
    await quiet.idle()
    form = quiet.slack.modal()
    assert form is not None
    exchange = await quiet.slack.submit(form, {"words": "inbound"})
    await quiet.idle()
    found, shown = window_of(quiet), len(quiet.slack.view_calls)
    again = await quiet.slack.command("help")
    await do(quiet, altered(renewed(await sent(exchange), again), nth, odd))

    assert window_of(quiet) == found
    assert len(quiet.slack.view_calls) > shown


@RANDOM
@given(NTH, ANY_JSON)
async def test_the_home_tab_is_shown_the_same(quiet: World, nth: int, odd: JsonValue) -> None:
    exchange = await quiet.slack.open_home()
    await quiet.idle()
    payload: Payload = json.loads(exchange.request_body) | {"event_id": f"Ev{exchange.token}"}
    calls = len(quiet.slack.view_calls)
    await do(quiet, altered(payload, nth, odd), content_type=JSON)

    home = quiet.slack.home_tab()
    assert home is not None
    assert len(quiet.slack.view_calls) > calls
    assert "You can look up voice logs here" in render(home.blocks)


@RANDOM
@given(
    st.sampled_from(
        [
            "token",
            "team_domain",
            "channel_name",
            "user_name",
            "api_app_id",
            "is_enterprise_install",
            "enterprise_id",
            "trigger_id",
        ]
    ),
    st.text(max_size=20),
)
@example("trigger_id", "")
@example("enterprise_id", "payload")
async def test_a_command_is_answered_the_same(quiet: World, field: str, odd: str) -> None:
    exchange = await quiet.slack.command("help")
    form = {**dict(parse_qsl(exchange.request_body)), "text": DOCUMENTED, field: odd}
    answer = await quiet.knock(urlencode(form, errors="surrogatepass").encode())
    await quiet.idle()

    assert (answer.status_code, answer.text) == (200, "")
    assert "Completed" in exchange.accepted[-1].text


@pytest.mark.parametrize("state", [None, [], 5, {"values": []}, {"values": {"number": [None]}}])
async def test_a_form_without_what_was_written_is_told_so_on_its_fields(
    quiet: World, state: JsonValue
) -> None:
    await quiet.slack.global_shortcut()
    await quiet.idle()
    form = quiet.slack.modal()
    assert form is not None
    exchange = await quiet.slack.submit(form, {"words": "inbound"})
    await quiet.idle()
    payload = renewed(await sent(exchange), await quiet.slack.command("help"))
    odd = json.dumps(put(payload, ("view", "state"), state))
    answer = await quiet.knock(urlencode({"payload": odd}).encode())

    assert answer.json()["response_action"] == "errors"


@pytest.mark.parametrize("place", ["user", "view"])
async def test_a_form_that_lacks_what_is_needed_is_answered_with_an_apology(
    quiet: World, place: str
) -> None:
    await quiet.slack.global_shortcut()
    await quiet.idle()
    form = quiet.slack.modal()
    assert form is not None
    exchange = await quiet.slack.submit(form, {"words": "inbound"})
    await quiet.idle()
    odd = json.dumps(put(await sent(exchange), (place, "id"), None))
    answer = await quiet.knock(urlencode({"payload": odd}).encode())

    assert error_texts.INTERNAL_ERROR.title in json.dumps(answer.json())


@pytest.mark.parametrize(
    "seen",
    [
        {"state": {"values": []}},
        {"state": None},
        {"container": None},
        {"container": []},
        {"enterprise": {}},
        {"team": None},
        {"channel": "C0SUPPORT"},
        {"view": {}},
        {"view": None},
        {"message": None},
    ],
    ids=str,
)
async def test_a_click_is_answered_whatever_slack_was_seen_to_send(
    quiet: World, seen: Payload
) -> None:
    _, own = await card(quiet)
    quiet.slack.fields = seen
    clicked = await quiet.slack.click(own, buttons.REFRESH)
    await quiet.idle()
    quiet.slack.fields = {}

    assert clicked.failed is None
    assert "Completed" in clicked.accepted[-1].text


@pytest.mark.parametrize("container", [None, [], {"is_ephemeral": "no"}], ids=str)
async def test_a_public_card_stays_masked_whatever_its_container(
    quiet: World, container: JsonValue
) -> None:
    shared = await shared_card(quiet)
    quiet.slack.fields = {"container": container}
    clicked = await quiet.slack.click(shared, buttons.REFRESH)
    await quiet.idle()
    quiet.slack.fields = {}

    (message,) = clicked.accepted
    assert message.ts == shared.ts
    assert NUMBER not in message.text + json.dumps(message.blocks)


@pytest.mark.parametrize("action_id", [buttons.REFRESH, buttons.DETAILS])
async def test_a_public_card_stays_masked_though_nothing_says_where_it_stands(
    quiet: World, action_id: str
) -> None:
    shared = await shared_card(quiet)
    quiet.slack.fields = {"container": None, "message": None}
    clicked = await quiet.slack.click(shared, action_id)
    await quiet.idle()
    quiet.slack.fields = {}

    posted = [post.body for post in clicked.posts]
    window = quiet.slack.modal()
    shown = "".join(posted) if posted else json.dumps(window.payload if window else None)
    assert "Completed" in shown
    assert NUMBER not in shown


@pytest.mark.parametrize("metadata", [None, 5, "{", "[]"])
async def test_a_click_in_a_window_that_remembers_nothing_is_answered(
    quiet: World, metadata: JsonValue
) -> None:
    _, own = await card(quiet)
    await quiet.slack.click(own, buttons.DETAILS)
    await quiet.idle()
    window = quiet.slack.modal()
    assert window is not None
    view = {**window.payload_for_app(), "private_metadata": metadata}
    quiet.slack.fields = {"view": view}
    clicked = await quiet.slack.click_in_view(window, buttons.RAW)
    await quiet.idle()
    quiet.slack.fields = {}

    assert clicked.failed is None
    assert len(quiet.slack.modals()) == 2, "which log it was isn't known any more: help"
    assert "VoiceLog" in window_of(quiet)
