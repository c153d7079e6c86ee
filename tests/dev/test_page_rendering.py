# ruff: noqa: E501 - a golden piece of a page is as wide as the page
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from inline_snapshot import snapshot
from jinja2 import UndefinedError
from pydantic import JsonValue

from bot.dev.emulator.signalwire.catalogue import catalogue
from bot.dev.emulator.slack.element_state import action_on, initial_state, with_block_ids
from bot.dev.playground.web import render
from bot.dev.playground.web.render import Renderer
from bot.signalwire.models import VoiceLog
from bot.ui import actions as buttons
from bot.ui import search_form, voice_log_card
from bot.ui.actions import CardOptions
from bot.voicelogs.results import Found
from tests.support.cards import card_context

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
NAMES = {"U1": "ana", "C1": "general", "S1": "ops"}
RENDERER = Renderer(NAMES)
QUICK = settings(deadline=None, max_examples=150, derandomize=True, database=None)
VOID = {"br", "hr", "input"}
STYLE = Path(render.__file__).parents[1] / "static" / "style.css"

Block = dict[str, JsonValue]


class Page(HTMLParser):
    """The elements of a piece of a page, each with its attributes and the text within it."""

    def __init__(self, piece: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[int] = []
        self.feed(piece)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))
        if tag not in VOID:
            self._open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.found[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.found[index][2].append(data)

    def all(self, tag: str, **attrs: str) -> list[dict[str, str]]:
        """The attributes of each such element; its text as `text`."""
        return [
            {**{name: value or "" for name, value in own.items()}, "text": "".join(text).strip()}
            for found, own, text in self.found
            if found == tag and attrs.items() <= own.items()
        ]

    def one(self, tag: str, **attrs: str) -> dict[str, str]:
        (found,) = self.all(tag, **attrs)
        return found


def html(*blocks: JsonValue, errors: Mapping[str, str] | None = None) -> str:
    return str(RENDERER.blocks(blocks, "x", errors=errors or {}))


def drawn(*blocks: JsonValue, errors: Mapping[str, str] | None = None) -> Page:
    return Page(html(*blocks, errors=errors))


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def button(action_id: str = "go", **more: JsonValue) -> Block:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def menu(action_id: str = "more", **more: JsonValue) -> Block:
    lines: list[JsonValue] = [{"text": plain(word), "value": word} for word in ("one", "two")]
    return {"type": "overflow", "action_id": action_id, "options": lines, **more}


def select(**more: JsonValue) -> Block:
    lines: list[JsonValue] = [{"text": plain(word.title()), "value": word} for word in ("a", "b")]
    return {"type": "static_select", "action_id": "pick", "options": lines, **more}


def actions(*elements: JsonValue) -> Block:
    return {"type": "actions", "elements": [*elements]}


def written(**more: JsonValue) -> Block:
    return {"type": "plain_text_input", "action_id": "w", **more}


def field(element: JsonValue, **more: JsonValue) -> Block:
    return {"type": "input", "block_id": "f", "label": plain("Name"), "element": element, **more}


def rich(*parts: JsonValue) -> Block:
    return {"type": "rich_text", "elements": [*parts]}


def rich_section(*leaves: JsonValue) -> Block:
    return {"type": "rich_text_section", "elements": [*leaves]}


CONFIRM: Block = {
    "title": plain("Sure?"),
    "text": mrkdwn("*Everyone* sees it."),
    "confirm": plain("Share"),
    "deny": plain("Cancel"),
    "style": "danger",
}


def test_a_header_a_line_and_small_print() -> None:
    header: Block = {"type": "header", "text": plain("Completed <9 s>")}
    context: Block = {"type": "context", "elements": [mrkdwn("`id`"), plain("*as it is*")]}
    assert html(header, {"type": "divider"}, context) == snapshot("""\
<h3 class="header"><bdi>Completed &lt;9 s&gt;</bdi></h3><hr class="divider"><div class="block context">
<div class="mrkdwn"><bdi><code>id</code></bdi></div>
<div class="mrkdwn"><bdi>*as it is*</bdi></div>
</div>\
""")


def test_fields_and_what_can_be_pressed_beside_them() -> None:
    section: Block = {
        "type": "section",
        "text": mrkdwn("Two"),
        "fields": [mrkdwn("*From*\n`a`"), plain("*To*\nb")],
        "accessory": button(),
    }
    assert html(section) == snapshot("""\
<div class="block section">
<div class="section-text">
<div class="mrkdwn"><bdi>Two</bdi></div>
<div class="fields">
<div class="mrkdwn"><bdi><strong>From</strong></bdi><br><bdi><code>a</code></bdi></div>
<div class="mrkdwn"><bdi>*To*<br>b</bdi></div>
</div>
</div>
<div class="accessory">
<button type="button" class="button" data-act="click" data-action-id="go" data-nth="0"><bdi>Go</bdi></button>
</div>
</div>\
""")


def test_a_button_says_what_was_pressed() -> None:
    found = drawn(actions(button(style="primary"), button("no", style="danger"))).all("button")
    assert found[0] == {
        "type": "button",
        "class": "button primary",
        "data-act": "click",
        "data-action-id": "go",
        "data-nth": "0",
        "text": "Go",
    }
    assert found[1]["class"] == "button danger"


def test_the_place_of_a_button_is_the_one_that_the_sandbox_counts() -> None:
    blocks: list[JsonValue] = [
        actions(button("a", value="0"), button("b", value="1")),
        {"type": "section", "text": mrkdwn("x"), "accessory": button("a", value="2")},
        {"type": "actions", "elements": [button("a", value="3")], "block_id": 5},
        field(select(action_id="a")),
        actions({"type": "datepicker", "action_id": "a"}, menu("a"), button("a", value="4")),
    ]
    whole = with_block_ids(blocks)
    kept = [*whole[:2], blocks[2], *whole[3:]]
    found = Page(str(RENDERER.blocks(kept, "x"))).all("button")
    pressed = [
        action_on(kept, each["data-action-id"], nth=int(each["data-nth"])).get("value")
        for each in found
        if "data-option" not in each
    ]
    assert pressed == ["0", "1", "2", "4"]
    line = next(each for each in found if each.get("data-option") == "1")
    action = action_on(kept, "a", 1, nth=int(line["data-nth"]))
    assert action["selected_option"] == {"text": plain("two"), "value": "two"}


def test_a_button_to_the_web_is_a_link_and_no_other_is() -> None:
    assert drawn(actions(button(url="https://a.example/?x"))).one("a") == {
        "class": "button",
        "href": "https://a.example/?x",
        "target": "_blank",
        "rel": "noopener noreferrer",
        "text": "Go",
    }
    for url in ("javascript:alert(1)", "mailto:a@acme.example", "https://a b", "//a.example"):
        page = drawn(actions(button(url=url), menu(options=[{"text": plain("x"), "url": url}])))
        assert page.all("a") == []


def test_a_question_waits_beside_what_asks_it() -> None:
    made = html(actions(button(confirm=CONFIRM)))
    assert made[made.index("<button") :] == snapshot("""\
<button type="button" class="button" data-act="click" data-action-id="go" data-nth="0"><bdi>Go</bdi></button>
<template data-confirm><dialog class="confirm" aria-labelledby="x-0-0-asked">
<h2 id="x-0-0-asked"><bdi>Sure?</bdi></h2>
<div class="mrkdwn"><bdi><strong>Everyone</strong> sees it.</bdi></div>
<div class="answers">
<button type="button" class="button" data-answer="no"><bdi>Cancel</bdi></button>
<button type="button" class="button danger" data-answer="yes"><bdi>Share</bdi></button>
</div>
</dialog></template>
</div>\
""")


def test_every_line_of_a_menu_asks_the_menus_question_under_an_id_of_its_own() -> None:
    page = drawn(actions(menu(confirm=CONFIRM)))
    assert [each["data-option"] for each in page.all("button", **{"data-act": "click"})] == [
        "0",
        "1",
    ]
    asked = [each["aria-labelledby"] for each in page.all("dialog")]
    assert len(set(asked)) == len(asked) == 2
    assert [each["id"] for each in page.all("h2")] == asked


def test_a_menu_opens_by_keyboard_and_has_a_name() -> None:
    page = drawn(actions(menu()))
    assert page.one("details")["class"] == "menu"
    assert page.one("summary")["aria-label"] == "More actions"
    assert [each["text"] for each in page.all("li")] == ["one", "two"]


def test_a_button_can_be_named_for_those_who_do_not_see_it() -> None:
    named = drawn(actions(button(accessibility_label='Go "on"')))
    assert named.one("button")["aria-label"] == 'Go "on"'


def test_a_menu_to_choose_from_among_buttons() -> None:
    page = drawn(actions(select(placeholder=plain("Pick one"))))
    found = page.one("select")
    assert (found["data-action-id"], found["data-nth"]) == ("pick", "0")
    assert found["aria-label"] == "Pick one"
    assert [each["text"] for each in page.all("option")] == ["Pick one", "A", "B"]


def test_a_required_field() -> None:
    element = written(max_length=5, min_length=2, placeholder=plain("e.g. x"), initial_value='"')
    page = drawn(field(element, hint=plain("Short.")))
    assert page.one("div", **{"class": "field"})["data-block-id"] == "f"
    assert page.one("input") == {
        "type": "text",
        "autocomplete": "off",
        "value": '"',
        "id": "x-0-0",
        "name": "f",
        "required": "",
        "aria-describedby": "x-0-0-hint",
        "placeholder": "e.g. x",
        "data-min-length": "2",
        "data-max-length": "5",
        "text": "",
    }
    assert page.one("label")["for"] == "x-0-0"
    assert page.one("label")["text"] == "Name *"
    assert page.one("p", id="x-0-0-hint")["text"] == "Short."


def test_an_optional_field_with_an_error() -> None:
    block = field(written(multiline=True, initial_value="\na</textarea>"), optional=True)
    page = drawn(block, errors={"f": "<Too> short.", "other": "no"})
    area = page.one("textarea")
    assert "required" not in area
    assert area["aria-invalid"] == "true"
    assert area["aria-describedby"] == "x-0-0-error"
    assert area["text"] == "a</textarea>"
    assert "\n\na&lt;/textarea&gt;" in html(block)  # the first line end is the element's own
    assert page.one("p")["text"] == "<Too> short."
    assert page.one("label")["text"] == "Name (optional)"


def test_a_choice_begins_with_its_initial_option() -> None:
    option: Block = {"text": plain("B"), "value": "b"}
    groups: list[JsonValue] = [{"label": plain("Group"), "options": [option]}]
    page = drawn(field(select(option_groups=groups, initial_option=option)))
    assert [each["value"] for each in page.all("option")] == ["a", "b", "b"]
    assert page.all("option", selected="") == []
    assert {each["value"] for each in page.all("option") if "selected" in each} == {"b"}
    assert page.one("optgroup")["label"] == "Group"


def test_what_was_entered_goes_before_what_stood_there_first() -> None:
    option: Block = {"text": plain("B"), "value": "b"}
    chosen: Block = {**field(select(initial_option=option)), "block_id": "g"}
    blocks: list[JsonValue] = [field(written(initial_value="first")), chosen]
    state: dict[str, dict[str, Block]] = {
        "f": {"w": {"type": "plain_text_input", "value": None}},
        "g": {"pick": {"type": "static_select", "selected_option": {"value": "a"}}},
    }
    page = Page(str(RENDERER.blocks(blocks, "x", state=state)))
    assert page.one("input")["value"] == ""
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["a"]
    state["f"]["w"] = {"type": "plain_text_input", "value": "then"}
    assert Page(str(RENDERER.blocks(blocks, "x", state=state))).one("input")["value"] == "then"


def test_text_as_people_write_it() -> None:
    leaves: list[JsonValue] = [
        {"type": "text", "text": "a <b>\nc", "style": {"bold": True, "italic": True}},
        {"type": "text", "text": "code", "style": {"code": True, "strike": True}},
        {"type": "link", "url": "https://a.example"},
        {"type": "link", "url": "javascript:x", "text": "press"},
        {"type": "user", "user_id": "U1"},
        {"type": "channel", "channel_id": "C9"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "broadcast", "range": "here"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd"},
        {"type": "emoji", "name": "acme"},
        {"type": "color", "value": "#1264a3"},
        {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"},
    ]
    made = html(rich(rich_section(*leaves)))
    assert made == snapshot("""\
<div class="block rich-text">
<div class="mrkdwn"><bdi><strong><em>a &lt;b&gt;<br>c</em></strong><s><code>code</code></s><a href="https://a.example" rel="noopener noreferrer" target="_blank">https://a.example</a>press<span class="mention">@ana</span><span class="mention">#C9</span><span class="mention">@ops</span><span class="mention broadcast">@here</span>👋🏽:acme:#1264a3<time class="local" datetime="1970-01-01T00:00:01Z" data-format="{date}" title="then">then</time></bdi></div>
</div>\
""")


def test_lists_quotations_and_preformatted_lines() -> None:
    text: Block = {"type": "text", "text": "a\nb"}
    assert html(
        rich(
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 1,
                "offset": 2,
                "elements": [rich_section(text), rich_section(text)],
            },
            {"type": "rich_text_list", "style": "bullet", "elements": [rich_section(text)]},
            {"type": "rich_text_quote", "elements": [text]},
            {
                "type": "rich_text_preformatted",
                "elements": [{"type": "text", "text": "\n a\n *b*"}],
            },
        )
    ) == snapshot("""\
<div class="block rich-text">
<ol class="list" data-indent="1" start="3">
<li><bdi>a<br>b</bdi></li>
<li><bdi>a<br>b</bdi></li>
</ol>
<ul class="list" data-indent="0">
<li><bdi>a<br>b</bdi></li>
</ul>
<blockquote><bdi>a<br>b</bdi></blockquote>
<pre tabindex="0" role="group" aria-label="Preformatted text">

 a
 *b*</pre>
</div>\
""")


def test_a_block_that_is_not_known_is_shown_as_such_with_all_it_holds() -> None:
    assert html({"type": "video", "title": "<script>"}) == snapshot("""\
<div class="block unknown">
<strong>This page can't draw a block of type <bdi>“video”</bdi></strong>
<details><summary>Its JSON</summary><pre tabindex="0" role="group" aria-label="JSON of what can't be drawn">
{
  &#34;type&#34;: &#34;video&#34;,
  &#34;title&#34;: &#34;&lt;script&gt;&#34;
}</pre></details>
</div>
""")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("text", "This page can't draw this block: it has no type"),
        (None, "This page can't draw this block: it has no type"),
        ({"type": 5}, "This page can't draw this block: it has no type"),
        (
            {"type": "image", "image_url": "https://a.example/x"},
            "can't draw a block of type “image”",
        ),
        ({"type": "section"}, "this block of type “section”: something in it is wrong"),
        ({"type": "header", "text": mrkdwn("x")}, "this block of type “header”: something in it"),
        (actions({"type": "datepicker"}), "can't draw an element of type “datepicker”"),
        (actions({"type": "button"}), "this element of type “button”: something in it is wrong"),
        (actions(written()), "can't draw an element of type “plain_text_input”"),
        (field({"type": "radio_buttons"}), "can't draw an element of type “radio_buttons”"),
        (field(button()), "can't draw an element of type “button”"),
        ({"type": "context", "elements": [{"type": "image"}]}, "an element of type “image”"),
        (
            {"type": "section", "text": mrkdwn("x"), "accessory": {"type": "image"}},
            "can't draw an element of type “image”",
        ),
        (rich({"type": "rich_text_table"}), "can't draw an element of type “rich_text_table”"),
        (rich(rich_section({"type": "sound"})), "can't draw an element of type “sound”"),
        (
            rich({"type": "rich_text_list", "style": "bullet", "elements": [{"type": "quote"}]}),
            "can't draw an element of type “quote”",
        ),
    ],
)
def test_nothing_that_cannot_be_drawn_is_left_out_silently(block: JsonValue, said: str) -> None:
    page = drawn({"type": "header", "text": plain("Before")}, block)
    assert page.one("h3")["text"] == "Before"
    assert said in page.one("strong")["text"]
    assert page.one("div", **{"class": "block unknown"})
    assert page.all("img") == []


