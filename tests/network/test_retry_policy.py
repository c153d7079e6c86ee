"""Slow responses, with the bot's default RetryPolicy: no user waits longer.

Many people ask at the same time, since each of these takes as long as the bot waits.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from types import MappingProxyType

import pytest
import pytest_asyncio
import stamina

from bot.runtime.http_client import new_session
from bot.services import health
from bot.services.progress import PROGRESS_AFTER_SECONDS
from bot.slack.web_client import web_client
from bot.ui import actions, notices
from bot.ui import errors as error_texts
from tests.e2e.bot_process import until
from tests.integration.harness import message_below_notice, only
from tests.integration.user_actions import modal_of
from tests.network import misbehaviors
from tests.network.faulty_server import Act, honest
from tests.network.harness import LONGEST_WAIT, Outside, outside_world
from tests.support import texts
from tests.support.reading import is_filled
from tests.support.samples import DOCUMENTED, ENDED

pytestmark = pytest.mark.slow

CARD = "Completed · 10 s"
UNAVAILABLE = f"{error_texts.UNAVAILABLE.title}."
SERVER_ERROR = f"{texts.server_error(503)}."
SLOW_DOWN = f"{error_texts.RATE_LIMITED.title}."
REPLIES = "/response/"


SLOW: Mapping[str, tuple[Act, str]] = MappingProxyType(
    {
        "silence before the headers": (misbehaviors.stall, UNAVAILABLE),
        "silence in the headers": (misbehaviors.stall_in_the_headers, UNAVAILABLE),
        "silence in the body": (misbehaviors.stall_in_the_body, UNAVAILABLE),
        "silence between chunks": (misbehaviors.stall_between_chunks, UNAVAILABLE),
        "a header that drips": (misbehaviors.drip_headers(1.0), UNAVAILABLE),
        "a body that drips": (misbehaviors.drip_body(1.0), UNAVAILABLE),
        "hints without end": (misbehaviors.hint(1.0), UNAVAILABLE),
        "a length too long": (misbehaviors.answer(200, b"{}", length=500), UNAVAILABLE),
        "503, and a pause that just fits": (misbehaviors.ask_to_wait(503, "6"), SERVER_ERROR),
        "429, and a pause that just fits": (misbehaviors.ask_to_wait(429, "6"), SLOW_DOWN),
    }
)
SLOW_SLACK: Mapping[str, Act] = MappingProxyType(
    {
        "silence before the headers": misbehaviors.stall,
        "silence in the body": misbehaviors.once_taken(misbehaviors.stall_in_the_body),
        "a body that drips": misbehaviors.once_taken(misbehaviors.drip_body(1.0)),
        "hints without end": misbehaviors.once_taken(misbehaviors.hint(1.0)),
    }
)


@pytest.fixture(autouse=True)
def real_pauses() -> Iterator[None]:
    """Retries really wait."""
    with stamina.set_testing(testing=False):
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def unhurried_world() -> AsyncIterator[Outside]:
    """A bot with its default settings."""
    async with outside_world(progress_after=PROGRESS_AFTER_SECONDS) as opened:
        yield opened


@pytest.fixture
def outside(unhurried_world: Outside) -> Iterator[Outside]:
    """The module's world."""
    yield unhurried_world
    unhurried_world.assert_left_as_it_was()


async def said_in_time(outside: Outside, log_id: str) -> str:
    """Look up a log; return the final reply, which follows a progress message."""
    interaction = await outside.world.slack.command(log_id, user_id=f"U0WAITS{log_id[-2:]}")
    await interaction.wait_for_message(count=2, timeout=LONGEST_WAIT)
    outside.assert_discreet(interaction)
    return message_below_notice(interaction).text.partition("\n")[0]


async def assert_works_meanwhile(outside: Outside) -> None:
    """Assert that another user's lookup is answered at once."""
    interaction = await outside.world.slack.command(DOCUMENTED, user_id="U0HASTY")
    await interaction.wait_for_message(timeout=LONGEST_WAIT)
    assert only(interaction).text.startswith(CARD)


