from collections.abc import Callable

import pytest
import slackblocks
from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems, view_problems

Json = dict[str, JsonValue]
DIVIDER: Json = {"type": "divider"}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def plain(text: str = "x") -> Json:
    return {"type": "plain_text", "text": text}


def section(**more: JsonValue) -> Json:
    return {"type": "section", "text": mrkdwn(), **more}


def button(action_id: str = "a", **more: JsonValue) -> Json:
    return {"type": "button", "text": plain(), "action_id": action_id, **more}


def actions(*elements: JsonValue) -> Json:
    return {"type": "actions", "elements": [*elements]}


def option(**more: JsonValue) -> Json:
    return {"text": plain(), "value": "v", **more}


def rich(*parts: JsonValue) -> Json:
    return {"type": "rich_text", "elements": [*parts]}


def rich_section(*leaves: JsonValue) -> Json:
    return {"type": "rich_text_section", "elements": [*leaves]}


TEXT_LEAF: Json = {"type": "text", "text": "x"}
SAID: Json = rich_section(TEXT_LEAF)


def table(**more: JsonValue) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]], **more}


def message(*blocks: JsonValue) -> Json:
    return {"text": "x", "blocks": [*blocks]}


def of(*blocks: JsonValue) -> list[str]:
    return problems(message(*blocks))


def test_a_message_of_every_known_block_is_accepted() -> None:
    confirm: Json = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}
    image: Json = {"type": "image", "image_url": "https://acme.example/x.png", "alt_text": "x"}
    date: Json = {"type": "date", "timestamp": 1, "format": "{date}", "fallback": "x"}
    leaves: tuple[Json, ...] = (
        {"type": "text", "text": "x", "style": {"code": True}},
        {"type": "link", "url": "https://acme.example/"},
        {"type": "emoji", "name": "telephone"},
        {"type": "user", "user_id": "U0SUPPORT"},
        date,
    )
    found = of(
        {"type": "header", "text": {**plain(), "emoji": True}},
        section(accessory=image, block_id="one"),
        {"type": "section", "fields": [mrkdwn(), plain()]},
        {"type": "context", "elements": [{**mrkdwn(), "verbatim": True}, image]},
        DIVIDER,
        {**image, "title": plain()},
        actions(
            button(value="v", style="primary", confirm=confirm),
            {"type": "overflow", "action_id": "o", "options": [option(), option()]},
            {"type": "static_select", "action_id": "s", "options": [option()]},
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-01-02"},
            {"type": "radio_buttons", "action_id": "r", "options": [option()]},
        ),
        rich(
            rich_section(*leaves),
            {"type": "rich_text_list", "style": "bullet", "elements": [rich_section(*leaves)]},
            {"type": "rich_text_preformatted", "elements": [leaves[0]], "border": 1},
            {"type": "rich_text_quote", "elements": [leaves[0]]},
        ),
        {"type": "markdown", "text": "# x"},
        table(column_settings=[None, {"align": "right"}]),
    )
    assert found == []


def test_a_problem_names_its_place_and_the_limit() -> None:
    found = of(DIVIDER, DIVIDER, section(text=mrkdwn("x" * 3001)))
    assert found == ["/blocks/2/text/text: must be at most 3000 characters"]


