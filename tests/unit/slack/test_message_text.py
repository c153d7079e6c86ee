"""Which texts of a message are visible, and whether the IDs in them are found.

Messages from real life are in tests/integration/test_shortcut.py.
"""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.slack.message_text import texts_in
from bot.voicelogs import ids
from bot.voicelogs.ids import Ids
from tests.support.samples import DOCUMENTED, LIVE

ID = DOCUMENTED
OTHER = LIVE
THIRD = "fa000000-0000-4000-8000-000000000002"
LINK = f"https://acme.signalwire.com/logs/voices/{ID}"
PROJECT = "7b9bd5ab-2e4c-4e7a-9d1d-6d4a1f2b3c4d"

Message = dict[str, JsonValue]


def complete(*log_ids: str) -> Ids:
    return Ids(complete=tuple(map(UUID, log_ids)))


def in_message(message: Message) -> Ids:
    return ids.in_texts(texts_in(message))


def blocks(*each: JsonValue) -> Message:
    return {"blocks": [*each]}


def attachment(**fields: JsonValue) -> Message:
    return {"text": "", "attachments": [fields]}


def file(**fields: JsonValue) -> Message:
    return {"files": [{"id": "F0001", **fields}]}


def leaf(text: str, **style: bool) -> Message:
    return {"type": "text", "text": text, **({"style": {**style}} if style else {})}


def line(*leaves: JsonValue, kind: str = "section") -> Message:
    return {"type": f"rich_text_{kind}", "elements": [*leaves]}


def rich_text(*elements: JsonValue) -> Message:
    return {"type": "rich_text", "elements": [*elements]}


def element(kind: str, **fields: JsonValue) -> Message:
    """Return a message with one line of rich text, of one element."""
    return blocks(rich_text(line({"type": kind, **fields})))


def text(value: str, kind: str = "plain_text") -> Message:
    return {"type": kind, "text": value}


def section(value: str) -> Message:
    return {"type": "section", "text": text(value, "mrkdwn")}


def actions(**fields: JsonValue) -> Message:
    return {"type": "actions", "elements": [fields]}


VISIBLE: dict[str, Message] = {
    "an id that is partly bold": blocks(rich_text(line(leaf(ID[:8], bold=True), leaf(ID[8:])))),
    "the label of a link": element("link", url="https://acme.example", text=ID),
    "the date of rich text": element("date", timestamp=1, fallback=ID),
    "fields of a section": blocks(
        {"type": "section", "fields": [text("*Id*", "mrkdwn"), text(ID, "mrkdwn")]}
    ),
    "an image": blocks({"type": "image", "image_url": "https://x.example", "alt_text": ID}),
    "the link of a video": blocks({"type": "video", "title_url": LINK, "alt_text": "v"}),
    "the link of an attachment's title": attachment(title="x", title_link=LINK),
    "the text before an attachment": attachment(pretext=ID),
    "an attachment's footer": attachment(footer=ID),
    "the address of a quoted message": attachment(from_url=LINK),
    "the link of an attachment's author": attachment(author_name="App", author_link=LINK),
    "the value of an attachment's field": attachment(fields=[{"title": "Id", "value": ID}]),
    "a field without a title": attachment(fields=[{"value": ID, "short": False}]),
    "a field whose title is null": attachment(fields=[{"title": None, "value": ID}]),
    "a field of a newer kind whose title is empty": attachment(
        fields=[{"title": "", "value": ID, "style": "wide"}]
    ),
    "the title of an attachment's field": attachment(fields=[{"title": ID, "value": ""}]),
    "a file's description": file(alt_txt=f"a screenshot of call {ID}"),
    "the name of a file in an email": file(attachments=[{"filename": f"{ID}.wav"}]),
    "a file's first comment": file(initial_comment={"comment": ID}),
}


@pytest.mark.parametrize("name", VISIBLE)
def test_visible_text_is_read(name: str) -> None:
    assert in_message(VISIBLE[name]).complete == (UUID(ID),)


INVISIBLE: dict[str, Message] = {
    "nothing": {},
    "an id of the message": {"client_msg_id": ID, "bot_id": ID, "user": ID, "ts": ID},
    "an id of a block": blocks({"type": "divider", "block_id": ID}),
    "an id of a call block": blocks({"type": "call", "call_id": ID, "call": {"v1": {"id": ID}}}),
    "an id of an element": element("text", text="x", id=ID),
    "an id of an attachment": attachment(id=ID, callback_id=ID),
    "an id of a file, and its address": file(
        external_id=ID, user=ID, url_private=LINK, permalink=LINK
    ),
    "a message's metadata": {"metadata": {"event_payload": {"text": ID}}},
    "a block's metadata": blocks({"type": "section", "metadata": {"text": ID}}),
    "an option's value": blocks(
        {"type": "section", "accessory": {"options": [{"text": "x", "value": ID}]}}
    ),
    "a workflow's parameter": blocks({"type": "future", "inputs": [{"name": "x", "value": ID}]}),
    "a legacy button's name and value": attachment(
        actions=[{"name": ID, "text": "Acknowledge", "value": ID}]
    ),
    "a button's confirmation": blocks(actions(confirm={"text": text(ID)})),
    "an emoji": element("emoji", name=ID, url=LINK),
    "an icon": blocks({"type": "card", "slack_icon": {"type": "icon", "name": ID}}),
    "the address of a picture in Slack": blocks({"type": "image", "slack_file": {"url": LINK}}),
    "what a workflow is started with": blocks(
        actions(
            type="workflow_button",
            workflow={"trigger": {"url": LINK, "customizable_input_parameters": [{"name": ID}]}},
        )
    ),
    "null": {"text": None, "blocks": None, "attachments": None, "files": None},
    "values of other types": {"text": 5, "blocks": "x", "attachments": {"text": True}},
    "lists of other types": {"files": [[[]]], **blocks(None, 1, [], {"type": [], "text": [0]})},
}


