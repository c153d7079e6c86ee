"""What holds for every button and menu option: a click counts once, and is always answered."""

from dataclasses import replace

import pytest

from bot.ui import actions
from tests.integration.clickable import (
    FOREIGN,
    IN_MESSAGES,
    IN_MODALS,
    MALFORMED,
    METADATA,
    NOT_SEALED,
    WITH_A_LOG,
    Click,
    a_button,
    an_option,
    click_in,
    click_on,
    in_messages,
    in_modals,
    message_with,
    modal_with,
    payload_of,
    post_payload,
    shown,
    work_done,
)
from tests.integration.harness import World, only
from tests.integration.user_actions import (
    assert_no_number_in_values,
    redeliver,
)
from tests.support import texts
from tests.support.reading import button_values
from tests.support.samples import (
    DOCUMENTED,
    ENDED,
    LIVE,
    NOT_FOUND,
    SUPPORT,
    THREAD,
)


async def test_each_action_id_is_clicked_here() -> None:
    names = {
        value
        for value in vars(actions).values()
        if isinstance(value, str) and value.startswith("voicelog_")
    }
    several = (actions.FIND_NUMBER, actions.SEARCH_WIDER)
    numbered = {f"{action_id}_{number}" for action_id in several for number in (2, 3)}
    clicked = {it.action_id for it in (*IN_MESSAGES, *IN_MODALS)}
    clicked |= {it.value.partition(" ")[0] for it in IN_MESSAGES if it.chosen}

    assert clicked == (names | numbered) - {actions.FORM, actions.OPEN_DASHBOARD}


@in_messages
async def test_click_on_a_message_delivered_twice_counts_once(world: World, clicked: Click) -> None:
    before = work_done(world)
    interaction = await click_on(world, message_with(world, clicked), clicked)
    done = work_done(world, interaction)
    await redeliver(world, interaction)

    assert work_done(world, interaction) == done != before


@in_modals
async def test_click_in_a_modal_delivered_twice_counts_once(world: World, clicked: Click) -> None:
    before = work_done(world)
    interaction = await click_in(world, modal_with(world, clicked), clicked)
    done = work_done(world, interaction)
    await redeliver(world, interaction)

    assert work_done(world, interaction) == done != before


@in_messages
async def test_foreign_response_url_gets_nothing(world: World, clicked: Click) -> None:
    before, lines = work_done(world), len(world.log.lines())
    await post_payload(world, payload_of(message_with(world, clicked), clicked, FOREIGN))
    events = {event for event, _ in world.log.error_lines(lines)}

    starts_work = clicked.value != NOT_SEALED and clicked.action_id != actions.HELP
    selecting = {"response_url.host_rejected"} if starts_work else set[str]()
    assert events == {"reply.host_rejected"} | selecting
    assert work_done(world) == before


@pytest.mark.parametrize(
    "clicked",
    [
        *(
            a_button("voicelog_again", v)
            for v in ("", DOCUMENTED, "seven", f"{DOCUMENTED} {THREAD}")
        ),
        *(an_option(value) for value in ("voicelog_gone x", "voicelog_gone", "gone", DOCUMENTED)),
    ],
    ids=lambda clicked: f"{clicked.action_id} {clicked.value}",
)
async def test_element_of_another_version_is_answered_with_help(
    world: World, clicked: Click
) -> None:
    message = message_with(world, clicked)
    told = only(await click_on(world, message, clicked))

    assert told.text.startswith(f"{texts.HELP}.")
    assert told.ts != message.ts


async def test_element_of_another_app_is_not_answered(world: World) -> None:
    message = message_with(world, a_button("another_apps_button", DOCUMENTED))
    interaction = await world.slack.click(message, "another_apps_button")
    await world.idle()

    assert interaction.posts == []
    assert interaction.ack_status == 404
    assert world.log.lines("request.unhandled", kind="block_actions")


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("action_id", WITH_A_LOG)
async def test_value_without_an_id_is_answered_and_nothing_requested(
    world: World, action_id: str, value: str
) -> None:
    before = len(world.requested_ids)
    is_legs = action_id == actions.LEGS
    clicked = an_option(f"{action_id} {value}") if is_legs else a_button(action_id)
    if not is_legs:  # not by the builder, which clips nothing but labels
        clicked = replace(clicked, element={**clicked.element, "value": value})
    message = message_with(world, clicked)
    interaction = await world.slack.command("help")
    await post_payload(world, payload_of(message, clicked, interaction.response_url))

    (told,) = interaction.accepted
    assert told.response_type == "ephemeral"
    assert told.payload["replace_original"] is False
    assert "None" not in told.text
    assert len(world.requested_ids) == before


@pytest.mark.parametrize("page", ["", "0", "-1", "seven", "٣", "1" * 500, "99999"])
@pytest.mark.parametrize("action_id", [actions.PAGE, actions.RAW, actions.RAW_BACK])
async def test_page_that_does_not_exist_shows_one_that_does(
    world: World, action_id: str, page: str
) -> None:
    clicked = a_button(action_id, page)
    await click_in(world, modal_with(world, clicked), clicked)

    assert DOCUMENTED in shown(world) or texts.COMPLETED in shown(world)


@pytest.mark.parametrize(
    ("clicked", "metadata"),
    [
        (a_button(actions.CARD, "not-an-id"), METADATA),
        (a_button(actions.DETAILS, "not-an-id"), METADATA),
        (a_button("voicelog_again", DOCUMENTED), METADATA),
        (a_button(actions.PAGE, "1"), "{"),
        (a_button(actions.PAGE, "1"), '{"log": "seven"}'),
    ],
)
async def test_click_in_a_malformed_modal_is_answered(
    world: World, clicked: Click, metadata: str
) -> None:
    view = modal_with(world, clicked, metadata=metadata)
    before = shown(world)
    await click_in(world, view, clicked)

    assert shown(world) != before


@pytest.mark.parametrize("thread", ["", "x", "1.2.3", "1795000001", "../..", "1." + "1" * 40])
async def test_malformed_thread_is_not_posted_to(world: World, thread: str) -> None:
    clicked = a_button(actions.SHARE, f"{DOCUMENTED} {thread}".rstrip())
    interaction = await click_on(world, message_with(world, clicked), clicked)

    assert interaction.accepted != []
    assert all("thread_ts" not in message.payload for message in interaction.accepted)


@pytest.mark.parametrize(
    "left_out", ["container", "channel", "trigger_id", "user.team_id", "team", "response_url"]
)
async def test_click_without_a_field_breaks_nothing(world: World, left_out: str) -> None:
    clicked = a_button(actions.REFRESH, DOCUMENTED)
    interaction = await world.slack.command("help")
    payload = payload_of(message_with(world, clicked), clicked, interaction.response_url)
    name, _, inner = left_out.partition(".")
    del payload[name]
    await post_payload(world, {**payload, **({"user": {"id": SUPPORT}} if inner else {})})

    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


@pytest.mark.parametrize(
    "text",
    [
        *(DOCUMENTED, LIVE, f"{DOCUMENTED} {ENDED}", NOT_FOUND),
        *("recent 3", "find 555 30d", "find +12065550100 30d", "+1 206 555 0100"),
    ],
)
async def test_no_value_holds_a_number_or_a_secret(world: World, text: str) -> None:
    message = await world.ask(text)

    assert button_values(message) != []
    assert_no_number_in_values(message)
    assert not [v for v in button_values(message) if any(one in v for one in world.secrets)]
