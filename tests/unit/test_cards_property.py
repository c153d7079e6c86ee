import json
import re
import unicodedata
from collections.abc import Iterator
from uuid import UUID

import pytest
import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.access import Refusal
from bot.cards import blocks, call, problems, results
from bot.cards import help as help_
from bot.cards.blocks import Actions, Block, Button, Fact, Header, Message
from bot.reply import ephemeral
from bot.report import Found, Missed, Report
from bot.sandbox.block_kit import problems as block_kit_problems
from bot.signalwire.errors import (
    ApiFault,
    CredentialsRefusedError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    RequestRejectedError,
    SignalWireError,
    UnavailableError,
    UnreadableAnswerError,
)
from bot.signalwire.models import VoiceLog

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
MARK = "\u0416"
"""Stands in every text from outside, and in no word of the cards' own."""
ALL_DETAILS = 60
LONGEST = 5000
QUICK = settings(deadline=None, max_examples=60, derandomize=True, database=None)

HOSTILE = (
    *("<!channel>", "<!here|x>", "<@U0001>", "<#C0001>", "<https://evil.example|SignalWire>"),
    *("<!date^0^{date}|never>", "`", "```", "*b*", "_i_", "~s~", "&", "&amp;", "<", ">", "@here"),
    *("\n", "\r\n> ", "\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2060", "\U000e0041"),
    *(":fire:", "\x00", "\x1b[31m", "\u0301", "\U0001f4de", "\u05d0", "A", " ", "%s", "{}"),
)


def without_capital_n(text: str) -> str:
    return text.replace("N", "n")


