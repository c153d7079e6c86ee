"""A signed request of any shape causes no server error, and nothing of it is logged."""

import json
from typing import Final
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.app import create_http_app
from bot.voicelogs.query import Query
from tests.integration.harness import IN_ONE_WORLD, World, sealed
from tests.integration.interactions import ANY_JSON, INTERACTIONS, OTHERS, Payload, renewed
from tests.support.json_paths import paths, replaced
from tests.support.raw_requests import RawRequest, call_app, signed
from tests.support.samples import ACTION_IDS, DOCUMENTED

JSON: Final = "application/json"
RANDOM: Final = settings(IN_ONE_WORLD, max_examples=25)
WORDS: Final = "private-words-93ab"
"""In what is altered. Audit lines may have it, unlike the canary."""
AUDIT_FIELDS: Final = {"user", "team", "channel"}
"""IDs from Slack, which audit lines have."""
MAY_BREAK: Final = {"listener.failed", "request.dispatch_failed"}

VALUES: Final = (
    *(DOCUMENTED, f"{DOCUMENTED} 1.2", f"{DOCUMENTED} U0SUPPORT", "2", "- x 20"),
    sealed(f"- - {Query(filters=('failed',)).serialize()}"),
    sealed("12065550100 others", "number"),
)
ODD: Final[st.SearchStrategy[JsonValue]] = st.one_of(
    ANY_JSON,
    st.sampled_from([0, -1, 10**30, 1e308, "", "\x00", "<!channel>", f"https://{WORDS}.example/"]),
    st.sampled_from([WORDS, f"{WORDS}\ud800", WORDS * 300, [WORDS], {"id": WORDS}, {WORDS: WORDS}]),
)


@st.composite
def requests(draw: st.DrawFn, whole: JsonValue, other: Payload) -> RawRequest:
    """Draw a signed request with odd values in up to three places, perhaps mixed with another."""
    if isinstance(whole, dict) and "actions" in whole:
        whole = replaced(whole, ("actions", 0, "action_id"), [draw(st.sampled_from(ACTION_IDS))])
        whole = replaced(whole, ("actions", 0, "value"), [draw(st.sampled_from(VALUES))])
    for _ in range(draw(st.integers(0, 3))):
        known = list(paths(whole))
        if known:
            change = draw(st.one_of(st.just([]), ODD.map(lambda odd: [odd])))
            whole = replaced(whole, draw(st.sampled_from(known)), change)
    assert isinstance(whole, dict)
    if draw(st.integers(0, 5)) == 0:
        whole |= other
    written = json.dumps(whole, ensure_ascii=draw(st.booleans()))
    form = [(k, v if isinstance(v, str) else json.dumps(v)) for k, v in whole.items()]
    match draw(st.sampled_from(["payload", "form", "form twice", "JSON"])):
        case "JSON":
            return signed(written.encode(errors="replace"), content_type=JSON)
        case "payload":
            form = [("payload", written)]
        case "form twice":
            form *= 2
    return signed(urlencode(form, errors="surrogatepass").encode())


@pytest_asyncio.fixture(loop_scope="module", params=[*INTERACTIONS, *OTHERS])
async def recorded(world: World, request: pytest.FixtureRequest) -> Payload:
    """What Slack sends in one kind of interaction."""
    interaction = await request.param(world)
    await world.idle()
    return {**interaction.payload}


@RANDOM
@given(st.data())
async def test_no_signed_request_breaks_the_bot(
    world: World, recorded: Payload, data: st.DataObject
) -> None:
    again = await world.slack.command("help")
    request = data.draw(requests(renewed(recorded, again), {**again.payload}))
    before = len(world.log.lines())
    response = await call_app(create_http_app(world.bot), request)
    await world.idle()

    assert response.status in {200, 400, 404, 413}
    for line in world.log.lines()[before:]:
        own = {name: value for name, value in line.items() if name not in AUDIT_FIELDS}
        assert WORDS not in json.dumps(own)
        assert "origin" not in line or line["event"] in MAY_BREAK
        assert line["event"] != "reply.content_rejected"
