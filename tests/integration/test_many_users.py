"""Many users at once: the bot's limits hold, and no user delays another."""

import asyncio

import pytest

from bot.limits import Limits
from bot.slack import views
from bot.ui import actions, error_messages, errors
from tests.integration.harness import OpenWorld, World
from tests.integration.intercept import Interceptor
from tests.support import texts
from tests.support.reading import button_labels, only, rendered, request_id_in, values_of
from tests.support.samples import DOCUMENTED

ALICE, BOB = "U0ALICE", "U0BOB"


def log_id(number: int) -> str:
    return f"c0de0000-0000-4000-8000-{number:012}"


async def requested_ids(world: World, count: int) -> list[str]:
    """Wait until `count` logs are requested, and a moment longer; return their IDs."""
    async with asyncio.timeout(10):
        while len(world.requested_ids) < count:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    return world.requested_ids


@pytest.mark.parametrize("number", [99, 49], ids=["another ID", "one of the fifty"])
async def test_users_backlog_does_not_delay_another_user(
    open_world: OpenWorld, number: int
) -> None:
    world = await open_world(limits=Limits(lookups=4))
    async with world.holding_responses():
        for first in range(0, 50, 10):
            ten = " ".join(log_id(number) for number in range(first, first + 10))
            await world.slack.command(ten, user_id=ALICE)
        assert len(await requested_ids(world, 2)) == 2
        bobs = await world.slack.command(log_id(number), user_id=BOB)
        assert log_id(number) in await requested_ids(world, 3)
    assert only(bobs).text.startswith(f"{texts.NOT_FOUND}.")


async def test_lookups_beyond_the_queue_are_rejected_at_once(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=1, lookups_waiting=2))
    async with world.holding_responses():
        queued = [await world.slack.command(log_id(n), user_id=f"U{n}") for n in range(3)]
        late = await world.slack.command(log_id(3), user_id="U3")
        reply = await late.wait_for_message()
        assert reply.text.startswith(f"{texts.BUSY}.")
        assert values_of(reply, actions.RETRY) == [log_id(3)]
        assert log_id(3) not in world.requested_ids
        assert not any(interaction.posts for interaction in queued)
    for interaction in queued:
        assert only(interaction).text.startswith(f"{texts.NOT_FOUND}.")


@pytest.mark.parametrize(
    ("limits", "accepted", "users"),
    [
        (Limits(tasks=2), 2, [f"U{number}" for number in range(5)]),
        (Limits(tasks=20, tasks_per_user=5), 5, [ALICE] * 50),
    ],
    ids=["all users", "one user"],
)
async def test_further_commands_are_rejected_in_the_ack(
    open_world: OpenWorld, limits: Limits, accepted: int, users: list[str]
) -> None:
    world = await open_world(limits=limits)
    world.hold_responses()
    commands = [
        await world.slack.command(log_id(number), user_id=user) for number, user in enumerate(users)
    ]
    assert [bool(each.ack_body) for each in commands] == [
        *[False] * accepted,
        *[True] * (len(users) - accepted),
    ]
    is_per_user = limits.tasks > accepted
    problem = errors.BUSY_WITH_YOURS if is_per_user else errors.BUSY
    reason = "user limit" if is_per_user else "full"
    for rejected in map(only, commands[accepted:]):
        request_id = request_id_in(rejected)
        assert rejected.text == error_messages.message(problem, request_id).text
        assert world.log.lines("interaction.rejected", request_id=request_id, reason=reason)
    bobs = await world.slack.command(log_id(99), user_id=BOB) if is_per_user else None
    world.release_responses()
    await world.idle()
    assert bobs is None or only(bobs).text.startswith(f"{texts.NOT_FOUND}.")
    assert (await world.ask(log_id(0), user_id=users[0])).text.startswith(f"{texts.NOT_FOUND}.")


