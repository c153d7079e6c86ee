"""The emulator takes what this bot sends, up to Slack's limits, and refuses everything else."""

from collections.abc import Callable

import pytest
import slackblocks
from pydantic import JsonValue

from bot.dev.emulator.slack.block_kit import problems, view_problems
from tests.dev.emulator_harness import Json, actions, button, home, modal, option, plain, section

DIVIDER: Json = {"type": "divider"}
CONFIRM: Json = {name: plain("x") for name in ("title", "text", "confirm", "deny")}


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def context(*elements: JsonValue) -> Json:
    return {"type": "context", "elements": [*elements]}


def overflow(*options: JsonValue) -> Json:
    return {"type": "overflow", "action_id": "o", "options": [*options]}


def select(kind: str = "static_select", **more: JsonValue) -> Json:
    return {"type": kind, "action_id": "s", "options": [option("v")], **more}


def typed(**more: JsonValue) -> Json:
    return {"type": "plain_text_input", "action_id": "t", **more}


def asked(element: JsonValue | None = None, **more: JsonValue) -> Json:
    return {"type": "input", "label": plain("x"), "element": element or typed(), **more}


def rich(*parts: JsonValue) -> Json:
    return {"type": "rich_text", "elements": [*parts]}


def preformatted(*runs: JsonValue) -> Json:
    return rich({"type": "rich_text_preformatted", "elements": [*runs]})


def message(*blocks: JsonValue) -> Json:
    return {"text": "x", "blocks": [*blocks]}


def form(*blocks: JsonValue, **more: JsonValue) -> Json:
    return modal(*blocks, **{"submit": plain("x"), **more})


def confirmed(part: str, length: int) -> Json:
    return message(actions(button("a", confirm={**CONFIRM, part: plain("x" * length)})))


def of(block: Json) -> list[str]:
    return problems(message(block))


EVERYWHERE: tuple[Json, ...] = (
    {"type": "header", "text": {**plain("x"), "emoji": True}},
    section(block_id="one", accessory=overflow(option("v"))),
    {"type": "section", "fields": [mrkdwn(), plain("x")]},
    context({**mrkdwn(), "verbatim": True}, plain("x")),
    DIVIDER,
    actions(
        button("a", value="v", style="primary", confirm=CONFIRM),
        select(initial_option=option("v"), placeholder=plain("x")),
        select("multi_static_select", action_id="m", initial_options=[option("v")]),
        {"type": "conversations_select", "action_id": "c", "filter": {"include": ["public"]}},
        {"type": "datepicker", "action_id": "d", "initial_date": "2026-01-02"},
        button("link", url="https://acme.example/?id=1"),
        overflow({**option("v"), "url": "https://acme.example/"}),
    ),
    preformatted({"type": "text", "text": "x"}),
)
FORM: tuple[Json, ...] = (
    asked(block_id="number", hint=plain("x"), optional=True),
    asked(select(initial_option=option("v"))),
    asked(typed(min_length=2, max_length=2, initial_value="xx")),
    asked({"type": "number_input", "action_id": "n", "is_decimal_allowed": True}),
)


def test_every_block_that_the_bot_sends_is_accepted() -> None:
    assert problems(message(*EVERYWHERE)) == []
    assert view_problems(form(*EVERYWHERE, *FORM, close=plain("x"), notify_on_close=True)) == []
    assert view_problems(home(*EVERYWHERE)) == []


def test_a_response_url_can_be_asked_for_in_one_input_of_a_modal() -> None:
    enabled = "/blocks/0/element/response_url_enabled: is not a known field"
    assert view_problems(form(asked(WITH_URL))) == []
    assert any(line.startswith(enabled) for line in view_problems(home(asked(WITH_URL))))
    assert view_problems(form(asked(WITH_URL), asked(WITH_URL))) == [
        "/blocks/1/element/response_url_enabled: is used by this bot once in a view"
    ]


