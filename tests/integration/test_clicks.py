"""Every button and menu option: each click has an effect once, and always gets a response."""

import pytest
import pytest_asyncio

from bot.ui import actions
from tests.integration.clickable import (
    ELSEWHERE,
    FOREIGN,
    IN_MESSAGES,
    IN_MODALS,
    MALFORMED,
    METADATA,
    NOT_SEALED,
    WITH_A_LOG,
    Click,
    action_with,
    activity,
    button_click,
    click_in,
    click_on,
    in_messages,
    in_modals,
    message_with,
    modal_with,
    option_click,
    rendered_modal,
)
from tests.integration.harness import OpenWorld, World
from tests.support import texts
from tests.support.reading import button_values, only, request_id_in
from tests.support.samples import ACTION_IDS, CHANNEL, COLLEAGUE, DOCUMENTED, SUPPORT, THREAD


@pytest.fixture
def world(shared_world: World) -> World:
    return shared_world


async def test_every_action_id_is_clicked() -> None:
    several = (actions.FIND_NUMBER, actions.SEARCH_WIDER)
    numbered = {f"{action_id}_{number}" for action_id in several for number in (2, 3)}
    clicked = {click.action_id for click in (*IN_MESSAGES, *IN_MODALS)}
    clicked |= {click.value.partition(" ")[0] for click in IN_MESSAGES if click.chosen}

    assert clicked == ({*ACTION_IDS} | numbered) - {actions.FORM, actions.OPEN_DASHBOARD}


@in_messages
async def test_redelivered_click_on_a_message_has_no_effect(world: World, clicked: Click) -> None:
    before = activity(world)
    interaction = await click_on(world, message_with(world, clicked), clicked)
    counts = activity(world, interaction)
    await world.redeliver(interaction)

    assert activity(world, interaction) == counts != before


@in_modals
async def test_redelivered_click_in_a_modal_has_no_effect(world: World, clicked: Click) -> None:
    before = activity(world)
    interaction = await click_in(world, modal_with(world, clicked), clicked)
    counts = activity(world, interaction)
    await world.redeliver(interaction)

    assert activity(world, interaction) == counts != before


@in_messages
async def test_foreign_response_url_gets_nothing(world: World, clicked: Click) -> None:
    before, lines = activity(world), len(world.log.problems("error"))
    world.alter_payloads({"response_url": FOREIGN})
    await click_on(world, message_with(world, clicked), clicked)
    events = {event for event, _ in world.log.problems("error")[lines:]}

    starts_work = clicked.value != NOT_SEALED and clicked.action_id != actions.HELP
    selecting = {"response_url.host_rejected"} if starts_work else set[str]()
    assert events == {"reply.host_rejected"} | selecting
    assert activity(world) == before


@pytest.mark.parametrize(
    "clicked",
    [
        *(
            button_click("voicelog_again", value)
            for value in ("", DOCUMENTED, "seven", f"{DOCUMENTED} {THREAD}")
        ),
        *(
            option_click(value)
            for value in ("voicelog_gone x", "voicelog_gone", "gone", DOCUMENTED)
        ),
    ],
    ids=lambda clicked: f"{clicked.action_id} {clicked.value}",
)
async def test_click_on_an_element_of_another_version_shows_help(
    world: World, clicked: Click
) -> None:
    message = message_with(world, clicked)
    reply = only(await click_on(world, message, clicked))

    assert reply.text.startswith(f"{texts.HELP}.")
    assert reply.ts != message.ts


async def test_click_on_an_element_of_another_app_gets_no_reply(world: World) -> None:
    message = message_with(world, button_click("another_apps_button", DOCUMENTED))
    interaction = await world.until_idle(world.slack.click(message, "another_apps_button"))

    assert interaction.posts == []
    assert interaction.ack_status == 404
    assert world.log.lines("request.unhandled", kind="block_actions")


