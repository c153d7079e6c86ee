"""Slack responds slowly, and the bot's own time limits end it; retries really wait."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Final

import pytest
import pytest_asyncio
import stamina

from bot.runtime.http_client import URL, new_client
from bot.services import health
from bot.services.progress import PROGRESS_AFTER_SECONDS
from bot.ui import actions, notices
from tests.e2e.bot_process import until
from tests.network import misbehaviors
from tests.network.faulty_server import Behavior, forward
from tests.network.harness import REPLY_SECONDS, FaultyNetwork, open_network
from tests.support.reading import is_loaded, only
from tests.support.samples import DOCUMENTED, ENDED

pytestmark = pytest.mark.slow

CARD = "Completed · 10 s"
REPLIES = "/response/"


SLOW: Final[Mapping[str, Behavior]] = {
    "silence before the headers": misbehaviors.stall,
    "silence in the body": misbehaviors.after_handling(misbehaviors.STALLS["silence in the body"]),
    "a body that drips": misbehaviors.after_handling(misbehaviors.drip_body(1.0)),
    "hints without end": misbehaviors.after_handling(misbehaviors.send_early_hints(1.0)),
}


@pytest.fixture(autouse=True)
def real_retry_waits() -> Iterator[None]:
    """Make retries really wait."""
    with stamina.set_testing(testing=False):
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened_network() -> AsyncIterator[FaultyNetwork]:
    """A bot with its default settings."""
    async with open_network(progress_after=PROGRESS_AFTER_SECONDS) as opened:
        yield opened


async def assert_works_meanwhile(network: FaultyNetwork) -> None:
    """Assert that another user gets a reply at once."""
    interaction = await network.world.slack.command(DOCUMENTED, user_id="U0OTHER")
    await interaction.wait_for_message(timeout=REPLY_SECONDS)
    assert only(interaction).text.startswith(CARD)


async def test_slow_posts_are_delivered_and_delay_no_other_user(network: FaultyNetwork) -> None:
    since, posts = len(network.world.log.lines()), network.slack.count(REPLIES)
    network.slack.plan(REPLIES, SLOW.values())
    slow = [
        await network.world.slack.command(ENDED, user_id=f"U0WAITS{number}")
        for number in range(len(SLOW))
    ]
    await until(lambda: network.slack.count(REPLIES) - posts == len(slow))
    await assert_works_meanwhile(network)

    async with asyncio.timeout(REPLY_SECONDS):
        await network.world.bot.tasks.join()
    # A message that Slack accepted without a timely response appears twice.
    texts = [[message.text for message in interaction.messages] for interaction in slow]
    assert [len(each) in {1, 2} and all(ENDED in text for text in each) for each in texts] == [
        True
    ] * len(slow)
    assert network.slack.count(REPLIES) - posts == 2 * len(slow) + 1
    assert network.warnings(since) == []


async def test_a_post_that_never_succeeds_is_logged_once(network: FaultyNetwork) -> None:
    since, posts = len(network.world.log.lines()), network.slack.count(REPLIES)
    network.slack.always(REPLIES, misbehaviors.stall)
    interaction = await network.world.slack.command(ENDED, user_id="U0WAITS")
    await until(lambda: network.slack.count(REPLIES) > posts)
    network.slack.clear_plans()
    network.slack.always(interaction.token, misbehaviors.stall)
    await assert_works_meanwhile(network)

    async with asyncio.timeout(3 * REPLY_SECONDS):
        await network.world.bot.tasks.join()
    assert interaction.messages == []
    assert network.slack.count(interaction.token) == 3
    (line,) = network.warnings(since)
    assert (line["event"], line["reason"]) == ("reply.failed", "TimeoutError")


async def test_slow_modals_leave_no_user_without_a_reply(network: FaultyNetwork) -> None:
    since, slack = len(network.world.log.lines()), network.world.slack
    cards = [await network.look_up(DOCUMENTED, user_id=user) for user in ("U0OPENS", "U0FILLS")]
    network.slack.plan("views.open", [misbehaviors.stall, forward])
    network.slack.plan("views.update", [misbehaviors.drip_body(1.0)])
    network.slack.plan("views.publish", [misbehaviors.STALLS["silence in the headers"]])
    failed = await slack.click(cards[0], actions.DETAILS, user_id="U0OPENS")
    await until(lambda: network.slack.count("views.open") > 0)
    await slack.click(cards[1], actions.DETAILS, user_id="U0FILLS")
    await slack.open_home("U0HOME")
    await assert_works_meanwhile(network)

    async with asyncio.timeout(2 * REPLY_SECONDS):
        await network.world.bot.tasks.join()
    assert only(failed).text.startswith(f"{notices.MODAL_FAILED}.")
    assert is_loaded(network.world.modal("U0FILLS"))
    assert slack.home_tab("U0HOME") is not None
    (line,) = network.warnings(since)
    assert (line["event"], line["reason"]) == ("view.failed", "TimeoutError")


async def test_a_slow_token_check_times_out(network: FaultyNetwork) -> None:
    network.slack.plan(
        "auth.test",
        [misbehaviors.stall, misbehaviors.drip_headers(1.0), misbehaviors.drip_body(1.0)],
    )
    async with new_client() as http, asyncio.timeout(REPLY_SECONDS):
        api = URL(f"{network.slack.url}/api/")
        checks = [health.slack(http, api, network.world.slack_token) for _ in range(3)]
        findings = await asyncio.gather(*checks)
        assert {finding.message for finding in findings} == {"can't be reached (TimeoutError)"}
        assert not any(finding.ok or finding.permanent for finding in findings)
        assert (await health.slack(http, api, network.world.slack_token)).ok