def test_a_problem_names_its_place_and_the_limit() -> None:
    long = section(text=mrkdwn("x" * 3001))
    assert problems(message(DIVIDER, DIVIDER, long)) == [
        "/blocks/2/text/text: must be at most 3000 characters"
    ]


# How to make it with a length or count, and the greatest that Slack takes.
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
    "overflow": (lambda n: message(actions(overflow(*[option("v")] * n))), 5),
    "select": (lambda n: message(actions(select(options=[option("v")] * n))), 100),
    "option text": (
        lambda n: message(actions(overflow({**option("v"), "text": plain("x" * n)}))),
        75,
    ),
    "option value": (lambda n: message(actions(overflow({**option("v"), "value": "x" * n}))), 150),
    "description": (
        lambda n: message(actions(overflow({**option("v"), "description": plain("x" * n)}))),
        75,
    ),
    "title": (lambda n: form(title=plain("x" * n)), 24),
    "submit": (lambda n: form(submit=plain("x" * n)), 24),
    "close": (lambda n: form(close=plain("x" * n)), 24),
    "private_metadata": (lambda n: form(private_metadata="x" * n), 3000),
    "callback_id": (lambda n: form(callback_id="x" * n), 255),
    "blocks of a modal": (lambda n: form(*[section()] * n), 100),
    "blocks of a home": (lambda n: home(*[section()] * n), 100),
    "label": (lambda n: form(asked(label=plain("x" * n))), 2000),
    "hint": (lambda n: form(asked(hint=plain("x" * n))), 2000),
    "placeholder": (lambda n: form(asked(typed(placeholder=plain("x" * n)))), 150),
    "menu placeholder": (lambda n: form(asked(select(placeholder=plain("x" * n)))), 150),
    "max_length": (lambda n: form(asked(typed(max_length=n))), 3000),
    "min_length": (lambda n: form(asked(typed(min_length=n))), 3000),
    "initial_value": (lambda n: form(asked(typed(initial_value="x" * n))), 3000),
    "initial and max": (lambda n: form(asked(typed(initial_value="x" * n, max_length=9))), 9),
    "min and max": (lambda n: form(asked(typed(min_length=n, max_length=9))), 9),
    "confirm title": (lambda n: confirmed("title", n), 100),
    "confirm text": (lambda n: confirmed("text", n), 300),
    "confirm confirm": (lambda n: confirmed("confirm", n), 30),
    "confirm deny": (lambda n: confirmed("deny", n), 30),
}


@pytest.mark.parametrize(("make", "limit"), LIMITS.values(), ids=LIMITS)
def test_a_limit_is_the_greatest_that_is_taken(make: Callable[[int], Json], limit: int) -> None:
    check = view_problems if "type" in make(1) else problems
    assert check(make(limit)) == []
    assert len(check(make(limit + 1))) == 1


