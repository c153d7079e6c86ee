import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, get_args
from uuid import UUID

import pytest
import slackblocks
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.access import Denial
from bot.dev.emulator.slack.block_kit import problems as block_kit_problems
from bot.dev.emulator.slack.block_kit import view_problems
from bot.signalwire.errors import (
    NOT_THE_API,
    ApiError,
    AuthenticationError,
    BadRequestError,
    InvalidResponseError,
    LogNotFoundError,
    LogTooOldError,
    RateLimitedError,
    SignalWireError,
    UnavailableError,
)
from bot.signalwire.models import VoiceLog
from bot.slack.response_url import ephemeral
from bot.ui import (
    access_denied,
    actions,
    block_kit,
    card_buttons,
    error_messages,
    lookup_result,
    not_understood,
    notices,
    search_results,
    status,
    voice_log_card,
)
from bot.ui import errors as error_texts
from bot.ui import help as help_
from bot.ui.block_kit import Actions, Block, Element, Fact, Header, Message, View
from bot.ui.card_buttons import CardOptions, Place
from bot.ui.composition_objects import Confirm
from bot.ui.form_fields import Input
from bot.ui.not_understood import SearchButtonBuilder
from bot.ui.search_results import SearchButtons
from bot.voicelogs.phone_numbers import telephone
from bot.voicelogs.query import FILTERS, InvalidReason, Query, QueryError
from bot.voicelogs.results import (
    Found,
    InternalError,
    LookupResult,
    Match,
    NotFound,
    ProjectHealth,
    SearchResult,
)
from tests.support.cards import card_context

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
MARK = "\u0416"
"""In every text from outside, and in no text of the cards."""
NUMBERS: Final = ("+12065550100", "+12065550101")
TOKEN: Final = "gAAAAABpB3mI2q-_tR7mW2x9Kq"
"""In place of a sealed number."""
FURTHER: Final = "gAAAAABpB3mI" + "x9Kq" * 497
"""In place of the longest search that can be sealed."""
METADATA: Final = f'{{"log":"{ID}"}}'
ALL_DETAILS = 60
LONGEST = 5000
QUICK = settings(max_examples=60)

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
    """A text of at most `longest` characters from outside, with MARK in it."""
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
            "from": word_or(NUMBERS[0], "sip:alice@acme.example"),
            "to": word_or(NUMBERS[1], "Anonymous"),
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
    fault = st.builds(ApiError, fault_text, fault_text)
    return st.one_of(
        st.builds(LogNotFoundError),
        st.builds(AuthenticationError),
        st.builds(LogTooOldError, st.sampled_from([None, "2026-10-01"])),
        st.builds(BadRequestError, st.sampled_from([400, 422]), st.lists(fault, max_size=9)),
        st.builds(RateLimitedError, st.one_of(st.none(), st.floats(0, 1e9))),
        st.builds(UnavailableError, TEXT, st.integers(1, 9)),
        st.builds(InvalidResponseError, TEXT),
        st.builds(InvalidResponseError, st.just(NOT_THE_API)),
    )


def reports(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[LookupResult]:
    misses = st.dictionaries(text, errors(text), min_size=1, max_size=3)
    return st.one_of(
        st.builds(Found, st.just(ID), text, logs(text)),
        st.builds(NotFound, st.just(ID), misses),
        st.just(InternalError(ID)),
    )


MOMENTS = st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
THREADS = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 10**20 - 1), st.integers(0, 10**10 - 1)).map(
        lambda pair: f"{pair[0]}.{pair[1]}"
    ),
)
SETTINGS = st.builds(
    CardOptions,
    thread_ts=THREADS,
    place=st.sampled_from(Place),
    masks_shared=st.booleans(),
    public=st.booleans(),
    in_modal=st.booleans(),
    shared_by=st.sampled_from([None, "U0SUPPORT", "W0ACME1"]),
    was_shared=st.booleans(),
    followed=st.booleans(),
    state=st.sampled_from(["", "k7m2p9", "k7m2p9.4"]),
)
RETRIES = st.integers(0, 10).map(lambda count: [ID] * count)


