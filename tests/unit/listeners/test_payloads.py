"""Whether a click counts as one on what everyone sees: in doubt it does.

Slack sends the message along unless only one person sees it (docs.slack.dev: block_actions).
"""

import json
from uuid import UUID

import pytest
from pydantic import JsonValue

from bot.listeners.clicks import Click
from bot.slack.interaction import PrivateMetadata

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
def test_what_is_not_known_to_be_one_persons_counts_as_everyones(
    where: dict[str, JsonValue], *, public: bool
) -> None:
    interaction = click(**where).interaction("k7m2")

    assert interaction.in_channel is public
    assert PrivateMetadata.parse(interaction.private_metadata()).public is public


@pytest.mark.parametrize("public", [True, False])
def test_a_modal_carries_what_the_one_that_was_clicked_in_did(*, public: bool) -> None:
    carried = view("modal", {"channel": "C0DESK", "log": LOG, "public": public})
    metadata = click(view=carried).interaction("k7m2").private_metadata(UUID(LOG))

    assert PrivateMetadata.parse(metadata) == PrivateMetadata(
        channel="C0DESK", log=UUID(LOG), public=public
    )


@pytest.mark.parametrize("text", ["", "{", "[]", '{"channel": 1}', '{"public": "?"}', "null"])
def test_metadata_that_is_not_ours_counts_as_public(text: str) -> None:
    assert PrivateMetadata.parse(text) == PrivateMetadata(public=True)