def test_what_is_wrong_with_a_block_is_said() -> None:
    block: Block = {"type": "section", "fields": [mrkdwn("x"), {"type": "mrkdwn"}]}
    assert (
        drawn(block).one("div", **{"class": "why"})["text"]
        == "fields.1.mrkdwn.text: Field required"
    )


@pytest.mark.parametrize("entry", catalogue(NOW), ids=lambda entry: str(entry.description))
def test_every_card_is_drawn_in_full(entry: object) -> None:
    body = getattr(entry, "body", None)
    log = VoiceLog.model_validate(json.loads(json.dumps(body), parse_float=Decimal))
    row = buttons.card_actions(UUID(int=1), is_live=log.is_live, setting=CardOptions())
    message = voice_log_card.card(
        Found(UUID(int=1), "acme", log), card_context(names_projects=True), buttons=row
    )
    blocks: list[JsonValue] = json.loads(json.dumps(message.blocks))
    page = drawn(*blocks)
    assert page.all("div", **{"class": "block unknown"}) == []
    assert page.all("span", **{"class": "mention broadcast"}) == []
    assert page.all("a") == page.all("img") == []
    assert len(page.all("button", **{"class": "button"})) >= len(row) - 1


def test_the_form_is_drawn_in_full() -> None:
    view: Block = json.loads(json.dumps(search_form.form("{}")))
    shown = with_block_ids(view["blocks"])
    page = Page(str(RENDERER.blocks(shown, "w", state=initial_state(shown))))
    assert [each["name"] for each in page.all("input")] == ["number", "window"]
    assert page.one("select")["name"] == "words"
    assert page.all("div", **{"class": "block unknown"}) == []


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=alert(1)>", '" onclick="x', "</textarea>", "\ud800\x00", "{{1}}"],
)
def test_hostile_text_is_only_text_wherever_it_stands(hostile: str) -> None:
    word = plain(hostile)
    option: Block = {"text": word, "value": hostile}
    confirm: Block = dict.fromkeys(("title", "text", "confirm", "deny"), word)
    options: list[JsonValue] = [option]
    label: Block = {"placeholder": word, "initial_value": hostile}
    blocks: list[JsonValue] = [
        {"type": "header", "text": word},
        {"type": "section", "text": mrkdwn(hostile), "fields": [word]},
        {"type": "context", "elements": [word]},
        actions(button(hostile, text=word, confirm=confirm, accessibility_label=hostile)),
        actions(menu(hostile, options=options), select(options=options, placeholder=word)),
        rich(rich_section({"type": "text", "text": hostile})),
        field(written(**label), block_id=hostile, label=word, hint=word),
        field(written(multiline=True, **label), block_id=hostile, label=word, hint=word),
        {"type": hostile, "x": hostile},
    ]
    made = RENDERER.blocks(blocks, "x", errors={hostile: hostile})
    made.encode()
    page = Page(str(made))
    assert page.all("img") == []
    assert not any("onclick" in attrs or "onerror" in attrs for _, attrs, _ in page.found)
    assert page.one("h3")["text"] == hostile.replace("\ud800\x00", "\ufffd\ufffd")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "element", "label", "fields", "accessory"]
            ),
            inner
            | st.sampled_from(["section", "actions", "mrkdwn", "plain_text", "button", "input"]),
            max_size=4,
        )
    ),
    max_leaves=15,
)


