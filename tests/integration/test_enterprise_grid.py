"""Access on Enterprise Grid, for every kind of interaction, user and installation."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Final

import pytest
import pytest_asyncio
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import OpenView, RecordedInteraction
from bot.ui import actions
from tests.integration.harness import Options, World, a_world
from tests.support import texts
from tests.support.reading import rendered
from tests.support.samples import DOCUMENTED, SUPPORT

MESSAGE: Final[dict[str, JsonValue]] = {"text": f"call {DOCUMENTED}"}
ORGANIZATION: Final = "E0ACME"
HOME: Final = "T0ACME"
SIBLING: Final = "T0SIBLING"
STRANGER: Final = "T0STRANGER"

INSTALLED: Final[Mapping[str, Options]] = {
    "workspace": {},
    "workspace on Grid": {"enterprise_id": ORGANIZATION},
    "organization": {"enterprise_id": ORGANIZATION, "is_enterprise_install": True},
}


class Worlds:
    """A world for each kind of installation and each list of workspaces, opened on first use."""

    def __init__(self, stack: AsyncExitStack) -> None:
        self._stack = stack
        self._open: dict[tuple[str, str], World] = {}

    async def __call__(self, installed: str, teams: str = "") -> World:
        """Return that world, without a modal."""
        if (installed, teams) not in self._open:
            options: Options = {**INSTALLED[installed], "environment": {"ALLOWED_TEAMS": teams}}
            world = await self._stack.enter_async_context(a_world(**options))
            self._open[installed, teams] = world
        world = self._open[installed, teams]
        world.slack.views.clear(SUPPORT)
        world.slack.fields, world.slack.left_out = {}, frozenset()
        return world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worlds() -> AsyncIterator[Worlds]:
    async with AsyncExitStack() as stack:
        yield Worlds(stack)


def messages_of(interaction: RecordedInteraction) -> str:
    """Return the text of all messages of an interaction."""
    assert interaction.failed is None
    return "\n".join(message.text for message in interaction.accepted)


def rendered_view(view: OpenView | None) -> str:
    return "" if view is None else rendered(view)


# ── Actions ───────────────────────────────────────────────────────────────────────────────────
# Each returns what the user sees in the end. What is clicked was shown in response to a command,
# which carries the workspace in which it was typed, not the user's own.


async def command(world: World, _team: str) -> str:
    return messages_of(await world.type(DOCUMENTED))


async def home(world: World, _team: str) -> str:
    interaction = await world.until_idle(world.slack.open_home())
    assert interaction.failed is None
    return rendered_view(world.slack.home_tab())


async def message_shortcut(world: World, team: str) -> str:
    return messages_of(await world.use_shortcut(MESSAGE, team_id=team))


async def global_shortcut(world: World, team: str) -> str:
    interaction = await world.until_idle(world.slack.global_shortcut(team_id=team))
    assert interaction.failed is None
    return rendered_view(world.slack.modal())


async def click_on_own(world: World, team: str) -> str:
    _, own = await world.card()
    clicked = await world.until_idle(world.slack.click(own, actions.REFRESH, team_id=team))
    return messages_of(clicked)


async def click_on_public(world: World, team: str) -> str:
    """Click a card that another user has shared."""
    clicked = await world.slack.click(await world.shared_card(), actions.REFRESH, team_id=team)
    await world.idle()
    return messages_of(clicked)


async def click_in_modal(world: World, team: str) -> str:
    _, own = await world.card()
    await world.until_idle(world.slack.click(own, actions.DETAILS, team_id=team))
    view = world.slack.modal()
    if view is None:
        return texts.DENIED
    await world.until_idle(world.slack.click_in_view(view, actions.RAW, team_id=team))
    return rendered_view(world.slack.modal())


async def submission(world: World, team: str) -> str:
    await home(world, team)
    await world.slack.click_in_view(world.home_tab(), actions.FIND_FORM, team_id=team)
    await world.idle()
    form = world.modal()
    if form.submit:
        assert (await world.slack.submit(form, {}, team_id=team)).failed is None
        await world.idle()
    return rendered_view(world.slack.modal())


Action = Callable[[World, str], Awaitable[str]]
IN_THE_WORKSPACE: Final[tuple[Action, ...]] = (command, home)
AFTER_COMMAND: Final[tuple[Action, ...]] = (click_on_own, click_in_modal, submission)
ANYWHERE: Final[tuple[Action, ...]] = (message_shortcut, global_shortcut, click_on_public)
EVERY_ACTION: Final = (*IN_THE_WORKSPACE, *AFTER_COMMAND, *ANYWHERE)


def actions_(*these: Action) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("action", these, ids=[action.__name__ for action in these])


def lists(*teams: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("teams", teams, ids=[f"list {each}" for each in teams])


def installed_in(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("installed", names)


# ── Access ────────────────────────────────────────────────────────────────────────────────────


GRID: Final = ("workspace on Grid", "organization")
ALLOWED: Final = [
    *(
        (HOME, teams, name, action)
        for teams in ("", HOME)
        for name in INSTALLED
        for action in EVERY_ACTION
    ),
    *(
        (team, teams, name, action)
        for team, allowed in (
            (ORGANIZATION, EVERY_ACTION),
            (SIBLING, (*IN_THE_WORKSPACE, *AFTER_COMMAND)),
        )
        for teams in ("", HOME, ORGANIZATION)
        for name in GRID
        for action in allowed
    ),
]


@pytest.mark.parametrize(("team", "teams", "installed", "action"), ALLOWED)
async def test_users_are_allowed(
    worlds: Worlds, team: str, teams: str, installed: str, action: Action
) -> None:
    """Users of the workspace; on Grid also those whom Slack identifies by the organization.

    Users of a sibling workspace may use what they were shown in this one.
    """
    assert texts.DENIED not in await action(await worlds(installed, teams), team)


@actions_(*ANYWHERE)
@installed_in(*GRID)
async def test_sibling_that_looks_like_a_stranger_is_denied_unless_listed(
    worlds: Worlds, installed: str, action: Action
) -> None:
    text = await action(await worlds(installed), SIBLING)
    assert texts.DENIED in text
    assert SIBLING in text
    for teams in (f"{HOME},{SIBLING}", ORGANIZATION):
        assert texts.DENIED not in await action(await worlds(installed, teams), SIBLING)


@actions_(*ANYWHERE)
@lists("", HOME)
@installed_in(*INSTALLED)
async def test_users_of_another_company_are_denied(
    worlds: Worlds, installed: str, teams: str, action: Action
) -> None:
    world = await worlds(installed, teams)
    for team in (STRANGER, "E0STRANGER"):
        world.slack.views.clear(SUPPORT)
        text = await action(world, team)
        assert texts.DENIED in text
        assert team in text
        assert world.log.lines(team=team, outcome="found") == []


@actions_(*ANYWHERE)
@lists("", HOME, ORGANIZATION)
async def test_stranger_is_denied_without_a_team_field(
    worlds: Worlds, teams: str, action: Action
) -> None:
    world = await worlds("organization", teams)
    for left_out, fields in ((frozenset[str](), {"team": None}), (frozenset({"team"}), {})):
        world.slack.fields, world.slack.left_out = fields, left_out
        world.slack.views.clear(SUPPORT)
        text = await action(world, STRANGER)
        assert texts.DENIED in text
        assert STRANGER in text
    assert world.log.lines(team=STRANGER, outcome="found") == []


@actions_(*AFTER_COMMAND)
@pytest.mark.parametrize("team", [HOME, SIBLING, ORGANIZATION])
async def test_users_may_use_what_they_were_shown_without_a_team_field(
    worlds: Worlds, action: Action, team: str
) -> None:
    world = await worlds("organization")
    world.slack.fields = {"team": None}
    assert texts.DENIED not in await action(world, team)


@actions_(*EVERY_ACTION)
@pytest.mark.parametrize(
    "fields",
    [{"enterprise": {}}, {"enterprise": None}, {"enterprise": "E0ACME"}, {"team": HOME}],
    ids=str,
)
async def test_malformed_organization_is_ignored(
    worlds: Worlds, fields: Mapping[str, JsonValue], action: Action
) -> None:
    world = await worlds("workspace on Grid")
    world.slack.fields = fields
    assert texts.DENIED not in await action(world, ORGANIZATION)


async def test_submission_without_an_organization(worlds: Worlds) -> None:
    world = await worlds("workspace on Grid")
    world.slack.left_out = frozenset({"enterprise", "is_enterprise_install"})
    assert texts.DENIED not in await submission(world, ORGANIZATION)


@installed_in(*INSTALLED)
async def test_user_without_a_workspace_is_told_to_use_the_command(
    worlds: Worlds, installed: str
) -> None:
    world = await worlds(installed)
    world.slack.fields = {"team": None, "user": {"id": SUPPORT}}
    text = await message_shortcut(world, HOME)

    assert texts.DENIED in text
    assert "/voicelog" in text
