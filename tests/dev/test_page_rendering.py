# ruff: noqa: E501 - lines of expected HTML are long
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

import pytest
from jinja2 import UndefinedError
from pydantic import JsonValue

from bot.dev.emulator.slack.element_state import action_on, filled_in, initial_state, with_block_ids
from bot.dev.playground.web.render import Renderer
from bot.ui import search_form
from bot.voicelogs import query as queries
from tests.dev.emulator_harness import (
    Json,
    actions,
    input_block,
    menu,
    mrkdwn,
    option,
    plain,
    preformatted,
    text_input,
)
from tests.dev.parsed_html import ParsedHtml

NOW = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
NAMES = {"U1": "ana", "C1": "general", "S1": "ops"}
RENDERER = Renderer(NAMES)


def html(*blocks: JsonValue, errors: Mapping[str, str] | None = None) -> str:
    return str(RENDERER.blocks(blocks, "x", errors=errors or {}))


def parsed(piece: str) -> ParsedHtml:
    page = ParsedHtml(piece)
    assert (page.open, page.odd) == ([], [])
    return page


def rendered(*blocks: JsonValue, errors: Mapping[str, str] | None = None) -> ParsedHtml:
    return parsed(html(*blocks, errors=errors))


def button(action_id: str = "go", **more: JsonValue) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


field = partial(input_block, block_id="f", label=plain("Name"))


def select(**more: JsonValue) -> Json:
    lines: list[JsonValue] = [{"text": plain(word.title()), "value": word} for word in ("a", "b")]
    return {"type": "static_select", "action_id": "pick", "options": lines, **more}


CONFIRM: Json = {
    "title": plain("Sure?"),
    "text": plain("Everyone sees it."),
    "confirm": plain("Share"),
    "deny": plain("Cancel"),
}


def test_headers_dividers_and_context() -> None:
    header: Json = {"type": "header", "text": plain("Completed <9 s>")}
    context: Json = {"type": "context", "elements": [mrkdwn("`id`"), plain("*as it is*")]}
    assert (
        html(header, {"type": "divider"}, context)
        == """\
<h3 class="header"><bdi>Completed &lt;9 s&gt;</bdi></h3><hr class="divider"><div class="block context">
<div class="mrkdwn"><bdi><code>id</code></bdi></div>
<div class="mrkdwn"><bdi>*as it is*</bdi></div>
</div>\
"""
    )


def test_fields_and_accessories() -> None:
    section: Json = {
        "type": "section",
        "text": mrkdwn("Two"),
        "fields": [mrkdwn("*From*\n`a`"), plain("*To*\nb")],
        "accessory": button(),
    }
    assert (
        html(section)
        == """\
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
"""
    )


def test_element_positions_match_the_emulators() -> None:
    blocks: list[JsonValue] = [
        actions(button("a", value="0"), button("b", value="1")),
        {"type": "section", "text": mrkdwn("x"), "accessory": button("a", value="2")},
        field(select(action_id="a")),
        actions(menu("a", option("one"), option("two"))),
        actions(button("a", value="3")),
    ]
    found = parsed(str(RENDERER.blocks(blocks, "x"))).all("button")
    pressed = [
        action_on(blocks, each["data-action-id"], nth=int(each["data-nth"])).get("value")
        for each in found
        if "data-option" not in each
    ]
    assert pressed == ["0", "1", "2", "3"]
    line = next(each for each in found if each.get("data-option") == "1")
    action = action_on(blocks, "a", 1, nth=int(line["data-nth"]))
    assert action["selected_option"] == {"text": plain("two"), "value": "two"}


def test_a_confirmation_is_beside_its_element() -> None:
    made = html(actions(button(confirm=CONFIRM)))
    assert (
        made[made.index("<button") :]
        == """\
<button type="button" class="button" data-act="click" data-action-id="go" data-nth="0"><bdi>Go</bdi></button>
<template data-confirm><dialog class="confirm" aria-labelledby="x-0-0-question">
<h2 id="x-0-0-question"><bdi>Sure?</bdi></h2>
<div class="mrkdwn"><bdi>Everyone sees it.</bdi></div>
<div class="choices">
<button type="button" class="button" data-choice="no"><bdi>Cancel</bdi></button>
<button type="button" class="button primary" data-choice="yes"><bdi>Share</bdi></button>
</div>
</dialog></template>

</div>\
"""
    )


def test_a_required_field() -> None:
    element = text_input(placeholder=plain("e.g. x"), initial_value='"')
    page = rendered(field(element, hint=plain("Short.")))
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
        "text": "",
    }
    assert page.one("label")["for"] == "x-0-0"
    assert page.one("label")["text"] == "Name *"
    assert page.one("p", id="x-0-0-hint")["text"] == "Short."


def test_an_optional_field_with_an_error() -> None:
    block = field(text_input(), optional=True)
    page = rendered(block, errors={"f": "<Too> short.", "other": "no"})
    box = page.one("input")
    assert "required" not in box
    assert box["aria-invalid"] == "true"
    assert box["aria-describedby"] == "x-0-0-error"
    assert page.one("p")["text"] == "<Too> short."
    assert page.one("label")["text"] == "Name (optional)"


