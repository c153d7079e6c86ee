"""Access on Enterprise Grid, for every kind of interaction, user and installation."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import pytest
from pydantic import JsonValue

from bot.dev.emulator.slack.workspace import PostedMessage
from bot.ui import actions
from tests.integration.harness import OpenWorld, Options, World
from tests.support import texts
from tests.support.reading import rendered
from tests.support.samples import DOCUMENTED, SUPPORT

ORGANIZATION: Final = "E0ACME"
HOME: Final = "T0ACME"
SIBLING: Final = "T0SIBLING"
STRANGER: Final = "T0STRANGER"

INSTALLED: Final[Mapping[str, Options]] = {
    "workspace": {},
    "workspace on Grid": {"enterprise_id": ORGANIZATION},
    "organization": {"enterprise_id": ORGANIZATION, "is_enterprise_install": True},
}


async def opened(open_world: OpenWorld, installed: str, teams: str = "") -> World:
    """Open a world with this kind of installation and list of workspaces."""
    options: Options = {**INSTALLED[installed], "environment": {"ALLOWED_TEAMS": teams}}
    return await open_world(**options)


# ── Actions ───────────────────────────────────────────────────────────────────────────────────
# Each returns what the user sees in the end. What is clicked was shown in response to a command,
# which carries the workspace in which it was typed, not the user's own.


async def command(world: World, _team: str) -> str:
    return (await world.ask(DOCUMENTED)).text


async def home(world: World, _team: str) -> str:
    return rendered(await world.open_home())


async def message_shortcut(world: World, team: str) -> str:
    return (await world.reply_to(f"call {DOCUMENTED}", team_id=team)).text


async def global_shortcut(world: World, team: str) -> str:
    await world.succeeds(world.slack.global_shortcut(team_id=team))
    return rendered(world.modal())


async def refresh(world: World, card: PostedMessage, team: str) -> str:
    click = world.slack.click(card, actions.REFRESH, team_id=team)
    return world.shown_to_user(await world.succeeds(click))


async def click_on_own(world: World, team: str) -> str:
    return await refresh(world, await world.ask(DOCUMENTED), team)


async def click_on_public(world: World, team: str) -> str:
    """Click a card that another user has shared."""
    return await refresh(world, await world.shared_card(), team)


async def click_in_modal(world: World, team: str) -> str:
    card = await world.ask(DOCUMENTED)
    await world.succeeds(world.slack.click(card, actions.DETAILS, team_id=team))
    await world.succeeds(world.slack.click_in_view(world.modal(), actions.RAW, team_id=team))
    return rendered(world.modal())


async def submission(world: World, team: str) -> str:
    tab = await world.open_home()
    await world.succeeds(world.slack.click_in_view(tab, actions.FIND_FORM, team_id=team))
    await world.succeeds(world.slack.submit(world.modal(), {}, team_id=team))
    return rendered(world.modal())


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
    open_world: OpenWorld, team: str, teams: str, installed: str, action: Action
) -> None:
    """Users of the workspace; on Grid also those whom Slack identifies by the organization.

    Users of a sibling workspace may use what they were shown in this one.
    """
    assert texts.DENIED not in await action(await opened(open_world, installed, teams), team)


@actions_(*ANYWHERE)
@installed_in(*GRID)
async def test_sibling_that_looks_like_a_stranger_is_denied_unless_listed(
    open_world: OpenWorld, installed: str, action: Action
) -> None:
    text = await action(await opened(open_world, installed), SIBLING)
    assert texts.DENIED in text
    assert SIBLING in text
    for teams in (f"{HOME},{SIBLING}", ORGANIZATION):
        assert texts.DENIED not in await action(await opened(open_world, installed, teams), SIBLING)


@actions_(*ANYWHERE)
@lists("", HOME)
@installed_in(*INSTALLED)
async def test_users_of_another_company_are_denied(
    open_world: OpenWorld, installed: str, teams: str, action: Action
) -> None:
    world = await opened(open_world, installed, teams)
    for team in (STRANGER, "E0STRANGER"):
        text = await action(world, team)
        assert texts.DENIED in text
        assert team in text
        assert world.log.lines(team=team, outcome="found") == []


@actions_(*ANYWHERE)
@lists("", HOME, ORGANIZATION)
async def test_stranger_is_denied_without_a_team_field(
    open_world: OpenWorld, teams: str, action: Action
) -> None:
    world = await opened(open_world, "organization", teams)
    for team in (None, "missing"):
        world.alter_payloads({"team": team})
        text = await action(world, STRANGER)
        assert texts.DENIED in text
        assert STRANGER in text
    assert world.log.lines(team=STRANGER, outcome="found") == []


@actions_(*AFTER_COMMAND)
@pytest.mark.parametrize("team", [HOME, SIBLING, ORGANIZATION])
async def test_users_may_use_what_they_were_shown_without_a_team_field(
    open_world: OpenWorld, action: Action, team: str
) -> None:
    world = await opened(open_world, "organization")
    world.alter_payloads({"team": None})
    assert texts.DENIED not in await action(world, team)


@actions_(*EVERY_ACTION)
@pytest.mark.parametrize(
    "fields",
    [{"enterprise": {}}, {"enterprise": None}, {"enterprise": "E0ACME"}, {"team": HOME}],
    ids=str,
)
async def test_malformed_organization_is_ignored(
    open_world: OpenWorld, fields: Mapping[str, JsonValue], action: Action
) -> None:
    world = await opened(open_world, "workspace on Grid")
    world.alter_payloads(fields)
    assert texts.DENIED not in await action(world, ORGANIZATION)


async def test_submission_without_an_organization(open_world: OpenWorld) -> None:
    world = await opened(open_world, "workspace on Grid")
    world.alter_payloads({"enterprise": "missing", "is_enterprise_install": "missing"})
    assert texts.DENIED not in await submission(world, ORGANIZATION)


@installed_in(*INSTALLED)
async def test_user_without_a_workspace_is_told_to_use_the_command(
    open_world: OpenWorld, installed: str
) -> None:
    world = await opened(open_world, installed)
    world.alter_payloads({"team": None, "user": {"id": SUPPORT}})
    text = await message_shortcut(world, HOME)

    assert texts.DENIED in text
    assert "/voicelog" in text
