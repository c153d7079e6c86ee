"""Which texts of a message are visible, and whether the IDs in them are found."""

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.slack.message_text import texts_in
from bot.voicelogs import ids
from bot.voicelogs.ids import Ids
from tests.cases import MESSAGES, MessageCase
from tests.support.samples import DOCUMENTED, LIVE

ID = DOCUMENTED
OTHER = LIVE
THIRD = "fa000000-0000-4000-8000-000000000002"
LINK = f"https://acme.signalwire.com/logs/voices/{ID}"
PROJECT = "7b9bd5ab-2e4c-4e7a-9d1d-6d4a1f2b3c4d"

Message = dict[str, JsonValue]


def complete(*log_ids: str) -> Ids:
    return Ids(complete=tuple(UUID(log_id) for log_id in log_ids))


def in_message(message: Message) -> Ids:
    return ids.in_texts(texts_in(message))


def in_block(block: JsonValue) -> Ids:
    return in_message({"blocks": [block]})


def leaf(text: str, **style: bool) -> Message:
    return {"type": "text", "text": text, **({"style": {**style}} if style else {})}


def rich_text(*elements: JsonValue) -> Message:
    return {"type": "rich_text", "elements": [*elements]}


def rich_line(*leaves: JsonValue) -> Message:
    return {"type": "rich_text_section", "elements": [*leaves]}


def plain(text: str) -> Message:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Message:
    return {"type": "mrkdwn", "text": text}


def section(text: str) -> Message:
    return {"type": "section", "text": mrkdwn(text)}


def fields(*texts: str) -> Message:
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def header(text: str) -> Message:
    return {"type": "header", "text": plain(text)}


def cell(text: str) -> Message:
    return {"type": "raw_text", "text": text}


def table(*rows: Sequence[JsonValue]) -> Message:
    return {"type": "table", "rows": [[*row] for row in rows]}


TEXTS: dict[str, Message] = {
    "rich text": rich_text(rich_line(leaf(f"see {ID}"))),
    "styled rich text": rich_text(rich_line(leaf(ID, code=True))),
    "the address of a link": rich_text(rich_line({"type": "link", "url": LINK, "text": "call"})),
    "the label of a link": rich_text(
        rich_line({"type": "link", "url": "https://acme.example", "text": ID})
    ),
    "preformatted text": rich_text({"type": "rich_text_preformatted", "elements": [leaf(ID)]}),
    "a quote": rich_text({"type": "rich_text_quote", "elements": [leaf(ID)]}),
    "a list": rich_text(
        {"type": "rich_text_list", "elements": [rich_line(leaf("first")), rich_line(leaf(ID))]}
    ),
    "a section": section(f"*Call* `{ID}`"),
    "fields of a section": fields("*Id*", ID),
    "a button beside a section": {
        **section("x"),
        "accessory": {"type": "button", "text": plain("Open"), "url": LINK},
    },
    "a context": {"type": "context", "elements": [mrkdwn(f"Voice log id `{ID}`")]},
    "a header": header(f"Call {ID}"),
    "markdown": {"type": "markdown", "text": f"**Call** [{ID}](https://acme.example)"},
    "the description of an image": {
        "type": "image",
        "image_url": "https://x.example",
        "alt_text": ID,
    },
    "a cell of a table": table([cell("Id")], [cell(ID)]),
    "a rich cell of a table": table([rich_text(rich_line(leaf(ID)))]),
}


@pytest.mark.parametrize("block", TEXTS.values(), ids=TEXTS.keys())
def test_an_id_is_found_in_a_block(block: Message) -> None:
    assert in_block(block) == complete(ID)


def test_an_id_is_found_in_the_messages_text() -> None:
    assert in_message({"text": f"call <https://x.example/{ID}|here>"}) == complete(ID)


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
    "nested_blocks": {"blocks": [section(ID)]},
    "nested_attachment": {"attachments": [{"text": ID}]},
    "forwarded_blocks": {
        "message_blocks": [
            {
                "team": "T0001",
                "channel": "C0001",
                "message": {"blocks": [TEXTS["a list"]]},
            }
        ]
    },
    "forwarded_text": {"message_blocks": [{"message": {"text": ID}}]},
}


@pytest.mark.parametrize("attachment", ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_an_id_is_found_in_an_attachment(attachment: Message) -> None:
    assert in_message({"text": "", "attachments": [attachment]}) == complete(ID)


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
        pytest.param({"blocks": [rich_text(rich_line({**leaf("x"), "id": ID}))]}, id="leaf_id"),
    ],
)
def test_slacks_own_ids_are_not_log_ids(message: Message) -> None:
    assert in_message(message) == Ids()


