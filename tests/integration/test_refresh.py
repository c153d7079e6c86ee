"""**Refresh** replaces the card with a current one."""

import pytest

from bot.dev.emulator.signalwire.catalog import catalog
from bot.ui import actions
from tests.integration.harness import World
from tests.support import texts
from tests.support.reading import button_labels, only, rendered, value_with
from tests.support.samples import CHANNEL, DOCUMENTED, ENDED, LIVE, NOW


def live_headline(seconds: float) -> str:
    """Return the headline of the live call so long after its start."""
    (entry,) = [entry for entry in catalog(NOW) if entry.id == LIVE]
    assert entry.timeline is not None
    return texts.headline(entry.timeline(seconds).body)


async def test_card_is_replaced_and_says_when(world: World) -> None:
    interaction, before = await world.card()
    clicked = await world.click(before, actions.REFRESH)
    after = only(clicked)

    assert only(interaction) == after
    assert after.ts == before.ts
    assert button_labels(after) == button_labels(before) == texts.CARD_LABELS
    assert after.text.splitlines()[:-1] == before.text.splitlines()
    assert after.text.splitlines()[-1] == f"{texts.UPDATED} 2026-11-02 15:30:00 UTC"
    assert rendered(after).endswith(f"{texts.UPDATED} 2026-11-02 15:30:00 UTC")
    world.clock.advance(7 * 60)
    await world.click(after, actions.REFRESH)
    assert only(interaction).text.count(texts.UPDATED) == 1
    assert only(interaction).text.endswith("15:37:00 UTC")
    lines = world.log.lines("refresh.done")
    assert [(line["id"], line["outcome"], line["channel"]) for line in lines] == [
        (DOCUMENTED, "found", CHANNEL)
    ] * 2


async def test_live_leg_is_refreshed_from_the_menu(world: World) -> None:
    interaction, queued = await world.card(LIVE)
    assert button_labels(queued) == [
        *(texts.DETAILS, texts.FOLLOW, texts.SHARE, texts.LEGS),
        *(actions.COPY_AS_TEXT, texts.REFRESH),
    ]
    assert queued.text.startswith(live_headline(0))
    for passed, elapsed in ((3, 3), (62, 65)):
        world.clock.advance(passed)
        menu = f"{actions.REFRESH} {LIVE}"
        await world.click(only(interaction), actions.OVERFLOW, value=menu)
        assert only(interaction).text.startswith(live_headline(elapsed))

    assert button_labels(only(interaction)) == texts.CARD_LABELS


@pytest.mark.parametrize(
    ("status", "title"),
    [(404, texts.NOT_FOUND), (401, texts.UNAUTHORIZED), (500, texts.server_error(500))],
)
async def test_failed_refresh_leaves_the_card(world: World, status: int, title: str) -> None:
    interaction, before = await world.card()
    world.lookups.fail(status, 1)
    error = only(await world.click(before, actions.REFRESH))

    assert error.text.startswith(f"{title}.")
    assert error.ts != before.ts
    assert only(interaction) == before


async def test_expired_response_url_is_one_error_line(world: World) -> None:
    interaction, before = await world.card()
    async with world.holding_responses():
        clicked = await world.slack.click(before, actions.REFRESH)
        world.clock.advance(31 * 60)

    assert [(post.status, post.response) for post in clicked.posts] == [(404, "expired_url")]
    assert world.log.problems("error") == [("reply.failed", "404 expired_url")]
    assert only(interaction) == before
    assert (await world.ask(DOCUMENTED)).text.startswith(texts.COMPLETED)


async def test_card_of_a_row_is_refreshed_and_the_rows_stay(world: World) -> None:
    interaction, rows = await world.card(f"{DOCUMENTED} {ENDED}")
    opened = await world.click(rows, actions.CARD, value=value_with(rows, ENDED))
    await world.click(only(opened), actions.REFRESH)

    assert texts.UPDATED in only(opened).text
    assert only(interaction) == rows