# Each case: how to make it with a length or count, and the greatest that Slack takes.
LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("blocks", lambda n: message(*[DIVIDER] * n), 50),
    ("text", lambda n: {"text": "x" * n}, 40_000),
    ("section text", lambda n: message(section(text=mrkdwn("x" * n))), 3000),
    ("fields", lambda n: message({"type": "section", "fields": [mrkdwn()] * n}), 10),
    ("field", lambda n: message({"type": "section", "fields": [mrkdwn("x" * n)]}), 2000),
    ("header", lambda n: message({"type": "header", "text": plain("x" * n)}), 150),
    ("context", lambda n: message({"type": "context", "elements": [mrkdwn()] * n}), 10),
    ("actions", lambda n: message(actions(*(button(f"a{i}") for i in range(n)))), 25),
    ("block_id", lambda n: message(section(block_id="x" * n)), 255),
    ("action_id", lambda n: message(actions(button("x" * n))), 255),
    ("button text", lambda n: message(actions(button(text=plain("x" * n)))), 75),
    ("button value", lambda n: message(actions(button(value="x" * n))), 2000),
    ("button url", lambda n: message(actions(button(url="https://" + "x" * (n - 8)))), 3000),
    ("label", lambda n: message(actions(button(accessibility_label="x" * n))), 75),
    ("overflow", lambda n: message(actions({"type": "overflow", "options": [option()] * n})), 5),
    (
        "select",
        lambda n: message(actions({"type": "static_select", "options": [option()] * n})),
        100,
    ),
    (
        "option value",
        lambda n: message(actions({"type": "overflow", "options": [option(value="x" * n)]})),
        150,
    ),
    (
        "option description",
        lambda n: message(
            actions({"type": "overflow", "options": [option(description=plain("x" * n))]})
        ),
        75,
    ),
    ("markdown", lambda n: message({"type": "markdown", "text": "x" * n}), 12_000),
    (
        "markdown in all",
        lambda n: message(
            {"type": "markdown", "text": "x" * 11_999},
            {"type": "markdown", "text": "x" * (n - 11_999)},
        ),
        12_000,
    ),
    ("rows", lambda n: message(table(rows=[[{"type": "raw_text", "text": "x"}]] * n)), 100),
    ("cells", lambda n: message(table(rows=[[{"type": "raw_text", "text": "x"}] * n])), 20),
    (
        "alt text",
        lambda n: message(
            {"type": "image", "image_url": "https://acme.example/", "alt_text": "x" * n}
        ),
        2000,
    ),
]


@pytest.mark.parametrize(
    ("make", "limit"), [case[1:] for case in LIMITS], ids=[case[0] for case in LIMITS]
)
def test_a_limit_is_the_greatest_that_is_taken(make: Callable[[int], Json], limit: int) -> None:
    assert problems(make(limit)) == []
    assert len(problems(make(limit + 1))) == 1


@pytest.mark.parametrize("part", ["title", "text", "confirm", "deny"])
def test_a_confirmation_has_four_limited_parts(part: str) -> None:
    limit = {"title": 100, "text": 300, "confirm": 30, "deny": 30}[part]
    whole: Json = {name: plain() for name in ("title", "text", "confirm", "deny")}

    def asked(n: int) -> list[str]:
        return of(actions(button(confirm={**whole, part: plain("x" * n)})))

    assert asked(limit) == []
    assert asked(limit + 1) == [
        f"/blocks/0/elements/0/confirm/{part}/text: must be at most {limit} characters"
    ]
    less: Json = {name: value for name, value in whole.items() if name != part}
    assert of(actions(button(confirm=less))) == [
        f"/blocks/0/elements/0/confirm/{part}: is required"
    ]