async def test_rejections_of_one_user_do_not_delay_another(open_world: OpenWorld) -> None:
    slack = Interceptor("")
    world = await open_world(limits=Limits(tasks=20, tasks_per_user=5), slack_middleware=slack)
    card = await world.ask(DOCUMENTED, user_id=ALICE)
    slack.hold()
    clicks = [await world.slack.click(card, actions.REFRESH, user_id=ALICE) for _ in range(30)]
    # Five are accepted, five rejections are being posted, and Slack reports the other commands.
    assert [each.ack_status for each in clicks] == [200] * 10 + [503] * 20
    bobs = await world.slack.command(DOCUMENTED, user_id=BOB)
    assert (bobs.ack_status, bobs.ack_body) == (200, "")
    slack.release()
    await world.idle()
    assert only(bobs).text.startswith(texts.COMPLETED)
    assert all(each.posts for each in clicks[:10])


# ── Modals ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def short_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot waits at most 50 ms to open a modal."""
    monkeypatch.setattr(views, "TRIGGER_WAIT_SECONDS", 0.05)


@pytest.mark.usefixtures("short_wait")
async def test_modals_are_limited_and_further_users_get_an_error(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(views=4))
    world.views.hold()
    users = [f"U{number}" for number in range(20)]
    cards = [await world.ask(DOCUMENTED, user_id=user) for user in users]
    clicks = [
        await world.slack.click(card, actions.DETAILS, user_id=user)
        for user, card in zip(users, cards, strict=True)
    ]
    replies = [await click.wait_for_message() for click in clicks[4:]]
    world.views.release()
    await world.idle()
    assert world.views.max_active == 4
    assert all(message.text.startswith(f"{texts.MODAL_FAILED}.") for message in replies)
    assert [len(click.posts) for click in clicks] == [0] * 4 + [1] * 16
    assert [bool(world.slack.modals(user)) for user in users] == [True] * 4 + [False] * 16


@pytest.mark.usefixtures("short_wait")
async def test_users_clicks_do_not_delay_another_users_modal(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(views=4))
    world.views.hold()
    alices = await world.ask(DOCUMENTED, user_id=ALICE)
    for _ in range(9):
        await world.slack.click(alices, actions.DETAILS, user_id=ALICE)
    bobs = await world.ask(DOCUMENTED, user_id=BOB)
    clicked = await world.slack.click(bobs, actions.DETAILS, user_id=BOB)
    world.views.release()
    await world.idle()
    assert clicked.posts == []
    assert world.slack.modal(BOB) is not None


@pytest.mark.usefixtures("short_wait")
@pytest.mark.parametrize("clicks_in", ["modal", "home", "shortcut"])
async def test_user_whose_modal_did_not_open_gets_the_error_in_another_view(
    open_world: OpenWorld, clicks_in: str
) -> None:
    """There is no response URL: the message is in the modal, or else on the Home tab."""
    world = await open_world(limits=Limits(views=1))
    before = await world.open_home(BOB)
    if clicks_in == "modal":
        results = await world.submit(await world.open_form(BOB), {"directions": "inbound"})
    card = await world.ask(DOCUMENTED, user_id=ALICE)
    world.views.hold()
    await world.slack.click(card, actions.DETAILS, user_id=ALICE)
    if clicks_in == "modal":
        await world.slack.click_in_view(results, actions.CARD)
    elif clicks_in == "home":
        await world.slack.click_in_view(before, actions.FIND_FORM)
    else:
        await world.slack.global_shortcut(user_id=BOB)
    await world.log.line("view.failed", reason="busy")
    world.views.release()
    await world.idle()
    if clicks_in == "modal":
        (view,) = world.slack.modals(BOB)
        assert texts.MODAL_FAILED in rendered(view)
        return
    assert texts.MODAL_FAILED in rendered(world.home_tab(BOB))
    assert button_labels(world.home_tab(BOB)) == [texts.FIND_FORM]
    assert texts.MODAL_FAILED not in rendered(await world.open_home(BOB))
