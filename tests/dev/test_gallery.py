import ast
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Final, get_args, get_type_hints

import pytest
from pydantic import JsonValue

from bot import ui
from bot.access import Denial
from bot.dev.emulator.signalwire.catalogue import LogFixture, catalogue
from bot.dev.emulator.slack import block_kit
from bot.dev.gallery import sections
from bot.dev.gallery.model import Example, Section
from bot.signalwire.errors import SignalWireError
from bot.ui import access_denied, actions, errors, search_results
from bot.ui.block_kit import Message, View
from bot.voicelogs.query import InvalidReason, QueryError
from bot.voicelogs.results import NotFound

NOW: Final = datetime(2026, 11, 22, 17, 4, 5, tzinfo=UTC)
OTHER_MOMENTS: Final = (
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
)
GALLERY: Final = sections(NOW)
EXHIBITS: Final = [(room.name, each) for room in GALLERY for each in room.examples]
MODULES: Final[Sequence[ModuleType]] = [
    importlib.import_module(each.name)
    for each in pkgutil.walk_packages(ui.__path__, f"{ui.__name__}.")
    if each.name != "bot.ui.subcommands"  # the table that help and the manifest are made from
]
FOLDER: Final = str(Path(ui.__path__[0]).resolve())
NEVER_DRAWN: Final[dict[str, str]] = {}
NEVER_SAID: Final = {
    "no text for": "of an exception",
}


# ── What is written down while the gallery is made ────────────────────────────────────────────


