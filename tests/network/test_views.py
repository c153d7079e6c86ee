"""Slack's Web API fails to open or update a view: the user gets a message."""

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
from tests.network.faulty_server import Behavior
from tests.network.harness import FaultyNetwork
from tests.support.reading import is_loaded, rendered
from tests.support.samples import CANARY, DOCUMENTED

OPEN, UPDATE, PUSH, PUBLISH = "views.open", "views.update", "views.push", "views.publish"


# Slack reports that it did nothing.
REJECTED: Mapping[str, Behavior] = MappingProxyType(
    {
        "429": misbehaviors.respond_with_page(429),
        "429 for a second": misbehaviors.respond_with_retry_after(429, "1"),
        "429 for a negative time": misbehaviors.respond_with_retry_after(429, "-5"),
        "429 for many digits": misbehaviors.respond_with_retry_after(429, "9" * 400),
        "429 for no number": misbehaviors.respond_with_retry_after(429, "NaN"),
        "429 for an empty time": misbehaviors.respond_with_retry_after(429, ""),
        "500": misbehaviors.respond_with_page(500),
        "503": misbehaviors.respond(503, b'{"ok": false, "error": "service_unavailable"}'),
    }
)
# Slack may have done it.
UNCONFIRMED: Mapping[str, Behavior] = MappingProxyType(
    {
        **misbehaviors.DISCONNECTS,
        "another protocol": misbehaviors.OTHER_PROTOCOL,
        "a header too long": misbehaviors.LONG_HEADER,
        "502 with a page": misbehaviors.respond_with_page(502),
    }
)
# The response is invalid.
INVALID: Mapping[str, Behavior] = MappingProxyType(
    {
        "a page": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.HTML),
        "a page called JSON": misbehaviors.respond(200, misbehaviors.PAGE, misbehaviors.JSON),
        "nothing": misbehaviors.respond(200),
        "another shape": misbehaviors.respond(200, b'{"ok": true, "view": 5}'),
        "5 MiB": misbehaviors.respond(200, bytes(5 * misbehaviors.MEBIBYTE)),
        "invalid gzip data": misbehaviors.respond(
            200, misbehaviors.PAGE, {"Content-Encoding": "gzip"}
        ),
        "a redirect": misbehaviors.respond_with_page(307, {"Location": f"/{CANARY}"}),
    }
)
TRANSIENT = {**REJECTED, **UNCONFIRMED}
FAULTS = {**TRANSIENT, **INVALID}
each = pytest.mark.parametrize("behavior", FAULTS.values(), ids=FAULTS.keys())
FEW = ("429", "500", "reset at once", "closed in the body", "another protocol", "a page")
few = pytest.mark.parametrize("behavior", [FAULTS[name] for name in FEW], ids=FEW)
each_transient = pytest.mark.parametrize("behavior", TRANSIENT.values(), ids=TRANSIENT.keys())


@pytest.fixture
def user_id(network: FaultyNetwork) -> str:
    """A user without an open modal."""
    return f"U0USER{network.world.slack.number()}"


async def details(network: FaultyNetwork, user_id: str) -> RecordedInteraction:
    """Click **Details** on a card."""
    return await click(
        network.world, await network.look_up(DOCUMENTED, user_id=user_id), user_id=user_id
    )


def lines(network: FaultyNetwork) -> int:
    return len(network.world.log.lines())


def warnings_since(network: FaultyNetwork, since: int) -> list[JsonValue]:
    """Return the events of warnings and errors since the log had so many lines."""
    return [line["event"] for line in network.warnings(since)]


def message_of(interaction: RecordedInteraction) -> str:
    """Return the only message that the user gets in the channel."""
    return only(interaction).text


async def modal_with_results(network: FaultyNetwork, user_id: str) -> OpenView:
    """Open a modal with a **View** button, which pushes another modal."""
    await network.world.slack.global_shortcut(user_id=user_id)
    empty = await network.world.slack.wait_for_modal(user_id)
    await network.world.slack.submit(empty, {search_form.NUMBER_FIELD: "+1 206 555 0103"})
    await network.world.idle()
    return modal_of(network.world, user_id)


async def home_of(network: FaultyNetwork, user_id: str) -> str:
    """Open the Home tab; return its text, or nothing if it has none yet."""
    await network.world.slack.open_home(user_id)
    await network.world.idle()
    view = network.world.slack.home_tab(user_id)
    return "" if view is None else render(view.blocks)


