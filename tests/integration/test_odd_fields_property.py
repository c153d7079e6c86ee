"""Unexpected values in fields that the bot doesn't need change nothing."""

import json
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import RecordedInteraction
from bot.ui import actions
from bot.voicelogs.query import FIND_LIMIT
from tests.integration.harness import IN_ONE_WORLD, World
from tests.integration.interactions import (
    ANY_JSON,
    INTERACTIONS,
    Interact,
    Payload,
    renewed,
    submission,
)
from tests.support import texts
from tests.support.json_paths import JsonPath, paths, replaced
from tests.support.reading import rendered, row_ids, to_json
from tests.support.samples import CALLER_NUMBER, DOCUMENTED, SUPPORT

RANDOM: Final = settings(IN_ONE_WORLD, max_examples=40)
NTH: Final = st.integers(0, 30) | st.integers(0, 999)
"""Which place: in most payloads, Slack's own fields are the first thirty."""
NEEDED: Final[Mapping[str, frozenset[JsonPath]]] = {
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
"""The places without which there is no result, by the type of payload."""
NO_OTHER_TEXT: Final = {("user", "team_id"), ("team_id",), ("response_url",)}
"""Another ID there is another user's, and another URL is rejected; but they may be missing."""
MODAL_FIELDS: Final = {("view",), ("view", "id"), ("view", "type"), ("view", "private_metadata")}
"""What a click in a modal needs besides."""


def unneeded(payload: Payload) -> list[JsonPath]:
    """Return the paths of the fields that the bot doesn't need."""
    needed = NEEDED[str(payload["type"])]
    if "view" in payload and payload["type"] == "block_actions":
        needed |= MODAL_FIELDS
    known = [path for path in paths(payload) if path not in needed]
    if payload["type"] == "view_submission":
        known = [path for path in known if path[:2] != ("view", "state")]
    return sorted(known, key=len)


def altered(payload: Payload, nth: int, odd: JsonValue) -> Payload:
    """Return the payload with `odd` in one field that the bot doesn't need."""
    known = unneeded(payload)
    path = known[nth % len(known)]
    if path in NO_OTHER_TEXT and isinstance(odd, str):
        odd = [odd]
    after = replaced(payload, path, [odd])
    assert isinstance(after, dict)
    return after


async def send_altered(
    world: World, payload: Payload, nth: int, odd: JsonValue
) -> RecordedInteraction:
    """Send the payload again, altered; return the interaction that gets the messages."""
    again = await world.slack.command("help")
    sent = json.dumps(altered(renewed(payload, again), nth, odd))
    ack = await world.post_signed(urlencode({"payload": sent}).encode())
    assert ack.status_code == 200, ack
    await world.idle()
    return again


@pytest.mark.parametrize("interact", INTERACTIONS)
@RANDOM
@given(NTH, ANY_JSON)
async def test_odd_field_changes_nothing(
    world: World, interact: Interact, nth: int, odd: JsonValue
) -> None:
    world.slack.views.clear(SUPPORT)
    interaction = await interact(world)
    await world.idle()
    shown, updates = world.shown_to_user(interaction), len(world.slack.view_requests)
    more: Payload = {"view": None, "message": None, "enterprise": {}}
    again = await send_altered(world, {**more, **interaction.payload}, nth, odd)

    if interaction.posts:
        assert texts.COMPLETED in world.shown_to_user(again)
    else:
        assert rendered(world.modal()) == shown
        assert len(world.slack.view_requests) > updates


@RANDOM
@given(NTH, ANY_JSON)
async def test_odd_field_of_the_home_tab_changes_nothing(
    world: World, nth: int, odd: JsonValue
) -> None:
    interaction = await world.until_idle(world.slack.open_home())
    payload = {**interaction.payload, "event_id": f"Ev{interaction.token}"}
    updates = len(world.slack.view_requests)
    body = json.dumps(altered(payload, nth, odd)).encode()
    ack = await world.post_signed(body, content_type="application/json")
    await world.idle()

    assert ack.status_code == 200, ack
    assert len(world.slack.view_requests) > updates
    assert texts.ALLOWED in rendered(world.home_tab())


@RANDOM
@given(
    st.sampled_from(
        [
            *("token", "team_domain", "channel_name", "user_name", "api_app_id"),
            *("is_enterprise_install", "enterprise_id", "trigger_id"),
        ]
    ),
    st.text(max_size=20),
)
@example("trigger_id", "")
@example("enterprise_id", "payload")
async def test_odd_field_of_a_command_changes_nothing(world: World, field: str, odd: str) -> None:
    interaction = await world.slack.command("help")
    form = {**interaction.payload, "text": DOCUMENTED, field: odd}
    ack = await world.post_signed(urlencode(form, errors="surrogatepass").encode())
    await world.idle()

    assert (ack.status_code, ack.text) == (200, "")
    assert texts.COMPLETED in interaction.accepted[-1].text


@pytest.mark.parametrize("state", [None, [], 5, {"values": []}, {"values": {"number": [None]}}])
async def test_form_without_values_lists_the_latest_calls(world: World, state: JsonValue) -> None:
    interaction = await submission(world)
    await world.idle()
    payload = renewed(interaction.payload, await world.slack.command("help"))
    odd = json.dumps(replaced(payload, ("view", "state"), [state]))
    ack = await world.post_signed(urlencode({"payload": odd}).encode())
    await world.idle()

    assert ack.json()["response_action"] == "update"
    assert len(row_ids(world.modal())) == FIND_LIMIT


@pytest.mark.parametrize("path", ["user", "view"])
async def test_form_without_a_needed_field_is_an_internal_error(world: World, path: str) -> None:
    interaction = await submission(world)
    await world.idle()
    odd = json.dumps(replaced({**interaction.payload}, (path, "id"), [None]))
    ack = await world.post_signed(urlencode({"payload": odd}).encode())

    assert texts.INTERNAL_ERROR in json.dumps(ack.json())


@pytest.mark.parametrize(
    "changes",
    [
        *({"container": None}, {"container": []}, {"container": {"is_ephemeral": "no"}}),
        {"container": None, "message": None},
    ],
    ids=json.dumps,
)
async def test_shared_card_stays_masked_with_an_odd_container(
    world: World, changes: Payload
) -> None:
    shared = await world.shared_card()
    world.alter_payloads(changes)
    (refreshed,) = (await world.click(shared, actions.REFRESH)).accepted
    await world.click(shared, actions.DETAILS)

    assert ("message" in changes) or refreshed.ts == shared.ts
    for shown in (refreshed, world.modal()):
        assert texts.COMPLETED_STATUS in rendered(shown)
        assert CALLER_NUMBER not in to_json(shown)


@pytest.mark.parametrize("metadata", [None, 5, "{", "[]"])
async def test_click_in_a_modal_with_odd_metadata_shows_help(
    world: World, metadata: JsonValue
) -> None:
    view = await world.open_details(DOCUMENTED)
    world.alter_payloads({"view": {**view.payload_for_app(), "private_metadata": metadata}})
    shown = await world.click_in_modal(view, actions.RAW)

    assert len(world.slack.modals()) == 2
    assert texts.HELP in rendered(shown)