async def test_users_get_a_reply_within_ten_seconds(
    outside: Outside,
) -> None:
    since = len(outside.world.log.lines())
    ids = {name: f"badca110-0000-4000-8000-{n:012d}" for n, name in enumerate(SLOW)}
    for name, (act, _) in SLOW.items():
        outside.signalwire.always(ids[name], act)
    said = [asyncio.create_task(said_in_time(outside, log_id)) for log_id in ids.values()]
    await asyncio.sleep(2)
    assert not any(task.done() for task in said)
    await assert_works_meanwhile(outside)

    titles = dict(zip(SLOW, await asyncio.gather(*said), strict=True))
    assert titles == {name: title for name, (_, title) in SLOW.items()}
    assert outside.complaints(since) == []
    await outside.assert_works()


async def test_slow_posts_are_delivered_and_delay_no_other_user(
    outside: Outside,
) -> None:
    since, posts = len(outside.world.log.lines()), outside.slack.count(REPLIES)
    outside.slack.plan(REPLIES, SLOW_SLACK.values())
    slow = [
        await outside.world.slack.command(ENDED, user_id=f"U0WAITS{number}")
        for number in range(len(SLOW_SLACK))
    ]
    await until(lambda: outside.slack.count(REPLIES) - posts == len(slow))
    await assert_works_meanwhile(outside)

    async with asyncio.timeout(LONGEST_WAIT):
        await outside.world.bot.tasks.join()
    # A message that Slack accepted without a timely response is there twice.
    texts = [[message.text for message in interaction.messages] for interaction in slow]
    assert [len(each) in {1, 2} and all(ENDED in text for text in each) for each in texts] == [
        True
    ] * len(slow)
    assert outside.slack.count(REPLIES) - posts == 2 * len(slow) + 1
    assert outside.complaints(since) == []


async def test_a_post_that_never_succeeds_is_logged_once(
    outside: Outside,
) -> None:
    since, posts = len(outside.world.log.lines()), outside.slack.count(REPLIES)
    outside.slack.always(REPLIES, misbehaviors.stall)
    interaction = await outside.world.slack.command(ENDED, user_id="U0WAITS")
    await until(lambda: outside.slack.count(REPLIES) > posts)
    outside.slack.relent()
    outside.slack.always(interaction.token, misbehaviors.stall)
    await assert_works_meanwhile(outside)

    async with asyncio.timeout(3 * LONGEST_WAIT):
        await outside.world.bot.tasks.join()
    assert interaction.messages == []
    assert outside.slack.count(interaction.token) == 3
    (line,) = outside.complaints(since)
    assert (line["event"], line["reason"]) == ("reply.failed", "TimeoutError")


async def test_slow_modals_leave_no_user_without_a_reply(
    outside: Outside,
) -> None:
    since, slack = len(outside.world.log.lines()), outside.world.slack
    cards = [await outside.look_up(DOCUMENTED, user_id=user) for user in ("U0OPENS", "U0FILLS")]
    outside.slack.plan("views.open", [misbehaviors.stall, honest])
    outside.slack.plan("views.update", [misbehaviors.drip_body(1.0)])
    outside.slack.plan("views.publish", [misbehaviors.stall_in_the_headers])
    told = await slack.click(cards[0], actions.DETAILS, user_id="U0OPENS")
    await until(lambda: outside.slack.count("views.open") > 0)
    await slack.click(cards[1], actions.DETAILS, user_id="U0FILLS")
    await slack.open_home("U0HOME")
    await assert_works_meanwhile(outside)

    async with asyncio.timeout(2 * LONGEST_WAIT):
        await outside.world.bot.tasks.join()
    assert only(told).text.startswith(f"{notices.MODAL_FAILED}.")
    assert is_filled(modal_of(outside.world, "U0FILLS"))
    assert slack.home_tab("U0HOME") is not None
    (line,) = outside.complaints(since)
    assert (line["event"], line["reason"]) == ("view.failed", "TimeoutError")


async def test_a_slow_token_check_times_out(
    outside: Outside,
) -> None:
    outside.slack.plan(
        "auth.test",
        [misbehaviors.stall, misbehaviors.drip_headers(1.0), misbehaviors.drip_body(1.0)],
    )
    async with new_session() as session, asyncio.timeout(LONGEST_WAIT):
        web = web_client(f"{outside.slack.url}/api/", session)
        asking = [health.slack(web, outside.world.slack_token) for _ in range(3)]
        findings = await asyncio.gather(*asking)
        assert {finding.message for finding in findings} == {"can't be reached (TimeoutError)"}
        assert not any(finding.ok or finding.permanent for finding in findings)
        assert (await health.slack(web, outside.world.slack_token)).ok