@each
async def test_a_modal_that_fails_to_open_is_reported_and_opens_at_the_next_click(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since, calls = lines(network), network.slack.count(OPEN)
    network.slack.plan(OPEN, [behavior])
    interaction = await details(network, user_id)

    assert message_of(interaction).startswith(f"{notices.MODAL_FAILED}.")
    assert network.slack.count(OPEN) - calls == 1, "a trigger_id opens one modal"
    assert warnings_since(network, since) == ["view.failed"]
    network.assert_no_secrets(interaction)
    assert (await details(network, user_id)).posts == []
    assert is_loaded(modal_of(network.world, user_id))


@each_transient
async def test_a_modal_is_updated_at_the_third_attempt(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since = lines(network)
    network.slack.plan(UPDATE, [behavior, behavior])
    interaction = await details(network, user_id)

    assert is_loaded(modal_of(network.world, user_id))
    assert interaction.posts == []
    assert warnings_since(network, since) == []


@pytest.mark.parametrize("behavior", UNCONFIRMED.values(), ids=UNCONFIRMED.keys())
async def test_an_update_whose_response_was_lost_is_not_an_error(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since = lines(network)
    network.slack.plan(UPDATE, [misbehaviors.after_handling(behavior)])
    interaction = await details(network, user_id)

    assert is_loaded(modal_of(network.world, user_id))
    assert interaction.posts == []
    events = [line["event"] for line in network.world.log.lines()[since:]]
    assert "view.failed" not in events


@each
async def test_a_modal_that_cannot_be_updated_is_reported_in_the_channel(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since = lines(network)
    network.slack.always(UPDATE, behavior)
    interaction = await details(network, user_id)

    assert error_texts.INTERNAL_ERROR.title in message_of(interaction)
    assert set(warnings_since(network, since)) == {"view.failed"}
    network.assert_no_secrets(interaction)
    network.slack.clear_plans()
    assert (await details(network, user_id)).posts == []
    assert is_loaded(modal_of(network.world, user_id))


@few
async def test_a_modal_that_cannot_be_pushed_leaves_the_previous_one(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    results = await modal_with_results(network, user_id)
    since, calls = lines(network), network.slack.count(PUSH)
    network.slack.plan(PUSH, [behavior])
    await network.world.slack.click_in_view(results, actions.CARD)
    await network.world.idle()

    below, message = network.world.slack.modals(user_id)
    assert "[ View ]" in rendered(below)
    assert notices.MODAL_FAILED in rendered(message)
    assert network.slack.count(PUSH) - calls == 2, "the modal, and the message that it didn't open"
    assert warnings_since(network, since) == ["view.failed"]
    await network.world.slack.close(message)
    await network.world.slack.click_in_view(results, actions.CARD)
    await network.world.idle()
    assert is_loaded(modal_of(network.world, user_id))


@each_transient
async def test_a_home_tab_is_published_at_the_third_attempt(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since = lines(network)
    network.slack.plan(PUBLISH, [behavior, behavior])

    assert "reachable, credentials accepted" in await home_of(network, user_id)
    assert warnings_since(network, since) == []


@each
async def test_a_home_tab_that_failed_is_published_the_next_time(
    network: FaultyNetwork, user_id: str, behavior: Behavior
) -> None:
    since = lines(network)
    network.slack.always(PUBLISH, behavior)
    await home_of(network, user_id)

    assert warnings_since(network, since) == ["app_home.publish_failed"]
    network.slack.clear_plans()
    assert "reachable, credentials accepted" in await home_of(network, user_id)
    await network.assert_works()


@pytest.mark.parametrize("method", [OPEN, UPDATE, PUBLISH])
async def test_a_modal_that_hangs_does_not_delay_other_users(
    network: FaultyNetwork, user_id: str, method: str
) -> None:
    held = misbehaviors.HeldResponse()
    card = await network.look_up(DOCUMENTED, user_id=user_id)
    network.slack.plan(method, [held])
    if method == PUBLISH:
        await network.world.slack.open_home(user_id)
    else:
        await network.world.slack.click(card, actions.DETAILS, user_id=user_id)
    await held.received.wait()
    quick = await network.world.slack.command(DOCUMENTED, user_id="U0OTHER")
    found = await quick.wait_for_message()
    await network.world.slack.click(found, actions.DETAILS, user_id="U0OTHER")
    await network.world.slack.wait_for_modal("U0OTHER", until=is_loaded)

    held.release()
    await network.world.idle()
    if method != PUBLISH:
        assert is_loaded(modal_of(network.world, user_id))
