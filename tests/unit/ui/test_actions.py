import json
import re
from collections.abc import Iterator, Sequence
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dev.emulator.slack import block_kit
from bot.ui import actions
from bot.ui import block_kit as block_builders
from bot.ui.actions import CardOptions
from bot.ui.block_kit import Button, Element

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
OTHER = UUID("ca110000-0000-4000-8000-000000000002")
THREAD = "1795000001.000100"
SETTINGS = [
    CardOptions(thread_ts=thread, masks_shared=masks, public=public, may_share=may_share)
    for thread, masks, public, may_share in product(
        (None, THREAD), (True, False), (True, False), (True, False)
    )
]
ROWS = [
    actions.card_actions(ID, is_live=is_live, setting=setting)
    for is_live in (True, False)
    for setting in SETTINGS
]
OTHER_NAMES = {"FORM", "NUMBER_PREFIX", "COPY_AS_TEXT"}
NAMES = [
    value
    for name, value in vars(actions).items()
    if name.isupper() and isinstance(value, str) and name not in OTHER_NAMES
]


def row(*, is_live: bool = False, **setting: str | bool | None) -> list[Element]:
    """The row of a card in a setting, which is the plain one but for what is given."""
    made = CardOptions(
        thread_ts=THREAD if setting.get("thread") else None,
        masks_shared=bool(setting.get("masks_shared", True)),
        public=bool(setting.get("public", False)),
        may_share=bool(setting.get("may_share", True)),
    )
    return actions.card_actions(ID, is_live=is_live, setting=made)


def pressable(elements: Sequence[Element]) -> Iterator[tuple[str, str]]:
    """Every label with its value; the lines of a menu by themselves."""
    for element in elements:
        if element["type"] == "overflow":
            yield from ((line["text"]["text"], line["value"]) for line in element["options"])
        else:
            yield element["text"]["text"], element.get("value", "")


def labels(elements: Sequence[Element]) -> list[str]:
    return [label for label, _ in pressable(elements)]


def problems(elements: Sequence[Element]) -> list[str]:
    """What Slack would reject in a message with that row."""
    return block_kit.problems(
        json.loads(json.dumps({"text": "x", "blocks": block_builders.actions(elements)}))
    )


def button_of(elements: Sequence[Element], action_id: str) -> Button:
    (found,) = [each for each in elements if each["action_id"] == action_id]
    assert found["type"] == "button"
    return found


def asked(elements: Sequence[Element]) -> str:
    return button_of(elements, actions.SHARE)["confirm"]["text"]["text"]


def test_a_card_offers_details_refresh_and_share() -> None:
    assert labels(row()) == ["Details", "Refresh", "Share", "Legs of the call", "Copy as text"]


def test_a_live_card_offers_follow_and_has_refresh_in_its_menu() -> None:
    assert labels(row(is_live=True)) == [
        *("Details", "Follow", "Share", "Legs of the call", "Copy as text", "Refresh")
    ]


@pytest.mark.parametrize("is_live", [True, False])
@pytest.mark.parametrize("may_share", [True, False])
def test_a_public_card_has_neither_share_nor_follow(*, is_live: bool, may_share: bool) -> None:
    assert labels(row(is_live=is_live, public=True, may_share=may_share)) == [
        *("Details", "Refresh", "Legs of the call", "Copy as text")
    ]


def test_a_followed_card_offers_refresh_instead_of_follow() -> None:
    elements = actions.card_actions(ID, is_live=True, setting=CardOptions(followed=True))

    assert labels(elements) == ["Details", "Refresh", "Share", "Legs of the call", "Copy as text"]


def test_a_card_in_the_channel_remembers_who_shared_it() -> None:
    setting = CardOptions(public=True, shared_by="U0SUPPORT")
    elements = actions.card_actions(ID, is_live=False, setting=setting)

    assert {value.partition(str(ID))[2] for _, value in pressable(elements)} == {" U0SUPPORT"}


def test_a_shared_card_does_not_offer_share() -> None:
    assert labels(row(may_share=False)) == [
        *("Details", "Refresh", "Legs of the call", "Copy as text")
    ]
    assert labels(row(may_share=False, is_live=True)) == [
        *("Details", "Follow", "Legs of the call", "Copy as text", "Refresh")
    ]


@pytest.mark.parametrize("elements", ROWS)
def test_a_card_has_at_most_three_buttons_and_one_menu(elements: Sequence[Element]) -> None:
    kinds = [element["type"] for element in elements]

    assert kinds.count("button") <= 3
    assert kinds[-1] == "overflow"
    assert kinds.count("overflow") == 1