REFUSED: list[tuple[Json, str]] = [
    ({"type": "section"}, ": must have text or fields"),
    (section(text=mrkdwn("")), "/text/text: must be at least 1 character"),
    (section(text="x"), "/text: must be an object"),
    (
        section(text={"type": "markdown", "text": "x"}),
        "/text/type: 'markdown' must be plain_text or",
    ),
    (section(text={"text": "x"}), "/text/type: is required"),
    (section(text={**mrkdwn(), "emoji": True}), "/text/emoji: is not a known field"),
    (section(text={**plain("x"), "verbatim": True}), "/text/verbatim: is not a known"),
    (section(text={**mrkdwn(), "verbatim": "true"}), "/text/verbatim: must be true or false"),
    (section(text={"type": "mrkdwn", "text": None}), "/text/text: must be a string"),
    ({**section(), "a/b~c": 1}, "/a~1b~0c: is not a known field"),
    (section(fields=[]), "/fields: must be at least 1 item"),
    (section(fields={}), "/fields: must be a list"),
    ({"type": "header", "text": mrkdwn()}, "/text/type: 'mrkdwn' must be plain_text here"),
    ({"type": "header"}, "/text: is required"),
    (context(), "/elements: must be at least 1 item"),
    (actions(button("a"), button("a")), "/elements/1/action_id: 'a' is used more than once"),
    (actions(button("a", style="green")), "/elements/0/style: must be one of"),
    (actions(button("a", confirm={**CONFIRM, "deny": None})), "/elements/0/confirm/deny: must be"),
    (actions(button("a", confirm={**CONFIRM, "title": mrkdwn()})), "/elements/0/confirm/title"),
    (actions(overflow()), "/elements/0/options: must be at least 1 item"),
    (actions({"type": "static_select"}), "/elements/0/options: is required"),
    (
        actions(select(initial_option=option("w"))),
        "/elements/0/initial_option: must be one of the options",
    ),
    (
        actions(select("multi_static_select", initial_options=[option("w")])),
        "/elements/0/initial_options/0: must be one of the options",
    ),
    (
        actions({"type": "datepicker", "initial_date": "soon"}),
        "/elements/0/initial_date: must look like",
    ),
    (actions({"type": "conversations_select", "filter": {}}), "/elements/0/filter: must have"),
    (actions(button("a", url="javascript:alert(1)")), "/elements/0/url: must look like"),
    (
        actions(select(options=[{**option("v"), "url": "https://a.example"}])),
        "/elements/0/options/0/url: is not",
    ),
    (preformatted({"type": "text", "text": ""}), "/elements/0/elements/0/text: must be at least"),
    (rich("x"), "/elements/0: must be an object"),
    ({"text": "x"}, "/type: is required"),
]
WITH_URL: Json = {
    "type": "conversations_select",
    "action_id": "c",
    "response_url_enabled": True,
    "default_to_current_conversation": True,
}
REFUSED_IN_A_VIEW: list[tuple[Json, str]] = [
    (asked(typed(max_length=0)), "/element/max_length: must be at least 1"),
    (asked(typed(max_length="9")), "/element/max_length: must be an integer"),
    (asked(typed(confirm={})), "/element/confirm: is not a known field"),
    (asked(label=mrkdwn()), "/label/type: 'mrkdwn' must be plain_text here"),
    ({"type": "input", "element": typed()}, "/label: is required"),
    (actions(WITH_URL), "/elements/0/response_url_enabled: is not a known field"),
    (section(accessory=WITH_URL), "/accessory/response_url_enabled: is not a known field"),
    (asked({**WITH_URL, "response_url_enabled": "yes"}), "/element/response_url_enabled: must be"),
    ({"type": "input", "label": plain("x")}, "/element: is required"),
]
UNUSED: list[tuple[Json, str]] = [
    ({"type": "image", "image_url": "https://a.example", "alt_text": "x"}, "/type: 'image'"),
    ({"type": "markdown", "text": "x"}, "/type: 'markdown'"),
    ({"type": "table", "rows": []}, "/type: 'table'"),
    ({"type": "card"}, "/type: 'card'"),
    (section(accessory={"type": "image"}), "/accessory/type: 'image'"),
    (section(accessory=typed()), "/accessory/type: 'plain_text_input'"),
    (context({"type": "image"}), "/elements/0/type: 'image'"),
    (context(button("a")), "/elements/0/type: 'button'"),
    (actions({"type": "checkboxes"}), "/elements/0/type: 'checkboxes'"),
    (actions({"type": "users_select"}), "/elements/0/type: 'users_select'"),
    (actions(typed()), "/elements/0/type: 'plain_text_input'"),
    (rich({"type": "rich_text_list"}), "/elements/0/type: 'rich_text_list'"),
    (preformatted({"type": "link"}), "/elements/0/elements/0/type: 'link'"),
]
UNUSED_IN_A_VIEW: list[tuple[Json, str]] = [
    (asked(button("a")), "/element/type: 'button'"),
    (asked(overflow(option("v"))), "/element/type: 'overflow'"),
    (asked({"type": "file_input"}), "/element/type: 'file_input'"),
]


