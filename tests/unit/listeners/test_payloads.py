"""Where a payload is from.

In doubt, a click counts as one on a public message. Slack includes the message in the payload
unless it is ephemeral (docs.slack.dev: block_actions).
"""

import json
from uuid import UUID

import pytest
from pydantic import JsonValue

from bot.listeners.actions import Click
from bot.listeners.commands import SlashCommand
from bot.listeners.shortcuts import MessageAction
from bot.slack.interaction import PrivateMetadata
from bot.ui.card_buttons import Place

LOG = "b7182dc2-00f3-40e4-a5ce-20f164b329df"


def click(**more: JsonValue) -> Click:
    whole: dict[str, JsonValue] = {
        "user": {"id": "U0ANNA"},
        "actions": [{"action_id": "voicelog_details", "value": LOG}],
        **more,
    }
    return Click.model_validate(whole)


def view(kind: str, metadata: JsonValue) -> JsonValue:
    return {"id": "V1", "type": kind, "private_metadata": json.dumps(metadata)}


@pytest.mark.parametrize(
    ("where", "public"),
    [
        ({"container": {"message_ts": "1.2", "is_ephemeral": True}}, False),
        ({"container": {"message_ts": "1.2", "is_ephemeral": False}}, True),
        ({"container": {"message_ts": "1.2"}}, True),
        ({"message": {"ts": "1.2"}}, True),
        ({}, False),
        ({"view": view("modal", {"channel": "C0DESK", "public": False})}, False),
        ({"view": view("modal", {"channel": "C0DESK", "public": True})}, True),
        ({"view": view("modal", {"channel": "C0DESK", "log": LOG})}, True),
        ({"view": view("modal", {})}, True),
        ({"view": {"id": "V1", "type": "home"}}, False),
    ],
)
def test_a_click_counts_as_public_unless_the_message_is_known_to_be_private(
    where: dict[str, JsonValue], *, public: bool
) -> None:
    interaction = click(**where).interaction("k7m2")

    assert interaction.is_public is public
    assert PrivateMetadata.parse(interaction.private_metadata()).public is public


@pytest.mark.parametrize("public", [True, False])
def test_a_modal_passes_on_the_metadata_of_the_clicked_one(*, public: bool) -> None:
    carried = view("modal", {"channel": "C0DESK", "log": LOG, "public": public})
    metadata = click(view=carried).interaction("k7m2").private_metadata(UUID(LOG))

    assert PrivateMetadata.parse(metadata) == PrivateMetadata(
        channel="C0DESK", log=UUID(LOG), public=public
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"channel": 1}', '{"public": "?"}', "null"])
def test_unreadable_metadata_counts_as_public(text: str) -> None:
    assert PrivateMetadata.parse(text) == PrivateMetadata(public=True)


@pytest.mark.parametrize(
    ("channel_id", "name", "place"),
    [
        *(("C0DESK", name, Place.CHANNEL) for name in ("support", "")),
        *(("C0DESK", name, Place.PRIVATE) for name in ("privategroup", "mpdm-anna--bert--eve-1")),
        *(("G0DESK", "", Place.PRIVATE), ("D0ANNA", "", Place.DIRECT), ("", "", Place.CHANNEL)),
        *((each, "directmessage", Place.DIRECT) for each in ("D0ANNA", "C0ANNA")),
    ],
)
def test_the_kind_of_conversation_depends_on_its_id_and_name(
    channel_id: str, name: str, place: Place
) -> None:
    channel: dict[str, JsonValue] = (
        {"channel": {"id": channel_id, "name": name}} if channel_id else {}
    )
    where = {"user_id": "U0ANNA", "team_id": "T0", "channel_id": channel_id, "channel_name": name}
    payloads: list[Click | MessageAction | SlashCommand] = [
        click(**channel),
        MessageAction.model_validate({"user": {"id": "U0ANNA"}, "message": {}, **channel}),
        SlashCommand.model_validate({"response_url": "https://hooks.slack.com/x", **where}),
    ]

    assert [each.interaction("k7m2").place for each in payloads] == [place] * 3


@pytest.mark.parametrize("channel", ["C0DESK", {"id": "C0DESK"}, {"id": "C0DESK", "name": None}])
def test_a_channel_without_a_name_counts_as_a_channel(channel: JsonValue) -> None:
    assert click(channel=channel).interaction("k7m2").place is Place.CHANNEL
