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
LINK = f"https://acme.signalwire.com/logs/voices/{ID}"
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
def test_an_id_is_found_in_a_files_name(key: str) -> None:
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
def test_slacks_own_ids_are_not_log_ids(message: Message) -> None:
    assert in_message(message) == Ids()


def test_ids_are_in_reading_order() -> None:
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


def test_a_link_with_a_truncated_label_has_a_complete_id() -> None:
    link: JsonValue = {
        "type": "link",
        "url": f"https://acme.signalwire.com/logs/voice/{ID}",
        "text": "b7182dc2\u2026",
    }
    assert in_block(rich({"type": "rich_text_section", "elements": [link]})) == whole(ID)


def test_a_truncated_id_in_a_message_is_recognized() -> None:
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
def test_a_malformed_message_has_no_ids(message: Message) -> None:
    assert in_message(message) == Ids()


def test_a_message_is_searched_to_a_limited_depth() -> None:
    nested: JsonValue = ID
    for _ in range(900):
        nested = {"elements": [nested]}
    assert in_message({"text": OTHER, "blocks": [nested]}) == whole(OTHER)


@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case.name)
def test_the_ids_of_real_messages_are_found(case: MessageCase) -> None:
    assert [str(log_id) for log_id in in_message(case.message).complete] == case.ids


LABELED: dict[str, Message] = {
    "fields of an attachment": {
        "attachments": [
            {
                "fallback": f"{PROJECT} {ID}",
                "fields": [
                    {"title": "Request ID", "value": PROJECT, "short": True},
                    {"title": "Call ID", "value": ID, "short": True},
                ],
            }
        ]
    },
    "fields of a section": {
        "blocks": [
            {
                "type": "section",
                "fields": [
                    mrkdwn(f"*Request ID:*\n`{PROJECT}`"),
                    mrkdwn(f"*Call ID:*\n`{ID}`"),
                ],
            }
        ]
    },
    "a label in one field, its value in the next": {
        "blocks": [
            {
                "type": "section",
                "fields": [
                    mrkdwn("*Request ID*"),
                    mrkdwn(PROJECT),
                    mrkdwn("*Call ID*"),
                    mrkdwn(ID),
                ],
            }
        ]
    },
    "a label in one block, its value in the next": {
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Project"}},
            {"type": "section", "text": mrkdwn(f"`{PROJECT}`")},
            {"type": "header", "text": {"type": "plain_text", "text": "Call"}},
            {"type": "section", "text": mrkdwn(f"`{ID}`")},
        ]
    },
    "pieces of a line of rich text": {
        "blocks": [
            rich(
                {
                    "type": "rich_text_section",
                    "elements": [
                        leaf("request "),
                        {**leaf(PROJECT), "style": {"code": True}},
                        leaf(" of call "),
                        {**leaf(ID), "style": {"code": True}},
                    ],
                }
            )
        ]
    },
    "items of a list": {
        "blocks": [
            rich(
                {
                    "type": "rich_text_list",
                    "elements": [
                        {
                            "type": "rich_text_section",
                            "elements": [leaf("Request: "), leaf(PROJECT)],
                        },
                        {"type": "rich_text_section", "elements": [leaf("Call: "), leaf(ID)]},
                    ],
                }
            )
        ]
    },
    "columns of a table": {
        "blocks": [
            {
                "type": "table",
                "rows": [
                    [
                        {"type": "raw_text", "text": "Request"},
                        {"type": "raw_text", "text": "Call ID"},
                    ],
                    [
                        rich({"type": "rich_text_section", "elements": [leaf(PROJECT)]}),
                        {"type": "raw_text", "text": ID},
                    ],
                ],
            }
        ]
    },
    "columns of a table of another shape": {
        "blocks": [
            {
                "type": "table_of_next_year",
                "columns": [{"text": "Request ID"}, {"text": "Call ID"}],
                "rows": [{"cells": [{"text": PROJECT}, {"text": ID}]}],
            }
        ]
    },
    "the text repeats the blocks without labels": {
        "text": f"{PROJECT} {ID}",
        "blocks": [{"type": "section", "text": mrkdwn(f"Ticket {PROJECT}: call {ID}")}],
    },
    "a snippet": {
        "files": [
            {
                "mode": "snippet",
                "name": "payload.json",
                "preview": f'{{"project_id": "{PROJECT}",\n "call_id": "{ID}",\n "node',
            }
        ]
    },
}