@dataclass
class Calls:
    """Which functions of the cards were called, and with what, in the order of parameters."""

    made: dict[CodeType, list[tuple[object, ...]]] = field(default_factory=dict, repr=False)

    def note(self, frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(FOLDER):
            self.made.setdefault(code, []).append(tuple(frame.f_locals.values()))

    def of(self, function: Callable[..., object]) -> list[tuple[object, ...]]:
        assert isinstance(function, FunctionType)
        return self.made.get(function.__code__, [])

    def first(self, function: Callable[..., object]) -> list[object]:
        return [arguments[0] for arguments in self.of(function)]


@pytest.fixture(scope="module")
def calls() -> Calls:
    made = Calls()
    before = sys.getprofile()
    sys.setprofile(made.note)
    try:
        sections(NOW)
    finally:
        sys.setprofile(before)
    return made


def functions() -> Iterator[FunctionType]:
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and name not in NEVER_DRAWN:
                yield function


def leaves(kind: type[SignalWireError]) -> Iterator[type[SignalWireError]]:
    below = kind.__subclasses__()
    for each in below:
        yield from leaves(each)
    if not below:
        yield kind


# ── What is said, by the cards' source and by the gallery ─────────────────────────────────────


def texts(node: JsonValue) -> Iterator[str]:
    match node:
        case str():
            yield node
        case list():
            for item in node:
                yield from texts(item)
        case dict():
            for item in node.values():
                yield from texts(item)
        case _:
            pass


def said(example: Example) -> str:
    return "\n".join([*texts(dict(example.payload)), *example.errors.values()])


EVERYTHING: Final = "\n".join(said(each) for _, each in EXHIBITS)


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """And other texts that stand for themselves, such as those below a constant."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def wording(module: ModuleType) -> Iterator[str]:
    """The pieces of prose in a module: what begins with a capital, or holds a blank or an emoji."""
    tree = ast.parse(inspect.getsource(module))
    silent = docstrings(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in silent:
            continue
        for piece in re.split(r"\{\w*\}", node.value):
            prose = re.search(r"[a-z]{2}", piece) and re.search(r"^[A-Z][a-z]| ", piece)
            if prose or not piece.isascii():
                yield piece.strip()


def switches(function: FunctionType) -> Iterator[tuple[int, str]]:
    """The arguments that may be there or not, by place and name: flags, and what has a default."""
    kinds = get_type_hints(function)
    for index, (name, parameter) in enumerate(inspect.signature(function).parameters.items()):
        optional = kinds[name] is bool or type(None) in get_args(kinds[name])
        if optional or parameter.default is not inspect.Parameter.empty:
            yield index, name


DRAWING: Final = [
    each
    for each in functions()
    if not each.__name__.startswith("_") and get_type_hints(each)["return"] in {Message, View}
]


# ── The gallery is complete ───────────────────────────────────────────────────────────────────


def test_every_function_of_the_cards_has_a_part_in_the_gallery(calls: Calls) -> None:
    idle = [f"{each.__module__}.{each.__name__}" for each in functions() if not calls.of(each)]
    assert idle == [], "make exhibits that need them"


def test_whatever_may_be_there_or_not_is_shown_both_ways(calls: Calls) -> None:
    one_way = [
        f"{function.__module__}.{function.__name__}({name})"
        for function in DRAWING
        for index, name in switches(function)
        if {bool(arguments[index]) for arguments in calls.of(function)} != {True, False}
    ]
    assert one_way == [], "make exhibits with and without"


def test_messages_and_views_are_what_is_drawn() -> None:
    assert {get_type_hints(each)["return"] for each in DRAWING} == {Message, View}
    assert len(DRAWING) > 30


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_piece_of_prose_in_the_cards_is_shown_somewhere(module: ModuleType) -> None:
    unsaid = [piece for piece in wording(module) if piece not in EVERYTHING]
    assert set(unsaid) <= set(NEVER_SAID), "make exhibits that say it"


def test_what_is_never_said_still_stands_in_the_source() -> None:
    found = {piece for module in MODULES for piece in wording(module)}
    assert set(NEVER_SAID) <= found
    assert not [piece for piece in NEVER_SAID if piece in EVERYTHING]


def test_prose_is_found_in_tables_in_templates_and_within_conditions() -> None:
    found = {piece for module in MODULES for piece in wording(module)}
    assert {"Queued", "🕓"} <= found
    assert "has more digits than any number." in found
    assert "Phone numbers are shown in full." in found
    assert "Back to the details" in found


@pytest.mark.parametrize("explain", [errors.describe, errors.describe_list])
def test_every_error_is_explained(explain: Callable[..., object], calls: Calls) -> None:
    assert {type(error) for error in calls.first(explain)} == set(leaves(SignalWireError))


def test_every_error_of_a_part_is_explained(calls: Calls) -> None:
    explained = {type(error) for error in calls.first(errors.describe_part)}
    assert explained == set(leaves(SignalWireError))


def test_every_reason_to_refuse_somebody_is_given(calls: Calls) -> None:
    given = {
        each.reason for each in calls.first(access_denied.access_denied) if isinstance(each, Denial)
    }
    assert given == set(get_args(get_type_hints(Denial)["reason"]))


def test_every_way_to_misunderstand_a_search_is_told(calls: Calls) -> None:
    told = {
        each.reason
        for each in calls.first(search_results.not_understood)
        if isinstance(each, QueryError)
    }
    assert told == set(get_args(InvalidReason))


def test_every_field_of_the_form_has_an_error_that_can_be() -> None:
    (form,) = (room for room in GALLERY if room.name == "The form")
    on = {block_id for example in form.examples for block_id in example.errors}
    assert on == {"number", "window"}  # the third is chosen from a list


def test_every_error_has_a_card_of_its_own(calls: Calls) -> None:
    alone = [
        error
        for result in calls.first(errors.not_found)
        if isinstance(result, NotFound) and len(result.errors) == 1
        for error in result.errors.values()
    ]
    assert {type(error) for error in alone} == set(leaves(SignalWireError))


@pytest.mark.parametrize("entry", catalogue(NOW), ids=lambda entry: entry.id)
def test_every_log_that_the_sandbox_knows_has_its_card(entry: LogFixture) -> None:
    shown = [each for room, each in EXHIBITS if room == "Calls" and each.name == entry.description]
    assert [f"Voice log id: {entry.id}" in said(each) for each in shown] == [True]


ACTIONS: Final = sorted(
    value
    for name, value in vars(actions).items()
    if name.isupper() and isinstance(value, str) and value.startswith("voicelog_")
)


@pytest.mark.parametrize("action_id", ACTIONS)
def test_everything_that_can_be_pressed_is_somewhere(action_id: str) -> None:
    assert action_id in set(EVERYTHING.split())


# ── The gallery is sound ──────────────────────────────────────────────────────────────────────


def faults(room: Section) -> list[str]:
    """What Slack would find fault with, and what a person would."""
    found = []
    for example in room.examples:
        is_view = "type" in example.payload
        check = block_kit.view_problems if is_view else block_kit.problems
        found += [f"{example.name}: {problem}" for problem in check(example.payload)]
        if "None" in f"{example.name} {said(example)}":
            found.append(f"{example.name}: says None")
    return found


@pytest.mark.parametrize("room", GALLERY, ids=lambda room: room.name)
def test_slack_would_take_every_exhibit(room: Section) -> None:
    assert room.examples
    assert faults(room) == []


@pytest.mark.parametrize("now", OTHER_MOMENTS, ids=str)
def test_it_can_be_made_at_any_moment(now: datetime) -> None:
    made = sections(now)
    assert [fault for room in made for fault in faults(room)] == []
    assert [room.name for room in made] == [room.name for room in GALLERY]


def test_what_slack_would_refuse_is_noticed() -> None:
    too_long: dict[str, JsonValue] = {"text": "None", "blocks": [{"type": "header"}]}
    assert len(faults(Section("", (Example("", too_long),)))) == 2


def test_the_same_moment_gives_the_same_gallery() -> None:
    assert sections(NOW) == GALLERY


def test_a_name_stands_for_one_exhibit_of_a_room() -> None:
    names = [(room, each.name) for room, each in EXHIBITS]
    assert len(set(names)) == len(names)
    assert len({room.name for room in GALLERY}) == len(GALLERY)


def test_an_error_stands_on_a_field_that_is_there() -> None:
    for _, example in EXHIBITS:
        blocks = example.payload["blocks"]
        assert isinstance(blocks, list)
        fields = {block.get("block_id") for block in blocks if isinstance(block, dict)}
        assert set(example.errors) <= fields


def test_where_numbers_are_masked_none_is_left() -> None:
    masked = [each for _, each in EXHIBITS if re.search(r"(?<!aren't )\bmasked", each.name)]
    assert len(masked) > 9
    for example in masked:
        assert "••" in said(example), example.name
        assert not re.search(r"206[ -]?555", said(example)), example.name


def test_there_are_messages_windows_and_home_tabs() -> None:
    kinds = {str(each.payload.get("type", "message")) for _, each in EXHIBITS}
    assert kinds == {"message", "modal", "home"}
