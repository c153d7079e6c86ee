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


def conversations(**more: JsonValue) -> Json:
    return {"type": "conversations_select", "action_id": "c", **more}


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
        button("a", value="v", confirm=CONFIRM),
        button("link", url="https://acme.example/?id=1"),
        overflow({**option("v"), "url": "https://acme.example/"}),
    ),
    preformatted({"type": "text", "text": "x"}),
)
WITH_URL: Json = conversations(response_url_enabled=True, default_to_current_conversation=True)
FORM: tuple[Json, ...] = (
    asked(block_id="number", hint=plain("x"), optional=True),
    asked(select(initial_option=option("v"), placeholder=plain("x"))),
    asked(select("multi_static_select", action_id="m", initial_options=[option("v")])),
    asked({"type": "datepicker", "action_id": "d", "initial_date": "2026-01-02"}),
    asked({**WITH_URL, "filter": {"exclude_bot_users": True}}),
    asked(typed(max_length=2, initial_value="xx")),
)


def test_every_block_that_the_bot_sends_is_accepted() -> None:
    assert problems(message(*EVERYWHERE)) == []
    assert view_problems(form(*EVERYWHERE, *FORM, close=plain("x"))) == []
    assert view_problems(home(*EVERYWHERE)) == []


def test_a_problem_names_its_place_and_the_limit() -> None:
    long = section(text=mrkdwn("x" * 3001))
    assert problems(message(DIVIDER, DIVIDER, long)) == [
        "/blocks/2/text: Value error, its text is longer than 3000 characters"
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
    "select": (lambda n: form(asked(select(options=[option("v")] * n))), 100),
    "option text": (
        lambda n: message(actions(overflow({**option("v"), "text": plain("x" * n)}))),
        75,
    ),
    "option value": (lambda n: message(actions(overflow({**option("v"), "value": "x" * n}))), 150),
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
    "initial_value": (lambda n: form(asked(typed(initial_value="x" * n))), 3000),
    "initial and max": (lambda n: form(asked(typed(initial_value="x" * n, max_length=9))), 9),
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


# A block, and the place in it of what is wrong.
REFUSED: list[tuple[Json, str]] = [
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
    (actions(overflow()), "/elements/0/options"),
    (actions(button("a", url="javascript:alert(1)")), "/elements/0/url"),
    (preformatted({"type": "text", "text": ""}), "/elements/0/elements/0/text"),
    (rich("x"), "/elements/0"),
    ({"text": "x"}, ""),
]
REFUSED_IN_A_FORM: list[tuple[Json, str]] = [
    (asked(typed(max_length=0)), "/element/max_length"),
    (asked(typed(max_length="9")), "/element/max_length"),
    (asked(typed(confirm={})), "/element/confirm"),
    (asked(label=mrkdwn()), "/label/type"),
    ({"type": "input", "element": typed()}, "/label"),
    ({"type": "input", "label": plain("x")}, "/element"),
    (asked({"type": "static_select", "action_id": "s"}), "/element/options"),
    (asked(select(initial_option=option("w"))), "/element"),
    (asked(select("multi_static_select", initial_options=[option("w")])), "/element"),
    (
        asked(select(options=[{**option("v"), "url": "https://a.example"}])),
        "/element/options/0/url",
    ),
    (
        asked({"type": "datepicker", "action_id": "d", "initial_date": "soon"}),
        "/element/initial_date",
    ),
    (asked(conversations(filter={})), "/element/filter/exclude_bot_users"),
    (asked(conversations(response_url_enabled="yes")), "/element/response_url_enabled"),
]
UNUSED: list[tuple[Json, str]] = [
    ({"type": "image", "image_url": "https://a.example", "alt_text": "x"}, ""),
    ({"type": "markdown", "text": "x"}, ""),
    ({"type": "table", "rows": []}, ""),
    ({"type": "card"}, ""),
    (section(accessory={"type": "image"}), "/accessory"),
    (section(accessory=typed()), "/accessory"),
    (section(accessory=WITH_URL), "/accessory"),
    (context({"type": "image"}), "/elements/0"),
    (context(button("a")), "/elements/0"),
    (actions({"type": "checkboxes"}), "/elements/0"),
    (actions(select()), "/elements/0"),
    (actions(typed()), "/elements/0"),
    (actions(button("a", style="primary")), "/elements/0/style"),
    (actions({**overflow(option("v")), "confirm": CONFIRM}), "/elements/0/confirm"),
    (
        rich({"type": "rich_text_list", "elements": [{"type": "text", "text": "x"}]}),
        "/elements/0/type",
    ),
    (preformatted({"type": "link", "text": "x"}), "/elements/0/elements/0/type"),
]
UNUSED_IN_A_FORM: list[tuple[Json, str]] = [
    (asked(button("a")), "/element"),
    (asked(overflow(option("v"))), "/element"),
    (asked({"type": "file_input"}), "/element"),
    (asked(typed(multiline=True)), "/element/multiline"),
    (asked(typed(min_length=2)), "/element/min_length"),
]


def places(found: list[str]) -> list[str]:
    return [line.partition(": ")[0] for line in found]


@pytest.mark.parametrize(("block", "place"), [*REFUSED, *UNUSED])
def test_what_slack_refuses_and_what_the_bot_does_not_send_is_one_problem(
    block: Json, place: str
) -> None:
    assert places(of(block)) == places(view_problems(modal(block))) == [f"/blocks/0{place}"]


@pytest.mark.parametrize(("block", "place"), [*REFUSED_IN_A_FORM, *UNUSED_IN_A_FORM])
def test_a_form_has_problems_of_its_own(block: Json, place: str) -> None:
    assert places(view_problems(form(block))) == [f"/blocks/0{place}"]


def test_inputs_are_used_in_modals_only() -> None:
    assert places(of(asked())) == places(view_problems(home(asked()))) == ["/blocks/0"]


@pytest.mark.parametrize("check", [problems, view_problems])
def test_a_block_id_is_used_once(check: Callable[[Json], list[str]]) -> None:
    whole = message if check is problems else modal
    assert check(whole(section(block_id="x"), section(block_id="x"))) == [
        "/blocks: Value error, a block_id is used more than once"
    ]
    assert check(whole(actions(button("a")), actions(button("a")))) == []


@pytest.mark.parametrize(
    ("payload", "place"),
    [
        ({"text": "x", "replace_orignal": True}, "/replace_orignal"),
        ({"response_type": "private"}, "/response_type"),
        ({"delete_original": "true"}, "/delete_original"),
        ({"thread_ts": "now"}, "/thread_ts"),
        ({"attachments": []}, "/attachments"),
        ({"blocks": {}}, "/blocks"),
    ],
)
def test_misspelled_and_mistyped_fields_of_a_message_are_problems(
    payload: Json, place: str
) -> None:
    assert places(problems(payload)) == [place]


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (modal(asked()), "/: Value error, submit is required in a modal with an input block"),
        (
            form(asked(WITH_URL), asked(WITH_URL)),
            "/: Value error, response_url_enabled is used by this bot once in a view",
        ),
        ({"type": "modal", "blocks": []}, "/title: Field required"),
        ({**home(), "title": plain("x")}, "/title: Extra inputs are not permitted"),
        (modal(notify_on_close=True), "/notify_on_close: Extra inputs are not permitted"),
    ],
)
def test_a_view_has_rules_of_its_own(view: Json, problem: str) -> None:
    assert view_problems(view) == [problem]


def test_a_view_is_a_modal_or_a_home_tab() -> None:
    [problem] = view_problems({"type": "workflow_step"})
    assert problem.endswith("expected tags: 'modal', 'home'")


def test_an_independent_builder_of_blocks_makes_nothing_that_is_rejected() -> None:
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
def test_what_an_independent_validator_refuses_is_rejected(
    theirs: Callable[[], object], ours: Json
) -> None:
    with pytest.raises(slackblocks.InvalidUsageError):
        theirs()
    assert of(ours) != []