@pytest.mark.parametrize("name", LABELED)
def test_a_label_stays_with_its_value(name: str) -> None:
    assert in_message(LABELED[name]).complete == (UUID(ID),)


VISIBLE: dict[str, Message] = {
    "a button of a legacy attachment": {
        "attachments": [{"actions": [{"type": "button", "text": "Open", "url": LINK}]}]
    },
    "a carousel": {
        "blocks": [
            {
                "type": "carousel",
                "elements": [
                    {"type": "card", "actions": [{"type": "button", "url": LINK, "value": "x"}]}
                ],
            }
        ]
    },
    "the tasks of a plan": {
        "blocks": [
            {"type": "plan", "title": "Plan", "tasks": [{"task_id": "1", "title": f"Call {ID}"}]}
        ]
    },
    "a container": {
        "blocks": [{"type": "container", "child_blocks": [{"type": "section", "text": mrkdwn(ID)}]}]
    },
    "the link of a video": {"blocks": [{"type": "video", "title_url": LINK, "alt_text": "v"}]},
    "a block of next year": {
        "blocks": [{"type": "hologram", "panes": [{"heading": {"title": f"Call {ID}"}}]}]
    },
    "an option of a select": {
        "blocks": [
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "options": [{"text": {"type": "plain_text", "text": ID}, "value": "1"}],
                    }
                ],
            }
        ]
    },
    "an id that is partly bold": {
        "blocks": [
            rich(
                {
                    "type": "rich_text_section",
                    "elements": [{**leaf(ID[:8]), "style": {"bold": True}}, leaf(ID[8:])],
                }
            )
        ]
    },
    "the date of rich text": {
        "blocks": [
            rich(
                {
                    "type": "rich_text_section",
                    "elements": [{"type": "date", "timestamp": 1, "fallback": ID}],
                }
            )
        ]
    },
    "a file's description": {"files": [{"alt_txt": f"a screenshot of call {ID}"}]},
    "a file's first comment": {"files": [{"initial_comment": {"comment": ID}}]},
    "a link of the author": {"attachments": [{"author_name": "App", "author_link": LINK}]},
}


@pytest.mark.parametrize("name", VISIBLE)
def test_visible_text_is_read(name: str) -> None:
    assert in_message(VISIBLE[name]).complete == (UUID(ID),)


INVISIBLE: dict[str, Message] = {
    "a button's value": {
        "blocks": [
            {
                "type": "actions",
                "elements": [{"type": "button", "text": mrkdwn("Again"), "value": ID}],
            }
        ]
    },
    "an option's value": {
        "blocks": [{"type": "section", "accessory": {"options": [{"text": "x", "value": ID}]}}]
    },
    "a legacy button's name and value": {
        "attachments": [
            {"callback_id": ID, "actions": [{"name": ID, "text": "Acknowledge", "value": ID}]}
        ]
    },
    "what a button asks when it is pressed": {
        "blocks": [{"type": "actions", "elements": [{"confirm": {"text": mrkdwn(ID)}}]}]
    },
    "a block's metadata": {"blocks": [{"type": "section", "metadata": {"text": ID}}]},
    "ids of Slack": {
        "blocks": [{"type": "call", "call_id": ID, "call": {"v1": {"id": ID}}, "block_id": ID}]
    },
    "a file's address": {"files": [{"url_private": LINK, "permalink": LINK, "external_id": ID}]},
    "an emoji": {
        "blocks": [rich({"type": "rich_text_section", "elements": [{"type": "emoji", "name": ID}]})]
    },
}


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_text_is_not_read(name: str) -> None:
    assert in_message(INVISIBLE[name]) == Ids()


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
