"""The emulator accepts what this bot sends, up to Slack's limits, and rejects everything else."""

from collections.abc import Callable

import pytest
import slackblocks
from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems, view_problems
from tests.dev.emulator_harness import (
    CONFIRM,
    Json,
    actions,
    button,
    home,
    input_block,
    menu,
    modal,
    mrkdwn,
    option,
    plain,
    preformatted,
    section,
    text_input,
)

DIVIDER: Json = {"type": "divider"}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def context(*elements: JsonValue) -> Json:
    return {"type": "context", "elements": [*elements]}


def select(kind: str = "static_select", **more: JsonValue) -> Json:
    return {"type": kind, "action_id": "s", "options": [option("v")], **more}


def conversations(**more: JsonValue) -> Json:
    return {"type": "conversations_select", "action_id": "c", **more}


def rich(*parts: JsonValue) -> Json:
    return {"type": "rich_text", "elements": [*parts]}


def message(*blocks: JsonValue) -> Json:
    return {"text": "x", "blocks": [*blocks]}


def form(*blocks: JsonValue, **more: JsonValue) -> Json:
    return modal(*blocks, **{"submit": plain("x"), **more})


def with_confirm(part: str, length: int) -> Json:
    return message(actions(button("a", confirm={**CONFIRM, part: plain("x" * length)})))


def problems_in(block: Json) -> list[str]:
    return problems(message(block))


