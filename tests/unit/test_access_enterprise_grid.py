"""Access on Enterprise Grid, by the workspace and organization IDs in a request."""

from collections.abc import Set as AbstractSet
from dataclasses import replace

import pytest

from bot.access import Access, Actor, Denial, Installation

JO = Actor("U1", "T1", "C1", enterprise_id="E1", app_team_id="T1")
BY_ORGANIZATION = replace(JO, team_id="E1")
"""Slack names the organization instead of the user's workspace."""
ELSEWHERE = replace(JO, team_id="T2")
"""Of another workspace of the organization, or of another company: Slack doesn't say."""
ELSEWHERE_SHOWN = replace(ELSEWHERE, saw_private_reply=True)
OF_ANOTHER_ORGANIZATION = replace(JO, team_id="E9")
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


def team_denied(actor: Actor) -> Denial:
    return Denial("team", actor.team_id)


def listed(teams: AbstractSet[str]) -> str:
    return "+".join(sorted(teams)) or "none"


homes = pytest.mark.parametrize(
    "home",
    [UNKNOWN, WORKSPACE, ON_GRID, ORG_WIDE],
    ids=["unknown", "workspace", "workspace on Grid", "organization"],
)
on_grid = pytest.mark.parametrize(
    "home", [ON_GRID, ORG_WIDE], ids=["workspace on Grid", "organization"]
)
own_lists = pytest.mark.parametrize("teams", [NO_IDS, {"T1"}, {"E1"}, {"T1", "E1"}], ids=listed)


@on_grid
@own_lists
def test_a_user_with_the_organizations_id_is_a_member(
    home: Installation, teams: AbstractSet[str]
) -> None:
    assert access(home, teams=teams).denial(BY_ORGANIZATION) is None


@on_grid
@own_lists
def test_a_user_who_clicks_on_their_own_message_is_a_member(
    home: Installation, teams: AbstractSet[str]
) -> None:
    assert access(home, teams=teams).denial(ELSEWHERE_SHOWN) is None
    unnamed = replace(ELSEWHERE_SHOWN, enterprise_id=None)
    assert access(home, teams=teams).denial(unnamed) is None


@on_grid
@pytest.mark.parametrize("teams", [NO_IDS, {"T1"}], ids=listed)
def test_a_user_who_may_be_from_another_company_is_denied_until_their_workspace_is_listed(
    home: Installation, teams: AbstractSet[str]
) -> None:
    assert access(home, teams=teams).denial(ELSEWHERE) == Denial("team", "T2")
    assert access(home, teams={*teams, "T1", "T2"}).denial(ELSEWHERE) is None


@on_grid
@pytest.mark.parametrize("named", ["E1", None])
def test_listing_the_organization_allows_every_user_who_may_be_a_member(
    home: Installation, named: str | None
) -> None:
    actor = replace(ELSEWHERE, enterprise_id=named)
    assert access(home, teams={"E1"}).denial(actor) is None


@homes
@pytest.mark.parametrize("teams", [NO_IDS, {"T1"}, {"E1"}], ids=listed)
@pytest.mark.parametrize("enterprise", ["E1", None])
def test_a_user_is_not_a_member_if_the_request_names_no_workspace_of_the_app(
    home: Installation | None, teams: AbstractSet[str], enterprise: str | None
) -> None:
    stranger = replace(JO, team_id="T9", app_team_id="", enterprise_id=enterprise)
    assert access(home, teams=teams).denial(stranger) == Denial("team", "T9")
    assert access(home, teams={*teams, "T9"}).denial(stranger) is None


@homes
@pytest.mark.parametrize("teams", [NO_IDS, {"T1"}, {"E1"}], ids=listed)
@pytest.mark.parametrize("saw_private_reply", [False, True])
@pytest.mark.parametrize(
    ("team", "named"), [("T1", "E1"), ("T1", "E9"), ("T9", "E9"), ("", "E9"), ("", "E1")]
)
def test_a_user_of_another_organization_is_denied_regardless_of_other_fields(
    home: Installation | None,
    teams: AbstractSet[str],
    team: str,
    named: str,
    *,
    saw_private_reply: bool,
) -> None:
    actor = replace(
        OF_ANOTHER_ORGANIZATION,
        app_team_id=team,
        enterprise_id=named,
        saw_private_reply=saw_private_reply,
    )
    assert access(home, teams=teams).denial(actor) == Denial("team", "E9")


@pytest.mark.parametrize("home", [WORKSPACE, ON_GRID, ORG_WIDE])
@pytest.mark.parametrize("teams", [NO_IDS, {"T1"}, {"E1"}], ids=listed)
@pytest.mark.parametrize("enterprise", ["E9", None])
def test_a_stranger_is_denied_in_their_own_workspace(
    home: Installation, teams: AbstractSet[str], enterprise: str | None
) -> None:
    stranger = Actor("W9", "T9", "C1", enterprise_id=enterprise, app_team_id="T9")
    assert access(home, teams=teams).denial(stranger) == Denial("team", "T9")