@pytest.mark.parametrize("elements", ROWS)
def test_every_row_is_within_slacks_limits(elements: Sequence[Element]) -> None:
    assert problems(elements) == []
    assert len({element["action_id"] for element in elements}) == len(elements)


@pytest.mark.parametrize("elements", ROWS)
def test_only_share_has_a_confirmation(elements: Sequence[Element]) -> None:
    asking = [each["action_id"] for each in elements if "confirm" in each]

    assert asking == [each["action_id"] for each in elements if each["action_id"] == actions.SHARE]


@pytest.mark.parametrize("thread", [True, False])
def test_every_value_on_a_card_is_its_log_id_and_thread(*, thread: bool) -> None:
    subject = f"{ID} {THREAD}" if thread else str(ID)

    assert list(pressable(row(is_live=True, thread=thread))) == [
        ("Details", subject),
        ("Follow", subject),
        ("Share", subject),
        ("Legs of the call", f"voicelog_legs {subject}"),
        ("Copy as text", f"voicelog_copy {subject}"),
        ("Refresh", f"voicelog_refresh {subject}"),
    ]


@pytest.mark.parametrize(
    ("thread", "masks_shared", "where", "numbers"),
    [
        (False, True, "in this channel or conversation", "are masked"),
        (False, False, "in this channel or conversation", "are shown in full"),
        (True, True, "in this thread", "are masked"),
        (True, False, "in this thread", "are shown in full"),
    ],
)
def test_the_confirmation_says_who_will_see_what(
    *, thread: bool, masks_shared: bool, where: str, numbers: str
) -> None:
    words = asked(row(thread=thread, masks_shared=masks_shared))

    assert words.startswith(f"Everyone {where} will see the card")
    assert "other companies" in words
    assert f"Phone numbers {numbers}" in words
    assert len(words) <= 300


def test_sharing_in_the_channel_has_its_own_confirmation() -> None:
    offered = actions.share_in_channel(ID, masks_shared=False)

    assert (offered["action_id"], offered["value"]) == (actions.SHARE_IN_CHANNEL, str(ID))
    assert offered["confirm"] == button_of(row(masks_shared=False), actions.SHARE)["confirm"]


def test_a_row_is_opened_and_looked_up_again_by_the_same_button() -> None:
    opened, again = actions.card(ID), actions.try_row_again(ID)

    assert (opened["text"]["text"], again["text"]["text"]) == ("View", "Try again")
    assert {**opened, "text": again["text"]} == again


def test_try_again_has_all_ids() -> None:
    assert actions.retry([ID, OTHER])["value"] == f"{ID} {OTHER}"


def test_try_again_for_ten_ids_is_within_slacks_limits() -> None:
    ten = actions.retry([UUID(int=number) for number in range(10)])

    assert problems([ten]) == []


def test_number_buttons_have_distinct_action_ids() -> None:
    made = [actions.find_number("+1 206-555-0100", "token", index) for index in range(3)]

    assert [each["action_id"] for each in made] == [
        *("voicelog_find_number", "voicelog_find_number_2", "voicelog_find_number_3")
    ]
    assert {each["value"] for each in made} == {"token"}


def test_a_button_without_a_value_has_none() -> None:
    assert "value" not in actions.find_form()
    assert "confirm" not in actions.find_form()


def test_page_buttons_have_the_page_number() -> None:
    turned = actions.page_button(actions.PAGE, "Later ▶", 12)

    assert (turned["action_id"], turned["value"]) == (actions.PAGE, "12")
    assert actions.raw_json(ID)["value"] == str(ID)
    assert actions.older("where it stopped")["value"] == "where it stopped"


def test_action_ids_are_prefixed_and_unique() -> None:
    assert len(NAMES) > 10
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"voicelog_[a-z_]+", name) for name in NAMES)


def test_no_action_id_matches_a_number_buttons() -> None:
    begins = [name for name in NAMES if name.startswith(actions.FIND_NUMBER)]

    assert begins == [actions.FIND_NUMBER]


@given(label=st.text(max_size=300))
def test_labels_are_within_slacks_limit(label: str) -> None:
    made = actions.button("voicelog_x", label)

    assert len(made["text"]["text"]) <= actions.LABEL_LIMIT
    assert made["text"]["type"] == "plain_text"