@pytest.mark.parametrize("name", INVISIBLE)
def test_invisible_text_is_not_read(name: str) -> None:
    assert in_message(INVISIBLE[name]) == Ids()


LABELED: dict[str, Message] = {
    "columns of a table": blocks(
        {
            "type": "table",
            "rows": [
                [text("Request", "raw_text"), text("Call ID", "raw_text")],
                [rich_text(line(leaf(PROJECT))), text(ID, "raw_text")],
            ],
        }
    ),
    "columns of a table of an unknown shape": blocks(
        {
            "type": "future_table",
            "columns": [{"text": "Request ID"}, {"text": "Call ID"}],
            "rows": [{"cells": [{"text": PROJECT}, {"text": ID}]}],
        }
    ),
    "a snippet": file(
        mode="snippet", preview=f'{{"project_id": "{PROJECT}",\n "call_id": "{ID}",\n "node'
    ),
}


@pytest.mark.parametrize("name", LABELED)
def test_a_label_stays_with_its_value(name: str) -> None:
    assert in_message(LABELED[name]).complete == (UUID(ID),)


LINK_TO_THIRD = f"https://acme.signalwire.com/logs/voices/{THIRD}"
# Blocks with their keys from the bottom to the top; each has ID, OTHER and THIRD where it is read.
IN_ORDER: dict[str, Message] = {
    "a table below its caption": {"rows": [[text(OTHER)], [text(THIRD)]], "caption": ID},
    "a card's text below its picture": {
        "subtitle": text(THIRD),
        "title": text(OTHER),
        "hero_image": {"type": "image", "alt_text": ID},
    },
    "a card's buttons below its text": {
        "actions": [{"text": text("Open"), "url": LINK_TO_THIRD}],
        "subtext": text(OTHER),
        "body": text(ID),
    },
    "a container below its rich title": {
        "child_blocks": [section(THIRD)],
        "subtitle": text(OTHER),
        "rich_text_title": rich_text(line(leaf(ID))),
    },
    "a task's sources below its output": {
        "sources": [{"type": "url", "url": LINK_TO_THIRD}],
        "output": rich_text(line(leaf(OTHER))),
        "details": rich_text(line(leaf(ID))),
    },
    "a hint below its input": {
        "hint": text(THIRD),
        "element": {"initial_value": OTHER},
        "label": text(ID),
    },
    "a menu's options below its placeholder": {
        "options": [{"text": text(OTHER)}, {"text": text(THIRD)}],
        "placeholder": text(ID),
    },
    "a file's description below its preview": {
        "file": {"alt_txt": THIRD, "preview": OTHER, "name": ID}
    },
    "a call's link below its name": {
        "call": {"v1": {"join_url": LINK_TO_THIRD, "name": ID, "display_id": OTHER}}
    },
}


@pytest.mark.parametrize("name", IN_ORDER)
def test_a_block_is_read_from_top_to_bottom(name: str) -> None:
    assert in_message(blocks(IN_ORDER[name])) == complete(ID, OTHER, THIRD)


BETWEEN: list[Message] = [
    {"type": "emoji", "name": "arrow_right"},
    {"type": "user", "user_id": "U1"},
    {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "Nov 26"},
    {"type": "link", "url": LINK_TO_THIRD},
    {"type": "an element of the future"},
]


@pytest.mark.parametrize("between", BETWEEN, ids=lambda element: element["type"])
def test_an_element_separates_the_ids_beside_it(between: Message) -> None:
    found = in_message(blocks(rich_text(line(leaf(ID), between, leaf(OTHER))))).complete
    assert [log_id for log_id in found if log_id != UUID(THIRD)] == [UUID(ID), UUID(OTHER)]


def test_ids_are_in_reading_order_each_once() -> None:
    message: Message = {
        **file(name=f"{PROJECT}.wav"),
        "attachments": [{"text": OTHER}],
        "text": f"{THIRD} {ID}",
        **blocks({"type": "section", "text": text(ID, "mrkdwn")}),
    }
    assert [*map(str, in_message(message).complete)] == [ID, THIRD, OTHER, PROJECT]


def test_a_message_is_searched_to_a_limited_depth() -> None:
    nested: JsonValue = ID
    for _ in range(900):
        nested = {"elements": [nested]}
    assert in_message({"text": OTHER, "blocks": [nested]}) == Ids((UUID(OTHER),))


TEXT = st.one_of(st.text(max_size=60), st.sampled_from([ID, f"call {OTHER}", "b7182dc2…"]))
KEYS = st.sampled_from(["type", "text", "url", "elements", "blocks", "fields", "message", "id"])
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXT),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(message=st.dictionaries(st.sampled_from(["text", "blocks", "attachments", "files"]), JSON))
def test_any_message_is_searched_without_an_error(message: dict[str, JsonValue]) -> None:
    found = in_message(message)
    assert len(set(found.complete)) == len(found.complete)
    assert len(set(found.truncated)) == len(found.truncated) <= 20