def test_ids_are_in_reading_order() -> None:
    message: Message = {
        "files": [{"name": f"{PROJECT}.wav"}],
        "attachments": [{"text": OTHER}],
        "text": f"{THIRD} {ID}",
        "blocks": [section(ID)],
    }
    assert in_message(message) == complete(ID, THIRD, OTHER, PROJECT)


def test_an_id_in_blocks_and_in_their_text_is_found_once() -> None:
    message: Message = {"text": f"{ID} {OTHER}", "blocks": [TEXTS["a context"], TEXTS["a header"]]}
    assert in_message(message) == complete(ID, OTHER)


def test_a_link_with_a_truncated_label_has_a_complete_id() -> None:
    link: JsonValue = {"type": "link", "url": LINK, "text": "b7182dc2\u2026"}
    assert in_block(rich_text(rich_line(link))) == complete(ID)


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
    assert in_message({"text": OTHER, "blocks": [nested]}) == complete(OTHER)


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
        "blocks": [fields(f"*Request ID:*\n`{PROJECT}`", f"*Call ID:*\n`{ID}`")]
    },
    "a label in one field, its value in the next": {
        "blocks": [fields("*Request ID*", PROJECT, "*Call ID*", ID)]
    },
    "a label in one block, its value in the next": {
        "blocks": [header("Project"), section(f"`{PROJECT}`"), header("Call"), section(f"`{ID}`")]
    },
    "elements of a line of rich text": {
        "blocks": [
            rich_text(
                rich_line(
                    leaf("request "),
                    leaf(PROJECT, code=True),
                    leaf(" of call "),
                    leaf(ID, code=True),
                )
            )
        ]
    },
    "items of a list": {
        "blocks": [
            rich_text(
                {
                    "type": "rich_text_list",
                    "elements": [
                        rich_line(leaf("Request: "), leaf(PROJECT)),
                        rich_line(leaf("Call: "), leaf(ID)),
                    ],
                }
            )
        ]
    },
    "columns of a table": {
        "blocks": [
            table(
                [cell("Request"), cell("Call ID")], [rich_text(rich_line(leaf(PROJECT))), cell(ID)]
            )
        ]
    },
    "columns of a table of an unknown shape": {
        "blocks": [
            {
                "type": "future_table",
                "columns": [{"text": "Request ID"}, {"text": "Call ID"}],
                "rows": [{"cells": [{"text": PROJECT}, {"text": ID}]}],
            }
        ]
    },
    "the text repeats the blocks without labels": {
        "text": f"{PROJECT} {ID}",
        "blocks": [section(f"Ticket {PROJECT}: call {ID}")],
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
    "a container": {"blocks": [{"type": "container", "child_blocks": [section(ID)]}]},
    "the link of a video": {"blocks": [{"type": "video", "title_url": LINK, "alt_text": "v"}]},
    "an unknown block": {
        "blocks": [{"type": "hologram", "panels": [{"heading": {"title": f"Call {ID}"}}]}]
    },
    "an option of a select": {
        "blocks": [
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "static_select",
                        "options": [{"text": plain(ID), "value": "1"}],
                    }
                ],
            }
        ]
    },
    "an id that is partly bold": {
        "blocks": [rich_text(rich_line(leaf(ID[:8], bold=True), leaf(ID[8:])))]
    },
    "the date of rich text": {
        "blocks": [rich_text(rich_line({"type": "date", "timestamp": 1, "fallback": ID}))]
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
    "a button's confirmation": {
        "blocks": [{"type": "actions", "elements": [{"confirm": {"text": mrkdwn(ID)}}]}]
    },
    "a block's metadata": {"blocks": [{"type": "section", "metadata": {"text": ID}}]},
    "Slack's own IDs": {
        "blocks": [{"type": "call", "call_id": ID, "call": {"v1": {"id": ID}}, "block_id": ID}]
    },
    "a file's address": {"files": [{"url_private": LINK, "permalink": LINK, "external_id": ID}]},
    "an emoji": {"blocks": [rich_text(rich_line({"type": "emoji", "name": ID}))]},
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


@given(
    message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "files"]), JSON),
)
def test_any_message_is_searched_without_an_error(message: dict[str, JsonValue]) -> None:
    found = in_message(message)
    assert len(set(found.complete)) == len(found.complete)
    assert len(set(found.truncated)) == len(found.truncated) <= 20
