"""Many people at once: no more is begun than the bot has room for, and everyone gets a turn."""

import asyncio
import json

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.app import Limits
from bot.slack import views
from bot.ui import actions
from tests.integration.harness import DOCUMENTED, OpenWorld, World, only
from tests.integration.modal_helpers import Doorway
from tests.integration.search_helpers import labels, texts

pytestmark = pytest.mark.asyncio(loop_scope="module")

BUSY = "The bot is busy."
ALICE, BOB = "U0ALICE", "U0BOB"


def an_id(number: int) -> str:
    return f"c0de0000-0000-4000-8000-{number:012}"


def ids(first: int, count: int) -> str:
    return " ".join(an_id(number) for number in range(first, first + count))


async def asked_for(world: World, count: int) -> list[str]:
    """What SignalWire was asked for, as soon as it is so much; and a while later, no more."""
    async with asyncio.timeout(10):
        while len(world.asked_for) < count:  # noqa: ASYNC110 - the sandbox has no event for it
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.05)
    return world.asked_for


async def test_no_more_lookups_are_under_way_than_there_is_room_for(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for number in range(20):
        await world.slack.command(an_id(number), user_id=f"U{number}")
    assert len(await asked_for(world, 4)) == 4
    world.release_answers()
    await world.idle()
    assert len(set(world.asked_for)) == 20


async def test_fifty_ids_of_one_person_dont_keep_another_waiting(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    assert len(await asked_for(world, 2)) == 2
    bobs = await world.slack.command(an_id(99), user_id=BOB)
    assert an_id(99) in await asked_for(world, 3)
    world.release_answers()
    await world.idle()
    assert only(bobs).text.startswith("No such voice log.")


async def test_with_every_place_taken_the_next_goes_to_whoever_had_none(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(lookups=1))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    await world.slack.command(an_id(99), user_id=BOB)
    world.release_answers()
    await world.idle()
    assert world.asked_for.index(an_id(99)) <= 2
    assert len(world.asked_for) == 51


async def test_who_cannot_be_served_in_time_is_told_at_once(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(lookups=1, lookups_waiting=2))
    world.hold_answers()
    served = [await world.slack.command(an_id(n), user_id=f"U{n}") for n in range(3)]
    late = await world.slack.command(an_id(3), user_id="U3")
    told = await late.wait_for_message()
    assert told.text.startswith(BUSY)
    assert "Try again" in json.dumps(told.blocks)
    assert an_id(3) not in world.asked_for
    assert not any(exchange.posts for exchange in served)
    world.release_answers()
    await world.idle()
    assert {only(exchange).text.splitlines()[0] for exchange in served} == {"No such voice log."}


async def test_who_comes_when_too_many_are_served_is_told_in_the_acknowledgement(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(tasks=2))
    world.hold_answers()
    for number in range(2):
        await world.slack.command(an_id(number), user_id=f"U{number}")
    late = await world.slack.command(an_id(2), user_id="U2")
    assert json.loads(late.ack_body)["text"].startswith(BUSY)
    world.release_answers()
    await world.idle()
    assert only(await world.type(an_id(2), user_id="U2")).text.startswith("No such voice log.")


async def test_an_id_that_waits_in_anothers_flood_is_looked_up_in_its_own_turn(
    open_world: OpenWorld,
) -> None:
    world = await open_world(limits=Limits(lookups=4))
    world.hold_answers()
    for command in range(5):
        await world.slack.command(ids(10 * command, 10), user_id=ALICE)
    assert an_id(49) not in await asked_for(world, 2)
    await world.slack.command(an_id(49), user_id=BOB)
    assert an_id(49) in await asked_for(world, 3)
    world.release_answers()
    await world.idle()


# ── Windows ───────────────────────────────────────────────────────────────────────────────────


class Counting:
    """A door before `views.*` that counts who stands at it, and the most there ever were."""

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.at_once = self.most = 0

    def __call__(self, app: ASGIApp) -> ASGIApp:
        """Slack behind the door."""

        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if "/api/views." not in scope.get("path", ""):
                await app(scope, receive, send)
                return
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            try:
                await self.door.wait()
                await app(scope, receive, send)
            finally:
                self.at_once -= 1

        return guarded


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trigger is too old after a twentieth of a second."""
    monkeypatch.setattr(views, "TRIGGER_WAIT_SECONDS", 0.05)


@pytest.mark.usefixtures("hasty")
async def test_everyone_hears_something_of_more_clicks_than_windows_can_be_opened(
    open_world: OpenWorld,
) -> None:
    slack = Counting()
    world = await open_world(limits=Limits(views=4), slack_front=slack)
    people = [f"U{number}" for number in range(20)]
    cards = [await world.answer(DOCUMENTED, user_id=person) for person in people]
    clicks = [
        await world.slack.click(card, actions.DETAILS, user_id=person)
        for person, card in zip(people, cards, strict=True)
    ]
    told = [await click.wait_for_message() for click in clicks[4:]]
    assert slack.most == 4
    slack.door.set()
    await world.idle()
    assert slack.most == 4
    assert {message.text.splitlines()[0] for message in told} == {"The window didn't open."}
    assert [len(click.posts) for click in clicks] == [0] * 4 + [1] * 16
    assert [bool(world.slack.modals(person)) for person in people] == [True] * 4 + [False] * 16


@pytest.mark.usefixtures("hasty")
async def test_one_persons_clicks_dont_keep_anothers_window_from_opening(
    open_world: OpenWorld,
) -> None:
    slack = Counting()
    world = await open_world(limits=Limits(views=4), slack_front=slack)
    card = await world.answer(DOCUMENTED, user_id=ALICE)
    for _ in range(9):
        await world.slack.click(card, actions.DETAILS, user_id=ALICE)
    theirs = await world.answer(DOCUMENTED, user_id=BOB)
    bobs = await world.slack.click(theirs, actions.DETAILS, user_id=BOB)
    slack.door.set()
    await world.idle()
    assert bobs.posts == []
    assert world.slack.modal(BOB) is not None


@pytest.mark.usefixtures("hasty")
async def test_who_has_nothing_but_a_window_is_told_in_it(open_world: OpenWorld) -> None:
    slack = Counting()
    world = await open_world(limits=Limits(views=1), slack_front=slack)
    slack.door.set()
    await world.slack.global_shortcut(user_id=BOB)
    form = await world.slack.wait_for_modal(BOB)
    await world.slack.submit(form, {"words": "inbound"}, user_id=BOB)
    await world.idle()
    results = world.slack.modal(BOB)
    assert results is not None
    card = await world.answer(DOCUMENTED, user_id=ALICE)
    slack.door.clear()
    await world.slack.click(card, actions.DETAILS, user_id=ALICE)
    await world.slack.click_in_view(results, actions.CARD)
    await world.log.line("view.failed", reason="busy")
    slack.door.set()
    await world.idle()
    [told] = world.slack.modals(BOB)
    assert "The window didn't open" in texts(told.blocks)


@pytest.mark.usefixtures("hasty")
@pytest.mark.parametrize("from_home", [True, False])
async def test_who_has_no_window_either_is_told_on_the_home_tab(
    open_world: OpenWorld, *, from_home: bool
) -> None:
    slack = Counting()
    world = await open_world(limits=Limits(views=1), slack_front=slack)
    slack.door.set()
    await world.slack.open_home(BOB)
    await world.idle()
    before = world.slack.home_tab(BOB)
    assert before is not None
    card = await world.answer(DOCUMENTED, user_id=ALICE)
    slack.door.clear()
    await world.slack.click(card, actions.DETAILS, user_id=ALICE)
    if from_home:
        await world.slack.click_in_view(before, actions.FIND_FORM)
    else:
        await world.slack.global_shortcut(user_id=BOB)
    await world.log.line("view.failed", reason="busy")
    slack.door.set()
    await world.idle()
    home = world.slack.home_tab(BOB)
    assert home is not None
    assert "The window didn't open" in texts(home.blocks)
    assert "Find a call" in labels(home.blocks)
    await world.slack.open_home(BOB)
    await world.idle()
    again = world.slack.home_tab(BOB)
    assert again is not None
    assert texts(again.blocks) == texts(before.blocks)


# ── What is under way for one person ──────────────────────────────────────────────────────────


async def test_one_person_cannot_take_every_place(open_world: OpenWorld) -> None:
    world = await open_world(limits=Limits(tasks=20, tasks_per_user=5))
    world.hold_answers()
    alices = [await world.slack.command(an_id(n), user_id=ALICE) for n in range(50)]
    bobs = await world.slack.command(an_id(99), user_id=BOB)
    assert [bool(each.ack_body) for each in alices] == [False] * 5 + [True] * 45
    for each in alices[5:]:
        assert only(each).text.startswith(f"{BUSY}\nToo much of what you asked for")
    world.release_answers()
    await world.idle()
    assert only(bobs).text.startswith("No such voice log.")
    assert only(await world.type(an_id(0), user_id=ALICE)).text.startswith("No such voice log.")


async def test_what_one_person_is_told_takes_no_place_of_anothers(open_world: OpenWorld) -> None:
    slack = Doorway("")
    world = await open_world(limits=Limits(tasks=20, tasks_per_user=5), slack_front=slack)
    card = await world.answer(DOCUMENTED, user_id=ALICE)
    slack.shut()
    clicks = [await world.slack.click(card, actions.REFRESH, user_id=ALICE) for _ in range(30)]
    # Five are begun and five told; of the others, Slack itself says that they came to nothing.
    assert [each.ack_status for each in clicks] == [200] * 10 + [503] * 20
    bobs = await world.slack.command(DOCUMENTED, user_id=BOB)
    assert (bobs.ack_status, bobs.ack_body) == (200, "")
    slack.open()
    await world.idle()
    assert only(bobs).text.startswith("Completed")
    assert all(each.posts for each in clicks[:10])
