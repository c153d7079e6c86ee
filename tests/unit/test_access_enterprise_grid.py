"""Access on Enterprise Grid, by the workspace and organization IDs in a request."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import product
from typing import Final

import pytest

from bot.access import Access, Actor, Denial, Installation

JO = Actor("U1", "T1", "C1", enterprise_id="E1", app_team_id="T1")
BY_ORGANIZATION = replace(JO, team_id="E1")
"""Slack names the organization instead of the user's workspace."""
ELSEWHERE = replace(JO, team_id="T2")
"""Of another workspace of the organization, or of another company: Slack doesn't say."""
ELSEWHERE_SHOWN = replace(ELSEWHERE, saw_private_reply=True)
"""Clicks on their own message."""
SHOWN_ELSEWHERE = replace(ELSEWHERE_SHOWN, app_team_id="T5")
"""The app is installed organization-wide; the user's own workspace is another one."""
WITHOUT_APP = replace(JO, team_id="T9", app_team_id="")
NOWHERE = Actor("U1", "", "C1", app_team_id="")
NO_IDS: AbstractSet[str] = frozenset()

UNKNOWN = None
WORKSPACE = Installation("T1")
ON_GRID = Installation("T1", "E1")
ORG_WIDE = Installation("T1", "E1", is_enterprise_install=True)


def access(
    home: Installation | None,
    *,
    teams: AbstractSet[str] = NO_IDS,
    channels: AbstractSet[str] = NO_IDS,
    users: AbstractSet[str] = NO_IDS,
) -> Access:
    made = Access(teams=teams, channels=channels, users=users)
    made.installation = home
    return made


ANY_HOME: Final = (UNKNOWN, WORKSPACE, ON_GRID, ORG_WIDE)
GRID: Final = (ON_GRID, ORG_WIDE)
NOT_GRID: Final = (UNKNOWN, WORKSPACE)
LISTS: Final[tuple[AbstractSet[str], ...]] = (NO_IDS, {"T1"}, {"E1"})
OWN_LISTS: Final[tuple[AbstractSet[str], ...]] = (*LISTS, {"T1", "E1"})

Actors = Iterable[Actor]
Homes = Iterable[Installation | None]
Lists = Iterable[AbstractSet[str]]


def each(actor: Actor, *enterprises: str | None) -> Actors:
    """Return an actor as requests with these organizations, or without one, name them."""
    return [replace(actor, enterprise_id=enterprise) for enterprise in enterprises]


ALLOWED: Final[dict[str, tuple[Actors, Homes, Lists]]] = {
    "a user with the organization's ID is a member": ([BY_ORGANIZATION], GRID, OWN_LISTS),
    "one who clicks on their own message": (each(ELSEWHERE_SHOWN, "E1", None), GRID, OWN_LISTS),
    "one who may be a member, if their workspace is listed": ([ELSEWHERE], GRID, [{"T1", "T2"}]),
    "or if the organization is": (each(ELSEWHERE, "E1", None), GRID, [{"E1"}]),
    "one whose workspace is listed, if the request doesn't name the app's": (
        each(WITHOUT_APP, "E1", None),
        ANY_HOME,
        [teams | {"T9"} for teams in LISTS],
    ),
    "without an organization, a listed ID": ([BY_ORGANIZATION], NOT_GRID, [{"E1"}]),
    "members of all workspaces of a listed organization": (
        [
            replace(JO, team_id=team, app_team_id=app_team)
            for team in ("T1", "T2")
            for app_team in (team, None)
        ],
        ANY_HOME,
        [{"E1"}],
    ),
    "those of the app's, even if the request omits it": (each(JO, "", None), GRID, [{"E1"}]),
    "both are listed": ([JO, Actor("U5", "T5", "C1")], ANY_HOME, [{"E1", "T5"}]),
    "a click on an own message in a listed workspace": ([SHOWN_ELSEWHERE], [ORG_WIDE], [{"T5"}]),
}