@QUICK
@given(blocks=st.lists(JSON, max_size=4))
def test_whatever_the_blocks_each_is_drawn_or_shown_as_unknown(blocks: list[JsonValue]) -> None:
    assert all(drawn(block).found for block in blocks)
    page = drawn(*blocks)
    assert page.all("script") == page.all("img") == []


def test_ids_begin_with_the_prefix_and_are_there_once() -> None:
    blocks = [field(written(), hint=plain("x")), actions(button(confirm=CONFIRM), menu(), select())]
    page = Page(str(RENDERER.blocks(blocks, "m7", errors={"f": "no"})))
    ids = [attrs["id"] for _, attrs, _ in page.found if "id" in attrs]
    assert len(ids) == len(set(ids)) == 5
    assert all(str(each).startswith("m7-") for each in ids)


def test_a_message_without_blocks_is_read_as_mrkdwn() -> None:
    assert RENDERER.mrkdwn("*Hi* <@U1>") == (
        '<bdi><strong>Hi</strong> <span class="mention">@ana</span></bdi>'
    )


def test_the_environment_escapes_and_takes_no_mistakes() -> None:
    template = RENDERER.environment.from_string("{{ word }}{{ other }}")
    assert template.render(word="<\ud800>", other="") == "&lt;\ufffd&gt;"
    with pytest.raises(UndefinedError):
        template.render(word="x")


def test_the_style_asks_for_nothing() -> None:
    style = STYLE.read_text()
    assert "url(" not in style
    assert "@import" not in style
    assert 'html[data-theme="dark"] { color-scheme: dark; }' in style
    assert style.count("{") == style.count("}")
