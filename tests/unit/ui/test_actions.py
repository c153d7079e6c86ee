import re
from collections.abc import Sequence
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ui import actions, block_kit, card_buttons
from bot.ui.block_elements import LABEL_LIMIT, Button, Element, button, menu_option
from bot.ui.block_kit import Message
from bot.ui.card_buttons import CardOptions, Place
from bot.voicelogs.masking import mask_address
from tests.support.as_sent import refused, sent_blocks
from tests.support.reading import buttons

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
OTHER = UUID("ca110000-0000-4000-8000-000000000002")
THREAD = "1795000001.000100"
OPTIONS = [
    CardOptions(
        thread_ts=thread,
        place=place,
        masks_shared=masks,
        public=public,
        in_modal=in_modal,
        was_shared=was_shared,
        followed=followed,
        state="k7m2p9.1",
        dashboard_url=dashboard_url,
    )
    for dashboard_url in ("", "https://acme.example/{id}")
    for thread, place in product((None, THREAD), Place)
    for masks, public, in_modal, was_shared, followed in product((True, False), repeat=5)
]
PLAIN = CardOptions()
MENU = ["Legs of the call", "Copy as text"]
ROWS = [
    card_buttons.card_row(ID, is_live=is_live, options=options)
    for is_live in (True, False)
    for options in OPTIONS
]
NAMES = [
    value
    for value in vars(actions).values()
    if isinstance(value, str) and value.startswith("voicelog_")
]


def row(options: CardOptions = PLAIN, *, is_live: bool = False) -> list[Element]:
    """Return the buttons of a card with these options."""
    return card_buttons.card_row(ID, is_live=is_live, options=options)


def message_with(elements: Sequence[Element]) -> Message:
    return block_kit.message(["x"], block_kit.actions(elements))


def labels_and_values(elements: Sequence[Element]) -> list[tuple[str, str]]:
    """Return the label and value of every button and menu option."""
    return [(each.label, each.value) for each in buttons(sent_blocks(message_with(elements)))]


def labels(elements: Sequence[Element]) -> list[str]:
    return [label for label, _ in labels_and_values(elements)]


def button_of(elements: Sequence[Element], action_id: str) -> Button:
    (found,) = [each for each in elements if each["action_id"] == action_id]
    assert found["type"] == "button"
    return found


def confirm_text(elements: Sequence[Element]) -> str:
    return button_of(elements, actions.SHARE)["confirm"]["text"]["text"]


@pytest.mark.parametrize(
    ("options", "is_live", "buttons_shown", "menu"),
    [
        (PLAIN, False, ["Details", "Refresh", "Share"], MENU),
        (PLAIN, True, ["Details", "Follow", "Share"], [*MENU, "Refresh"]),
        (CardOptions(public=True), False, ["Details", "Refresh"], MENU),
        (CardOptions(public=True), True, ["Details", "Refresh"], MENU),
        (CardOptions(in_modal=True), False, ["Details", "Refresh"], MENU),
        (CardOptions(in_modal=True), True, ["Details", "Refresh"], MENU),
        (CardOptions(followed=True), False, ["Details", "Refresh", "Share"], MENU),
        (CardOptions(followed=True), True, ["Details", "Stop following", "Share"], MENU),
        (CardOptions(was_shared=True), False, ["Details", "Refresh", "Share again"], MENU),
    ],
)
def test_the_buttons_of_a_card_depend_on_where_it_is_and_what_was_done_with_it(
    options: CardOptions, *, is_live: bool, buttons_shown: list[str], menu: list[str]
) -> None:
    assert labels(row(options, is_live=is_live)) == [*buttons_shown, *menu]


@pytest.mark.parametrize(("public", "is_live"), [*product((True, False), repeat=2)])
def test_a_card_links_to_the_dashboard_in_its_menu(*, public: bool, is_live: bool) -> None:
    options = CardOptions(public=public, dashboard_url="https://acme.example/logs/{id}?x=1")
    menu = row(options, is_live=is_live)[-1]
    assert menu["type"] == "overflow"

    assert menu["options"][-1] == menu_option(
        "Open in SignalWire",
        f"voicelog_open_dashboard {ID}",
        f"https://acme.example/logs/{ID}?x=1",
    )
    assert not any("url" in option for option in menu["options"][:-1])
    assert labels(row(options, is_live=is_live))[:-1] == labels(
        row(CardOptions(public=public), is_live=is_live)
    )


def test_a_card_in_the_channel_remembers_who_shared_it() -> None:
    options = CardOptions(public=True, shared_by="U0SUPPORT")
    elements = card_buttons.card_row(ID, is_live=False, options=options)

    assert {value.partition(str(ID))[2] for _, value in labels_and_values(elements)} == {
        " U0SUPPORT"
    }


