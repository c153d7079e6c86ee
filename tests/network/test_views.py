"""Slack's Web API fails to open or update a view: no user is left waiting."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import OpenView, RecordedInteraction
from bot.ui import actions, notices, search_form
from bot.ui import errors as error_texts
from tests.integration.harness import only
from tests.integration.user_actions import click, modal_of
from tests.network import misbehaviors
from tests.network.faulty_server import Act
from tests.network.harness import Outside
from tests.support.reading import is_filled, rendered
from tests.support.samples import CANARY, DOCUMENTED

OPEN, UPDATE, PUSH, PUBLISH = "views.open", "views.update", "views.push", "views.publish"


# Slack did nothing, and says so.
REFUSALS: Mapping[str, Act] = MappingProxyType(
    {
        "429": misbehaviors.refuse(429),
        "429 for a second": misbehaviors.ask_to_wait(429, "1"),
        "429 for a negative time": misbehaviors.ask_to_wait(429, "-5"),
        "429 for many digits": misbehaviors.ask_to_wait(429, "9" * 400),
        "429 for no number": misbehaviors.ask_to_wait(429, "NaN"),
        "429 for an empty time": misbehaviors.ask_to_wait(429, ""),
        "500": misbehaviors.refuse(500),
        "503": misbehaviors.answer(503, b'{"ok": false, "error": "service_unavailable"}'),
    }
)
# Slack may have done what it was asked to.
DOUBTS: Mapping[str, Act] = MappingProxyType(
    {
        **misbehaviors.BREAKS,
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "a header too long": misbehaviors.LONG_HEADER,
        "502 with a page": misbehaviors.refuse(502),
    }
)
# An answer came, and means nothing.
NONSENSE: Mapping[str, Act] = MappingProxyType(
    {
        "a page": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.HTML),
        "a page called JSON": misbehaviors.answer(200, misbehaviors.PAGE, misbehaviors.JSON),
        "nothing": misbehaviors.answer(200),
        "another shape": misbehaviors.answer(200, b'{"ok": true, "view": 5}'),
        "5 MiB": misbehaviors.answer(200, bytes(5 * misbehaviors.MEBIBYTE)),
        "a packing that isn't": misbehaviors.answer(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "a redirect": misbehaviors.refuse(307, {"Location": f"/{CANARY}"}),
    }
)
PASSING = {**REFUSALS, **DOUBTS}
TROUBLES = {**PASSING, **NONSENSE}
each = pytest.mark.parametrize("act", TROUBLES.values(), ids=TROUBLES.keys())
FEW = ("429", "500", "reset at once", "closed in the body", "another protocol", "a page")
few = pytest.mark.parametrize("act", [TROUBLES[name] for name in FEW], ids=FEW)
each_passing = pytest.mark.parametrize("act", PASSING.values(), ids=PASSING.keys())


@pytest.fixture
def asker(outside: Outside) -> str:
    """A user without an open modal."""
    return f"U0ASKER{outside.world.slack.number()}"


async def details(outside: Outside, asker: str) -> RecordedInteraction:
    """Click **Details** on a card."""
    return await click(
        outside.world, await outside.look_up(DOCUMENTED, user_id=asker), user_id=asker
    )


def lines(outside: Outside) -> int:
    return len(outside.world.log.lines())


def told_of(outside: Outside, since: int) -> list[JsonValue]:
    """Return the events of warnings and errors since the log had so many lines."""
    return [line["event"] for line in outside.complaints(since)]


def message_of(interaction: RecordedInteraction) -> str:
    """Return the only message that the user gets in the channel."""
    return only(interaction).text


async def results_in_a_window(outside: Outside, asker: str) -> OpenView:
    """Open a modal with a **View** button, which pushes another modal."""
    await outside.world.slack.global_shortcut(user_id=asker)
    empty = await outside.world.slack.wait_for_modal(asker)
    await outside.world.slack.submit(empty, {search_form.NUMBER_FIELD: "+1 206 555 0103"})
    await outside.world.idle()
    return modal_of(outside.world, asker)


async def home_of(outside: Outside, asker: str) -> str:
    """Open the Home tab; return its text, or nothing if it has none yet."""
    await outside.world.slack.open_home(asker)
    await outside.world.idle()
    view = outside.world.slack.home_tab(asker)
    return "" if view is None else render(view.blocks)


@each
async def test_a_modal_that_fails_to_open_is_reported_and_opens_at_the_next_click(
    outside: Outside, asker: str, act: Act
) -> None:
    since, calls = lines(outside), outside.slack.count(OPEN)
    outside.slack.plan(OPEN, [act])
    interaction = await details(outside, asker)

    assert message_of(interaction).startswith(f"{notices.MODAL_FAILED}.")
    assert outside.slack.count(OPEN) - calls == 1, "a trigger_id opens one modal"
    assert told_of(outside, since) == ["view.failed"]
    outside.assert_discreet(interaction)
    assert (await details(outside, asker)).posts == []
    assert is_filled(modal_of(outside.world, asker))


@each_passing
async def test_a_modal_is_updated_at_the_third_attempt(
    outside: Outside, asker: str, act: Act
) -> None:
    since = lines(outside)
    outside.slack.plan(UPDATE, [act, act])
    interaction = await details(outside, asker)

    assert is_filled(modal_of(outside.world, asker))
    assert interaction.posts == []
    assert told_of(outside, since) == []


@pytest.mark.parametrize("act", DOUBTS.values(), ids=DOUBTS.keys())
async def test_an_update_whose_response_was_lost_is_not_an_error(
    outside: Outside, asker: str, act: Act
) -> None:
    since = lines(outside)
    outside.slack.plan(UPDATE, [misbehaviors.once_taken(act)])
    interaction = await details(outside, asker)

    assert is_filled(modal_of(outside.world, asker))
    assert interaction.posts == []
    events = [line["event"] for line in outside.world.log.lines()[since:]]
    assert "view.failed" not in events


@each
async def test_a_modal_that_cannot_be_updated_is_reported_in_the_channel(
    outside: Outside, asker: str, act: Act
) -> None:
    since = lines(outside)
    outside.slack.always(UPDATE, act)
    interaction = await details(outside, asker)

    assert error_texts.INTERNAL_ERROR.title in message_of(interaction)
    assert set(told_of(outside, since)) == {"view.failed"}
    outside.assert_discreet(interaction)
    outside.slack.relent()
    assert (await details(outside, asker)).posts == []
    assert is_filled(modal_of(outside.world, asker))


@few
async def test_a_modal_that_cannot_be_pushed_leaves_the_previous_one(
    outside: Outside, asker: str, act: Act
) -> None:
    results = await results_in_a_window(outside, asker)
    since, calls = lines(outside), outside.slack.count(PUSH)
    outside.slack.plan(PUSH, [act])
    await outside.world.slack.click_in_view(results, actions.CARD)
    await outside.world.idle()

    below, word = outside.world.slack.modals(asker)
    assert "[ View ]" in rendered(below)
    assert notices.MODAL_FAILED in rendered(word)
    assert outside.slack.count(PUSH) - calls == 2, "the modal, and the message that it didn't open"
    assert told_of(outside, since) == ["view.failed"]
    await outside.world.slack.close(word)
    await outside.world.slack.click_in_view(results, actions.CARD)
    await outside.world.idle()
    assert is_filled(modal_of(outside.world, asker))


@each_passing
async def test_a_home_tab_is_published_at_the_third_attempt(
    outside: Outside, asker: str, act: Act
) -> None:
    since = lines(outside)
    outside.slack.plan(PUBLISH, [act, act])

    assert "reachable, credentials accepted" in await home_of(outside, asker)
    assert told_of(outside, since) == []


@each
async def test_a_home_tab_that_failed_is_published_the_next_time(
    outside: Outside, asker: str, act: Act
) -> None:
    since = lines(outside)
    outside.slack.always(PUBLISH, act)
    await home_of(outside, asker)

    assert told_of(outside, since) == ["app_home.publish_failed"]
    outside.slack.relent()
    assert "reachable, credentials accepted" in await home_of(outside, asker)
    await outside.assert_works()


@pytest.mark.parametrize("method", [OPEN, UPDATE, PUBLISH])
async def test_a_modal_that_hangs_does_not_delay_other_users(
    outside: Outside, asker: str, method: str
) -> None:
    held = misbehaviors.Held()
    card = await outside.look_up(DOCUMENTED, user_id=asker)
    outside.slack.plan(method, [held])
    if method == PUBLISH:
        await outside.world.slack.open_home(asker)
    else:
        await outside.world.slack.click(card, actions.DETAILS, user_id=asker)
    await held.reached.wait()
    quick = await outside.world.slack.command(DOCUMENTED, user_id="U0HASTY")
    found = await quick.wait_for_message()
    await outside.world.slack.click(found, actions.DETAILS, user_id="U0HASTY")
    await outside.world.slack.wait_for_modal("U0HASTY", until=is_filled)

    held.release()
    await outside.world.idle()
    if method != PUBLISH:
        assert is_filled(modal_of(outside.world, asker))