BLOCKS: tuple[Json, ...] = (
    {"type": "header", "text": {**plain("x"), "emoji": True}},
    section(block_id="one", accessory=menu("o", option("v"))),
    {"type": "section", "fields": [mrkdwn(), plain("x")]},
    context({**mrkdwn(), "verbatim": True}, plain("x")),
    DIVIDER,
    actions(
        button("a", value="v", confirm=CONFIRM),
        button("link", url="https://acme.example/?id=1"),
        menu("o", {**option("v"), "url": "https://acme.example/"}),
    ),
    preformatted({"type": "text", "text": "x"}),
)
WITH_URL: Json = conversations(response_url_enabled=True, default_to_current_conversation=True)
INPUTS: tuple[Json, ...] = (
    input_block(block_id="number", hint=plain("x"), optional=True),
    input_block(select(initial_option=option("v"), placeholder=plain("x"))),
    input_block(select("multi_static_select", action_id="m", initial_options=[option("v")])),
    input_block({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-02"}),
    input_block({**WITH_URL, "filter": {"exclude_bot_users": True}}),
    input_block(text_input(max_length=2, initial_value="xx")),
)


def test_every_block_that_the_bot_sends_is_accepted() -> None:
    assert problems(message(*BLOCKS)) == []
    assert view_problems(form(*BLOCKS, *INPUTS, close=plain("x"))) == []
    assert view_problems(home(*BLOCKS)) == []


# A builder for a length or count, and the maximum that Slack accepts.
LIMITS: dict[str, tuple[Callable[[int], Json], int]] = {
    "blocks": (lambda n: message(*[DIVIDER] * n), 50),
    "text": (lambda n: {"text": "x" * n}, 40_000),
    "section text": (lambda n: message(section(text=mrkdwn("x" * n))), 3000),
    "astral text": (lambda n: message(section(text=mrkdwn("\N{TELEPHONE RECEIVER}" * n))), 3000),
    "fields": (lambda n: message({"type": "section", "fields": [mrkdwn()] * n}), 10),
    "field": (lambda n: message({"type": "section", "fields": [mrkdwn("x" * n)]}), 2000),
    "header": (lambda n: message(header("x" * n)), 150),
    "context": (lambda n: message(context(*[mrkdwn()] * n)), 10),
    "actions": (lambda n: message(actions(*(button(f"a{i}") for i in range(n)))), 25),
    "block_id": (lambda n: message(section(block_id="x" * n)), 255),
    "action_id": (lambda n: message(actions({**button("x"), "action_id": "x" * n})), 255),
    "button text": (lambda n: message(actions(button("x" * n))), 75),
    "button value": (lambda n: message(actions(button("a", value="x" * n))), 2000),
    "overflow": (lambda n: message(actions(menu("o", *[option("v")] * n))), 5),
    "select": (lambda n: form(input_block(select(options=[option("v")] * n))), 100),
    "option text": (
        lambda n: message(actions(menu("o", {**option("v"), "text": plain("x" * n)}))),
        75,
    ),
    "option value": (lambda n: message(actions(menu("o", {**option("v"), "value": "x" * n}))), 150),
    "title": (lambda n: form(title=plain("x" * n)), 24),
    "submit": (lambda n: form(submit=plain("x" * n)), 24),
    "close": (lambda n: form(close=plain("x" * n)), 24),
    "private_metadata": (lambda n: form(private_metadata="x" * n), 3000),
    "callback_id": (lambda n: form(callback_id="x" * n), 255),
    "blocks of a modal": (lambda n: form(*[section()] * n), 100),
    "blocks of a home": (lambda n: home(*[section()] * n), 100),
    "label": (lambda n: form(input_block(label=plain("x" * n))), 2000),
    "hint": (lambda n: form(input_block(hint=plain("x" * n))), 2000),
    "placeholder": (lambda n: form(input_block(text_input(placeholder=plain("x" * n)))), 150),
    "menu placeholder": (lambda n: form(input_block(select(placeholder=plain("x" * n)))), 150),
    "max_length": (lambda n: form(input_block(text_input(max_length=n))), 3000),
    "initial_value": (lambda n: form(input_block(text_input(initial_value="x" * n))), 3000),
    "initial and max": (
        lambda n: form(input_block(text_input(initial_value="x" * n, max_length=9))),
        9,
    ),
    "confirm title": (lambda n: with_confirm("title", n), 100),
    "confirm text": (lambda n: with_confirm("text", n), 300),
    "confirm confirm": (lambda n: with_confirm("confirm", n), 30),
    "confirm deny": (lambda n: with_confirm("deny", n), 30),
}


@pytest.mark.parametrize(("build", "limit"), LIMITS.values(), ids=LIMITS)
def test_a_limit_is_the_maximum_that_is_accepted(build: Callable[[int], Json], limit: int) -> None:
    check = view_problems if "type" in build(1) else problems
    assert check(build(limit)) == []
    assert len(check(build(limit + 1))) == 1


# A block, and the path of the error in it.
REJECTED: list[tuple[Json, str]] = [
    ({"type": "section"}, ""),
    (section(text=mrkdwn("")), "/text/text"),
    (section(text="x"), "/text"),
    (section(text={"type": "markdown", "text": "x"}), "/text"),
    (section(text={"text": "x"}), "/text"),
    (section(text={**mrkdwn(), "emoji": True}), "/text/emoji"),
    (section(text={**plain("x"), "verbatim": True}), "/text/verbatim"),
    (section(text={**mrkdwn(), "verbatim": "true"}), "/text/verbatim"),
    (section(text={"type": "mrkdwn", "text": None}), "/text"),
    (section(block_id=None), ""),
    ({**section(), "a/b~c": 1}, "/a~1b~0c"),
    (section(fields=[]), "/fields"),
    (section(fields={}), "/fields"),
    ({"type": "header", "text": mrkdwn()}, "/text/type"),
    ({"type": "header"}, "/text"),
    (context(), "/elements"),
    (actions(button("a"), button("a")), "/elements"),
    (actions({"type": "button", "text": plain("x")}), "/elements/0/action_id"),
    (actions(button("a", confirm={**CONFIRM, "deny": "x"})), "/elements/0/confirm/deny"),
    (
        actions(button("a", confirm={**CONFIRM, "title": mrkdwn()})),
        "/elements/0/confirm/title/type",
    ),
    (actions(menu("o")), "/elements/0/options"),
    (actions(button("a", url="javascript:alert(1)")), "/elements/0/url"),
    (preformatted({"type": "text", "text": ""}), "/elements/0/elements/0/text"),
    (rich("x"), "/elements/0"),
    ({"text": "x"}, ""),
]
REJECTED_IN_A_FORM: list[tuple[Json, str]] = [
    (input_block(text_input(max_length=0)), "/element/max_length"),
    (input_block(text_input(max_length="9")), "/element/max_length"),
    (input_block(text_input(confirm={})), "/element/confirm"),
    (input_block(label=mrkdwn()), "/label/type"),
    ({"type": "input", "element": text_input()}, "/label"),
    ({"type": "input", "label": plain("x")}, "/element"),
    (input_block({"type": "static_select", "action_id": "s"}), "/element/options"),
    (input_block(select(initial_option=option("w"))), "/element"),
    (input_block(select("multi_static_select", initial_options=[option("w")])), "/element"),
    (
        input_block(select(options=[{**option("v"), "url": "https://a.example"}])),
        "/element/options/0/url",
    ),
    (
        input_block({"type": "datepicker", "action_id": "d", "initial_date": "soon"}),
        "/element/initial_date",
    ),
    (input_block(conversations(filter={})), "/element/filter/exclude_bot_users"),
    (input_block(conversations(response_url_enabled="yes")), "/element/response_url_enabled"),
]
UNUSED: list[tuple[Json, str]] = [
    ({"type": "image", "image_url": "https://a.example", "alt_text": "x"}, ""),
    ({"type": "table", "rows": []}, ""),
    (section(accessory={"type": "image"}), "/accessory"),
    (section(accessory=text_input()), "/accessory"),
    (context(button("a")), "/elements/0"),
    (actions(select()), "/elements/0"),
    (actions(button("a", style="primary")), "/elements/0/style"),
    (actions({**menu("o", option("v")), "confirm": CONFIRM}), "/elements/0/confirm"),
    (
        rich({"type": "rich_text_list", "elements": [{"type": "text", "text": "x"}]}),
        "/elements/0/type",
    ),
    (preformatted({"type": "link", "text": "x"}), "/elements/0/elements/0/type"),
]
UNUSED_IN_A_FORM: list[tuple[Json, str]] = [
    (input_block(button("a")), "/element"),
    (input_block(text_input(multiline=True)), "/element/multiline"),
]


def paths(found: list[str]) -> list[str]:
    return [line.partition(": ")[0] for line in found]


@pytest.mark.parametrize(("block", "path"), [*REJECTED, *UNUSED])
def test_each_block_that_slack_rejects_or_the_bot_does_not_send_is_one_problem(
    block: Json, path: str
) -> None:
    assert paths(problems_in(block)) == paths(view_problems(modal(block))) == [f"/blocks/0{path}"]


@pytest.mark.parametrize(("block", "path"), [*REJECTED_IN_A_FORM, *UNUSED_IN_A_FORM])
def test_each_invalid_input_is_one_problem(block: Json, path: str) -> None:
    assert paths(view_problems(form(block))) == [f"/blocks/0{path}"]


def test_inputs_are_allowed_in_modals_only() -> None:
    assert (
        paths(problems_in(input_block()))
        == paths(view_problems(home(input_block())))
        == ["/blocks/0"]
    )


@pytest.mark.parametrize("check", [problems, view_problems])
def test_a_block_id_is_used_once(check: Callable[[Json], list[str]]) -> None:
    whole = message if check is problems else modal
    assert check(whole(section(block_id="x"), section(block_id="x"))) == [
        "/blocks: Value error, a block_id is used more than once"
    ]
    assert check(whole(actions(button("a")), actions(button("a")))) == []


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"text": "x", "replace_orignal": True}, "/replace_orignal"),
        ({"response_type": "private"}, "/response_type"),
        ({"delete_original": "true"}, "/delete_original"),
        ({"thread_ts": "now"}, "/thread_ts"),
        ({"attachments": []}, "/attachments"),
        ({"blocks": {}}, "/blocks"),
    ],
)
def test_misspelled_and_mistyped_fields_of_a_message_are_problems(payload: Json, path: str) -> None:
    assert paths(problems(payload)) == [path]


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(input_block()), "/: Value error, submit is required in a modal with an input block"),
        (
            form(input_block(WITH_URL), input_block(WITH_URL)),
            "/: Value error, response_url_enabled is used by this bot once in a view",
        ),
        ({"type": "modal", "blocks": []}, "/title: Field required"),
        ({**home(), "title": plain("x")}, "/title: Extra inputs are not permitted"),
        (modal(notify_on_close=True), "/notify_on_close: Extra inputs are not permitted"),
    ],
)
def test_an_invalid_view_is_one_problem(view: Json, problem: str) -> None:
    assert view_problems(view) == [problem]


def test_a_view_is_a_modal_or_a_home_tab() -> None:
    [problem] = view_problems({"type": "workflow_step"})
    assert problem.endswith("expected tags: 'modal', 'home'")


def test_blocks_of_an_independent_builder_are_accepted() -> None:
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
                ]
            ),
            slackblocks.DividerBlock(),
        ],
    ).to_dict()
    del built["channel"]
    assert problems(built) == []
