import re
from collections.abc import Iterable, Mapping
from itertools import count, cycle, permutations, repeat
from uuid import UUID

import pytest

from bot.cli.terminal import render
from bot.dev.gallery import errors as gallery_errors
from bot.signalwire.errors import ApiError, BadRequestError, SignalWireError
from bot.ui import errors as error_texts
from bot.ui import multi_project_errors
from bot.ui.block_kit import Message
from bot.ui.lookup_result import lookup_result, result_list
from bot.voicelogs.results import NotFound
from tests.support.as_sent import refused
from tests.support.cards import card_context

ID = UUID("40400000-0000-4000-8000-000000000404")
NAMES = ("lacking", "refusing", "old", "rejecting", "limiting", "silent", "garbled")
ONE_OF_EACH = dict(zip(NAMES, gallery_errors.ONE_OF_EACH.values(), strict=True))


def missed(errors: Mapping[str, SignalWireError]) -> Message:
    return lookup_result([NotFound(ID, errors)], card_context())


def rows(errors: Mapping[str, SignalWireError]) -> Message:
    results = [NotFound(ID, errors)] * 10
    return result_list(results, card_context(names_projects=True))


def shown(errors: Mapping[str, SignalWireError]) -> list[str]:
    """What is said of a log that isn't found, in its own message and in rows, drawn and as text."""
    messages = missed(errors), rows(errors)
    rendered = [render(message.blocks).replace("\u2503 ", "") for message in messages]
    return [*rendered, *(message.text for message in messages)]


def expected_title(names: set[str]) -> str:
    if "old" in names:
        return error_texts.TOO_OLD.title
    return (
        multi_project_errors.SOME_NOT_CHECKED
        if "lacking" in names
        else multi_project_errors.NONE_CHECKED
    )


@pytest.mark.parametrize("pair", list(permutations(NAMES, 2)), ids=" and ".join)
def test_two_projects_have_a_common_headline_and_a_line_each(pair: tuple[str, str]) -> None:
    """A log may exist if a project is failing; one that is too old does exist."""
    errors = {name: ONE_OF_EACH[name] for name in pair}
    problem = multi_project_errors.describe_all(errors)
    assert problem.title == expected_title({*pair})
    texts = shown(errors)
    assert [text for text in texts if problem.title not in text] == []
    if "old" in pair:
        assert [text for text in (problem.detail, *texts) if "2025-02-09" not in text] == []
    elif "lacking" in pair:
        (failed,) = {*pair} - {"lacking"}
        assert problem.hint == error_texts.describe(ONE_OF_EACH[failed]).hint
    else:
        assert "2 projects" in problem.detail
        assert [text for text in texts if "not found" in text.lower()] == []
    lines = multi_project_errors.per_project_lines(errors)
    for name, line in zip(pair, lines, strict=True):
        assert f"{error_texts.describe(ONE_OF_EACH[name]).title}: `{name}`" in line


def rejection(number: int = 0) -> SignalWireError:
    """Return an error with the longest possible text, all of it escaped."""
    return BadRequestError(422, [ApiError("<&>" * 400 + str(number), "&<>" * 4000)] * 10)


def thirty(errors: Iterable[SignalWireError]) -> Mapping[str, SignalWireError]:
    names = [f"{number:02}" + "&" * 38 for number in range(30)]
    return dict(zip(names, errors, strict=False))


ALL_KINDS = [*ONE_OF_EACH.values(), rejection()]
THIRTY = {
    "all kinds": thirty(cycle(ALL_KINDS)),
    "none too old": thirty(cycle([each for each in ALL_KINDS if each is not ONE_OF_EACH["old"]])),
    "all rejecting": thirty(map(rejection, count())),
    "all rejecting alike": thirty(repeat(rejection())),
}


@pytest.mark.parametrize("errors", THIRTY.values(), ids=THIRTY)
def test_thirty_long_errors_fit_with_the_whole_next_step_and_reference(
    errors: Mapping[str, SignalWireError],
) -> None:
    message = missed(errors)
    assert refused(message) == []
    next_step = multi_project_errors.describe_all(errors).hint
    header, section, context = message.blocks
    assert header["type"] == "header"
    assert not header["text"]["text"].endswith("…")
    assert section["type"] == "section"
    assert section["text"]["text"].endswith(next_step)
    assert context["type"] == "context"
    assert context["elements"][0]["text"] == f"You asked for `{ID}`. Reference `k7m2`."
    assert next_step in message.text
    assert message.text.endswith("Reference k7m2.")
    lines = multi_project_errors.per_project_lines(errors)
    assert len(lines) <= 4
    assert re.search(r" and \d+ (?:more|other responses)", "\n".join(lines))


@pytest.mark.parametrize("errors", THIRTY.values(), ids=THIRTY)
def test_ten_rows_of_thirty_long_errors_fit_with_every_id_and_the_reference(
    errors: Mapping[str, SignalWireError],
) -> None:
    message = rows(errors)
    assert refused(message) == []
    texts = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert [text.endswith(f"`{ID}`") for text in texts] == [True] * 10
    assert message.text.count(str(ID)) == 10
    assert message.text.endswith("Reference k7m2.")
