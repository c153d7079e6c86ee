"""Which texts of a message a person sees, and whether ids in them are found."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.slack.message_text import texts_in
from bot.voicelogs import ids
from bot.voicelogs.ids import Ids
from tests.cases import MESSAGES, MessageCase

ID = "b7182dc2-00f3-40e4-a5ce-20f164b329df"
OTHER = "ca110000-0000-4000-8000-000000000001"
THIRD = "fa000000-0000-4000-8000-000000000002"
PROJECT = "7b9bd5ab-2e4c-4e7a-9d1d-6d4a1f2b3c4d"

Message = dict[str, JsonValue]
QUICK = settings(deadline=None, max_examples=100, derandomize=True, database=None)


def whole(*log_ids: str) -> Ids:
    return Ids(complete=tuple(UUID(log_id) for log_id in log_ids))


def in_message(message: Message) -> Ids:
    return ids.in_texts(texts_in(message))


def in_block(block: JsonValue) -> Ids:
    return in_message({"blocks": [block]})


def rich(*elements: JsonValue) -> Message:
    return {"type": "rich_text", "elements": [*elements]}


def leaf(text: str) -> Message:
    return {"type": "text", "text": text}


def mrkdwn(text: str) -> Message:
    return {"type": "mrkdwn", "text": text}


TEXTS: dict[str, Message] = {
    "rich_text_leaf": rich({"type": "rich_text_section", "elements": [leaf(f"see {ID}")]}),
    "rich_text_styled_leaf": rich(
        {"type": "rich_text_section", "elements": [{**leaf(ID), "style": {"code": True}}]}
    ),
    "rich_text_link_address": rich(
        {
            "type": "rich_text_section",
            "elements": [
                {
                    "type": "link",
                    "url": f"https://acme.signalwire.com/logs/voice/{ID}",
                    "text": "call",
                }
            ],
        }
    ),
    "rich_text_link_label": rich(
        {
            "type": "rich_text_section",
            "elements": [{"type": "link", "url": "https://acme.example", "text": ID}],
        }
    ),
    "rich_text_preformatted": rich({"type": "rich_text_preformatted", "elements": [leaf(ID)]}),
    "rich_text_quote": rich({"type": "rich_text_quote", "elements": [leaf(ID)]}),
    "rich_text_list": rich(
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [leaf("first")]},
                {"type": "rich_text_section", "elements": [leaf(ID)]},
            ],
        }
    ),
    "section_text": {"type": "section", "text": mrkdwn(f"*Call* `{ID}`")},
    "section_fields": {"type": "section", "fields": [mrkdwn("*Id*"), mrkdwn(ID)]},
    "section_accessory": {
        "type": "section",
        "text": mrkdwn("x"),
        "accessory": {
            "type": "button",
            "text": {"type": "plain_text", "text": "Open"},
            "url": f"https://acme.signalwire.com/logs/voice/{ID}",
        },
    },
    "context": {"type": "context", "elements": [mrkdwn(f"Voice log id `{ID}`")]},
    "header": {"type": "header", "text": {"type": "plain_text", "text": f"Call {ID}"}},
    "markdown": {"type": "markdown", "text": f"**Call** [{ID}](https://acme.example)"},
    "image_description": {"type": "image", "image_url": "https://x.example", "alt_text": ID},
    "table_raw_cell": {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Id"}],
            [{"type": "raw_text", "text": ID}],
        ],
    },
    "table_rich_cell": {
        "type": "table",
        "rows": [[rich({"type": "rich_text_section", "elements": [leaf(ID)]})]],
    },
}


@pytest.mark.parametrize("block", TEXTS.values(), ids=TEXTS.keys())
def test_an_id_is_found_in_a_block(block: Message) -> None:
    assert in_block(block) == whole(ID)


def test_an_id_is_found_in_the_messages_text() -> None:
    assert in_message({"text": f"call <https://x.example/{ID}|here>"}) == whole(ID)


ATTACHMENTS: dict[str, Message] = {
    "title": {"title": f"Call {ID}"},
    "title_link": {"title": "x", "title_link": f"https://x.example/{ID}"},
    "text": {"text": f"Call {ID} failed"},
    "pretext": {"pretext": ID},
    "fallback": {"fallback": f"[no preview] {ID}"},
    "footer": {"footer": ID},
    "from_url": {"from_url": f"https://x.example/{ID}"},
    "field_value": {"fields": [{"title": "Id", "value": ID, "short": True}]},
    "field_title": {"fields": [{"title": ID, "value": "", "short": True}]},
    "nested_blocks": {"blocks": [{"type": "section", "text": mrkdwn(ID)}]},
    "nested_attachment": {"attachments": [{"text": ID}]},
    "forwarded_blocks": {
        "message_blocks": [
            {
                "team": "T0001",
                "channel": "C0001",
                "message": {"blocks": [TEXTS["rich_text_list"]]},
            }
        ]
    },
    "forwarded_text": {"message_blocks": [{"message": {"text": ID}}]},
}


@pytest.mark.parametrize("attachment", ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_an_id_is_found_in_an_attachment(attachment: Message) -> None:
    assert in_message({"text": "", "attachments": [attachment]}) == whole(ID)


@pytest.mark.parametrize("key", ["title", "name"])
def test_an_id_is_found_in_what_a_file_is_called(key: str) -> None:
    found = in_message({"files": [{"id": "F0001", key: f"recording-{ID}.wav"}]})
    assert found.complete == (UUID(ID),)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"client_msg_id": ID}, id="client_msg_id"),
        pytest.param({"bot_id": ID, "app_id": ID, "user": ID, "ts": ID}, id="bot_id"),
        pytest.param({"blocks": [{"type": "divider", "block_id": ID}]}, id="block_id"),
        pytest.param({"files": [{"id": ID, "url_private": f"https://x.example/{ID}"}]}, id="file"),
        pytest.param({"attachments": [{"id": ID, "callback_id": ID}]}, id="attachment_id"),
        pytest.param({"metadata": {"event_payload": {"text": ID}}}, id="metadata"),
        pytest.param(
            {
                "blocks": [
                    rich({"type": "rich_text_section", "elements": [{**leaf("x"), "id": ID}]})
                ]
            },
            id="leaf_id",
        ),
    ],
)
def test_slacks_own_ids_are_never_taken_for_a_logs(message: Message) -> None:
    assert in_message(message) == Ids()


def test_a_message_is_searched_in_the_order_in_which_it_is_read() -> None:
    message: Message = {
        "files": [{"name": f"{PROJECT}.wav"}],
        "attachments": [{"text": OTHER}],
        "text": f"{THIRD} {ID}",
        "blocks": [{"type": "section", "text": mrkdwn(ID)}],
    }
    assert in_message(message) == whole(ID, THIRD, OTHER, PROJECT)


def test_blocks_and_their_text_equivalent_give_each_id_once() -> None:
    message: Message = {"text": f"{ID} {OTHER}", "blocks": [TEXTS["context"], TEXTS["header"]]}
    assert in_message(message) == whole(ID, OTHER)


def test_a_link_whose_label_is_cut_is_a_whole_id() -> None:
    link: JsonValue = {
        "type": "link",
        "url": f"https://acme.signalwire.com/logs/voice/{ID}",
        "text": "b7182dc2\u2026",
    }
    assert in_block(rich({"type": "rich_text_section", "elements": [link]})) == whole(ID)


def test_a_cut_id_in_a_message_is_recognised() -> None:
    assert in_message({"text": "see b7182dc2\u2026"}) == Ids(truncated=("b7182dc2\u2026",))


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"text": None, "blocks": None, "attachments": None, "files": None},
        {"text": 5, "blocks": "x", "attachments": {"text": True}, "files": [[[]]]},
        {"blocks": [None, 1, [], {"type": None, "text": [None]}]},
    ],
)
def test_a_message_of_another_shape_holds_no_ids(message: Message) -> None:
    assert in_message(message) == Ids()


def test_a_message_nested_without_end_is_searched_to_a_depth() -> None:
    nested: JsonValue = ID
    for _ in range(900):
        nested = {"elements": [nested]}
    assert in_message({"text": OTHER, "blocks": [nested]}) == whole(OTHER)


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
def test_the_ids_of_a_message_from_real_life(case: MessageCase) -> None:
    assert [str(log_id) for log_id in in_message(case.message).complete] == case.ids


TEXT = st.one_of(st.text(max_size=60), st.sampled_from([ID, f"call {OTHER}", "b7182dc2…"]))
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXT),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["text", "url", "elements", "blocks", "fields", "message", "id"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


@QUICK
@given(
    message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "files"]), JSON),
)
def test_no_message_makes_the_search_fail(message: dict[str, JsonValue]) -> None:
    found = in_message(message)
    assert len(set(found.complete)) == len(found.complete)
    assert len(set(found.truncated)) == len(found.truncated) <= 20