def test_a_card_that_was_shared_remembers_it() -> None:
    elements = row(CardOptions(was_shared=True))

    assert {value.partition(str(ID))[2] for _, value in labels_and_values(elements)} == {" shared"}


def test_a_card_has_at_most_three_buttons_and_one_menu() -> None:
    for elements in ROWS:
        *buttons_shown, menu = [element["type"] for element in elements]
        assert buttons_shown in (["button"] * 2, ["button"] * 3)
        assert menu == "overflow"


def test_every_row_is_within_slacks_limits() -> None:
    for elements in ROWS:
        assert refused(message_with(elements)) == []
        assert len({element["action_id"] for element in elements}) == len(elements)


def test_only_share_has_a_confirmation_and_it_is_not_cut() -> None:
    for elements in ROWS:
        asking = [each["action_id"] for each in elements if "confirm" in each]
        shares = [each["action_id"] for each in elements if each["action_id"] == actions.SHARE]
        assert asking == shares
        assert not shares or confirm_text(elements).endswith(".")


@pytest.mark.parametrize("thread", [None, THREAD])
def test_every_value_on_a_card_is_its_log_id_and_thread(thread: str | None) -> None:
    subject = f"{ID} {THREAD}" if thread else str(ID)
    options = CardOptions(thread_ts=thread, state="k7m2p9")

    assert labels_and_values(row(options, is_live=True)) == [
        ("Details", subject),
        ("Follow", subject),
        ("Share", f"{subject} state:k7m2p9"),
        ("Legs of the call", f"voicelog_legs {subject}"),
        ("Copy as text", f"voicelog_copy {subject}"),
        ("Refresh", f"voicelog_refresh {subject}"),
    ]


@pytest.mark.parametrize(
    ("thread", "place", "who"),
    [
        (None, Place.CHANNEL, "Everyone with access to this channel"),
        (None, Place.PRIVATE, "Everyone with access to this private conversation"),
        (None, Place.DIRECT, "The people in this direct message"),
        (THREAD, Place.CHANNEL, "Everyone with access to this thread"),
        (THREAD, Place.PRIVATE, "Everyone with access to this thread"),
        (THREAD, Place.DIRECT, "The people in this direct message"),
    ],
)
def test_the_confirmation_says_who_will_see_the_card(
    thread: str | None, place: Place, who: str
) -> None:
    words = confirm_text(row(CardOptions(thread_ts=thread, place=place)))

    assert words.startswith(who)
    assert ("other companies" in words) == (place is not Place.DIRECT)


def test_the_confirmation_says_what_is_shown() -> None:
    masked, in_full = (
        confirm_text(row(CardOptions(masks_shared=masks))) for masks in (True, False)
    )

    assert "charge" in masked
    assert mask_address("+12065550100") in masked
    assert in_full.endswith("Phone numbers are shown in full.")


def test_sharing_outside_the_thread_has_its_own_confirmation() -> None:
    offered = card_buttons.share_in_channel(ID, CardOptions(thread_ts=THREAD, masks_shared=False))

    assert (offered["action_id"], offered["value"]) == (actions.SHARE_IN_CHANNEL, str(ID))
    assert (
        offered["confirm"]
        == button_of(row(CardOptions(masks_shared=False)), actions.SHARE)["confirm"]
    )


def test_view_leads_to_a_card_that_can_be_shared_to_the_same_thread() -> None:
    view = card_buttons.show_card(ID, CardOptions(thread_ts=THREAD, was_shared=True))

    assert (view["action_id"], view["value"]) == (actions.REFRESH, f"{ID} {THREAD} shared")


def test_try_again_has_all_ids() -> None:
    assert actions.retry([ID, OTHER])["value"] == f"{ID} {OTHER}"


def test_try_again_for_ten_ids_is_within_slacks_limits() -> None:
    ten = actions.retry([UUID(int=number) for number in range(10)])

    assert refused(message_with([ten])) == []


def test_number_buttons_have_distinct_action_ids() -> None:
    three = actions.find_numbers([("+1 206-555-0100", "token")] * 3)
    made = buttons(sent_blocks(message_with(three)))

    assert [each.action_id for each in made] == [
        *("voicelog_find_number", "voicelog_find_number_2", "voicelog_find_number_3")
    ]
    assert {each.value for each in made} == {"token"}


def test_a_button_without_a_value_has_none() -> None:
    assert "value" not in actions.find_form()
    assert "confirm" not in actions.find_form()


def test_action_ids_are_prefixed_and_unique() -> None:
    assert len(NAMES) > 10
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"voicelog_[a-z_]+", name) for name in NAMES)


@given(label=st.text(max_size=300))
def test_labels_are_within_slacks_limit(label: str) -> None:
    made = button("voicelog_x", label)

    assert len(made["text"]["text"]) <= LABEL_LIMIT
    assert made["text"]["type"] == "plain_text"