REFUSED: list[tuple[Json, str]] = [
    ({"type": "section"}, "/blocks/0: must have text or fields"),
    (section(text=mrkdwn("")), "/blocks/0/text/text: must be at least 1 character"),
    (section(text="x"), "/blocks/0/text: must be an object"),
    (section(text={"type": "markdown", "text": "x"}), "/blocks/0/text/type: 'markdown' is not"),
    (section(text={"text": "x"}), "/blocks/0/text/type: is required"),
    (section(text={**mrkdwn(), "emoji": True}), "/blocks/0/text/emoji: is not a known field"),
    (section(text={**plain(), "verbatim": True}), "/blocks/0/text/verbatim: is not a known"),
    (section(text={"type": "mrkdwn", "text": None}), "/blocks/0/text/text: must be a string"),
    (section(**{"a/b~c": 1}), "/blocks/0/a~1b~0c: is not a known field"),
    (section(fields=[]), "/blocks/0/fields: must be at least 1 item"),
    (section(expand="true"), "/blocks/0/expand: must be true or false"),
    ({"type": "header", "text": mrkdwn()}, "/blocks/0/text/type: 'mrkdwn' is not plain_text"),
    ({"type": "header"}, "/blocks/0/text: is required"),
    ({"type": "context", "elements": []}, "/blocks/0/elements: must be at least 1 item"),
    ({"type": "context", "elements": [button()]}, "/blocks/0/elements/0/type: 'button' is not"),
    (actions(mrkdwn()), "/blocks/0/elements/0/type: 'mrkdwn' is not"),
    (actions(button(), button()), "/blocks/0/elements/1/action_id: 'a' is used more than once"),
    (actions(button(style="green")), "/blocks/0/elements/0/style: must be one of"),
    (actions(button(url="acme")), "/blocks/0/elements/0/url: must be an absolute URL"),
    (
        actions({"type": "overflow", "options": []}),
        "/blocks/0/elements/0/options: must be at least 1 item",
    ),
    (
        actions({"type": "static_select"}),
        "/blocks/0/elements/0: must have exactly one of options, option_groups",
    ),
    (
        actions(
            {"type": "static_select", "options": [option()], "initial_option": option(value="w")}
        ),
        "/blocks/0/elements/0/initial_option: must be one of the options",
    ),
    ({"type": "image", "alt_text": "x"}, "/blocks/0: must have exactly one of image_url"),
    ({"type": "image", "image_url": "https://acme.example/"}, "/blocks/0/alt_text: is required"),
    (rich(rich_section({"type": "text", "text": ""})), "/blocks/0/elements/0/elements/0/text"),
    (rich(rich_section(mrkdwn())), "/blocks/0/elements/0/elements/0/type: 'mrkdwn' is not"),
    (rich({"type": "text", "text": "x"}), "/blocks/0/elements/0/type: 'text' is not a part"),
    (rich("x"), "/blocks/0/elements/0: must be an object"),
    (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [SAID], "indent": 9}),
        "/blocks/0/elements/0/indent: must be at most 8",
    ),
    (
        rich({"type": "rich_text_list", "style": "bullet", "elements": [SAID], "offset": -1}),
        "/blocks/0/elements/0/offset: must be at least 0",
    ),
    (
        rich({"type": "rich_text_quote", "elements": [TEXT_LEAF], "border": True}),
        "/blocks/0/elements/0/border: must be an integer",
    ),
    (
        actions({"type": "timepicker", "initial_time": "24:00"}),
        "/blocks/0/elements/0/initial_time: must look like",
    ),
    (
        actions(
            {"type": "checkboxes", "options": [option()], "initial_options": [option(value="w")]}
        ),
        "/blocks/0/elements/0/initial_options/0: must be one of the options",
    ),
    (table(rows=[[]]), "/blocks/0/rows/0: must be at least 1 item"),
    ({"type": "input", "label": plain(), "element": button()}, "/blocks/0/type: 'input' is not"),
    ({"type": "card", "title": mrkdwn()}, "/blocks/0/type: 'card' is not a block"),
    ({"text": "x"}, "/blocks/0/type: is required"),
]


@pytest.mark.parametrize(("block", "start"), REFUSED)
def test_what_slack_refuses_is_one_problem(block: Json, start: str) -> None:
    found = of(block)
    assert [line.startswith(start) for line in found] == [True], found


def test_ids_and_tables_are_counted_over_the_whole_message() -> None:
    assert of(section(block_id="x"), section(block_id="x")) == [
        "/blocks/1/block_id: 'x' is used more than once"
    ]
    assert of(table(), table()) == ["/blocks/1: only one table is allowed in a message"]
    assert of(actions(button()), actions(button())) == []


def test_misspelt_and_mistyped_top_level_fields_are_problems() -> None:
    assert problems({"text": "x", "replace_orignal": True}) == [
        "/replace_orignal: is not a known field here"
    ]
    assert problems({"text": "x", "response_type": "private"}) == [
        "/response_type: must be one of: ephemeral, in_channel"
    ]
    assert problems({"text": "x", "delete_original": "true"}) == [
        "/delete_original: must be true or false"
    ]
    assert problems({"blocks": {}}) == ["/blocks: must be a list"]


def test_an_initial_option_may_stand_in_a_group() -> None:
    groups: JsonValue = [{"label": plain(), "options": [option()]}]
    menu: Json = {"type": "static_select", "option_groups": groups}
    assert of(actions({**menu, "initial_option": option()})) == []


def test_astral_characters_count_once() -> None:
    assert of(section(text=mrkdwn("\N{TELEPHONE RECEIVER}" * 3000))) == []


def test_a_modal_with_inputs_needs_a_submit_button() -> None:
    typed: Json = {"type": "plain_text_input", "action_id": "id", "multiline": True}
    asked: Json = {"type": "input", "label": plain(), "element": typed}
    modal: Json = {"type": "modal", "title": plain("x" * 24), "blocks": [asked]}
    assert view_problems(modal) == ["/submit: is required in a modal with an input block"]
    assert view_problems({**modal, "submit": plain(), "private_metadata": "x" * 3000}) == []
    assert view_problems({"type": "home", "blocks": [section()]}) == []