def test_a_select_starts_with_its_initial_option() -> None:
    option: Json = {"text": plain("B"), "value": "b"}
    page = rendered(field(select(initial_option=option)))
    assert [each["value"] for each in page.all("option")] == ["a", "b"]
    assert [each["value"] for each in page.all("option") if "selected" in each] == ["b"]


def test_an_element_with_a_url_is_a_link_and_sends_a_click() -> None:
    page = rendered(
        actions(
            button(url="https://a.example/?x=1&y=2"),
            menu("more", option("one"), {**option("two"), "url": "https://a.example/"}),
        )
    )
    links = page.all("a")
    assert [(each["href"], each["data-act"], each["rel"]) for each in links] == [
        ("https://a.example/?x=1&y=2", "click", "noopener noreferrer"),
        ("https://a.example/", "click", "noopener noreferrer"),
    ]
    assert links[1]["data-option"] == "1"
    assert [each["text"] for each in page.all("button")] == ["one"]


def test_a_conversation_menu_has_its_offered_conversations_and_the_chosen_one() -> None:
    element: Json = {
        "type": "conversations_select",
        "action_id": "w",
        "response_url_enabled": True,
        "filter": {"exclude_bot_users": True},
    }
    blocks: list[JsonValue] = [field(element)]
    chosen: Json = {"type": "conversations_select", "selected_conversation": "C0ENGINEERING"}
    page = parsed(str(RENDERER.blocks(blocks, "x", state={"f": {"w": chosen}})))
    options = page.all("option")
    assert [(each["value"], each["text"]) for each in options] == [
        ("", "Choose a conversation"),
        ("C0SUPPORT", "#support"),
        ("C0ENGINEERING", "#engineering"),
        ("C0ESCALATIONS", "#escalations"),
        ("C0PARTNER", "#partner-example"),
        ("D0FRONTDESK", "Front desk"),
    ]
    assert [each["value"] for each in options if "selected" in each] == ["C0ENGINEERING"]
    assert "selected" not in str(RENDERER.blocks(blocks, "x"))


def test_preformatted_lines() -> None:
    run: Json = {"type": "text", "text": "\n a <b>\n *b*"}
    assert (
        html(preformatted(run, run))
        == """\
<div class="block rich-text">
<pre tabindex="0" role="group" aria-label="Preformatted text">

 a &lt;b&gt;
 *b*
 a &lt;b&gt;
 *b*</pre>
</div>\
"""
    )


def test_a_form_shows_entered_values_instead_of_initial_ones() -> None:
    query = queries.find("missed busy since 2026-11-20", now=NOW)
    view: Json = json.loads(json.dumps(search_form.form("{}", query)))
    shown = with_block_ids(view["blocks"])
    opened = initial_state(shown)
    changed = filled_in(shown, opened, {"outcomes": ["failed"], "day": "2026-11-21"})

    for state, outcomes, day in (
        (opened, ["missed", "busy"], "2026-11-20"),
        (changed, ["failed"], "2026-11-21"),
    ):
        page = parsed(str(RENDERER.blocks(shown, "w", state=state)))
        assert [each["value"] for each in page.all("input") if "checked" in each] == outcomes
        assert page.one("input", type="date")["value"] == day


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=alert(1)>", '" onclick="x', "</textarea>", "\x00", "{{1}}"],
)
def test_hostile_text_is_shown_as_text_everywhere(hostile: str) -> None:
    word = plain(hostile)
    option: Json = {"text": word, "value": hostile}
    confirm: Json = dict.fromkeys(("title", "text", "confirm", "deny"), word)
    options: list[JsonValue] = [option]
    label: Json = {"placeholder": word, "initial_value": hostile}
    blocks: list[JsonValue] = [
        {"type": "header", "text": word},
        {"type": "section", "text": mrkdwn(hostile), "fields": [word]},
        {"type": "context", "elements": [word]},
        actions(button(hostile, text=word, confirm=confirm)),
        actions(menu(hostile, *options)),
        field(select(options=options, placeholder=word), label=word),
        preformatted({"type": "text", "text": hostile}),
        field(text_input(**label), block_id=hostile, label=word, hint=word),
    ]
    made = RENDERER.blocks(blocks, "x", errors={hostile: hostile})
    made.encode()
    page = parsed(str(made))
    assert page.all("img") == []
    assert not any("onclick" in attrs or "onerror" in attrs for _, attrs, _ in page.found)
    assert page.one("h3")["text"] == hostile.replace("\x00", "\ufffd")


def test_templates_escape_and_reject_mistakes() -> None:
    template = RENDERER.environment.from_string("{{ word }}{{ other }}")
    assert template.render(word="<\ud800>", other="") == "&lt;\ufffd&gt;"
    with pytest.raises(UndefinedError):
        template.render(word="x")
