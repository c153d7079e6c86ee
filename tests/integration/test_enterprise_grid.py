"""Who may ask on Enterprise Grid: whatever people do, whoever they are, however it is installed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Final

import pytest
import pytest_asyncio
from pydantic import JsonValue

from bot.cli.terminal import render
from bot.dev.emulator.slack.workspace import OpenView, RecordedInteraction
from bot.ui import access_denied, actions
from tests.integration.click_helpers import card, press, public, shared_card
from tests.integration.harness import DOCUMENTED, Options, World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED: Final = access_denied.TITLE
MESSAGE: Final[dict[str, JsonValue]] = {"text": f"call {DOCUMENTED}"}
ORGANIZATION: Final = "E0ACME"
OWN: Final = "T0ACME"
SIBLING: Final = "T0SIBLING"
STRANGER: Final = "T0STRANGER"

INSTALLED: Final[Mapping[str, Options]] = {
    "workspace": {},
    "workspace on Grid": {"enterprise_id": ORGANIZATION},
    "organization": {"enterprise_id": ORGANIZATION, "is_enterprise_install": True},
}


class Worlds:
    """One for each way to install the bot and each list of workspaces, opened when first wanted."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._open: dict[tuple[str, str], World] = {}

    async def __call__(self, installed: str, teams: str = "") -> World:
        """That world, in which nobody sees a window."""
        if (installed, teams) not in self._open:
            options: Options = {**INSTALLED[installed], "environment": {"ALLOWED_TEAMS": teams}}
            world = await self._stack.enter_async_context(a_world(**options))
            self._open[installed, teams] = world
        world = self._open[installed, teams]
        world.slack.views.clear("U0SUPPORT")
        world.slack.fields, world.slack.left_out = {}, frozenset()
        return world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds() -> AsyncIterator[Worlds]:
    async with AsyncExitStack() as stack:
        yield Worlds(stack)


def told(exchange: RecordedInteraction) -> str:
    """What the person is told by messages of an exchange that Slack had no complaint about."""
    assert exchange.failed is None
    return "\n".join(message.text for message in exchange.accepted)


def seen(view: OpenView | None) -> str:
    return "" if view is None else render(view.blocks)


# ── What people can do ────────────────────────────────────────────────────────────────────────
# Each returns what the person is told in the end. What is clicked was shown to them in answer to a
# command, which carries the workspace it was typed in, whoever types it.


async def command(world: World, _team: str) -> str:
    return told(await world.type(DOCUMENTED))


async def home(world: World, _team: str) -> str:
    exchange = await world.slack.open_home()
    await world.idle()
    assert exchange.failed is None
    return seen(world.slack.home_tab())


async def message_shortcut(world: World, team: str) -> str:
    return told(await world.use_shortcut(MESSAGE, team_id=team))


async def global_shortcut(world: World, team: str) -> str:
    exchange = await world.slack.global_shortcut(team_id=team)
    await world.idle()
    assert exchange.failed is None
    return seen(world.slack.modal())


async def click_on_own(world: World, team: str) -> str:
    _, own = await card(world)
    clicked = await world.slack.click(own, actions.REFRESH, team_id=team)
    await world.idle()
    return told(clicked)


async def click_on_public(world: World, team: str) -> str:
    """On what somebody else has shared."""
    clicked = await world.slack.click(await shared_card(world), actions.REFRESH, team_id=team)
    await world.idle()
    return told(clicked)


async def click_in_window(world: World, team: str) -> str:
    _, own = await card(world)
    await world.slack.click(own, actions.DETAILS, team_id=team)
    await world.idle()
    window = world.slack.modal()
    if window is None:
        return REFUSED
    await world.slack.click_in_view(window, actions.RAW, team_id=team)
    await world.idle()
    return seen(world.slack.modal())


async def submission(world: World, team: str) -> str:
    await world.slack.open_home()
    await world.idle()
    tab = world.slack.home_tab()
    assert tab is not None
    await world.slack.click_in_view(tab, actions.FIND_FORM, team_id=team)
    await world.idle()
    form = world.slack.modal()
    assert form is not None
    if form.submit:
        assert (await world.slack.submit(form, {}, team_id=team)).failed is None
        await world.idle()
    return seen(world.slack.modal())


Act = Callable[[World, str], Awaitable[str]]
IN_THE_WORKSPACE: Final[tuple[Act, ...]] = (command, home)
SHOWN: Final[tuple[Act, ...]] = (click_on_own, click_in_window, submission)
ANYWHERE: Final[tuple[Act, ...]] = (message_shortcut, global_shortcut, click_on_public)
EVERY_ACT: Final = (*IN_THE_WORKSPACE, *SHOWN, *ANYWHERE)


def acts(*these: Act) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("act", these, ids=[act.__name__ for act in these])