def test_a_view_has_its_own_limits() -> None:
    modal: Json = {"type": "modal", "title": plain(), "blocks": [section()]}
    assert view_problems({**modal, "title": plain("x" * 25)}) == [
        "/title/text: must be at most 24 characters"
    ]
    assert view_problems({**modal, "private_metadata": "x" * 3001}) == [
        "/private_metadata: must be at most 3000 characters"
    ]
    assert view_problems({**modal, "callback_id": "x" * 256}) == [
        "/callback_id: must be at most 255 characters"
    ]
    assert view_problems({**modal, "blocks": [section()] * 101}) == [
        "/blocks: must be at most 100 items"
    ]
    assert view_problems({**modal, "blocks": [table()]}) == [
        "/blocks/0/type: 'table' is not a block that is known to work in a view"
    ]
    assert view_problems({"type": "home", "title": plain(), "blocks": []}) == [
        "/title: is not a known field here"
    ]


def modal(*blocks: JsonValue, **more: JsonValue) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": [*blocks], **more}


def typed(**more: JsonValue) -> Json:
    return {"type": "plain_text_input", "action_id": "t", **more}


def asked(element: JsonValue | None = None, **more: JsonValue) -> Json:
    return {"type": "input", "label": plain(), "element": element or typed(), **more}


def chosen(**more: JsonValue) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def test_a_view_of_everything_a_form_needs_is_accepted() -> None:
    confirm: Json = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain()}
    blocks: tuple[Json, ...] = (
        asked(block_id="number", hint=plain(), optional=True),
        asked(chosen(initial_option=option(), placeholder=plain()), dispatch_action=True),
        asked(typed(min_length=2, max_length=2, initial_value="xx", focus_on_load=True)),
        section(accessory=chosen()),
        section(accessory={"type": "overflow", "action_id": "o", "options": [option()]}),
        actions(button(value="v", confirm=confirm), chosen()),
        rich({"type": "rich_text_preformatted", "elements": [TEXT_LEAF]}),
    )
    assert view_problems(modal(*blocks, close=plain(), notify_on_close=True)) == []
    assert view_problems({"type": "home", "blocks": [*blocks]}) == []


# As LIMITS, in a view.
VIEW_LIMITS: list[tuple[str, Callable[[int], Json], int]] = [
    ("title", lambda n: modal(title=plain("x" * n)), 24),
    ("submit", lambda n: modal(submit=plain("x" * n)), 24),
    ("close", lambda n: modal(close=plain("x" * n)), 24),
    ("private_metadata", lambda n: modal(private_metadata="x" * n), 3000),
    ("callback_id", lambda n: modal(callback_id="x" * n), 255),
    ("external_id", lambda n: modal(external_id="x" * n), 255),
    ("blocks", lambda n: modal(*[section()] * n), 100),
    ("blocks of a home", lambda n: {"type": "home", "blocks": [section()] * n}, 100),
    ("block_id", lambda n: modal(asked(block_id="x" * n)), 255),
    ("label", lambda n: modal(asked(label=plain("x" * n))), 2000),
    ("hint", lambda n: modal(asked(hint=plain("x" * n))), 2000),
    ("action_id", lambda n: modal(asked(typed(action_id="x" * n))), 255),
    ("placeholder", lambda n: modal(asked(typed(placeholder=plain("x" * n)))), 150),
    ("max_length", lambda n: modal(asked(typed(max_length=n))), 3000),
    ("min_length", lambda n: modal(asked(typed(min_length=n))), 3000),
    ("initial_value", lambda n: modal(asked(typed(initial_value="x" * n))), 3000),
    ("initial and max", lambda n: modal(asked(typed(initial_value="x" * n, max_length=9))), 9),
    ("min and max", lambda n: modal(asked(typed(min_length=n, max_length=9))), 9),
    ("options", lambda n: modal(asked(chosen(options=[option()] * n))), 100),
    ("option text", lambda n: modal(asked(chosen(options=[option(text=plain("x" * n))]))), 75),
    ("option value", lambda n: modal(asked(chosen(options=[option(value="x" * n)]))), 150),
    ("menu placeholder", lambda n: modal(asked(chosen(placeholder=plain("x" * n)))), 150),
    (
        "accessory overflow",
        lambda n: modal(section(accessory={"type": "overflow", "options": [option()] * n})),
        5,
    ),
    ("button value", lambda n: modal(actions(button(value="x" * n))), 2000),
    ("one focus", lambda n: modal(*[asked(typed(focus_on_load=True))] * n), 1),
]


