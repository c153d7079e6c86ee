"""A text with a phone number but no ID: the bot offers to search for the number."""

import pytest
from pydantic import JsonValue

from bot.ui import actions
from tests.integration.harness import OpenWorld, Project, World
from tests.integration.sample_logs import WANTED_AS_TYPED, sample_logs
from tests.support import texts
from tests.support.reading import (
    action_ids,
    button_labels,
    buttons,
    only,
    row_ids,
    to_json,
    values_of,
    with_value,
)
from tests.support.samples import DOCUMENTED

ONE: dict[str, JsonValue] = {"text": "please look at the call to +1 206 555 3434", "ts": "1.2"}
SEVERAL: dict[str, JsonValue] = {
    "text": "from (206) 555-0102 to 206.555.3434, not to +44 20 7946 0958, nor to 206-555-0104"
}
BUTTONS = [actions.FIND_NUMBER, *(f"{actions.FIND_NUMBER}_{number}" for number in (2, 3))]


async def test_search_results_replace_the_offer(world: World) -> None:
    offer = only(await world.use_shortcut(ONE))
    assert offer.text.startswith(f"{texts.ONE_NUMBER}.")
    assert world.log.lines("search.done") == []
    clicked = await world.click(offer, actions.FIND_NUMBER)

    assert row_ids(only(clicked)) == [DOCUMENTED]
    assert only(clicked).ts == offer.ts
    assert [one.payload["replace_original"] for one in clicked.accepted] == [True]


@pytest.mark.parametrize(
    ("mask", "numbers"),
    [
        ("shared", ["+1 206-555-0102", "+1 206-555-3434", "+44 20 7946 0958"]),
        ("always", ["+1 ••••••••02", "+1 ••••••••34", "+44 ••••••••58"]),
    ],
)
async def test_at_most_three_numbers_are_offered(
    open_world: OpenWorld, mask: str, numbers: list[str]
) -> None:
    world = await open_world(environment={"MASK_NUMBERS": mask})
    offer = only(await world.use_shortcut(SEVERAL))

    assert offer.text.startswith(f"{texts.SEVERAL_NUMBERS}.")
    assert action_ids(offer) == BUTTONS
    labels = zip(button_labels(offer), numbers, strict=True)
    assert all(label.endswith(number) for label, number in labels)
    found = only(await world.click(offer, BUTTONS[1]))
    assert found.ts != offer.ts, "the other numbers are still offered"
    assert row_ids(found) == [DOCUMENTED]
    assert row_ids(only(await world.click(offer, BUTTONS[2]))) == []
    if mask == "always":
        assert "555" not in to_json(offer) + to_json(found).replace(DOCUMENTED, "")


@pytest.mark.parametrize(
    "text",
    [
        *("order 12345678", "since 2026-11-20 15:30:00", "invoice 4711-0815"),
        *("10.0.0.1:65535", "$1.50", "long " * 8_000),
    ],
)
async def test_other_digits_are_not_offered(world: World, text: str) -> None:
    message = await world.reply_to(text)

    assert message.text.startswith(f"{texts.NO_ID_IN_MESSAGE}.")
    assert button_labels(message) == [texts.FIND_FORM]


async def test_value_of_an_offer_is_not_accepted_as_a_search(open_world: OpenWorld) -> None:
    world = await open_world(Project(entries=sample_logs(50, wanted=range(40))))
    offer = await world.reply_to(WANTED_AS_TYPED)
    found = await world.ask(f"find {WANTED_AS_TYPED}")
    (number,) = values_of(offer, actions.FIND_NUMBER)
    (search,) = values_of(found, actions.SEARCH_OLDER)
    as_number = await world.click(with_value(offer, number, search), actions.FIND_NUMBER)
    as_search = await world.click(with_value(found, search, number), actions.SEARCH_OLDER)

    for clicked in (as_number, as_search):
        assert only(clicked).text.startswith(f"{texts.SEARCH_EXPIRED}.")


async def test_denied_user_gets_no_offer(open_world: OpenWorld) -> None:
    world = await open_world(environment={"ALLOWED_USERS": "U0ANNA"})
    error = only(await world.use_shortcut(ONE, user_id="U0EVE"))

    assert error.text.startswith(f"{texts.DENIED}.")
    assert buttons(error) == []
    assert len(world.log.lines("search.denied", user="U0EVE")) == 1


async def test_hostile_text_around_a_number_is_not_in_the_offer(world: World) -> None:
    text = "<!channel> *+1 206 555 3434* `x` <@U0EVE>, 2065550102"
    offer = await world.reply_to(text)

    numbers = [label.rpartition(" with ")[2] for label in button_labels(offer)]
    assert numbers == ["+1 206-555-3434", "+1 206-555-0102"]
    assert "channel" not in to_json(offer).replace("C0SUPPORT", "")