@pytest.mark.parametrize(("block", "start"), REFUSED)
def test_what_slack_refuses_is_one_problem(block: Json, start: str) -> None:
    for found in (of(block), view_problems(modal(block))):
        assert [line.startswith(f"/blocks/0{start}") for line in found] == [True], found


@pytest.mark.parametrize(("block", "start"), REFUSED_IN_A_VIEW)
def test_what_slack_refuses_in_a_view_is_one_problem(block: Json, start: str) -> None:
    found = view_problems(form(block))
    assert [line.startswith(f"/blocks/0{start}") for line in found] == [True], found


@pytest.mark.parametrize(("block", "start"), UNUSED)
def test_what_the_bot_does_not_send_is_refused_as_unused(block: Json, start: str) -> None:
    for found in (of(block), view_problems(modal(block))):
        assert len(found) == 1
        assert found[0].startswith(f"/blocks/0{start} is not used by this bot in "), found


@pytest.mark.parametrize(("block", "start"), UNUSED_IN_A_VIEW)
def test_what_the_bot_does_not_ask_for_is_refused_as_unused(block: Json, start: str) -> None:
    [found] = view_problems(form(block))
    assert found.startswith(f"/blocks/0{start} is not used by this bot in an input block")
    assert of(block) == ["/blocks/0/type: 'input' is not used by this bot in a message"]


@pytest.mark.parametrize("check", [problems, view_problems])
def test_a_block_id_is_used_once(check: Callable[[Json], list[str]]) -> None:
    whole = message if check is problems else modal
    assert check(whole(section(block_id="x"), section(block_id="x"))) == [
        "/blocks/1/block_id: 'x' is used more than once"
    ]
    assert check(whole(actions(button("a")), actions(button("a")))) == []


@pytest.mark.parametrize(
    ("payload", "problem"),
    [
        ({"text": "x", "replace_orignal": True}, "/replace_orignal: is not a known field here"),
        ({"response_type": "private"}, "/response_type: must be one of: ephemeral, in_channel"),
        ({"delete_original": "true"}, "/delete_original: must be true or false"),
        ({"thread_ts": "now"}, r"/thread_ts: must look like \d+\.\d+"),
        ({"attachments": []}, "/attachments: is not a known field here"),
        ({"blocks": {}}, "/blocks: must be a list"),
    ],
)
def test_misspelled_and_mistyped_fields_of_a_message_are_problems(
    payload: Json, problem: str
) -> None:
    assert problems(payload) == [problem]


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(asked()), "/submit: is required in a modal with an input block"),
        ({"type": "modal", "blocks": []}, "/title: is required"),
        ({**home(), "title": plain("x")}, "/title: is not a known field here"),
        ({"type": "workflow_step"}, "/type: 'workflow_step' must be modal or home"),
    ],
)
def test_a_view_has_rules_of_its_own(view: Json, problem: str) -> None:
    assert view_problems(view) == [problem]


def test_an_independent_builder_of_blocks_makes_nothing_that_is_refused() -> None:
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
        ],
    ).to_dict()
    del built["channel"]
    assert problems(built) == []


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (lambda: slackblocks.HeaderBlock("x" * 151), header("x" * 151)),
        (
            lambda: slackblocks.SectionBlock(slackblocks.Text("x" * 3001)),
            section(text=mrkdwn("x" * 3001)),
        ),
        (lambda: slackblocks.Button("x" * 76, "a"), actions(button("x" * 76))),
        (
            lambda: slackblocks.OverflowMenu("o", [slackblocks.Option("x", "v")] * 6),
            actions(overflow(*[option("v")] * 6)),
        ),
    ],
)
def test_what_an_independent_validator_refuses_is_refused(
    theirs: Callable[[], object], ours: Json
) -> None:
    with pytest.raises(slackblocks.InvalidUsageError):
        theirs()
    assert of(ours) != []