def cards(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    def card(
        log: VoiceLog, project: str, setting: CardOptions, notes: list[str], *, name: bool
    ) -> Message:
        row = card_buttons.card_row(ID, is_live=log.is_live, setting=setting)
        made = voice_log_card.card(
            Found(ID, project, log), card_context(names_projects=name), buttons=row
        )
        return block_kit.with_notes(made, notes)

    note = st.one_of(
        st.builds(notices.updated, MOMENTS),
        st.builds(notices.state_at, MOMENTS),
        st.sampled_from([notices.FOLLOWING, notices.FOLLOWING_ENDED]),
        st.builds(lambda error: notices.stopped_following(why(error)), errors(text)),
    )
    return st.builds(
        card, logs(text), text, SETTINGS, st.lists(note, max_size=2), name=st.booleans()
    )


def why(error: SignalWireError) -> str:
    return notices.stopped_for(error_texts.describe(error))


def rows(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    return st.builds(
        lambda found, pieces, *, name, press: lookup_result.result_list(
            found,
            card_context(press, names_projects=name),
            notes=[help_.left_out(3), help_.also_cut_short(pieces)] if pieces else [],
        ),
        st.tuples(st.lists(reports(text), min_size=1, max_size=2), st.integers(1, 10)).map(
            lambda pair: (pair[0] * 10)[: pair[1]]
        ),
        st.lists(text, max_size=3),
        name=st.booleans(),
        press=st.one_of(st.none(), SETTINGS),
    )


def failures(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    misses = st.dictionaries(text, errors(text), min_size=1, max_size=3)
    return st.one_of(
        st.builds(
            lambda answers, retry: error_messages.not_found(
                NotFound(ID, answers), "k7m2", retry=retry
            ),
            misses,
            RETRIES,
        ),
        st.builds(lambda retry: error_messages.restarting("k7m2", retry=retry), RETRIES),
        st.builds(
            lambda refusal: access_denied.access_denied(refusal, "k7m2"), refused_people(text)
        ),
        st.builds(help_.no_id, st.lists(text, max_size=3)),
        st.builds(
            not_understood.not_understood,
            st.lists(query_errors(text), min_size=1, max_size=4),
            QUERIES,
            st.just([telephone(NUMBERS[0])]),
            BUTTON_BUILDERS,
        ),
    )


def refused_people(text: st.SearchStrategy[str]) -> st.SearchStrategy[Denial]:
    return st.builds(Denial, st.sampled_from(["team", "channel", "user"]), text)


def query_errors(text: st.SearchStrategy[str]) -> st.SearchStrategy[QueryError]:
    fields = st.sampled_from(["number", "window", "words", "count"])
    return st.builds(QueryError, fields, st.sampled_from(get_args(InvalidReason)), text)


BUTTON_BUILDERS: Final = st.builds(
    SearchButtonBuilder,
    st.just(lambda _: TOKEN),
    st.just(datetime(2026, 11, 22, tzinfo=UTC)),
    st.booleans(),
)
QUERIES = st.builds(
    Query,
    st.lists(st.just(telephone(NUMBERS[0])), max_size=2).map(tuple),
    st.one_of(st.none(), MOMENTS),
    st.lists(st.sampled_from(FILTERS), unique=True).map(tuple),
)


def sweeps(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[SearchResult]:
    hit = st.builds(Match, text, logs(text))
    return st.builds(
        SearchResult,
        st.tuples(st.lists(hit, max_size=2), st.integers(0, 20)).map(
            lambda pair: tuple((pair[0] * 20)[: pair[1]])
        ),
        st.integers(0, 10**7),
        st.one_of(st.none(), MOMENTS),
        errors=st.dictionaries(text, errors(text), max_size=5),
    )


SEARCH_BUTTONS: Final = st.builds(
    SearchButtons,
    older=st.none() | st.just(FURTHER),
    change=st.just(FURTHER),
    again=st.none() | st.just(FURTHER),
    without=st.lists(st.tuples(st.just(("busy", "missed")), st.just(FURTHER)), max_size=4),
    further=st.none() | st.just(FURTHER),
)


def found(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    labels = st.lists(st.tuples(st.sampled_from(NUMBERS), st.just(TOKEN)), min_size=1, max_size=3)
    return st.one_of(
        st.builds(
            lambda result, query, buttons, *, name: search_results.search_results(
                result, query, card_context(names_projects=name), buttons=buttons
            ),
            sweeps(text),
            QUERIES,
            SEARCH_BUTTONS,
            name=st.booleans(),
        ),
        st.builds(search_results.searching, st.integers(0, 10**7), st.one_of(st.none(), MOMENTS)),
        st.builds(search_results.offer, labels, st.lists(text, max_size=2).map(cut_short)),
    )


def cut_short(pieces: Sequence[str]) -> list[str]:
    return [help_.also_cut_short(pieces)] if pieces else []


def healths(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[list[ProjectHealth]]:
    # The log that is asked for is nobody's: that it isn't there is how a project answers.
    failed = errors(text).filter(lambda error: not isinstance(error, LogNotFoundError))
    trouble = st.one_of(st.none(), st.just("broken"), failed)
    health = st.builds(ProjectHealth, text, trouble, st.integers(0, 10**5))
    return st.tuples(st.lists(health, max_size=2), st.integers(0, 30)).map(
        lambda pair: (pair[0] * 30)[: pair[1]]
    )


def statuses(text: st.SearchStrategy[str] = TEXT) -> st.SearchStrategy[Message]:
    return st.builds(status.status, healths(text), st.one_of(st.none(), refused_people(text)))


def messages(text: st.SearchStrategy[str] = TEXT) -> dict[str, st.SearchStrategy[Message]]:
    return {
        "card": cards(text),
        "results": rows(text),
        "problem": failures(text),
        "search": found(text),
        "status": statuses(text),
    }


def modals(text: st.SearchStrategy[str] = TEXT) -> dict[str, st.SearchStrategy[View]]:
    return {
        "home": st.builds(
            status.home,
            st.one_of(st.none(), healths(text)),
            st.one_of(st.none(), refused_people(text)),
        ),
        "search": found(text).map(lambda message: search_results.results_modal(message, METADATA)),
    }


ANY_LENGTH: Final = messages()
ANY_MODAL: Final = modals()
EVERY = pytest.mark.parametrize("kind", ANY_LENGTH)
EVERY_WINDOW = pytest.mark.parametrize("kind", ANY_MODAL)


def posted(message: Message) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(ephemeral(message)))
    return payload


def rebuilt(block: Block | Input) -> slackblocks.Block:
    """The block made with another library, which raises where a limit of Slack's is exceeded."""
    match block["type"]:
        case "header":
            return slackblocks.HeaderBlock.from_dict(dict(block))
        case "section":
            bare = {name: value for name, value in block.items() if name != "accessory"}
            section = slackblocks.SectionBlock.from_dict(bare)
            if "accessory" in block:
                section.accessory = _element(block["accessory"])
            return section
        case "context":
            return slackblocks.ContextBlock.from_dict(dict(block))
        case "divider":
            return slackblocks.DividerBlock.from_dict(dict(block))
        case "actions":
            return slackblocks.ActionsBlock([_element(element) for element in block["elements"]])
        case kind:
            raise AssertionError(f"no card here has a block of type {kind}")


def _element(element: Element) -> slackblocks.Element:
    if element["type"] == "overflow":
        options = [
            slackblocks.Option(slackblocks.Text.from_dict(dict(option["text"])), option["value"])
            for option in element["options"]
        ]
        return slackblocks.OverflowMenu(element["action_id"], options)
    return slackblocks.Button(
        slackblocks.Text.from_dict(dict(element["text"])),
        action_id=element["action_id"],
        value=element.get("value"),
        confirm=_confirm(element["confirm"]) if "confirm" in element else None,
    )


def _confirm(confirm: Confirm) -> slackblocks.ConfirmationDialogue:
    title, text, yes, no = (
        slackblocks.Text.from_dict(dict(confirm[part]))
        for part in ("title", "text", "confirm", "deny")
    )
    return slackblocks.ConfirmationDialogue(title=title, text=text, confirm=yes, deny=no)


def elements(shown: Sequence[Block | Input]) -> Iterator[Element]:
    """Everything that can be pressed."""
    for block in shown:
        if block["type"] == "actions":
            yield from block["elements"]
        elif block["type"] == "section" and "accessory" in block:
            yield block["accessory"]


def values(shown: Sequence[Block | Input]) -> Iterator[str]:
    for element in elements(shown):
        if element["type"] == "overflow":
            yield from (option["value"] for option in element["options"])
        elif "value" in element:
            yield element["value"]


def mrkdwn(shown: Sequence[Block | Input]) -> Iterator[str]:
    for block in shown:
        if block["type"] == "section":
            yield from (item["text"] for item in block.get("fields", []))
            if "text" in block:
                yield block["text"]["text"]
        elif block["type"] == "context":
            yield from (item["text"] for item in block["elements"])


def every_text(message: Message) -> Iterator[str]:
    yield message.text
    yield from mrkdwn(message.blocks)
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
OWN_AT = "A name or an address needs an @ or sip: before it."
ENTITY = re.compile("&(?:amp|lt|gt);")
HEADLINE = re.compile(r"\A[^\s`]+ \*[^*\n]*\*")
"""The first line of a row: an emoji and, in bold, what happened."""


def unquoted(text: str) -> str:
    """What is left of mrkdwn without code and without our own words and date tokens."""
    return CODE.sub("", OWN_DATE.sub("", text)).replace(OWN_AT, "")


UUID_: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
THREAD_: Final = r"[0-9]{1,20}\.[0-9]{1,10}"
PERSON_: Final = "[UW][A-Z0-9]+"
STATE_: Final = rf"{actions.STATE_PREFIX}[a-z0-9.]+"
VALUE: Final = re.compile(
    rf"(?:{actions.LEGS} |{actions.COPY} |{actions.REFRESH} )?{UUID_}(?: {THREAD_}| {PERSON_})?"
    rf"(?: {actions.SHARED_WORD})?(?: {actions.FOLLOWED_WORD})?(?: {STATE_})?"
    rf"|{UUID_}(?: {UUID_}){{0,9}}(?: {THREAD_})?|{re.escape(FURTHER)}|{re.escape(TOKEN)}"
)


def assert_values_are_harmless(shown: Sequence[Block | Input]) -> None:
    """A value is ids, a timestamp, or sealed: no number, and nothing that was written outside."""
    for value in values(shown):
        assert VALUE.fullmatch(value)
        assert not [number for number in NUMBERS if number.removeprefix("+") in value]
    assert MARK not in json.dumps(list(elements(shown)), ensure_ascii=False)


def assert_outside_text_is_in_code(shown: Sequence[Block | Input]) -> None:
    for text in mrkdwn(shown):
        own = unquoted(HEADLINE.sub("", text))
        assert MARK not in own
        assert not set(own) & set("<>&`@#~_")
        for headline in HEADLINE.findall(text):
            assert headline.count("*") == 2
            assert not set(headline) & set("<>&`@#~_:|!")


def assert_nothing_is_hidden(payload: JsonValue) -> None:
    assert "None" not in json.dumps(payload)
    for item in text_objects(payload):
        assert (item["type"], item.get("verbatim"), item.get("emoji")) in {
            ("mrkdwn", True, None),
            ("plain_text", None, False),
        }
        assert not hidden_in(str(item["text"]))


def hidden_in(text: str) -> set[str]:
    plain = text.replace(":\u2060//", "").replace("\n", "")
    return {unicodedata.category(character) for character in plain} & HIDDEN


# ── Messages ──────────────────────────────────────────────────────────────────────────────────


@EVERY
@QUICK
@given(data=st.data())
def test_slacks_limits_hold(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    assert block_kit_problems(posted(message)) == []
    kinds = [rebuilt(block).type.value for block in message.blocks]
    assert kinds == [block["type"] for block in message.blocks]
    assert len(message.blocks) <= 50
    assert message.text.strip()
    assert len(message.text) < block_kit.TEXT_LIMIT, "nothing of the text is cut away"


@EVERY
@QUICK
@given(data=st.data())
def test_nothing_is_missing_hidden_or_rendered_by_chance(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    assert_nothing_is_hidden(posted(message))
    for text in every_text(message):
        assert not hidden_in(text)


@EVERY
@QUICK
@given(data=st.data())
def test_outside_text_is_in_code_spans_only(kind: str, data: st.DataObject) -> None:
    message = data.draw(ANY_LENGTH[kind])
    assert_outside_text_is_in_code(message.blocks)
    assert not set(message.text) & set("<>`")
    assert "&" not in ENTITY.sub("", message.text)
    assert "://" not in message.text


@EVERY
@QUICK
@given(data=st.data())
def test_button_values_are_ids_and_tokens_only(kind: str, data: st.DataObject) -> None:
    assert_values_are_harmless(data.draw(ANY_LENGTH[kind]).blocks)


@QUICK
@given(log=logs(), setting=SETTINGS)
def test_a_card_has_at_most_three_buttons_and_a_menu(log: VoiceLog, setting: CardOptions) -> None:
    row = card_buttons.card_row(ID, is_live=log.is_live, setting=setting)
    assert [element["type"] for element in row[:-1]] == ["button"] * (len(row) - 1)
    assert row[-1]["type"] == "overflow"
    assert len(row) <= 4
    if setting.public:
        offered = {element["action_id"] for element in row}
        assert not offered & {actions.SHARE, actions.FOLLOW}


# ── Modals and the Home tab ──────────────────────────────────────────────────────────────────


def as_sent(view: View) -> dict[str, JsonValue]:
    payload: dict[str, JsonValue] = json.loads(json.dumps(view))
    return payload


@EVERY_WINDOW
@QUICK
@given(data=st.data())
def test_slacks_limits_hold_in_modals(kind: str, data: st.DataObject) -> None:
    view = data.draw(ANY_MODAL[kind])
    assert view_problems(as_sent(view)) == []
    kinds = [rebuilt(block).type.value for block in view["blocks"]]
    assert kinds == [block["type"] for block in view["blocks"]]
    assert len(kinds) <= 100
    assert view.get("private_metadata") == (METADATA if view["type"] == "modal" else None)


@EVERY_WINDOW
@QUICK
@given(data=st.data())
def test_outside_text_is_inert_in_modals(kind: str, data: st.DataObject) -> None:
    view = data.draw(ANY_MODAL[kind])
    assert_nothing_is_hidden(as_sent(view))
    assert_outside_text_is_in_code(view["blocks"])
    assert_values_are_harmless(view["blocks"])


@QUICK
@given(healths(), st.one_of(st.none(), refused_people(TEXT)))
def test_the_users_permission_is_shown_with_any_number_of_projects(
    projects: list[ProjectHealth], refusal: Denial | None
) -> None:
    word = "You can look up voice logs here." if refusal is None else "You can't look up voice logs"
    message = status.status(projects, refusal)
    assert word in message.text
    assert word in "\n".join(mrkdwn(message.blocks))
    assert word in "\n".join(mrkdwn(status.home(projects, refusal)["blocks"]))


# ── What keeps the limits ─────────────────────────────────────────────────────────────────────


def test_slackblocks_raises_at_a_limit() -> None:
    too_long: Header = {
        "type": "header",
        "text": {"type": "plain_text", "text": "x" * 151, "emoji": False},
    }
    with pytest.raises(slackblocks.InvalidUsageError):
        rebuilt(too_long)
    row: Actions = {"type": "actions", "elements": [actions.card(ID)] * 26}
    with pytest.raises(slackblocks.InvalidUsageError):
        rebuilt(row)


def test_builders_clip_what_outgrows_a_limit() -> None:
    long = "x" * (block_kit.TEXT_LIMIT + 1)
    eleven = block_kit.fields([Fact("Label", long)] * 11)
    built = [block_kit.header(long), block_kit.section(long), block_kit.context(long), *eleven]
    message = block_kit.message([long], built)
    assert block_kit_problems(posted(message)) == []
    assert len(message.text) == block_kit.TEXT_LIMIT
    assert all(text.endswith("\u2026") for text in every_text(message))
    assert len(list(mrkdwn(message.blocks))) == 12