@pytest.mark.parametrize("value", MALFORMED, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("action_id", WITH_A_LOG)
async def test_value_without_an_id_gets_a_reply_and_nothing_is_requested(
    world: World, action_id: str, value: str
) -> None:
    before, clicked = len(world.requested_ids), button_click(actions.DETAILS)
    action = action_with(action_id, value) | {"action_ts": world.slack.new_ts()}
    world.alter_payloads({"actions": [action]})
    reply = only(await click_on(world, message_with(world, clicked), clicked))

    assert reply.payload["replace_original"] is False
    assert "None" not in reply.text
    assert len(world.requested_ids) == before


@pytest.mark.parametrize("page", ["", "0", "-1", "seven", "٣", "1" * 500, "99999"])
@pytest.mark.parametrize("action_id", [actions.PAGE, actions.RAW, actions.RAW_BACK])
async def test_invalid_page_number_shows_an_existing_page(
    world: World, action_id: str, page: str
) -> None:
    clicked = button_click(action_id, page)
    await click_in(world, modal_with(world, clicked), clicked)

    assert DOCUMENTED in rendered_modal(world) or texts.COMPLETED in rendered_modal(world)


@pytest.mark.parametrize(
    ("clicked", "metadata"),
    [
        (button_click(actions.CARD, "not-an-id"), METADATA),
        (button_click(actions.DETAILS, "not-an-id"), METADATA),
        (button_click("voicelog_again", DOCUMENTED), METADATA),
        (button_click(actions.PAGE, "1"), "{"),
        (button_click(actions.PAGE, "1"), '{"log": "seven"}'),
    ],
)
async def test_click_in_a_malformed_modal_changes_the_modal(
    world: World, clicked: Click, metadata: str
) -> None:
    view = modal_with(world, clicked, metadata=metadata)
    before = rendered_modal(world)
    await click_in(world, view, clicked)

    assert rendered_modal(world) != before


@pytest.mark.parametrize("thread", ["", "x", "1.2.3", "1795000001", "../..", "1." + "1" * 40])
async def test_malformed_thread_is_not_posted_to(world: World, thread: str) -> None:
    clicked = button_click(actions.SHARE, f"{DOCUMENTED} {thread}".rstrip())
    interaction = await click_on(world, message_with(world, clicked), clicked)

    assert interaction.accepted != []
    assert all("thread_ts" not in message.payload for message in interaction.accepted)


# ── Without access ────────────────────────────────────────────────────────────────────────────


@pytest_asyncio.fixture(loop_scope="module")
async def strict_world(open_world: OpenWorld) -> World:
    """A world in which only one user may look up voice logs, and only in one channel."""
    return await open_world(environment={"ALLOWED_USERS": SUPPORT, "ALLOWED_CHANNELS": CHANNEL})


@in_messages
@pytest.mark.parametrize("is_public", [True, False], ids=["public", "private"])
async def test_denied_user_gets_an_ephemeral_error(
    strict_world: World,
    clicked: Click,
    is_public: bool,  # noqa: FBT001
) -> None:
    before = activity(strict_world)
    message = message_with(strict_world, clicked, is_public=is_public)
    interaction = await click_on(strict_world, message, clicked, COLLEAGUE)
    reply = only(interaction)

    assert reply.text.startswith(f"{texts.DENIED}.")
    assert reply.ts != message.ts
    assert reply.payload["replace_original"] is False
    assert button_values(reply) == []
    assert activity(strict_world) == before
    (line,) = strict_world.log.lines(request_id=request_id_in(reply))
    assert (str(line["event"]).partition(".")[2], line["outcome"]) == ("denied", "user")


@in_modals
@pytest.mark.parametrize(
    ("user_id", "metadata"), [(COLLEAGUE, METADATA), (SUPPORT, ELSEWHERE)], ids=["user", "channel"]
)
async def test_denied_user_gets_an_error_in_the_modal(
    strict_world: World, clicked: Click, user_id: str, metadata: str
) -> None:
    """Its channel is the one in which it was opened."""
    view = modal_with(strict_world, clicked, user_id=user_id, metadata=metadata)
    interaction = await click_in(strict_world, view, clicked)

    assert texts.DENIED in rendered_modal(strict_world, user_id)
    assert interaction.posts == []
    assert strict_world.paths == []