DENIED: Final[dict[str, tuple[Actors, Homes, Lists]]] = {
    "a user who may be from another company": ([ELSEWHERE], GRID, [NO_IDS, {"T1"}]),
    "one whose request doesn't name the app's": (each(WITHOUT_APP, "E1", None), ANY_HOME, LISTS),
    "one of another organization, regardless of other fields": (
        [
            replace(shown, team_id="E9", app_team_id=team, enterprise_id=named)
            for shown, team, named in product(
                (ELSEWHERE, ELSEWHERE_SHOWN), ("T1", "T9", ""), ("E1", "E9")
            )
        ],
        ANY_HOME,
        LISTS,
    ),
    "a stranger in their own workspace": (
        each(Actor("W9", "T9", "C1", app_team_id="T9"), "E9", None),
        [WORKSPACE, ON_GRID, ORG_WIDE],
        LISTS,
    ),
    "without an organization, another workspace": ([ELSEWHERE, ELSEWHERE_SHOWN], NOT_GRID, LISTS),
    "without one, an ID that isn't listed": ([BY_ORGANIZATION], NOT_GRID, [NO_IDS, {"T1"}]),
    "a member of another organization": (each(JO, "E2", "", None), NOT_GRID, [{"E1"}]),
    "an unlisted workspace": ([Actor("U6", "T6", "C1")], ANY_HOME, [{"E1", "T5"}]),
    "a click from an unlisted workspace": ([SHOWN_ELSEWHERE], [ORG_WIDE], [{"T6"}]),
    "a user without a workspace": (each(NOWHERE, "E1", None), ANY_HOME, OWN_LISTS),
}


@pytest.mark.parametrize(("actors", "all_homes", "lists"), ALLOWED.values(), ids=ALLOWED.keys())
def test_allowed(actors: Actors, all_homes: Homes, lists: Lists) -> None:
    for actor, home, teams in product(actors, all_homes, lists):
        assert access(home, teams=teams).denial(actor) is None


@pytest.mark.parametrize(("actors", "all_homes", "lists"), DENIED.values(), ids=DENIED.keys())
def test_denied(actors: Actors, all_homes: Homes, lists: Lists) -> None:
    for actor, home, teams in product(actors, all_homes, lists):
        assert access(home, teams=teams).denial(actor) == Denial("team", actor.team_id)


@pytest.mark.parametrize("home", ANY_HOME)
def test_the_lists_of_channels_and_users_apply_to_members_of_a_listed_organization(
    home: Installation | None,
) -> None:
    narrow = access(home, teams={"E1"}, channels={"C1"}, users={"U1"})
    for actor in (JO, BY_ORGANIZATION):
        assert narrow.denial(actor) is None
        assert narrow.denial(replace(actor, channel_id="C2")) == Denial("channel", "C2")
        assert narrow.denial(replace(actor, user_id="U2")) == Denial("user", "U2")


@pytest.mark.parametrize("home", GRID)
def test_the_lists_of_channels_and_users_apply_to_clicks_on_own_messages(
    home: Installation,
) -> None:
    narrow = access(home, channels={"C1"}, users={"U1"})
    assert narrow.denial(replace(ELSEWHERE_SHOWN, channel_id="C2")) == Denial("channel", "C2")
    assert narrow.denial(replace(ELSEWHERE_SHOWN, user_id="U2")) == Denial("user", "U2")


@pytest.mark.parametrize(
    ("home", "teams", "excluded"),
    [
        *((UNKNOWN, teams, False) for teams in (NO_IDS, {"T2"})),
        *((WORKSPACE, teams, False) for teams in (NO_IDS, {"T1"}, {"T1", "T2"})),
        *((WORKSPACE, teams, True) for teams in ({"T2"}, {"E1"})),
        *((ON_GRID, teams, False) for teams in ({"E1"}, {"T1"})),
        *((ORG_WIDE, {"E1"}, False), (ORG_WIDE, {"E2", "T2"}, True)),
    ],
)
def test_whether_the_list_excludes_the_installing_workspace(
    home: Installation | None, teams: AbstractSet[str], *, excluded: bool
) -> None:
    assert access(home, teams=teams).excludes_own_workspace is excluded
