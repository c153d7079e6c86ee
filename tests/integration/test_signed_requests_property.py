"""A signed request of any shape causes no server error, and nothing of it is logged."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.app import create_http_app
from bot.dev.emulator.slack.payloads import APP_ID
from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.listeners.shortcuts import LOOK_UP
from bot.ui import actions
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import Query
from tests.integration.harness import IN_ONE_WORLD, World
from tests.integration.raw_requests import RawRequest, call_app, signed
from tests.integration.user_actions import sealed
from tests.support.json_paths import paths, replaced
from tests.support.samples import DOCUMENTED

JSON: Final = "application/json"
WORDS: Final = "private-words-93ab"
"""In every part of a request that is its own. Audit lines may have it, unlike the canary."""
RANDOM: Final = settings(IN_ONE_WORLD, max_examples=150)
AUDIT_FIELDS: Final = {"user", "team", "channel"}
"""IDs from Slack, which audit lines have."""
MAY_BREAK: Final = {"listener.failed", "request.dispatch_failed"}

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
USER: Final[Mapping[str, JsonValue]] = {
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
            "side": {"side": {"type": "static_select", "selected_option": {"value": "any"}}},
            "window": {"window": {"type": "static_select", "selected_option": {"value": "day"}}},
            "day": {"day": {"type": "datepicker", "selected_date": "2026-11-01"}},
            "outcomes": {
                "outcomes": {"type": "multi_static_select", "selected_options": [{"value": "busy"}]}
            },
        }
    },
}


def command(text: str, interaction: RecordedInteraction) -> dict[str, JsonValue]:
    return {
        "command": "/voicelog",
        "text": text,
        "user_id": "U0SUPPORT",
        "team_id": "T0ACME",
        "channel_id": "C0SUPPORT",
        "trigger_id": interaction.trigger_id,
        "response_url": interaction.response_url,
    }


def interactions(
    text: str, action_id: str, value: str, interaction: RecordedInteraction
) -> list[dict[str, JsonValue]]:
    """Return one payload of each kind that the bot handles."""
    common: Mapping[str, JsonValue] = {**USER, "trigger_id": interaction.trigger_id}
    in_channel: Mapping[str, JsonValue] = {
        **common,
        "channel": {"id": "C0SUPPORT"},
        "response_url": interaction.response_url,
    }
    clicked: dict[str, JsonValue] = {
        "type": "block_actions",
        "actions": [{"action_id": action_id, "value": value, "action_ts": "1.5"}],
    }
    in_message: dict[str, JsonValue] = {"message_ts": "1.4", "is_ephemeral": True}
    message: dict[str, JsonValue] = {"ts": "1.3", "text": text, "blocks": [{"text": text}]}
    shortcut: dict[str, JsonValue] = {"type": "message_action", "callback_id": LOOK_UP}
    home: dict[str, JsonValue] = {"type": "app_home_opened", "user": "U0SUPPORT", "tab": "home"}
    return [
        {**in_channel, **shortcut, "message": message},
        {**common, "type": "shortcut", "callback_id": actions.FORM},
        {**in_channel, **clicked, "container": in_message},
        {**common, **clicked, "view": {**VIEW}, "container": {"view_id": "V1"}},
        {**common, "type": "view_submission", "view": {**VIEW}},
        {"type": "event_callback", "team_id": "T0ACME", "api_app_id": APP_ID, "event": home},
        {"type": "url_verification", "challenge": "x"},
    ]


# ── Alterations ───────────────────────────────────────────────────────────────────────────────


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


@st.composite
def altered(draw: st.DrawFn, whole: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Draw a payload with odd values in up to three places."""
    for _ in range(draw(st.sampled_from([0, 1, 1, 2, 3]))):
        known = list(paths(whole))
        if known:
            change = draw(st.one_of(st.just([]), ODD.map(lambda odd: [odd])))
            after = replaced(whole, draw(st.sampled_from(known)), change)
            assert isinstance(after, dict)
            whole = after
    return whole


def as_form(fields: Mapping[str, JsonValue]) -> list[tuple[str, str]]:
    return [
        (name, value if isinstance(value, str) else json.dumps(value))
        for name, value in fields.items()
    ]


@st.composite
def requests(draw: st.DrawFn, interaction: RecordedInteraction) -> RawRequest:
    """Draw a signed and altered command, interaction or event, or a mixture."""
    text, value = draw(st.sampled_from(TEXTS)), draw(st.sampled_from(VALUES))
    action_id = draw(st.sampled_from(ACTIONS))
    if draw(st.integers(0, 3)) == 0:
        form = as_form(draw(altered(command(text, interaction))))
        more = draw(st.lists(st.sampled_from(form), max_size=2)) if form else []
        return signed(urlencode([*form, *more], errors="surrogatepass").encode())
    known = interactions(text, action_id, value, interaction)
    whole = draw(st.sampled_from(known).flatmap(altered))
    if draw(st.integers(0, 5)) == 0:
        whole |= draw(st.sampled_from(known))
    written = json.dumps(whole, ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        return signed(written.encode(errors="replace"), content_type=JSON)
    return signed(urlencode({"payload": written}, errors="surrogatepass").encode())


async def lines_of(world: World, request: RawRequest) -> list[dict[str, JsonValue]]:
    """Send a request, which gets no 5xx and is not logged; return the log's lines about it."""
    before = len(world.log.lines())
    response = await call_app(create_http_app(world.bot), request)
    await world.idle()

    assert response.status in {200, 400, 404, 413}
    lines = world.log.lines()[before:]
    for line in lines:
        own = {name: value for name, value in line.items() if name not in AUDIT_FIELDS}
        assert WORDS not in json.dumps(own)
    return lines


@RANDOM
@given(st.data())
async def test_no_signed_request_breaks_the_bot(world: World, data: st.DataObject) -> None:
    request = data.draw(requests(await world.slack.command("help")))
    lines = await lines_of(world, request)

    assert {str(line["event"]) for line in lines if "origin" in line} <= MAY_BREAK
    assert "reply.content_rejected" not in {line["event"] for line in lines}