@pytest.mark.parametrize("actor", [ELSEWHERE, ELSEWHERE_SHOWN, BY_ORGANIZATION])
@pytest.mark.parametrize("home", [UNKNOWN, WORKSPACE])
@pytest.mark.parametrize("teams", [NO_IDS, {"T1"}, {"E1"}], ids=listed)
def test_without_an_organization_only_listed_ids_are_allowed(
    home: Installation | None, teams: AbstractSet[str], actor: Actor
) -> None:
    if actor is BY_ORGANIZATION and teams == {"E1"}:
        assert access(home, teams=teams).denial(actor) is None, "its id is listed"
    else:
        assert access(home, teams=teams).denial(actor) == team_denied(actor)


@homes
@pytest.mark.parametrize("team", ["T1", "T2"])
@pytest.mark.parametrize("names_app", [True, False])
def test_listing_an_organization_allows_the_members_of_all_its_workspaces(
    home: Installation | None, team: str, *, names_app: bool
) -> None:
    actor = replace(JO, team_id=team, app_team_id=team if names_app else None)
    assert access(home, teams={"E1"}).denial(actor) is None


@pytest.mark.parametrize("home", [UNKNOWN, WORKSPACE])
@pytest.mark.parametrize("enterprise", ["E2", "", None])
def test_listing_an_organization_allows_no_other_users(
    home: Installation | None, enterprise: str | None
) -> None:
    actor = replace(JO, enterprise_id=enterprise)
    assert access(home, teams={"E1"}).denial(actor) == Denial("team", "T1")


@on_grid
@pytest.mark.parametrize("enterprise", ["", None])
def test_the_installing_workspace_belongs_to_its_organization_even_if_the_request_omits_it(
    home: Installation, enterprise: str | None
) -> None:
    assert access(home, teams={"E1"}).denial(replace(JO, enterprise_id=enterprise)) is None


@homes
def test_organizations_and_workspaces_can_be_listed_together(home: Installation | None) -> None:
    both = access(home, teams={"E1", "T5"})
    assert both.denial(JO) is None
    assert both.denial(Actor("U5", "T5", "C1")) is None
    assert both.denial(Actor("U6", "T6", "C1")) == Denial("team", "T6")


@homes
def test_the_lists_of_channels_and_users_apply_to_members_of_a_listed_organization(
    home: Installation | None,
) -> None:
    narrow = access(home, teams={"E1"}, channels={"C1"}, users={"U1"})
    for actor in (JO, BY_ORGANIZATION):
        assert narrow.denial(actor) is None
        assert narrow.denial(replace(actor, channel_id="C2")) == Denial("channel", "C2")
        assert narrow.denial(replace(actor, user_id="U2")) == Denial("user", "U2")


@on_grid
def test_the_lists_of_channels_and_users_apply_to_clicks_on_own_messages(
    home: Installation,
) -> None:
    narrow = access(home, channels={"C1"}, users={"U1"})
    assert narrow.denial(replace(ELSEWHERE_SHOWN, channel_id="C2")) == Denial("channel", "C2")
    assert narrow.denial(replace(ELSEWHERE_SHOWN, user_id="U2")) == Denial("user", "U2")


def test_a_click_on_an_own_message_in_a_listed_workspace_of_the_organization_is_allowed() -> None:
    """The app is installed organization-wide; the user's own workspace is another one."""
    shown = replace(ELSEWHERE_SHOWN, app_team_id="T5")
    assert access(ORG_WIDE, teams={"T5"}).denial(shown) is None
    assert access(ORG_WIDE, teams={"T6"}).denial(shown) == Denial("team", "T2")


@homes
@own_lists
@pytest.mark.parametrize("enterprise", ["E1", None])
def test_a_user_without_a_workspace_is_denied(
    home: Installation | None, teams: AbstractSet[str], enterprise: str | None
) -> None:
    unnamed = Actor("U1", "", "C1", enterprise_id=enterprise, app_team_id="")
    assert access(home, teams=teams).denial(unnamed) == Denial("team", "")


@pytest.mark.parametrize(
    ("home", "teams", "excluded"),
    [
        (UNKNOWN, NO_IDS, False),
        (UNKNOWN, {"T2"}, False),
        (WORKSPACE, NO_IDS, False),
        (WORKSPACE, {"T1"}, False),
        (WORKSPACE, {"T1", "T2"}, False),
        (WORKSPACE, {"T2"}, True),
        (WORKSPACE, {"E1"}, True),
        (ON_GRID, {"E1"}, False),
        (ON_GRID, {"T1"}, False),
        (ORG_WIDE, {"E1"}, False),
        (ORG_WIDE, {"E2", "T2"}, True),
    ],
)
def test_whether_the_list_excludes_the_installing_workspace(
    home: Installation | None, teams: AbstractSet[str], *, excluded: bool
) -> None:
    assert access(home, teams=teams).excludes_own_workspace is excluded
