"""Replies to messages with many IDs, IDs of other things, or IDs without a log."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import actions
from bot.ui.block_elements import VALUE_LIMIT
from bot.ui.help import WHERE_IDS_ARE, left_out
from bot.ui.mrkdwn import mrkdwn_to_text
from tests.integration.harness import OpenWorld, Project, World
from tests.support import texts
from tests.support.reading import (
    button_labels,
    buttons,
    headings,
    only,
    rendered,
    row_ids,
    to_json,
    values_of,
)
from tests.support.samples import DOCUMENTED, ENDED, NOT_FOUND, NOW, UNAVAILABLE

LOGS = [entry.id for entry in catalog(NOW)]
UNKNOWN = [str(UUID(int=UUID(NOT_FOUND).int + number)) for number in range(100)]
TICKET = f"Ticket {UNKNOWN[0]}: customer +1 (206) 555-3434 says the call dropped"
RECORDING = "files.signalwire.com/5a1f77c2-6d0e-4b1b-9a3c-0c1d2e3f4a5b/recordings/9e8d7c6b.wav"
SIP = "sip:reception@acme.dapp.signalwire.com"


def ids_of(message: PostedMessage, action_id: str = actions.CARD) -> list[str]:
    """Return the IDs in the values of buttons, without the thread."""
    words = " ".join(values_of(message, action_id)).split()
    return [word for word in words if "-" in word]


# ── Some found ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ids", "note"),
    [
        ([DOCUMENTED, *UNKNOWN[:1]], "1 other ID in the message has no voice log."),
        ([*UNKNOWN[:2], DOCUMENTED], "2 other IDs in the message have no voice log."),
    ],
)
async def test_one_log_among_ids_without_one_is_a_card_with_a_note(
    world: World, ids: Sequence[str], note: str
) -> None:
    message = await world.reply_to("\n".join(ids))

    assert message.text.startswith(texts.COMPLETED)
    assert message.text.splitlines()[-1] == note
    assert button_labels(message) == texts.CARD_LABELS
    assert not [log_id for log_id in UNKNOWN if log_id in to_json(message)]


async def test_note_about_typed_ids_does_not_mention_a_message(world: World) -> None:
    message = await world.ask(f"{DOCUMENTED} {UNKNOWN[0]} {UNKNOWN[1]}")

    assert message.text.splitlines()[-1] == "2 other IDs have no voice log."


async def test_several_logs_are_rows_and_the_other_ids_a_note(world: World) -> None:
    message = await world.reply_to(f"{DOCUMENTED} {UNKNOWN[0]} {ENDED} {UNKNOWN[1]}")

    assert headings(message) == [texts.logs_found(2, 2)]
    assert ids_of(message) == [DOCUMENTED, ENDED]
    assert message.text.splitlines()[-1] == "2 other IDs in the message have no voice log."


async def test_failed_lookup_keeps_its_row(world: World) -> None:
    message = await world.reply_to(f"{DOCUMENTED} {UNKNOWN[0]} {UNAVAILABLE}")

    assert headings(message) == [texts.logs_found(1, 2)]
    assert texts.server_error(503) in rendered(message)
    assert UNAVAILABLE in rendered(message)
    assert "1 other ID in the message has no voice log." in message.text


async def test_id_is_not_reported_missing_if_one_of_two_projects_failed(
    open_world: OpenWorld,
) -> None:
    world = await open_world(Project(), Project("sales", entries=(), token_is_wrong=True))
    message = await world.reply_to(f"{DOCUMENTED} {UNKNOWN[0]}")

    assert headings(message) == [texts.logs_found(1, 2)]
    assert texts.NOT_FOUND_EVERYWHERE in rendered(message)


# ── None found ────────────────────────────────────────────────────────────────────────────────


async def test_several_ids_without_a_log_get_one_reply_with_the_hint_once(world: World) -> None:
    message = await world.reply_to("\n".join(UNKNOWN[:3]))

    assert message.text.count("A call's log may take a moment to appear.") == 1
    assert [message.text.count(log_id) for log_id in UNKNOWN[:3]] == [1, 1, 1]
    assert ids_of(message, actions.RETRY) == UNKNOWN[:3]
    assert button_labels(message) == [texts.RETRY]


@pytest.mark.parametrize(
    ("text", "label", "found"),
    [
        (TICKET, "+1 206-555-3434", DOCUMENTED),
        (f"{UNKNOWN[0]} {UNKNOWN[1]} from 206.555.3434", "+1 206-555-3434", DOCUMENTED),
        (f"parent={UNKNOWN[0]}&From=%2B12065553434", "+1 206-555-3434", DOCUMENTED),
        (f"{UNKNOWN[0]} to {SIP}", SIP, "add00000-0000-4000-8000-000000000001"),
    ],
    ids=["ticket", "two ids", "form", "SIP address"],
)
async def test_search_for_numbers_is_offered_beside_try_again(
    world: World, text: str, label: str, found: str
) -> None:
    message = await world.reply_to(text)

    assert button_labels(message) == [texts.RETRY, f"Find calls with {label}"]
    clicked = only(await world.click(message, actions.FIND_NUMBER))
    assert found in row_ids(clicked)
    assert clicked.ts != message.ts


async def test_offer_stays_if_a_retry_finds_nothing(world: World) -> None:
    message = await world.reply_to(TICKET)
    again = only(await world.click(message, actions.RETRY))

    assert again.ts == message.ts
    assert button_labels(again) == button_labels(message)
    assert row_ids(only(await world.click(again, actions.FIND_NUMBER))) == [DOCUMENTED]


async def test_expired_numbers_are_not_offered_again(world: World) -> None:
    message = await world.reply_to(TICKET)
    world.clock.time += timedelta(days=2)

    assert button_labels(only(await world.click(message, actions.RETRY))) == [texts.RETRY]


async def test_offered_number_is_masked_where_numbers_always_are(open_world: OpenWorld) -> None:
    world = await open_world(environment={"MASK_NUMBERS": "always"})
    message = await world.reply_to(TICKET)
    again = only(await world.click(message, actions.RETRY))

    for shown in (message, again):
        assert button_labels(shown) == [texts.RETRY, "Find calls with +1 ••••••••34"]
        assert "3434" not in to_json(shown)  # a sealed value is too random for fewer digits


async def test_number_is_not_offered_beside_a_card(world: World) -> None:
    message = await world.reply_to(f"{DOCUMENTED} {UNKNOWN[0]} +1 206-555-3434")

    assert button_labels(message) == texts.CARD_LABELS


# ── IDs of other things ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"see https://{RECORDING}", "files.signalwire.com/…/9e8d7c6b.wav is a recording's URL"),
        (f"call CA{'0123456789abcdef' * 2} failed", "is a Twilio call SID, not a SignalWire ID."),
        (f"call {DOCUMENTED[:-1]}", f"{DOCUMENTED[:-1]} has 31 digits, but an ID has 32."),
        (f"call {DOCUMENTED}0 dropped", f"{DOCUMENTED}0 has 33 digits, but an ID has 32."),
    ],
    ids=["recording", "Twilio", "a digit too few", "a digit too many"],
)
async def test_kinds_of_other_ids_are_named(world: World, text: str, note: str) -> None:
    message = await world.reply_to(text)

    assert note in message.text
    assert mrkdwn_to_text(WHERE_IDS_ARE) in message.text
    assert button_labels(message) == [texts.FIND_FORM]
    assert world.requested_ids == []

    with_number = await world.reply_to(f"{text} +1 206 555 3434")
    assert note in with_number.text
    assert mrkdwn_to_text(WHERE_IDS_ARE) in with_number.text
    assert [button.action_id for button in buttons(with_number)] == [actions.FIND_NUMBER]


@pytest.mark.parametrize(
    ("label", "thing"),
    [
        ("space_id", "a space"),
        ("project_id", "a project or an account"),
        ("recording_id", "a recording"),
        ("ticket", "something else, such as a request or a ticket"),
    ],
)
async def test_label_of_an_id_without_a_log_is_explained(
    world: World, label: str, thing: str
) -> None:
    message = await world.reply_to(f"{label}: {UNKNOWN[0]}")

    assert message.text.startswith(f"{texts.NOT_FOUND}.")
    assert f"It's labeled as the ID of {thing}." in message.text
    assert mrkdwn_to_text(WHERE_IDS_ARE) in message.text
    assert button_labels(message) == [texts.RETRY, texts.FIND_FORM]


# ── More than ten ─────────────────────────────────────────────────────────────────────────────


async def test_ids_beyond_ten_are_looked_up_with_a_button(world: World) -> None:
    message = await world.reply_to("\n".join(LOGS[:26]))
    assert sorted(world.requested_ids) == sorted(LOGS[:10])
    assert ids_of(message) == LOGS[:10]
    assert left_out(16) in message.text
    assert button_labels(message)[-1] == "Look up the next 10"

    second = only(await world.click(message, actions.LOOK_UP_REST))
    assert ids_of(second) == LOGS[10:20]
    assert second.ts != message.ts
    assert button_labels(second)[-1] == "Look up the other 6"

    third = only(await world.click(second, actions.LOOK_UP_REST))
    assert ids_of(third) == LOGS[20:26]
    assert not values_of(third, actions.LOOK_UP_REST)


async def test_cards_of_further_ids_are_shared_in_the_thread_of_the_message(world: World) -> None:
    in_thread = {"text": "\n".join(LOGS[:12]), "ts": "1.2", "thread_ts": "1764000000.000100"}
    message = only(await world.use_shortcut(in_thread))
    rest = only(await world.click(message, actions.LOOK_UP_REST))

    assert values_of(message, actions.LOOK_UP_REST) == [f"{LOGS[10]} {LOGS[11]} 1764000000.000100"]
    assert row_ids(rest) == [f"{log_id} 1764000000.000100" for log_id in LOGS[10:12]]


async def test_hundred_ids_are_within_slacks_limits(world: World) -> None:
    message = await world.reply_to("\n".join(UNKNOWN))

    assert ids_of(message, actions.LOOK_UP_REST) == UNKNOWN[10 : 10 + actions.IDS_IN_VALUE_LIMIT]
    assert left_out(90) in message.text
    assert all(len(button.value) <= VALUE_LIMIT for button in buttons(message))
