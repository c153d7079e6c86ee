import re
from collections.abc import Sequence
from uuid import UUID

import pytest

from bot.ui import actions, block_kit, card_buttons
from bot.ui.block_elements import Element
from bot.ui.card_buttons import CardOptions
from tests.support.as_sent import sent_blocks
from tests.support.reading import buttons
from tests.support.samples import ACTION_IDS

ID = UUID("b7182dc2-00f3-40e4-a5ce-20f164b329df")
OTHER = UUID("ca110000-0000-4000-8000-000000000002")
THREAD = "1795000001.000100"


def row(options: CardOptions, *, is_live: bool = False) -> list[Element]:
    """Return the buttons of a card with these options."""
    return card_buttons.card_row(ID, is_live=is_live, options=options)


def labels_and_values(elements: Sequence[Element]) -> list[tuple[str, str]]:
    """Return the label and value of every button and menu option."""
    message = block_kit.message(["x"], block_kit.actions(elements))
    return [(each.label, each.value) for each in buttons(sent_blocks(message))]


@pytest.mark.parametrize(
    ("options", "is_live", "labels"),
    [
        (CardOptions(in_modal=True), False, ["Details", "Refresh"]),
        (CardOptions(in_modal=True), True, ["Details", "Refresh"]),
        (CardOptions(followed=True), False, ["Details", "Refresh", "Share"]),
    ],
)
def test_a_card_offers_only_what_is_possible(
    options: CardOptions, *, is_live: bool, labels: list[str]
) -> None:
    """The golden files show the other combinations."""
    shown = [label for label, _ in labels_and_values(row(options, is_live=is_live))]
    assert shown == [*labels, "Legs of the call", "Copy as text"]


@pytest.mark.parametrize(
    ("options", "remembered"),
    [
        (CardOptions(public=True, shared_by="U0SUPPORT"), " U0SUPPORT"),
        (CardOptions(was_shared=True), " shared"),
    ],
)
def test_a_card_remembers_that_it_was_shared(options: CardOptions, remembered: str) -> None:
    values = {value.partition(str(ID))[2] for _, value in labels_and_values(row(options))}

    assert values == {remembered}


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


def test_sharing_outside_the_thread_has_no_thread() -> None:
    offered = card_buttons.share_in_channel(ID, CardOptions(thread_ts=THREAD))

    assert (offered["action_id"], offered["value"]) == (actions.SHARE_IN_CHANNEL, str(ID))


def test_view_leads_to_a_card_that_can_be_shared_to_the_same_thread() -> None:
    view = card_buttons.show_card(ID, CardOptions(thread_ts=THREAD, was_shared=True))

    assert (view["action_id"], view["value"]) == (actions.REFRESH, f"{ID} {THREAD} shared")


def test_try_again_has_all_ids() -> None:
    assert actions.retry([ID, OTHER])["value"] == f"{ID} {OTHER}"


def test_action_ids_are_prefixed_and_unique() -> None:
    assert len(ACTION_IDS) > 10
    assert len(set(ACTION_IDS)) == len(ACTION_IDS)
    assert all(re.fullmatch(r"voicelog_[a-z_]+", name) for name in ACTION_IDS)