PIECES = st.one_of(
    st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


def outside(longest: int) -> st.SearchStrategy[str]:
    """A text of at most `longest` characters that somebody outside wrote, MARK among them."""
    bodies = st.one_of(
        st.lists(PIECES, max_size=12).map("".join),
        st.tuples(PIECES, st.integers(1, longest)).map(lambda pair: pair[0] * pair[1]),
    )
    return bodies.map(lambda body: MARK + without_capital_n(body)[: longest - 1])


TEXT = outside(LONGEST)
NUMBER = st.one_of(
    st.none(),
    st.integers(-10, 10**16),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(0, 100, places=8),
    st.floats(),
    st.decimals(0, 10**6, places=6).map(str),
    TEXT,
)
MOMENT = st.one_of(
    st.none(),
    st.datetimes().map(lambda when: when.isoformat()),
    st.integers(-(10**10), 10**12),
    TEXT,
)


def word_or(*known: str) -> st.SearchStrategy[str | None]:
    return st.one_of(st.none(), st.sampled_from(known), TEXT)


def logs(details_text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[VoiceLog]:
    detail = st.fixed_dictionaries({}, optional={"description": details_text, "charge": NUMBER})
    repeated = st.tuples(detail, st.integers(0, ALL_DETAILS)).map(lambda pair: [pair[0]] * pair[1])
    fields = st.fixed_dictionaries(
        {"id": st.one_of(st.just(str(ID)), TEXT)},
        optional={
            "type": word_or("laml_call", "relay_sip_call", "fabric_subscriber_device_leg"),
            "from": word_or("+12065550100", "sip:alice@acme.example"),
            "to": word_or("+12065550101", "Anonymous"),
            "source": word_or("laml", "dialogflow", "realtime_api"),
            "direction": word_or("inbound", "outbound-api"),
            "status": word_or("completed", "in-progress", "failed", "ended", "no-answer"),
            "parent_id": word_or(str(ID)),
            "charge": NUMBER,
            "duration": NUMBER,
            "duration_ms": NUMBER,
            "billing_ms": NUMBER,
            "created_at": MOMENT,
            "discarded_at": MOMENT,
            "charge_details": st.one_of(st.none(), repeated, st.lists(detail, max_size=3)),
        },
    )
    return fields.map(VoiceLog.model_validate)


def errors(fault_text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[SignalWireError]:
    fault = st.builds(ApiFault, fault_text, fault_text)
    return st.one_of(
        st.builds(LogNotFoundError),
        st.builds(CredentialsRefusedError),
        st.builds(LogTooOldError, st.sampled_from([None, "2026-10-01"])),
        st.builds(RequestRejectedError, st.sampled_from([400, 422]), st.lists(fault, max_size=9)),
        st.builds(RateLimitedError, st.one_of(st.none(), st.floats(0, 1e9))),
        st.builds(UnavailableError, TEXT, st.integers(1, 9)),
        st.builds(UnreadableAnswerError, TEXT),
    )


def reports(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Report]:
    misses = st.dictionaries(text, errors(text), min_size=1, max_size=3)
    return st.one_of(
        st.builds(Found, st.just(ID), text, logs(text)), st.builds(Missed, st.just(ID), misses)
    )


BUTTON: Button = {
    "type": "button",
    "action_id": "voicelog_again",
    "text": {"type": "plain_text", "text": "Refresh", "emoji": False},
    "value": str(ID),
}
BUTTONS = st.lists(st.just(BUTTON), max_size=3).map(
    lambda row: [Button(**{**button, "action_id": f"a{n}"}) for n, button in enumerate(row)]
)


def cards(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    return st.builds(
        lambda log, project, buttons, *, name: call.card(
            Found(ID, project, log), name_project=name, buttons=buttons
        ),
        logs(text),
        text,
        BUTTONS,
        name=st.booleans(),
    )


def rows(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    return st.builds(
        lambda found, pieces, *, name: results.results(
            found,
            reference="k7m2",
            name_project=name,
            notes=[help_.left_out(3), help_.also_cut_short(pieces)] if pieces else [],
        ),
        st.tuples(st.lists(reports(text), min_size=1, max_size=2), st.integers(1, 10)).map(
            lambda pair: (pair[0] * 10)[: pair[1]]
        ),
        st.lists(text, max_size=3),
        name=st.booleans(),
    )


def failures(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    misses = st.dictionaries(text, errors(text), min_size=1, max_size=3)
    return st.one_of(
        st.builds(
            lambda answers, buttons: problems.missed(Missed(ID, answers), "k7m2", buttons=buttons),
            misses,
            BUTTONS,
        ),
        st.builds(lambda who: problems.refused(Refusal("user", who), "k7m2"), text),
        st.builds(help_.no_id, st.lists(text, max_size=3)),
    )


def messages(text: st.SearchStrategy[str] = TEXT) -> dict[str, st.SearchStrategy[Message]]:
    return {"card": cards(text), "results": rows(text), "problem": failures(text)}


EVERY = pytest.mark.parametrize("kind", ["card", "results", "problem"])
ANY_LENGTH = messages()


def posted(message: Message) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(ephemeral(message)))
    return payload


def rebuilt(block: Block) -> slackblocks.Block:
    """The block made with another library, which raises where a limit of Slack's is exceeded."""
    match block["type"]:
        case "header":
            return slackblocks.HeaderBlock.from_dict(dict(block))
        case "section":
            return slackblocks.SectionBlock.from_dict(dict(block))
        case "context":
            return slackblocks.ContextBlock.from_dict(dict(block))
        case "actions":
            return slackblocks.ActionsBlock([_button(button) for button in block["elements"]])


def _button(button: Button) -> slackblocks.Button:
    return slackblocks.Button(
        slackblocks.Text.from_dict(dict(button["text"])),
        action_id=button["action_id"],
        value=button.get("value"),
    )


def mrkdwn(message: Message) -> Iterator[str]:
    for block in message.blocks:
        if block["type"] == "section":
            yield from (item["text"] for item in block.get("fields", []))
            if "text" in block:
                yield block["text"]["text"]
        elif block["type"] == "context":
            yield from (item["text"] for item in block["elements"])


def every_text(message: Message) -> Iterator[str]:
    yield message.text
    yield from mrkdwn(message)
    for block in message.blocks:
        if block["type"] == "header":
            yield block["text"]["text"]


def text_objects(node: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(node, list):
        for item in node:
            yield from text_objects(item)
    elif isinstance(node, dict):
        if node.get("type") in {"mrkdwn", "plain_text"}:
            yield node
        for item in node.values():
            yield from text_objects(item)


OWN_DATE = re.compile(
    r"<!date\^\d+\^\{date_short_pretty\} at \{time_secs\}\|"
    r"\d{1,4}-\d\d-\d\d \d\d:\d\d:\d\d UTC>"
)
CODE = re.compile("`[^`<>\n]+`")
HIDDEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
ENTITY = re.compile("&(?:amp|lt|gt);")
HEADLINE = re.compile(r"\A[^\s`]+ \*[^*\n]*\*")
"""The first line of a row: an emoji and, in bold, what happened."""


def unquoted(text: str) -> str:
    """What is left of mrkdwn without code and without our own date tokens."""
    return CODE.sub("", OWN_DATE.sub("", text))


@EVERY
@QUICK
@given(data=st.data())
def test_every_limit_of_slacks_holds(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    assert block_kit_problems(posted(message)) == []
    kinds = [rebuilt(block).type.value for block in message.blocks]
    assert kinds == [block["type"] for block in message.blocks]
    assert len(message.blocks) <= 50
    assert message.text.strip()
    assert len(message.text) < blocks.TEXT_LIMIT, "nothing of the text is cut away"


@EVERY
@QUICK
@given(data=st.data())
def test_nothing_is_missing_hidden_or_rendered_by_chance(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    payload = posted(message)
    assert "None" not in json.dumps(payload)
    for text in every_text(message):
        plain = text.replace(":\u2060//", "").replace("\n", "")
        assert not {unicodedata.category(c) for c in plain} & HIDDEN
    for item in text_objects(payload):
        assert (item["type"], item.get("verbatim"), item.get("emoji")) in {
            ("mrkdwn", True, None),
            ("plain_text", None, False),
        }


@EVERY
@QUICK
@given(data=st.data())
def test_outside_text_stands_in_code_only(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    for text in mrkdwn(message):
        own = unquoted(HEADLINE.sub("", text))
        assert MARK not in own
        assert not set(own) & set("<>&`@#~_")
        for headline in HEADLINE.findall(text):
            assert headline.count("*") == 2
            assert not set(headline) & set("<>&`@#~_:|!")
    assert not set(message.text) & set("<>`")
    assert "&" not in ENTITY.sub("", message.text)
    assert "://" not in message.text


def test_the_other_library_does_raise_at_a_limit() -> None:
    too_long: Header = {
        "type": "header",
        "text": {"type": "plain_text", "text": "x" * 151, "emoji": False},
    }
    with pytest.raises(slackblocks.InvalidUsageError):
        rebuilt(too_long)
    row: Actions = {"type": "actions", "elements": [BUTTON] * 26}
    with pytest.raises(slackblocks.InvalidUsageError):
        rebuilt(row)


def test_builders_clip_what_outgrows_a_limit() -> None:
    long = "x" * (blocks.TEXT_LIMIT + 1)
    eleven = blocks.fields([Fact("Label", long)] * 11)
    built = [blocks.header(long), blocks.section(long), blocks.context(long), *eleven]
    message = blocks.message([long], built)
    assert block_kit_problems(posted(message)) == []
    assert len(message.text) == blocks.TEXT_LIMIT
    assert all(text.endswith("\u2026") for text in every_text(message))
    assert len(list(mrkdwn(message))) == 12