def lists(*teams: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("teams", teams, ids=[f"list {each}" for each in teams])


def installed_in(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("installed", names)


# ── Who may ───────────────────────────────────────────────────────────────────────────────────


@acts(*EVERY_ACT)
@lists("", OWN)
@installed_in(*INSTALLED)
async def test_people_of_the_workspace_may(
    worlds: Worlds, installed: str, teams: str, act: Act
) -> None:
    assert REFUSED not in await act(await worlds(installed, teams), OWN)


@acts(*EVERY_ACT)
@lists("", OWN, ORGANIZATION)
@installed_in("workspace on Grid", "organization")
async def test_people_whom_slack_calls_by_their_organization_may(
    worlds: Worlds, installed: str, teams: str, act: Act
) -> None:
    assert REFUSED not in await act(await worlds(installed, teams), ORGANIZATION)


@acts(*IN_THE_WORKSPACE, *SHOWN)
@lists("", OWN, ORGANIZATION)
@installed_in("workspace on Grid", "organization")
async def test_people_of_a_sibling_workspace_may_use_whatever_they_were_shown(
    worlds: Worlds, installed: str, teams: str, act: Act
) -> None:
    assert REFUSED not in await act(await worlds(installed, teams), SIBLING)


@acts(*ANYWHERE)
@installed_in("workspace on Grid", "organization")
async def test_where_slack_does_not_tell_a_sibling_from_a_stranger_the_refusal_names_the_workspace(
    worlds: Worlds, installed: str, act: Act
) -> None:
    said = await act(await worlds(installed), SIBLING)
    assert REFUSED in said
    assert SIBLING in said
    for teams in (f"{OWN},{SIBLING}", ORGANIZATION):
        assert REFUSED not in await act(await worlds(installed, teams), SIBLING)


@acts(*ANYWHERE)
@lists("", OWN)
@installed_in(*INSTALLED)
async def test_people_of_another_company_may_not(
    worlds: Worlds, installed: str, teams: str, act: Act
) -> None:
    world = await worlds(installed, teams)
    for theirs in (STRANGER, "E0STRANGER"):
        world.slack.views.clear("U0SUPPORT")
        said = await act(world, theirs)
        assert REFUSED in said
        assert theirs in said
        assert world.log.lines(team=theirs, outcome="found") == []


@acts(*ANYWHERE)
@lists("", OWN, ORGANIZATION)
@installed_in("organization")
async def test_where_no_workspace_is_named_a_foreign_one_is_a_strangers(
    worlds: Worlds, installed: str, teams: str, act: Act
) -> None:
    world = await worlds(installed, teams)
    for left_out, fields in ((frozenset[str](), {"team": None}), (frozenset({"team"}), {})):
        world.slack.fields, world.slack.left_out = fields, left_out
        world.slack.views.clear("U0SUPPORT")
        said = await act(world, STRANGER)
        assert REFUSED in said
        assert STRANGER in said
    assert world.log.lines(team=STRANGER, outcome="found") == []


@acts(*SHOWN)
@pytest.mark.parametrize("team", [OWN, SIBLING, ORGANIZATION])
async def test_where_no_workspace_is_named_people_may_use_what_they_were_shown(
    worlds: Worlds, act: Act, team: str
) -> None:
    world = await worlds("organization")
    world.slack.fields = {"team": None}
    assert REFUSED not in await act(world, team)


@acts(*EVERY_ACT)
@pytest.mark.parametrize(
    "fields",
    [{"enterprise": {}}, {"enterprise": None}, {"enterprise": "E0ACME"}, {"team": OWN}],
    ids=str,
)
async def test_the_organization_need_not_be_named_as_documented(
    worlds: Worlds, fields: Mapping[str, JsonValue], act: Act
) -> None:
    world = await worlds("workspace on Grid")
    world.slack.fields = fields
    assert REFUSED not in await act(world, ORGANIZATION)


async def test_a_view_submission_may_lack_the_organization(worlds: Worlds) -> None:
    world = await worlds("workspace on Grid")
    world.slack.left_out = frozenset({"enterprise", "is_enterprise_install"})
    assert REFUSED not in await submission(world, ORGANIZATION)


@lists("", OWN)
async def test_a_sibling_may_press_everything_on_their_card(worlds: Worlds, teams: str) -> None:
    """Share too, after which everybody's clicks are judged by whoever clicks."""
    world = await worlds("workspace on Grid", teams)
    _, own = await card(world)
    shared = public(await press(world, own, actions.SHARE, team_id=SIBLING))
    assert REFUSED in told(await press(world, shared, actions.REFRESH, team_id=STRANGER))
    assert REFUSED not in told(await press(world, shared, actions.REFRESH, team_id=ORGANIZATION))


@installed_in(*INSTALLED)
async def test_where_slack_says_nothing_of_a_person_the_refusal_says_what_to_do(
    worlds: Worlds, installed: str
) -> None:
    world = await worlds(installed)
    world.slack.fields = {"team": None, "user": {"id": "U0SUPPORT"}}
    said = await message_shortcut(world, OWN)

    assert REFUSED in said
    assert "Run /voicelog" in said