@pytest.mark.parametrize(
    ("make", "limit"), [case[1:] for case in VIEW_LIMITS], ids=[case[0] for case in VIEW_LIMITS]
)
def test_a_limit_of_a_view_is_the_greatest_that_is_taken(
    make: Callable[[int], Json], limit: int
) -> None:
    assert view_problems(make(limit)) == []
    assert len(view_problems(make(limit + 1))) == 1


REFUSED_IN_A_VIEW: list[tuple[Json, str]] = [
    (asked(typed(max_length=0)), "/blocks/0/element/max_length: must be at least 1"),
    (asked(chosen(options=[])), "/blocks/0/element/options: must be at least 1 item"),
    (asked(button()), "/blocks/0/element/type: 'button' is not"),
    (asked({"type": "overflow", "options": [option()]}), "/blocks/0/element/type: 'overflow'"),
    (asked(typed(confirm={})), "/blocks/0/element/confirm: is not a known field"),
    (asked(label=mrkdwn()), "/blocks/0/label/type: 'mrkdwn' is not plain_text"),
    ({"type": "input", "element": typed()}, "/blocks/0/label: is required"),
    ({"type": "input", "label": plain()}, "/blocks/0/element: is required"),
    (actions(typed()), "/blocks/0/elements/0/type: 'plain_text_input' is not"),
    (section(accessory=typed()), "/blocks/0/accessory/type: 'plain_text_input' is not"),
    (actions(button(), button()), "/blocks/0/elements/1/action_id: 'a' is used more than once"),
    (actions(button(confirm={"title": plain()})), "/blocks/0/elements/0/confirm/text: is"),
    (
        rich({"type": "rich_text_preformatted", "elements": [{"type": "emoji", "name": "x"}]}),
        "/blocks/0/elements/0/elements/0/type: 'emoji' is not",
    ),
]


@pytest.mark.parametrize(("block", "start"), REFUSED_IN_A_VIEW)
def test_what_slack_refuses_in_a_view_is_a_problem(block: Json, start: str) -> None:
    assert view_problems(modal(block))[0].startswith(start)


def test_a_block_id_is_used_once_in_a_view() -> None:
    assert view_problems(modal(asked(block_id="x"), section(block_id="x"))) == [
        "/blocks/1/block_id: 'x' is used more than once"
    ]


def test_an_independent_builder_of_blocks_makes_nothing_that_is_refused() -> None:
    said = slackblocks.RichTextSection(
        [slackblocks.RichText("x", bold=True), slackblocks.RichTextLink("https://acme.example/")]
    )
    built = slackblocks.Message(
        channel="C0SUPPORT",
        text="x",
        blocks=[
            slackblocks.HeaderBlock("x" * 150),
            slackblocks.SectionBlock(slackblocks.Text("x" * 3000), fields=["x", "y"]),
            slackblocks.ContextBlock([slackblocks.Text("x")]),
            slackblocks.ActionsBlock(
                [
                    slackblocks.Button("x", "a", value="v"),
                    slackblocks.OverflowMenu(
                        "o", [slackblocks.Option(slackblocks.PlainText("x"), "1")] * 2
                    ),
                    slackblocks.DatePicker("d", initial_date="2026-01-02"),
                ]
            ),
            slackblocks.DividerBlock(),
            slackblocks.RichTextBlock([said, slackblocks.RichTextList("ordered", [said])]),
            slackblocks.MarkdownBlock("x"),
            slackblocks.TableBlock([[slackblocks.RawText("x")]]),
            slackblocks.ImageBlock("https://acme.example/x.png", "x"),
        ],
    ).to_dict()
    del built["channel"]
    assert problems(built) == []


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (lambda: slackblocks.HeaderBlock("x" * 151), {"type": "header", "text": plain("x" * 151)}),
        (
            lambda: slackblocks.SectionBlock(slackblocks.Text("x" * 3001)),
            section(text=mrkdwn("x" * 3001)),
        ),
        (
            lambda: slackblocks.ActionsBlock([slackblocks.Button("x" * 76, "a")]),
            actions(button(text=plain("x" * 76))),
        ),
        (
            lambda: slackblocks.OverflowMenu("o", [slackblocks.Option("x", "v")] * 6),
            actions({"type": "overflow", "options": [option()] * 6}),
        ),
    ],
)
def test_what_an_independent_validator_refuses_is_refused(
    theirs: Callable[[], object], ours: Json
) -> None:
    with pytest.raises(slackblocks.InvalidUsageError):
        theirs()
    assert of(ours) != []
